"""Keys that readers made: the rule behind them, the draw of what is held out, the figures told."""

from __future__ import annotations

import random
import re
from dataclasses import replace
from typing import Any

import pytest

from conftest import ROOT
from screening.calibration.readings import agreement_of_readings, beside_readers, fit
from screening.checklist import load_checklist, load_vignettes, vignette_ids
from screening.checklist.model import Vignettes
from screening.checklist.schema import FINDINGS, Finding
from screening.checklist.vignettefiles import Draw, Reading, ReadingsFile, VignettesFile
from screening.checklist.vignettes import key_finding, key_needs
from screening.checklist.yamlfile import read_yaml
from screening.errors import KnowledgeError

KOSOVO = load_checklist("kosovo")
BY_READERS = [
    s for s in (load_vignettes(KOSOVO, n) for n in vignette_ids(KOSOVO)) if s.keys_from == "readers"
]
CONCLUSIONS = r"traffick|exploit|coerc|\bvictims?\b|indicator|perpetrator|\bforced\b"


def reading(reader: str, finding: Finding, *needs: Any) -> Reading:
    return Reading(
        reader=reader, finding=finding, needs=list(needs), confidence="low", facts=["told"]
    )


def draw_of(vignettes: Vignettes) -> Draw | None:
    path = KOSOVO.folder / "vignettes" / f"{vignettes.id}.yaml"
    return VignettesFile.model_validate(read_yaml(path, path.name).data).draw


def read(vignettes: Vignettes, **findings: tuple[Finding, Finding, Finding]) -> Vignettes:
    """The set as if three had read some of its stories."""
    readers = ["first", "second", "third"]
    cases = {
        key.replace("_", "-"): [reading(r, f) for r, f in zip(readers, given, strict=True)]
        for key, given in findings.items()
    }
    file = ReadingsFile.model_validate(
        {
            "format": "1",
            "id": vignettes.id,
            "about": "Three who read.",
            "asked": "What would you do?",
            "read_on": "2026-11-27",
            "readers": [{"id": r, "who": "invented"} for r in readers],
            "cases": {key: [r.model_dump() for r in given] for key, given in cases.items()},
        }
    )
    keyed = tuple(
        v.model_copy(update={"expected": {"kosovo": key_finding(cases[v.id])}})
        if v.id in cases
        else v
        for v in vignettes.cases
    )
    return replace(vignettes, cases=keyed, readings=file)


@pytest.fixture
def hard() -> Vignettes:
    return load_vignettes(KOSOVO, "hard-to-tell")


@pytest.mark.parametrize(
    ("given", "key"),
    [
        (["refer", "look_further", "act_now"], "refer"),
        (["nothing_indicated", "nothing_indicated", "act_now"], "nothing_indicated"),
        (["look_further", "refer", "refer", "look_further"], "refer"),  # two in the middle
        (["nothing_indicated"] * 3 + ["refer"] * 2, "nothing_indicated"),
    ],
)
def test_the_key_is_the_middle_reading_and_the_higher_of_two(given, key):
    for _ in range(5):
        random.shuffle(given)
        assert key_finding([reading(f"r{n}", f) for n, f in enumerate(given)]) == key


def test_a_need_counts_when_more_than_half_of_the_readers_name_it():
    given = [
        reading("a", "refer", "health", "danger", "danger"),
        reading("b", "refer", "danger"),
        reading("c", "refer", "asylum"),
    ]
    assert key_needs(given) == ("danger",)
    assert key_needs([*given, reading("d", "refer", "health")]) == ()  # two of four are no majority


@pytest.mark.parametrize("vignettes", BY_READERS, ids=lambda s: s.id)
def test_what_is_held_out_is_what_the_recorded_draw_gives(vignettes):
    draw = draw_of(vignettes)
    assert draw is not None
    ids = sorted(v.id for v in vignettes.cases)
    drawn = set(random.Random(draw.seed).sample(ids, draw.held_out))
    assert {v.id for v in vignettes.cases if v.held_out == "yes"} == drawn
    assert 0.3 <= len(drawn) / len(ids) <= 0.4


@pytest.mark.parametrize("vignettes", BY_READERS, ids=lambda s: s.id)
def test_a_story_that_readers_key_tells_no_conclusion_and_is_read_in_a_minute(vignettes):
    assert len(vignettes.cases) >= 26
    for v in vignettes.cases:
        assert not re.search(CONCLUSIONS, v.story, flags=re.IGNORECASE), v.id
        assert len(v.story.split()) <= 130, v.id
        assert v.mistake is None and not v.why, (
            "a set that is yet to judge the tool teaches nothing"
        )
    ages = [v.age for v in vignettes.cases if v.age is not None]
    assert len(ages) == len(vignettes.cases)
    assert 8 <= sum(a >= 18 for a in ages) <= len(ages) - 8


@pytest.mark.parametrize("vignettes", BY_READERS, ids=lambda s: s.id)
def test_most_stories_record_a_sign_and_none_models_a_long_list_of_noes(vignettes):
    for v in vignettes.cases:
        assert len(v.answers) <= 16, v.id


def test_the_agreement_of_readings_is_krippendorffs(hard):
    import krippendorff

    given: dict[str, Any] = {
        "H_01": ("look_further", "refer", "refer"),
        "H_02": ("nothing_indicated", "look_further", "nothing_indicated"),
        "H_03": ("act_now", "act_now", "refer"),
        "H_07": ("nothing_indicated", "nothing_indicated", "nothing_indicated"),
    }
    found = agreement_of_readings(read(hard, **given), draws=200)
    codes = [[FINDINGS.index(row[r]) for row in given.values()] for r in range(3)]
    value = krippendorff.alpha(codes, value_domain=range(5), level_of_measurement="ordinal")
    assert found.value == pytest.approx(value, abs=1e-9)
    assert found.low <= found.value <= found.high
    assert (found.units, found.raters) == (4, 3)


def test_the_tool_is_set_beside_the_key_and_what_it_misses_is_counted(hard, kosovo_weights):
    given: dict[str, Any] = {
        "H_07": ("nothing_indicated",) * 3,
        "H_19": ("nothing_indicated", "nothing_indicated", "refer"),
        "H_25": ("refer", "act_now", "act_now"),
    }
    rows = beside_readers(read(hard, **given), KOSOVO, kosovo_weights)
    assert [r.key for r in rows] == ["nothing_indicated", "nothing_indicated", "act_now"]
    assert [r.apart for r in rows] == [0, 2, 1]
    counted = fit(rows)
    assert counted.n == counted.equal + counted.short + counted.beyond == 3
    refer = FINDINGS.index("refer")
    assert counted.missed == sum(
        FINDINGS.index(r.key) >= refer > FINDINGS.index(r.found) for r in rows
    )
    assert counted.raised == sum(
        FINDINGS.index(r.found) >= refer > FINDINGS.index(r.key) for r in rows
    )


def test_a_set_that_nobody_has_read_says_so_and_has_no_key(hard, kosovo_weights):
    unread = replace(hard, readings=None)
    with pytest.raises(
        KnowledgeError, match="nobody has read the vignettes hard-to-tell"
    ) as caught:
        beside_readers(unread, KOSOVO, kosovo_weights)
    assert caught.value.code == "K110"


def test_each_bundled_reading_gives_its_cases_the_key_of_the_stated_rule():
    for vignettes in BY_READERS:
        readings = vignettes.readings
        assert readings is not None, f"nobody has read {vignettes.id}"
        assert set(readings.cases) == {v.id for v in vignettes.cases}
        for v in vignettes.cases:
            given = readings.cases[v.id]
            ordered = sorted(FINDINGS.index(r.finding) for r in given)
            assert len({r.reader for r in given}) == len(given) >= 3, v.id
            assert v.expected == {"kosovo": FINDINGS[ordered[len(ordered) // 2]]}, v.id
        assert "none is a practitioner" in " ".join(readings.about.split())


def test_the_command_counts_what_is_held_out_and_names_none_of_it(
    cli: Any, monkeypatch: pytest.MonkeyPatch, hard: Vignettes
) -> None:
    given: dict[str, Any] = {
        v.id.replace("-", "_"): ("nothing_indicated", "refer", "act_now") for v in hard.cases
    }
    read_by_three = read(hard, **given)
    monkeypatch.setattr("screening.cli.calibrate.readings.load_vignettes", lambda *_: read_by_three)
    printed = " ".join(cli("calibrate", "readings").out.split())
    assert "30 vignettes" in printed and "0 of 30 read alike" in printed
    for v in hard.cases:
        assert (v.id in printed) == (v.held_out == "no"), v.id


def test_the_page_tells_the_figures_that_the_command_prints(kosovo_weights):
    page = (ROOT / "docs" / "vignettes.md").read_text(encoding="utf-8")
    for vignettes in BY_READERS:
        if vignettes.readings is None:
            assert "Nobody has read these for a key yet." in page
            continue
        alpha = agreement_of_readings(vignettes)
        rows = beside_readers(vignettes, KOSOVO, kosovo_weights)
        f = fit(rows)
        assert f"**{alpha.value:.2f}** (95 % {alpha.low:.2f} to {alpha.high:.2f}" in page
        assert f"| all | {f.n} | {f.equal} | {f.short} | {f.beyond} |" in page
        for r in rows:
            assert (f"### {r.vignette.id}:" in page) == (r.vignette.held_out == "no")
