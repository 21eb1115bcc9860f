"""A card as a file: the one format, written and read here. Plain JSON; a pickle is never opened."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from screening.checklist.loader import data_folder
from screening.checklist.model import Checklist
from screening.checklist.schema import CASE_PROFILES
from screening.errors import ModelError, brief, nearest
from screening.files.folder import write_folder
from screening.files.strict_json import NotStrict, read_json
from screening.scorecard.model import FORMAT, CardModel

__all__ = ["check_items", "load_model", "model_ids", "model_json", "save_card"]

LARGEST = 4 * 1024 * 1024  # bytes
# What pydantic, or a validator of `model`, calls the fault: the message for it.
_FAULTS = {
    "missing": "M403.key_missing",
    "extra_forbidden": "M403.key_unknown",
    "open_above_yes": "M403.open_above_yes",
    "lines_reversed": "M403.lines_reversed",
    "item_twice": "M403.item_twice",
    "cap_items": "M403.cap_items",
    "profile_missing": "M403.profile_missing",
    "line_too_high": "M403.line_too_high",
    "table_length": "M403.table_length",
    "probability_order": "M403.probability_order",
}
_BARRED_KINDS = ("protective", "danger")


def model_json(model: CardModel) -> bytes:
    """model.json as it is written and read."""
    return (
        json.dumps(
            model.model_dump(mode="json", exclude_none=True),
            ensure_ascii=False,
            indent=1,
            allow_nan=False,
        )
        + "\n"
    ).encode()


def model_ids() -> list[str]:
    """The ids of the bundled models."""
    return sorted(p.parent.name for p in data_folder("models").glob("*/model.json"))


def load_model(ref: str | Path, checklist: Checklist) -> CardModel:
    """A model by id, folder or file, checked against the list it is to be used with.

    Raises
    ------
    ModelError : M401 not there, M402 no card of this format (a pickle is never opened), M403 a card
        that cannot be,
        M404 made for another list, M405 an item that the list does not have or that must not be on
        a card
    """
    path, bundled = _find(ref)
    name = "/".join(path.parts[-2:])
    model = _typed(_content(path, name), name)
    if not bundled:
        model._page = (path.parent / "card.md").as_posix()
    if model.checklist.id != checklist.id:
        raise ModelError(
            "M404.another_list",
            place=name,
            made_for=model.checklist.id,
            checklist=checklist.id,
        )
    check_items(model, checklist, name)
    return model


def check_items(model: CardModel, checklist: Checklist, name: str) -> None:
    """`M405` for an item that the list does not have or that must not be on a card."""
    for item in (item for items in model.items.values() for item in items):
        indicator = checklist.indicators.get(item.indicator)
        if indicator is None:
            raise ModelError(
                "M405.indicator_unknown",
                place=name,
                near=nearest(item.indicator, checklist.indicators),
                checklist=checklist.id,
                indicator=item.indicator,
            )
        if checklist.dimensions[indicator.dimension].kind in _BARRED_KINDS:
            raise ModelError("M405.not_a_sign", place=name, indicator=item.indicator)


PAGE = """# {title}

{statement}.

- Labels: {labels}
- List: {checklist}
- Children: {child}
- Adults: {adult}

Made from a fitted estimator. How well it finds whom, and whom it misses, is for its maker to
measure and to write here (`screening.evaluate_frame`): until then nobody knows.
"""


def save_card(model: CardModel, folder: Path, *, overwrite: bool) -> Path:
    """See `CardModel.save`."""
    training = model.training
    text = PAGE.format(
        title=model.title,
        statement=model.statement[:1].upper() + model.statement[1:],
        labels=training.labels or "invented: " + ", ".join(w.world for w in training.worlds),
        checklist=f"{model.checklist.id} {model.checklist.version}",
        **{
            profile: f"{len(model.items[profile])} items; points at most: {model.most(profile)}"
            for profile in CASE_PROFILES
        },
    )
    files = {"model.json": model_json(model), "card.md": text.encode()}
    write_folder(folder, files, overwrite=overwrite)
    return folder / "model.json"


def _find(ref: str | Path) -> tuple[Path, bool]:
    """The file, and whether it is one of the bundled ones."""
    text = str(ref)
    bundled = data_folder("models") / text / "model.json"
    tries = [Path(ref), Path(ref) / "model.json"]
    if "/" not in text and "\\" not in text and text not in ("", ".", ".."):
        tries.insert(0, bundled)
    for path in tries:
        try:
            if path.is_file():
                return path, path.resolve().parent.parent == data_folder("models").resolve()
        except (OSError, ValueError):
            continue
    known = model_ids()
    raise ModelError("M401.unknown", near=nearest(text, known), name=text, known=known)


def _content(path: Path, name: str) -> dict[str, Any]:
    if path.suffix.lower() != ".json":
        raise ModelError("M402.not_a_model_json", place=name)
    try:
        if path.stat().st_size > LARGEST:
            raise ModelError("M402.file_too_large", place=name)
        text = path.read_bytes().decode("utf-8")
    except OSError as error:
        raise ModelError("M401.unreadable_because", place=name, reason=error.strerror) from None
    except UnicodeDecodeError:
        raise ModelError("M402.not_utf8", place=name) from None
    try:
        content = read_json(text)
    except NotStrict as error:
        raise ModelError("M402.not_json", place=name, error=str(error)) from None
    if not isinstance(content, dict) or content.get("format") != FORMAT:
        found = content.get("format") if isinstance(content, dict) else None
        raise ModelError("M402.format_unknown", place=name, found=found, format=FORMAT)
    return content


def _typed(content: dict[str, Any], name: str) -> CardModel:
    try:
        return CardModel.model_validate(content)
    except ValidationError as failed:
        first = failed.errors(include_url=False)[0]
    loc = [brief(str(step)) for step in first["loc"]]
    raise ModelError(
        _FAULTS.get(first["type"], "M403.value"),
        place=", ".join((name, ".".join(loc))) if loc else name,
        **{"name": loc[-1] if loc else "", "value": first["input"], **first.get("ctx", {})},
    )
