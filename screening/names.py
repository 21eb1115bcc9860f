"""One rule for names: when two spellings are one name, and which known name a heading means.

Programs change a name on its way: they write it in capitals, with spaces or a line break, put the
group before it, leave a sign in it that nobody sees. Such spellings are the name itself. What is
only near a known name is never guessed at: whoever reads the table refuses it and names the one
that was meant. Columns of tables, keys of JSON, sheets to fill in, limits and other organisations'
tables are all read by this rule; ids of cases are compared by `look_of`.
"""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

__all__ = ["Columns", "Names", "fold", "look_of", "looks_of", "seen"]

_UNSEEN = re.compile(  # besides controls and format signs: joiners, fillers, variation selectors
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\ufe00-\ufe0f\uffa0"
    "\U000e0100-\U000e01ef]"
)
_APOSTROPHES = re.compile("['’‘ʼ`´′]")
_BETWEEN = re.compile(r"[\s_]+|(?<=\w)[-‐-―.]+(?=\w)")  # what stands between the words of a name
_AROUND = ' _-‐‑‒–—―.,:;?!*()[]{}"«»„“”'
_NUMBERED = re.compile(r"^\w{1,4}[.)]\s+(?=\S)")  # "12. " before a label
_GROUPS = re.compile(r"[/\\:|.>\[(-]+")  # what programs write between a group and a name
_STROKES = str.maketrans({"đ": "d", "ø": "o", "ł": "l", "ı": "i"})  # letters that are not composed

# Letters of other alphabets that look the same in any typeface, as the Latin letter; and lines,
# strokes and marks that nobody tells apart.
_TWINS = str.maketrans(
    "АВЕЅІЈКМНОРСТУҮХԌаеорсухіјѕһԁԛԝɡɑΑΒΕΖΗΙΚΜΝΟΡΤΥΧονÐ‐‑‒–—―−’‘ʼ`′∕⁄",
    "ABESIJKMHOPCTYYXGaeopcyxijshdqwgaABEZHIKMNOPTYXovĐ-------'''''//",
)
# A column beside that of an answer, which is not an answer itself.
_BESIDE = frozenset(
    {"note", "notes", "comment", "comments", "remark", "remarks", "basis", "source", "date"}
    | {"time", "label", "other", "text", "shenim", "shenime", "burimi", "napomena", "izvor"}
)
_NEAR, _NEAR_LABEL = 0.8, 0.9  # how alike two names, two sentences must be to be taken for a slip
_SHORT = 5  # letters: shorter names are like many other words
_LABEL = 3  # words: shorter headings are never looked for among sentences


def seen(text: str) -> str:
    """What a person sees of a text: composed letters, nothing invisible, single spaces."""
    if text.isascii() and text.isprintable() and "  " not in text:
        return text.strip()
    text = "".join(
        c if not unicodedata.category(c).startswith("C") else " " if c.isspace() else ""
        for c in _UNSEEN.sub("", text)
    )
    return unicodedata.normalize("NFC", " ".join(text.split()))


@lru_cache(maxsize=4096)
def fold(text: str) -> str:
    """The key under which spellings of one name are found: case, spaces, line breaks, underscores,
    invisible and compatibility characters, apostrophes and accents make no difference.
    """
    text = unicodedata.normalize("NFKD", seen(text).casefold())
    text = "".join(c for c in text if not unicodedata.combining(c)).translate(_STROKES)
    return " ".join(_BETWEEN.sub(" ", _APOSTROPHES.sub("", text)).split())


def _key(heading: str) -> str:
    """The key of a heading, which may have a mark around it."""
    return fold(heading.strip().removeprefix("\ufeff").strip(_AROUND))


def look_of(case_id: str) -> str:
    """The key under which ids of cases that look the same are one id. The id itself is kept as it
    is written, so that results can be joined to the table that they came from.
    """
    if case_id.isascii():
        return seen(case_id)
    return seen(unicodedata.normalize("NFKC", case_id)).translate(_TWINS)


def looks_of(case_ids: Iterable[str]) -> list[str]:
    """`look_of` of each; at once where all are plain, as nearly all ids are."""
    ids = list(case_ids)
    text = f"|{'|'.join(ids)}|"
    odd = not text.isascii() or not text.isprintable()
    if odd or any(pair in text for pair in ("  ", "| ", " |")):
        return [look_of(case_id) for case_id in ids]
    return ids


@dataclass(frozen=True, slots=True)
class Columns:
    """What the headings of a table mean.

    at : position by known name
    others : heading by position, of what is not known
    twice : name, first and second position, where two headings mean one name
    near : position and the name that was meant, of headings that are only near a known name
    choices : position, and position of the question, of the choices of a question with several
    """

    at: Mapping[str, int]
    others: Mapping[int, str]
    twice: Sequence[tuple[str, int, int]]
    near: Sequence[tuple[int, str]]
    choices: Sequence[tuple[int, int]]


class Names:
    """The names that somebody may write, each with its spellings.

    Parameters
    ----------
    known : the names themselves
    also : other words for a name, each with the name
    labels : sentences that stand for a name, fetched only when a heading is a sentence
    elsewhere : names of other tables, fetched only before a heading is called a slip
    """

    def __init__(
        self,
        known: Iterable[str],
        also: Mapping[str, str] | None = None,
        labels: Callable[[], Mapping[str, str]] | None = None,
        elsewhere: Callable[[], Iterable[str]] | None = None,
    ) -> None:
        self.known = dict.fromkeys(known)
        known_words = ((w, name) for w, name in (also or {}).items() if name in self.known)
        self._folded = {_key(word): name for word, name in known_words}
        self._folded |= {fold(name): name for name in self.known}
        self._fetch, self._elsewhere = labels, elsewhere

    def of(self, heading: str) -> str:
        """The name that a heading is a spelling of; nothing where it is none."""
        if heading in self.known:
            return heading
        key = _key(heading)
        found = self._folded.get(key)
        if found is None and self._fetch is not None and key.count(" ") >= _LABEL - 1:
            found = self._labels.get(key) or self._labels.get(_key(_NUMBERED.sub("", heading)))
        return found or ""

    def in_group(self, heading: str) -> tuple[str, str]:
        """The name after a group, and the group: `signs/danger_now`; nothing where there is
        none.
        """
        for between in _GROUPS.finditer(heading):
            name = self.of(heading[between.end() :])
            if name and between.start():
                return name, heading[: between.start()]
        return "", ""

    def near(self, heading: str) -> str:
        """The name that a heading is a slip of; nothing where it is near none."""
        key = _key(heading)
        words = key.split()
        if not key or (len(words) > 1 and words[-1] in _BESIDE and self.of(" ".join(words[:-1]))):
            return ""
        close = ("", 0.0)
        for other in self._like(key):
            name = self._folded.get(other) or self._labels[other]
            if len(other) < _SHORT and (key[0] != other[0] or abs(len(key) - len(other)) > 1):
                continue
            least = _NEAR_LABEL if other not in self._folded else _NEAR
            likeness = difflib.SequenceMatcher(None, key, other, autojunk=False).ratio()
            if _holds(words, other.split()):
                likeness = 1.0
            if likeness > max(least, close[1]):
                close = (name, likeness)
        return "" if close[0] and seen(heading) in self._others else close[0]

    def columns(self, header: Sequence[str], spare: Iterable[str] = ()) -> Columns:
        """What the headings mean; those of `spare` are other columns, however near a name."""
        at: dict[str, int] = {}
        twice, others, choices = [], dict[int, str](), []
        places = {_key(heading): position for position, heading in enumerate(header)}
        other = {_key(heading) for heading in spare}
        for position, heading in enumerate(header):
            if not seen(heading):
                continue
            name, group = self.of(heading), ""
            if not name and _key(heading) not in other:
                name, group = self.in_group(heading)
            if group and _key(group) in places:
                choices.append((position, places[_key(group)]))
            elif not name:
                others[position] = heading
            elif name in at:
                twice.append((name, at[name], position))
            else:
                at[name] = position
        near = [
            (position, meant)
            for position, heading in others.items()
            if _key(heading) not in other and (meant := self.near(heading))
        ]
        return Columns(at, others, twice, near, choices)

    @cached_property
    def _others(self) -> set[str]:
        return set(self._elsewhere()) if self._elsewhere else set()

    @cached_property
    def _labels(self) -> dict[str, str]:
        found: dict[str, str] = {}
        for sentence, name in (self._fetch() if self._fetch else {}).items():
            key = _key(sentence)
            found[key] = "" if found.get(key, name) != name else name  # two signs, one sentence
        return {key: name for key, name in found.items() if name}

    @cached_property
    def _pairs(self) -> dict[str, list[str]]:
        return _by_pairs(self._folded)

    @cached_property
    def _label_pairs(self) -> dict[str, list[str]]:
        return _by_pairs(self._labels)

    def _like(self, key: str) -> list[str]:
        """The known keys that share half of their pairs of letters with this one."""
        shared: dict[str, int] = defaultdict(int)
        pairs = _pairs_of(key)
        sentences = self._fetch is not None and key.count(" ") >= _LABEL - 1
        for index in (self._pairs, self._label_pairs) if sentences else (self._pairs,):
            for pair in pairs:
                for other in index.get(pair, ()):
                    shared[other] += 1
        return [
            other
            for other, n in shared.items()
            if 2 * n >= max(len(pairs), len(other) - 1) or len(other) < _SHORT
        ]


def _holds(words: Sequence[str], known: Sequence[str]) -> bool:
    """Whether the words of a heading are all those of a known name, in any order, and others."""
    return len(known) > 1 and set(known) <= set(words)


def _pairs_of(key: str) -> set[str]:
    return {key[n : n + 2] for n in range(max(1, len(key) - 1))}


def _by_pairs(keys: Iterable[str]) -> dict[str, list[str]]:
    found = defaultdict(list)
    for key in keys:
        for pair in _pairs_of(key):
            found[pair].append(key)
    return dict(found)
