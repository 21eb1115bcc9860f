"""Forms of ratings out and in: a workbook with lists to choose from, or a plain CSV with one line a
rating.

A form carries the fingerprint of what it asks, so that answers to another list, another form or
another round are never mixed in. It carries a rater's code and no name. In a second round each sign
shows how the group rated it before, anonymously: counts only where at least five people rated,
since among fewer everybody knows who it was. The rater's own rating stands there already, so that
what is not touched stays as it was.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from screening.answers import profile_of
from screening.calibration.agreement import Spread
from screening.calibration.form_words import (
    about,
    answers,
    header_of,
    headers,
    meant,
    sheet_of,
    sheets,
    steps,
)
from screening.calibration.ratings import (
    SCALE,
    Form,
    Line,
    Ratings,
    check_code,
    from_lines,
    new_codes,
    to_lines,
)
from screening.checklist.model import Checklist, Vignettes
from screening.checklist.schema import CASE_PROFILES, FINDINGS
from screening.course.feedback import age_words
from screening.errors import RatingError, ScreeningError, UsageError
from screening.files.atomic import OutputFile
from screening.files.csvtext import delimited
from screening.files.spreadsheet_safe import csv_text
from screening.files.text import read_small
from screening.i18n import Words, words
from screening.names import Names
from screening.tables.fillin import add_sheet, new_book
from screening.tables.layout import letter
from screening.tables.xlsxfile import Sheet, read_sheets

__all__ = [
    "ANONYMOUS_FROM",
    "COLUMNS",
    "Asked",
    "Round",
    "group_words",
    "ratings_csv",
    "read_lines",
    "read_ratings",
    "write_form",
    "write_forms",
    "write_ratings",
]

COLUMNS = ("form", "rater", "round", "kind", "vignette", "indicator", "profile", "value")
_NAMES = Names(COLUMNS)
ANONYMOUS_FROM = 5  # people who must have rated before counts are shown to the group
_LARGEST = 64 << 20
Faults = list[ScreeningError]


# -- out -------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Asked:
    """What raters are asked about: the form, the list, and the stories of its vignettes."""

    form: Form
    checklist: Checklist
    sets: Sequence[Vignettes]


@dataclass(frozen=True)
class Round:
    """Which time people are asked, and what they are shown of the time before.

    before : how the group rated each sign, by indicator and profile
    own : everybody's own ratings, each shown to nobody else
    codes : of the same people
    """

    number: int = 1
    before: dict[str, dict[str, Spread]] | None = None
    own: Ratings | None = None
    codes: Sequence[str] = ()


FIRST = Round()


def write_forms(
    folder: Path,
    asked: Asked,
    names: Sequence[str],
    *,
    seed: int,
    kind: str = "xlsx",
    language: str = "en",
    round: Round = FIRST,
) -> list[Path]:
    """One form for each person, and a register of who has which code: keep the register away from
    the ratings.

    Parameters
    ----------
    names : people to ask; their names go into `register.csv` and nowhere else. Ignored where the
        round has codes

    Raises
    ------
    UsageError : U302 where the folder holds something, U303, U305 a name that is no text
    """
    given = list(round.codes) or new_codes(len(names), seed)
    register = "" if round.codes else csv_text([("code", "name"), *zip(given, names, strict=True)])
    try:
        people = register.encode("utf-8-sig")
    except UnicodeError:  # bytes of a command line that are no text
        raise UsageError("U305.name_unreadable", place="--name") from None
    if folder.exists() and any(folder.iterdir() if folder.is_dir() else [folder]):
        raise UsageError("U302.folder_not_empty", place=str(folder))
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    if not round.codes:
        with OutputFile(folder / "register.csv") as out:
            out.write(people)
        written.append(folder / "register.csv")
    for code in given:
        path = folder / f"form-{code}.{kind}"
        write_form(path, asked, code, language=language, round=round)
        written.append(path)
    return written


def write_form(
    path: Path,
    asked: Asked,
    code: str,
    *,
    language: str = "en",
    round: Round = FIRST,
    overwrite: bool = False,
) -> None:
    """One person's form, to fill in: .xlsx with lists to choose from, or .csv."""
    code = check_code(code)
    if path.suffix == ".csv":
        content = _form_csv(asked, code, language, round)
    elif path.suffix == ".xlsx":
        content = _form_book(asked, code, language, round)
    else:
        raise UsageError("U307.form_suffix", place=str(path))
    with OutputFile(path, overwrite=overwrite) as out:
        out.write(content)


def group_words(spread: Spread, say: Words) -> str:
    """How the group rated, for those who rate again: counts where enough people stand behind them,
    else the median alone.
    """
    step = steps(say)
    if spread.n == 0:
        return ""
    if spread.n < ANONYMOUS_FROM:
        return say("median {step}", step=step[SCALE[int(spread.median + 0.5)]])
    return ", ".join(
        f"{step[name]} {count}" for name, count in zip(SCALE, spread.counts, strict=True)
    )


def _own(own: Ratings | None, code: str, indicator: str, k: int) -> str:
    if own is None or code not in own.raters:
        return ""
    step = int(own.strength[own.raters.index(code), own.indicators.index(indicator), k])
    return SCALE[step] if step >= 0 else ""


def _form_csv(asked: Asked, code: str, language: str, time: Round) -> bytes:
    form, round, before, own = asked.form, time.number, time.before, time.own
    texts, say = asked.checklist.texts(language), words(language)
    signs = {i: (texts.rule(i), texts.statement(i)) for i in form.indicators}
    rows: list[Sequence[Any]] = [(*COLUMNS, "you_before", "group_before", "help", "text")]
    for i, profiles in form.indicators.items():
        for k, p in enumerate(CASE_PROFILES):
            if p in profiles:
                mine, group = (
                    _own(own, code, i, k),
                    group_words(before[i][p], say) if before else "",
                )
                rows.append(
                    (form.id, code, round, "strength", "", i, p, mine, mine, group, *signs[i])
                )
    if round == 1:
        told = {
            v.id: (
                f"{s.told(v, 'title', language)} ({age_words(v, say)})."
                f" {s.told(v, 'story', language)}"
            )
            for s in asked.sets
            for v in s.cases
        }
        for v in form.vignettes:
            profile = profile_of(v.to_case())[0]
            rows.append((form.id, code, round, "finding", v.id, *[""] * 6, told[v.id]))
            rows += [
                (form.id, code, round, "code", v.id, i, "", "", "", "", *signs[i])
                for i, profiles in form.indicators.items()
                if profile in profiles
            ]
    return csv_text(rows).encode("utf-8-sig")


def _form_book(asked: Asked, code: str, language: str, time: Round) -> bytes:
    form, checklist, round, before, own = (
        asked.form,
        asked.checklist,
        time.number,
        time.before,
        time.own,
    )
    texts, say = checklist.texts(language), words(language)
    title, head, step = sheets(say), headers(say), steps(say)
    book = new_book()

    stories = bool(form.vignettes) and round == 1
    facts = {"form": form.id, "rater": code, "round": str(round), "list": form.checklist}
    add_sheet(
        book,
        title["about"],
        [head.get(h, h) for h in ("key", "value")],
        [*((head[k], v) for k, v in facts.items()), *about(say, round, stories).items()],
        widths=(18, 90),
        freeze="A2",
    )
    extra = (
        [f"{p}_{who}" for p in CASE_PROFILES for who in ("before", "group")] if round > 1 else []
    )
    rows = []
    for i, profiles in form.indicators.items():
        mine = [step.get(_own(own, code, i, k), "") for k in range(len(CASE_PROFILES))]
        seen = (
            [
                x
                for k, p in enumerate(CASE_PROFILES)
                for x in (
                    mine[k],
                    group_words(before[i][p], say) if before and p in profiles else "",
                )
            ]
            if extra
            else []
        )
        given = [mine[k] if p in profiles else None for k, p in enumerate(CASE_PROFILES)]
        rows.append(
            (
                i,
                texts.get("sections", checklist.section_of(i), "title"),
                texts.statement(i),
                texts.rule(i),
                *given,
                *seen,
            )
        )
    add_sheet(
        book,
        title["strength"],
        [head.get(h, h) for h in ("indicator", "section", "sign", "help", *CASE_PROFILES, *extra)],
        rows,
        widths=(28, 20, 50, 60, 14, 14, 16, 28, 16, 28),
        freeze="D2",
        fillable=(5, 6),
        choices=_choices(step),
    )
    if stories:
        told = {
            v.id: [s.told(v, field, language) for field in ("title", "story")]
            for s in asked.sets
            for v in s.cases
        }
        add_sheet(
            book,
            title["vignettes"],
            [head.get(h, h) for h in ("vignette", "title", "age", "story", "finding")],
            [(v.id, told[v.id][0], age_words(v, say), told[v.id][1], "") for v in form.vignettes],
            widths=(10, 26, 14, 90, 24),
            freeze="B2",
            fillable=(5,),
            choices=_choices({f: texts.get("findings", f, "label") for f in FINDINGS}),
        )
        columns = form.names
        add_sheet(
            book,
            title["codes"],
            [head.get(h, h) for h in ("indicator", "sign", "help", *columns)],
            [(i, texts.statement(i), texts.rule(i), *[""] * len(columns)) for i in form.indicators],
            widths=(28, 50, 60, *[10] * len(columns)),
            freeze="C2",
            fillable=range(4, 4 + len(columns)),
            choices=_choices(answers(say)),
        )
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _choices(words: Mapping[str, str]) -> str:
    """A list to choose from: the words, or their codes where the words cannot stand in one."""
    inline = ",".join(words.values())
    return (
        f'"{inline}"'
        if inline.count(",") < len(words) and '"' not in inline and len(inline) < 250
        else f'"{",".join(words)}"'
    )


def ratings_csv(ratings: Ratings) -> bytes:
    """All ratings of a round as one CSV: codes and no names."""
    rows = (
        (ratings.form.id, x.rater, x.round, x.kind, x.vignette, x.indicator, x.profile, x.value)
        for x in to_lines(ratings)
    )
    return csv_text([COLUMNS, *rows]).encode()


def write_ratings(ratings: Ratings, path: Path, *, overwrite: bool = False) -> None:
    """`ratings_csv` as a file. `U302`, `U303`."""
    with OutputFile(path, overwrite=overwrite) as out:
        out.write(ratings_csv(ratings))


# -- in --------------------------------------------------------------------------------------------


def read_ratings(
    paths: Sequence[Path], form: Form, round: int | None = None, encoding: str | None = None
) -> Ratings:
    """All ratings of one round from forms and CSV files together; `encoding` is that of CSV files
    that are not UTF-8.

    Raises
    ------
    RatingError : R501 a file that is no form, R506 one of another form, and what `from_lines`
        raises
    CaseError : C2.. a workbook or text that cannot be read or is not safe to read
    """
    faults: Faults = []
    lines = (line for path in paths for line in read_lines(path, form, encoding, faults))
    return from_lines(form, lines, round, faults)


def read_lines(
    path: Path, form: Form, encoding: str | None = None, faults: Faults | None = None
) -> Iterator[Line]:
    """The ratings in one file, whatever its kind and language; blank ones are left out.

    faults : takes what is wrong, so that reading goes on and all of it can be told; without it all
        of this file is raised at its end
    """
    wrong: Faults = [] if faults is None else faults
    try:
        if path.suffix.lower() == ".xlsx":
            yield from _book_lines(path, form, wrong)
        elif path.suffix.lower() == ".csv":
            yield from _csv_lines(path, form, encoding, wrong)
        else:
            raise UsageError("U307.forms_suffix", place=str(path))
    except ScreeningError as error:  # of the whole file; the other files are looked at too
        wrong.append(error)
    if faults is None and wrong:
        raise ScreeningError.together(wrong)


def _csv_lines(path: Path, form: Form, encoding: str | None, faults: Faults) -> Iterator[Line]:
    text = read_small(path, _LARGEST, encoding)
    if text is None:
        raise RatingError("R501.file_too_large", place=path.name, largest=_LARGEST >> 20)
    try:
        rows = delimited(text, lambda cells: {"form", "rater"} <= {_NAMES.of(c) for c in cells})
        _, given = next(rows, (0, []))
        header = [_NAMES.of(heading) or heading for heading in given]
        _columns(header, COLUMNS, path.name)
        at = [header.index(c) for c in COLUMNS]
        for number, row in rows:
            place = f"{path.name}, row {number}"
            if len(row) <= max(at):
                faults.append(RatingError("R501.row_cut_short", place=place))
                continue
            faults += _beside(row, header, (), path.name, number)
            form_id, rater, round, kind, vignette, indicator, profile, value = (
                row[n].removeprefix("'") for n in at
            )
            said = meant(kind, value, form) if value else ""
            if said:
                number_ = _round(round, form_id, form, place)
                yield Line(rater, number_, kind, vignette, indicator, profile, said, place)
    except csv.Error as error:
        raise RatingError("R501.csv_unreadable", place=path.name, error=error) from None


def _columns(header: Sequence[str], wanted: Sequence[str], place: str) -> None:
    missing = [c for c in wanted if c not in header]
    if missing:
        raise RatingError("R501.column_missing", place=place, missing=missing[0])
    twice = next((h for n, h in enumerate(header) if h and h in header[:n]), "")
    if twice:
        raise RatingError("R501.column_twice", place=place, column=twice)


def _beside(
    row: Sequence[str], header: Sequence[str], known: Sequence[str], place: str, number: int
) -> Iterator[RatingError]:
    """What stands in no column that is read, so that no rating is lost without a word; without
    `known`, every named column is.
    """
    for n, cell in enumerate(row):
        name = header[n] if n < len(header) else ""
        if cell.strip() and (not name or (known and name not in known)):
            at = f"{place}, cell {letter(n)}{number}"
            if not name:
                yield RatingError("R501.cell_unnamed", place=at, cell=cell)
            else:
                yield RatingError("R501.cell_misplaced", place=at, cell=cell, column=name)


def _round(text: str, form_id: str, form: Form, place: str) -> int:
    if form_id != form.id:
        raise RatingError("R506.another_form", place=place, form_id=form_id, form=form.id)
    if not (text.isascii() and text.isdigit() and 1 <= int(text) <= 9):
        raise RatingError("R506.round", place=place, round=text)
    return int(text)


def _book_lines(path: Path, form: Form, faults: Faults) -> Iterator[Line]:
    found = _sheets(path)
    _present(found, ("about", "strength"), path)
    about = {
        header_of(row[0]): row[1].strip().removeprefix("'")
        for _, row in found["about"].rows
        if len(row) > 1
    }
    place = f"{path.name}, sheet {found['about'].title}"
    round, rater = (
        _round(about.get("round", ""), about.get("form", ""), form, place),
        check_code(about.get("rater", ""), place),
    )
    if form.vignettes and round == 1:
        _present(found, ("vignettes", "codes"), path)
    for part in (_strengths, _findings, _codes):
        for place, kind, where, value in part(found, form, path, faults):
            said = meant(kind, value, form)
            if said:
                yield Line(rater, round, kind, *where, said, place)


# A cell of a form: its place, its kind, the vignette, indicator and profile it is of, its text.
Cell = tuple[str, str, tuple[str, str, str], str]


def _strengths(
    found: Mapping[str, Sheet], form: Form, path: Path, faults: Faults
) -> Iterator[Cell]:
    for place, cells in _table(found["strength"], ("indicator", *CASE_PROFILES), path, faults):
        indicator = cells["indicator"]
        for p in CASE_PROFILES:
            closed = cells[p] == "-" and p not in form.indicators.get(indicator, (p,))
            if cells[p] and not closed:
                yield f"{place}, {p}", "strength", ("", indicator, p), cells[p]


def _findings(found: Mapping[str, Sheet], form: Form, path: Path, faults: Faults) -> Iterator[Cell]:
    if "vignettes" in found:
        for place, cells in _table(found["vignettes"], ("vignette", "finding"), path, faults):
            if cells["finding"]:
                yield place, "finding", (cells["vignette"], "", ""), cells["finding"]


def _codes(found: Mapping[str, Sheet], form: Form, path: Path, faults: Faults) -> Iterator[Cell]:
    if "codes" in found:
        for place, cells in _table(found["codes"], ("indicator",), path, faults):
            for v, value in cells.items():
                if v not in ("indicator", "sign", "help") and value:
                    yield f"{place}, {v}", "code", (v, cells["indicator"], ""), value


def _sheets(path: Path) -> dict[str, Sheet]:
    """The sheets of a form that hold anything.

    One that is hidden, renamed or added is refused: what stands there would be lost.
    """
    found: dict[str, Sheet] = {}
    for sheet in read_sheets(path):
        name, place = sheet_of(sheet.title), f"{path.name}, sheet {sheet.title}"
        if not sheet.rows:
            continue
        if not sheet.shown:
            raise RatingError("R501.hidden_sheet", place=place)
        if not name:
            raise RatingError("R501.sheet_unknown", place=place)
        if name in found:
            raise RatingError("R501.sheet_twice", place=place, name=name)
        found[name] = sheet
    return found


def _present(found: Mapping[str, Sheet], names: Sequence[str], path: Path) -> None:
    missing = [name for name in names if name not in found]
    if missing:
        raise RatingError("R501.sheet_missing", place=path.name, missing=missing[0])


def _table(
    sheet: Sheet, wanted: Sequence[str], path: Path, faults: Faults
) -> Iterator[tuple[str, dict[str, str]]]:
    """The rows of a sheet by column, with their places."""
    place = f"{path.name}, sheet {sheet.title}"
    header = [header_of(h) for h in sheet.rows[0][1]]
    _columns(header, wanted, place)
    known = (
        () if sheet_of(sheet.title) == "codes" else tuple(headers(words("en")))
    )  # each other column of codes is a story
    for number, cells in sheet.rows[1:]:
        faults += _beside(cells, header, known, place, number)
        yield (
            f"{place}, row {number}",
            {
                h: cells[n].strip().removeprefix("'") if n < len(cells) else ""
                for n, h in enumerate(header)
                if h
            },
        )
