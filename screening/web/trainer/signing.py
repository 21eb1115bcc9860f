"""The trainer's page of signatures: who stands behind which weights, keys, signers, what is in
force.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from fastapi import APIRouter, Request, Response, UploadFile

from screening.calibration.changes import changes_in_words
from screening.calibration.concerns import concerns
from screening.calibration.files import (
    add_activation,
    add_signer,
    check_says_so,
    signatures,
    signer,
)
from screening.calibration.files import put_signature as write_signature
from screening.calibration.impact import Moved
from screening.calibration.signing import SHORTEST_REASON, SigningKey
from screening.calibration.signing import activate as activation
from screening.casebook.sealed import open_sealed, seal
from screening.checklist import load_weights, signed, weight_set_ids
from screening.checklist.model import WeightSet
from screening.checklist.weightfiles import Signature, Signer
from screening.checklist.weights import weights_path
from screening.errors import KnowledgeError, ScreeningError, UsageError
from screening.i18n import words
from screening.web.trainer.state import Bench
from screening.web.trainer.view import Form, bench_of, plainly, show
from screening.web.view import language_of, see

__all__ = ["router"]

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True)
class Chosen:
    """A set as somebody must see it before they sign: what it changes (or why that is not known),
    who signed, who falls.
    """

    weights: WeightSet
    changes: list[str]
    unknown: str
    signatures: list[Signature]
    lost: list[Moved]
    worse: list[str]


@router.get("/sign")
def signing(request: Request, set: str = "", done: str = "") -> Response:
    return _signing(request, set, done=done)


def _signing(
    request: Request,
    name: str,
    problem: str = "",
    done: str = "",
    typed: Mapping[str, str] | None = None,
    section: str = "",
) -> Response:
    """`section` is the form that was not taken: it stays open, with what was typed."""
    bench = bench_of(request)
    every, broken, entries = [], [], []
    people: list[Signer] = []
    for one in weight_set_ids(bench.checklist):
        try:
            every.append(load_weights(bench.checklist, one, draft=True))
        except KnowledgeError as error:
            broken.append(plainly(request, error))
    try:
        people = list(signed.signers(bench.checklist).values())
        entries = signed.activations(bench.checklist.folder)[1]
        signed.checked_activation(bench.checklist)
    except KnowledgeError as error:
        broken.append(plainly(request, error))
    weights = next((w for w in every if w.id == name), None)
    return show(
        request,
        "web/trainer/sign.html.j2",
        400 if problem else 200,
        here=f"/sign?set={name}" if weights and problem else "/sign" if problem else "",
        every=every,
        broken=broken,
        chosen=_chosen(request, bench, weights) if weights else None,
        judged=any(bench.stories.guarded),
        signers=people,
        entries=entries,
        head=signed.head(entries),
        problem=problem,
        done=done,
        needed=signed.NEEDED,
        shortest=SHORTEST_REASON,
        filled=typed or {},
        section=section,
    )


def _chosen(request: Request, bench: Bench, weights: WeightSet) -> Chosen:
    path = weights_path(bench.checklist, weights.id)
    changes, unknown = [], ""
    try:
        check_says_so(bench.checklist, path, weights)
        language = language_of(request)
        before = load_weights(bench.checklist, weights.previous, draft=True)
        changes = changes_in_words(bench.checklist, before, weights, words(language), language)
    except KnowledgeError as error:
        unknown = plainly(request, error)
    found = concerns(bench.checklist, weights)
    return Chosen(
        weights,
        changes,
        unknown,
        signatures(path, weights),
        list(found.lost),
        found.lines(words(language_of(request))),
    )


@router.post("/sign")
def put_signature(request: Request, form: Form, key: UploadFile) -> Response:
    """The key is read, used and forgotten."""
    bench = bench_of(request)
    name, on = form.get("set", ""), date.today()
    try:
        path = weights_path(
            bench.checklist, name if name in weight_set_ids(bench.checklist) else ""
        )
        own = _key(key, form.get("passphrase", ""))
        if form.get("do") == "activate":
            if name == bench.checklist.weights_in_force:
                raise UsageError("U305.set_in_force")
            weights_ = load_weights(bench.checklist, name)
            _, entries = signed.activations(bench.checklist.folder)
            add_activation(
                bench.checklist,
                entries,
                activation(bench.checklist, weights_, entries, own, on, form.get("reason", "")),
            )
            bench.reload()
            return see(f"/sign?set={name}&done=force")
        write_signature(
            bench.checklist, path, own, on, form.get("override", ""), form.get("shown", "")
        )
    except ScreeningError as error:
        return _signing(request, name, plainly(request, error), typed=form, section="sign")
    return see(f"/sign?set={name}&done=signed")


def _key(file: UploadFile, passphrase: str) -> SigningKey:
    return SigningKey.from_dict(open_sealed(file.file.read(1 << 20), passphrase, "key"))


@router.post("/key")
def make_key(request: Request, form: Form) -> Response:
    """A new key as a file to keep; its public half is shown on the page from then on."""
    bench = bench_of(request)
    try:
        own = SigningKey.generate(form.get("id", "").strip())
        signer(id=own.by, name="-", role="-", key=own.public, since=date.today())
        if form.get("passphrase", "") != form.get("again", ""):
            raise UsageError("U313.passphrases_differ")
        content = seal(own.to_dict(), form.get("passphrase", ""), "key")
    except ScreeningError as error:
        return _signing(request, "", plainly(request, error), typed=form, section="key")
    bench.made[own.by] = own.public
    return Response(
        content,
        media_type="application/octet-stream",
        headers={"content-disposition": f'attachment; filename="{own.by}.key"'},
    )


@router.post("/register")
def register(request: Request, form: Form) -> Response:
    """Registers a public key. Whoever does this vouches for the person."""
    bench = bench_of(request)
    try:
        add_signer(
            bench.checklist,
            signer(
                id=form.get("id", "").strip(),
                name=form.get("name", "").strip(),
                role=form.get("role", "").strip(),
                key=form.get("key", "").strip(),
                since=date.today(),
            ),
        )
    except ScreeningError as error:
        return _signing(request, "", plainly(request, error), typed=form, section="register")
    return see("/sign?done=registered")
