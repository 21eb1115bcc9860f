"""Which counts must be left out of what is released, so that nobody gets a count below ten back.

Every count below ten is left out (zeros too). That alone hides little: what is missing can be
worked out from totals, from other tables that share them, and from counts of a part and of the
whole. So all tables are looked at as one set of sums, the differences that nobody prints included,
and further counts are left out until every count below ten could, for all that is released says, be
ten or more. That a row is named at all, because it has ten in all, counts as said. It is tried with
a solver of linear programs (HiGHS, in scipy), as an attacker would; where it finds no whole
numbers, more is left out than need be.

Frank about its limits: it protects the tables of one report. Who gets two reports of the same
cases, cut at different days or in other periods, may take one from the other: release each period
once.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

from screening.casebook.statistics.table import Key

if TYPE_CHECKING:
    import numpy as np

    Floats: TypeAlias = np.ndarray[Any, np.dtype[np.float64]]

__all__ = ["LEAST", "Sum", "suppressed"]

LEAST = 10


class Sum(NamedTuple):
    """That a count is the sum of others."""

    whole: Key
    parts: tuple[Key, ...]


def suppressed(
    values: Mapping[Key, int],
    sums: Sequence[Sum],
    published: Iterable[Key],
    named: Collection[Key] = (),
) -> set[Key]:
    """What must not be released of what was to be published.

    values : every count, also those in no table that can be worked out from others
    named : counts of which everybody knows that they are not below ten, shown or not
    """
    shown = set(published)
    hidden = {key for key in shown if values[key] < LEAST}
    # What is nowhere printed may be nothing: that everybody was screened tells of nobody
    small = {key for key in values if values[key] < LEAST and (key in shown or values[key] > 0)}
    attacker = _Attacker(values, sums, named)
    exposed = small
    # Hiding more takes nothing away from what could be so: what was safe once stays safe
    while exposed := attacker.exposed(exposed, shown - hidden):
        more = {_another(key, values, sums, shown, hidden) for key in exposed} - {None}
        if not more:  # nothing is left that could still be hidden beside them
            break
        hidden |= {key for key in more if key is not None}
    return hidden


def _another(
    key: Key,
    values: Mapping[Key, int],
    sums: Sequence[Sum],
    shown: set[Key],
    hidden: set[Key],
) -> Key | None:
    """The smallest count that is still shown in a sum with this one, or in a sum with what is
    hidden beside it, and so on.
    """
    reached, at = {key}, {key}
    while at:
        beside = {k for s in sums if at & {s.whole, *s.parts} for k in (s.whole, *s.parts)}
        found = [k for k in beside if k in shown and k not in hidden]
        if found:
            return min(found, key=lambda k: (values[k], k))
        at, reached = beside - reached, reached | beside
    return None


class _Attacker:
    """Somebody who has everything that is released and knows how counts add up."""

    def __init__(
        self, values: Mapping[Key, int], sums: Sequence[Sum], named: Collection[Key]
    ) -> None:
        from scipy.sparse import coo_array

        self.values, self.named = values, named
        self.place = {key: n for n, key in enumerate(values)}
        entries = [
            (n, self.place[key], sign)
            for n, s in enumerate(sums)
            for key, sign in ((s.whole, -1), *((part, 1) for part in s.parts))
        ]
        rows, columns, signs = zip(*entries, strict=True)
        shape = (len(sums), len(values))
        self.sums = coo_array((signs, (rows, columns)), shape=shape).tocsr()

    def exposed(self, small: set[Key], released: set[Key]) -> set[Key]:
        """The small counts that are not seen to be able, for all that is released, to be ten.

        One program makes as many of them as large as it can at a time, then one each that is left.
        A count that no program makes ten in whole numbers is taken to be certain.
        """
        import numpy as np

        low, high = np.zeros(len(self.place)), np.full(len(self.place), np.inf)
        for key in self.named:
            low[self.place[key]] = LEAST
        for key in released:
            low[self.place[key]] = high[self.place[key]] = self.values[key]
        left, certain = set(small), set[Key]()
        while left and (large := self._made_large(sorted(left), low, high)):
            left -= large
        while left:
            key = min(left)
            large = self._made_large([key], low, high, left)
            certain |= {key} - large
            left -= large | {key}
        return certain

    def _made_large(
        self, wanted: Sequence[Key], low: Floats, high: Floats, of: Collection[Key] = ()
    ) -> set[Key]:
        """Which of these counts (or of others) can be ten or more together; nothing where the
        program finds only fractions.
        """
        import numpy as np
        from scipy.optimize import Bounds, LinearConstraint, milp
        from scipy.sparse import block_array, coo_array, eye_array

        # a switch for each count that is wanted: as far as it is on, the count is ten
        n, m = len(self.place), len(wanted)
        picks = coo_array((np.ones(m), (range(m), [self.place[k] for k in wanted])), shape=(m, n))
        tied = block_array([[picks, -LEAST * eye_array(m)]])
        padded = block_array([[self.sums, coo_array((self.sums.shape[0], m))]])
        answer: Any = milp(
            np.concatenate([np.zeros(n), -np.ones(m)]),
            bounds=Bounds(np.concatenate([low, np.zeros(m)]), np.concatenate([high, np.ones(m)])),
            constraints=[LinearConstraint(padded, 0, 0), LinearConstraint(tied, 0, np.inf)],
        )
        if answer.x is None or np.abs(answer.x[:n] - np.rint(answer.x[:n])).max() > 1e-6:
            return set()
        return {k for k in of or wanted if answer.x[self.place[k]] > LEAST - 0.5}
