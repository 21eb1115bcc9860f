"""A list as the rest of the program sees it: complete, cross-checked, frozen."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from screening.answers import Profile
from screening.checklist.rules import Resolved
from screening.checklist.scale import Lines, Scale, scale_of
from screening.checklist.schema import (
    CASE_PROFILES,
    Dimension,
    Indicator,
    Level,
    Need,
    OneFact,
    Source,
    SourceRef,
    Step,
)
from screening.checklist.texts import Texts, standing
from screening.checklist.vignettefiles import ReadingsFile, Vignette, VignetteWords
from screening.checklist.weightfiles import Agreed
from screening.errors import KnowledgeError
from screening.i18n import LANGUAGES, SOURCE, Words, in_script

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Checklist", "RuleSet", "Standing", "Vignettes", "WeightSet"]


@dataclass(frozen=True)
class RuleSet:
    """One profile's decision rules, resolved to sets of indicators."""

    levels: Mapping[Level, Resolved]
    enough_known: Resolved


@dataclass(frozen=True)
class Standing:
    """What a weight set's signatures are worth:

    `by` names those whose signature holds, `on` is the day of the last of a signed set's; `fault`
    says why it may not be used (`outdated`: the list changed since). `sha256` is what was, or would
    be, signed: the list's parts that decide and the whole weight set, as one.
    """

    state: Literal[
        "unsigned", "signed", "half_signed", "altered", "outdated", "mismatched", "unregistered"
    ] = "unsigned"
    by: tuple[str, ...] = ()
    fault: KnowledgeError | None = None
    on: date | None = None
    sha256: str = ""

    def __str__(self) -> str:
        return (
            f"signed by {', '.join(self.by)}"
            if self.state == "signed"
            else self.state.replace("_", "-")
        )


@dataclass(frozen=True)
class WeightSet:
    """A complete, dated set of whole-number weights for one list; `points[profile]` is by
    indicator, in list order.

    `lines` say what the points decide, where they do; `rules` take the place of the list's in a set
    that is kept for comparison. `alternatives` are sets of points that the same people and evidence
    could as well have given; `worlds` are those whose cases set the weights; `standing` says who
    signed.
    """

    id: str
    checklist: str
    title: str
    authors: tuple[str, ...]
    method: str
    evidence: str
    valid_from: date
    rechecked_on: date
    points: Mapping[Profile, Mapping[str, int]]
    caps: Mapping[Profile, Mapping[str, int]]
    sha256: str
    recheck_by: date | None = None
    worlds: tuple[str, ...] = ()
    previous: str = ""
    override: str = ""
    alternatives: tuple[Mapping[Profile, Mapping[str, int]], ...] = ()
    standing: Standing = Standing()
    lines: Mapping[Profile, Lines] = field(default_factory=dict)
    rules: Mapping[Profile, RuleSet] | None = None
    agreement: Agreed | None = None

    def scale(self, checklist: Checklist, profile: Profile) -> Scale:
        """The numbers put to their list: how points add up and what they decide for a profile."""
        key = checklist.sha256, profile
        if key not in self._scales:
            self._scales[key] = scale_of(checklist, self, profile)
        return self._scales[key]

    @cached_property
    def _scales(self) -> dict[tuple[str, Profile], Scale]:
        return {}

    def to_frame(self) -> pd.DataFrame:
        """The points as a pandas frame: indexed by indicator, in list order, a nullable column for
        each profile (missing where the sign does not apply to it).
        """
        import pandas as pd

        signs = list(dict.fromkeys(i for points in self.points.values() for i in points))
        index = pd.Index(signs, name="indicator", dtype="str")
        return pd.DataFrame(
            {p: pd.array([self.points[p].get(i) for i in signs], "Int32") for p in self.points},
            index=index,
        )


@dataclass(frozen=True)
class Vignettes:
    """Bundled invented cases with the finding each list is expected to give."""

    id: str
    about: str
    compare_with: str | None
    explain: str
    cases: tuple[Vignette, ...]
    words: Mapping[str, Mapping[str, VignetteWords]] = field(
        default_factory=dict
    )  # by language and case; drafts
    draft: frozenset[str] = frozenset()  # languages that nobody has reviewed
    titles: Mapping[str, str] = field(default_factory=dict)  # of the whole set, by language
    keys_from: Literal["rules", "readers"] = "rules"
    readings: ReadingsFile | None = None  # what readers said, whoever made the keys

    def title(self, language: str = "en") -> str:
        """What the set is called in a language; English, then its id, where it has no title."""
        text = self.titles.get(LANGUAGES[language].words_of, "")
        return in_script(text, language) if text else self.titles.get(SOURCE, "") or self.id

    def standing(self, language: str, say: Words) -> str:
        """What a reader must know of the stories in a language: a draft, or not complete."""
        code = LANGUAGES[language].words_of
        missing = 0 if code == SOURCE else len(self.cases) - len(self.words.get(code, {}))
        return standing(code in self.draft, missing, say)

    def told(self, case: Vignette, field: str, language: str = "en") -> str:
        """The title, story, why or mistake of a case in a language; English where it has none."""
        translated = self.words.get(LANGUAGES[language].words_of, {}).get(case.id)
        if translated is None:
            return case.words().get(field, "")
        return in_script(str(getattr(translated, field)), language)


@dataclass(frozen=True)
class Checklist:
    """One list: indicators in order, dimensions, rules per profile, pathway, sources, words."""

    id: str
    version: str
    role: str
    authority: str
    catalogue: str | None
    weights_in_force: str
    age_doubt: str | None
    folder: Path
    sections: Mapping[str, tuple[str, ...]]
    dimensions: Mapping[str, Dimension]
    forms: tuple[str, ...]
    indicators: Mapping[str, Indicator]
    rules: Mapping[Profile, RuleSet]
    steps: tuple[Step, ...]
    sources: Mapping[str, Source]
    sha256: str
    read_texts: Callable[[str], Texts] = field(repr=False, compare=False)
    needs: tuple[Need, ...] = ()
    one_fact: tuple[OneFact, ...] = ()
    retired: Mapping[str, str] = field(default_factory=dict)  # by retired id, what it became
    # The hash of each part that a result follows from, as it is signed with a weight set.
    decides: Mapping[str, str] = field(default_factory=dict)

    def current(self, indicator: str) -> str:
        """The id that a retired one became; any other as it is."""
        return self.retired.get(indicator, indicator)

    def texts(self, language: str = "en") -> Texts:
        """The list's words in a language (English where it has none)."""
        if language not in self._texts:
            self._texts[language] = self.read_texts(language)
        return self._texts[language]

    @cached_property
    def _texts(self) -> dict[str, Texts]:
        return {}

    @cached_property
    def members(self) -> Mapping[Profile, Mapping[str, frozenset[str]]]:
        """Indicators by dimension, for each profile."""
        return {
            profile: {
                d: frozenset(
                    i.id
                    for i in self.indicators.values()
                    if i.dimension == d and i.applies(profile)
                )
                for d in self.dimensions
            }
            for profile in ("adult", "child")
        }

    @cached_property
    def by_profile(self) -> Mapping[Profile, tuple[Indicator, ...]]:
        """The indicators that apply to a profile, in list order."""
        return {
            profile: tuple(i for i in self.indicators.values() if i.applies(profile))
            for profile in ("adult", "child")
        }

    def to_frame(self, language: str = "en") -> pd.DataFrame:
        """The list as a pandas frame: a row an indicator, in list order, indexed by its id.

        Columns: section, kind, dimension, element, a strength and a mode for each profile (missing
        where it does not apply), and its statement in a language.
        """
        import pandas as pd

        every, texts = list(self.indicators.values()), self.texts(language)

        def by_profile(field: str) -> dict[str, Any]:
            return {
                f"{field}_{p}": pd.Categorical(
                    [getattr(i, f"{field}_for")(p) if i.applies(p) else None for i in every]
                )
                for p in CASE_PROFILES
            }

        return pd.DataFrame(
            {
                "section": pd.Categorical([self.section_of(i.id) for i in every]),
                "kind": pd.Categorical([self.dimensions[i.dimension].kind for i in every]),
                "dimension": pd.Categorical([i.dimension for i in every]),
                "element": pd.Categorical([i.element for i in every]),
                **by_profile("strength"),
                **by_profile("mode"),
                "statement": [texts.statement(i.id) for i in every],
            },
            index=pd.Index([i.id for i in every], name="indicator", dtype="str"),
        )

    def steps_now(self, profile: Profile) -> list[Step]:
        """What to do at once where somebody is in danger: the first six steps of *act now*."""
        return [
            s
            for s in self.steps
            if "act_now" in s.findings and not s.hours and profile in s.profiles
        ][:6]

    def section_of(self, indicator: str) -> str:
        return next(section for section, ids in self.sections.items() if indicator in ids)

    def cited(self, refs: list[SourceRef]) -> list[dict[str, str]]:
        """Sources as an assessment carries them: title, place, and whether anyone read them."""
        return [
            {
                "ref": r.ref,
                "at": r.at,
                "title": self.sources[r.ref].title,
                "status": self.sources[r.ref].status,
            }
            for r in refs
        ]
