"""`calibrate key`, `register`, `sign`, `activate` and `status`: who stands behind a weight set."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from screening.checklist import Checklist, load_checklist, signed, weight_set_ids
from screening.checklist.loader import DEFAULT_LIST
from screening.checklist.weights import check_dates, load_weights, weights_path
from screening.cli.calibrate.options import Day, KeyFile, WeightsRef, as_day
from screening.cli.keyboard import secret
from screening.cli.options import List_
from screening.cli.terminal import columns, paragraph
from screening.errors import KnowledgeError, ScreeningError, UsageError
from screening.files.atomic import OutputFile
from screening.files.text import check_is_file

if TYPE_CHECKING:
    from screening.calibration.signing import SigningKey

__all__ = ["activate", "key", "register", "sign", "status"]


def key(
    person: Annotated[
        str, typer.Argument(metavar="ID", help="Your id as a signer, such as arta-kola.")
    ],
    output: Annotated[
        Path,
        typer.Option(
            "--output",
            "-o",
            metavar="FILE",
            help="File for the encrypted key. You are asked for a passphrase.",
        ),
    ],
) -> None:
    """Make your own signing key.

    Keep the file to yourself. Anybody may have the public key that is printed.

    Example: screening calibrate key arta-kola -o arta.key
    """
    from screening.calibration.files import signer
    from screening.calibration.signing import SigningKey
    from screening.casebook.sealed import generated_passphrase, seal

    made = SigningKey.generate(person)
    # An id that could not be registered is refused before a passphrase is asked.
    signer(id=person, name="-", role="-", key=made.public, since=date.today())
    if output.exists():
        raise UsageError("U302.key_file_exists", place=str(output))
    typer.echo(f"Six words that nobody has used yet: {generated_passphrase()}", err=True)
    first, again = _secret("Passphrase for the key"), _secret("The same again")
    if first != again:
        raise UsageError("U313.passphrases_differ")
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
        raise UsageError("U311.no_passphrase") from None


def _open_key(path: Path) -> SigningKey:
    """Somebody's key from its file; the passphrase is asked."""
    from screening.calibration.signing import SigningKey
    from screening.casebook.sealed import LARGEST, open_sealed

    check_is_file(path)
    try:
        with path.open("rb") as file:
            content = file.read(LARGEST + 1)
    except OSError as error:
        raise UsageError(
            "U301.unreadable_because", place=str(path), reason=error.strerror
        ) from None
    return SigningKey.from_dict(open_sealed(content, _secret(f"Passphrase for {path.name}"), "key"))


def register(
    person: Annotated[str, typer.Argument(metavar="ID", help="Id of the signer.")],
    public: Annotated[
        str,
        typer.Option("--key", metavar="PUBLIC", help="The public key printed by 'calibrate key'."),
    ],
    name: Annotated[str, typer.Option("--name", help="Full name.")],
    role: Annotated[str, typer.Option("--role", help="Role, such as trainer.")],
    since: Annotated[
        datetime | None,
        typer.Option(
            "--since",
            formats=["%Y-%m-%d"],
            metavar="YYYY-MM-DD",
            help="First day. Default: today.",
        ),
    ] = None,
    until: Annotated[
        datetime | None,
        typer.Option("--until", formats=["%Y-%m-%d"], metavar="YYYY-MM-DD", help="Last day."),
    ] = None,
    checklist: List_ = DEFAULT_LIST,
) -> None:
    """Register a signer for this list.

    Check the key with the signer face to face.

    Example: screening calibrate register arta-kola --key 'AbC…=' --name 'Arta Kola' --role trainer
    """
    from screening.calibration.files import add_signer, signer

    loaded, from_day = load_checklist(checklist), as_day(since)
    add_signer(
        loaded,
        signer(
            id=person,
            name=name.strip(),
            role=role.strip(),
            key=public.strip(),
            since=from_day,
            until=until.date() if until else None,
        ),
    )
    typer.echo(
        f"{name} ({role}) may sign weight sets of the list {loaded.id} from"
        f" {from_day.isoformat()} on."
    )
    if sum(signed.same_person(s.name, [name]) for s in signed.signers(loaded).values()) > 1:
        typer.echo(
            f"Somebody named {name} is registered already. Signatures of one name count once.",
            err=True,
        )


def sign(
    ref: WeightsRef,
    key_file: KeyFile,
    override: Annotated[
        str,
        typer.Option(
            "--override",
            metavar="REASON",
            help=(
                "Reason for signing although somebody is worse off or the raters agree too little."
                " Stays in the set permanently."
            ),
        ),
    ] = "",
    on: Day = None,
    checklist: List_ = DEFAULT_LIST,
) -> None:
    """Sign a weight set. Two people must sign.

    Example: screening calibrate sign 2027-01-15-trainers --key arta.key
    """
    from screening.calibration.changes import changes_in_words
    from screening.calibration.concerns import concerns
    from screening.calibration.files import check_says_so, put_signature
    from screening.calibration.signing import guard
    from screening.i18n import words

    day = _day_come(on, "U305.sign_in_future")
    loaded = load_checklist(checklist)
    path = weights_path(loaded, ref)
    weights = load_weights(loaded, path, draft=True)
    check_says_so(loaded, path, weights)
    say = words("en")
    before = load_weights(loaded, weights.previous, draft=True)
    changes = changes_in_words(loaded, before, weights, say, "en")
    typer.echo(
        f"{weights.id} differs from {weights.previous} in {len(changes)}"
        f" {'thing' if len(changes) == 1 else 'things'}" + (":" if changes else "."),
        err=True,
    )
    for line in changes:
        typer.echo(paragraph(line, "  ", "    "), err=True)
    for line in concerns(loaded, weights).lines(say):
        typer.echo(paragraph(f"! {line}", "", "  "), err=True)
    typer.echo(f"What is signed, list and set as one: {weights.standing.sha256}", err=True)
    if not override:
        guard(loaded, weights)  # before a passphrase is asked
    done, found = put_signature(
        loaded, path, _open_key(key_file), day, override, weights.standing.sha256
    )
    for m in found.lost:
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


def _day_come(on: datetime | None, key: str) -> date:
    day = as_day(on)
    if day > date.today():
        raise UsageError(key, place="--on", on=day.isoformat())
    return day


def activate(
    ref: Annotated[
        str, typer.Argument(metavar="WEIGHTS", help="A signed set in the list's folder.")
    ],
    key_file: KeyFile,
    reason: Annotated[str, typer.Option("--reason", help="Who decided, and why. Kept in the log.")],
    on: Day = None,
    checklist: List_ = DEFAULT_LIST,
) -> None:
    """Put a signed weight set in force.

    The log records who did it, when and why. Old results do not change.

    Example: screening calibrate activate 2027-01-15-trainers --key arta.key --reason 'Decision of
    the trainers of 15 January'
    """
    from screening.calibration.files import add_activation
    from screening.calibration.signing import activate as activated

    day = _day_come(on, "U305.activate_in_future")
    loaded = load_checklist(checklist)
    if ref not in weight_set_ids(loaded):
        raise KnowledgeError(
            "K110.weights_elsewhere", ref=ref, checklist=loaded.id, folder=loaded.folder / "weights"
        )
    weights = load_weights(loaded, ref)
    _, entries = signed.activations(loaded.folder)
    entry = activated(loaded, weights, entries, _open_key(key_file), day, reason)
    add_activation(loaded, entries, entry)
    typer.echo(f"In force since {day.isoformat()}: {weights.id}, in place of {entry.before}.")
    typer.echo(f"Head of the log: {signed.head([*entries, entry])}")
    typer.echo(
        "Keep that line somewhere else: 'screening calibrate status --head' with it shows later"
        " whether the log was changed.",
        err=True,
    )


def status(
    on: Day = None,
    kept: Annotated[
        str | None,
        typer.Option(
            "--head",
            metavar="HASH",
            help="The head of the log that was kept elsewhere: a log that is missing, shorter or"
            " another one is an error.",
        ),
    ] = None,
    checklist: List_ = DEFAULT_LIST,
) -> None:
    """Show every weight set of a list: who signed it, which one is in force and since when, and
    what is due for a re-check.

    Example: screening calibrate status
    """
    loaded = load_checklist(checklist)
    if kept is not None:
        _, entries = signed.activations(loaded.folder)
        since = signed.entries_since(entries, kept)
        signed.checked_activation(loaded)
        grown = f", with {since} more {'entry' if since == 1 else 'entries'} since" if since else ""
        typer.echo(f"The log is the one whose head was kept{grown}.")
    faults = _print_sets(loaded, as_day(on))
    typer.echo()
    people = signed.signers(loaded)
    listed = "; ".join(f"{s.name} ({s.role}), {s.id}" for s in people.values())
    typer.echo(f"Signers: {listed or 'nobody is registered yet'}")
    _, entries = signed.activations(loaded.folder)
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
        faults += _faults_in_force(loaded)
    else:
        typer.echo("Nobody has put a set in force: the list names its first one.")
    for fault in dict.fromkeys(map(str, faults)):
        typer.echo(paragraph(f"! {fault}", "", "  "))


def _print_sets(checklist: Checklist, day: date) -> list[ScreeningError]:
    """A line a weight set; what is wrong with them is returned."""
    rows: list[tuple[str, str, str, str, str]] = []
    faults: list[ScreeningError] = []
    for name in weight_set_ids(checklist):
        try:
            weights = load_weights(checklist, name, draft=True)
        except KnowledgeError as error:
            rows.append((name, "cannot be read", "", "", ""))
            faults.append(error)
            continue
        remark = "signed against a held-out child" if weights.override else ""
        try:
            check_dates(weights, day)
        except KnowledgeError as error:
            remark = "not valid yet" if day < weights.valid_from else "past its re-check"
            faults.append(error)
        if weights.standing.fault is not None:
            faults.append(weights.standing.fault)
        force = "in force" if name == checklist.weights_in_force else ""
        recheck_by = weights.recheck_by.isoformat() if weights.recheck_by else ""
        rows.append((name, str(weights.standing), force, recheck_by, remark))
    typer.echo(columns(rows, ("weight set", "standing", "", "re-check by", "")))
    return faults


def _faults_in_force(checklist: Checklist) -> Iterator[ScreeningError]:
    """Why the set in force could not be put in force today: rules and vignettes may have changed
    since.
    """
    from screening.calibration.signing import guard

    try:
        load_weights(checklist)
    except KnowledgeError as error:
        yield error
    try:
        guard(checklist, load_weights(checklist, draft=True))
    except KnowledgeError as error:
        yield error
