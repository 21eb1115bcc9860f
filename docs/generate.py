"""Write docs/reference.md, docs/vignettes.md and docs/assessment.schema.json from code and lists.

`--check` only says whether they are current.
"""

from __future__ import annotations

import inspect
import json
import sys
import typing
from dataclasses import fields, is_dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

import typer
from cells import table
from pydantic import BaseModel, TypeAdapter
from vignette_page import vignettes

import screening
from screening.checklist import rules, schema, vignettefiles, weightfiles
from screening.checklist.lint import WARNINGS
from screening.cli.app import build
from screening.errors.catalogue import CATALOGUE
from screening.scoring.assessment import Assessment
from screening.scoring.triage import WorkItem
from screening.values import CELL_WORDS

DOCS = Path(__file__).resolve().parent


def parameter(name: str, hint: Any, default: Any) -> tuple[str, str]:
    """One argument or option, from its annotation in `cli`."""
    base, info = typing.get_args(hint)[0], typing.get_args(hint)[1]
    argument = isinstance(info, typer.models.ArgumentInfo)
    # in an annotation, typer keeps the first of the option's names where a default would stand
    given = [
        d
        for d in (info.default, *(info.param_decls or ()))
        if isinstance(d, str) and d.startswith("-")
    ]
    names = (
        [f"`{info.metavar or name.upper()}`"]
        if argument
        else [f"`{d}`" for d in given or [f"--{name.replace('_', '-')}"]]
    )
    kinds = [
        k for k in (base, *typing.get_args(base)) if isinstance(k, type) and issubclass(k, StrEnum)
    ]
    text = info.help or ""
    text += "".join(f" One of {', '.join(k)}." for k in kinds)
    if default not in (inspect.Parameter.empty, None, False, ""):
        text += f" Default: {getattr(default, 'value', default)}."
    return ", ".join(names), text.strip()


def commands() -> str:
    parts: list[str] = []

    def walk(command: Any, path: str) -> None:
        subs = getattr(command, "commands", None)
        if subs:
            for name, sub in subs.items():
                walk(sub, f"{path} {name}")
            return
        callback = command.callback
        callback = inspect.unwrap(callback)
        words, _, example = inspect.cleandoc(callback.__doc__ or "").partition("\n\nExample: ")
        hints = typing.get_type_hints(callback, include_extras=True)
        rows = [
            parameter(n, hints[n], p.default)
            for n, p in inspect.signature(callback).parameters.items()
        ]
        parts.append(
            f"### {path}\n\n{words}\n\n"
            + (f"    {example.strip()}\n\n" if example else "")
            + (table(("argument or option", "meaning"), rows) if rows else "")
        )

    walk(build(), "screening")
    return "\n".join(parts)


def kind_of(annotation: Any) -> str:
    """A type as a reader of YAML or JSON needs it."""
    if typing.get_origin(annotation) is typing.Annotated:
        return kind_of(typing.get_args(annotation)[0])
    if typing.get_origin(annotation) is typing.Literal:
        return " \\| ".join(map(str, typing.get_args(annotation)))
    args = [a for a in typing.get_args(annotation) if a is not type(None)]
    if typing.get_origin(annotation) in (list, tuple):
        return f"list of {kind_of(args[0])}"
    if typing.get_origin(annotation) is dict:
        return f"{kind_of(args[0])}: {kind_of(args[1])}"
    if args:
        return " or ".join(kind_of(a) for a in args)
    name = getattr(annotation, "__name__", str(annotation))
    return {
        "str": "text",
        "int": "number",
        "date": "YYYY-MM-DD",
        "Any": "any",
        "bool": "true or false",
    }.get(name, name)


def yaml_keys() -> str:
    parts = []
    models = {
        n: getattr(module, n)
        for module in (schema, vignettefiles, weightfiles)
        for n in dir(module)
    }
    for name in sorted(models):
        model = models[name]
        if (
            isinstance(model, type)
            and issubclass(model, BaseModel)
            and model not in (BaseModel, schema.Model)
        ):
            hints = typing.get_type_hints(model, include_extras=True)
            rows = [
                (f"`{key}`", kind_of(hints[key]), "yes" if field.is_required() else "no")
                for key, field in model.model_fields.items()
            ]
            parts.append(
                f"### {name}\n\n{inspect.cleandoc(model.__doc__ or '').splitlines()[0]}\n\n"
                + table(("key", "value", "required"), rows)
            )
    return "\n".join(parts)


def dataclass_fields(root: type) -> str:
    """The fields of a record and of the records in it."""
    parts, seen, waiting = [], set(), [root]
    while waiting:
        current = waiting.pop(0)
        if current in seen:
            continue
        seen.add(current)
        hints = typing.get_type_hints(current)
        rows = []
        for field in fields(current):
            rows.append((f"`{field.name}`", kind_of(hints[field.name])))
            for inner in (hints[field.name], *typing.get_args(hints[field.name])):
                if is_dataclass(inner):
                    waiting.append(typing.cast(type, inner))
        parts.append(
            f"### {current.__name__}\n\n{inspect.cleandoc(current.__doc__ or '')}\n\n"
            + table(("field", "value"), rows)
        )
    return "\n".join(parts)


def public_names() -> str:
    rows = []
    for name in screening.__all__:
        value = getattr(screening, name)
        doc = (
            "the version"
            if isinstance(value, str)
            else inspect.cleandoc(value.__doc__ or "").split("\n\n")[0]
        )
        rows.append((f"`screening.{name}`", doc))
    return table(("name", "what it is"), rows)


def reference() -> str:
    words: dict[str, list[str]] = {}
    for word, answer in CELL_WORDS.items():
        words.setdefault(answer.value, []).append(f"`{word}`" if word else "a blank cell")
    return "\n".join(
        [
            "# Reference",
            "",
            "Generated from the code by `make docs`; do not edit.",
            "",
            "## Commands",
            "",
            (
                "Results go to stdout, messages to stderr. Exit code 0: done. 2: the input or the"
                " command is wrong; one line gives place, problem, remedy and code. 1: a bug of"
                " ours. `python -m screening` is the same."
            ),
            "",
            commands(),
            "## Answers",
            "",
            table(
                ("answer", "counts as", "cells that mean it"),
                [
                    (
                        f"`{a}`",
                        (
                            "yes"
                            if a == "yes"
                            else "no"
                            if a in ("no", "not_applicable")
                            else "open, never no"
                        ),
                        ", ".join(w),
                    )
                    for a, w in words.items()
                ],
            ),
            "## Fields of an assessment",
            "",
            "The JSON schema is in [assessment.schema.json](assessment.schema.json).",
            "",
            dataclass_fields(Assessment),
            "## Fields of the work list",
            "",
            dataclass_fields(WorkItem),
            "## Keys of the knowledge files",
            "",
            "Every value is read as text and converted to the type given here. A key that is not"
            " named here is an error.",
            "",
            yaml_keys(),
            "## Decision rules",
            "",
            inspect.cleandoc(rules.__doc__ or ""),
            "",
            "## Public names",
            "",
            public_names(),
            "## Error codes",
            "",
            "K: a list's files. C: cases and tables. M: scorecards. R: ratings. U: the command."
            " B001 is a bug of ours.",
            "",
            table(("code", "what is wrong"), [(f"`{k}`", v.meaning) for k, v in CATALOGUE.items()]),
            "## Warnings of `checklist lint`",
            "",
            table(("code", "what is unwise"), [(f"`{k}`", v) for k, v in WARNINGS.items()]),
        ]
    )


def outputs() -> dict[Path, str]:
    adapter = TypeAdapter(Assessment)
    return {
        DOCS / "reference.md": reference().rstrip() + "\n",
        DOCS / "vignettes.md": vignettes().rstrip() + "\n",
        DOCS / "assessment.schema.json": (
            json.dumps(adapter.json_schema(), indent=1, ensure_ascii=False) + "\n"
        ),
    }


def main() -> int:
    stale = [
        path.name
        for path, text in outputs().items()
        if not path.is_file() or path.read_text(encoding="utf-8") != text
    ]
    if "--check" in sys.argv:
        print("\n".join(f"stale: {name}" for name in stale))
        return bool(stale)
    for path, text in outputs().items():
        path.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
