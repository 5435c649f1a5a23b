"""Which page of one side is which of the other, and under what name each comes to stand."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import reduce

from session_journal.core.folders import alike, is_generated, is_note
from session_journal.core.records import record

_NO_ID = "\0"


@record(frozen=True, slots=True)
class Named:
    """A page at its path; key: the id it is followed by, or its path where the id does not tell."""

    path: str
    mode: str
    oid: str
    key: str = ""


@record(frozen=True, slots=True)
class Rules:
    """How pages of one name are told apart: which is older, what joins two, whom to tell."""

    order: Callable[[Named], tuple[float, str, str]]
    join: Callable[[str, Named, Named], Named]
    resolve: Callable[[str, str, str], None]


def keyed(base: Mapping[str, str], sides: Sequence[Mapping[str, str]]) -> tuple[dict[str, str], list[dict[str, str]]]:
    """Return path → key for the base and each side, given path → id ("" for a page without one)."""
    before, found = _keys(base), [_keys(side) for side in sides]
    for side in found:
        known, mine = set(before.values()), set(side.values())
        for path, key in list(side.items()):
            was = before.get(path, "")
            got_an_id = was.startswith(_NO_ID) and key not in known
            lost_its_id = key.startswith(_NO_ID) and was and was not in mine
            if got_an_id or lost_its_id:
                side[path] = was
    return before, found


def _keys(ids: Mapping[str, str]) -> dict[str, str]:
    count = Counter(ids.values())
    return {path: key if key and count[key] == 1 else _NO_ID + path for path, key in ids.items()}


def settle(pages: Iterable[Named], sides: Sequence[Mapping[str, object]], rules: Rules) -> list[Named]:
    """Give each page a name of its own: notes and generated pages of one name become one, others get a suffix."""
    groups: dict[str, list[Named]] = {}
    for page in pages:
        groups.setdefault(alike(page.path), []).append(page)
    out: list[Named] = []
    taken: set[str] = set()
    for group in groups.values():
        if len(group) > 1 and not taken:
            taken = {*groups, *(alike(path) for side in sides for path in side)}
        out += group if len(group) == 1 else _settled(group, sides, taken, rules)
    return out


def _settled(group: list[Named], sides: Sequence[Mapping[str, object]], taken: set[str], rules: Rules) -> list[Named]:
    by_path: dict[str, list[Named]] = {}
    for page in sorted(group, key=rules.order):
        by_path.setdefault(page.path, []).append(page)
    if any(by_path.keys() <= side.keys() for side in sides) and all(len(same) == 1 for same in by_path.values()):
        return group  # some file systems take these names for one, but whoever wrote them has both
    left = [page for path, same in by_path.items() for page in _joined(path, same, rules)]
    first, *others = sorted(left, key=rules.order)
    out = [first]
    for page in others:
        path = _free(page.path, taken)
        taken.add(alike(path))
        rules.resolve("suffix", page.path, path)
        out.append(replace(page, path=path))
    return out


def _joined(path: str, pages: list[Named], rules: Rules) -> list[Named]:
    if len(pages) > 1 and (is_note(path) or is_generated(path)):
        return [reduce(lambda one, two: rules.join(path, one, two), pages)]
    return pages


def _free(path: str, taken: set[str]) -> str:
    stem, number = path.removesuffix(".md"), 2
    while alike(f"{stem}-{number}.md") in taken:
        number += 1
    return f"{stem}-{number}.md"
