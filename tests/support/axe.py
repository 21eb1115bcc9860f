"""axe-core on a page: what somebody who cannot see or point well would stumble over."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

__all__ = ["faults", "faults_in", "faults_in_both_themes"]

# What words and their length decide; the rest follows from structure and colours, which are the same
# in every language.
_OF_WORDS = (
    "aria-command-name",
    "aria-input-field-name",
    "aria-progressbar-name",
    "aria-toggle-field-name",
    "button-name",
    "document-title",
    "empty-heading",
    "empty-table-header",
    "html-has-lang",
    "html-lang-valid",
    "image-alt",
    "input-button-name",
    "label",
    "label-title-only",
    "link-name",
    "scrollable-region-focusable",
    "select-name",
    "summary-name",
    "svg-img-alt",
    "valid-lang",
)


@cache
def _script() -> str:
    import axe_playwright_python

    return next(Path(axe_playwright_python.__file__).parent.rglob("axe.min.js")).read_text(
        encoding="utf-8"
    )


def faults(page: Any, rules: tuple[str, ...] = ()) -> list[Any]:
    """Violations, each with up to three elements; of these rules alone where some are named."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(_script())
    options = {"resultTypes": ["violations"], **({"runOnly": list(rules)} if rules else {})}
    found = page.evaluate(
        "o => axe.run(o).then(r => JSON.stringify(r.violations.map(v => [v.id, v.nodes.map(n =>"
        " n.html).slice(0, 3)])))",
        options,
    )
    return list(json.loads(found))


def faults_in_both_themes(page: Any) -> list[Any]:
    """The same in light and dark.

    A theme is colours alone, so in the dark contrast is all there is to ask again.
    """
    page.emulate_media(color_scheme="light")
    light = faults(page)
    page.emulate_media(color_scheme="dark")
    return light + faults(page, ("color-contrast",))


def faults_in(page: Any, language: str) -> list[Any]:
    """A page that is looked at in every language: in full, in both themes, in English and in
    Albanian (a draft, so with all that a draft brings); in the others what their words can bring
    about, a part without a name or a language, or one that only a pointer can scroll.
    """
    return faults_in_both_themes(page) if language in ("en", "sq") else faults(page, _OF_WORDS)
