"""Strict YAML: every scalar as text, no aliases, anchors or tags, no key twice, little depth.

YAML's own typing turns `no` into False, `190:20:30` into a number and `1e3` into text; a list of
trafficking indicators cannot afford guesses. So the parser's events are read one by one, values
stay text, and the schema gives them their type. Line numbers are kept, so that every complaint
names its place.
"""

from __future__ import annotations

import stat
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from screening.errors import KnowledgeError, quote

__all__ = ["Doc", "Route", "read_yaml"]

LARGEST = 4 * 1024 * 1024  # bytes; the largest list's largest file is far below one
DEEPEST = 32

Route = tuple[str | int, ...]

_Loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)


@dataclass(frozen=True, slots=True)
class Doc:
    """One file's content (mappings, sequences, text) and where each part of it stands."""

    name: str
    data: dict[str, Any]
    lines: dict[Route, int]

    def place(self, route: Route = ()) -> str:
        """`file, line 12, rules.refer.child.any[2]`; the nearest known line when the part itself
        has none.
        """
        known = route
        while known and known not in self.lines:
            known = known[:-1]
        line = f", line {self.lines[known]}" if known in self.lines else ""
        return f"{self.name}{line}" + (f", {dotted(route)}" if route else "")


def dotted(route: Route) -> str:
    """A route as people write it: `indicators[3].mode`."""
    text = ""
    for step in route:
        text += f"[{step}]" if isinstance(step, int) else f".{step}" if text else step
    return text


def read_yaml(path: Path, name: str) -> Doc:
    """Read one knowledge file; `KnowledgeError` K101-K104 or K108 with its place when it cannot
    stand.
    """
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            raise KnowledgeError(
                "K110", "this is no ordinary file", place=name, remedy="put the file itself there"
            )
        if status.st_size > LARGEST:
            raise KnowledgeError(
                "K108",
                f"the file is over {LARGEST // 2**20} MiB",
                place=name,
                remedy="check that it is a list's own file",
            )
        text = path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        raise KnowledgeError(
            "K110",
            "there is no such file",
            place=name,
            remedy="check the name, or restore the file",
        ) from None
    except OSError as error:
        raise KnowledgeError(
            "K110",
            f"the file cannot be read ({error.strerror})",
            place=name,
            remedy="check its name and permissions",
        ) from None
    except UnicodeDecodeError as error:
        raise KnowledgeError(
            "K108", f"byte {error.start} is not UTF-8", place=name, remedy="save the file as UTF-8"
        ) from None
    except ValueError:  # a zero byte in the path
        raise KnowledgeError(
            "K110",
            f"{quote(str(path))} can be no file's name",
            place=quote(name),
            remedy="check the name",
        ) from None
    return parse_yaml(text, name)


def parse_yaml(text: str, name: str) -> Doc:
    """The same for text in hand."""
    reader = _Reader(name)
    try:
        parser = _Loader(text)  # as yaml.parse does, without asking for each event twice
        while type(event := parser.get_event()) is not yaml.StreamEndEvent:
            reader.take(event)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        raise KnowledgeError(
            "K101",
            "not readable as YAML:"
            f" {getattr(error, 'problem', None) or 'a character that YAML does not allow'}",
            place=name + (f", line {mark.line + 1}" if mark else ""),
            remedy="check indentation, colons and quotes",
        ) from None
    if reader.documents != 1 or not isinstance(reader.root, dict):
        raise KnowledgeError(
            "K108",
            "the file is not one mapping of keys to values",
            place=name,
            remedy="start it with 'format: 1'",
        )
    return Doc(name, reader.root, reader.lines)


class _Reader:
    """Builds plain data from parser events; a stack of open containers and where each stands."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.root: Any = None
        self.documents = 0
        self.lines: dict[Route, int] = {}
        self.open: list[tuple[Any, Route]] = []
        self.key: list[str | None] = []

    def take(self, event: Any) -> None:
        kind = type(event)
        if kind is yaml.ScalarEvent:
            if event.anchor is not None or event.tag is not None:
                self._refuse(event)
            self._put(event.value, event, scalar=True)
        elif kind in (yaml.MappingStartEvent, yaml.SequenceStartEvent):
            if event.anchor is not None or event.tag is not None:
                self._refuse(event)
            container: Any = {} if kind is yaml.MappingStartEvent else []
            route = self._put(container, event, scalar=False)
            if len(self.open) >= DEEPEST:
                raise KnowledgeError(
                    "K104",
                    f"nested more than {DEEPEST} deep",
                    place=self._at(event),
                    remedy="no list needs this; simplify it",
                )
            self.open.append((container, route))
            self.key.append(None)
        elif kind in (yaml.MappingEndEvent, yaml.SequenceEndEvent):
            self.open.pop()
            self.key.pop()
        elif kind is yaml.AliasEvent:
            raise KnowledgeError(
                "K102",
                f"alias {quote('*' + event.anchor)}",
                place=self._at(event),
                remedy="write the value out where it is meant",
            )
        elif kind is yaml.DocumentStartEvent:
            self.documents += 1

    def _at(self, event: Any) -> str:
        return f"{self.name}, line {event.start_mark.line + 1}"

    def _refuse(self, event: Any) -> None:
        if event.anchor is not None:
            raise KnowledgeError(
                "K102",
                f"anchor {quote('&' + event.anchor)}",
                place=self._at(event),
                remedy="write the value out where it is meant",
            )
        raise KnowledgeError(
            "K102",
            f"tag {quote(event.tag)}",
            place=self._at(event),
            remedy="remove it; the schema gives each value its type",
        )

    def _put(self, value: Any, event: Any, *, scalar: bool) -> Route:
        line = event.start_mark.line + 1
        if not self.open:
            self.root = value
            return ()
        parent, route = self.open[-1]
        if isinstance(parent, list):
            here = (*route, len(parent))
            parent.append(value)
            self.lines[here] = line
        else:
            key = self.key[-1]
            if key is None:
                if not scalar:
                    raise KnowledgeError(
                        "K101",
                        "a key that is itself a mapping or list",
                        place=self._at(event),
                        remedy="keys are plain words",
                    )
                here = (*route, value)
                if value in parent:
                    raise KnowledgeError(
                        "K103",
                        f"key {quote(value)} stands twice, first on line {self.lines[here]}",
                        place=self._at(event),
                        remedy="keep one of them",
                    )
                parent[value] = None
                self.key[-1] = value
                self.lines[here] = line
                return here
            here = (*route, key)
            parent[key] = value
            self.key[-1] = None  # its line stays the key's: that is where a person looks
        return here
