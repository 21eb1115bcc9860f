"""Every code with its meaning and its messages. Loaded when the first error is shown."""

from __future__ import annotations

from screening.errors.casebook import CASEBOOK
from screening.errors.cases import CASES
from screening.errors.casework import CASEWORK
from screening.errors.knowledge import KNOWLEDGE
from screening.errors.matching import MATCHING
from screening.errors.message import Code, Message
from screening.errors.models import MODELS
from screening.errors.numbers import NUMBERS
from screening.errors.outcomes import OUTCOMES
from screening.errors.ratings import RATINGS
from screening.errors.sessions import SESSIONS
from screening.errors.usage import USAGE
from screening.errors.weights import WEIGHTS

__all__ = ["CATALOGUE", "NEAR", "message"]

NEAR = "did you mean {near!r}?"

CATALOGUE: dict[str, Code] = {
    **KNOWLEDGE,
    **NUMBERS,
    **MATCHING,
    **WEIGHTS,
    **CASES,
    **OUTCOMES,
    **MODELS,
    **RATINGS,
    **USAGE,
    **SESSIONS,
    **CASEBOOK,
    **CASEWORK,
}


def message(key: str) -> Message:
    """The message of a key such as `C220.no_answer`; one that says little for a key that is not
    there, since an error never raises another.
    """
    code, _, name = key.partition(".")
    if code in CATALOGUE and name in CATALOGUE[code].messages:
        return CATALOGUE[code].messages[name]
    return Message(CATALOGUE[code].meaning if code in CATALOGUE else key)
