"""Forms of ratings out and in: a workbook with lists to choose from, or a plain CSV with one line a rating.

A form carries the fingerprint of what it asks, so that answers to another list, another form or another round are never mixed in.
It carries a rater's code and no name. In a second round each sign shows how the group rated it before, anonymously: counts only
where at least five people rated, since among fewer everybody knows who it was.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from screening.answers import profile_of
from screening.calibrate.agreement import Spread
from screening.calibrate.ratings import ANSWERS, SCALE, Form, Line, Ratings, check_code, from_lines, new_codes, to_lines
from screening.checklist.model import Checklist, Vignettes
from screening.checklist.schema import CASE_PROFILES, FINDINGS
from screening.errors import RatingError, UsageError, quote
from screening.exchange.inert import inert
from screening.exchange.output import OutputFile
from screening.exchange.text import read_small
from screening.exchange.xlsxfile import read_sheets

__all__ = ["ANONYMOUS_FROM", "COLUMNS", "group_words", "ratings_csv", "read_lines", "read_ratings", "write_form", "write_forms", "write_ratings"]

COLUMNS = ("form", "rater", "round", "kind", "vignette", "indicator", "profile", "value")
ANONYMOUS_FROM = 5  # people who must have rated before counts are shown to the group
_LARGEST = 64 << 20


# -- out -------------------------------------------------------------------------------------------------------------------


def write_forms(
    folder: Path, form: Form, checklist: Checklist, sets: Sequence[Vignettes], names: Sequence[str], *, seed: int, kind: str = "xlsx", language: str = "en",
    round: int = 1, before: dict[str, dict[str, Spread]] | None = None, own: Ratings | None = None, codes: Sequence[str] = (),
) -> list[Path]:
    """One form for each person, and a register of who has which code: keep the register away from the ratings.

    Parameters
    ----------
    names : people to ask; their names go into `register.csv` and nowhere else. Ignored where `codes` are given
    codes : codes of an earlier round, to ask the same people again

    Raises
    ------
    UsageError : U302 where the folder holds something, U303
    """
    if folder.exists() and any(folder.iterdir() if folder.is_dir() else [folder]):
        raise UsageError("U302", "something is there already", place=str(folder), remedy="choose a new folder")
    folder.mkdir(parents=True, exist_ok=True)
    given = list(codes) or new_codes(len(names), seed)
    written = []
    if not codes:
        register = io.StringIO()
        rows = csv.writer(register)
        rows.writerow(("code", "name"))
        rows.writerows((code, inert(name)) for code, name in zip(given, names, strict=True))
        with OutputFile(folder / "register.csv") as out:
            out.write(register.getvalue().encode("utf-8-sig"))
        written.append(folder / "register.csv")
    for code in given:
        path = folder / f"form-{code}.{kind}"
        write_form(path, form, checklist, sets, code, language=language, round=round, before=before, own=own)
        written.append(path)
    return written


def write_form(
    path: Path, form: Form, checklist: Checklist, sets: Sequence[Vignettes], code: str, *, language: str = "en", round: int = 1,
    before: dict[str, dict[str, Spread]] | None = None, own: Ratings | None = None, overwrite: bool = False,
) -> None:
    """One person's form, to fill in: .xlsx with lists to choose from, or .csv. `before` and `own` are of the round before."""
    code = check_code(code)
    if path.suffix == ".csv":
        content = _form_csv(form, checklist, sets, code, language, round, before, own)
    elif path.suffix == ".xlsx":
        content = _form_book(form, checklist, sets, code, language, round, before, own)
    else:
        raise UsageError("U307", "the name does not tell the format", place=str(path), remedy="end it in .xlsx or .csv")
    with OutputFile(path, overwrite=overwrite) as out:
        out.write(content)


def group_words(spread: Spread) -> str:
    """How the group rated, for those who rate again: counts where enough people stand behind them, else the median alone."""
    if spread.n == 0:
        return ""
    if spread.n < ANONYMOUS_FROM:
        return f"median {SCALE[int(spread.median + 0.5)]}"
    return ", ".join(f"{word} {count}" for word, count in zip(SCALE, spread.counts, strict=True))


def _own(own: Ratings | None, code: str, indicator: str, k: int) -> str:
    if own is None or code not in own.raters:
        return ""
    step = int(own.strength[own.raters.index(code), own.indicators.index(indicator), k])
    return SCALE[step] if step >= 0 else ""


def _form_csv(
    form: Form, checklist: Checklist, sets: Sequence[Vignettes], code: str, language: str, round: int, before: dict[str, dict[str, Spread]] | None, own: Ratings | None,
) -> bytes:
    texts = checklist.texts(language)
    out = io.StringIO()
    rows = csv.writer(out)
    rows.writerow((*COLUMNS, "you_before", "group_before", "text"))
    for i, profiles in form.indicators.items():
        for k, p in enumerate(CASE_PROFILES):
            if p in profiles:
                group = group_words(before[i][p]) if before else ""
                rows.writerow((form.id, code, round, "strength", "", i, p, "", _own(own, code, i, k), group, inert(texts.statement(i))))
    if round == 1:
        told = {v.id: f"{s.told(v, 'title', language)}. {s.told(v, 'story', language)}" for s in sets for v in s.cases}
        signs = {i: inert(texts.statement(i)) for i in form.indicators}
        for v in form.vignettes:
            profile = profile_of(v.to_case())[0]
            rows.writerow((form.id, code, round, "finding", v.id, "", "", "", "", "", inert(told[v.id])))
            rows.writerows((form.id, code, round, "code", v.id, i, "", "", "", "", signs[i]) for i, profiles in form.indicators.items() if profile in profiles)
    return out.getvalue().encode("utf-8-sig")


def _form_book(
    form: Form, checklist: Checklist, sets: Sequence[Vignettes], code: str, language: str, round: int, before: dict[str, dict[str, Spread]] | None, own: Ratings | None,
) -> bytes:
    import openpyxl
    from openpyxl.styles import Alignment, Font, PatternFill
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.datavalidation import DataValidation

    texts, fill, wrap, bold = checklist.texts(language), PatternFill("solid", fgColor="FFF7E0"), Alignment(wrap_text=True, vertical="top"), Font(bold=True)
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])

    def sheet(title: str, header: Sequence[str], rows: Iterable[Sequence[str]], widths: Sequence[int], fillable: Sequence[int], choices: Sequence[str], freeze: str) -> Any:
        made = book.create_sheet(title)
        made.append([inert(h) for h in header])
        for row in rows:
            made.append([inert(str(c)) for c in row])
        for cell in made[1]:
            cell.font, cell.alignment = bold, wrap
        for n, width in enumerate(widths, 1):
            made.column_dimensions[get_column_letter(n)].width = width
        for row_ in made.iter_rows(min_row=2):
            for cell in row_:
                cell.alignment = wrap
                if cell.column in fillable:
                    cell.fill = fill
        if choices and made.max_row > 1:
            rule = DataValidation(type="list", formula1='"' + ",".join(choices) + '"', allow_blank=True)
            made.add_data_validation(rule)
            for n in fillable:
                rule.add(f"{get_column_letter(n)}2:{get_column_letter(n)}{made.max_row}")
        made.freeze_panes = freeze
        return made

    about = [("form", form.id), ("rater", code), ("round", str(round)), ("list", form.checklist),
             ("strength", f"How telling is each sign, for an adult and for a child: {', '.join(SCALE)}. Leave blank what you cannot say."),
             ("vignettes", "Read each story as if you had met the person. Write your own finding, before you look at what others say."),
             ("codes", f"For each story: {' or '.join((ANSWERS[2], ANSWERS[0]))} where the story says so. Leave blank what it does not say: blank is open, never no."),
             ("names", "Write no name anywhere in this file. The code above is enough.")]
    sheet("about", ("key", "value"), about, (14, 90), (), (), "A2")
    extra = ("adult: you before", "adult: the group", "child: you before", "child: the group") if round > 1 else ()
    rows = []
    for i, profiles in form.indicators.items():
        seen = [x for k, p in enumerate(CASE_PROFILES) for x in (_own(own, code, i, k), group_words(before[i][p]) if before and p in profiles else "")] if extra else []
        rows.append((i, texts.get("sections", checklist.section_of(i), "title"), texts.statement(i), *("" if p in profiles else "-" for p in CASE_PROFILES), *seen))
    made = sheet("strength", ("indicator", "section", "sign", *CASE_PROFILES, *extra), rows, (28, 20, 60, 12, 12, 16, 28, 16, 28), (4, 5), SCALE, "D2")
    for row in made.iter_rows(min_row=2, min_col=4, max_col=5):
        for cell in row:
            if cell.value in ("-", "'-"):
                cell.value, cell.fill = None, PatternFill("solid", fgColor="DDDDDD")
    if form.vignettes and round == 1:
        told = {v.id: [s.told(v, field, language) for field in ("title", "story")] for s in sets for v in s.cases}
        age = {v.id: "" if v.age is None else f"{v.age}{'' if v.age_certain == 'yes' else ' (not certain)'}" for v in form.vignettes}
        sheet("vignettes", ("vignette", "title", "age", "story", "finding"), [(v.id, told[v.id][0], age[v.id], told[v.id][1], "") for v in form.vignettes],
              (10, 26, 10, 90, 20), (5,), FINDINGS, "B2")
        columns = tuple(v.id for v in form.vignettes)
        sheet("codes", ("indicator", "sign", *columns), [(i, texts.statement(i), *[""] * len(columns)) for i in form.indicators],
              (28, 60, *[8] * len(columns)), range(3, 3 + len(columns)), (ANSWERS[2], ANSWERS[0], ANSWERS[1]), "C2")
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def ratings_csv(ratings: Ratings) -> bytes:
    """All ratings of a round as one CSV: codes and no names."""
    out = io.StringIO()
    rows = csv.writer(out)
    rows.writerow(COLUMNS)
    rows.writerows((ratings.form.id, x.rater, x.round, x.kind, x.vignette, x.indicator, x.profile, x.value) for x in to_lines(ratings))
    return out.getvalue().encode()


def write_ratings(ratings: Ratings, path: Path, *, overwrite: bool = False) -> None:
    """`ratings_csv` as a file. `U302`, `U303`."""
    with OutputFile(path, overwrite=overwrite) as out:
        out.write(ratings_csv(ratings))


# -- in --------------------------------------------------------------------------------------------------------------------


def read_ratings(paths: Sequence[Path], form: Form, round: int | None = None) -> Ratings:
    """All ratings of one round from forms and CSV files together.

    Raises
    ------
    RatingError : R501 a file that is no form, R506 one of another form, and what `from_lines` raises
    CaseError : C2.. a workbook or text that cannot be read or is not safe to read
    """
    return from_lines(form, (line for path in paths for line in read_lines(path, form)), round)


def read_lines(path: Path, form: Form) -> Iterator[Line]:
    """The ratings in one file, whatever its kind; blank ones are left out."""
    if path.suffix.lower() == ".xlsx":
        yield from _book_lines(path, form)
    elif path.suffix.lower() == ".csv":
        yield from _csv_lines(path, form)
    else:
        raise UsageError("U307", "the name does not tell the format", place=str(path), remedy="give the forms as .xlsx or .csv")


def _csv_lines(path: Path, form: Form) -> Iterator[Line]:
    text = read_small(path, _LARGEST)
    if text is None:
        raise RatingError("R501", f"a file of ratings over {_LARGEST >> 20} MiB", place=path.name, remedy="check that it is the form that was sent out")
    first = text.split("\n", 1)[0]
    delimiter = max(",;\t", key=first.count)
    try:
        rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
        header = [h.strip() for h in next(rows, [])]
        _columns(header, COLUMNS, path.name)
        twice = next((h for n, h in enumerate(header) if h and h in header[:n]), "")
        if twice:
            raise RatingError("R501", f"the column {quote(twice)} stands twice", place=path.name, remedy="keep one of the two")
        at = [header.index(c) for c in COLUMNS]
        for number, row in enumerate(rows, 2):
            if not any(row):
                continue
            if len(row) <= max(at):
                raise RatingError("R501", "a row that ends too early", place=f"{path.name}, row {number}", remedy="check that the file was saved whole")
            form_id, rater, round, kind, vignette, indicator, profile, value = (row[n].strip().removeprefix("'") for n in at)
            if value:
                place = f"{path.name}, row {number}"
                yield Line(rater, _round(round, form_id, form, place), kind, vignette, indicator, profile, value.lower(), place)
    except csv.Error as error:
        raise RatingError("R501", f"this is not readable as CSV ({error})", place=path.name, remedy="save the form anew") from None


def _columns(header: Sequence[str], wanted: Sequence[str], place: str) -> None:
    missing = [c for c in wanted if c not in header]
    if missing:
        raise RatingError("R501", f"the column {quote(missing[0])} is missing", place=place, remedy="start from the form that 'screening calibrate forms' wrote")


def _round(text: str, form_id: str, form: Form, place: str) -> int:
    if form_id != form.id:
        raise RatingError("R506", f"this was made with the form {quote(form_id)}, and {quote(form.id)} is asked for", place=place,
                          remedy="give the list and the vignettes that the form was made with; texts that changed since make another form")
    if not (text.isascii() and text.isdigit() and 1 <= int(text) <= 9):
        raise RatingError("R506", f"{quote(text)} is no round", place=place, remedy="write 1, 2 or so, as the form came")
    return int(text)


def _book_lines(path: Path, form: Form) -> Iterator[Line]:
    sheets = read_sheets(path)
    if not {"about", "strength"} <= set(sheets):
        raise RatingError("R501", "there is no sheet 'about' or 'strength'", place=path.name, remedy="start from the form that 'screening calibrate forms' wrote")
    about = {row[0].strip(): row[1].strip().removeprefix("'") for _, row in sheets["about"] if len(row) > 1}
    place = f"{path.name}, sheet about"
    round, rater = _round(about.get("round", ""), about.get("form", ""), form, place), check_code(about.get("rater", ""), place)
    for number, cells in _table(sheets["strength"], ("indicator", *CASE_PROFILES), f"{path.name}, sheet strength"):
        for p in CASE_PROFILES:
            if cells[p] and not (cells[p] == "-" and p not in form.indicators.get(cells["indicator"], (p,))):
                yield Line(rater, round, "strength", "", cells["indicator"], p, cells[p].lower(), f"{path.name}, sheet strength, row {number}, {p}")
    for number, cells in _table(sheets.get("vignettes", []), ("vignette", "finding"), f"{path.name}, sheet vignettes"):
        if cells["finding"]:
            yield Line(rater, round, "finding", cells["vignette"], "", "", cells["finding"].lower(), f"{path.name}, sheet vignettes, row {number}")
    for number, cells in _table(sheets.get("codes", []), ("indicator",), f"{path.name}, sheet codes"):
        for v, value in cells.items():
            if v not in ("indicator", "sign", "") and value:
                yield Line(rater, round, "code", v, cells["indicator"], "", value.lower(), f"{path.name}, sheet codes, row {number}, {v}")


def _table(rows: Sequence[tuple[int, list[str]]], wanted: Sequence[str], place: str) -> Iterator[tuple[int, dict[str, str]]]:
    """The rows of a sheet by column; nothing where there is no sheet."""
    if not rows:
        return
    header = [h.strip() for h in rows[0][1]]
    _columns(header, wanted, place)
    twice = next((h for n, h in enumerate(header) if h and h in header[:n]), "")
    if twice:
        raise RatingError("R501", f"the column {quote(twice)} stands twice", place=place, remedy="keep one of the two")
    for number, cells in rows[1:]:
        yield number, {h: (cells[n].strip().removeprefix("'") if n < len(cells) else "") for n, h in enumerate(header)}

