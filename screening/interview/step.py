"""What comes next in an interview, and why: plain values, without the arithmetic that finds
them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from screening.checklist.schema import Finding

__all__ = ["ENOUGH", "FIRST_WORTH", "Choice", "Step", "Stop", "Why"]

ENOUGH = 0.02  # a change that is less likely than this is not asked for
# What is seen or read comes before what is asked aloud, as long as the best of it is worth a fifth
# of the best question.
FIRST_WORTH = 0.2

Why = Literal["raises", "leads", "known", "points", "record"]
# `danger`: settled by danger alone, the rest is still open. `left_open`: what is left to ask
# changes nothing, what nobody knows, was refused or left open still could.
# `for_others`: what is left to ask is not for whoever asks now. `refer`: a child is asked nothing
# more by an officer. `other_parts`: what is left is not about this meeting. `for_now`:
# as many as such a place allows.
Stop = Literal[
    "settled",
    "danger",
    "unlikely",
    "refer",
    "withheld",
    "for_others",
    "other_parts",
    "for_now",
    "left_open",
    "nothing_left",
]


@dataclass(frozen=True, slots=True)
class Choice:
    """A question to put, and why: a yes `raises` the finding to `to`; `leads` there with one more
    sign; makes enough `known`; adds `points`; or is for the `record` alone.

    `chance` is how likely a yes is taken to be.
    """

    indicator: str
    why: Why
    to: Finding | None
    chance: float


@dataclass(frozen=True, slots=True)
class Step:
    """What comes next: what to do in danger, a precondition (`key` says which), the person, a
    question (`choice` says which and why), a look at what needs no words (`Known.to_look`), the
    officer's own judgement, or the finding.

    `stop` says why no question comes.
    """

    kind: Literal["help", "precondition", "person", "question", "look", "judgement", "finding"]
    key: str = ""
    choice: Choice | None = None
    stop: Stop | None = None
