"""The words of a form of ratings in every language, and back to what they stand for.

A form is read whatever language it was written in: its sheets, its headers and what was chosen or
typed. The English codes are read too.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

from screening.answers import OPEN_ANSWERS, Answer
from screening.calibration.ratings import Form
from screening.checklist.schema import CASE_PROFILES
from screening.errors import CaseError
from screening.i18n import LANGUAGES, Words, words
from screening.names import fold
from screening.values import parse_answer

__all__ = ["about", "answers", "header_of", "headers", "meant", "sheet_of", "sheets", "steps"]


def sheets(say: Words) -> dict[str, str]:
    return {
        "about": say("about"),
        "strength": say("strength"),
        "vignettes": say("vignettes"),
        "codes": say("codes"),
    }


def headers(say: Words) -> dict[str, str]:
    """Columns of the sheets, and the first column of the one that says what the form is."""
    who = {"adult": say("adult"), "child": say("child")}
    return {
        "key": say("what"),
        "value": say("value"),
        "form": say("form"),
        "rater": say("rater"),
        "round": say("round"),
        "list": say("list"),
        "names": say("names"),
        "indicator": say("indicator"),
        "section": say("section"),
        "sign": say("sign"),
        "help": say("what counts"),
        **who,
        **{f"{p}_before": say("{who}: you before", who=who[p]) for p in CASE_PROFILES},
        **{f"{p}_group": say("{who}: the group", who=who[p]) for p in CASE_PROFILES},
        "vignette": say("vignette"),
        "title": say("title"),
        "age": say("age"),
        "story": say("story"),
        "finding": say("finding"),
    }


def steps(say: Words) -> dict[str, str]:
    """How telling a sign is."""
    return {
        "none": say("none"),
        "weak": say("weak"),
        "medium": say("medium"),
        "strong": say("strong"),
    }


def answers(say: Words) -> dict[str, str]:
    """What a story says of a sign."""
    return {"yes": say("Yes"), "no": say("No"), "open": say("open")}


def about(say: Words, round: int, stories: bool) -> dict[str, str]:
    """How to fill the form in, by what it is about."""
    step, answer, sheet, head = steps(say), answers(say), sheets(say), headers(say)
    told = {
        sheet["strength"]: say(
            "How telling is each sign, for an adult and for a child: {steps}. Leave blank what you"
            " cannot say.",
            steps=", ".join(step.values()),
        )
    }
    told[sheet["strength"]] += " " + say(
        "You may also write 0 for {none}, 1 for {weak}, 2 for {medium}, 3 for {strong}, and ? where"
        " you cannot tell.",
        **step,
    )
    if round > 1:
        told[sheet["strength"]] += " " + say(
            "Your ratings from the previous round are already filled in. Change what you want to;"
            " the rest stays as it is."
        )
    if stories:
        told[sheet["vignettes"]] = say(
            "Read each story as if you had met the person. Choose your own finding before you look"
            " at what others say."
        )
        told[sheet["codes"]] = say(
            "For each story: {yes} or {no} where it says so. Leave blank what it does not say:"
            " blank is open, never no.",
            yes=answer["yes"],
            no=answer["no"],
        )
    return {
        **told,
        head["names"]: say("Write no name anywhere in this file. The code above is enough."),
    }


# -- back ------------------------------------------------------------------------------------------


# How telling a sign is, as people write it who do not choose from the list; by their keys.
_ALSO = {
    "none": ("0", "no", "aspak", "hic", "ne", "nimalo", "nista", "nikakva", "nikakvo", "nema"),
    "weak": ("1", "dobet", "i dobet", "te dobet", "slaba", "slabo"),
    "medium": ("2", "mesatar", "mesatare", "i mesatar", "e mesatare", "srednja", "srednje"),
    "strong": ("3", "forte", "i forte", "te forte", "jaka", "jako", "snazan"),
}
NOT_RATED = "?"  # I cannot tell: no rating; in a story, open


@lru_cache
def _back(of: Callable[[Words], dict[str, str]]) -> dict[str, str]:
    """What the words of all languages stand for."""
    found = {
        fold(word): code for language in LANGUAGES for code, word in of(words(language)).items()
    }
    return found | {fold(code): code for code in found.values()}


def sheet_of(title: str) -> str:
    """Which sheet of a form this is; nothing where it is none."""
    return _back(sheets).get(fold(title), "")


def header_of(cell: str) -> str:
    """Which column this is; the cell as it stands where it is none, as a vignette's."""
    return _back(headers).get(fold(cell), cell.strip())


@lru_cache
def _steps() -> dict[str, str]:
    """The words for how telling a sign is, and how else people write them."""
    return {word: code for code, many in _ALSO.items() for word in many} | _back(steps)


def meant(kind: str, cell: str, form: Form) -> str:
    """A rating of this kind as a code; the cell itself where it is no word of the scale. What is
    said of a sign is read as a cell of a table of cases is, too.
    """
    said = fold(cell)
    if said == NOT_RATED:
        return "open" if kind == "code" else ""
    if kind == "strength":
        return _steps().get(said, said)
    if kind == "finding":
        return form.labels.get(said, said.replace(" ", "_"))
    if said in _back(answers):
        return _back(answers)[said]
    try:
        answer = parse_answer(cell)
    except CaseError:
        return said
    if answer is Answer.NOT_APPLICABLE:
        return said
    return "open" if answer in OPEN_ANSWERS else answer.value
