"""Bodies of `calibrate key`, `register`, `sign`, `activate`, `status`."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import typer

from screening.calibration.files import (
    add_activation,
    add_signer,
    check_says_so,
    put_signature,
    signer,
)
from screening.calibration.signing import SigningKey, guard
from screening.calibration.signing import activate as activated
from screening.casebook.sealed import LARGEST, open_sealed, seal
from screening.checklist import load_checklist, signed, weight_set_ids
from screening.checklist.weights import check_dates, load_weights, weights_path
from screening.cli.keyboard import secret
from screening.cli.terminal import columns, paragraph
from screening.errors import KnowledgeError, ScreeningError, UsageError
from screening.files.atomic import OutputFile

__all__ = ["activate", "key", "open_key", "register", "sign", "status"]

_SHOWN = 20  # changes that are listed before somebody signs


def key(person: str, output: Path) -> None:
    made = SigningKey.generate(person)
    signer(
        id=person, name="-", role="-", key=made.public, since=date.today()
    )  # an id that could not be registered is refused before a passphrase is asked
    if output.exists():
        raise UsageError("U302.file_exists_already_2", place=str(output))
    first, again = _secret("Passphrase for the key"), _secret("The same again")
    if first != again:
        raise UsageError("U313.two_passphrases_not_same_2")
    with OutputFile(output) as out:
        out.write(seal(made.to_dict(), first, "key"))
    typer.echo(made.public)
    typer.echo(
        f"The key is in {output}. Keep it to yourself. The line above is the public half: let it be"
        " registered by somebody who knows you.",
        err=True,
    )


def _secret(prompt: str) -> str:
    try:
        return secret(prompt, err=True)
    except EOFError:
        raise UsageError("U311.no_passphrase_given") from None


def open_key(path: Path) -> SigningKey:
    """Somebody's key from its file; the passphrase is asked."""
    try:
        with path.open("rb") as file:
            content = file.read(LARGEST + 1)
    except OSError as error:
        raise UsageError("U301.cannot_read_3", place=str(path), strerror=error.strerror) from None
    return SigningKey.from_dict(open_sealed(content, _secret(f"Passphrase for {path.name}"), "key"))


def register(
    person: str, public: str, name: str, role: str, since: date, until: date | None, checklist: str
) -> None:
    loaded = load_checklist(checklist)
    add_signer(
        loaded,
        signer(
            id=person,
            name=name.strip(),
            role=role.strip(),
            key=public.strip(),
            since=since,
            until=until,
        ),
    )
    typer.echo(
        f"{name} ({role}) may sign weight sets of the list {loaded.id} from {since.isoformat()} on."
    )
    if sum(signed.same_person(s.name, [name]) for s in signed.signers(loaded).values()) > 1:
        typer.echo(
            f"Somebody named {name} is registered already. Signatures of one name count once.",
            err=True,
        )


def sign(ref: str, key_file: Path, override: str, on: date, checklist: str) -> None:
    _not_to_come(on, "U305.sign_in_future")
    loaded = load_checklist(checklist)
    path = weights_path(loaded, ref)
    weights = load_weights(loaded, path, draft=True)
    changes = check_says_so(loaded, path, weights)
    typer.echo(
        f"{weights.id} changes {len(changes)} {'weight' if len(changes) == 1 else 'weights'} of"
        f" {weights.previous}" + (":" if changes else "."),
        err=True,
    )
    for line in changes[:_SHOWN]:
        typer.echo(f"  {line}", err=True)
    if len(changes) > _SHOWN:
        typer.echo(f"  and {len(changes) - _SHOWN} more: see screening checklist diff", err=True)
    if not override:
        guard(loaded, weights)  # before a passphrase is asked
    done, lost = put_signature(loaded, path, open_key(key_file), on, override)
    for m in lost:
        typer.echo(
            f"signed although {m.vignette.id} ends at {m.after.replace('_', ' ')}: {done.override}",
            err=True,
        )
    left = signed.NEEDED - len(done.standing.by)
    typer.echo(
        f"{done.id}: {done.standing}"
        + (
            f"; {left} more must sign"
            if left > 0
            else f". Put it in force with 'screening calibrate activate {done.id}'"
        )
    )


def _not_to_come(on: date, key: str) -> None:
    if on > date.today():
        raise UsageError(key, place="--on", on=on.isoformat())


def activate(ref: str, key_file: Path, reason: str, on: date, checklist: str) -> None:
    _not_to_come(on, "U305.activate_in_future")
    loaded = load_checklist(checklist)
    if ref not in weight_set_ids(loaded):
        raise KnowledgeError(
            "K110.not_lie_beside_list", ref=ref, loaded=loaded.id, folder=loaded.folder / "weights"
        )
    weights = load_weights(loaded, ref)
    _, entries = signed.activations(loaded.folder)
    entry = activated(loaded, weights, entries, open_key(key_file), on, reason)
    add_activation(loaded, entries, entry)
    typer.echo(f"In force since {on.isoformat()}: {weights.id}, in place of {entry.before}.")
    typer.echo(f"Head of the log: {signed.head([*entries, entry])}")
    typer.echo(
        "Keep that line somewhere else: it shows later whether the log was changed.", err=True
    )


def status(on: date, checklist: str) -> None:
    loaded = load_checklist(checklist)
    _, entries = signed.activations(loaded.folder)
    rows = []
    faults: list[ScreeningError] = []
    for name in weight_set_ids(loaded):
        try:
            weights = load_weights(loaded, name, draft=True)
        except KnowledgeError as error:
            rows.append((name, "cannot be read", "", "", ""))
            faults.append(error)
            continue
        remark = "signed against a held-out child" if weights.override else ""
        try:
            check_dates(weights, on)
        except KnowledgeError as error:
            remark = "not valid yet" if on < weights.valid_from else "past its re-check"
            faults.append(error)
        if weights.standing.fault is not None:
            faults.append(weights.standing.fault)
        force = "in force" if name == loaded.weights_in_force else ""
        rows.append(
            (
                name,
                str(weights.standing),
                force,
                weights.recheck_by.isoformat() if weights.recheck_by else "",
                remark,
            )
        )
    typer.echo(columns(rows, ("weight set", "standing", "", "re-check by", "")))
    typer.echo()
    people = signed.signers(loaded)
    typer.echo(
        "Signers: "
        + (
            "; ".join(f"{s.name} ({s.role}), {s.id}" for s in people.values())
            or "nobody is registered yet"
        )
    )
    if entries:
        last = entries[-1]
        typer.echo(
            paragraph(
                f"In force since {last.on.isoformat()}, put there by"
                f" {people[last.by].name if last.by in people else last.by}: {last.reason}"
            )
        )
        typer.echo(
            f"Head of the log ({len(entries)} {'entry' if len(entries) == 1 else 'entries'}):"
            f" {signed.head(entries)}"
        )
        try:
            load_weights(loaded)
        except KnowledgeError as error:
            faults.append(error)
        try:
            guard(
                loaded, load_weights(loaded, draft=True)
            )  # rules and vignettes may have changed since
        except KnowledgeError as error:
            faults.append(error)
    else:
        typer.echo("Nobody has put a set in force: the list names its first one.")
    for fault in dict.fromkeys(map(str, faults)):
        typer.echo(paragraph(f"! {fault}", "", "  "))
