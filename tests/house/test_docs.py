"""Nothing is undocumented: the reference is current and names every command, option, field, key,
code and public name.
"""

from __future__ import annotations

import inspect
import json
import re
import sys
from dataclasses import fields

import pytest
from pydantic import TypeAdapter

import screening
from conftest import ROOT
from screening.checklist import load_checklist, schema, teaching_sets, weightfiles
from screening.checklist.lint import WARNINGS
from screening.errors.catalogue import CATALOGUE
from screening.scoring import score
from screening.scoring.assessment import Assessment

sys.path.insert(0, str(ROOT / "docs"))
import generate

REFERENCE = (ROOT / "docs/reference.md").read_text(encoding="utf-8")


def test_the_page_of_vignettes_shows_every_one_that_teaches_and_none_that_is_held_out():
    page = generate.vignettes()
    cases = [v for s in teaching_sets(load_checklist("kosovo")) for v in s.cases]
    for v in cases:
        assert (
            (" ".join(v.story.split())[:80] in page)
            == (f"### {v.id}:" in page)
            == (v.held_out == "no")
        ), v.id
    assert sum(v.held_out == "no" for v in cases) == 40


def test_the_generated_reference_and_schema_are_current():
    stale = [
        path.name
        for path, text in generate.outputs().items()
        if path.read_text(encoding="utf-8") != text
    ]
    assert stale == [], "run: make docs"


def test_every_option_that_help_shows_is_in_the_reference(cli):
    for command in re.findall(r"^### screening (.+)$", REFERENCE, flags=re.M):
        section = REFERENCE.split(f"### screening {command}\n")[1].split("\n### ")[0]
        shown = set(
            re.findall(r"(?<![\w-])(--[a-z][a-z-]*)", cli(*command.split(), "--help").out)
        ) - {"--help"}
        assert shown or command == "checklist list", command
        missing = {o for o in shown if f"`{o}`" not in section and o not in section}
        assert missing == set(), command


def test_every_code_field_key_and_public_name_is_in_the_reference():
    wanted = [
        *CATALOGUE,
        *WARNINGS,
        *(f.name for f in fields(Assessment)),
        *schema.ChecklistFile.model_fields,
        *weightfiles.WeightsFile.model_fields,
        *(f"screening.{n}" for n in screening.__all__),
    ]
    assert [w for w in wanted if f"`{w}`" not in REFERENCE] == []


def test_public_functions_and_records_say_what_they_are():
    for name in screening.__all__:
        if name != "__version__":
            first = inspect.cleandoc(getattr(screening, name).__doc__ or "").split("\n")[0]
            assert len(first) > 10, name


def test_every_module_starts_with_a_sentence():
    for path in (ROOT / "screening").rglob("*.py"):
        assert re.match(r'"""\S', path.read_text(encoding="utf-8")), path


def test_an_assessment_fits_its_published_schema(kosovo, kosovo_weights):
    adapter = TypeAdapter(Assessment)
    assert (
        json.loads((ROOT / "docs/assessment.schema.json").read_text(encoding="utf-8"))
        == adapter.json_schema()
    )
    for case in (
        screening.Case("a", 9),
        screening.Case(
            "b", 40, answers={"daily_quota": screening.Response(screening.Answer.YES, "said", "n")}
        ),
    ):
        result = score(case, kosovo, kosovo_weights).to_dict()
        assert adapter.validate_python(result).finding == result["finding"]


@pytest.mark.parametrize(
    "path",
    [*sorted((ROOT / "docs").glob("*.md")), ROOT / "README.md", ROOT / "CONTRIBUTING.md"],
    ids=lambda p: p.name,
)
def test_links_inside_the_documentation_lead_somewhere(path):
    for target in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", path.read_text(encoding="utf-8")):
        if not target.startswith(("http", "mailto")):
            assert (path.parent / target).exists(), target


def test_every_test_that_the_page_on_security_names_is_there() -> None:
    text = (ROOT / "docs/security.md").read_text(encoding="utf-8")
    files = {p.name: p for p in (ROOT / "tests").rglob("test_*.py")}
    named = re.findall(r"`(?:tests/(?:\w+/)?)?(test_\w+)(\.py)?`", text)
    assert len(named) > 60
    every = "\n".join(p.read_text(encoding="utf-8") for p in files.values())
    for name, is_file in named:
        assert f"{name}.py" in files if is_file else f"def {name}" in every, name
    for row in re.findall(r"^\| (?:V\d|\d\d).*$", text, re.MULTILINE):
        assert "`" in row or "not applicable" in row, f"no test: {row[:60]}"
