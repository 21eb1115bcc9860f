"""Weight sets that people sign: what is shown, what is refused and in which words, and that nothing old ever changes."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest
from bench import NEXT, TODAY, Office, own_list

from screening.answers import Answer, Case, Response
from screening.calibrate.signing import SigningKey, activate, guard
from screening.checklist import load_checklist, load_weights, signed
from screening.checklist.lint import lint
from screening.checklist.weights import check_dates
from screening.errors import CODES, KnowledgeError, UsageError
from screening.exchange.weightbook import add_activation, set_override, signatures
from screening.scoring import score

OLD = "2026-11-23-published-strength"
REASON = "Decided by the trainers on 1 December"


@pytest.fixture
def office(tmp_path: Path) -> Office:
    made = Office(own_list(tmp_path))
    made.hire("arta")
    made.hire("besa")
    return made


def in_force(office: Office, on: date = TODAY, by: str = "arta", name: str = NEXT) -> None:
    weights = load_weights(office.checklist, name)
    _, entries = signed.activations(office.checklist.folder)
    office.checklist = add_activation(office.checklist, entries, activate(office.checklist, weights, entries, office.keys[by], on, REASON))


def refused(code: str, call: object, *words: str) -> None:
    with pytest.raises((KnowledgeError, UsageError)) as caught:
        call()  # a callable
    line = str(caught.value)
    assert caught.value.code == code, line
    assert "\n" not in line and f"[{code}]" in line
    for word in words:
        assert word in line, line


# -- the way -----------------------------------------------------------------------------------------------------------------


def test_two_people_sign_and_the_set_that_is_put_in_force_is_the_one_that_scores(office):
    before = load_weights(office.checklist)
    draft = office.draft(begging_hazard=4)
    assert str(draft.standing) == "unsigned"
    assert str(office.sign("arta").standing) == "half-signed"
    done = office.sign("besa")
    assert str(done.standing) == "signed by Arta, Besa" and done.sha256 == draft.sha256
    assert load_weights(office.checklist).id == OLD, "signing puts nothing in force"
    in_force(office)
    now = load_weights(office.checklist)
    assert (now.id, now.sha256) == (NEXT, draft.sha256)
    case = Case("A", 9, answers={"begging_hazard": Response(Answer.YES)})
    assert score(case, office.checklist, now).weights.standing == "signed by Arta, Besa"
    assert score(case, office.checklist, now).points == 4
    old = load_weights(office.checklist, OLD)
    assert (old.sha256, score(case, office.checklist, old).points) == (before.sha256, 2), "old sets and old results stay as they are"
    assert score(case, office.checklist, old).receipt == score(case, load_checklist("kosovo"), before).receipt


def test_a_set_says_what_it_departs_from_how_it_was_made_and_what_changed(office):
    draft = office.draft(begging_hazard=4, trauma_signs=3)
    text = (office.checklist.folder / "weights" / f"{NEXT}.yaml").read_text(encoding="utf-8")
    assert draft.previous == OLD and load_weights(office.checklist, OLD).sha256 in text
    assert "'begging_hazard, child: 2 -> 4'" in text and "'trauma_signs, child: 1 -> 3'" in text
    assert "Set by hand afterwards: begging_hazard (child), trauma_signs (child)." in " ".join(draft.method.split())
    assert draft.recheck_by == date(2027, 12, 1) and draft.authors == ("A. Kola",)


def test_every_activation_is_kept_with_who_when_and_why_and_follows_the_one_before(office):
    for n, name in enumerate((NEXT, "2026-12-02-again")):
        office.draft(name, trauma_signs=n)
        office.sign("arta", name)
        office.sign("besa", name)
        in_force(office, name=name, on=date(2026, 12, 1 + n))
    _, entries = signed.activations(office.checklist.folder)
    assert [(e.before, e.weights, e.by, e.on.day, e.reason) for e in entries] == [(OLD, NEXT, "arta", 1, REASON), (NEXT, "2026-12-02-again", "arta", 2, REASON)]
    assert entries[0].chain == "" and entries[1].chain == signed.head(entries[:1]) != signed.head(entries)


# -- what is refused ---------------------------------------------------------------------------------------------------------


def test_a_half_signed_set_is_refused_in_words(office):
    office.draft()
    office.sign("arta")
    refused("K151", lambda: load_weights(office.checklist, NEXT), "1 of 2 people have signed", "let the second one sign")
    refused("K151", lambda: in_force_of(office, load_weights(office.checklist, NEXT, draft=True)), "1 of 2 people")


def in_force_of(office: Office, weights: object) -> None:
    activate(office.checklist, weights, [], office.keys["arta"], TODAY, REASON)  # a weight set


def test_an_unsigned_set_may_be_tried_and_not_put_in_force(office):
    office.draft()
    tried = load_weights(office.checklist, NEXT)
    assert str(tried.standing) == "unsigned"
    refused("K151", lambda: in_force_of(office, tried), "nobody has signed")


def both_signed(office: Office, **changes: int) -> Path:
    office.draft(**changes)
    office.sign("arta")
    office.sign("besa")
    return office.checklist.folder / "weights" / f"{NEXT}.yaml"


TAMPER = [
    ("a weight", "weights/{}.yaml", r"  daily_quota: \{adult: 2", "  daily_quota: {adult: 3", "K150", "not as it was signed"),
    ("the title", "weights/{}.yaml", "title: For tests", "title: For all", "K150", "not as it was signed"),
    ("the day of re-check", "weights/{}.yaml", "recheck_by: '2027-12-01'", "recheck_by: '2037-12-01'", "K150", "not as it was signed"),
    ("the hash that was signed", "weights/signatures/{}.yaml", r"sha256: [0-9a-f]{8}", "sha256: 00000000", "K150", "not as it was signed"),
    ("a signature", "weights/signatures/{}.yaml", r"signature: .{8}", "signature: AAAAAAAA", "K150", "does not fit this set"),
    ("the day of a signature", "weights/signatures/{}.yaml", "'on': '2026-12-01'", "'on': '2026-12-02'", "K150", "does not fit this set"),
    ("another set's signatures", "weights/signatures/{}.yaml", f"weights: {NEXT}", f"weights: {OLD}", "K153", "signatures of the set"),
    ("another list's signatures", "weights/signatures/{}.yaml", "checklist: kosovo", "checklist: kosovo-street", "K153", "of the list 'kosovo-street'"),
    ("a stranger's name", "weights/signatures/{}.yaml", "by: besa", "by: driton", "K154", "not registered"),
    ("another key", "signers.yaml", r"(id: besa\n  name: Besa\n  role: trainer\n  key: ).{10}", r"\g<1>AAAAAAAAAA", "K154", "not the registered one"),
    ("one person as two", "signers.yaml", "name: Besa", "name: Arta", "K154", "signed twice"),
    ("nobody registered", "signers.yaml", r"signers:[\s\S]*", "signers: []\n", "K154", "not registered"),
]


@pytest.mark.parametrize(("file", "old", "new", "code", "words"), [t[1:] for t in TAMPER], ids=[t[0] for t in TAMPER])
def test_a_set_that_was_tampered_with_is_refused_in_words(office, file, old, new, code, words):
    both_signed(office)
    assert load_weights(office.checklist, NEXT).standing.state == "signed"
    path = office.checklist.folder / file.format(NEXT)
    text = path.read_text(encoding="utf-8")
    changed = re.sub(old, new, text, count=1)
    assert changed != text, "the prank does nothing"
    path.write_text(changed, encoding="utf-8")
    refused(code, lambda: load_weights(office.checklist, NEXT), words)
    assert load_weights(office.checklist, NEXT, draft=True).standing.state != "signed", "those who mend it still see it"
    assert "W413" in {w.code for w in lint(office.checklist, TODAY)}


def test_what_is_in_force_cannot_be_changed_even_by_throwing_its_signatures_away(office):
    path = both_signed(office)
    in_force(office)
    load_weights(office.checklist)
    path.write_text(path.read_text(encoding="utf-8").replace("daily_quota: {adult: 2", "daily_quota: {adult: 0"), encoding="utf-8")
    (path.parent / "signatures" / path.name).unlink()
    assert str(load_weights(office.checklist, NEXT).standing) == "unsigned", "by itself it is a proposal now"
    refused("K150", lambda: load_weights(office.checklist), "not as it was put in force on 2026-12-01")


LOG = [
    ("the reason", "reason: Decided", "reason: Decreed", "K155", "does not fit this entry"),
    ("the day", "'on': '2026-12-01'", "'on': '2026-11-30'", "K155", "does not fit this entry"),
    ("who", "by: arta", "by: besa", "K155", "does not fit this entry"),
    ("a stranger", "by: arta", "by: driton", "K154", "not registered"),
    ("the chain", "chain: ''", f"chain: {'0' * 64}", "K155", "does not follow"),
    ("another set", f"weights: {NEXT}", f"weights: {OLD}", "K155", "does not fit this entry"),
]


@pytest.mark.parametrize(("old", "new", "code", "words"), [x[1:] for x in LOG], ids=[x[0] for x in LOG])
def test_a_log_of_activations_that_was_changed_is_refused_in_words(office, old, new, code, words):
    both_signed(office)
    in_force(office)
    path = office.checklist.folder / "activations.yaml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    refused(code, lambda: load_weights(load_checklist(office.checklist.folder)), words)


def test_an_entry_taken_out_of_the_middle_of_the_log_is_noticed(office):
    test_every_activation_is_kept_with_who_when_and_why_and_follows_the_one_before(office)
    path = office.checklist.folder / "activations.yaml"
    text = path.read_text(encoding="utf-8")
    first, second = text.index("- weights:"), text.index("- weights:", text.index("- weights:") + 1)
    path.write_text(text[:first] + text[second:], encoding="utf-8")
    refused("K155", lambda: load_weights(load_checklist(office.checklist.folder)), "does not follow the one before")


def test_days_bind_a_signed_set_where_somebody_chooses_it_and_never_stop_the_one_in_force(office):
    both_signed(office)
    for day, words in ((date(2026, 11, 30), "valid from 2026-12-01"), (date(2027, 12, 2), "re-checked by 2027-12-01")):
        refused("K152", lambda day=day: load_weights(office.checklist, NEXT, on=day), words)
        refused("K152", lambda day=day: activate(office.checklist, load_weights(office.checklist, NEXT), [], office.keys["arta"], day, REASON), words)
    assert load_weights(office.checklist, NEXT, on=date(2027, 12, 1)).id == NEXT
    in_force(office)
    late = load_weights(office.checklist, on=date(2030, 1, 1))
    assert late.id == NEXT, "somebody waits for a finding"
    refused("K152", lambda: check_dates(late, date(2030, 1, 1)))


def test_a_set_without_a_day_of_re_check_to_come_is_not_signed(office):
    office.draft(recheck_by=date(2026, 12, 2))
    refused("K152", lambda: office.sign("arta", on=date(2026, 12, 2)), "to be re-checked 2026-12-02")


def test_nobody_signs_twice_nor_unregistered_nor_outside_their_time(office):
    office.hire("gone", until=date(2026, 11, 30))
    office.draft()
    refused("K154", lambda: office.sign("gone"), "may not sign on 2026-12-01")
    office.keys["zef"] = SigningKey.generate("zef")
    refused("K154", lambda: office.sign("zef"), "not registered")
    office.keys["false"] = SigningKey("arta", SigningKey.generate("x").private)
    refused("K154", lambda: office.sign("false"), "with this key")
    office.sign("arta")
    refused("K154", lambda: office.sign("arta"), "signed this set already")
    refused("K113", lambda: office.hire("arta"), "registered already")


def test_an_activation_needs_a_reason_and_never_lies_before_the_last(office):
    both_signed(office)
    weights = load_weights(office.checklist, NEXT)
    refused("U305", lambda: activate(office.checklist, weights, [], office.keys["arta"], TODAY, "because"), "too short")
    in_force(office, on=date(2026, 12, 5))
    _, entries = signed.activations(office.checklist.folder)
    refused("K155", lambda: activate(office.checklist, weights, entries, office.keys["besa"], TODAY, REASON), "check this machine's date")


# -- the child who is held out -----------------------------------------------------------------------------------------------


def fall(office: Office) -> dict[str, int]:
    """Weights under which points no longer carry anybody: every sign of a child weighs nothing."""
    return dict.fromkeys(load_weights(office.checklist).points["child"], 0)


def test_a_set_under_which_a_held_out_child_forced_to_beg_falls_is_not_signed(office):
    office.draft(**fall(office))
    refused("K156", lambda: office.sign("arta"), "S-03", "fall below refer", "--override")
    assert signatures(office.checklist.folder / "weights" / f"{NEXT}.yaml") == []


def test_it_is_signed_with_a_written_reason_which_stays_in_the_set_for_ever(office):
    office.draft(**fall(office))
    path = office.checklist.folder / "weights" / f"{NEXT}.yaml"
    reason = "Only a trial for one week, agreed with the coordinator."
    changed = set_override(office.checklist, path, reason)
    assert changed.override == reason and len(guard(office.checklist, changed)) >= 3
    office.sign("arta")
    assert str(office.sign("besa").standing) == "signed by Arta, Besa"
    refused("K150", lambda: set_override(office.checklist, path, reason + " And more."), "somebody has signed")


def test_a_held_out_child_who_keeps_the_finding_stops_nobody(office):
    draft = office.draft(begging_hazard=4)
    assert guard(office.checklist, draft) == []


def test_every_code_of_signatures_is_raised_here():
    text = Path(__file__).read_text(encoding="utf-8")
    assert {c for c in CODES if c.startswith("K15")} - {"K157"} <= set(re.findall(r"K15\d", text))
