"""What several tests share: the bundled list, a runner of the command line, and a browser where
there is one.
"""

from __future__ import annotations

import gc
import os
import re
import shutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

from screening.checklist import Checklist, WeightSet, load_checklist, load_weights
from screening.errors.message import fill

os.environ["SCREENING_CONTACTS"] = os.devnull + ".none"  # whatever the machine's own station says
# As many processes test as there are processors: threads of linear algebra would only wait.
for _threads in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ.setdefault(_threads, "1")

# Speed is measured in benchmarks/, never in a test: machines are noisy.
_UNTIMED: dict[str, Any] = {"deadline": None, "suppress_health_check": [HealthCheck.too_slow]}
settings.register_profile("house", max_examples=20, derandomize=True, **_UNTIMED)
settings.register_profile("fuzz", max_examples=2000, print_blob=True, **_UNTIMED)
settings.register_profile("mutate", max_examples=10, derandomize=True, **_UNTIMED)
settings.load_profile("house")

ROOT = Path(__file__).resolve().parent.parent
FACT = re.compile(r"\{(\w+)(?:!r)?\}")  # in a message of the catalogue of errors
CHROMIUM = next(
    (
        found
        for name in ("chromium", "chromium-browser", "google-chrome")
        if (found := shutil.which(name))
    ),
    None,
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark properties and notebooks, which need no mark of their own, and say why a browser test
    is skipped.
    """
    for item in items:
        if item.path.suffix == ".ipynb":
            item.add_marker(pytest.mark.notebook)
        elif getattr(getattr(item, "obj", None), "is_hypothesis_test", False):
            item.add_marker(pytest.mark.property)
        if CHROMIUM is None and "browser" in item.keywords:
            item.add_marker(
                pytest.mark.skip(
                    reason="no Chromium on this machine (Debian: apt install chromium)"
                )
            )


def pytest_collection_finish() -> None:
    """What was made in collecting stays until the end: looking through it for garbage again and
    again takes a tenth of the time.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)


@pytest.fixture(autouse=True)
def cheap_passphrases(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Files sealed in tests ask for little work; what real ones ask for is tested where files
    are.
    """
    if request.module.__name__ != "test_casebook":
        monkeypatch.setattr("screening.casebook.sealed.WORK", (1, 4, 64))


@pytest.fixture(autouse=True)
def every_fact_of_a_message_is_given(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """No message that a test sees is left with a `{name}` that nobody filled."""
    left: set[str] = set()

    def filled(template: str, facts: Mapping[str, object]) -> str:
        left.update(f"{{{n}}} in {template!r}" for n in FACT.findall(template) if n not in facts)
        return fill(template, facts)

    monkeypatch.setattr("screening.errors.fill", filled)
    yield
    assert not left, sorted(left)


@dataclass(frozen=True)
class Ran:
    """Exit code and what was printed."""

    code: int
    out: str
    err: str


@pytest.fixture
def cli(capsys: pytest.CaptureFixture[str]) -> Callable[..., Ran]:
    """Run the command line in this process: `cli("score", path)`."""
    from screening.cli import run

    def call(*arguments: object) -> Ran:
        capsys.readouterr()
        code = run([str(a) for a in arguments])
        printed = capsys.readouterr()
        return Ran(code, printed.out, printed.err)

    return call


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Any]:
    """A trainer's bench over a list of its own."""
    from support.bench import small_bench

    with small_bench(tmp_path) as made:
        yield made


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    """Debian's browser, once for all tests of a process."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        browser = driver.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-background-networking"]
        )
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def server() -> Iterator[Any]:
    """The interview and the courses, once for all tests of a process: others' cases may be there."""
    from support.web import KNOWLEDGE, running

    with running(knowledge=KNOWLEDGE) as here:
        yield here


@pytest.fixture
def windows(chromium: Any, server: Any) -> Iterator[Any]:
    """Opens windows at the start page of the server: `windows(language, width)`."""
    from support.browser import windows_of

    with windows_of(chromium, server) as another:
        yield another


@pytest.fixture(scope="session")
def kosovo() -> Checklist:
    return load_checklist("kosovo")


@pytest.fixture(scope="session")
def kosovo_weights(kosovo: Checklist) -> WeightSet:
    return load_weights(kosovo)
