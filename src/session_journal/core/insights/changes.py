"""The changed files as bullets: each path with what changed in it, in the assistant's or the diff's own words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from session_journal.core import formulas
from session_journal.core import lazy_re as re
from session_journal.core.events import Session, failed_calls
from session_journal.core.insights.files import sides
from session_journal.core.insights.prose import Statement
from session_journal.core.insights.signs import CHANGE
from session_journal.core.insights.trails import Trail
from session_journal.core.insights.wording import tidy
from session_journal.core.items import Item

DESCRIBED = 6
"""How many files are described; further ones are only named."""


Said = tuple[int, str]
"""Where a description was said: turn and words, so that it is not told twice."""


def change_items(trails: Sequence[Trail], found: Sequence[Statement], words: int) -> tuple[list[Item], set[Said]]:
    """Return one bullet for each file, the most edited first, and the statements that describe them.

    Descriptions stay within a number of words.
    """
    standing = {trail.path for trail in trails if trail.changed}
    changed = sorted(
        (trail for trail in trails if trail.changed and not (trail.moved_to in standing and trail.deleted)),
        key=lambda trail: (-len(trail.edits), trail.path),
    )
    items: list[Item] = []
    used: set[Said] = set()
    for rank, trail in enumerate(changed):
        what, source = _what(trail, found, used) if rank < DESCRIBED and words > 6 else ("", None)
        words -= len(what.split())
        if source is not None:
            used.add((source.turn, source.raw))
        turns = (*_turns(trail), *([source.turn] if source else []))
        what = what or ("created" if trail.created and len(trail.edits) == 1 and not trail.deleted else "")
        what = "; ".join(filter(None, (_fact(trail), what, "" if trail.recorded else "no result recorded")))
        items.append(Item("change", f"`{trail.path}`{' — ' + what if what else ''}", tuple(dict.fromkeys(turns))))
    items.extend(_undone(trails))
    return items, used


def _fact(trail: Trail) -> str:
    """Return what became of a file as a whole: it was moved or deleted."""
    if trail.deleted:
        return f"moved to `{trail.moved_to}`" if trail.moved_to else "deleted"
    return f"moved from `{trail.moved_from}`" if trail.moved_from else ""


def _undone(trails: Sequence[Trail]) -> list[Item]:
    return [
        Item("change", f"`{one.path}` — edit declined, not made", tuple(one.declined[:1]))
        for one in trails
        if one.declined and not one.touched
    ]


def put_back(trails: Sequence[Trail]) -> list[Item]:
    """Return the files that were changed and put back, or made and removed again: work that was not kept."""
    undone = [trail for trail in trails if trail.reverted and trail.turns]
    removed = [trail for trail in undone if trail.created and trail.deleted]
    restored = [trail for trail in undone if trail not in removed]
    return [
        Item("deviation", f"{what}: {', '.join(f'`{one.path}`' for one in found[:3])}", (found[0].turns[-1],))
        for what, found in ((formulas.PUT_BACK, restored), (formulas.REMOVED_AGAIN, removed))
        if found
    ]


def _turns(trail: Trail) -> tuple[int, ...]:
    turns = trail.turns or [0]
    return tuple(dict.fromkeys((turns[0], turns[-1])))


def _what(trail: Trail, found: Sequence[Statement], used: set[Said]) -> tuple[str, Statement | None]:
    """Return what changed in a file, and where that was said: in a reply, else what its diff defines."""
    if trail.deleted:
        return "", None
    since = trail.turns[0] if trail.turns else 0
    told = [one for one in _said_of(trail.path, found) if one.turn >= since]
    for one in sorted(told, key=lambda one: (not one.closing, -one.turn)):
        text = _stripped(one.text, trail.path)
        if text and not _complains(text) and not _SHIPPED.match(text) and (one.turn, one.raw) not in used:
            return text, one
    named = [f"{verb} {name}" for verb, name in dict.fromkeys(_symbols(trail))]
    if named:
        return _listed(named), None
    if trail.merged and not any(one.new for one in trail.edits):
        return "merge conflict resolved", None
    return "", None


def _symbols(trail: Trail) -> Iterator[tuple[str, str]]:
    """Yield ("added" or "removed", name) for functions, types and classes that all edits together gave or took."""
    kept: dict[str, int] = {}
    for one in trail.edits:
        before, after = _defined(one.old), _defined(one.new)
        for name in after:
            kept[name] = kept.get(name, 0) + (name not in before)
        for name in before:
            kept[name] = kept.get(name, 0) - (name not in after)
    for name, balance in kept.items():
        if balance:
            yield "added" if balance > 0 else "removed", name


DEFINES = re.compile(
    r"^\s*(?:export\s+)?(?:default\s+)?(?:pub(?:\([^)]*\))?\s+)?(?:async\s+)?(?:abstract\s+)?"
    r"(?:func(?:tion)?\s+(?:\([^)]*\)\s*)?|def\s+|class\s+|type\s+|interface\s+|struct\s+|enum\s+|"
    r"fn\s+|trait\s+)([A-Za-z_]\w{2,})",
    re.MULTILINE,
)


def _defined(text: str) -> list[str]:
    return list(dict.fromkeys(DEFINES.findall(text)))


def gone(session: Session) -> dict[str, int]:
    """Return the functions, types and classes that edits took away and none gave back, with the turn of the last."""
    lost = failed_calls(session.events)
    found: dict[str, int] = {}
    for event in session.events:
        if event.kind == "edit" and event.call not in lost and (found or _TAKES.search(event.text)):
            before, after = map(_defined, sides(event.text))
            found.update(dict.fromkeys(set(before).difference(after), event.turn))
            for name in after:
                found.pop(name, None)
    return found


_TAKES = re.compile(r"^- ", re.MULTILINE)


def _listed(named: list[str]) -> str:
    """Return `added a, b; removed c` for at most four names."""
    parts = []
    for verb in ("added", "removed"):
        names = [name.split(" ", 1)[1] for name in named if name.startswith(verb)]
        if names:
            parts.append(f"{verb} {', '.join(names[:3])}{f' and {len(names) - 3} more' if len(names) > 3 else ''}")
    return "; ".join(parts)


def _said_of(path: str, found: Sequence[Statement]) -> list[Statement]:
    """Return the statements that stand under the file's name or begin with it."""
    name = path.rsplit("/", 1)[-1]
    naming = [one for one in found if name in one.text or name in one.label or name in one.heading]
    if not naming:
        return []
    pattern = re.compile(_OF_FILE.format(re.escape(name)))
    return [
        one
        for one in naming
        if not one.option
        and (one.closing or CHANGE.search(one.text))
        and (name in one.heading or pattern.match(one.label) or pattern.match(one.text))
        and _is_it(path, f"{one.label} {one.text}")
    ]


def _is_it(path: str, text: str) -> bool:
    """Say whether the first file of that name in a text can be this one: folders that are named have to fit."""
    named = re.search(rf"[\w./@-]*{re.escape(path.rsplit('/', 1)[-1])}\b", text)
    where = named.group().lstrip("./") if named else ""
    return path.endswith(where) or where.endswith(path)


_OF_FILE = r"(?:[\w ]{{3,20}}:\s*)?(?:\w+ed\s+)?\W*[\w./-]*{}\b"
_SHIPPED = re.compile(r"(?:staged?|committed|pushed|reviewed|read|checked|ran)\b", re.IGNORECASE)
"""What is done with a changed file afterwards is no change of it."""
_PROBLEM = re.compile(
    r"\bfails?\b|\bfailing\b|\bundefined\b|\bbroken\b|\bweakness\b|\bproblem\b|\bbug\b|\bwrong\b|\bmisleading\b|"
    r"\bmissing\b|\bissue\b|\bstale\b|\bnever\b|…$",
    re.IGNORECASE,
)


def _complains(text: str) -> bool:
    """Say whether a sentence tells what is wrong with a file rather than what was done to it."""
    return not CHANGE.match(text) and bool(_PROBLEM.search(text))


_FORBIDDEN = re.compile(r"[`]")
_MADE = re.compile(r"\w+ed\s")


def _stripped(text: str, path: str) -> str:
    """Return what a statement says without the file's name in front."""
    name = re.escape(path.rsplit("/", 1)[-1])
    where = rf"`?[\w./-]*{name}"
    if "(" in text:  # each pattern is made for one file: that takes longer than all the rest
        text = re.sub(rf"\s*\({where}`?\)", "", text)
    if _MADE.match(text):
        text = re.sub(rf"^\w+ed\s+{where}(?::[\d–-]+)?`?\s*[—–-]\s+", "", text)
        text = re.sub(rf"^(\w+ed)\s+{where}(?::[\d–-]+)?`?(?=\s+(?:with|to|for|so|in|by|as|from)\b)", r"\1", text)
    text = re.sub(rf"^\W*[\w./-]*{name}(?::[\d–-]+)?\W*?(?:\s*[:—–-]+\s*|\s+)", "", text)
    text = re.sub(r"^(?:(?:/|,|and|&|\+)\s*`?[\w./-]+\.\w{1,5}`?\s*)+\W*?\s*[:—–-]+\s*", "", text)
    text = _FORBIDDEN.sub("", tidy(text, 14))
    return text[:1].lower() + text[1:] if text[1:2].islower() else text
