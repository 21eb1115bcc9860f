"""How far a world lies from what was counted: marginals, correlations, and the paper's tables.

Distances, not verdicts.

The references are identified victims, whom practice found; a world for this tool is meant to lie
far from some of them.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from screening.answers import Profile
from screening.checklist.loader import read_file
from screening.checklist.model import Checklist
from screening.checklist.schema import Format, Id, ListId, Model, Text, Whole
from screening.errors import KnowledgeError, nearest
from screening.simulation.generate import Cases
from screening.simulation.schema import Loading, Share

__all__ = ["Distance", "Reference", "distances", "load_references"]


class Group(Model):
    """Shares of signs among `n` identified victims of one form and profile with any of the signs
    recorded.
    """

    id: Id
    form: Id
    profile: Profile
    n: Whole
    shares: Annotated[dict[Id, Share], Field(min_length=2)]


class Phi(Model):
    """Correlation of two signs."""

    signs: Annotated[list[Id], Field(min_length=2, max_length=2)]
    value: Loading


class Correlations(Model):
    """Correlations among identified victims of one profile with any sign recorded."""

    profile: Profile
    phi: Annotated[list[Phi], Field(min_length=2)]


class CountTable(Model):
    """Identified victims by form, sex or origin."""

    id: Id
    of: Literal["form", "sex", "origin"]
    counts: Annotated[dict[Text, Whole], Field(min_length=2)]
    at: Text


class Reference(Model):
    """`references/<id>.yaml`: what a world is held against."""

    format: Format
    id: ListId
    ref: ListId
    about: Text
    groups: list[Group] = []
    correlations: list[Correlations] = []
    tables: list[CountTable] = []


@dataclass(frozen=True)
class Distance:
    """One comparison.

    kind : "shares" (mean absolute difference), "phi" (the same, of correlations) or "table" (total
        variation distance)
    order : Spearman correlation of the two, whether what is commoner there is commoner here; NaN
        for tables
    rows : what was compared: name, there, here
    """

    reference: str
    about: str
    kind: Literal["shares", "phi", "table"]
    n_there: int
    n_here: int
    value: float
    order: float
    rows: list[tuple[str, float, float]]


def load_references(checklist: Checklist) -> list[Reference]:
    """All references of a list; `K120` for an indicator or source that the list does not have."""
    found = []
    for path in sorted((checklist.folder / "references").glob("*.yaml")):
        doc, file = read_file(path, Reference)
        named = [s for g in file.groups for s in g.shares] + [
            s for c in file.correlations for p in c.phi for s in p.signs
        ]
        for sign in named:
            if sign not in checklist.indicators:
                raise KnowledgeError(
                    "K120.indicator_unknown",
                    place=doc.place(()),
                    near=nearest(sign, checklist.indicators),
                    indicator=sign,
                )
        if file.ref not in checklist.sources:
            raise KnowledgeError(
                "K120.source_unknown",
                place=doc.place(("ref",)),
                near=nearest(file.ref, checklist.sources),
                source=file.ref,
            )
        found.append(file)
    return found


def distances(cases: Cases, references: list[Reference]) -> list[Distance]:
    """Every comparison of the exploited cases with every reference."""
    return [d for r in references for d in _of(cases, r)]


def _of(cases: Cases, reference: Reference) -> Iterator[Distance]:
    signs, form = cases.world.signs, cases.form()
    for group in reference.groups:
        who = cases.exploited & (form == group.form) & (cases.child == (group.profile == "child"))
        truth = cases.truth[[signs.index(s) for s in group.shares]][:, who]
        some = truth.any(axis=0)  # as there: only those with any of them
        here = truth[:, some].mean(axis=1) if some.any() else np.full(len(group.shares), math.nan)
        rows = [
            (s, there, float(h)) for (s, there), h in zip(group.shares.items(), here, strict=True)
        ]
        yield _distance(
            reference, f"{group.form}, {group.profile}", "shares", group.n, int(some.sum()), rows
        )
    for table in reference.correlations:
        named = list(dict.fromkeys(s for p in table.phi for s in p.signs))
        who = cases.exploited & (cases.child == (table.profile == "child"))
        truth = cases.truth[[signs.index(s) for s in named]][:, who]
        truth = truth[:, truth.any(axis=0)].astype(np.float64)
        varies = truth.std(axis=1) > 0
        phi: NDArray[np.float64] = np.full((len(named), len(named)), math.nan)
        phi[np.ix_(varies, varies)] = np.atleast_2d(np.corrcoef(truth[varies]))
        rows = [
            (
                " + ".join(p.signs),
                p.value,
                float(phi[named.index(p.signs[0]), named.index(p.signs[1])]),
            )
            for p in table.phi
        ]
        yield _distance(
            reference,
            f"pairs of signs, {table.profile}",
            "phi",
            0,
            truth.shape[1],
            [r for r in rows if not math.isnan(r[2])],
        )
    for counts in reference.tables:
        total = sum(counts.counts.values())
        shares = {name: count / total for name, count in counts.counts.items()}
        here_by = _shares(cases, counts.of)
        names = dict.fromkeys((*shares, *here_by))
        rows = [(name, shares.get(name, 0.0), here_by.get(name, 0.0)) for name in names]
        value = sum(abs(there - mine) for _, there, mine in rows) / 2
        yield Distance(
            reference.id,
            counts.of,
            "table",
            total,
            int(cases.exploited.sum()),
            value,
            math.nan,
            rows,
        )


def _shares(cases: Cases, of: str) -> dict[str, float]:
    """Shares of forms, sexes or origins among the exploited."""
    who = cases.exploited
    if of == "form":
        values: NDArray[np.str_] = cases.form()[who]
    elif of == "sex":
        values = np.where(cases.female[who], "female", "male")
    else:
        values = np.array(cases.origins)[cases.origin[who]]
    names, counts = np.unique(values, return_counts=True)
    return {
        str(name): float(count / counts.sum()) for name, count in zip(names, counts, strict=True)
    }


def _distance(
    reference: Reference,
    about: str,
    kind: Literal["shares", "phi"],
    n: int,
    here: int,
    rows: list[tuple[str, float, float]],
) -> Distance:
    there, mine = np.array([r[1] for r in rows]), np.array([r[2] for r in rows])
    ranks = np.stack([v.argsort().argsort() for v in (there, mine)]).astype(np.float64)
    order = float(np.atleast_2d(np.corrcoef(ranks))[0, 1]) if len(rows) > 2 else math.nan
    return Distance(
        reference.id, about, kind, n, here, float(np.abs(there - mine).mean()), order, rows
    )
