"""The shipped card beside the finding: plain JSON, checked strictly, never lowering anything, and
gone without a trace when left out.
"""

from __future__ import annotations

import copy
import json
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from screening.answers import Answer, Case, Profile, Response, profile_of
from screening.checklist import load_checklist, load_weights
from screening.checklist.model import Checklist
from screening.checklist.schema import CASE_PROFILES
from screening.errors import ModelError
from screening.scorecard.batch import opinions
from screening.scorecard.card_json import load_model, model_ids, model_json
from screening.scorecard.model import BANDS, STATEMENT, CardModel
from screening.scoring import score
from screening.scoring.block import NO, OPEN, YES
from support.properties import examples

ID = "kosovo-15-15"
GOLDEN = Path(__file__).parent / "golden" / "card.json"
CODE = {
    Answer.YES: YES,
    Answer.NO: NO,
    Answer.NOT_APPLICABLE: NO,
    Answer.UNKNOWN: OPEN,
    Answer.REFUSED: OPEN,
    Answer.NOT_ASKED: OPEN,
}
RANK = {
    band: n for n, band in enumerate(BANDS)
}  # the order of the findings: too little known is lowest


@pytest.fixture(scope="module")
def kosovo() -> Checklist:
    return load_checklist("kosovo")


@pytest.fixture(scope="module")
def card(kosovo: Checklist) -> CardModel:
    return load_model(ID, kosovo)


KOSOVO = load_checklist("kosovo")
CARD = load_model(ID, KOSOVO)
OF_CHILD = [i.indicator for i in CARD.items["child"]]
ON_CARD = list(dict.fromkeys(i.indicator for p in CASE_PROFILES for i in CARD.items[p]))


def with_caps(card: CardModel) -> CardModel:
    """The same card with a group of items limited: what a trainer may ask for."""
    data = card.model_dump() | {"caps": [{"indicators": OF_CHILD[:4], "most": 12}]}
    return CardModel.model_validate(data)


def with_probability(card: CardModel) -> CardModel:
    """The same card with a probability for each total: what one's own labels may give."""
    tables = {
        p: [
            {"value": n / (m + 1), "low": n / (m + 2), "high": (n + 1) / (m + 2)}
            for m in [card.most(p)]
            for n in range(m + 1)
        ]
        for p in CASE_PROFILES
    }
    return CardModel.model_validate(card.model_dump() | {"probability": tables})


CAPPED = with_caps(CARD)
CALIBRATED = with_probability(CARD)

answers = st.dictionaries(
    st.sampled_from(
        [*ON_CARD, "no_lawful_carer", "relationship_unproven", "counter_school_verified"]
    ),
    st.sampled_from(list(Answer)),
    max_size=18,
)
people = st.builds(
    lambda age, certain, given: Case(
        "c", age=age, age_certain=certain, answers={k: Response(v) for k, v in given.items()}
    ),
    st.one_of(st.none(), st.integers(0, 60)),
    st.booleans(),
    answers,
)


def test_the_statement_and_the_card_go_with_every_opinion(
    card: CardModel, kosovo: Checklist
) -> None:
    opinion = card.opinion(Case("c", age=9), kosovo)
    assert (
        opinion["statement"] == STATEMENT
        and opinion["card"] == f"models/{ID}/card.md"
        and Path(opinion["card"]).is_file()
    )
    assert opinion["band"] == "too_little_known" and opinion["probability"] is None
    assert opinion["band_high"] == "many_signs"


@examples(60)
@given(case=people)
def test_points_are_the_sum_of_what_is_shown(case: Case) -> None:
    opinion = CALIBRATED.opinion(case, KOSOVO)
    assert CARD.opinion(case, KOSOVO) == {**opinion, "probability": None}, "the bundled has none"
    assert sum(c["points"] for c in opinion["contributions"]) == opinion["points"]
    assert (
        opinion["points_recorded"]
        <= opinion["points"]
        <= opinion["points_high"]
        <= opinion["points_max"]
    )
    enough = opinion["answered"] >= CARD.least_known * opinion["items"]
    assert (opinion["probability"] is None) == (
        opinion["band"] == "too_little_known" or not enough
    ), "no number where nearly all is open"


@examples(150)
@given(case=people, name=st.sampled_from(ON_CARD))
def test_S2_an_answer_opened_or_turned_to_yes_never_lowers(case: Case, name: str) -> None:
    def put(answer: Answer) -> dict[str, Any]:
        return CARD.opinion(replace(case, answers={**case.answers, name: Response(answer)}), KOSOVO)

    no, opened, yes = put(Answer.NO), put(Answer.UNKNOWN), put(Answer.YES)
    assert no["points"] <= opened["points"] <= yes["points"]
    assert not (no["band"] != "few_signs_so_far" and opened["band"] == "few_signs_so_far"), (
        "knowing less never says that signs are few"
    )
    assert no["points_high"] <= opened["points_high"]


def test_the_order_of_bands_is_that_of_the_findings() -> None:
    assert BANDS == ("too_little_known", "few_signs_so_far", "some_signs", "many_signs")


decided = st.builds(  # most of the card answered, so that bands are near their lines
    lambda age, given: Case("c", age=age, answers={k: Response(v) for k, v in given.items()}),
    st.sampled_from([9, 30]),
    st.fixed_dictionaries(
        {
            i: st.sampled_from([Answer.NO, Answer.NO, Answer.NO, Answer.YES, Answer.NOT_ASKED])
            for i in ON_CARD
        }
    ),
)


@pytest.mark.parametrize("capped", [False, True])
@examples(400)
@given(case=st.one_of(people, decided), name=st.sampled_from(ON_CARD))
def test_S6_one_more_yes_never_lowers_a_band(capped: bool, case: Case, name: str) -> None:
    card = CAPPED if capped else CALIBRATED
    yes = card.opinion(replace(case, answers={**case.answers, name: Response(Answer.YES)}), KOSOVO)
    before = card.opinion(case, KOSOVO)
    assert (
        RANK[before["band"]] <= RANK[yes["band"]]
        and RANK[before["band_high"]] <= RANK[yes["band_high"]]
    )
    assert before["points"] <= yes["points"]
    assert before["probability"] is None or yes["probability"] is not None, (
        "nor makes a probability vanish"
    )


@pytest.mark.parametrize("capped", [False, True])
@examples(200)
@given(case=st.one_of(people, decided), name=st.sampled_from(ON_CARD))
def test_S5_an_answer_that_opens_keeps_the_old_band_inside_the_range(
    capped: bool, case: Case, name: str
) -> None:
    card = CAPPED if capped else CARD
    before = card.opinion(case, KOSOVO)
    opened = card.opinion(
        replace(case, answers={**case.answers, name: Response(Answer.UNKNOWN)}), KOSOVO
    )
    if case.answer(name) not in (Answer.UNKNOWN, Answer.REFUSED, Answer.NOT_ASKED):
        assert RANK[opened["band"]] <= RANK[before["band"]] <= RANK[opened["band_high"]]


def test_S6_a_yes_beside_open_answers_does_not_take_few_signs_back() -> None:
    """The card of one case in the field: three signs open, the others no, then one of the others
    yes.
    """
    line = CARD.lines["child"].some_signs
    for yes in OF_CHILD:
        for opened in range(1, len(OF_CHILD)):
            others = [i for i in OF_CHILD if i != yes]
            answers = {
                i: Response(Answer.NOT_ASKED if n < opened else Answer.NO)
                for n, i in enumerate(others)
            }
            one, two = (
                CARD.opinion(Case("c", age=9, answers={**answers, yes: Response(a)}), KOSOVO)
                for a in (Answer.NO, Answer.YES)
            )
            assert RANK[one["band"]] <= RANK[two["band"]], (yes, opened)
            assert (one["band"] == "few_signs_so_far") == (
                one["points_open"] < line and one["answered"] >= CARD.least_known * one["items"]
            )


@examples(60)
@given(case=people, answer=st.sampled_from(list(Answer)))
def test_S12_company_and_papers_change_no_opinion(case: Case, answer: Answer) -> None:
    before = CARD.opinion(case, KOSOVO)
    for name in (
        "no_lawful_carer",
        "relationship_unproven",
        "documents_withheld",
        "counter_carer_verified",
        "counter_school_verified",
    ):
        after = CARD.opinion(
            replace(case, answers={**case.answers, name: Response(answer)}), KOSOVO
        )
        assert after == before


@examples(60)
@given(case=people)
def test_S11_the_opinion_never_changes_the_finding(case: Case) -> None:
    weights = load_weights(KOSOVO)
    plain = score(case, KOSOVO, weights)
    opinion = CARD.opinion(case, KOSOVO)
    beside = replace(plain, second_opinion=opinion)
    assert (beside.finding, beside.points, beside.next_steps) == (
        plain.finding,
        plain.points,
        plain.next_steps,
    )
    assert score(case, KOSOVO, weights) == plain


@pytest.mark.parametrize("capped", [False, True])
def test_many_at_once_equal_one_by_one(capped: bool, kosovo: Checklist, card: CardModel) -> None:
    model = CAPPED if capped else card
    rng = np.random.default_rng(3)
    indicators = list(kosovo.indicators)
    kinds = list(Answer)
    cases = []
    for n in range(200):
        given_ = {
            i: Response(
                kinds[
                    rng.choice(
                        len(kinds), p=[0.3, 0.3, *[0.4 / (len(kinds) - 2)] * (len(kinds) - 2)]
                    )
                ]
            )
            for i in indicators
            if rng.random() < 0.9
        }
        cases.append(
            Case(
                f"c{n}",
                age=int(rng.integers(0, 50)),
                age_certain=bool(rng.random() < 0.8),
                answers=given_,
            )
        )
    codes = np.array([[CODE[c.answer(i)] for c in cases] for i in indicators], dtype=np.uint8)
    profile = np.array([CASE_PROFILES.index(profile_of(c)[0]) for c in cases], dtype=np.uint8)
    many = opinions(model, kosovo, indicators, codes, profile)
    seen = set()
    for n, case in enumerate(cases):
        one = model.opinion(case, kosovo)
        assert (
            one["points"],
            one["points_recorded"],
            one["points_open"],
            one["points_high"],
            one["answered"],
        ) == (
            many.points[n],
            many.points_recorded[n],
            many.points_open[n],
            many.points_high[n],
            many.answered[n],
        )
        assert many.enough[n] == (one["answered"] >= model.least_known * one["items"])
        assert (one["band"], one["band_high"]) == (BANDS[many.band[n]], BANDS[many.band_high[n]])
        assert sum(c["points"] for c in one["contributions"]) == one["points"]
        seen.add(one["band"])
    assert len(seen) >= 3


def test_scoring_with_a_card_imports_no_learning_library() -> None:
    program = (
        "import sys\nfrom screening.checklist import load_checklist\nfrom"
        " screening.scorecard.card_json import load_model\nfrom screening.answers import Case\nc ="
        f" load_checklist('kosovo'); load_model('{ID}', c).opinion(Case('x', age=9), c)\nprint([m"
        " for m in ('sklearn', 'scipy', 'pandas', 'pyarrow', 'numpy', 'altair') if m in"
        " sys.modules])"
    )
    ran = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert ran.stdout.strip() == "[]"


# -- a museum of cards that cannot be --------------------------------------------------------------


def edit(*path: Any, to: Any = None, drop: bool = False) -> Any:
    def change(data: dict[str, Any]) -> None:
        *way, last = path
        at: Any = data
        for step in way:
            at = at[step]
        if drop:
            del at[last]
        else:
            at[last] = to

    return change


MUSEUM = [
    ("another format", edit("format", to=2), "M402", "unknown format '2'"),
    ("no format", edit("format", drop=True), "M402", "format"),
    ("an unknown key", edit("ethnicity", to=1), "M403", "ethnicity"),
    ("a missing key", edit("lines", drop=True), "M403", "lines"),
    ("another statement", edit("statement", to="validated in the field"), "M403", "statement"),
    ("points below nothing", edit("items", "child", 0, "yes", to=-3), "M403", "items.child.0.yes"),
    (
        "points that are no whole number",
        edit("items", "child", 0, "yes", to=2.5),
        "M403",
        "items.child.0.yes",
    ),
    (
        "open worth no more than no",
        edit("items", "child", 0, "open", to=0),
        "M403",
        "items.child.0.open",
    ),
    ("few said where nothing is known", edit("least_known", to=0.0), "M403", "least_known"),
    (
        "a line that no case can reach",
        edit("lines", "child", to={"some_signs": 3, "many_signs": 1_000_000}),
        "M403",
        "is above",
    ),
    ("open worth more than yes", edit("items", "child", 0, "open", to=11), "M403", "must not fall"),
    (
        "an item twice",
        edit("items", "child", 1, to={"indicator": OF_CHILD[0], "yes": 10, "open": 1}),
        "M403",
        "twice",
    ),
    ("no items", edit("items", "adult", to=[]), "M403", "items.adult"),
    (
        "a line missing",
        edit("lines", to={"child": {"some_signs": 5, "many_signs": 9}}),
        "M403",
        "lines and probabilities are needed",
    ),
    (
        "a table missing",
        edit("probability", "adult", drop=True),
        "M403",
        "lines and probabilities are needed",
    ),
    (
        "lines out of order",
        edit("lines", "child", to={"some_signs": 9, "many_signs": 5}),
        "M403",
        "some_signs begins above",
    ),
    (
        "a line of nothing",
        edit("lines", "child", to={"some_signs": 0, "many_signs": 5}),
        "M403",
        "some_signs",
    ),
    (
        "a table too short",
        edit("probability", "child", 0, drop=True),
        "M403",
        "a probability table has",
    ),
    (
        "a falling table",
        edit("probability", "child", 0, to={"value": 0.9, "low": 0.8, "high": 1.0}),
        "M403",
        "fall as the total rises",
    ),
    (
        "a certain probability",
        edit("probability", "child", 0, to={"value": 1.9, "low": 0.8, "high": 1.0}),
        "M403",
        "probability.child.0.value",
    ),
    (
        "caps of strangers",
        edit("caps", to=[{"indicators": ["no_lawful_carer"], "most": 3}]),
        "M403",
        "the caps give an indicator",
    ),
    (
        "another list",
        edit("checklist", "id", to="albania-2005"),
        "M404",
        "made for list 'albania-2005'",
    ),
    (
        "an item nobody has",
        edit("items", "child", 0, "indicator", to="deceived_activty"),
        "M405",
        "did you mean 'deceived_activity'",
    ),
    (
        "protection as a sign",
        edit("items", "child", 0, "indicator", to="counter_school_verified"),
        "M405",
        "not a sign",
    ),
    (
        "danger as a sign",
        edit("items", "child", 0, "indicator", to="danger_now"),
        "M405",
        "not a sign",
    ),
]


@pytest.mark.parametrize(
    ("change", "code", "says"), [m[1:] for m in MUSEUM], ids=[m[0] for m in MUSEUM]
)
def test_a_card_that_cannot_be_is_refused_in_one_line(
    tmp_path: Path, kosovo: Checklist, card: CardModel, change: Any, code: str, says: str
) -> None:
    data = copy.deepcopy(with_probability(card).model_dump(mode="json"))
    change(data)
    (tmp_path / "model.json").write_text(json.dumps(data), encoding="utf-8")
    with pytest.raises(ModelError) as failed:
        load_model(tmp_path, kosovo)
    line = str(failed.value)
    assert failed.value.code == code and says in line and "\n" not in line
    assert "model.json" in line


def test_a_card_that_was_written_is_read_as_it_was(
    tmp_path: Path, kosovo: Checklist, card: CardModel
) -> None:
    for one in (card, with_caps(card), with_probability(card)):
        (tmp_path / "model.json").write_bytes(model_json(one))
        assert load_model(tmp_path, kosovo).model_dump() == one.model_dump()
        assert model_json(load_model(tmp_path, kosovo)) == model_json(one)


def test_the_golden_card_is_read_as_ever_and_says_the_same_to_the_last_bit(
    tmp_path: Path, kosovo: Checklist
) -> None:
    golden = json.loads(GOLDEN.read_text(encoding="utf-8"))
    (tmp_path / "model.json").write_text(json.dumps(golden["card"]), encoding="utf-8")
    card = load_model(tmp_path, kosovo)
    for row, said in zip(golden["cases"], golden["opinions"], strict=True):
        answers = {i: Response(Answer(a)) for i, a in row["answers"].items()}
        opinion = card.opinion(Case(row["case_id"], row["age"], answers=answers), kosovo)
        assert {name: opinion[name] for name in said} == said, row["case_id"]
    assert json.loads(model_json(card)) == golden["card"]


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("model.pkl", b"\x80\x04\x95", "M402"),
        ("model.joblib", b"x", "M402"),
        ("model.json", b"\x80\x04\x95", "M402"),
        ("model.json", b"", "M402"),
        ("model.json", b"[]", "M402"),
        ("model.json", b'{"format": 1, "format": 1}', "M402"),
        ("model.json", b'{"format": NaN}', "M402"),
        ("model.json", b"[" * 100_000, "M402"),
        ("model.json", b" " * (4 * 1024 * 1024 + 1), "M402"),
    ],
    ids=[
        "pickle",
        "joblib",
        "pickle in disguise",
        "empty",
        "a list",
        "a key twice",
        "NaN",
        "deep",
        "huge",
    ],
)
def test_what_is_no_card_is_never_opened(
    tmp_path: Path, kosovo: Checklist, name: str, content: bytes, code: str
) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(ModelError) as failed:
        load_model(tmp_path / name, kosovo)
    assert failed.value.code == code


@pytest.mark.parametrize("ref", ["kosovo-15-51", "", ".", "..", "a\0b", "a/b/c", "x" * 300])
def test_a_name_that_no_card_has_is_refused_with_what_there_is(kosovo: Checklist, ref: str) -> None:
    with pytest.raises(ModelError) as failed:
        load_model(ref, kosovo)
    assert failed.value.code == "M401" and ID in str(failed.value)
    assert ID in model_ids()


# -- on the command line ---------------------------------------------------------------------------

CASES = "case_id,age,sent_and_placed,daily_quota,confined_or_watched\nA,9,yes,yes,yes\nB,30,no,unknown,no\nC,,,,\n"


def test_score_adds_columns_and_leaves_the_finding(cli: Any, tmp_path: Path) -> None:
    (tmp_path / "cases.csv").write_text(CASES, encoding="utf-8")
    plain = cli("score", str(tmp_path / "cases.csv"), "--format", "csv")
    beside = cli("score", str(tmp_path / "cases.csv"), "--format", "csv", "--model", ID)
    assert plain.code == beside.code == 0
    import csv
    import io

    a, b = (list(csv.DictReader(io.StringIO(r.out.lstrip("\ufeff")))) for r in (plain, beside))
    assert [{k: row[k] for k in a[0]} for row in b] == a
    added = [k for k in b[0] if k not in a[0]]
    assert added and all(k.startswith("second_opinion") for k in added)
    assert (
        b[0]["second_opinion_band"] == "many_signs"
        and b[2]["second_opinion_band"] == "too_little_known"
    )


def test_json_and_words_carry_the_opinion(cli: Any, tmp_path: Path) -> None:
    (tmp_path / "cases.csv").write_text(CASES, encoding="utf-8")
    ran = cli("score", str(tmp_path / "cases.csv"), "--format", "json", "--model", ID)
    rows = json.loads(ran.out)
    rows = rows["assessments"] if isinstance(rows, dict) else rows
    assert (
        rows[0]["second_opinion"]["band"] == "many_signs"
        and rows[0]["second_opinion"]["model"] == ID
    )
    for lang, word in (
        ("en", "many signs"),
        ("sq", "shumë shenja"),
        ("sr", "mnogo znakova"),
        ("sr-Cyrl", "много знакова"),
    ):
        said = cli(
            "explain", str(tmp_path / "cases.csv"), "--case", "A", "--model", ID, "--lang", lang
        )
        assert said.code == 0 and word in said.out, said.out
    opened = cli("explain", str(tmp_path / "cases.csv"), "--case", "A", "--model", ID).out
    left = set(OF_CHILD) - set(CASES.split("\n")[0].split(","))
    assert " ".join(opened.split()).count(f"open answers on this card: {len(left)}.") == 1
    known = OF_CHILD[:8]
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / "model.json").write_bytes(model_json(CALIBRATED))
    (tmp_path / "known.csv").write_text(
        "case_id,age," + ",".join(known) + "\nK,9," + ",".join(["yes"] * 8) + "\n", encoding="utf-8"
    )
    told = " ".join(
        cli(
            "explain", str(tmp_path / "known.csv"), "--case", "K", "--model", str(tmp_path / "own")
        ).out.split()
    )
    assert (
        "Of invented children with as many points" in told
        and "This is no probability for a real person" in told
    )
    assert "This is no probability" not in opened
    (tmp_path / "every.csv").write_text(
        "case_id,age," + ",".join(ON_CARD) + "\nE,9," + ",".join(["yes"] * len(ON_CARD)) + "\n",
        encoding="utf-8",
    )
    assert (
        "open answers on this card"
        not in cli("explain", str(tmp_path / "every.csv"), "--case", "E", "--model", ID).out
    )
    quiet = cli("explain", str(tmp_path / "cases.csv"), "--case", "A")
    assert "many signs" not in quiet.out
    few = cli("explain", str(tmp_path / "cases.csv"), "--case", "C", "--model", ID)
    assert "too little known" in few.out


def test_a_card_for_a_changed_list_says_so(cli: Any, tmp_path: Path) -> None:
    data = json.loads(Path("models", ID, "model.json").read_text(encoding="utf-8"))
    data["checklist"]["sha256"] = "0" * 64
    (tmp_path / "model.json").write_text(json.dumps(data), encoding="utf-8")
    (tmp_path / "cases.csv").write_text(CASES, encoding="utf-8")
    ran = cli("score", str(tmp_path / "cases.csv"), "--model", str(tmp_path / "model.json"))
    assert ran.code == 0 and "has changed" in ran.err
    assert cli("score", str(tmp_path / "cases.csv"), "--model", "nothing").code == 2


def test_synth_lists_worlds_draws_and_measures(cli: Any, tmp_path: Path) -> None:
    listed = cli("synth")
    assert (
        listed.code == 0
        and "ordinary-looking" in listed.out
        and "evidence of nothing" in listed.out
    )
    out = tmp_path / "cases.csv"
    ran = cli("synth", "--world", "guarded", "-n", "50", "-o", str(out))
    assert ran.code == 0 and "50 invented cases of the world guarded" in ran.err
    assert len(out.read_text(encoding="utf-8").splitlines()) == 51
    scored = cli("score", str(out), "--format", "csv")
    assert scored.code == 0 and len(scored.out.splitlines()) == 51
    without = cli("synth", "--checklist", "ilo-delphi")
    assert without.code == 0 and "ilo-delphi has no worlds" in without.out
    assert cli("synth", "-n", "50", "-o", str(out)).code == 2
    assert cli("synth", "--world", "nowhere", "-n", "5", "-o", str(tmp_path / "x.csv")).code == 2
    far = cli("synth", "-n", "3000", "--distances")
    assert far.code == 0 and "ctdc-2021, begging, child" in far.out and "there" in far.out


def test_train_writes_a_card_that_can_be_used_at_once(
    cli: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("screening.evaluation.page.LENGTHS", (4, 8))  # all are in test_evaluation
    monkeypatch.setattr("screening.cli.models.OVER_UNIVERSES", 1)
    folder = tmp_path / "mine"
    ran = cli(
        "train",
        "-o",
        str(folder),
        "-n",
        "500",
        "--universes",
        "2",
        "--signs",
        "4",
        "--test-cases",
        "1000",
        "--pool",
        "2",
    )
    assert ran.code == 0, ran.err
    assert "not validated in the field" in ran.out
    names = {p.name for p in folder.iterdir()}
    assert {
        "model.json",
        "results.json",
        "card.md",
        "sheet-child-sq.pdf",
        "sheet-adult-sr-Cyrl.pdf",
        "points-child.svg",
        "points-adult.svg",
        "families-left-out.svg",
    } <= names
    assert cli("train", "-o", str(folder)).code == 2
    (tmp_path / "cases.csv").write_text(CASES, encoding="utf-8")
    assert cli("score", str(tmp_path / "cases.csv"), "--model", str(folder)).code == 0
    shown = cli(
        "evaluate",
        "--model",
        str(folder),
        "--world",
        "base",
        "-n",
        "1500",
        "--seed",
        "1",
        "-o",
        str(tmp_path / "out"),
    )
    assert shown.code == 0, shown.err
    assert "World base (the card was trained on universes of it)" in shown.out
    written = json.loads((tmp_path / "out" / "results.json").read_text(encoding="utf-8"))
    assert written["worlds"][0]["trained_here"] is True
    elsewhere = json.loads(
        cli("score", str(tmp_path / "cases.csv"), "--model", str(folder), "--format", "json").out
    )
    first = (elsewhere["assessments"] if isinstance(elsewhere, dict) else elsewhere)[0][
        "second_opinion"
    ]
    assert Path(first["card"]) == folder / "card.md" and Path(first["card"]).is_file()
    assert (tmp_path / "out" / "results.json").is_file() and (
        tmp_path / "out" / "roc-base.png"
    ).read_bytes().startswith(b"\x89PNG")


def test_evaluate_tells_of_lines_the_trainer_chose_with_n_and_interval(cli: Any) -> None:
    ran = cli(
        "evaluate",
        "--model",
        ID,
        "--world",
        "guarded",
        "-n",
        "800",
        "--threshold",
        "9",
        "--threshold",
        "20",
    )
    assert ran.code == 0, ran.err
    at_9, at_20 = ran.out.split("From 9 points of the card on")[1].split(
        "From 20 points of the card on"
    )
    found = [float(part.splitlines()[2].split()[1]) for part in (at_9, at_20)]
    assert found[0] > found[1], "a higher line finds fewer"
    assert re.search(r"begging child \(n \d+\)", ran.out) and re.search(
        r"0\.\d\d \(0\.\d\d-0\.\d\d\)", ran.out
    )
    assert "too little known" in ran.out and "trained on universes" not in ran.out


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (("train", "-o", "{}/Bad Name"), "not a valid card id"),
        (("train", "-o", "{}/x", "--signs", "0"), "--signs"),
        (("train", "-o", "{}/x", "--cases", "5"), "--cases"),
        (("train", "-o", "{}/x", "--test-cases", "3"), "--test-cases"),
        (("train", "-o", "{}/x", "--test-cases", "0"), "--test-cases"),
        (("train", "-o", "{}/x", "--pool", "-1"), "--pool"),
        (("train", "-o", "{}/x", "--seed", "-1"), "--seed"),
        (("train", "-o", "{}/x", "--universes", "0"), "--universes"),
        (
            (
                *("train", "-o", "{}/x", "--world", "base", "--world", "day-centre"),
                *("--world", "street-patrol", "--world", "case-files"),
            ),
            "measured nowhere",
        ),
        (("train", "-o", "{}/x", "--title", " "), "--title"),
        (("train", "-o", "{}/file/x"), "cannot be created"),
        (("evaluate", "--model", ID, "-n", "1"), "--cases"),
        (("evaluate", "--model", ID, "--seed", "-1"), "--seed"),
        (("evaluate", "--model", ID, "--threshold", "0"), "--threshold"),
        (("evaluate", "--model", ID, "--world", "nowhere"), "nowhere"),
        (("evaluate", "--model", ID, "-o", "{}/there"), "already exists"),
        (("evaluate", "--model", ID, "-o", "{}/file"), "cannot be created"),
    ],
)
def test_what_cannot_be_is_told_before_any_work(
    cli: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: tuple[str, ...], says: str
) -> None:
    from screening.evaluation import train as training
    from screening.simulation import generate as drawing

    (tmp_path / "file").write_text("")
    (tmp_path / "there").mkdir()
    (tmp_path / "there" / "results.json").write_text("")
    for module in (training, drawing):
        monkeypatch.setattr(module, "generate", lambda *_: pytest.fail("work was begun"))
    ran = cli(*(part.format(tmp_path) for part in call))
    assert ran.code == 2 and says in ran.err and len(ran.err.strip().splitlines()) == 1, ran.err


def test_evaluate_compares_with_what_else_could_be_learned(
    cli: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    data = json.loads(Path("models", ID, "model.json").read_text(encoding="utf-8"))
    for world in data["training"]["worlds"]:
        world |= {"universes": 1, "cases": 1000}
    (tmp_path / "model.json").write_text(json.dumps(data), encoding="utf-8")
    ran = cli("evaluate", "--model", str(tmp_path), "--world", "guarded", "-n", "1000", "--compare")
    assert ran.code == 0, ran.err
    for name in (
        "card",
        "logistic regression",
        "EBM",
        "gradient boosting",
        "plain count of signs",
        "practice-accompanied",
    ):
        assert name in ran.out


# -- on paper --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("lang", "word"),
    [("en", "Open"), ("sq", "E hapur"), ("sr", "Otvoreno"), ("sr-Cyrl", "Отворено")],
)
@pytest.mark.parametrize("profile", CASE_PROFILES)
def test_the_sheet_is_one_page_and_adds_up_as_the_card_does(
    profile: Profile, lang: str, word: str
) -> None:
    import io
    import re

    from pypdf import PdfReader

    from screening.paper.scorecard_sheet import sheet_of

    pdf = PdfReader(io.BytesIO(sheet_of(CARD, KOSOVO, profile, lang)))
    assert len(pdf.pages) == 1
    text = pdf.pages[0].extract_text()
    flat = " ".join(text.split())
    assert word in flat
    for item in CARD.items[profile]:  # what stands behind its words, before those of the next
        flat = flat.split(" ".join(KOSOVO.texts(lang).statement(item.indicator).split()), 1)[1]
        assert re.findall(r"\d+", flat)[:3] == [str(n) for n in (item.yes, item.open, 0)]
    lines = CARD.lines[profile]
    drawn = [lines.many_signs, lines.some_signs, lines.some_signs]
    assert re.findall(r"\d+", flat)[3:6] == [str(n) for n in drawn]
    assert (
        round(float(pdf.pages[0].mediabox.width)),
        round(float(pdf.pages[0].mediabox.height)),
    ) == (595, 842)
