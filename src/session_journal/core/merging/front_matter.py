"""Front matter changed on both sides, merged key by key."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime

from session_journal.core.entry import LEVELS, moment
from session_journal.core.merging.sides import unopposed

Values = Mapping[str, object]

_LATER = ("updated", "last_seen", "until")
_EARLIER = ("created", "first_seen")
_COUNTED = ("sessions", "days", "earned", "turns", "skipped", "verified", "source_sha256", "drafted_by", "model")
"""Keys that the tool counts or copies, and writes again."""
_SETTLED = frozenset({"id", "status", "visibility", *_LATER, *_EARLIER, *_COUNTED})
_WORD = re.compile(r"\w+")
_LINE = re.compile(
    r"""^(\w+):[ \t]+("[^"\n]*"|'[^'\n]*'|[^\s"'#\[{|>&*!][^\r\n]*?)(?:[ \t]+(#[^\r\n]*?))?[ \t]*(?=\r?$)""",
    re.MULTILINE,
)


class ClashError(Exception):
    """Report that a person gave one key two different values."""


def seconds(value: object) -> float:
    """Return a date or time as seconds for sorting; anything else counts as the earliest."""
    if isinstance(value, date) and not isinstance(value, datetime):
        value = datetime(value.year, value.month, value.day)  # noqa: DTZ001 - `moment` takes it for UTC
    return moment(value if isinstance(value, datetime) else None)


def born(values: Values) -> tuple[float, str]:
    """Return what two pages of one name are ordered by: when they were made, then their ids."""
    made = seconds(values.get("created"))
    return made if made > float("-inf") else seconds(values.get("date")), str(values.get("id") or "")


def merge_values(base: Values, loser: Values, winner: Values, *, generated: bool = False) -> dict[str, object | None]:
    """Return what has to be set on the winner's front matter (None: removed); ClashError where neither may win.

    generated: both sides' pages were made by the tool, so what the winner's says is as good as the other's.
    """
    changes: dict[str, object | None] = {}
    for key in sorted({*loser, *winner}):
        value = _merge(key, base, loser, winner, generated=generated)
        if value != winner.get(key):
            changes[key] = value
    return changes


def _merge(key: str, base: Values, loser: Values, winner: Values, *, generated: bool) -> object | None:
    before, mine, yours = base.get(key), loser.get(key), winner.get(key)
    if key == "id":
        return _id(base, loser, winner)
    done = unopposed(before, mine, yours)
    if done:
        return done[0]
    if mine is None or yours is None:  # taken out here, changed there
        return mine if yours is None else yours
    if isinstance(mine, list) and isinstance(yours, list):
        return _union(before if isinstance(before, list) else [], mine, yours)
    if key not in _SETTLED and not generated:
        raise ClashError(key)
    return _status(loser, winner) if key == "status" else _settled(key, mine, yours)


def _status(loser: Values, winner: Values) -> object:
    """Settle how an entry or a playbook stands: what a person decided outlives what the tool counted meanwhile."""
    found = [values["status"] for values in (loser, winner)]
    if found in (["final", "draft"], ["draft", "final"]):
        return "final"
    decided = [side["status"] for side in (loser, winner) if side.get("earned") not in (None, side["status"])]
    return "retired" if "retired" in decided else (decided or found)[-1]


def _id(base: Values, loser: Values, winner: Values) -> object | None:
    if base.get("id") and base["id"] in {loser.get("id"), winner.get("id")}:
        return base["id"]
    known = [values for values in (loser, winner) if values.get("id")]
    return min(known, key=born)["id"] if known else None


def _union(before: list[object], mine: list[object], yours: list[object]) -> list[object]:
    kept = [value for value in yours if value in mine or value not in before]
    return kept + [value for value in mine if value not in yours and value not in before]


def _settled(key: str, mine: object, yours: object) -> object:
    if key in _LATER:
        return max(mine, yours, key=seconds)
    if key in _EARLIER:
        return min(mine, yours, key=seconds)
    if key == "visibility":  # what one side closed stays closed
        known = [level for level in LEVELS if level in {mine, yours}]
        return known[0] if known else yours
    return yours


def with_comments(base: str, loser: str, winner: str, merged: str) -> str:
    """Return merged front matter with the comments on keys that are settled; ClashError where two disagree.

    A comment is a person's words, even on a line whose value the tool chooses.
    """
    before, mine, yours = (_comments(front) for front in (base, loser, winner))
    for key in sorted({*mine, *yours}):
        done = unopposed(before.get(key, ""), mine.get(key, ""), yours.get(key, ""))
        found = next((line for line in _LINE.finditer(merged) if line[1] == key), None)
        if done and not done[0]:
            continue
        if not done or not found:
            raise ClashError(key)
        merged = f"{merged[: found.end(2)]}  {done[0]}{merged[found.end() :]}"
    return merged


def _comments(front: str) -> dict[str, str]:
    return {line[1]: line[3] for line in _LINE.finditer(front) if line[3] and line[1] in _SETTLED}


def loses_words(base: str, loser: str, merged: str) -> bool:
    """Tell whether merged front matter lacks words that the losing side wrote: comments, say, or an odd spelling."""
    known, have = {line.rstrip("\r") for line in base.split("\n")}, set(_WORD.findall(merged))
    for line in loser.split("\n"):
        settled = line.partition(":")[0].strip() in _SETTLED
        words = line.partition(" #")[2] if settled else line
        if line.rstrip("\r") not in known and not have.issuperset(_WORD.findall(words)):
            return True
    return False
