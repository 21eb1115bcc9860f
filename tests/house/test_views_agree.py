"""S27: whatever is recorded, and in whatever order, page, terminal, letter, row of a table and API
say the same about danger, finding, range, profile and answers.

Interviews are random walks over everything an officer can do; each face is then read as a person
reads it, and held against what is recorded.
"""

from __future__ import annotations

import contextlib
import html
import io
import json
import re
import sys
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import strategies as st
from pypdf import PdfReader
from starlette.testclient import TestClient

from screening.answers import Answer, Response
from screening.checklist.schema import FINDINGS
from screening.cli.interview.talk import Talk
from screening.i18n import LANGUAGES, words
from screening.interview import PRECONDITIONS, Interview, Judgement, Record
from screening.paper.letter import Letter, letter, letter_html, letter_pdf
from screening.paper.letter.setting import source as typeset
from screening.scoring import Assessment
from screening.scoring.batch import compile_plan, score_block
from screening.tables.blocks import block_of
from screening.tables.results import Sheet
from support.properties import examples
from support.web import KNOWLEDGE, interviewing, number

KOSOVO, WEIGHTS, PROTOCOL = KNOWLEDGE.checklist, KNOWLEDGE.weights, KNOWLEDGE.protocol
PLAN = compile_plan(KOSOVO, WEIGHTS)
DANGER = PROTOCOL.danger
# Signs of danger, what a skip hides, what counts for one age group only: where faces could differ.
TELLING = [
    DANGER,
    "violence_now",
    "infant_unnaturally_still",
    "confined_or_watched",
    "daily_quota",
    "sent_and_placed",
    "age_in_doubt",
    "out_of_school",
    "vulnerable_adult_begging",
    "fear_of_companion",
]
ITEMS = st.one_of(st.sampled_from(TELLING), st.sampled_from(list(KOSOVO.indicators)))
FACTS = st.fixed_dictionaries(
    {}, optional={fact: st.sampled_from(choices) for fact, choices in PROTOCOL.facts.items()}
)
STEPS = st.one_of(
    st.tuples(
        st.just("answer"),
        ITEMS,
        st.builds(
            Response,
            st.sampled_from(list(Answer)),
            st.sampled_from(["", "said", "observed"]),
            st.sampled_from(["", "As she told it."]),
        ),
    ),
    st.tuples(st.just("leave_open"), ITEMS),
    st.sampled_from(
        [("precondition", g, c) for g, choices in PRECONDITIONS.items() for c in choices]
    ),
    st.sampled_from([("precondition", "danger", c) for c in PRECONDITIONS["danger"]]),
    st.tuples(
        st.just("person"), st.sampled_from(["", "9", "17", "18", "30"]), st.booleans(), FACTS
    ),
    st.tuples(
        st.just("for_letter"),
        st.sampled_from([{"consent": c} for c in ("yes", "no", "child", "not_asked", "")]),
    ),
)


@st.composite
def interviews(draw: st.DrawFn) -> Interview:
    """An interview that has come to its finding by any way that there is."""
    now = Interview.begin(KOSOVO, WEIGHTS, PROTOCOL, "A-1")
    for name, *what in draw(st.lists(STEPS, max_size=25)):
        now = getattr(now, name)(*what)
    if not now.record.person:
        now = now.person(draw(st.sampled_from(["", "9", "30"])), draw(st.booleans()))
    now = now.judge(Judgement(draw(st.sampled_from(FINDINGS))))
    while (precondition := now.pending_precondition()) is not None:
        choices = [
            c for c in PRECONDITIONS[precondition] if (precondition, now.profile, c) != _NO_ADULT
        ]
        now = now.precondition(precondition, draw(st.sampled_from(choices)))
    return now.helped()


_NO_ADULT = ("representative", "child", "adult")


@pytest.fixture(scope="module")
def client() -> Iterator[TestClient]:
    with interviewing() as c:
        yield c


class Faces:
    """What each face says of one interview in one language."""

    def __init__(self, now: Interview, client: TestClient, language: str) -> None:
        self.now, self.client, self.language = now, client, language
        self.a: Assessment = now.scored(language)
        self.texts, self.say = KOSOVO.texts(language), words(language)
        self.yes = {i for i in now.case.answers if now.case.answer(i) is Answer.YES}

    def label(self, finding: str) -> str:
        return self.texts.get("findings", finding, "label")

    # -- the page ----------------------------------------------------------------------------------

    def pages(self) -> None:
        key = self.client.desk.take(self.now.record)
        self.client.cookies.set("notes_language", self.language)
        try:
            self._result(self._page(f"/c/{key}/end"))
            for path in (f"/c/{key}/danger", f"/c/{key}/precondition/0"):
                assert self._pressed(self._page(path), "choice") == self.now.danger, path
            self._items(self._page(f"/c/{key}/all"))
            given = self.now.record.answers.get(DANGER)
            pressed = self._pressed(self._page(f"/c/{key}/q/{number(DANGER)}"), "answer")
            assert pressed == (given.answer if given else pressed)
        finally:
            self.client.desk.drop(key)

    def _page(self, path: str) -> str:
        answer = self.client.get(path)
        assert answer.status_code == 200, (path, answer.headers.get("location"))
        return answer.text

    def _pressed(self, page: str, name: str) -> str:
        found = re.findall(rf'name="{name}" value="(\w+)"[^>]*aria-pressed="true"', page)
        assert len(found) <= 1
        return found[0] if found else ""

    def _result(self, page: str) -> None:
        said = html.unescape(page)
        assert re.findall(r'<h1 class="finding f-(\w+)">([^<]*)</h1>', said) == [
            (self.a.finding, self.label(self.a.finding))
        ]
        scale = re.findall(r'<li class="(\w*)"', said.split('class="scale"')[1].split("</ol>")[0])
        low, high = FINDINGS.index(self.a.finding), FINDINGS.index(self.a.finding_high)
        assert scale.index("is") == low and scale.count("could") == high - low
        assert self.a.statement in said and self.a.profile_reason in said
        self._signs(said)
        self._needs(" ".join(said.split()))

    def _items(self, page: str) -> None:
        found = re.findall(r'<li class="s-(\w+)[^"]*"><a href="/c/\w+/q/(\d+)">', page)
        rows = {int(n): state for state, n in found}
        for i in KOSOVO.by_profile[self.now.profile]:
            given = self.now.record.answers.get(i.id)
            assert rows[number(i.id)] == (given.answer if given else "not_asked"), i.id

    def _signs(self, said: str) -> None:
        """Every yes that counts is named, and no other."""
        flat = " ".join(said.split())
        for c in self.a.contributions:
            if c.indicator:
                assert c.indicator in self.yes and " ".join(c.statement.split()) in flat
        for i in self.now.not_counted:
            if self.now.record.answers[i].answer is Answer.YES:
                assert " ".join(self.texts.statement(i).split()) in flat

    # -- the terminal ------------------------------------------------------------------------------

    def terminal(self) -> None:
        told = io.StringIO()
        keyboard, sys.stdin = sys.stdin, io.StringIO("")
        try:
            with contextlib.redirect_stdout(told), contextlib.suppress(EOFError):
                Talk(self.now, self.say, self.language, False, None, None)._finding()
        finally:
            sys.stdin = keyboard
        said = " ".join(told.getvalue().split())
        finding = f"{self.label(self.a.finding)}: {self.a.statement}"
        assert " ".join(finding.split()) in said and self.a.profile_reason in said
        self._signs(said)
        self._needs(said)

    def _needs(self, said: str) -> None:
        """Each present need is told by its name and who sees to it, each open one by its name."""
        for need in self.a.needs:
            told = f"{need.name}: {need.text}" if need.state == "present" else need.name
            assert " ".join(told.split()) in said
            assert need.state == "open" or " ".join(need.role.split()) in said

    # -- the letter --------------------------------------------------------------------------------

    def letters(self) -> Letter:
        content = letter(self.now, [self.language], by_hand=True)
        rows = {block.key: block.lines for block in content.blocks[0]}
        a = self.a
        assert content.danger is (a.danger.state == "present") and content.receipt == a.receipt
        said = self.now.record.decision or self.now.record.judgement
        assert said is not None
        headline = "act_now" if content.danger else said.finding
        assert rows["urgency"][0].lead == self.label(headline)
        finding = rows["judged"][0]
        assert (finding.lead, finding.text) == (self.label(a.finding), a.statement)
        could = [r.text for r in rows["reach"] if self.label(a.finding_high) in r.text]
        assert a.settled or could
        age = next(r for r in rows["head"] if a.profile_reason in r.note)
        assert age.text == self.say("child" if a.profile == "child" else "adult")
        every = ("safety", "needs", "happened")
        self._preconditions({r.lead: r.text for key in every for r in rows[key]})
        self._found([r.text for r in rows["found"]], [r.text for r in rows["already"]])
        shown = {r.text: r.note for r in rows["needs"]}
        for need in a.needs:
            if need.state == "present":
                assert shown[f"{need.name}: {need.text}"] == need.role
        assert [r.text for r in rows.get("check", ())] == list(a.warnings)
        self._both_settings(content)
        return content

    def _found(self, shown: list[str], already: list[str]) -> None:
        """Every yes is in one block and every other answer in the other; none is left out."""
        told = self.now.record.answers
        yes = {self.texts.statement(i) for i, r in told.items() if r.answer is Answer.YES}
        others = {self.texts.statement(i) for i, r in told.items() if r.answer is not Answer.YES}
        assert yes <= set(shown) and others <= set(already)
        assert not (yes - others) & set(already) and not (others - yes) & set(shown)
        signs = [c for c in self.a.contributions if c.kind in ("danger", "sign")]
        assert (self.say("No sign has been answered yes.") in shown) is (not signs)

    def _preconditions(self, told: dict[str, str]) -> None:
        def line(precondition: str, field: str) -> str:
            return PROTOCOL.words("preconditions", precondition, field, self.language)

        assert told[line("danger", "title")] == line("danger", self.now.danger)
        assert (self.now.danger == "yes") is (self.a.danger.state == "present")
        for precondition in ("private", "interpreter", "may_stop", "agreement"):
            # Once one of them keeps every question back, the rest need not be gone through.
            given = self.now.preconditions.get(precondition)
            told_here = told.get(line(precondition, "title"))
            assert told_here == (line(precondition, given) if given else told_here)
        speaks = told.get(line("representative", "title"))
        child_spoken_for = self.a.profile == "child" and "representative" in self.now.preconditions
        assert speaks is not None or not child_spoken_for
        assert speaks is None or self.a.profile == "child"
        assert speaks != line("representative", "adult")
        child = self.say("A child: referred in the child's best interests")
        assert self.a.profile == "child" or child not in told.values()

    def _both_settings(self, content: Letter) -> None:
        """Page and PDF are set from the same lines."""
        page = html.unescape(letter_html(content))
        source = json.loads(typeset(content)["sys_inputs"]["letter"])
        lines = [r for block in content.blocks[0] for r in block.lines]
        set_ = [r for block in source["blocks"][0] for r in block["lines"]]
        assert [r["text"] for r in set_] == [r.text for r in lines]
        assert source["danger"] is content.danger
        assert ('class="danger"' in page) is content.danger
        assert all(r.text in page and r.lead in page and r.note in page for r in lines)

    # -- tables and the API ------------------------------------------------------------------------

    def row(self) -> None:
        block = block_of([self.now.case], KOSOVO)
        batch = Sheet(KOSOVO, WEIGHTS, PLAN).batch(block, score_block(block, PLAN))
        row, a = batch.to_pylist()[0], self.a
        assert {k: row[k] for k in ("profile", "finding", "finding_high", "settled", "danger")} == {
            "profile": a.profile,
            "finding": a.finding,
            "finding_high": a.finding_high,
            "settled": a.settled,
            "danger": a.danger.state,
        }
        assert row["red_flags"] == a.red_flags and row["points"] == a.points
        states = {name: row[f"dimension_{name}"] for name in a.dimensions}
        assert states == {name: d.state for name, d in a.dimensions.items()}
        assert row["weights_sha256"] == a.weights.sha256
        found = {need.id: need.state for need in a.needs}
        assert {n.id: row[f"need_{n.id}"] for n in KOSOVO.needs} == {
            n.id: found.get(n.id) for n in KOSOVO.needs
        }

    def api(self) -> None:
        case = self.now.case
        answers = {
            i: {"answer": r.answer, "basis": r.basis, "note": r.note}
            for i, r in case.answers.items()
        }
        body = {
            "case_id": case.case_id,
            "age": case.age,
            "age_certain": case.age_certain,
            "answers": answers,
        }
        sent: dict[str, Any] = {"case": body, "language": self.language}
        assert self.client.post("/api/score", json=sent).json() == json.loads(
            json.dumps(self.a.to_dict())
        )
        explained = self.client.post("/api/explain", json=sent).json()
        finding = next(s for s in explained if s["key"] == "finding")["rows"][0]
        assert finding["lead"] == self.label(self.a.finding)
        preconditions = {"danger": self.now.preconditions["danger"]}
        assert (
            self.client.post("/api/next", json={**sent, "preconditions": preconditions}).status_code
            == 200
        )
        other = "no" if preconditions["danger"] == "yes" else "yes"
        refused = self.client.post("/api/next", json={**sent, "preconditions": {"danger": other}})
        assert refused.status_code == 422 and refused.json()["code"] == "C222"


@examples(12, suppress_health_check=list(HealthCheck))
@given(now=interviews(), language=st.sampled_from(list(LANGUAGES)))
def test_S27_no_two_faces_contradict_each_other_about_one_record(
    client: TestClient, now: Interview, language: str
) -> None:
    faces = Faces(now, client, language)
    faces.pages()
    faces.terminal()
    faces.letters()
    faces.row()
    faces.api()
    again = Record.from_dict(json.loads(json.dumps(now.record.to_dict())))
    assert Interview(KOSOVO, WEIGHTS, PROTOCOL, again).preconditions == now.preconditions


@examples(60)
@given(now=interviews())
def test_S27_danger_is_the_same_in_the_precondition_the_answer_and_the_finding(
    now: Interview,
) -> None:
    a, given_ = now.scored(), now.record.answers.get(DANGER)
    assert "danger" not in now.record.preconditions
    assert given_ is not None and given_.answer is not Answer.NOT_ASKED
    assert (now.preconditions["danger"] == "yes") is (given_.answer is Answer.YES)
    assert (now.danger == "yes") is (a.danger.state == "present") is (a.finding == "act_now")
    assert now.profile == a.profile and (now.state.finding, now.state.rank == 3) == (
        a.finding,
        a.finding == "act_now",
    )


def test_S27_the_letter_never_says_no_danger_under_act_now() -> None:
    now = Interview.begin(KOSOVO, WEIGHTS, PROTOCOL, "A-1")
    for precondition, choice in zip(
        PRECONDITIONS, ("no", "yes", "not_needed", "yes", "yes", "guardian"), strict=True
    ):
        now = now.precondition(precondition, choice)
    yes = Response(Answer.YES)
    for sign in (DANGER, "violence_now"):
        found = now.person("9").answer(sign, yes).judge(Judgement("refer"))
        content = letter(found, by_hand=True)
        said = {r.lead: r.text for b in content.blocks[0] for r in b.lines}
        assert content.danger and said["Danger"] == "Yes, someone is in danger"


@pytest.mark.parametrize("language", list(LANGUAGES))
def test_S27_the_printed_pdf_says_what_the_page_says(language: str) -> None:
    now = Interview.begin(KOSOVO, WEIGHTS, PROTOCOL, "A-1").precondition("danger", "no").person("9")
    now = now.answer("violence_now", Response(Answer.YES)).judge(Judgement("refer"))
    content = letter(now, [language], by_hand=True)
    pages = PdfReader(io.BytesIO(letter_pdf(content))).pages
    printed = "".join("".join(page.extract_text() for page in pages).split())
    danger = PROTOCOL.words("preconditions", "danger", "yes", language)
    for line in (KOSOVO.texts(language).get("findings", "act_now", "label"), danger):
        assert "".join(line.split()) in printed
        assert line in html.unescape(letter_html(content))
