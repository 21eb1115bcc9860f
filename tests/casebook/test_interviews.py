"""Interviews in a casebook: what was set comes back letter by letter, after any end."""

from __future__ import annotations

import pytest

from screening.answers import Answer, Response
from screening.casebook import Moved
from screening.casebook.interviews import StoredCases
from screening.casebook.laptop import Casebook
from screening.errors import UsageError
from screening.interview import Interview, Judgement, load_protocol
from screening.web.interview.cases import Desk, Knowledge, Seen
from support.casebook import ACT, WORDS, code_of, met

INDICATORS = 12
YES = Response(Answer.YES)


@pytest.fixture
def book(tmp_path):
    made, _ = Casebook.create(tmp_path / "book", WORDS)
    with made:
        yield made


def again(book: Casebook) -> StoredCases:
    """The same casebook as another program sees it."""
    return StoredCases(book, lambda: ACT)


def begun(kosovo, weights, case: str = "K-1") -> Interview:
    return Interview.begin(kosovo, weights, load_protocol(kosovo), case)


def test_everything_that_an_interview_sets_comes_back_as_it_was(book, kosovo, kosovo_weights):
    cases = again(book)
    now = begun(kosovo, kosovo_weights)
    cases.put(now.record, None)

    def keep(later: Interview) -> None:
        nonlocal now
        cases.put(later.record, now.record.revision)
        now = later
        assert again(book).get("K-1") == now.record
        assert again(book).get("K-1").changes == now.record.changes
        numbers = [c.number for c in now.record.changes]
        assert [c.number for c in again(book).get("K-1").changes] == numbers

    for name in list(now.checklist.indicators)[:INDICATORS]:
        keep(now.answer(name, Response(Answer.YES, note=f"seen by {name}")))
    keep(now.answer(name, Response(Answer.UNKNOWN)))
    keep(now.person("14"))
    keep(now.judge(Judgement("refer", "the child is afraid")))
    keep(now.for_letter({"to": "Centre for social work", "name": "A."}))
    merged = now.for_letter({"to": "Centre for social work, Prishtina"})
    keep(Interview(*_parts(merged), merged.record.typed_on("letter:to")))
    assert book.verify().events > INDICATORS


def _parts(now: Interview):
    return now.checklist, now.weights, now.protocol


def test_an_interview_says_what_it_found_about_the_case(book, kosovo, kosovo_weights):
    cases = again(book)
    first = begun(kosovo, kosovo_weights)
    cases.put(first.record, None)
    name = list(kosovo.indicators)[1]
    second = first.answer(name, Response(Answer.YES, note="she told me"))
    cases.put(second.record, first.record.revision)
    third = second.person("12")
    cases.put(third.record, second.record.revision)
    kinds = [e.kind for e in book.events("K-1") if not e.kind.startswith("interview")]
    assert kinds == ["opened", "met", "answered", "corrected"]
    answered = next(book.events("K-1", kinds=["answered"]))
    assert answered.data["answers"][name]["answer"] == "yes"
    assert answered.words == {"notes": {name: "she told me"}}
    assert "she told me" not in str([dict(e.data) for e in book.events()])


def test_a_case_that_the_casebook_knows_is_met_again_and_not_opened_again(
    book, kosovo, kosovo_weights
):
    book.append([met("K-1")])
    again(book).put(begun(kosovo, kosovo_weights).record, None)
    assert [e.kind for e in book.events("K-1")] == [
        "met",
        "met",
        "interview_begun",
        "interview_kept",
    ]


def test_two_programs_on_one_case_never_overwrite_each_other(book, kosovo, kosovo_weights):
    ours, theirs = again(book), again(book)
    first = begun(kosovo, kosovo_weights)
    ours.put(first.record, None)
    one, two = list(kosovo.indicators)[:2]
    book.append([met("K-1")])  # about the case, not about the interview
    ours.put(first.answer(one, YES).record, 0)
    with pytest.raises(Moved) as moved:
        theirs.put(first.answer(two, YES).record, 0)
    assert moved.value.record.answers[one].answer is Answer.YES
    later = Interview(*_parts(first), moved.value.record).answer(two, YES)
    theirs.put(later.record, moved.value.record.revision)
    assert set(ours.get("K-1").answers) >= {one, two}
    with pytest.raises(UsageError) as there:
        theirs.put(first.record, None)
    assert code_of(there.value) == "U302.case_exists"


def test_an_erased_case_is_on_nobodys_desk(book, kosovo, kosovo_weights):
    cases = again(book)
    for case in ("K-1", "K-2"):
        cases.put(begun(kosovo, kosovo_weights, case).record, None)
    book.erase("K-1", ACT)
    assert cases.ids() == again(book).ids(kosovo.id) == ["K-2"] and cases.ids("other") == []
    for view in (cases, again(book)):
        with pytest.raises(UsageError) as gone:
            view.get("K-1")
        assert code_of(gone.value) == "U304.no_case"
    with pytest.raises(UsageError) as kept:
        cases.drop("K-2")
    assert code_of(kept.value) == "U325.in_casebook"


def test_a_desk_takes_up_what_an_earlier_run_has_kept(book, kosovo):
    desk = Desk(Knowledge(), again(book))
    key = desk.begin("K-1")
    name = list(kosovo.indicators)[1]
    desk.save(key, Seen(0), lambda now: now.answer(name, YES))
    assert desk.unsaved() == 0
    later = Desk(Knowledge(), again(book))
    assert list(later.cases().values()) == ["K-1"]
    (key,) = later.cases()
    assert later.interview(key).record.answers[name].answer is Answer.YES
