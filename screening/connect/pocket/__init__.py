"""The pocket edition: the list, its weights and a small engine in one HTML file for a phone.

It needs no network, no server and no Python. It keeps nothing by itself; what is recorded leaves
it as an encrypted file or as a code that the laptop reads.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from screening.connect.pocket.page import LARGEST, pocket_html

__all__ = ["LARGEST", "pocket_html"]


def __getattr__(name: str) -> Any:
    """The page is made on first use: the interview's server reads codes and makes none, and starts
    without numpy.
    """
    if name in __all__:
        return getattr(import_module("screening.connect.pocket.page"), name)
    raise AttributeError(f"module 'screening.connect.pocket' has no attribute {name!r}")
