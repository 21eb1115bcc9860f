"""A course and its report on the way in and out:

JSON to keep, JSON, CSV and a page to print as a report.

What is invented needs no encryption; a course holds no name. A name that was typed for one report
stands in that report only.
"""

from __future__ import annotations

import json
from typing import Any

from screening.checklist.texts import Texts
from screening.course import Course, CourseRecord, report
from screening.errors import UsageError
from screening.files.spreadsheet_safe import csv_text
from screening.files.strict_json import NotStrict, read_json
from screening.files.templates import render
from screening.i18n import LANGUAGES, Words, words

__all__ = [
    "KINDS",
    "LARGEST",
    "checked_name",
    "course_bytes",
    "course_json",
    "plain",
    "read_course",
    "report_bytes",
    "report_html",
    "share_words",
    "shares",
    "together_csv",
]

LARGEST = 1 << 20  # bytes of a course file
LONGEST = 120  # letters of a name
KINDS = ("json", "csv", "html")
_FAULTS = {  # what strict JSON refuses: the message for it
    "deep": "U314.course_too_deep",
    "twice": "U314.key_twice",
    "no_value": "U314.no_value",
}
COUNTS = ("coded", "right", "lost", "invented", "open_taken_for_no", "left_open")
JUDGED = ("equal", "low", "high", "children_low")


def course_bytes(record: CourseRecord) -> bytes:
    """A course as it is kept."""
    return course_json(record.to_dict())


def read_course(content: bytes) -> CourseRecord:
    """A kept course; `U314` for anything else."""
    return CourseRecord.from_dict(plain(content))


def plain(content: bytes) -> Any:
    """JSON, strictly: see `files.strict_json`; nothing huge. `U314`."""
    if len(content) > LARGEST:
        raise UsageError("U314.course_too_large")
    try:
        return read_json(content)
    except NotStrict as error:
        raise UsageError(_FAULTS.get(error.fault, "U314.course_not_json"), **error.facts) from None


def checked_name(name: str) -> str:
    """A name for one report: one printable line, or nothing. `U305` where it is too long."""
    kept = " ".join("".join(c if c.isprintable() else " " for c in name).split())
    if len(kept) > LONGEST:
        raise UsageError("U305.name_too_long", most=LONGEST)
    return kept


def report_bytes(course: Course, kind: str, language: str = "en", name: str = "") -> bytes:
    """The report of a course as json, csv or html; `U307` for any other kind.

    Parameters
    ----------
    name : typed in by hand for this one report
    """
    name = checked_name(name)
    if kind == "json":
        return course_json(report(course, name))
    if kind == "csv":
        return _csv(course, language, name)
    if kind == "html":
        return report_html(course, language, name).encode()
    raise UsageError("U307.course_report_kind", known=", ".join(KINDS), kind=kind)


def course_json(data: Any) -> bytes:
    """Plain data as a file of JSON."""
    return (json.dumps(data, ensure_ascii=False, indent=1) + "\n").encode()


def _csv(course: Course, language: str, name: str) -> bytes:
    """A row an item; what is over all stands in the JSON and on the page."""
    data, texts = report(course), course.checklist.texts(language)
    rows = [
        [
            data["code"],
            *([name] if name else []),
            i,
            texts.statement(i),
            *(str(t[c]) for c in COUNTS),
            "yes" if i in data["look_again"] else "",
        ]
        for i, t in data["items"].items()
    ]
    return _rows(
        ["code", *(["name"] if name else []), "indicator", "statement", *COUNTS, "look_again"], rows
    )


def together_csv(data: dict[str, Any], texts: Texts) -> bytes:
    """Several reports put together (`course.put_together`), a row an item: counts over officers."""
    rows = [
        [
            i,
            texts.statement(i),
            str(t["officers"]),
            str(t["officers_apart"]),
            *(str(t[c]) for c in COUNTS),
            "yes" if i in data["look_again"] else "",
        ]
        for i, t in data["items"].items()
    ]
    return _rows(
        ["indicator", "statement", "officers", "officers_apart", *COUNTS, "look_again"], rows
    )


def _rows(header: list[str], rows: list[list[str]]) -> bytes:
    return csv_text([header, *rows]).encode()


def report_html(course: Course, language: str = "en", name: str = "") -> str:
    """One self-contained page to print or to read: no script, nothing fetched, a title that says
    nothing.
    """
    say, texts = words(language), course.checklist.texts(language)
    data, name = report(course), checked_name(name)
    return render(
        "course/report.html.j2",
        lang=language,
        languages=LANGUAGES,
        say=say,
        data=data,
        name=name,
        texts=texts,
        shares=shares(data, say),
        standing=texts.standing(say),
        set=course.vignettes.title(language),
        vignettes=[
            (
                course.vignettes.told(course.cases[v], "title", language),
                texts.get("findings", a.judgement or "", "label"),
                texts.get("findings", course.lesson(v).finding, "label"),
                a.judgement == course.lesson(v).finding,
            )
            for v, a in course.record.done.items()
        ],
    )


def shares(data: dict[str, Any], say: Words) -> list[tuple[str, str]]:
    """The shares of a report as lines: what it is, and how many of how many, with the interval."""
    names = {
        "equal": say("Judgements that equal the key's finding"),
        "low": say("Judgements too low"),
        "high": say("Judgements too high"),
        "children_low": say("Too low for a child whom the key refers"),
    }
    every = [
        (say("Answers that say what the key says"), data["answers"]),
        *((names[n], data["judgements"][n]) for n in JUDGED),
    ]
    return [(what, share_words(share, say)) for what, share in every]


def share_words(share: dict[str, Any], say: Words) -> str:
    """A share with what it rests on."""
    if not share["n"]:
        return say("none yet")
    low, value, high = (round(100 * share[k]) for k in ("low", "value", "high"))
    return say(
        "{hits} of {n} ({value}%; 95% interval {low}% to {high}%)",
        hits=int(share["hits"]),
        n=share["n"],
        value=value,
        low=low,
        high=high,
    )
