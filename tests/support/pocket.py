"""The pocket edition in a browser: its page, and its engine beside ours."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from screening.answers import Answer, Case, Response
from screening.checklist import Checklist, WeightSet
from screening.connect.pocket.knowledge import weights_of
from screening.interview import Interview, Judgement, Record, load_protocol
from screening.interview.protocol import PRECONDITIONS
from screening.scoring import score
from support.browser import PATIENCE

__all__ = [
    "astray",
    "by_pocket",
    "differences",
    "drawn",
    "expected",
    "knowing",
    "meetings",
    "opened",
]

_KINDS = [
    Answer.YES,
    Answer.NO,
    Answer.UNKNOWN,
    Answer.REFUSED,
    Answer.NOT_ASKED,
    Answer.NOT_APPLICABLE,
]


def drawn(checklist: Checklist, n: int, seed: int) -> list[Case]:
    """Cases from all open to all yes, of every age and doubt."""
    rng = np.random.default_rng(seed)
    ids, cases = list(checklist.indicators), []
    for number in range(n):
        yes, asked = rng.beta(0.6, 2.5), rng.beta(1, 1)
        share = np.array([yes, (1 - yes) * 0.8, 0.04, 0.04, 0.04, 0.04])
        share = np.array([*(share[:4] * asked), 0.0, share[5] * asked])
        share[4] = max(0.0, 1 - share.sum())
        kinds = rng.choice(6, len(ids), p=share / share.sum())
        age = [None, int(rng.integers(0, 18)), int(rng.integers(18, 80))][rng.integers(0, 3)]
        answers = {i: Response(_KINDS[k]) for i, k in zip(ids, kinds, strict=True) if k != 4}
        cases.append(Case(f"r{number}", age, bool(rng.random() < 0.8), answers))
    return cases


def expected(case: Case, checklist: Checklist, weights: WeightSet) -> dict[str, Any]:
    """What the engine says of a case, as far as both say it."""
    a = score(case, checklist, weights)
    return {
        "profile": a.profile,
        "finding": a.finding,
        "finding_high": a.finding_high,
        "points": a.points,
        "points_high": a.points_high,
        "danger": [
            a.danger.state,
            a.danger.indicators,
            a.danger.finding_without,
            a.danger.finding_high_without,
        ],
        "elements": {e: [r.state, r.indicators] for e, r in a.elements.items()},
        "needs": [[n.id, n.state, n.urgency, n.indicators] for n in a.needs],
        "contributions": [[c.indicator, c.points] for c in a.contributions if c.indicator],
        "taken_back": sorted(c.points for c in a.contributions if not c.indicator),
        "open_questions": [[q.indicator, q.raises_to] for q in a.open_questions],
        "counts": [a.answered, a.relevant],
        "next_steps": [s.id for s in a.next_steps],
        "contested": sum(a.contested.findings.values()) if a.contested else 0,
    }


_SCORE = """
([knowledge, cases]) => {
  const k = knowledge ?? JSON.parse(document.getElementById("knowledge").textContent);
  const engine = engineOf(k), ids = (places) => places.map((n) => k.signs[n].id);
  return cases.map((c) => {
    const a = engine.score(c);
    return {
      profile: a.profile, finding: a.finding, finding_high: a.finding_high,
      points: a.points, points_high: a.points_high,
      danger: [a.danger.state, ids(a.danger.indicators), a.danger.finding_without, a.danger.finding_high_without],
      elements: Object.fromEntries(Object.entries(a.elements).map(([e, r]) => [e, [r.state, ids(r.signs)]])),
      needs: a.needs.map((n) => [n.id, n.state, n.urgency, ids(n.indicators)]),
      contributions: a.contributions.map((c) => [k.signs[c.sign].id, c.points]),
      taken_back: a.taken_back.map((t) => t.points).sort((x, y) => x - y),
      open_questions: a.open_questions.map((q) => [k.signs[q.sign].id, q.raises_to]),
      counts: [a.answered, a.relevant],
      next_steps: a.next_steps.map((s) => s.id),
      contested: a.contested ? a.contested.length : 0,
    };
  });
}
"""


def plain(case: Case) -> dict[str, Any]:
    """A case as the page has it."""
    return {
        "age": case.age,
        "age_certain": case.age_certain,
        "answers": {i: {"answer": str(r.answer)} for i, r in case.answers.items()},
    }


def knowing(checklist: Checklist, weights: WeightSet) -> dict[str, Any]:
    """Another list for the page's engine."""
    return {**weights_of(checklist, weights), "steps": []}


def by_pocket(page: Any, cases: Iterable[Case], knowledge: Any = None) -> list[dict[str, Any]]:
    """What the page's engine says; with its own list where none is given."""
    return list(page.evaluate(_SCORE, [knowledge, [plain(c) for c in cases]]))


def differences(
    page: Any,
    cases: Sequence[Case],
    checklist: Checklist,
    weights: WeightSet,
    knowledge: Any = None,
    ours: Iterable[dict[str, Any]] | None = None,
) -> list[str]:
    """Where the two engines differ: case, field, ours, the page's.

    ours : what our engine says, where that is known already
    """
    ours = ours or (expected(case, checklist, weights) for case in cases)
    return [
        f"{case.case_id} {field}: {value!r} / {found[field]!r}"
        for case, said, found in zip(cases, ours, by_pocket(page, cases, knowledge), strict=True)
        for field, value in said.items()
        if found[field] != value and not (knowledge and field == "next_steps")
    ]


def opened(chromium: Any, path: Path, **context: Any) -> Any:
    """The page, opened from its file."""
    made = chromium.new_context(**context)
    made.set_default_timeout(PATIENCE)
    page = made.new_page()
    page.goto(path.as_uri())
    return page


# -- the interview ---------------------------------------------------------------------------------

_SAID = [Answer.YES, Answer.NO, Answer.UNKNOWN, Answer.REFUSED, None]  # None: left open


def meetings(checklist: Checklist, weights: WeightSet, n: int, seed: int) -> list[Interview]:
    """Every state of `n` interviews with invented people, from the first question to the last."""
    rng = np.random.default_rng(seed)
    protocol = load_protocol(checklist)
    states: list[Interview] = []
    for number in range(n):
        now = Interview(
            checklist, weights, protocol, Record.begin(f"m{number}", checklist, weights)
        )
        yes, going_on = rng.beta(0.8, 3), bool(rng.random() < 0.3)
        said = np.array([yes, (1 - yes) * 0.7, (1 - yes) * 0.1, (1 - yes) * 0.1, (1 - yes) * 0.1])
        for _ in range(int(rng.integers(4, 45))):
            states.append(now)
            step = now.next(going_on)
            match step.kind:
                case "help":
                    now = now.helped()
                case "precondition":
                    allowed = [c for c, asks in PRECONDITIONS[step.key].items() if asks]
                    usual = ["no"] if step.key == "danger" else allowed
                    choices = usual if rng.random() < 0.9 else list(PRECONDITIONS[step.key])
                    now = now.precondition(step.key, str(rng.choice(choices)))
                case "person":
                    age = [None, int(rng.integers(0, 18)), int(rng.integers(18, 70))]
                    facts = {
                        key: str(rng.choice(choices))
                        for key, choices in protocol.facts.items()
                        if rng.random() < 0.9
                    }
                    now = now.person(
                        age[rng.choice(3, p=[0.1, 0.5, 0.4])], bool(rng.random() < 0.85), facts
                    )
                case "question":
                    given = _SAID[rng.choice(5, p=said)]
                    now = (
                        now.leave_open(step.key)
                        if given is None
                        else now.answer(step.key, Response(given))
                    )
                case "look":
                    now = now.look([i for i in now.to_look if rng.random() < yes])
                case "judgement":
                    now = now.judge(Judgement("look_further", ""))
                case "finding":
                    break
    return states


_FORESEE = 12  # of so many states one is also asked how many questions are still to come
_NEXT = """
([records, every]) => {
  const { interview, k } = app, ids = (places) => places.map((n) => k.signs[n].id);
  return records.map((record, at) => {
    interview.take(record);
    const n = interview.record.person ? interview.choice() : null;
    return {
      look: interview.looks() ? ids(interview.toLook()) : [], before: interview.before(), withheld: interview.withheld(), put: ids(interview.put()),
      askable: ids(interview.askable()), stop: interview.stop(),
      choice: n === null ? "" : k.signs[n].id,
      more: at % every ? 0 : interview.more(),
    };
  });
}
"""


def _next(now: Interview, foresee: bool) -> dict[str, Any]:
    """What comes next on the laptop, whatever is shown first."""
    choice = now._choose() if now.record.person else None
    return {
        "look": list(now.to_look) if now._looks(now.stop()) else [],
        "before": list(now.before),
        "withheld": list(now.withheld),
        "put": list(now.put),
        "askable": list(now.askable),
        "stop": now.stop() or "",
        "choice": choice.indicator if choice else "",
        "more": now.more() if foresee else 0,
    }


def astray(page: Any, states: Sequence[Interview]) -> list[str]:
    """Where the page would go on otherwise than the laptop."""
    found = page.evaluate(_NEXT, [[now.record.to_dict() for now in states], _FORESEE])
    return [
        f"{now.record.case_id} after {now.answered}, {field}: {said!r} / {theirs[field]!r}"
        for at, (now, theirs) in enumerate(zip(states, found, strict=True))
        for field, said in _next(now, at % _FORESEE == 0).items()
        if theirs[field] != said
    ]
