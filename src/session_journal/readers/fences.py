"""Fenced code in markdown: which lines stand in it."""

from __future__ import annotations

import re

_FENCE = re.compile(r"(`{3,}|~{3,})(.*)")


class Fence:
    """Whether a line stands in fenced code."""

    def __init__(self) -> None:
        self._mark = ""

    def take(self, line: str) -> bool:
        """Take a line; say whether it stands in a fence or is one's mark."""
        found = _FENCE.fullmatch(line.strip()) if line.lstrip()[:3] in {"```", "~~~"} else None
        if self._mark:
            if found and found.group(1).startswith(self._mark) and not found.group(2).strip():
                self._mark = ""
            return True
        if found and "`" not in found.group(2):
            self._mark = found.group(1)
        return bool(self._mark)

    @property
    def open(self) -> bool:
        """Say whether the next line stands in a fence."""
        return bool(self._mark)
