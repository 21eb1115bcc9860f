"""The trainer's page of signatures: who stands behind which weights, keys, signers, what is in force."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response, UploadFile

from screening.calibrate.impact import fallen
from screening.calibrate.signing import SHORTEST_REASON, SigningKey
from screening.calibrate.signing import activate as activation
from screening.checklist import load_weights, signed, weight_set_ids
from screening.checklist.weights import weights_path
from screening.errors import KnowledgeError, ScreeningError, UsageError
from screening.exchange.weightbook import add_activation, add_signer, signer
from screening.exchange.weightbook import put_signature as write_signature
from screening.store.sealed import open_sealed, seal
from screening.web.trainer import bench_of, show
from screening.web.view import Posted, posted, see

__all__ = ["router"]

router = APIRouter(include_in_schema=False)
Form = Annotated[Posted, Depends(posted)]


@router.get("/sign")
def signing(request: Request, set: str = "", done: str = "") -> Response:
    return _signing(request, set, done=done)


def _signing(request: Request, name: str, status: int = 200, problem: str = "", done: str = "") -> Response:
    bench = bench_of(request)
    _, entries = signed.activations(bench.checklist.folder)
    every, broken = [], []
    for one in weight_set_ids(bench.checklist):
        try:
            every.append(load_weights(bench.checklist, one, draft=True))
        except KnowledgeError as error:
            broken.append(str(error))
    lost = []
    chosen = next((w for w in every if w.id == name), None)
    if chosen is not None:
        lost = fallen(bench.stories.moved(chosen, chosen))
    return show(request, "bench_sign.html.j2", status, every=every, broken=broken, chosen=chosen, lost=lost, judged=any(bench.stories.guarded),
                signers=list(signed.signers(bench.checklist).values()), entries=entries, head=signed.head(entries),
                problem=problem, done=done, needed=signed.NEEDED, shortest=SHORTEST_REASON)


@router.post("/sign")
def put_signature(request: Request, form: Form, key: UploadFile) -> Response:
    """The key is read, used and forgotten."""
    bench = bench_of(request)
    name, on = form.get("set", ""), date.today()
    try:
        path = weights_path(bench.checklist, name if name in weight_set_ids(bench.checklist) else "")
        own = _key(key, form.get("passphrase", ""))
        if form.get("do") == "activate":
            weights_ = load_weights(bench.checklist, name)
            _, entries = signed.activations(bench.checklist.folder)
            add_activation(bench.checklist, entries, activation(bench.checklist, weights_, entries, own, on, form.get("reason", "")))
            bench.reload()
            return see(f"/sign?set={name}&done=force")
        write_signature(bench.checklist, path, own, on, form.get("override", ""))
    except ScreeningError as error:
        return _signing(request, name, 400, problem=str(error))
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
            raise UsageError("U313", "the two passphrases are not the same", remedy="type it twice alike")
        content = seal(own.to_dict(), form.get("passphrase", ""), "key")
    except ScreeningError as error:
        return _signing(request, "", 400, problem=str(error))
    bench.made[own.by] = own.public
    return Response(content, media_type="application/octet-stream", headers={"content-disposition": f'attachment; filename="{own.by}.key"'})


@router.post("/register")
def register(request: Request, form: Form) -> Response:
    """Registers a public key. Whoever does this vouches for the person."""
    bench = bench_of(request)
    try:
        add_signer(bench.checklist, signer(id=form.get("id", "").strip(), name=form.get("name", "").strip(), role=form.get("role", "").strip(),
                                           key=form.get("key", "").strip(), since=date.today()))
    except ScreeningError as error:
        return _signing(request, "", 400, problem=str(error))
    return see("/sign?done=registered")
