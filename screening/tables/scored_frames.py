"""Data frames of results: findings, what they rest on, and what changed between two of them."""

from __future__ import annotations

import os
import warnings
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypeVar

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from screening.checklist import load_weights
from screening.checklist.loader import DEFAULT_LIST
from screening.checklist.model import Checklist, WeightSet
from screening.checklist.schema import CASE_PROFILES, FINDINGS
from screening.errors import ScreeningWarning, UsageError
from screening.scorecard.card_json import load_model
from screening.scorecard.model import BANDS, CardModel
from screening.scoring.batch import BlockResult, Plan, compile_plan, score_block, yes_signs
from screening.scoring.block import Block
from screening.scoring.engine import taken_back
from screening.tables.arrow import of_numbers
from screening.tables.cases import BlockReader
from screening.tables.frames import Frames, FrameTable, as_frame, list_of
from screening.tables.results import Sheet
from screening.tables.source import Reading

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["ScreeningWarning", "compare_frames", "explain_frame", "score_frame"]

T = TypeVar("T")
R = TypeVar("R")
Errors = Literal["raise", "collect"]

_WORDS = pa.list_(pa.string())
_KINDS = ["sign", "protective", "danger", "once", "cap"]
_ORDERED = {
    "finding": FINDINGS,
    "finding_high": FINDINGS,
    "finding_without_danger": FINDINGS,
    "second_opinion_band": BANDS,
    "second_opinion_band_high": BANDS,
}


def score_frame(
    frame: Frames,
    checklist: Checklist | str | Path = DEFAULT_LIST,
    weights: WeightSet | str | None = None,
    *,
    model: CardModel | str | Path | None = None,
    keep: bool | Sequence[str] = True,
    today: date | None = None,
    n_jobs: int | None = None,
    errors: Errors = "raise",
) -> pd.DataFrame:
    """Score a frame of cases: rows in = rows out, in order, under the same index.

    Parameters
    ----------
    frame : a row a case: `case_id` (or the index), `age`, `age_certain`, and a column for each
        sign; words in any language of the list, booleans, 1 and 0; NaN, NA and None are open.
        Other codes are refused: say what they are with `frame.replace({99: "unknown"})`. A pandas
        frame, or whatever speaks Arrow's C stream
    checklist, weights : the list and its weight set, or their names; None for the set in force
    model : a card that gives a second opinion beside each finding, its name or its file
    keep : whether the frame's own columns stay, or which of them. A column of the name of a result
        gives way to the result, with a warning
    today : the day ages are taken on where a case has no `met_on`; without it, this machine's day
    n_jobs : threads; None for one, -1 for as many as there are processors. Results do not depend
        on it
    errors : "raise" refuses the whole frame; "collect" scores what can be read, leaves the other
        rows without a result, and says why in a column `error` (results are nullable then)

    Returns
    -------
    pandas.DataFrame
        Findings and bands are ordered categories, lowest first; states are categories, and so is
        `need_<id>` for each need of the list (present or open, else missing); `signs` and
        `red_flags` are Arrow lists of ids, `settled` is a boolean, points are whole numbers. The
        long form gives one row a case, indexed by `case_id`.

    Raises
    ------
    CaseError : what cannot be read, with row and column; further faults are in `__notes__`
    KnowledgeError, ModelError : the list, the weights or the card
    UsageError : U305 something else than a frame, or a value of `errors` that there is not

    Examples
    --------
    >>> import pandas as pd
    >>> frame = pd.DataFrame(
    ...     {"age": [9, 30], "sent_and_placed": ["yes", None], "daily_quota": ["po", "jo"]}
    ... )
    >>> score_frame(frame, keep=False)["finding"].astype(str).tolist()
    ['refer', 'too_little_known']
    """
    if errors not in ("raise", "collect"):
        raise UsageError("U305.errors_unknown", given=errors)
    import pandas as pd

    given, listed = as_frame(frame), list_of(checklist)
    set_ = weights if isinstance(weights, WeightSet) else load_weights(listed, weights)
    card = model if isinstance(model, CardModel) or model is None else load_model(model, listed)
    reading = Reading(listed, today or date.today())
    sheet = Sheet(listed, set_, compile_plan(listed, set_), card)
    table, faults = FrameTable(given, reading), dict[int, str]()
    if errors == "collect" and not table.layout.long and len(given):
        for row, fault in table.faults():
            faults.setdefault(row, str(fault))
        if faults:
            fine = np.ones(len(given), dtype=bool)
            fine[list(faults)] = False
            table = FrameTable(given.loc[fine], reading)
    result, ids = _scored(table, sheet, _threads(n_jobs))
    for text in table.warnings:
        warnings.warn(text, ScreeningWarning, stacklevel=2)
    if table.layout.long:
        return result.set_axis(pd.Index(ids, name="case_id", dtype="str"))
    if errors == "collect":
        result = _with_errors(result, faults, len(given))
    result.index = given.index
    names = list(given.columns) if keep is True else list(keep or ())
    for name in names:
        if name in result.columns:
            told_ = f"{table.name}: column {name!r} is replaced by the result of that name"
            warnings.warn(told_, ScreeningWarning, stacklevel=2)
    kept = given[[name for name in names if name not in result.columns]]
    return pd.concat([kept, result], axis=1) if len(kept.columns) else result


def _threads(n_jobs: int | None) -> int:
    if n_jobs is None or n_jobs == 0:
        return 1
    processors = os.cpu_count() or 1
    return n_jobs if n_jobs > 0 else max(1, processors + 1 + n_jobs)


def _blocks(table: FrameTable) -> Iterator[Block]:
    """The blocks; of a frame without rows, an empty one."""
    if len(table.frame):
        yield from BlockReader([table])
        return
    signs = len(table.reading.checklist.indicators)
    yield Block([], np.zeros(0, np.int16), np.zeros(0, bool), np.zeros((signs, 0), dtype=np.uint8))


def _in_order(work: Callable[[T], R], items: Iterable[T], threads: int) -> Iterator[R]:
    """`map` with some threads: numpy and Arrow work without the interpreter's lock."""
    if threads == 1:
        yield from map(work, items)
        return
    with ThreadPoolExecutor(threads) as pool:
        waiting: deque[Future[R]] = deque()
        for item in items:
            waiting.append(pool.submit(work, item))
            if len(waiting) > threads + 1:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


def _scored(table: FrameTable, sheet: Sheet, threads: int) -> tuple[pd.DataFrame, list[str]]:
    def work(block: Block) -> pa.RecordBatch:
        return sheet.batch(block, score_block(block, sheet.plan))

    rows = pa.Table.from_batches(list(_in_order(work, _blocks(table), threads)), sheet.schema)
    ids = rows.column("case_id").to_pylist() if table.layout.long else []
    return _as_pandas(rows.drop_columns(["case_id"])), ids


def _as_pandas(rows: pa.Table) -> pd.DataFrame:
    import pandas as pd

    words = pa.list_(pa.string())
    for n, field in enumerate(rows.schema):
        if pa.types.is_list(field.type):
            rows = rows.set_column(n, field.name, rows.column(n).cast(words))
    kinds: dict[pa.DataType, Any] = {words: pd.ArrowDtype(words)}
    frame: pd.DataFrame = rows.to_pandas(types_mapper=kinds.get)
    for name, order in _ORDERED.items():
        if name in frame:
            frame[name] = frame[name].cat.set_categories(order, ordered=True)
    return frame


def _with_errors(result: pd.DataFrame, faults: dict[int, str], n: int) -> pd.DataFrame:
    """All rows again; those that were refused without a result and with the reason."""
    import pandas as pd

    whole = dict.fromkeys(result.select_dtypes("integer"), "Int32")
    result = result.astype({**whole, "settled": "boolean"})
    result.index = pd.Index([row for row in range(n) if row not in faults])
    every = result.reindex(range(n))
    every["error"] = pd.Series(faults, dtype="str").reindex(range(n))
    return every


def explain_frame(
    frame: Frames,
    checklist: Checklist | str | Path = DEFAULT_LIST,
    weights: WeightSet | str | None = None,
    *,
    language: str = "en",
    today: date | None = None,
) -> pd.DataFrame:
    """What each sum of points is made of: a row for each sign of each case answered yes.

    Parameters are those of `score_frame`; `language` is that of the statements.

    Returns
    -------
    pandas.DataFrame
        Indexed as `frame` (a case without a yes has no row; the long form by `case_id`), with the
        columns indicator, statement, points, kind, strength, element, dimension, and needs (an
        Arrow list: which needs the sign opens). Kind, strength, element and dimension are
        categories. The points of a case sum exactly to its `points`: rows without an indicator take
        back what is too many, of kind `once` where signs state one fact, of kind `cap` over a cap.

    Examples
    --------
    >>> import pandas as pd
    >>> frame = pd.DataFrame({"age": [9], "sent_and_placed": ["yes"]}, index=["A-1"])
    >>> rows = explain_frame(frame)
    >>> rows.index.tolist(), rows["indicator"].tolist()
    (['A-1'], ['sent_and_placed'])
    """
    import pandas as pd

    given, listed = as_frame(frame), list_of(checklist)
    set_ = weights if isinstance(weights, WeightSet) else load_weights(listed, weights)
    plan = compile_plan(listed, set_)
    table = FrameTable(given, Reading(listed, today or date.today()))
    about, ids, first, parts = _About(listed, set_, plan, language), list[str](), 0, []
    for block in _blocks(table):
        part = about.rows(block, score_block(block, plan))
        part["row"] += first
        parts.append(part)
        first += len(block.age)
        if table.layout.long:
            ids += list(block.case_ids)
    rows = pd.concat(parts, ignore_index=True)
    index = pd.Index(ids, name="case_id", dtype="str") if table.layout.long else given.index
    return rows.set_index(index.take(rows.pop("row").to_numpy()))


class _About:
    """What is said of each sign: words, and points by profile."""

    def __init__(self, checklist: Checklist, weights: WeightSet, plan: Plan, language: str) -> None:
        import pandas as pd

        texts, self.plan = checklist.texts(language), plan
        signs = [checklist.indicators[i] for i in plan.indicators]
        self.texts = texts
        self.scales = [weights.scale(checklist, p) for p in CASE_PROFILES]
        self.points = np.array(
            [[weights.points[p].get(i.id, 0) for i in signs] for p in CASE_PROFILES]
        )
        opened = [
            [n for n, ids in zip(plan.needs, of.needs, strict=True) if i.id in ids]
            for of in plan.profiles
            for i in signs
        ]
        self.needs = pa.array(opened, _WORDS)  # by profile, then sign
        self.signs = pd.DataFrame(
            {
                "indicator": [i.id for i in signs],
                "statement": [texts.statement(i.id) for i in signs],
                "kind": [checklist.dimensions[i.dimension].kind for i in signs],
                "element": pd.Categorical([i.element for i in signs]),
                "dimension": pd.Categorical(
                    [i.dimension for i in signs], categories=list(checklist.dimensions)
                ),
            }
        )
        self.strengths = np.array(
            [[i.strength_for(p) or "" for i in signs] for p in CASE_PROFILES], dtype=object
        )

    def rows(self, block: Block, result: BlockResult) -> pd.DataFrame:
        """The rows of one block: by case, in the list's order, what is taken back last."""
        import pandas as pd

        case, sign = np.nonzero(yes_signs(block, result, self.plan).T)
        profile = result.profile[case]
        found = self.signs.take(sign).reset_index(drop=True)
        found.insert(2, "points", self.points[profile, sign])
        found.insert(4, "strength", self.strengths[profile, sign])
        found["strength"] = found["strength"].replace("", None).astype("category")
        found.insert(0, "row", case)
        opened = self.needs.take(of_numbers(profile * len(self.plan.indicators) + sign))
        found["needs"] = pd.arrays.ArrowExtensionArray(opened)
        taken = self._taken_back(result, case, sign)
        if len(taken):
            taken["dimension"] = taken["dimension"].astype(found["dimension"].dtype)
            taken["needs"] = _lists([[]] * len(taken))
            found = pd.concat([found, taken]).sort_values("row", kind="stable")
        found["kind"] = pd.Categorical(found["kind"], categories=_KINDS)
        return found

    def _taken_back(
        self, result: BlockResult, case: NDArray[np.intp], sign: NDArray[np.intp]
    ) -> pd.DataFrame:
        """What the sum over single signs has too many, for the cases where it has."""
        import pandas as pd

        each = np.bincount(
            case, self.points[result.profile[case], sign], minlength=len(result.points)
        )
        rows = []
        for n in np.flatnonzero(each != result.points).tolist():
            scale = self.scales[result.profile[n]]
            yes = frozenset(self.plan.indicators[i] for i in sign[case == n])
            for taken in scale.taken_back(yes):
                c = taken_back(taken, scale, self.texts)
                rows.append((n, None, c.statement, c.points, c.kind, c.dimension))
        columns = ["row", "indicator", "statement", "points", "kind", "dimension"]
        return pd.DataFrame(rows, columns=columns)


def compare_frames(before: pd.DataFrame, after: pd.DataFrame) -> pd.DataFrame:
    """What changed between two results of `score_frame`, by their index.

    Returns
    -------
    pandas.DataFrame
        Indexed by every case of either, in the order of `after`, then those that only `before` has:
        change (raised, lowered, same, new, gone), finding_before, finding, points_before, points,
        signs_added and signs_removed (Arrow lists). Whatever weights or lists the two were scored
        with is compared as it is.

    Raises
    ------
    UsageError : U305 an index that names a case twice, or frames that are no results
    """
    import pandas as pd

    for frame in (before, after):
        if not {"finding", "points", "signs"} <= set(frame.columns):
            raise UsageError("U305.not_results")
        if not frame.index.is_unique:
            raise UsageError("U305.index_twice")
    index = after.index.append(before.index.difference(after.index, sort=False))
    old, new = before.reindex(index), after.reindex(index)
    rank = {finding: n for n, finding in enumerate(FINDINGS)}
    low, high = (f["finding"].astype(object).map(rank) for f in (old, new))
    change = np.select(
        [low.isna(), high.isna(), high > low, high < low],
        ["new", "gone", "raised", "lowered"],
        "same",
    )
    added = [_less(b, a) for b, a in zip(new["signs"], old["signs"], strict=True)]
    removed = [_less(a, b) for b, a in zip(new["signs"], old["signs"], strict=True)]
    kinds = ["raised", "lowered", "same", "new", "gone"]
    return pd.DataFrame(
        {
            "change": pd.Categorical(change, categories=kinds),
            "finding_before": old["finding"],
            "finding": new["finding"],
            "points_before": old["points"].astype("Int32"),
            "points": new["points"].astype("Int32"),
            "signs_added": _lists(added),
            "signs_removed": _lists(removed),
        },
        index=index,
    )


def _lists(values: list[list[str]]) -> Any:
    import pandas as pd

    return pd.arrays.ArrowExtensionArray(pa.array(values, _WORDS))


def _less(one: Any, other: Any) -> list[str]:
    """What is in one list of signs and not in the other; a case that is not there has none."""
    gone = set(other) if isinstance(other, (list, np.ndarray)) else set()
    return [i for i in one if i not in gone] if isinstance(one, (list, np.ndarray)) else []
