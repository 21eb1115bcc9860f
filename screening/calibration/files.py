"""Weight sets, signatures, signers and activations as files.

Each is written whole beside its place, read back as proof, then put there.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from screening.answers import Profile
from screening.calibration.concerns import Concerns
from screening.calibration.propose import Proposal
from screening.calibration.signing import SHORTEST_REASON, SigningKey, guard, sign
from screening.checklist import signed
from screening.checklist.compare import compare
from screening.checklist.loader import load_checklist, read_file, typed
from screening.checklist.model import Checklist, WeightSet
from screening.checklist.scale import LINES
from screening.checklist.schema import CASE_PROFILES
from screening.checklist.weightfiles import (
    Activation,
    Signature,
    SignaturesFile,
    Signer,
    SignersFile,
    WeightsFile,
)
from screening.checklist.weights import load_weights, weights_path
from screening.checklist.yamlfile import dump_yaml, parse_yaml
from screening.errors import KnowledgeError, UsageError
from screening.files.atomic import OutputFile

__all__ = [
    "Draft",
    "add_activation",
    "add_signature",
    "add_signer",
    "check_says_so",
    "newly_alone",
    "put_signature",
    "signatures",
    "signer",
    "weights_target",
    "write_draft",
]

_ID = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})-[a-z0-9][a-z0-9-]{0,50}")


@dataclass(frozen=True)
class Draft:
    """What a new set says of itself besides its numbers; `today` is the day it was judged on.

    `alone` gives the reason for each sign that did not refer anybody by itself, and now does.
    """

    title: str
    authors: Sequence[str]
    valid_from: date
    recheck_by: date
    today: date
    note: str = ""
    alone: Mapping[str, str] = field(default_factory=dict)


def write_draft(
    checklist: Checklist, before: WeightSet, proposal: Proposal, path: Path, draft: Draft
) -> WeightSet:
    """A proposal as a complete, dated, unsigned set; the file's name is its id.

    Raises
    ------
    KnowledgeError : K112 a name that is no dated id, K133 days in the wrong order, K135 numbers
        that do not fit the lines, or a sign that now decides alone and has no reason
    UsageError : U302, U303
    """
    _check_name(path)
    if draft.recheck_by <= draft.valid_from:
        raise KnowledgeError(
            "K133.review_too_early",
            recheck_by=draft.recheck_by.isoformat(),
            valid_from=draft.valid_from.isoformat(),
        )
    text = _text(checklist, before, proposal, path.stem, draft)
    path.parent.mkdir(parents=True, exist_ok=True)
    _put(path, text, check=WeightsFile)
    try:
        return load_weights(checklist, path, draft=True)
    except KnowledgeError:
        path.unlink()  # a set that does not fit its lines is never left there
        raise


def _check_name(path: Path) -> None:
    named = _ID.fullmatch(path.stem)
    try:
        if named is None or path.suffix != ".yaml":
            raise ValueError
        date.fromisoformat(named[1])
    except ValueError:
        raise KnowledgeError("K112.weights_file_name", place=str(path), name=path.name) from None


def _changes(checklist: Checklist, before: WeightSet, after: WeightSet) -> list[str]:
    """What differs, one line each, as a set says it of itself."""
    return [
        str(c).removeprefix("changed  weight ")
        for c in compare(checklist, checklist, before, after)
    ]


def _each_profile(proposal: Proposal, indicator: str) -> Iterator[str]:
    """`child: 3`, `adult: 2`, as YAML has it."""
    for profile in CASE_PROFILES:
        if indicator in proposal.points[profile]:
            yield f"{profile}: {proposal.points[profile][indicator]}"


def _text(
    checklist: Checklist, before: WeightSet, proposal: Proposal, name: str, draft: Draft
) -> str:
    after = _after(checklist, before, proposal, draft.alone)
    changes = _changes(checklist, before, after)
    head = {
        "format": "1",
        "id": name,
        "checklist": checklist.id,
        "title": draft.title,
        "authors": list(draft.authors),
        "method": proposal.method,
        "evidence": " ".join(filter(None, (proposal.evidence, draft.note))),
        "valid_from": draft.valid_from.isoformat(),
        "rechecked_on": draft.today.isoformat(),
        "recheck_by": draft.recheck_by.isoformat(),
        "previous": {"id": before.id, "sha256": before.sha256},
    }
    if changes:
        head["changes"] = changes
    agreement = proposal.agreement
    if agreement is not None:
        head["agreement"] = {k: str(v) for k, v in agreement.model_dump().items()}
    if proposal.worlds:
        head["worlds"] = list(proposal.worlds)
    lines = [
        (
            "# Written by `screening calibrate weights`. Never change this file: a new judgement is"
            " a new file with a new date."
        ),
        dump_yaml(head | _decides(checklist, after)).rstrip("\n"),
        "points:",
    ]
    for section, ids in checklist.sections.items():
        lines.append(f"  # {section}")
        lines += [f"  {i}: {{{', '.join(_each_profile(proposal, i))}}}" for i in ids]
    caps = {
        d: {p: before.caps[p][d] for p in CASE_PROFILES if d in before.caps[p]}
        for d in checklist.dimensions
    }
    if any(caps.values()):
        lines.append("caps:")
        lines += [
            f"  {d}: {{{', '.join(f'{p}: {n}' for p, n in cap.items())}}}"
            for d, cap in caps.items()
            if cap
        ]
    varied = _varied(checklist, proposal)
    if varied:
        lines += [
            "plausible:",
            f"  draws: {len(proposal.alternatives)}",
            f"  seed: {proposal.seed}",
            "  points:",
        ]
        lines += [
            f"    {i}: {{{', '.join(f'{p}: [{numbers}]' for p, numbers in by.items())}}}"
            for i, by in varied.items()
        ]
    return "\n".join(lines) + "\n"


def _decides(checklist: Checklist, after: WeightSet) -> dict[str, Any]:
    """What stands beside the numbers: lines, signs that decide alone, rules that the set brings."""
    found: dict[str, Any] = {}
    if after.lines:
        each = {
            name: {p: str(getattr(after.lines[p], name)) for p in CASE_PROFILES} for name in LINES
        }
        alone: dict[tuple[str, str], list[str]] = {}
        for profile in CASE_PROFILES:
            for sign, why in after.lines[profile].alone.items():
                alone.setdefault((sign, why), []).append(profile)
        order = list(checklist.indicators)
        entries = [
            {"indicator": sign, "profiles": profiles, "why": why}
            for (sign, why), profiles in sorted(alone.items(), key=lambda a: order.index(a[0][0]))
        ]
        found["lines"] = each | ({"alone": entries} if entries else {})
    if after.rules is not None:
        doc, _ = read_file(weights_path(checklist, after.id), WeightsFile)
        found["rules"] = doc.data["rules"]
    return found


def _varied(checklist: Checklist, proposal: Proposal) -> dict[str, dict[str, str]]:
    """Plausible weights of the signs that have more than one, as text."""
    found: dict[str, dict[str, str]] = {}
    for i in checklist.indicators:
        for p in CASE_PROFILES:
            numbers = [one[p][i] for one in proposal.alternatives if i in one[p]]
            if any(n != proposal.points[p][i] for n in numbers):
                found.setdefault(i, {})[p] = ", ".join(map(str, numbers))
    return found


def newly_alone(
    checklist: Checklist, before: WeightSet, points: Mapping[Profile, Mapping[str, int]]
) -> list[tuple[str, Profile]]:
    """The signs that refer a person by themselves with these points, and did not before: each needs
    a reason in words.
    """
    after = replace(before, points=points)
    return [
        (sign, p)
        for p in before.lines
        for sign in checklist.indicators
        if sign in after.scale(checklist, p).alone and sign not in before.lines[p].alone
    ]


def _after(
    checklist: Checklist, before: WeightSet, proposal: Proposal, reasons: Mapping[str, str]
) -> WeightSet:
    """The set before with the new numbers. No line moves; which signs decide alone follows."""
    after = replace(before, points=proposal.points)
    reasons = {sign: " ".join(why.split()) for sign, why in reasons.items()}
    asked = newly_alone(checklist, before, proposal.points)
    unexplained = [f"{sign} ({p})" for sign, p in asked if not reasons.get(sign)]
    if unexplained:
        raise KnowledgeError("K135.alone_asked", named=unexplained)
    for name in reasons:
        if name not in {one for one, _ in asked}:
            raise KnowledgeError("K135.alone_not_asked", indicator=name)
    return replace(
        after,
        lines={
            p: replace(
                lines,
                alone={
                    sign: lines.alone.get(sign) or reasons[sign]
                    for sign in proposal.points[p]
                    if sign in after.scale(checklist, p).alone
                },
            )
            for p, lines in before.lines.items()
        },
    )


def check_says_so(checklist: Checklist, path: Path, weights: WeightSet) -> list[str]:
    """The changes that a draft says it makes, after they were worked out again: nobody signs a diff
    that its numbers do not make.

    Raises
    ------
    KnowledgeError : K158 where it names no set before it, or another, or other changes; K110 where
        that set is not there
    """
    doc, file = read_file(path, WeightsFile)
    if file.previous is None:
        raise KnowledgeError("K158.origin_missing", place=doc.place(()), weights=weights.id)
    before = load_weights(checklist, file.previous.id, draft=True)
    if before.sha256 != file.previous.sha256:
        raise KnowledgeError(
            "K158.origin_changed", place=doc.place(("previous",)), before=before.id
        )
    changes = _changes(checklist, before, weights)
    if changes != file.changes:
        wrong = next(
            iter(
                [
                    *(c for c in file.changes if c not in changes),
                    *(c for c in changes if c not in file.changes),
                ]
            ),
            "the order of its lines",
        )
        raise KnowledgeError(
            "K158.changes_wrong",
            place=doc.place(("changes",) if file.changes else ()),
            wrong=wrong,
        )
    return changes


def put_signature(
    checklist: Checklist,
    path: Path,
    key: SigningKey,
    on: date,
    reason: str = "",
    shown: str = "",
) -> tuple[WeightSet, Concerns]:
    """One person signs a draft.

    Parameters
    ----------
    reason : theirs for signing although somebody is worse off; it is written into the set first
    shown : the hash of list and set that they were shown, where that was before

    Returns the set as it stands afterwards, and what speaks against it. Everything is checked
    before a word is written.

    Raises
    ------
    KnowledgeError : as `sign` and `check_says_so`; K150 a list or set that is not the one shown,
        a reason where there is one already, or where somebody has signed
    UsageError : U305 a reason that says nothing, or where nothing asks for one
    """
    weights = load_weights(checklist, path, draft=True)
    if shown and shown != weights.standing.sha256:
        raise KnowledgeError("K150.not_as_shown", place=str(path))
    before, reason = signatures(path, weights), " ".join(reason.split())
    check_says_so(checklist, path, weights)
    if reason:
        _check_reason(checklist, path, weights, reason, bool(before))
        sign(
            checklist, replace(weights, override=reason), before, key, on
        )  # everything holds, or nothing is written
        weights = _override(checklist, path, reason)
    done = add_signature(checklist, path, weights, sign(checklist, weights, before, key, on))
    return done, guard(checklist, done)


def _check_reason(
    checklist: Checklist, path: Path, weights: WeightSet, reason: str, begun: bool
) -> None:
    if len(reason) < SHORTEST_REASON or len(set(reason.split())) < 3:
        raise UsageError(
            "U305.reason_too_short", place="--override", shortest_reason=SHORTEST_REASON
        )
    if weights.override:
        raise KnowledgeError("K150.reason_given", place=str(path), override=weights.override)
    if begun:
        raise KnowledgeError("K150.reason_after_signature", place=str(path))
    try:
        guard(checklist, weights)
    except KnowledgeError:
        return
    raise UsageError("U305.reason_not_needed", place="--override")


def _override(checklist: Checklist, path: Path, reason: str) -> WeightSet:
    """Write the reason into the set, before its points."""
    text, n = re.subn(
        r"^points:",
        lambda _: f"{dump_yaml({'override': reason})}points:",
        path.read_text(encoding="utf-8"),
        count=1,
        flags=re.MULTILINE,
    )
    if n != 1:
        raise KnowledgeError("K107.points_line", place=str(path))
    _put(path, text, overwrite=True, check=WeightsFile)
    return load_weights(checklist, path, draft=True)


def signatures(path: Path, weights: WeightSet | None = None) -> list[Signature]:
    """Those under the set in this file; none where there are none.

    weights : the set as loaded: only signatures for the list as it is now
    """
    if weights is not None and weights.standing.state == "outdated":
        return []
    beside = signed.signatures_path(path)
    return list(read_file(beside, SignaturesFile)[1].signatures) if os.path.lexists(beside) else []


def add_signature(
    checklist: Checklist, path: Path, weights: WeightSet, signature: Signature
) -> WeightSet:
    """Put one more signature beside a set."""
    beside = signed.signatures_path(path)
    every = [*signatures(path, weights), signature]
    content = {
        "format": "1",
        "checklist": checklist.id,
        "weights": weights.id,
        "parts": dict(checklist.decides),
        "set_sha256": weights.sha256,
        "sha256": weights.standing.sha256,
        "signatures": [s.model_dump(mode="json") for s in every],
    }
    beside.parent.mkdir(exist_ok=True)
    _put(beside, dump_yaml(content), overwrite=os.path.lexists(beside))
    return load_weights(checklist, path, draft=True)


def signer(**values: Any) -> Signer:
    """Somebody to register, checked as `signers.yaml` would be; `K107` in plain words where a value
    cannot be.
    """
    try:
        return Signer.model_validate(
            {k: v.isoformat() if isinstance(v, date) else v for k, v in values.items()}
        )  # days as a file has them
    except ValidationError as failed:
        first = failed.errors(include_url=False)[0]
        field = str(first["loc"][0])
        key = f"K107.signer_{field}" if field in ("id", "key", "name", "role") else "K107.signer"
        raise KnowledgeError(key, field=field, value=first["input"]) from None


def add_signer(checklist: Checklist, signer: Signer) -> None:
    """Register somebody. `K113` where the id or the key is there already."""
    path = checklist.folder / "signers.yaml"
    known = signed.signers(checklist)
    if signed.is_weak(signer.key):
        raise KnowledgeError("K107.public_key_weak", public_key=signer.key)
    if signer.until is not None and signer.until < signer.since:
        raise KnowledgeError(
            "K107.until_before_since",
            until=signer.until.isoformat(),
            since=signer.since.isoformat(),
        )
    if signer.id in known or any(s.key == signer.key for s in known.values()):
        raise KnowledgeError("K113.signer_registered", place=str(path), signer=signer.id)
    every = [*known.values(), signer]
    _put(
        path,
        dump_yaml(
            {
                "format": "1",
                "signers": [s.model_dump(mode="json", exclude_none=True) for s in every],
            }
        ),
        overwrite=bool(known),
        check=SignersFile,
    )


def add_activation(
    checklist: Checklist, entries: Sequence[Activation], entry: Activation
) -> Checklist:
    """Add to the log what puts a set in force, and give the list as it is then."""
    path = checklist.folder / "activations.yaml"
    _put(
        path,
        dump_yaml(
            {"format": "1", "activations": [e.model_dump(mode="json") for e in (*entries, entry)]}
        ),
        overwrite=bool(entries),
    )
    after = load_checklist(checklist.folder)
    load_weights(after)
    return after


def _put(path: Path, text: str, *, overwrite: bool = False, check: Any = None) -> None:
    doc = parse_yaml(text, path.name)  # what cannot be read back is never put there
    if check is not None:
        typed(check, doc.data, doc, ())
    with OutputFile(path, overwrite=overwrite) as out:
        out.write(text.encode())
    path.chmod(0o644)  # knowledge, not cases: everybody who screens must read it


def weights_target(checklist: Checklist, named: str) -> Path:
    """Where a new set goes: beside the list for a plain id, else the file that is named.

    `U302`, `U303` before any work is done.
    """
    plain = "/" not in named and "\\" not in named and not named.endswith(".yaml")
    path = checklist.folder / "weights" / f"{named}.yaml" if plain else Path(named)
    if os.path.lexists(path):
        raise UsageError("U302.weight_set_exists", place=str(path))
    if plain and not os.access(path.parent, os.W_OK):
        raise UsageError("U303.list_folder_read_only", place=str(path.parent))
    return path
