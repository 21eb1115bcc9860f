"""What a message is: one sentence for the problem, one for the remedy, with named facts."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

__all__ = ["Code", "Message", "brief", "fill", "quote"]

_FACT = re.compile(r"\{(\w+)(!r)?\}")


@dataclass(frozen=True, slots=True)
class Message:
    """A sentence about what is wrong, and one about what to do.

    `{name}` is filled with a fact as it is, `{name!r}` with a fact in quotes: what a person wrote.

    Parameters
    ----------
    problem : what is wrong, without a full stop
    remedy : what to do about it, for somebody at a command line
    page : the remedy on a page, where options, commands and folders mean nothing; the same without
    """

    problem: str
    remedy: str = ""
    page: str = ""

    @property
    def texts(self) -> tuple[str, ...]:
        """All that a translation gives anew: what has words of its own."""
        every = (self.problem, self.remedy, self.page)
        return tuple(text for text in every if _FACT.sub("", text).strip())


class Code:
    """A stable code: what it means in general, and each message that carries it, by name."""

    def __init__(self, meaning: str, /, **messages: Message) -> None:
        self.meaning = meaning
        self.messages = messages


def quote(value: object, limit: int = 60) -> str:
    """A value as it may stand in a message: one line, printable, cut short."""
    try:
        text = value if isinstance(value, str) else repr(value)
    except Exception:  # the error path never raises
        text = f"<{type(value).__name__}>"
    return f"'{brief(text, limit)}'"


def brief(text: str, limit: int = 60) -> str:
    """What somebody wrote as it may stand in a line, as a part of a place too: printable, and cut
    short.
    """
    text = "".join(c if c.isprintable() else "?" for c in text)
    return f"{text[: limit - 1]}…" if len(text) > limit else text


def fill(template: str, facts: Mapping[str, object]) -> str:
    """The template with its facts. A fact that is missing leaves its name: an error never raises.

    What is filled in is never read again for names, so that a value with braces stays as it is.
    """

    def shown(match: re.Match[str]) -> str:
        name, quoted = match.groups()
        if name not in facts:
            return match.group()
        value = facts[name]
        if quoted:
            return quote(value)
        if isinstance(value, Iterable) and not isinstance(value, str | bytes):
            return ", ".join(str(v) for v in value)
        return str(value)

    return _FACT.sub(shown, template)
