"""Weight sets from disk: complete, made for the list, and as they were signed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path

from screening.answers import Profile
from screening.checklist import crosscheck, signed
from screening.checklist.loader import is_file, read_file, rules_of, same_id, sha256_of
from screening.checklist.model import Checklist, RuleSet, WeightSet
from screening.checklist.scale import Lines
from screening.checklist.schema import CASE_PROFILES
from screening.checklist.weightfiles import Points, WeightsFile
from screening.checklist.yamlfile import Doc
from screening.errors import KnowledgeError, nearest

__all__ = ["check_dates", "load_weights", "weight_set_ids", "weights_path"]


def weight_set_ids(checklist: Checklist) -> list[str]:
    """The weight sets that lie beside a list, oldest first."""
    return sorted(p.stem for p in (checklist.folder / "weights").glob("*.yaml"))


def weights_path(checklist: Checklist, ref: str | Path, place: str = "") -> Path:
    """The file of a weight set, by id or path. `K110` where there is none."""
    path = checklist.folder / "weights" / f"{ref}.yaml"
    if not is_file(path):
        path = Path(ref)
        if not is_file(path):
            known = weight_set_ids(checklist)
            raise KnowledgeError(
                "K110.weights_unknown" if known else "K110.no_weights",
                place=place,
                near=nearest(str(ref), known),
                checklist=checklist.id,
                ref=str(ref),
                known=known,
            )
    return path


def load_weights(
    checklist: Checklist,
    ref: str | Path | None = None,
    *,
    on: date | None = None,
    draft: bool = False,
) -> WeightSet:
    """A weight set by id or file; None is the one in force.

    Parameters
    ----------
    on : the day for which a set is chosen by hand: a signed one must be valid then. None asks for
        no day: an old result can be
        made again at any time. The set in force is never refused for its age, since people wait for
        a finding: see `check_dates`
    draft : take it whatever its signatures say, as those who prepare and sign it must

    Raises
    ------
    KnowledgeError : K110, K130, K131, K132, K157 where it cannot serve; K150, K151, K153, K154
        where it claims to be signed and
        is not; K152 where it is not valid on that day; K155 where the log of what is in force does
        not hold
    """
    in_force = ref is None
    path = weights_path(
        checklist,
        checklist.weights_in_force if ref is None else ref,
        f"{checklist.id}/checklist.yaml, weights" if in_force else "",
    )
    doc, file = read_file(path, WeightsFile)
    same_id(file.id, path, doc)
    if file.checklist != checklist.id:
        raise KnowledgeError(
            "K130.weights_of_another_list",
            place=doc.place(("checklist",)),
            made_for=file.checklist,
            checklist=checklist.id,
        )
    points, caps = crosscheck.weights(checklist, file, doc)
    sha256 = sha256_of(doc.data)
    standing = signed.standing(checklist, path, file.id, sha256, file.rechecked_on)
    weights = WeightSet(
        id=file.id,
        checklist=file.checklist,
        title=file.title,
        authors=tuple(file.authors),
        method=file.method,
        evidence=file.evidence,
        valid_from=file.valid_from,
        rechecked_on=file.rechecked_on,
        points=points,
        caps=caps,
        sha256=sha256,
        recheck_by=file.recheck_by,
        worlds=tuple(file.worlds),
        previous=file.previous.id if file.previous else "",
        override=file.override,
        agreement=file.agreement,
        alternatives=_alternatives(checklist, file, points, doc),
        standing=standing,
        lines=_lines(file, doc),
        rules=_rules(checklist, file, doc),
    )
    crosscheck.scale(checklist, weights, doc)
    if not draft and standing.fault is not None:
        raise standing.fault
    if in_force:
        _as_activated(checklist, weights, doc)
    elif on is not None and not draft:
        check_dates(weights, on)
    return weights


def _lines(file: WeightsFile, doc: Doc) -> dict[Profile, Lines]:
    """What stands beside the numbers, by profile; nothing where the list's rules decide."""
    found: dict[Profile, Lines] = {}
    if file.lines is None:
        return found
    for profile in CASE_PROFILES:
        numbers: dict[str, int] = {}
        for name, given in file.lines:
            number = given.for_profile(profile) if isinstance(given, Points) else 0
            if number is None:
                raise KnowledgeError(
                    "K135.line_missing", place=doc.place(("lines",)), profile=profile
                )
            if isinstance(given, Points):
                numbers[name] = number
        alone = {a.indicator: a.why for a in file.lines.alone if profile in a.profiles}
        found[profile] = Lines(**numbers, alone=alone)
    return found


def _rules(checklist: Checklist, file: WeightsFile, doc: Doc) -> dict[Profile, RuleSet] | None:
    """The rules that the set was made for, where it brings its own."""
    if file.rules is None:
        return None
    kinds = {d.id: d.kind for d in checklist.dimensions.values()}
    levels = rules_of(file.rules, checklist.indicators.values(), kinds, doc)
    return {p: RuleSet(levels[p], checklist.rules[p].enough_known) for p in CASE_PROFILES}


def check_dates(weights: WeightSet, on: date) -> None:
    """`K152` where a signed set is not valid on a day, or was signed after it.

    An unsigned one is a proposal: its days bind nobody.
    """
    if weights.standing.state != "signed":
        return
    if on < weights.valid_from:
        raise KnowledgeError(
            "K152.not_yet_valid",
            weights=weights.id,
            valid_from=weights.valid_from.isoformat(),
            on=on.isoformat(),
        )
    if weights.recheck_by is not None and on > weights.recheck_by:
        raise KnowledgeError(
            "K152.review_overdue",
            weights=weights.id,
            recheck_by=weights.recheck_by.isoformat(),
        )
    if weights.standing.on is not None and weights.standing.on > on:
        raise KnowledgeError(
            "K152.signed_in_future",
            weights=weights.id,
            signed_on=weights.standing.on.isoformat(),
            on=on.isoformat(),
        )


def _as_activated(checklist: Checklist, weights: WeightSet, doc: Doc) -> None:
    """What is in force must be what was put in force, signed as it was then."""
    entry = signed.checked_activation(checklist)
    if entry is None:
        return
    if entry.sha256 != weights.standing.sha256 or weights.standing.state != "signed":
        raise KnowledgeError("K150.in_force_changed", place=doc.place(()), on=entry.on.isoformat())


def _alternatives(
    checklist: Checklist, file: WeightsFile, points: Mapping[Profile, Mapping[str, int]], doc: Doc
) -> tuple[Mapping[Profile, Mapping[str, int]], ...]:
    """The plausible weights as whole sets, one a draw. `K157` where they do not fit the set."""
    if file.plausible is None:
        return ()
    many = file.plausible.draws
    varied: dict[Profile, dict[str, list[int]]] = {"adult": {}, "child": {}}
    given = file.plausible.points
    for named, draws in given.items():
        key = checklist.current(named)
        if key != named and key in given:
            continue
        for profile in CASE_PROFILES:
            numbers = draws.child if profile == "child" else draws.adult
            if not numbers:
                continue
            place = doc.place(("plausible", "points", named))
            if (
                key not in points[profile]
                or checklist.dimensions[checklist.indicators[key].dimension].kind != "sign"
            ):
                raise KnowledgeError("K157.plausible_without_weight", place=place, indicator=key)
            if len(numbers) != many:
                raise KnowledgeError(
                    "K157.plausible_count",
                    place=place,
                    n_numbers=len(numbers),
                    many=many,
                )
            varied[profile][key] = numbers
    return tuple(
        {
            p: {**points[p], **{key: numbers[k] for key, numbers in varied[p].items()}}
            for p in CASE_PROFILES
        }
        for k in range(many)
    )
