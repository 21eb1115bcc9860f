"""The figures of a casebook: what is counted, once each; the article's tables; the monitor."""

from __future__ import annotations

import random
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from screening.casebook.event import Event
from screening.casebook.events import make
from screening.casebook.laptop import Casebook
from screening.casebook.statistics.facts import Facts, facts_of
from screening.casebook.statistics.monitor import AFTER, ALPHA, Expectation, evidence, highest
from screening.casebook.statistics.paper import claims, paper_tables
from screening.casebook.statistics.report import Statistics, Wanted, statistics_of
from screening.casebook.statistics.show import paper_frames, statistics_frame
from screening.casebook.statistics.table import Table, periods
from screening.errors import UsageError
from support.casebook import WORDS
from support.casework import MemoryStore, act, on, screening
from support.year import a_year, identified_person

END = on("2026-11-30")
# The article's tables as it prints them, by row: 2017, 2018, January to June 2019
PRINTED = {
    1: {"charges": (21, 12, 10)},
    2: {
        "human_trafficking": (39, 22, 16),
        "sexual_services_of_a_victim": (31, 7, 5),
        "total": (70, 29, 21),
    },
    3: {
        "identified": (32, 15, 10),
        "assisted": (25, 10, 10),
        "returned": (5, 3, 1),
        "female": (29, 14, 9),
        "male": (3, 1, 1),
    },
    4: {
        "Kosovo": (25, 12, 9),
        "Albania": (5, 2, 1),
        "Philippines": (1, 0, 0),
        "Moldova": (1, 0, 0),
        "Czechia": (0, 1, 0),
        "total": (32, 15, 10),
    },
    5: {
        "prostitution_of_others": (18, 10, 6),
        "pornography_other_sexual": (0, 1, 1),
        "forced_labour_services": (7, 2, 1),
        "begging": (3, 0, 0),
        "slavery_or_similar": (4, 1, 2),
        "forced_marriage": (0, 1, 0),
        "captivity_or_organ_removal": (0, 0, 0),
    },
}


def counted(events: list[Event], as_of: date = END, **wanted: object) -> Statistics:
    store = MemoryStore()
    store.append(events)
    return statistics_of(facts_of(store), Wanted(as_of, **wanted), internal=True)  # type: ignore[arg-type]  # as named


def row(table: Table, name: str) -> tuple[float | None, ...]:
    return tuple(table.cells[name, c] for c in table.columns)


def child(code: str, day: str, *more: Event, **opened: object) -> list[Event]:
    me, first = act(day), on(day)
    fields = {"age": 9, "statistics": {"begs": "yes"}, **opened}
    return [
        make(me, "opened", code, first, **fields),
        make(me, "met", code, first, encounter="1", company="family"),
        *more,
    ]


def decided(code: str, day: str, result: str = "actual", **more: object) -> Event:
    fields = {"result": result, "form": "begging", "who": "panel", "authority": "NRM", **more}
    return make(act(day), "identified", code, on(day), **fields)


# -- the article -----------------------------------------------------------------------------------


@pytest.mark.parametrize("number", PRINTED)
def test_a_table_of_the_article_is_reproduced_cell_by_cell(number: int) -> None:
    table = paper_tables()[number]
    for name, cells in PRINTED[number].items():
        assert row(table, name)[:3] == cells
        assert row(table, name)[3] == sum(cells)
    assert {r for r in table.rows if r != "total"} == set(PRINTED[number]) - {"total"}


def test_the_articles_percentages_stand_beside_those_its_counts_give() -> None:
    told = {(c.table, c.row): (c.printed, c.right, c.wrong) for c in claims()}
    assert told == {
        (1, "charges"): (57.17, 42.86, True),
        (2, "human_trafficking"): (56.41, 43.59, True),
        (3, "identified"): (46.88, 53.12, True),
        (3, "assisted"): (40.0, 60.0, True),
        (3, "returned"): (60.0, 40.0, True),
        (4, "Kosovo"): (78.13, 80.7, True),
        (5, "prostitution_of_others"): (59.64, 59.65, False),
    }


def test_events_of_the_articles_57_persons_become_its_tables_3_4_and_5() -> None:
    """Each period's persons have the article's sexes, origins and forms, in any combination."""
    draw, events = random.Random(1), []
    starts = (date(2017, 1, 1), date(2018, 1, 1), date(2019, 1, 1))
    for n, start in enumerate(starts):
        of = {t: {r: cells[n] for r, cells in PRINTED[t].items()} for t in (3, 4, 5)}

        def drawn(table: int, *rows: str, of: dict = of) -> list[str]:  # type: ignore[type-arg]  # of the test
            names = rows or tuple(r for r in of[table] if r != "total")
            found = [r for r in names for _ in range(of[table][r])]
            draw.shuffle(found)
            return found

        people = zip(drawn(3, "female", "male"), drawn(4), drawn(5), strict=True)
        for k, (sex, origin, form) in enumerate(people):
            events += identified_person(
                f"P-{n}-{k}",
                start + timedelta(days=draw.randrange(181)),
                {"sex": sex, "origin": origin},
                form,
                k < of[3]["assisted"],
                k < of[3]["returned"],
            )
    found = counted(events, date(2019, 6, 30))
    for number, name in ((3, "victims"), (4, "origin"), (5, "form")):
        table = found.table(name)
        for r, cells in PRINTED[number].items():
            key = r if number == 3 or r == "total" else f"{name}:{r}"
            seen = row(table, key) if key in table.rows else (0, 0, 0, 0)
            assert seen == (*cells, sum(cells)), (number, r)
    assert found.table("victims").columns == ("2017", "2018", "2019-01-01 – 2019-06-30", "total")


# -- what is counted -------------------------------------------------------------------------------


def test_a_person_counts_once_however_often_met_and_meetings_are_counted_apart() -> None:
    again = [
        make(act(day), "met", "K-1", on(day), encounter=day) for day in ("2026-03-01", "2026-04-01")
    ]
    found = counted([*child("K-1", "2026-02-01", *again), *child("K-2", "2026-02-02")])
    assert found.table("children").cells["met", "all"] == 2
    assert found.table("acts").cells["meetings", "total"] == 4


def test_how_far_children_came_by_company_with_the_median_days_between() -> None:
    def went(code: str, days: int, company: str) -> list[Event]:
        first = on("2026-01-01")
        sent, took, told = (first + timedelta(days=d) for d in (days, days + 10, days + 30))
        own = child(code, "2026-01-01")
        own[1] = make(act(first), "met", code, first, encounter="1", company=company)
        found = screening("refer", forms=["begging"])
        return [
            *own,
            make(act(first), "screened", code, first, **found),
            make(act(sent), "referral_drafted", code, sent, referral="R", to="Office"),
            make(act(sent), "referral_sent", code, sent, referral="R", reply_by="2026-12-01"),
            make(act(took), "referral_accepted", code, took, referral="R"),
            decided(code, told.isoformat()),
        ]

    events = [*went("K-1", 1, "family"), *went("K-2", 5, "says_family"), *went("K-3", 3, "alone")]
    found = counted([*events, *child("K-4", "2026-01-01")])
    funnel, days = found.table("begging"), found.table("begging_days")
    assert [funnel.cells[s, "all"] for s in funnel.rows] == [4, 3, 3, 3, 3, 3, 3]
    assert [funnel.cells[s, "family"] for s in funnel.rows] == [3, 2, 2, 2, 2, 2, 2]
    assert days.cells["refer:sent", "all"] == 3 and days.cells["sent:accepted", "all"] == 10
    assert days.cells["met:identified", "family"] == 33
    assert ("met:identified", "others") not in days.cells


def test_identified_is_what_an_authority_decided_and_never_a_finding() -> None:
    first = on("2026-01-01")
    found = screening("act_now", forms=["begging"])
    events = child("K-1", "2026-01-01", make(act(first), "screened", "K-1", first, **found))
    assert counted(events).table("begging").cells["identified", "all"] == 0
    assert row(counted(events).table("victims"), "identified") == (0, 0)


@pytest.mark.parametrize(
    ("results", "identified"),
    [
        (("possible",), 0),
        (("actual",), 1),
        (("actual", "not_confirmed"), 0),
        (("not_confirmed", "actual"), 1),
        (("actual", "not_confirmed", "actual"), 1),
    ],
)
def test_the_last_decision_counts(results: tuple[str, ...], identified: int) -> None:
    told = [decided("K-1", f"2026-02-{n:02}", r) for n, r in enumerate(results, 1)]
    found = counted(child("K-1", "2026-01-01", *told))
    assert row(found.table("victims"), "identified") == (identified, identified)
    assert found.table("acts").cells["decisions", "total"] == len(results)


def test_what_happened_later_is_not_in_an_earlier_report() -> None:
    events = child("K-1", "2026-01-01", decided("K-1", "2026-03-01"))
    assert counted(events, on("2026-02-28")).table("children").cells["identified", "all"] == 0
    assert counted(events, on("2026-03-01")).table("children").cells["identified", "all"] == 1
    later = counted(events, since=on("2026-01-02"))
    assert later.table("children").cells["met", "all"] == 0


def test_a_case_of_a_person_who_has_another_is_not_counted() -> None:
    closing = [
        make(act("2026-02-01"), "closure_proposed", "K-2", reason="same_person"),
        make(act("2026-02-02", "besim"), "closure_confirmed", "K-2"),
    ]
    one, two = child("K-1", "2026-01-01"), child("K-2", "2026-01-05", *closing)
    assert counted([*one, *two]).table("children").cells["met", "all"] == 1
    met = make(act("2026-03-01"), "met", "K-2", on("2026-03-01"), encounter="2")
    assert counted([*one, *two, met]).table("children").cells["met", "all"] == 2


def test_s4_a_doubtful_age_is_a_child_and_a_corrected_one_is_not() -> None:
    doubtful = child("K-1", "2026-01-01", age=30, age_certain=False)
    assert counted(doubtful).table("children").cells["met", "all"] == 1
    sure = make(
        act("2026-02-01"), "corrected", "K-1", age={"age": 30, "age_certain": True}, why="papers"
    )
    assert counted([*doubtful, sure]).table("children").cells["met", "all"] == 0


def test_sex_and_origin_are_counted_by_the_words_of_the_country_and_no_person_is_lost() -> None:
    people = {
        "A": {"Gjinia": "Femër", "Shtetësia": "Shqipëri"},
        "B": {"pol": "Žensko", "poreklo": "Srbija", "drzavljanstvo": "Kosovo"},
        "C": {"sex": "M", "nationality": "Shqipëri"},
        "D": {"sex": "x"},
        "E": {"pol": "женско"},
    }
    events = [
        e
        for code, told in people.items()
        for e in identified_person(code, END, told, "labour", False, False)
    ]
    found = counted(events)
    sexes, origins = found.table("victims"), found.table("origin")
    assert [sexes.cells[r, "total"] for r in ("female", "male", "sex_open")] == [3, 1, 1]
    assert {r: origins.cells[r, "total"] for r in origins.rows} == {
        "origin:Shqipëri": 2,
        "origin:Srbija": 1,
        "open": 2,
        "total": 5,
    }


def test_an_erased_case_still_counts(tmp_path: Path) -> None:
    book, _ = Casebook.create(tmp_path / "cases", WORDS)
    with book:
        book.append(child("K-1", "2026-01-01", decided("K-1", "2026-02-01", reason="told")))
        before = statistics_of(facts_of(book), Wanted(END), True).tables
        book.erase("K-1", act(END), "asked for")
        assert statistics_of(facts_of(book), Wanted(END), True).tables == before
        assert before[0].cells["identified", "total"] == 1


def test_facts_of_more_events_are_those_of_all() -> None:
    store = MemoryStore()
    store.append(a_year(60))
    whole = facts_of(store)
    part = Facts()
    part.add(store.kept[:100])
    part.add(store.kept[100:])
    assert (part.rows, part.cases, part.labels, part.acts) == (
        whole.rows,
        whole.cases,
        whole.labels,
        whole.acts,
    )


def test_a_casebook_with_nothing_in_it_has_its_tables() -> None:
    store = MemoryStore()
    for internal in (True, False):
        found = statistics_of(facts_of(store), Wanted(END), internal)
        told = {v for t in found.tables for v in t.cells.values()}
        assert told <= ({0} if internal else {None})


def test_periods_have_names_and_the_last_one_says_where_it_was_cut() -> None:
    names = [p.name for p in periods(date(2025, 11, 3), date(2026, 4, 30), "quarter")]
    assert names == ["2025 Q4", "2026 Q1", "2026-04-01 – 2026-04-30"]
    whole = periods(date(2026, 1, 1), date(2026, 12, 31), "half")
    assert [p.name for p in whole] == ["2026/1", "2026/2"]
    assert all(a.end == b.first for a, b in pairwise(periods(date(2024, 1, 31), END, "month")))


# -- the monitor -----------------------------------------------------------------------------------


def test_the_monitor_counts_each_child_a_fixed_time_after_it_was_met() -> None:
    events = child("K-1", "2026-01-01", decided("K-1", "2026-05-01"))  # in time
    events += child("K-2", "2026-01-01", decided("K-2", "2026-10-01"))  # too late
    events += child("K-3", "2026-11-01", decided("K-3", "2026-11-02"))  # its time is not over
    events += child("K-4", "2026-01-01", statistics={}, age=9)  # does not beg
    found = counted(events).monitor
    assert (found.n, found.hits) == (2, 1)
    assert (END - on("2026-01-01")).days > AFTER > (END - on("2026-11-01")).days


def test_without_a_stated_expectation_nothing_is_compared() -> None:
    found = counted(a_year()).monitor
    assert found.verdict == "no_expectation" and found.chance is None and not found.looks


def test_too_few_identified_raises_an_alarm_and_enough_does_not() -> None:
    events = a_year()
    few = counted(events, expectation=Expectation(0.2, "a count")).monitor
    assert few.verdict == "fewer" and few.since is not None and few.high is not None
    assert few.high < 0.2
    seen = few.hits or 0
    enough = counted(events, expectation=Expectation(max(seen, 1) / (few.n or 1), "a count"))
    assert enough.monitor.verdict == "may_be_chance"


def test_looking_every_month_raises_a_false_alarm_in_fewer_than_one_office_in_twenty() -> None:
    """Where the expectation is true, however often somebody looks."""
    draw, share, offices, alarms = random.Random(3), 0.1, 2000, 0
    for _ in range(offices):
        hits = n = 0
        for _ in range(36):
            n, hits = n + 10, hits + sum(draw.random() < share for _ in range(10))
            if evidence(hits, n, share) >= 1 / ALPHA:
                alarms += 1
                break
    assert alarms / offices <= ALPHA
    assert alarms  # and it can be raised at all


def test_the_largest_share_that_is_not_ruled_out_is_where_the_alarm_begins() -> None:
    for hits, n in ((0, 50), (3, 80), (40, 50)):
        high = highest(hits, n)
        assert high > hits / n
        if high < 1:
            assert evidence(hits, n, high + 1e-6) >= 1 / ALPHA > evidence(hits, n, high - 1e-6)


# -- frames ----------------------------------------------------------------------------------------


def test_the_figures_as_frames_and_who_saw_every_count_is_recorded() -> None:
    store = MemoryStore()
    store.append(a_year())
    frame = statistics_frame(store, END, internal=True, act=act(END))
    assert store.kept[-1].kind == "viewed" and store.kept[-1].data["what"] == "statistics, internal"
    met = frame.query("table == 'acts' and row == 'meetings' and column == 'total'")
    assert met["value"].tolist() == [
        sum(e.kind == "met" and e.happened_on <= END for e in store.kept)
    ]
    assert not frame["left_out"].any()
    released = statistics_frame(store, END)
    assert released["left_out"].any() and released.loc[released["left_out"], "value"].isna().all()
    assert released.loc[released["unit"] != "days", "value"].dropna().min() >= 10
    with pytest.raises(UsageError, match="U305"):
        statistics_frame(store, END, internal=True)


def test_the_articles_tables_as_frames() -> None:
    frames = paper_frames()
    assert set(frames) == set(PRINTED)
    assert frames[3].loc["identified"].tolist() == [32, 15, 10, 57]
    assert frames[4].loc["Kosovo", "total"] == 46
