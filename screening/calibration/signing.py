"""Keys, signatures and activations: who stands behind a set of weights, and who put it in force
when and why.

A key is Ed25519. Its private half is kept by its holder, in an encrypted file of its own; the
public half is registered with the list. Nobody here can sign for somebody else, and nothing is
signed that would lose a held-out child without a written reason.
"""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from screening.calibration.concerns import Concerns, concerns
from screening.checklist import signed
from screening.checklist.model import Checklist, WeightSet
from screening.checklist.signed import activation_message, weights_message
from screening.checklist.weightfiles import Activation, Signature, Signer
from screening.checklist.weights import check_dates
from screening.errors import KnowledgeError, UsageError

__all__ = ["SHORTEST_REASON", "SigningKey", "activate", "guard", "sign"]

# Nobody has signed the list as it is now: what was signed for an earlier one is void.
_MAY_BE_SIGNED = ("half_signed", "outdated")
SHORTEST_REASON = 20  # letters of a reason that says something


@dataclass(frozen=True)
class SigningKey:
    """A person's key: `by` is the id they are registered with, `private` the 32 secret bytes."""

    by: str
    private: bytes

    @classmethod
    def generate(cls, by: str) -> SigningKey:
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

        return cls(by, Ed25519PrivateKey.generate().private_bytes_raw())

    @classmethod
    def from_dict(cls, data: Any) -> SigningKey:
        """From what a key file holds; `U312` where it holds no key."""
        try:
            private = base64.b64decode(data["private"], validate=True)
            if (
                data["kind"] != "signing key"
                or len(private) != 32
                or not isinstance(data["by"], str)
            ):
                raise ValueError
        except (KeyError, TypeError, ValueError):
            raise UsageError("U312.no_signing_key") from None
        return cls(data["by"], private)

    def to_dict(self) -> dict[str, str]:
        return {
            "kind": "signing key",
            "by": self.by,
            "private": base64.b64encode(self.private).decode(),
        }

    @property
    def public(self) -> str:
        return base64.b64encode(self._key().public_key().public_bytes_raw()).decode()

    def sign(self, content: bytes) -> str:
        return base64.b64encode(self._key().sign(content)).decode()

    def _key(self) -> Any:
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

        return Ed25519PrivateKey.from_private_bytes(self.private)


def guard(checklist: Checklist, weights: WeightSet) -> Concerns:
    """What speaks against the set.

    `K156` where anything does and the set carries no reason for it: a held-out child who falls, no
    such child to judge by, a group that is worse off, raters who agree too little.
    """
    found = concerns(checklist, weights)
    if not found or len(weights.override.strip()) >= SHORTEST_REASON:
        return found
    facts: dict[str, Any] = {"weights": weights.id, "shortest": SHORTEST_REASON}
    if found.lost:
        named = ", ".join(f"{m.vignette.id} ({m.after.replace('_', ' ')})" for m in found.lost)
        raise KnowledgeError("K156.children_fall", named=named, **facts)
    if not found.judged:
        raise KnowledgeError("K156.no_held_out", checklist=checklist.id, **facts)
    if found.losses:
        raise KnowledgeError("K156.groups_lose", named="; ".join(map(str, found.losses)), **facts)
    raise KnowledgeError(
        "K156.raters_differ", **facts, **(found.agreement.model_dump() if found.agreement else {})
    )


def sign(
    checklist: Checklist, weights: WeightSet, before: Sequence[Signature], key: SigningKey, on: date
) -> Signature:
    """One person's signature under a draft.

    Parameters
    ----------
    weights : loaded as a draft
    before : the signatures that are there already

    Raises
    ------
    KnowledgeError : K150, K153, K154 where what is there does not hold, K152 where the set has no
        day of re-check to come, or the signature would be older than the set,
        K154 where the signer is not registered or has signed, K156 where a held-out child would
        fall or there is none to judge by
    """
    person = _registered(checklist, key, on)
    if weights.standing.fault is not None and weights.standing.state not in _MAY_BE_SIGNED:
        raise weights.standing.fault
    if weights.recheck_by is None or weights.recheck_by <= max(on, weights.valid_from):
        if weights.recheck_by is None:
            raise KnowledgeError("K152.review_missing", weights=weights.id)
        raise KnowledgeError(
            "K152.review_not_ahead", weights=weights.id, recheck_by=weights.recheck_by
        )
    if on < weights.rechecked_on:
        raise KnowledgeError(
            "K152.signed_before",
            place=weights.id,
            by=person.id,
            on=on.isoformat(),
            made=weights.rechecked_on.isoformat(),
        )
    known = signed.signers(checklist)
    if signed.same_person(person.name, (known[one.by].name for one in before if one.by in known)):
        raise KnowledgeError("K154.signed_already", person=person.name, needed=signed.NEEDED)
    guard(checklist, weights)
    return Signature.model_construct(
        by=person.id,
        on=on,
        key=key.public,
        signature=key.sign(
            weights_message(checklist.id, weights.id, weights.standing.sha256, person.id, on)
        ),
    )


def activate(
    checklist: Checklist,
    weights: WeightSet,
    entries: Sequence[Activation],
    key: SigningKey,
    on: date,
    reason: str,
) -> Activation:
    """The entry of the log that puts a signed set in force.

    Raises
    ------
    KnowledgeError : K151 where the set is not signed, K152 where it is not valid on the day or
        signed after it, K154 an unregistered
        signer, K155 a log that does not hold or a day before its last entry, K156 where a held-out
        child falls as the list is now
    UsageError : U305 without a reason that says something
    """
    person = _registered(checklist, key, on)
    if weights.standing.fault is not None:
        raise weights.standing.fault
    if weights.standing.state != "signed":
        raise KnowledgeError("K151.unsigned", weights=weights.id, needed=signed.NEEDED)
    check_dates(weights, on)
    guard(checklist, weights)  # again: rules and vignettes may have changed since people signed
    if len(reason.strip()) < SHORTEST_REASON:
        raise UsageError(
            "U305.activation_reason_too_short", place="--reason", shortest_reason=SHORTEST_REASON
        )
    signed.checked_activation(checklist)
    if entries and on < entries[-1].on:
        raise KnowledgeError(
            "K155.activation_in_future", last=entries[-1].on.isoformat(), on=on.isoformat()
        )
    values: dict[str, Any] = {
        "weights": weights.id,
        "sha256": weights.standing.sha256,
        "before": checklist.weights_in_force,
        "on": on,
        "by": person.id,
        "reason": " ".join(reason.split()),
        "chain": signed.head(list(entries)),
    }
    unsigned = Activation.model_construct(**values, signature="")
    return Activation.model_construct(
        **values, signature=key.sign(activation_message(checklist.id, unsigned))
    )


def _registered(checklist: Checklist, key: SigningKey, on: date) -> Signer:
    known = signed.signers(checklist)
    person = known.get(key.by)
    if person is None or person.key != key.public:
        raise KnowledgeError("K154.key_not_registered", by=key.by, checklist=checklist.id)
    if not person.may(on):
        raise KnowledgeError("K154.may_not_sign", by=key.by, on=on.isoformat())
    return person
