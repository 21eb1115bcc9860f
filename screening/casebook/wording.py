"""What the casebook's codes are called: sections, relations, referrals, reasons for closing."""

from __future__ import annotations

from collections.abc import Mapping

from screening.errors import mark

__all__ = ["CLOSINGS", "REFERRALS", "RELATIONS", "RESULTS", "SECTION_WORDS"]

SECTION_WORDS: Mapping[str, str] = {
    "danger": mark("Danger"),
    "overdue": mark("Overdue"),
    "today": mark("Today"),
    "week": mark("Within a week"),
    "changed": mark("Changed since you last looked"),
    "waiting": mark("Waiting"),
}
RELATIONS: Mapping[str, str] = {
    "sibling": mark("brother or sister"),
    "same_adult": mark("the same adult"),
    "same_place": mark("the same place"),
    "possible_duplicate": mark("perhaps the same person"),
}
REFERRALS: Mapping[str, str] = {
    "drafted": mark("drafted"),
    "sent": mark("sent, waiting for an answer"),
    "accepted": mark("accepted"),
    "declined": mark("declined"),
    "done": mark("done"),
    "revoked": mark("taken back"),
}
RESULTS: Mapping[str, str] = {
    "actual": mark("a victim of trafficking"),
    "possible": mark("a possible victim of trafficking"),
    "not_confirmed": mark("not confirmed"),
}
CLOSINGS: Mapping[str, str] = {
    "help_in_place": mark("Help is in place"),
    "taken_over": mark("Another office has taken over"),
    "moved_away": mark("Moved away"),
    "safe_return": mark("Returned safely"),
    "same_person": mark("The same person has another case"),
    "own_wish": mark("An adult's own wish"),
    "died": mark("Died"),
    "other": mark("Another reason"),
}
