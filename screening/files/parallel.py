"""Independent pieces of one piece of work, in processes of this machine."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

from screening.errors import UsageError

__all__ = ["each"]

T = TypeVar("T")
R = TypeVar("R")


def each(work: Callable[[T], R], items: Iterable[T], n_jobs: int | None = None) -> Iterator[R]:
    """What `work` makes of each item, in their order; the results are the same for any number.

    work : a function of a module, or a `partial` of one: what is defined inside another function
        cannot be sent to a process while coverage is measured
    n_jobs : processes; None for this one alone, -1 for as many as there are processors. Each keeps
        its linear algebra to one thread: two in every process would wait for each other

    Raises
    ------
    UsageError : U306 joblib is not installed and more than one process is asked for
    """
    if n_jobs in (None, 0, 1):
        yield from map(work, items)
        return
    try:
        from joblib import Parallel, delayed
    except ModuleNotFoundError as error:
        raise UsageError("U306.jobs_packages", error=error.name) from None
    calls = (delayed(_alone)(work, item) for item in items)
    yield from Parallel(n_jobs, return_as="generator")(calls)


def _alone(work: Callable[[T], R], item: T) -> R:
    from threadpoolctl import threadpool_limits

    with threadpool_limits(1):
        return work(item)
