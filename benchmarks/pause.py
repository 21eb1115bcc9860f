"""How often an interview that stops has the finding of the whole list: where nothing but its own
rule stops it, and in three meetings whose place or person stops it earlier.

    python benchmarks/pause.py [--cases 25] [--begging 100] [--write]

Invented people of every world, drawn for this measurement alone. *Whole list* is the finding when
every item is answered as that person's would be; *here* is the finding when everything was gone
through that this meeting allows: what may not be asked, and at night what needs papers, stays open.
"""

from __future__ import annotations

import argparse
import re
import statistics
import sys
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from interview import GROUPS, grouped
from screening.answers import Answer, Response, Truth, truth
from screening.checklist import load_checklist, load_weights
from screening.checklist.schema import FINDINGS
from screening.cli.progress import progress
from screening.interview import Interview, load_protocol
from screening.interview.choice import Chooser
from screening.interview.step import ENOUGH, FIRST_WORTH
from screening.proportion import share
from screening.simulation import load_world, world_ids
from screening.simulation.generate import ANSWERS, Cases, generate

ROOT = Path(__file__).resolve().parent.parent
SEED = 90_210
HEADING = "How often a stop has the finding of the whole list"
KOSOVO = load_checklist("kosovo")
WEIGHTS = load_weights(KOSOVO)
PROTOCOL = load_protocol(KOSOVO)
Told = Mapping[str, Answer]


@dataclass(frozen=True)
class Meeting:
    """Where somebody is met, and who speaks for a child."""

    name: str
    groups: tuple[str, ...]
    facts: Mapping[str, str]
    representative: str


CHILDREN, ADULTS = (GROUPS[0], GROUPS[1], GROUPS[3]), (GROUPS[2], GROUPS[4])
MEETINGS = (
    Meeting(
        "street at night, nobody speaks for the child",
        CHILDREN,
        {"setting": "street_night", "company": "says_family"},
        "nobody_yet",
    ),
    Meeting(
        "street at night, a social worker is there",
        CHILDREN,
        {"setting": "street_night", "company": "says_family"},
        "social_worker",
    ),
    Meeting("workplace", ADULTS, {"setting": "workplace", "company": "others"}, "adult"),
)


def told(cases: Cases, row: int) -> Told:
    """What would be said or seen of each item, if it were gone through."""
    answers = cases.answers[:, row]
    return {i: Answer(str(ANSWERS[a])) for i, a in zip(cases.world.signs, answers, strict=True)}


def by_rule(chooser: Chooser, said: Told, first: set[str]) -> tuple[int, str, str]:
    """Questions until the rule stops, the finding then, and that of the whole list; nothing is
    withheld and no place is in a hurry.
    """
    known = {i: truth(a) for i, a in said.items() if i in chooser.reach.index}
    left, answers = list(chooser.reach.ids), dict[str, Truth]()
    while left:
        state = chooser.state(answers)
        if state.settled(left) or state.change(left) < ENOUGH:
            break
        choice = state.choose(left, [i for i in left if i in first], FIRST_WORTH)
        assert choice is not None
        left.remove(choice.indicator)
        answers[choice.indicator] = known.get(choice.indicator, Truth.OPEN)
    return len(answers), chooser.state(answers).finding, chooser.state(known).finding


def met(meeting: Meeting, child: bool) -> Interview:
    """An interview up to its first question."""
    now = Interview.begin(KOSOVO, WEIGHTS, PROTOCOL, "m").precondition("danger", "no")
    now = now.person("10" if child else "30", True, dict(meeting.facts))
    usual = {"private": "yes", "interpreter": "not_needed", "may_stop": "yes", "agreement": "yes"}
    for key, choice in {**usual, "representative": meeting.representative}.items():
        now = now.precondition(key, choice)
    return now


def with_all(now: Interview, said: Told, items: tuple[str, ...]) -> str:
    """The finding when these are answered too."""
    given = {i: Response(said[i]) for i in items if i in said}
    record = replace(now.record, answers={**now.record.answers, **given})
    return replace(now, record=record).state.finding


def to_the_pause(begun: Interview, said: Told) -> tuple[int, str]:
    """Screens of questions and of looking until the own judgement, and the finding then."""
    now, screens = begun, 0
    while (step := now.next()).kind in ("help", "question", "look"):
        if step.kind == "help":
            now = now.helped()
            continue
        screens += 1
        answer = said.get(step.key, Answer.NOT_ASKED)
        if step.kind == "look":
            now = now.look(i for i in now.to_look if said.get(i) is Answer.YES)
        elif answer is Answer.NOT_ASKED:
            now = now.leave_open(step.key)
        else:
            now = now.answer(step.key, Response(answer))
    return screens, now.state.finding


def line(name: str, found: list[tuple[int, str, str, str]]) -> str:
    """One row: screens, then the same and lower than here, then than on the whole list."""
    cells = [name, f"{len(found)}", f"{statistics.median(n for n, *_ in found):g}"]
    for place in (2, 3):
        same = sum(f[1] == f[place] for f in found)
        lower = sum(FINDINGS.index(f[1]) < FINDINGS.index(f[place]) for f in found)  # type: ignore[arg-type]  # findings
        low = share(lower, len(found))
        cells += [f"{100 * same / len(found):.1f} %"]
        cells += [f"{100 * low.value:.1f} % ({100 * low.low:.1f}-{100 * low.high:.1f})"]
    return f"| {' | '.join(cells)} |"


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--cases", type=int, default=25)
    parser.add_argument("--begging", type=int, default=100)
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    head = (
        "| Meeting, world, group | People | Screens | Same as here | Lower than here |"
        " Same as whole list | Lower than whole list |\n|---|---:|---:|---:|---:|---:|---:|"
    )
    lines = [
        (
            f"Made by `python benchmarks/pause.py --write`: up to {options.begging} forced-begging"
            f" children and {options.cases} of every other group in each world, median screens of"
            " questions and of looking, shares with 95 % intervals. The script says what *here* is."
        ),
        "",
        head,
    ]
    choosers = {p: Chooser(KOSOVO, WEIGHTS, p) for p in ("child", "adult")}
    worlds = world_ids(KOSOVO)
    with progress("pauses") as tick:
        for n, name in enumerate(worlds):
            cases = generate(load_world(KOSOVO, name), 20_000, SEED)
            rows = grouped(cases, options.cases, options.begging)
            for group, people in rows.items():
                profile = "child" if group in CHILDREN else "adult"
                observed = {
                    i
                    for i in choosers[profile].reach.ids
                    if KOSOVO.indicators[i].mode_for(profile) != "ask"
                }
                ruled = [
                    by_rule(
                        choosers[profile],
                        told(cases, row),
                        observed if profile == "child" or k % 2 else set(),
                    )
                    for k, row in enumerate(people)
                ]
                lines.append(line(f"the rule alone, {name}, {group}", [(*r, r[2]) for r in ruled]))
                print(lines[-1], file=sys.stderr)
                for meeting in MEETINGS if name == "base" else ():
                    if group not in meeting.groups:
                        continue
                    begun = met(meeting, profile == "child")
                    allowed = (*begun.put,)
                    every = tuple(i.id for i in KOSOVO.by_profile[profile])
                    found = []
                    for row in people:
                        said = told(cases, row)
                        screens, finding = to_the_pause(begun, said)
                        here, whole = with_all(begun, said, allowed), with_all(begun, said, every)
                        found.append((screens, finding, here, whole))
                    lines.append(line(f"{meeting.name}, {name}, {group}", found))
                    print(lines[-1], file=sys.stderr)
            tick(n + 1, len(worlds))
    text = "\n".join(lines) + "\n"
    print(text)
    if options.write:
        page = ROOT / "docs/benchmarks-street.md"
        old = page.read_text(encoding="utf-8")
        again = re.compile(rf"## {re.escape(HEADING)}\n.*?(?=\n## |\Z)", re.S)
        block = f"## {HEADING}\n\n{text}"
        new = again.sub(lambda _: block, old) if again.search(old) else f"{old}\n{block}"
        page.write_text(new, encoding="utf-8")


if __name__ == "__main__":
    main()
