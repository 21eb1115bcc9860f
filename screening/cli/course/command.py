"""`train-officer`: begins a course or goes on with one; puts reports of several together."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from screening.checklist import Checklist, WeightSet, load_checklist
from screening.checklist.loader import DEFAULT_LIST
from screening.cli.keyboard import read_line
from screening.cli.loading import load
from screening.cli.options import SOURCE, Lang, List_, Weights
from screening.errors import ScreeningError, UsageError
from screening.files.atomic import OutputFile
from screening.i18n import Words, words

if TYPE_CHECKING:
    from screening.course import Course, CourseRecord

__all__ = ["train_officer"]


def train_officer(
    set_: Annotated[
        str | None,
        typer.Option(
            "--set",
            metavar="NAME",
            help="Set of vignettes. Default: you choose, or the first.",
        ),
    ] = None,
    lang: Lang = SOURCE,
    opened: Annotated[
        Path | None,
        typer.Option(
            "--from",
            metavar="FILE",
            help="Continue a saved course, and save it to the same file unless --keep is given.",
        ),
    ] = None,
    keep: Annotated[
        Path | None,
        typer.Option(
            "--keep",
            metavar="FILE",
            help="Save the course to this JSON file after every vignette and when you stop.",
        ),
    ] = None,
    report: Annotated[
        Path | None,
        typer.Option(
            "--report",
            metavar="OUT",
            help="Write a report at the end: .json, .csv or .html.",
        ),
    ] = None,
    code: Annotated[
        str | None,
        typer.Option(
            "--code",
            metavar="CODE",
            help="Code of the course. Use no name. Default: a random code.",
        ),
    ] = None,
    checklist: List_ = DEFAULT_LIST,
    weights: Weights = None,
    together: Annotated[
        list[Path] | None,
        typer.Option(
            "--together",
            metavar="FILE",
            help=(
                "Combine this report (.json) with others into one table, OUT (.csv or .json),"
                " instead of beginning a course. Can be repeated. Counts only, no names."
            ),
        ),
    ] = None,
    overwrite: Annotated[
        bool, typer.Option("--overwrite", help="Replace FILE and OUT if they exist.")
    ] = False,
) -> None:
    """Practise on invented cases: judge, record, and see the first difference from the key and
    why it matters.

    Example: screening train-officer --set on-the-street --keep course.json --lang sq
    """
    from screening.cli.course.talk import Talk, chosen_set
    from screening.course import Course
    from screening.files.ids import harmless_code

    if together:
        return _put_together(checklist, lang, together, report, overwrite)
    loaded, weight_set = load(checklist, weights)
    say = words(lang)
    _check_report(report, overwrite)
    if opened is not None:
        record = _opened(opened)
        if code is not None and code != record.code:
            raise UsageError("U305.course_has_code", place="--code", code=record.code)
        course = _taken_up(loaded, weight_set, record, set_, opened)
    else:
        course = Course.begin(
            loaded, weight_set, chosen_set(loaded, set_, lang, say), code or harmless_code()
        )
    own = opened if keep is None else keep
    talk = Talk(
        course, say, lang, own, opened is not None and own is not None and _same(own, opened)
    )
    talk.start(overwrite)
    talk.run()
    if report is not None:
        _write_report(talk.now, report, lang, say, overwrite)


def _put_together(
    checklist: str, language: str, files: Sequence[Path], out: Path | None, overwrite: bool
) -> None:
    """Several course reports as one table: counts over officers, no codes and no names."""
    from screening.course import put_together, read_report
    from screening.course.files import course_json, plain, together_csv

    kind = out.suffix.lstrip(".").lower() if out is not None else "csv"
    if kind not in ("csv", "json"):
        raise UsageError("U307.answers_suffix", place=str(out))
    read = []
    for file in files:
        try:
            read.append(read_report(plain(_content(file))))
        except ScreeningError as error:
            raise error if error.code == "U301" else error.at(str(file)) from None
    table = put_together(read)
    content = (
        course_json(table)
        if kind == "json"
        else together_csv(table, load_checklist(checklist).texts(language))
    )
    if out is None:
        typer.echo(content.decode(), nl=False)
        return
    with OutputFile(out, overwrite=overwrite) as target:
        target.write(content)
    typer.echo("screening: " + words(language)("written: {path}", path=out), err=True)


def _same(one: Path, other: Path) -> bool:
    return one.exists() and other.exists() and one.samefile(other)


def _check_report(report: Path | None, overwrite: bool) -> None:
    """What cannot be written is said before the first vignette."""
    from screening.course.files import KINDS

    if report is None:
        return
    if report.suffix.lstrip(".").lower() not in KINDS:
        raise UsageError(
            "U307.report_suffix", place=str(report), kinds=", ".join("." + k for k in KINDS)
        )
    if os.path.lexists(report) and not overwrite:
        raise UsageError("U302.file_exists", place=str(report))


def _content(path: Path) -> bytes:
    from screening.course.files import LARGEST
    from screening.files.text import check_is_file

    check_is_file(path)
    try:
        with path.open("rb") as handle:
            return handle.read(LARGEST + 1)
    except (OSError, ValueError) as error:
        raise UsageError(
            "U301.unreadable_because",
            place=str(path),
            reason=getattr(error, "strerror", None) or error,
        ) from None


def _opened(path: Path) -> CourseRecord:
    from screening.course.files import read_course

    content = _content(path)
    try:
        return read_course(content)
    except ScreeningError as error:
        raise error.at(str(path)) from None


def _taken_up(
    checklist: Checklist, weights: WeightSet, record: CourseRecord, set_id: str | None, path: Path
) -> Course:
    from screening.course import Course, course_sets

    sets = course_sets(checklist)
    wanted = set_id or record.set_id
    if wanted not in sets:
        raise UsageError(
            "U305.set_unknown",
            place=str(path),
            checklist=checklist.id,
            wanted=wanted,
            sets=", ".join(sets) or "none",
        )
    try:
        return Course.take_up(checklist, weights, sets[wanted], record)
    except ScreeningError as error:
        raise error.at(str(path)) from None


def _write_report(course: Course, path: Path, language: str, say: Words, overwrite: bool) -> None:
    from screening.course.files import report_bytes

    if not course.record.done:
        typer.echo("screening: " + say("no vignette is done yet: no report was written"), err=True)
        return
    try:
        name = read_line(
            say("A name on this one report, only if it is wanted; Enter leaves it out:")
        )
    except (EOFError, KeyboardInterrupt):
        name = ""
        typer.echo()
    with OutputFile(path, overwrite=overwrite) as out:
        out.write(report_bytes(course, path.suffix.lstrip(".").lower(), language, name))
    typer.echo("screening: " + say("written: {path}", path=path), err=True)
