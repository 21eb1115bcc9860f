"""What the interview believes of people it has not asked: shares of an invented world, and the
arithmetic behind them.
"""

from __future__ import annotations

from statistics import NormalDist

import numpy as np
import pytest

from screening.checklist import load_checklist, load_weights
from screening.interview import likely as beliefs
from screening.interview.choice import Chooser, State
from screening.simulation import load_world, normal

KOSOVO = load_checklist("kosovo")
WEIGHTS = load_weights(KOSOVO)


def test_the_normal_distribution_is_as_exact_as_is_said_and_its_quantile_undoes_it():
    x = np.linspace(-5, 5, 101)
    exact = [NormalDist().cdf(v) for v in x]
    assert normal.cdf(x) == pytest.approx(exact, abs=1.6e-7)
    share = np.array([[0.5, 0.1], [0.999, 0.1]])
    back = [[NormalDist().cdf(v) for v in row] for row in normal.quantiles(share)]
    assert back == [pytest.approx(row, abs=1e-9) for row in share.tolist()]
    ends = normal.quantiles(np.array([0.0, 1.0]))
    assert ends.tolist() == [NormalDist().inv_cdf(v) for v in (1e-6, 1 - 1e-6)]


@pytest.mark.parametrize("profile", ["child", "adult"])
def test_of_all_people_as_many_have_a_sign_as_the_world_says(profile):
    """The correlations move who has which signs together, never how many have each."""
    world = load_world(KOSOVO)
    f = world.file
    mass = {True: 0.0, False: 0.0}
    for s in world.situations:
        mass[s.exploited] += s.share
    share = {
        s.id: s.share
        / mass[s.exploited]
        * (f.prevalence.share if s.exploited else 1 - f.prevalence.share)
        * (s.people.children if profile == "child" else 1 - s.people.children)
        for s in world.situations
    }
    applies = [n for n, i in enumerate(world.signs) if KOSOVO.indicators[i].applies(profile)]
    expected = np.zeros(len(applies))
    for s in world.situations:
        for at, n in enumerate(applies):
            sign = KOSOVO.indicators[world.signs[n]]
            mode = sign.mode_for(profile)
            seen = getattr(f.observation, mode)
            hidden = seen.hidden
            if s.exploited and mode == "ask":
                coached = f.observation.coached
                hidden = coached.share * coached.hidden + (1 - coached.share) * hidden
            rate = world.rates[s.id, profile][n]
            told = rate * (1 - hidden) + (1 - rate) * world.false_yes[s.id, profile][n]
            expected[at] += told * share[s.id] / sum(share.values())
    found = beliefs.Recipe.of(world, profile).rates()
    assert found.shape == (beliefs.PEOPLE, len(applies))
    assert found.min() >= 1e-4 and found.max() <= 1 - 1e-4
    assert found.mean(axis=0) == pytest.approx(expected, abs=0.02)


def test_of_questions_without_points_the_one_most_likely_answered_yes_is_put_first():
    chooser = Chooser(KOSOVO, WEIGHTS, "child")
    state = State(chooser, {})
    free = [
        i
        for n, i in enumerate(state._reach.ids)
        if state._reach.points[n] == 0 and state._gains([(n,)])[0] == 0
    ]
    assert len(free) > 1
    likeliest = max(free, key=lambda i: state.chances[state._reach.index[i]])
    assert state.choose(free).indicator == likeliest
