"""Sixteen weeks through the commands: 60 invented children, 134 meetings, three social workers.

Siblings, an absence, a referral that is declined, a closure by two. Every day is given; nothing
reads the clock of the machine but the store, for when a thing was recorded.
"""

from __future__ import annotations

import csv
import io
import json
import re
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from screening.casebook.laptop import Casebook
from screening.cli import run

START = date(2026, 2, 2)  # a Monday
PASSPHRASE = "baganu lupezo tirofa gedisa munako vizeba"
SIGNS = ("out_of_school", "sent_and_placed", "begging_hazard", "money_to_family_only")
WORKERS = ("arta", "bora", "dona")


def day(week: int, weekday: int = 0) -> str:
    return (START + timedelta(weeks=week, days=weekday)).isoformat()


class Office:
    """A casebook and the people who work on it, through the command line alone."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder, self.capsys = folder, capsys
        self.looked = self.written = 0
        (folder / "passphrase").write_text(PASSPHRASE + "\n", encoding="utf-8")
        Casebook.create(folder / "cases", PASSPHRASE)[0].close()

    def __call__(self, *words: str, by: str = "arta", code: int = 0) -> str:
        self.capsys.readouterr()
        own = ["--store", str(self.folder / "cases"), "--by", by]
        own += ["--passphrase-file", str(self.folder / "passphrase")]
        ended = run([*words, *own])
        out, err = self.capsys.readouterr()
        assert ended == code, f"{words} ended with {ended}: {err}"
        self.looked += words[:2] in (("case", "show"), ("case", "find")) or words[0] == "calibrate"
        self.written += words[0] == "triage"
        return out + err

    def case(self, *words: str, on: str = "", **more: Any) -> str:
        return self("case", *words, *(["--on", on] if on else []), **more)

    def list(self, on: str, *words: str, by: str = "arta") -> dict[str, dict[str, Any]]:
        """The work list as JSON, by case, with each line's place."""
        path = self.folder / f"list-{len(list(self.folder.iterdir()))}.json"
        self("triage", "--role", "social_worker", "--on", on, "-o", str(path), *words, by=by)
        lines = json.loads(path.read_text(encoding="utf-8"))
        return {line["case"]: {"place": n, **line} for n, line in enumerate(lines)}


def week_one() -> str:
    """Her table: sixty children met in the first week, four signs that make four kinds of cases."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(["Kodi", "Data", "mosha", "Vendi", *SIGNS])
    for n in range(60):
        kind = n % 6
        signs = {
            0: ("po", "", "", ""),  # out of school: look further
            1: ("", "po", "", ""),  # sent and placed by somebody: look further
            2: ("", "", "", ""),  # nobody asked: too little known
            3: ("jo", "jo", "jo", "jo"),
            4: ("po", "", "po", "po"),
            5: ("", "po", "po", ""),
        }[kind]
        writer.writerow([f"F-{n:02}", day(0, n % 5), 6 + n % 11, f"Vendi {n % 4}", *signs])
    return out.getvalue()


@pytest.fixture
def office(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Office:
    return Office(tmp_path, capsys)


def test_sixteen_weeks(office: Office) -> None:
    first_week(office)
    hers = whose_step_and_when(office)
    siblings(office)
    meetings(office)
    nothing_moved(office, hers)
    absence(office)
    declined(office)
    closed_by_two(office)
    outcomes(office)
    everything_is_there(office)


def first_week(office: Office) -> None:
    """Sixty rows are looked at, taken in once, and shared among three people."""
    table = office.folder / "fillimi.csv"
    table.write_text(week_one(), encoding="utf-8")
    match = ["--match", "Kodi=case_id", "--match", "Data=met_on", "--match", "Vendi=place"]
    told = office.case(
        "import", str(table), *match, "--columns", "tonat", "--dry-run", on=day(0, 4)
    )
    assert "new case: 60" in told and "Nothing was recorded" in told
    assert "new case: 60" in office.case(
        "import", str(table), *match, "--columns", "tonat", on=day(0, 4)
    )
    assert "there already: 60" in office.case(
        "import", str(table), "--columns", "tonat", on=day(0, 4)
    )
    assert len(office.list(day(0, 4), "--unassigned")) == 60
    for n in range(6):
        office.case("assign", f"F-{n:02}", "--to", WORKERS[n % 3], on=day(0, 4), by=WORKERS[n % 3])
    assert len(office.list(day(0, 4), "--mine")) == 2


def whose_step_and_when(office: Office) -> dict[str, str]:
    """On the day the table came nobody is overdue, and every line names her own step."""
    lines = office.list(day(0, 4))
    assert len(lines) == 60 and not any(x["overdue"] for x in lines.values())
    found = {c: x for c, x in lines.items() if x["finding"] != "too_little_known"}
    assert all(x["role"] == "social_worker" and x["step"] for x in found.values())
    assert not any(x["step"] == "tell_csw_child" for x in lines.values())
    return {c: x["due"] for c, x in found.items()}


def siblings(office: Office) -> None:
    for one, other in (("F-00", "F-06"), ("F-00", "F-12"), ("F-01", "F-07")):
        office.case("link", one, other, "--as", "sibling", on=day(1))
    office.case("link", "F-00", "F-12", "--does-not-hold", "--why", "neighbours", on=day(1))


def meetings(office: Office) -> None:
    """74 further meetings: most ask a little more, the first child's finding rises."""
    met = 0
    for n in range(36):
        for week in (2 + n % 5, 8 + n % 5):
            case, answers = f"F-{n:02}", ["--danger", "no"]
            if case == "F-00" and week == 2:
                answers += ["--answer", "sent_and_placed=yes", "--answer", "supervised_begging=yes"]
            elif week < 8:
                answers += ["--answer", "smuggler_debt=refused"]
            plan = ["--next", day(week + 3)] if n % 4 == 0 else []
            by = WORKERS[n % 3]
            office.case("meet", case, *answers, *plan, on=day(week, n % 5), by=by)
            met += 1
    for case in ("F-50", "F-51"):
        office.case("meet", case, "--danger", "no", on=day(13), by="dona")
        met += 1
    assert met == 74
    lines = office.list(day(2, 1))
    assert lines["F-00"]["finding"] == "refer" and lines["F-00"]["siblings"] == "F-06"
    shown = office.case("show", "F-06", on=day(2, 1))
    assert "[sibling:F-00]" in shown
    assert "[sibling:F-00]" not in office.case("show", "F-12", on=day(2, 1))


def nothing_moved(office: Office, hers: dict[str, str]) -> None:
    """After thirteen weeks of meetings the first clocks stand where they stood: what was not done is
    overdue, and what was done or never hers is not.
    """
    done = [c for n, c in enumerate(hers) if n % 2]
    for case in done[:6]:
        steps = re.findall(
            r"^  2026\S* overdue  \[([^]]+)\]", office.case("show", case, on=day(13)), re.M
        )
        assert steps
        office.case("done", case, *steps, "--note", "seen to", "--to", "help", on=day(13))
    lines = office.list(day(13))
    still = {c: x for c, x in lines.items() if c in hers and c not in done[:6]}
    assert all(x["due"] == hers[c] and x["overdue"] for c, x in still.items() if c not in ("F-00",))
    late = [c for c, x in lines.items() if x["overdue"]]
    assert not set(done[:6]) & set(late) and len(late) >= len(still) - 1
    ordered = [x["section"] for x in sorted(lines.values(), key=lambda x: x["place"])]
    assert ordered == sorted(
        ordered, key=(["danger", "overdue", "today", "week", "changed", "waiting"]).index
    )
    case = next(iter(still))
    (step,) = [still[case]["step_key"]]
    office.case("postpone", case, step, "--until", day(15), "--why", "family is away", on=day(13))
    assert (
        "overdue"
        not in office.case("show", case, on=day(13)).split(f"[{step}]")[0].splitlines()[-1]
    )


def absence(office: Office) -> None:
    """Arta is away for a month: all she has is offered to Bora, and is hers until Bora accepts."""
    hers = set(office.list(day(13), "--mine"))
    office.case("handover", "--to", "bora", "--why", "leave", "--until", day(17), on=day(13))
    lines = office.list(day(13))
    assert {c for c, x in lines.items() if x["offered_to"] == "bora"} == hers
    assert {lines[c]["owner"] for c in hers} == {"arta"}
    office.case("accept", "F-00", by="dona", on=day(13), code=2)
    office.case("accept", by="bora", on=day(13))
    assert {office.list(day(13))[c]["owner"] for c in hers} == {"bora"}


def declined(office: Office) -> None:
    office.case("refer", "F-00", "--to", "Shelter", "--reply-by", day(14), on=day(13), by="bora")
    late = office.list(day(14, 1), "--mine", by="bora")["F-00"]
    assert late["overdue"]
    assert "[reply:R1]" in office.case("show", "F-00", on=day(14, 1), by="bora")
    told = ["--reply", "declined", "--why", "full"]
    office.case("refer", "F-00", *told, on=day(14, 1), by="bora")
    shown = office.case("show", "F-00", on=day(14, 1), by="bora")
    assert "[reply:R1]" not in shown.split("Done")[0] and "[declined:R1]" in shown.split("Done")[0]
    office.case("refer", "F-00", *told, on=day(14, 1), by="bora", code=2)


def closed_by_two(office: Office) -> None:
    case = "F-03"
    office.case("close", case, "--reason", "help_in_place", on=day(15), code=2)
    office.case("close", case, "--reason", "help_in_place", "--despite", "at school", on=day(15))
    office.case("close", case, "--confirm", on=day(15), code=2)
    office.case("close", case, "--confirm", on=day(15), by="bora")
    assert case not in office.list(day(15))
    assert "closed" in office.case("find", case)
    office.case("meet", "F-09", "--danger", "no", on=day(15))  # another child's: it stays closed
    assert case not in office.list(day(15))


def outcomes(office: Office) -> None:
    """Formal decisions come back as numbers; small ones are hidden, and no case number is among
    them.
    """
    for n, result in enumerate(("actual", "possible", "not_confirmed", "possible")):
        told = ["identified", "--result", result, "--who", "panel", "--authority", "NRM"]
        office.case("outcome", f"F-{n:02}", *told, on=day(15, 1))
    printed = office("calibrate", "outcomes")
    assert "60 people screened" in printed and not re.search(r"F-\d\d", printed)


def everything_is_there(office: Office) -> None:
    """Nothing was lost, every look and every list is on record, and the chain is whole."""
    book = Casebook.open(office.folder / "cases", PASSPHRASE)
    with book:
        kinds = [e.kind for e in book.events()]
        assert kinds.count("met") == 60 + 74 + 1 and kinds.count("opened") == 60
        assert kinds.count("closure_proposed") == kinds.count("closure_confirmed") == 1
        assert (kinds.count("viewed"), kinds.count("exported")) == (office.looked, office.written)
        assert book.verify().events == len(kinds)
    assert all(f.suffix != ".ics" for f in office.folder.iterdir())
    calendar = office.folder / "week.ics"
    office.case("week", "--role", "social_worker", "-o", str(calendar), on=day(15), by="bora")
    text = calendar.read_bytes().decode()
    assert "SUMMARY:F-" in text and not re.search("refer|child|traffick|sign", text, re.I)
