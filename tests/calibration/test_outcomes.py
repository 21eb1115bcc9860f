"""Decisions that came back: corrected recall and specificity, what sample is needed, and when new
weights are proposed.
"""

from __future__ import annotations

import json
import math
import re
import shutil
from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd
import pytest

import screening
from screening.calibration.outcomes import measure_outcomes, read_outcomes
from screening.calibration.outcomes.corrected import Cell, corrected, merged, sample_needed
from screening.calibration.outcomes.relearn import LEAST_OUTCOMES, WHY, learn, shrunk_points
from screening.checklist.schema import CASE_PROFILES
from screening.errors import CaseError, UsageError
from screening.i18n import LANGUAGES, words
from support.outcomes import decided

ROW = {
    "case_id": "a",
    "age": "9",
    "finding": "refer",
    "found_on": "2024-02-01",
    "decision": "actual",
    "decided_by": "court",
    "decided_on": "2024-05-01",
    "verified": "referral",
}


def table(*rows: dict[str, str]) -> pd.DataFrame:
    return pd.DataFrame([{**ROW, "case_id": f"c{n}", **row} for n, row in enumerate(rows)])


def codes_of(error: pytest.ExceptionInfo[CaseError]) -> list[str]:
    lines = [str(error.value), *getattr(error.value, "__notes__", ())]
    return [line.rsplit("[", 1)[1].rstrip("]") for line in lines]


# -- the correction --------------------------------------------------------------------------------


def test_the_worked_example_of_begg_and_greenes():
    """Scans of 650 livers (Drum and Christacopoulos 1972), as corrected by Begg and Greenes 1983:
    sensitivity 0.84 and specificity 0.74, against 0.90 and 0.63 among the verified.
    """
    cells = [Cell(True, 429, 263, 231), Cell(False, 221, 81, 27, True)]
    recall, specificity = corrected(cells)
    assert (round(recall.value, 2), round(specificity.value, 2)) == (0.84, 0.74)
    assert recall.low < recall.value < recall.high
    assert specificity.low < specificity.value < specificity.high


def test_where_everybody_is_verified_nothing_is_corrected():
    recall, specificity = corrected([Cell(True, 60, 60, 45), Cell(False, 140, 140, 5, True)])
    assert recall.value == pytest.approx(45 / 50) and specificity.value == pytest.approx(135 / 150)


@pytest.mark.parametrize(
    ("shares", "rates", "of_referred", "of_others", "n"),
    [
        ((0.25, 0.75), (0.5, 0.05), 0.8, 0.1, 600),
        ((0.25, 0.05, 0.3, 0.3, 0.1), (0.4, 0.9, 0.15, 0.02, 0.1), 0.5, 0.1, 600),
        ((0.25, 0.05, 0.3, 0.3, 0.1), (0.4, 0.9, 0.15, 0.02, 0.1), 0.8, 0.03, 300),
        ((0.25, 0.75), (0.4, 0.01), 0.8, 0.1, 3000),
    ],
)
def test_intervals_cover_as_often_as_they_say(shares, rates, of_referred, of_others, n):
    """Of 300 invented fields each: at least 92 in 100 intervals hold the true rate."""
    rng = np.random.default_rng(3)
    q, p = np.array(shares), np.array(rates)
    above = np.arange(len(q)) < (1 if len(q) == 2 else 2)
    recall = (q * p)[above].sum() / (q * p).sum()
    specificity = (q * (1 - p))[~above].sum() / (q * (1 - p)).sum()
    held, times = np.zeros(2), 300
    for _ in range(times):
        screened = rng.multinomial(n, q)
        verified = rng.binomial(screened, np.where(above, of_referred, of_others))
        victims = rng.binomial(verified, p)
        cells = [
            Cell(bool(a), *map(int, numbers), not a)
            for a, *numbers in zip(above, screened, verified, victims, strict=True)
        ]
        found = corrected(cells, 800)
        held += [
            r.low <= true <= r.high for r, true in zip(found, (recall, specificity), strict=True)
        ]
    assert (held >= 0.92 * times).all(), held / times


def test_nobody_verified_below_the_line_leaves_recall_unknown():
    for share in (0.0, 0.3):
        recall, _ = corrected([Cell(True, 100, 80, 40), Cell(False, 900, 0, share, True)])
        assert math.isnan(recall.value) and recall.low < 0.1 and recall.high == 1.0


def test_who_was_referred_for_danger_does_not_stand_for_those_who_were_not():
    """Danger aside, both lie below the line; a decision about the one tells nothing about the
    other.
    """
    cells = [Cell(True, 50, 40, 30), Cell(False, 30, 25, 10), Cell(False, 900, 0, 0, True)]
    assert len(merged(cells)) == 3
    assert math.isnan(corrected(cells)[0].value)


def test_findings_with_few_verified_people_are_counted_together():
    cells = [Cell(False, 10, 2, 0, True), Cell(False, 20, 6, 1, True), Cell(False, 30, 3, 1, True)]
    assert merged(cells) == [Cell(False, 60, 11, 2, True)]


def test_the_sample_that_is_needed_gives_the_width_that_was_asked_for():
    cells = [Cell(True, 100, 80, 40), Cell(False, 900, 90, 3, True)]
    total, assumed = sample_needed(cells, 0.3)
    assert total is not None and assumed == pytest.approx(3 / 90)
    for n, fits in ((total, True), (total // 2, False)):
        below = Cell(False, 900, n, n * assumed, True)
        recall = corrected([Cell(True, 100, 80, 40), below], 2000)[0]
        assert (recall.high - recall.low <= 0.3) is fits
    wider, _ = sample_needed(cells, 0.4)
    assert wider is not None and wider < total


def test_no_sample_is_enough_where_too_few_people_were_screened():
    assert sample_needed([Cell(True, 100, 0, 0), Cell(False, 900, 90, 3, True)], 0.2)[0] is None
    assert sample_needed([Cell(True, 9, 4, 1), Cell(False, 900, 90, 3, True)], 0.05)[0] is None


# -- from a table ----------------------------------------------------------------------------------


def test_a_field_that_verifies_a_tenth_of_the_others_gets_its_recall_back(kosovo):
    frame, true = decided(kosovo, 6000, 5)
    report = measure_outcomes(frame, checklist=kosovo)
    whole = next(m for m in report.measured if (m.group, m.at) == ("all", "refer"))
    assert whole.recall.low <= true["recall"] <= whole.recall.high
    assert whole.specificity.low <= true["specificity"] <= whole.specificity.high
    assert whole.verified_only.value > whole.recall.high, "the verified alone flatter"
    assert {(m.group, m.at) for m in report.measured} >= {
        ("children", "refer"),
        ("adults", "danger aside"),
    }


def test_the_verified_alone_give_a_recall_of_one_whatever_the_truth(kosovo):
    frame, true = decided(kosovo, 2000, 5, of_others=0)
    report = measure_outcomes(frame, checklist=kosovo)
    whole = report.measured[0]
    assert true["recall"] < 0.9 and whole.verified_only.value == 1.0
    assert report.blind and math.isnan(whole.recall.value)


def test_what_came_to_light_otherwise_is_no_sample_of_the_rest(kosovo):
    frame, _ = decided(kosovo, 2000, 5)
    others = (frame["verified"] == "") & ~frame["finding"].isin(["refer", "act_now"])
    known = frame.index[others][:40]
    more = frame.copy()
    more.loc[known, ["decision", "decided_by", "decided_on", "verified"]] = [
        "actual",
        "court",
        "2026-06-01",
        "other",
    ]
    before, after = (measure_outcomes(f, checklist=kosovo).measured[0] for f in (frame, more))
    assert after.recall == before.recall and after.otherwise == 40 and before.otherwise == 0


def test_a_finding_that_was_logged_after_the_decision_is_left_out(kosovo):
    frame = table({}, {"found_on": "2024-05-02"}, {"found_on": "2024-05-01"}, {"found_on": ""})
    report = measure_outcomes(frame, checklist=kosovo)
    assert (report.screened, report.late, report.undated) == (3, 1, 1)


def test_possible_victims_count_unless_one_says_otherwise(kosovo):
    frame = table({"decision": "possible"}, {}, {"decision": "not_confirmed"})
    assert measure_outcomes(frame, checklist=kosovo).measured[0].victims_above == 2
    strict = measure_outcomes(frame, checklist=kosovo, possible_count=False)
    assert strict.measured[0].victims_above == 1


def test_answers_are_scored_where_no_finding_was_logged(kosovo):
    frame = table({"finding": "", "sent_and_placed": "yes"}, {"sent_and_placed": ""})
    outcomes = read_outcomes(frame, checklist=kosovo)
    scored = screening.score_frame(pd.DataFrame({"age": [9], "sent_and_placed": ["yes"]}), kosovo)
    assert screening.calibration.outcomes.table.FINDINGS[outcomes.finding[0]] == str(
        scored["finding"].iloc[0]
    )
    assert outcomes.scored_now == 1


def test_decisions_join_the_findings_of_another_table(kosovo):
    whole, _ = decided(kosovo, 500, 5)
    mine = ["case_id", "decision", "decided_by", "decided_on", "verified"]
    some = whole.loc[whole["decision"] != "", mine]
    rest = whole.drop(columns=mine[1:])
    together = measure_outcomes(some, rest, kosovo)
    assert together == measure_outcomes(whole, checklist=kosovo)
    stranger = pd.concat([some, some.tail(1).assign(case_id="nobody")])
    with pytest.raises(CaseError, match="C253") as failed:
        measure_outcomes(stranger, rest, kosovo)
    assert "nobody" in str(failed.value)


@pytest.mark.parametrize("kind", ["csv", "xlsx", "parquet", "arrow"])
def test_every_kind_of_file_says_the_same(kosovo, tmp_path, kind):
    frame, _ = decided(kosovo, 300, 5)
    path = tmp_path / f"outcomes.{kind}"
    writers = {
        "csv": lambda: frame.to_csv(path, index=False),
        "xlsx": lambda: frame.to_excel(path, index=False),
        "parquet": lambda: frame.to_parquet(path),
        "arrow": lambda: frame.to_feather(path),
    }
    writers[kind]()
    assert measure_outcomes(path, checklist=kosovo) == measure_outcomes(frame, checklist=kosovo)


def test_an_age_in_doubt_is_a_childs(kosovo):
    outcomes = read_outcomes(table({"age": ""}, {"age": "17"}, {"age": "18"}), checklist=kosovo)
    assert outcomes.child.tolist() == [True, True, False]


def test_every_fault_of_a_table_is_told_in_one_run(kosovo):
    frame = table(
        {"decision": "victim"},
        {"decided_on": "soon"},
        {"decided_by": ""},
        {"verified": ""},
        {"case_id": ""},
        {"age": "old"},
        {"finding": "reffer"},
        {"sent_and_placed": "perhaps"},
        {"verified": "gossip"},
    )
    with pytest.raises(CaseError) as failed:
        read_outcomes(frame, checklist=kosovo)
    assert sorted(codes_of(failed)) == sorted(
        ["C251", "C214", "C252", "C252", "C210", "C212", "C251", "C220", "C251"]
    )
    assert "row 0, column decision" in "\n".join([str(failed.value), *failed.value.__notes__])


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda f: f.drop(columns="decided_by"), "C250"),
        (lambda f: f.drop(columns="finding"), "C250"),
        (lambda f: f.drop(columns="age"), "C250"),
        (lambda f: f.assign(decision=""), "C250"),
        (lambda f: pd.concat([f, f]), "C211"),
        (lambda f: f.assign(finding=""), "C252"),
    ],
)
def test_a_table_that_cannot_be_measured_is_refused(kosovo, change, code):
    with pytest.raises(CaseError, match=rf"\[{code}\]"):
        read_outcomes(change(table({}, {})), checklist=kosovo)


def test_a_decision_of_tomorrow_and_a_width_of_nothing_are_refused(kosovo):
    with pytest.raises(CaseError, match="C214"):
        read_outcomes(table({}), checklist=kosovo, today=date(2024, 4, 1))
    with pytest.raises(UsageError, match="U305"):
        measure_outcomes(table({}), checklist=kosovo, width=0)


def test_words_of_every_language_are_read(kosovo):
    for language in LANGUAGES:
        say = words(language)
        row = {"decision": say("possible victim"), "verified": say("drawn at random")}
        outcomes = read_outcomes(table(row), checklist=kosovo)
        assert (outcomes.decision[0], outcomes.verified[0]) == (1, 1), language


def test_small_counts_never_leave_the_house(kosovo):
    frame, _ = decided(kosovo, 400, 5)
    rest = frame.index[frame["verified"] == "sample"][5:]
    frame.loc[rest, ["decision", "decided_by", "decided_on", "verified"]] = ""
    report = measure_outcomes(frame, checklist=kosovo)
    exact = {m.group: m for m in report.measured if m.at == "refer"}
    assert 0 < exact["all"].verified_below < 10
    data = report.protected()
    for row in data["measured"]:
        for name, value in row.items():
            if isinstance(value, int):
                assert value == 0 or (value >= 10 and value % 5 == 0), (name, value)
    assert data["measured"][0]["recall"] is None
    json.dumps(data)


# -- new weights -----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def many(kosovo):
    frame, _ = decided(kosovo, 3600, 6, of_others=0.3, answers=True)
    return read_outcomes(frame, checklist=kosovo)


def test_nothing_is_proposed_below_a_thousand_verified_outcomes(kosovo, kosovo_weights):
    frame, _ = decided(kosovo, 1200, 6, of_others=0.3, answers=True)
    few = learn(read_outcomes(frame, checklist=kosovo), kosovo, kosovo_weights)
    assert few.why == "too_few" and few.outcomes < LEAST_OUTCOMES and few.points is None
    frame, _ = decided(kosovo, 3600, 6, of_others=0.3)
    bare = learn(read_outcomes(frame, checklist=kosovo), kosovo, kosovo_weights)
    assert bare.why == "no_answers"


def test_weights_are_judged_on_decisions_that_came_later(kosovo, kosovo_weights, many):
    seen = []

    def spy(yes, victim, stands_for, before):
        seen.append(len(victim))
        return before

    learned = learn(many, kosovo, kosovo_weights, fit=spy, draws=100)
    early = sum(
        day is not None and day < learned.since
        for day, d, v in zip(many.decided_on, many.decision, many.verified, strict=True)
        if d >= 0
    )
    assert sum(seen) == early < learned.outcomes
    assert learned.gain.gain == 0 and learned.why == "no_gain" and learned.points is None


def test_what_is_learned_is_proposed_where_it_does_better_on_later_cases(
    kosovo, kosovo_weights, many
):
    # A set that tells no sign from another leaves something to gain.
    flat = {p: {i: int(n > 0) for i, n in kosovo_weights.points[p].items()} for p in CASE_PROFILES}
    learned = learn(many, kosovo, replace(kosovo_weights, points=flat), draws=200)
    assert learned.why == "proposed" and learned.gain.low > 0
    for profile, points in learned.points.items():
        assert set(points) == set(kosovo_weights.points[profile])
        assert all(isinstance(n, int) and n >= 0 for n in points.values())
        for name, n in points.items():
            kind = kosovo.dimensions[kosovo.indicators[name].dimension].kind
            assert kind == "sign" or n == kosovo_weights.points[profile][name]
    proposal = learned.proposal(kosovo_weights)
    assert (
        "verified outcomes" in proposal.evidence and learned.since.isoformat() in proposal.evidence
    )


def test_decisions_that_have_nothing_to_do_with_answers_propose_nothing(
    kosovo, kosovo_weights, many
):
    rng = np.random.default_rng(1)
    known = many.decision >= 0
    mixed = many.decision.copy()
    mixed[known] = rng.permutation(many.decision[known])
    learned = learn(replace(many, decision=mixed), kosovo, kosovo_weights, draws=200)
    assert learned.why == "no_gain" and learned.points is None and learned.gain.low <= 0


def test_points_learned_from_little_stay_close_to_those_before():
    rng = np.random.default_rng(2)
    yes = rng.random((3000, 4)) < 0.3
    odds = -1.5 + yes @ np.array([1.0, 2.0, 0.0, -1.0])
    victim = rng.random(3000) < 1 / (1 + np.exp(-odds))
    before = np.array([2.0, 2.0, 2.0, 2.0])
    points = shrunk_points(yes, victim, np.ones(3000), before)
    assert (points >= 0).all() and points[1] > points[0] > points[2] and points[3] < 0.5
    few = shrunk_points(yes[:60], victim[:60], np.ones(60), before)
    assert np.abs(few / few.mean() - 1).max() < np.abs(points / points.mean() - 1).max()


# -- the command -----------------------------------------------------------------------------------


@pytest.mark.parametrize("language", list(LANGUAGES))
def test_the_command_speaks_every_language_and_hides_small_counts(cli, kosovo, tmp_path, language):
    frame, _ = decided(kosovo, 400, 5, of_others=0)
    path = tmp_path / "o.csv"
    frame.to_csv(path, index=False)
    shown = cli("calibrate", "outcomes", str(path), "--lang", language)
    assert shown.code == 0
    said = words(language)(
        "Nobody who was not referred has been verified at random. Recall of the verified alone is"
        " then 1.000 whatever the truth, and the true recall cannot be known."
    )
    assert said[:30] in " ".join(shown.out.split())
    assert language == "en" or "Nobody" not in shown.out


def test_the_command_writes_what_it_proposes(cli, kosovo, tmp_path):
    frame, _ = decided(kosovo, 3600, 6, of_others=0.3, answers=True)
    path, made = tmp_path / "o.parquet", tmp_path / "2027-01-15-field.yaml"
    frame.to_parquet(path)
    # A set that tells no sign from another leaves something to gain.
    old = kosovo.folder / "weights/2026-11-23-published-strength.yaml"
    head, points = old.read_text(encoding="utf-8").split("\npoints:\n")
    own = shutil.copytree(kosovo.folder, tmp_path / "kosovo")
    flat = own / "weights/2026-12-01-flat.yaml"
    head = head.replace("id: 2026-11-23-published-strength", "id: 2026-12-01-flat")
    flat.write_text(head + "\npoints:\n" + re.sub(r": [1-9]\b", ": 1", points), encoding="utf-8")
    bare = cli("calibrate", "outcomes", str(path), "--propose", str(made))
    assert bare.code == 2 and "U305" in bare.err and not made.exists()
    shown = cli(
        "calibrate",
        "outcomes",
        str(path),
        "--format",
        "json",
        "--propose",
        str(made),
        "--checklist",
        str(own),
        "--weights",
        flat.stem,
        "--title",
        "From the field",
        "--author",
        "A. Kola",
        "--recheck-by",
        "2028-01-15",
    )
    data = json.loads(shown.out)
    assert data["weights"]["why"] == "proposed" and set(WHY) > {"proposed"}
    assert screening.load_weights(screening.load_checklist(own), made, draft=True).points["child"]
