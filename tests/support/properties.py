"""How many examples a property tries: few in `make check` and `make test`, many in `make fuzz`.

The profiles are in conftest.py. `house` draws the same examples on every run, so that a failure is
the fault of the change that is being tested; `fuzz` draws new ones each time, to find what nobody
has thought of.
"""

from __future__ import annotations

from typing import Any

from hypothesis import settings


def examples(n: int, **others: Any) -> settings:
    """Settings of a property that tries n examples in the run, and under another profile as many
    times more (or less) as that profile tries by default.

    others : further hypothesis settings
    """
    usual = settings.get_profile("house").max_examples
    return settings(max_examples=max(1, n * settings().max_examples // usual), **others)
