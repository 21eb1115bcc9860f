"""The shipped card beside the finding: plain JSON, checked strictly, never lowering anything, and gone without a trace when left out."""

from __future__ import annotations

import copy
import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from screening.answers import Answer, Case, Response, profile_of
from screening.checklist import load_checklist, load_weights
from screening.checklist.model import Checklist
from screening.checklist.schema import CASE_PROFILES
from screening.errors import ModelError
from screening.scorecard.batch import opinions
from screening.scorecard.model import BANDS, STATEMENT, CardModel, load_model, model_ids
from screening.scoring import score
from screening.scoring.block import NO, OPEN, YES

ID = "kosovo-begging-child-15"
CODE = {Answer.YES: YES, Answer.NO: NO, Answer.NOT_APPLICABLE: NO, Answer.UNKNOWN: OPEN, Answer.REFUSED: OPEN, Answer.NOT_ASKED: OPEN}
BAND_RANK = {"too_little_known": 0, "few_signs_so_far": 0, "some_signs": 1, "many_signs": 2}


@pytest.fixture(scope="module")
def kosovo() -> Checklist:
    return load_checklist("kosovo")


@pytest.fixture(scope="module")
def card(kosovo: Checklist) -> CardModel:
    return load_model(ID, kosovo)


KOSOVO = load_checklist("kosovo")
CARD = load_model(ID, KOSOVO)
ON_CARD = [i.indicator for i in CARD.items]

answers = st.dictionaries(st.sampled_from([*ON_CARD, "no_lawful_carer", "relationship_unproven", "counter_school_verified"]), st.sampled_from(list(Answer)), max_size=18)
people = st.builds(
    lambda age, certain, given: Case("c", age=age, age_certain=certain, answers={k: Response(v) for k, v in given.items()}),
    st.one_of(st.none(), st.integers(0, 60)), st.booleans(), answers,
)


def test_the_statement_and_the_card_go_with_every_opinion(card: CardModel, kosovo: Checklist) -> None:
    opinion = card.opinion(Case("c", age=9), kosovo)
    assert opinion["statement"] == STATEMENT and opinion["card"] == f"models/{ID}/card.md" and Path(opinion["card"]).is_file()
    assert opinion["band"] == "too_little_known" and opinion["probability"] is None
    assert opinion["band_high"] == "many_signs"


@settings(max_examples=150, deadline=None)
@given(case=people)
def test_points_are_the_sum_of_what_is_shown(case: Case) -> None:
    opinion = CARD.opinion(case, KOSOVO)
    assert sum(c["points"] for c in opinion["contributions"]) == opinion["points"]
    assert opinion["points_recorded"] <= opinion["points"] <= opinion["points_high"] <= opinion["points_max"]
    enough = opinion["answered"] >= CARD.least_known * opinion["items"]
    assert (opinion["probability"] is None) == (opinion["band"] == "too_little_known" or not enough), "no number where nearly all is open"


@settings(max_examples=150, deadline=None)
@given(case=people, name=st.sampled_from(ON_CARD))
def test_S2_an_answer_opened_or_turned_to_yes_never_lowers(case: Case, name: str) -> None:
    def put(answer: Answer) -> dict[str, Any]:
        return CARD.opinion(replace(case, answers={**case.answers, name: Response(answer)}), KOSOVO)

    no, opened, yes = put(Answer.NO), put(Answer.UNKNOWN), put(Answer.YES)
    assert no["points"] <= opened["points"] <= yes["points"]
    assert BAND_RANK[no["band"]] <= BAND_RANK[opened["band"]] <= BAND_RANK[yes["band"]]
    assert not (no["band"] != "few_signs_so_far" and opened["band"] == "few_signs_so_far"), "knowing less never says that signs are few"
    assert no["points_high"] <= opened["points_high"]


@settings(max_examples=60, deadline=None)
@given(case=people, answer=st.sampled_from(list(Answer)))
def test_S12_company_and_papers_change_no_opinion(case: Case, answer: Answer) -> None:
    before = CARD.opinion(case, KOSOVO)
    for name in ("no_lawful_carer", "relationship_unproven", "documents_withheld", "counter_carer_verified", "counter_school_verified"):
        after = CARD.opinion(replace(case, answers={**case.answers, name: Response(answer)}), KOSOVO)
        assert after == before


@settings(max_examples=60, deadline=None)
@given(case=people)
def test_S11_the_opinion_never_changes_the_finding(case: Case) -> None:
    weights = load_weights(KOSOVO)
    plain = score(case, KOSOVO, weights)
    opinion = CARD.opinion(case, KOSOVO)
    beside = replace(plain, second_opinion=opinion)
    assert (beside.finding, beside.points, beside.next_steps) == (plain.finding, plain.points, plain.next_steps)
    assert score(case, KOSOVO, weights) == plain


def with_caps(card: CardModel) -> CardModel:
    """The same card with a group of items limited: what a trainer may ask for."""
    data = card.model_dump()
    capped = ON_CARD[:4]
    data["caps"] = [{"indicators": capped, "most": 12}]
    lost = sum(i["yes"] for i in data["items"] if i["indicator"] in capped) - 12
    data["probability"] = data["probability"][: len(data["probability"]) - lost]
    return CardModel.model_validate(data)


@pytest.mark.parametrize("capped", [False, True])
def test_many_at_once_equal_one_by_one(capped: bool, kosovo: Checklist, card: CardModel) -> None:
    model = with_caps(card) if capped else card
    rng = np.random.default_rng(3)
    indicators = list(kosovo.indicators)
    kinds = list(Answer)
    cases = []
    for n in range(200):
        given_ = {i: Response(kinds[rng.choice(len(kinds), p=[0.3, 0.3, *[0.4 / (len(kinds) - 2)] * (len(kinds) - 2)])]) for i in indicators if rng.random() < 0.9}
        cases.append(Case(f"c{n}", age=int(rng.integers(0, 50)), age_certain=bool(rng.random() < 0.8), answers=given_))
    codes = np.array([[CODE[c.answer(i)] for c in cases] for i in indicators], dtype=np.uint8)
    profile = np.array([CASE_PROFILES.index(profile_of(c)[0]) for c in cases], dtype=np.uint8)
    many = opinions(model, kosovo, indicators, codes, profile)
    seen = set()
    for n, case in enumerate(cases):
        one = model.opinion(case, kosovo)
        assert (one["points"], one["points_recorded"], one["points_high"], one["answered"]) == (
            many.points[n], many.points_recorded[n], many.points_high[n], many.answered[n])
        assert (one["band"], one["band_high"]) == (BANDS[many.band[n]], BANDS[many.band_high[n]])
        assert sum(c["points"] for c in one["contributions"]) == one["points"]
        seen.add(one["band"])
    assert len(seen) >= 3


def test_scoring_with_a_card_imports_no_learning_library() -> None:
    program = (
        "import sys\nfrom screening.checklist import load_checklist\nfrom screening.scorecard.model import load_model\nfrom screening.answers import Case\n"
        f"c = load_checklist('kosovo'); load_model('{ID}', c).opinion(Case('x', age=9), c)\n"
        "print([m for m in ('sklearn', 'scipy', 'pandas', 'pyarrow', 'numpy', 'altair') if m in sys.modules])"
    )
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "[]"


# -- a museum of cards that cannot be ----------------------------------------------------------------------------------

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
    ("another format", edit("format", to=2), "M402", "format '2' is not known"),
    ("no format", edit("format", drop=True), "M402", "format"),
    ("an unknown key", edit("ethnicity", to=1), "M403", "ethnicity"),
    ("a missing key", edit("lines", drop=True), "M403", "lines"),
    ("another statement", edit("statement", to="validated in the field"), "M403", "statement"),
    ("points below nothing", edit("items", 0, "yes", to=-3), "M403", "items.0.yes"),
    ("points that are no whole number", edit("items", 0, "yes", to=2.5), "M403", "items.0.yes"),
    ("open worth more than yes", edit("items", 0, "open", to=11), "M403", "must not fall"),
    ("an item twice", edit("items", 1, to={"indicator": ON_CARD[0], "yes": 10, "open": 1}), "M403", "twice"),
    ("no items", edit("items", to=[]), "M403", "items"),
    ("a line missing", edit("lines", to={"child": {"some_signs": 5, "many_signs": 9}}), "M403", "lines are needed"),
    ("lines out of order", edit("lines", "child", to={"some_signs": 9, "many_signs": 5}), "M403", "some_signs begins above"),
    ("a line of nothing", edit("lines", "child", to={"some_signs": 0, "many_signs": 5}), "M403", "some_signs"),
    ("a table too short", edit("probability", 0, drop=True), "M403", "probability table has"),
    ("a falling table", edit("probability", 0, to={"value": 0.9, "low": 0.8, "high": 1.0}), "M403", "fall as the total rises"),
    ("a certain probability", edit("probability", 0, to={"value": 1.9, "low": 0.8, "high": 1.0}), "M403", "probability.0.value"),
    ("caps of strangers", edit("caps", to=[{"indicators": ["no_lawful_carer"], "most": 3}]), "M403", "caps name"),
    ("another list", edit("checklist", "id", to="albania-2005"), "M404", "made for the list 'albania-2005'"),
    ("an item nobody has", edit("items", 0, "indicator", to="deceived_activty"), "M405", "did you mean 'deceived_activity'"),
    ("protection as a sign", edit("items", 0, "indicator", to="counter_school_verified"), "M405", "no sign"),
    ("danger as a sign", edit("items", 0, "indicator", to="danger_now"), "M405", "no sign"),
]


@pytest.mark.parametrize(("change", "code", "says"), [m[1:] for m in MUSEUM], ids=[m[0] for m in MUSEUM])
def test_a_card_that_cannot_be_is_refused_in_one_line(tmp_path: Path, kosovo: Checklist, card: CardModel, change: Any, code: str, says: str) -> None:
    data = copy.deepcopy(card.model_dump(mode="json"))
    change(data)
    (tmp_path / "model.json").write_text(json.dumps(data), encoding="utf-8")
    with pytest.raises(ModelError) as failed:
        load_model(tmp_path, kosovo)
    line = str(failed.value)
    assert failed.value.code == code and says in line and "\n" not in line
    assert "model.json" in line


@pytest.mark.parametrize(("name", "content", "code"), [
    ("model.pkl", b"\x80\x04\x95", "M402"), ("model.joblib", b"x", "M402"), ("model.json", b"\x80\x04\x95", "M402"), ("model.json", b"", "M402"),
    ("model.json", b"[]", "M402"), ("model.json", b'{"format": 1, "format": 1}', "M402"), ("model.json", b'{"format": NaN}', "M402"),
    ("model.json", b"[" * 100_000, "M402"), ("model.json", b" " * (4 * 1024 * 1024 + 1), "M402"),
], ids=["pickle", "joblib", "pickle in disguise", "empty", "a list", "a key twice", "NaN", "deep", "huge"])
def test_what_is_no_card_is_never_opened(tmp_path: Path, kosovo: Checklist, name: str, content: bytes, code: str) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(ModelError) as failed:
        load_model(tmp_path / name, kosovo)
    assert failed.value.code == code


@pytest.mark.parametrize("ref", ["kosovo-begging-child-51", "", ".", "..", "a\0b", "a/b/c", "x" * 300])
def test_a_name_that_no_card_has_is_refused_with_what_there_is(kosovo: Checklist, ref: str) -> None:
    with pytest.raises(ModelError) as failed:
        load_model(ref, kosovo)
    assert failed.value.code == "M401" and ID in str(failed.value)
    assert ID in model_ids()


# -- on the command line -----------------------------------------------------------------------------------------------

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
    assert b[0]["second_opinion_band"] == "many_signs" and b[2]["second_opinion_band"] == "too_little_known"


def test_json_and_words_carry_the_opinion(cli: Any, tmp_path: Path) -> None:
    (tmp_path / "cases.csv").write_text(CASES, encoding="utf-8")
    ran = cli("score", str(tmp_path / "cases.csv"), "--format", "json", "--model", ID)
    rows = json.loads(ran.out)
    rows = rows["assessments"] if isinstance(rows, dict) else rows
    assert rows[0]["second_opinion"]["band"] == "many_signs" and rows[0]["second_opinion"]["model"] == ID
    for lang, word in (("en", "many signs"), ("sq", "shumë shenja"), ("sr", "mnogo znakova"), ("sr-Cyrl", "много знакова")):
        said = cli("explain", str(tmp_path / "cases.csv"), "--case", "A", "--model", ID, "--lang", lang)
        assert said.code == 0 and word in said.out, said.out
    opened = cli("explain", str(tmp_path / "cases.csv"), "--case", "A", "--model", ID).out
    assert opened.count("open answers on this card: 12.") == 1
    known = [i.indicator for i in CARD.items[:8]]
    (tmp_path / "known.csv").write_text("case_id,age," + ",".join(known) + "\nK,9," + ",".join(["yes"] * 8) + "\n", encoding="utf-8")
    assert "This is no probability for a real person" in cli("explain", str(tmp_path / "known.csv"), "--case", "K", "--model", ID).out
    assert "This is no probability" not in opened
    (tmp_path / "every.csv").write_text("case_id,age," + ",".join(ON_CARD) + "\nE,9," + ",".join(["yes"] * len(ON_CARD)) + "\n", encoding="utf-8")
    assert "open answers on this card" not in cli("explain", str(tmp_path / "every.csv"), "--case", "E", "--model", ID).out
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
    assert listed.code == 0 and "ordinary-looking" in listed.out and "evidence of nothing" in listed.out
    out = tmp_path / "cases.csv"
    ran = cli("synth", "--world", "guarded", "-n", "50", "-o", str(out))
    assert ran.code == 0 and "50 invented cases of the world guarded" in ran.err
    assert len(out.read_text(encoding="utf-8").splitlines()) == 51
    scored = cli("score", str(out), "--format", "csv")
    assert scored.code == 0 and len(scored.out.splitlines()) == 51
    assert cli("synth", "-n", "50", "-o", str(out)).code == 2
    assert cli("synth", "--world", "nowhere", "-n", "5", "-o", str(tmp_path / "x.csv")).code == 2
    far = cli("synth", "-n", "3000", "--distances")
    assert far.code == 0 and "ctdc-2021, begging, child" in far.out and "there" in far.out


def test_train_writes_a_card_that_can_be_used_at_once(cli: Any, tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    ran = cli("train", "-o", str(folder), "-n", "2500", "--items", "6", "--test-cases", "1500", "--pool", "2")
    assert ran.code == 0, ran.err
    assert "not validated in the field" in ran.out
    names = {p.name for p in folder.iterdir()}
    assert {"model.json", "results.json", "card.md", "sheet-sq.svg", "sheet-sr-Cyrl.pdf", "roc-base.svg", "recall-by-subgroup-guarded.svg"} <= names
    assert cli("train", "-o", str(folder)).code == 2
    assert cli("train", "-o", str(tmp_path / "other"), "--items", "0").code == 2
    (tmp_path / "cases.csv").write_text(CASES, encoding="utf-8")
    assert cli("score", str(tmp_path / "cases.csv"), "--model", str(folder)).code == 0
    shown = cli("evaluate", "--model", str(folder), "--world", "base", "-n", "1500", "--seed", "1", "-o", str(tmp_path / "out"))
    assert shown.code == 0 and "choose another --seed" in shown.err, shown.err
    assert "World base (the card was trained on other cases of it)" in shown.out
    assert (tmp_path / "out" / "results.json").is_file() and (tmp_path / "out" / "roc-base.png").read_bytes().startswith(b"\x89PNG")


def test_evaluate_compares_with_what_else_could_be_learned(cli: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    data = json.loads(Path("models", ID, "model.json").read_text(encoding="utf-8"))
    data["training"]["worlds"][0]["cases"] = 2000
    (tmp_path / "model.json").write_text(json.dumps(data), encoding="utf-8")
    ran = cli("evaluate", "--model", str(tmp_path), "--world", "guarded", "-n", "1000", "--compare")
    assert ran.code == 0, ran.err
    for name in ("card", "logistic regression", "EBM", "gradient boosting", "plain count of signs", "practice-accompanied"):
        assert name in ran.out


# -- on paper ----------------------------------------------------------------------------------------------------------

@pytest.mark.parametrize(("lang", "word"), [("en", "Open"), ("sq", "E hapur"), ("sr", "Otvoreno"), ("sr-Cyrl", "Отворено")])
def test_the_sheet_is_one_page_and_adds_up_as_the_card_does(lang: str, word: str) -> None:
    import io
    import re
    from xml.etree import ElementTree

    from pypdf import PdfReader

    from screening.evaluate.sheet import sheet_pdf, sheet_svg

    svg = sheet_svg(CARD, KOSOVO, lang)
    texts = [t.text or "" for t in ElementTree.fromstring(svg).iter("{http://www.w3.org/2000/svg}text")]
    numbers = [int(t) for t in texts if re.fullmatch(r"[0-9]+", t)]
    lines = [n for i in CARD.items for n in (i.yes, i.open, 0)]
    assert numbers[: len(lines)] == lines, "yes, open and no of every line, in the card's order"
    child, adult = CARD.lines["child"], CARD.lines["adult"]
    assert numbers[len(lines): len(lines) + 4] == [child.many_signs, adult.many_signs, child.some_signs, adult.some_signs]
    assert word in texts
    bottom = [float(t.get("y", "0")) for t in ElementTree.fromstring(svg).iter("{http://www.w3.org/2000/svg}text")]
    assert max(bottom) < 842
    pdf = PdfReader(io.BytesIO(sheet_pdf(svg)))
    assert len(pdf.pages) == 1
    assert (round(float(pdf.pages[0].mediabox.width)), round(float(pdf.pages[0].mediabox.height))) == (595, 842)
