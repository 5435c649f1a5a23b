"""`re` for modules of many patterns: each is compiled when it is first used.

To compile all that the drafting of any session may need takes longer than to draft one, and one needs two thirds of
them. Imported as `re`, this has what such modules need of it.
"""

from __future__ import annotations

import re
from functools import cached_property
from re import (
    DOTALL,
    IGNORECASE,
    MULTILINE,
    VERBOSE,
    Match,
    Pattern,
    escape,
    findall,
    finditer,
    fullmatch,
    match,
    search,
    split,
    sub,
)
from typing import cast

__all__ = [
    "DOTALL", "IGNORECASE", "MULTILINE", "VERBOSE", "Match", "Pattern", "compile", "escape", "findall", "finditer",
    "fullmatch", "match", "search", "split", "sub",
]  # fmt: skip


def compile(pattern: str, flags: int = 0) -> Pattern[str]:  # noqa: A001 - as in `re`
    """Return a pattern that is compiled at its first use."""
    return cast("Pattern[str]", _Lazy(pattern, flags))


class _Lazy:
    """A pattern with the methods of the compiled one; what was asked for once is found at once."""

    def __init__(self, pattern: str, flags: int) -> None:
        self.pattern, self._given = pattern, flags

    @cached_property
    def _compiled(self) -> Pattern[str]:
        return re.compile(self.pattern, self._given)

    def __getattr__(self, name: str) -> object:
        value: object = getattr(self._compiled, name)
        setattr(self, name, value)
        return value
