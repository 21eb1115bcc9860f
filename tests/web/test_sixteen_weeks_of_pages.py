"""Sixteen weeks through the pages: 60 invented children, 134 meetings, three social workers.

Siblings, an absence, a declined referral, a closure by two. The day is the pages' own, so the weeks
pass by moving it.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from screening.casebook.laptop import Casebook
from screening.web.casebook import acts as act_pages
from screening.web.casebook import pages
from screening.web.guard import Keys
from screening.web.server import create_app
from support.office import WORDS, Office
from support.web import KNOWLEDGE, NAME, PORT, inside

START = date(2026, 2, 2)  # a Monday
WORKERS = ("arta", "bora", "dona")
DANGER = KNOWLEDGE.protocol.danger


class Weeks:
    """Three people at the pages of one casebook, day after day."""

    def __init__(self, office: Office, client: TestClient, patch: pytest.MonkeyPatch) -> None:
        self.office, self.client, self.patch = office, client, patch

    def on(self, week: int, weekday: int = 0, by: str = "arta") -> str:
        """Somebody comes to work on a day."""
        day = START + timedelta(weeks=week, days=weekday)
        self.office.me = by
        for module in (pages, act_pages):
            self.patch.setattr(module, "today", lambda: day)
        return day.isoformat()

    def get(self, path: str) -> str:
        page = self.client.get(path)
        assert page.status_code == 200, path
        text = re.sub(r"<(script|style|head).*?</\1>", "", page.text, flags=re.S)
        return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", text)).split())

    def do(self, case: str, what: str, status: int = 303, **form: str) -> None:
        sent = self.client.post(f"/case/{case}/{what}", data=form)
        assert sent.status_code == status, (case, what, self.client.get(f"/case/{case}").text[:200])

    def meet(self, case: str, **form: str) -> None:
        """A quick meeting: nobody is in danger, and the first open question is answered."""
        page = self.client.get(f"/case/{case}/meet").text
        asked = dict.fromkeys(re.findall(r'name="a:([^"]+)"', page))
        given = {f"a:{i}": "no" if i == DANGER else "refused" for i in list(asked)[:2]}
        self.do(case, "meet", **{**given, **form})

    def listed(self, whose: str = "team") -> list[str]:
        page = self.client.get(f"/today?whose={whose}").text
        return re.findall(r'<h3><a href="/case/([^"]+)"', page)


@pytest.fixture
def weeks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Weeks]:
    book, _ = Casebook.create(tmp_path / "cases", WORDS)
    keys = Keys(PORT, NAME)
    with book:
        office = Office(book)
        with inside(create_app(keys, KNOWLEDGE, office.cases), keys) as client:
            yield Weeks(office, client, monkeypatch)


def test_sixteen_weeks_go_through_the_pages_alone(weeks: Weeks) -> None:
    state = lambda case: weeks.office.load().state(case)  # noqa: E731  # short, and read often
    # The first week: sixty children, each met once, shared among three
    for n in range(60):
        weeks.on(0, n % 5, WORKERS[n % 3])
        begun = weeks.client.post("/cases", data={"case": f"F-{n:02}", "age": str(6 + n % 11)})
        assert begun.headers["location"] == f"/case/F-{n:02}/meet"
        weeks.meet(f"F-{n:02}", place=f"Vendi {n % 4}")
        weeks.do(f"F-{n:02}", "take")
    weeks.on(0, 4)
    assert len(weeks.listed()) == 60 and len(weeks.listed("mine")) == 20
    assert "Overdue" not in weeks.get("/today"), "what was found this week is not late this week"
    # Brothers: linked, looked at by a person, never merged
    weeks.on(1)
    for other in ("F-06", "F-12"):
        weeks.do("F-00", "link", other=other, relation="sibling")
    weeks.do("F-00", "review", other="F-12", relation="sibling", holds="no", why="neighbours")
    assert state("F-00").siblings == ("F-06",)
    # 74 further meetings; no clock of a first finding moves with them
    before = {c: [s.day for s in state(c).open_steps if not s.postponed] for c in ("F-30", "F-31")}
    for n in range(36):
        for week in (2 + n % 5, 8 + n % 5):
            day = weeks.on(week, n % 5, WORKERS[n % 3])
            plan = date.fromisoformat(day) + timedelta(weeks=1)
            weeks.meet(f"F-{n:02}", **({"next": plan.isoformat()} if n % 4 == 0 else {}))
    for case in ("F-50", "F-51"):
        weeks.on(13, by="dona")
        weeks.meet(case, text="Seen at the market.")
    kinds = weeks.office.kinds
    met = sum(kinds(f"F-{n:02}").count("met") for n in range(60))
    assert met == 134
    for case, days in before.items():
        assert set(days) <= {s.day for s in state(case).steps}
    # What nobody did is late, on the right list, and is done or put off with a reason
    weeks.on(13)
    assert "Overdue" in weeks.get("/today?whose=mine")
    step = state("F-03").open_steps[0].key
    weeks.do("F-03", "postpone", status=400, step=step, until="2026-05-20", why="")
    weeks.do("F-03", "postpone", step=step, until="2026-05-20", why="family is away")
    weeks.do("F-03", "note", text="Lives with an aunt.")
    weeks.client.post("/lists", data={"name": "aunts", "words": "aunt", "whose": "mine"})
    assert "F-03" in weeks.get("/today?saved=aunts")
    # An absence: offered at once, hers until Bora accepts
    hers = weeks.listed("mine")
    gone = weeks.client.post("/handover", data={"to": "bora", "why": "leave"})
    assert gone.status_code == 303 and state("F-00").owner == "arta"
    weeks.on(13, by="dona")
    weeks.do("F-00", "accept", status=400)
    weeks.on(13, by="bora")
    for case in hers:
        weeks.do(case, "accept")
    assert set(hers) <= set(weeks.listed("mine")) and state("F-00").owner == "bora"
    # A referral that is declined is a step of its own
    day = weeks.on(14, by="bora")
    by = (date.fromisoformat(day) + timedelta(days=3)).isoformat()
    weeks.do("F-00", "refer", to="Shelter", reply_by=by)
    weeks.on(14, 4, by="bora")
    assert "reply:R1" in {s.key for s in state("F-00").open_steps}
    weeks.do("F-00", "reply", referral="R1", reply="declined", text="full")
    assert "declined:R1" in {s.key for s in state("F-00").open_steps}
    # Two people close a child's case; a new meeting opens it again
    weeks.on(15, by="bora")
    weeks.do("F-03", "close", status=400, reason="help_in_place")
    weeks.do("F-03", "close", reason="help_in_place", despite="goes to school again")
    weeks.do("F-03", "confirm", status=400)
    weeks.on(15, by="dona")
    weeks.do("F-03", "confirm")
    assert state("F-03").closed and "F-03" not in weeks.listed()
    weeks.meet("F-03")
    assert not state("F-03").closed
    # A formal decision is recorded and is never the finding; the week on paper has numbers only
    form = {"result": "possible", "who": "panel", "authority": "NRM", "form": "", "reason": ""}
    finding = state("F-01").now
    weeks.do("F-01", "identified", **form)
    assert state("F-01").now == finding and state("F-01").identifications[0].result == "possible"
    assert "aunt" not in weeks.get("/week")
    # Nobody was lost on the way, and every event is as it was recorded
    assert len(weeks.listed()) == 60
    assert weeks.office.book.verify().events == weeks.office.book.last()
