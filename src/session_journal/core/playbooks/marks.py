"""Marks: what people say of a playbook after they followed it, as lines of its front matter."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from typing import Literal

from session_journal.core.records import record

Verdict = Literal["helpful", "harmful"]
_MARK = re.compile(r"(\d{4}-\d{2}-\d{2}) (helpful|harmful)(?: in (\S+))?(?:: (.*))?")


@record(frozen=True, slots=True)
class Mark:
    """One verdict. entry: the name of the entry that tells of it, "" for none; why: in the person's words."""

    day: date
    verdict: Verdict
    entry: str = ""
    why: str = ""

    def __str__(self) -> str:
        where = f" in {self.entry}" if self.entry else ""
        return f"{self.day} {self.verdict}{where}{f': {self.why}' if self.why else ''}"


def read_marks(values: object) -> tuple[Mark, ...]:
    """Read a page's marks; a line that a person wrote in another form counts for nothing."""
    lines = values if isinstance(values, (list, tuple)) else [values] if isinstance(values, str) else []
    return tuple(mark for line in lines if (mark := _read(str(line))))


def _read(line: str) -> Mark | None:
    found = _MARK.fullmatch(" ".join(line.split()))
    try:
        day = date.fromisoformat(found[1]) if found else None
    except ValueError:
        return None
    if not found or not day:
        return None
    return Mark(day, "helpful" if found[2] == "helpful" else "harmful", found[3] or "", found[4] or "")


def add(marks: Iterable[Mark], new: Mark) -> tuple[Mark, ...]:
    """Add a mark; one session has one verdict, and so has a day without a session: the later word counts."""
    return (*(one for one in marks if (one.entry or one.day) != (new.entry or new.day)), new)


def take_back(marks: Iterable[Mark], verdict: Verdict, entry: str = "") -> tuple[Mark, ...]:
    """Return the marks without the last one of a verdict, in an entry where one is named."""
    kept = list(marks)
    for place in reversed(range(len(kept))):
        if kept[place].verdict == verdict and entry in {"", kept[place].entry}:
            return tuple(kept[:place] + kept[place + 1 :])
    return tuple(kept)
