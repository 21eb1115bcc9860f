"""The interview: gates first, then the question that matters most next, until enough is known.

It knows no screen.

`Record` is what is kept, `Interview` what can be done with it, `Protocol` the gates, facts and
skips as data.
"""

from screening.interview.protocol import GATES, Protocol, load_protocol
from screening.interview.record import Change, Judgement, Record
from screening.interview.session import Interview
from screening.interview.step import Choice, Step

__all__ = [
    "GATES",
    "Change",
    "Choice",
    "Interview",
    "Judgement",
    "Protocol",
    "Record",
    "Step",
    "load_protocol",
]
