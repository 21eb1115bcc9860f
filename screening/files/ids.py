"""Codes that say nothing: of a case, of a course.

Random, short, and without letters that are mistaken for one another.
"""

from __future__ import annotations

import secrets

__all__ = ["harmless_code"]

_LETTERS = "23456789abcdefghjkmnpqrstuvwxyz"


def harmless_code(length: int = 6) -> str:
    """A new code, unlike any other for all that matters."""
    return "".join(secrets.choice(_LETTERS) for _ in range(length))
