"""Strict YAML: every scalar as text, no aliases, anchors or tags, no key twice, little depth.

YAML's own typing turns `no` into False, `190:20:30` into a number and `1e3` into text; a list of
trafficking indicators cannot afford guesses. So the parser's events are read one by one, values
stay text, and the schema gives them their type. Line numbers are kept, so that every complaint
names its place.
"""

from __future__ import annotations

import stat
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from screening.errors import KnowledgeError, quote

__all__ = ["Doc", "Route", "dump_yaml", "parse_yaml", "read_yaml"]

LARGEST = 4 * 1024 * 1024  # bytes; the largest list's largest file is far below one
DEEPEST = 32
_LONGEST = 60  # letters of a key in a place; the message quotes it too

Route = tuple[str | int, ...]

_Loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)


@dataclass(frozen=True, slots=True, eq=False)  # told apart by identity: what is made of it is kept
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
    """A route as people write it: `indicators[3].mode`; what is not printed is a `?`."""
    text = ""
    for step in route:
        if isinstance(step, str) and not (step.isprintable() and len(step) <= _LONGEST):
            step = "".join(c if c.isprintable() else "?" for c in step[:_LONGEST])
        text += f"[{step}]" if isinstance(step, int) else f".{step}" if text else step
    return text


def read_yaml(path: Path, name: str) -> Doc:
    """Read one knowledge file; `KnowledgeError` K101-K104 or K108 with its place when it cannot
    stand.
    """
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            raise KnowledgeError("K110.not_a_file", place=name)
        if status.st_size > LARGEST:
            raise KnowledgeError("K108.file_too_large", place=name, largest=LARGEST // 2**20)
        text = path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        raise KnowledgeError("K110.file_missing", place=name) from None
    except OSError as error:
        raise KnowledgeError("K110.file_unreadable", place=name, reason=error.strerror) from None
    except UnicodeDecodeError as error:
        raise KnowledgeError("K108.not_utf8", place=name, start=error.start) from None
    except ValueError:  # a zero byte in the path
        raise KnowledgeError("K110.file_name", place=quote(name), path=str(path)) from None
    return _parsed(text, name)


@lru_cache(maxsize=256)
def _parsed(text: str, name: str) -> Doc:
    """Most of loading a list is parsing, and lists share their catalogue's files: what was parsed
    is used again. Nobody writes into a `Doc`.
    """
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
        reason = getattr(error, "problem", None)
        raise KnowledgeError(
            "K101.yaml_unreadable" if reason else "K101.yaml_character",
            place=name + (f", line {mark.line + 1}" if mark else ""),
            reason=reason,
        ) from None
    if reader.documents != 1 or not isinstance(reader.root, dict):
        raise KnowledgeError("K108.not_mapping", place=name)
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
                    "K104.nested_too_deeply", place=self._at(event), deepest=DEEPEST
                )
            self.open.append((container, route))
            self.key.append(None)
        elif kind in (yaml.MappingEndEvent, yaml.SequenceEndEvent):
            self.open.pop()
            self.key.pop()
        elif kind is yaml.AliasEvent:
            raise KnowledgeError("K102.alias", place=self._at(event), value="*" + event.anchor)
        elif kind is yaml.DocumentStartEvent:
            self.documents += 1

    def _at(self, event: Any) -> str:
        return f"{self.name}, line {event.start_mark.line + 1}"

    def _refuse(self, event: Any) -> None:
        if event.anchor is not None:
            raise KnowledgeError("K102.anchor", place=self._at(event), value="&" + event.anchor)
        raise KnowledgeError("K102.tag", place=self._at(event), tag=event.tag)

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
                    raise KnowledgeError("K101.key_not_plain", place=self._at(event))
                here = (*route, value)
                if value in parent:
                    raise KnowledgeError(
                        "K103.key_twice",
                        place=self._at(event),
                        name=value,
                        line=self.lines[here],
                    )
                parent[value] = None
                self.key[-1] = value
                self.lines[here] = line
                return here
            here = (*route, key)
            parent[key] = value
            self.key[-1] = None  # its line stays the key's: that is where a person looks
        return here


class _Dumper(yaml.SafeDumper):
    """No anchors or aliases: the reader refuses them."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def dump_yaml(data: Mapping[str, Any]) -> str:
    """Plain data as the text of a knowledge file, in the order given."""
    text: str = yaml.dump(
        dict(data), Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=110
    )
    return text
