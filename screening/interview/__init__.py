"""The interview: preconditions first, then the question that matters most, until enough is known.

It knows no screen.

`Record` is what is kept, `Interview` what can be done with it, `Protocol` the preconditions,
facts and skips as data.
"""

from screening.interview.protocol import PRECONDITIONS, Protocol, load_protocol
from screening.interview.record import Change, Judgement, Record
from screening.interview.session import Interview
from screening.interview.step import Choice, Step

__all__ = [
    "PRECONDITIONS",
    "Change",
    "Choice",
    "Interview",
    "Judgement",
    "Protocol",
    "Record",
    "Step",
    "load_protocol",
]
