"""Edits of raw front matter that change only the lines they must."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

import yaml

from session_journal.core.front import read, root_node
from session_journal.core.records import record
from session_journal.core.scalars import (
    DATE_KEYS,
    KEY_ORDER,
    as_text,
    double_quoted,
    field,
    flow,
    inline,
    ordered,
    whole,
)
from session_journal.errors import DocumentError

_COMMENT = re.compile(r"[ \t]+#[^\r\n]*")
_HEADER = re.compile(r"[|>][-+0-9]*")
_LOOSE = re.compile(r"^(?:[ \t]*\r?\n|#[^\n]*\n)+\Z", re.MULTILINE)
_COMMENTS = re.compile(r"^#[^\n]*\n(?:[ \t]*\r?\n|#[^\n]*\n)*\Z", re.MULTILINE)
_BLANK = re.compile(r"\A(?:[ \t]*\r?\n)+")
_DASH = re.compile(r" *-[ \t]+")
_MISSING = object()


@record(frozen=True, slots=True)
class Place:
    """Where one key stands: its lines [start, end), and its value [first, last)."""

    key: str
    node: Any
    start: int
    end: int
    colon: int
    first: int
    last: int

    @property
    def is_block(self) -> bool:
        """Tell whether the value goes on below the key's own line."""
        if isinstance(self.node, yaml.ScalarNode):
            return self.node.style in {"|", ">"}
        return not self.node.flow_style


def edit(front: str, old: Mapping[str, object], values: Mapping[str, object | None], newline: str) -> str:
    """Return front matter with these keys set (None removes one); DocumentError where that cannot be done safely."""
    changes = {key: value for key, value in values.items() if not _is(key, old.get(key, _MISSING), value)}
    if not changes:
        return front
    try:
        text = _changed(front, old, changes, newline)
    except (yaml.YAMLError, RecursionError, ValueError):
        text = ""
    _prove(text, old, changes)
    return text


def _changed(front: str, old: Mapping[str, object], changes: Mapping[str, object | None], newline: str) -> str:
    root = root_node(front)
    if root is not None and root.flow_style:
        return _rewritten({**old, **changes}, newline)
    for key in ordered(changes):
        front = _with(front, key, changes[key], newline)
    return front


def _is(key: str, stored: object, wanted: object) -> bool:
    if stored is _MISSING or wanted is None:
        return stored is _MISSING and wanted is None
    wanted = as_text(key, wanted)
    if isinstance(wanted, list):
        pairs = zip(stored, wanted, strict=False) if isinstance(stored, list) else ()
        return isinstance(stored, list) and len(stored) == len(wanted) and all(_equal(*pair) for pair in pairs)
    if key in DATE_KEYS and isinstance(wanted, str) and isinstance(stored, date):
        return _moment(wanted, stored)
    return _equal(stored, wanted)


def _equal(stored: object, wanted: object) -> bool:
    if isinstance(wanted, str):
        wanted = whole(wanted)
    if isinstance(stored, bool) != isinstance(wanted, bool) or isinstance(stored, str) != isinstance(wanted, str):
        return False
    return stored == wanted or repr(stored) == repr(wanted)


def _moment(wanted: str, stored: date) -> bool:
    read_as = datetime.fromisoformat if isinstance(stored, datetime) else date.fromisoformat
    try:
        return read_as(wanted) == stored
    except ValueError:
        return False


def _prove(text: str, old: Mapping[str, object], changes: Mapping[str, object | None]) -> None:
    """Refuse an edit that did not do what was asked, or that touched another key's value (an alias, say)."""
    try:
        new = read(text)
    except DocumentError:
        new = {}
    done = all(_is(key, new.get(key, _MISSING), value) for key, value in changes.items())
    kept = [key for key in {**old, **new} if key not in changes]
    if not done or any(key not in new or key not in old or not _equal(new[key], old[key]) for key in kept):
        names = ", ".join(f"`{key}`" for key in changes)
        raise DocumentError(f"{names} cannot be set without touching other keys", "edit the front matter by hand")


def _rewritten(values: Mapping[str, object | None], newline: str) -> str:
    return "".join(field(key, values[key], newline) for key in ordered(values) if values[key] is not None)


def _with(text: str, key: str, value: object, newline: str) -> str:
    root = root_node(text)
    places = _places(text, root) if root is not None else []
    found = next((place for place in places if place.key == key), None)
    if found is None:
        indent = " " * (root.start_mark.column if root is not None else 0)
        return _inserted(text, places, key, field(key, value, newline, indent))
    if value is None:
        before = next((place for place in reversed(places) if place.start < found.start), None)
        rest = text[found.end :]
        if before and _keeps_blank_lines(text, before):  # what stood apart from it would come to be its value's
            rest = _BLANK.sub("", rest)
        return text[: found.start] + rest
    return _replaced(text, found, value, newline)


def _places(text: str, root: Any) -> list[Place]:
    starts = [key.start_mark.index - key.start_mark.column for key, _ in root.value]
    ends = [*starts[1:], len(text)]
    return [_place(text, pair, *span) for pair, *span in zip(root.value, starts, ends, strict=True)]


def _place(text: str, pair: tuple[Any, Any], start: int, limit: int) -> Place:
    key, node = pair
    colon = text.index(":", key.end_mark.index) + 1
    first, last = node.start_mark.index, node.end_mark.index
    alias = re.compile(r"\s*(\*\S+)").match(text, colon)
    if first < colon and alias:
        first, last = alias.span(1)
    elif first == last:
        first = last = colon
    place = Place(key.value, node, start, limit, colon, first, last)
    end = _block_end(text, place, limit) if place.is_block else min(text.find("\n", last) + 1 or limit, limit)
    return Place(key.value, node, start, end, colon, first, last)


def _block_end(text: str, place: Place, limit: int) -> int:
    """Leave blank lines and comments at the left margin to the key that follows."""
    pattern = _COMMENTS if _keeps_blank_lines(text, place) else _LOOSE
    loose = pattern.search(text, text.index("\n", place.start) + 1, limit)
    return loose.start() if loose else limit


def _keeps_blank_lines(text: str, place: Place) -> bool:
    """Tell whether the blank lines below a value are part of it: `|+`."""
    header = _HEADER.match(text, place.first)
    return header is not None and "+" in header[0] and isinstance(place.node, yaml.ScalarNode)


def _inserted(text: str, places: Sequence[Place], key: str, lines: str) -> str:
    rank = {name: place for place, name in enumerate(KEY_ORDER)}
    mine = rank.get(key, len(rank))
    before = [place for place in places if rank.get(place.key, len(rank)) <= mine]
    known = [place for place in before if place.key in rank]
    if key in rank and known:
        at = max(known, key=lambda place: rank[place.key]).end
    elif key in rank and places:
        at = 0
    else:
        at = places[-1].end if places else len(text)
    return text[:at] + lines + text[at:]


def _replaced(text: str, place: Place, value: object, newline: str) -> str:
    value = as_text(place.key, value)
    if isinstance(value, list):
        return _listed(text, place, value, newline)
    if place.is_block:
        return _anew(text, place, value, newline)
    new = _in_style(place, value)
    if place.first == place.last:
        new = " " + new
    return text[: place.first] + new + text[place.last :]


def _in_style(place: Place, value: object) -> str:
    style = getattr(place.node, "style", None)
    new = inline(place.key, value)
    if not isinstance(value, str) or new.startswith('"') or place.node.start_mark.index < place.colon:
        return new
    if style == "'":
        return "'" + value.replace("'", "''") + "'"
    return double_quoted(value) if style == '"' else new


def _listed(text: str, place: Place, values: list[object], newline: str) -> str:
    if not isinstance(place.node, yaml.SequenceNode) or not values or place.first < place.colon:
        return _anew(text, place, values, newline)
    if place.node.flow_style:
        return text[: place.first] + _flow_list(text, place.node, values) + text[place.last :]
    lines = _lines(text, place)
    if lines is None:
        return _anew(text, place, values, newline)
    return text[: lines[0].start] + _merged(text, lines, values, newline, place) + text[place.end :]


def _flow_list(text: str, node: Any, values: list[object]) -> str:
    kept = [(item.value, text[item.start_mark.index : item.end_mark.index]) for item in node.value if _is_text(item)]
    parts = []
    for value in values:
        source = next((pair for pair in kept if isinstance(value, str) and pair[0] == value), None)
        if source:
            kept.remove(source)
        parts.append(source[1] if source else flow(value))
    return "[" + ", ".join(parts) + "]"


def _is_text(item: Any) -> bool:
    return isinstance(item, yaml.ScalarNode) and item.tag == "tag:yaml.org,2002:str" and "\n" not in item.value


@record(frozen=True, slots=True)
class _Line:
    """One item of a block list: comments above it from `start`, its own line from `line` to `end`."""

    value: str
    start: int
    line: int
    end: int


def _lines(text: str, place: Place) -> list[_Line] | None:
    """Return a block list's items where each is one line of text, else None."""
    lines: list[_Line] = []
    for item in place.node.value:
        begin = item.start_mark.index - item.start_mark.column
        end = min(text.find("\n", item.end_mark.index) + 1 or place.end, place.end)
        alone = _DASH.fullmatch(text, begin, item.start_mark.index) and item.start_mark.line == item.end_mark.line
        if not _is_text(item) or not alone or begin <= place.colon:
            return None
        lines.append(_Line(item.value, lines[-1].end if lines else begin, begin, end))
    return lines


def _merged(text: str, lines: list[_Line], values: list[object], newline: str, place: Place) -> str:
    dash = text[lines[0].line : lines[0].line + place.node.start_mark.column]
    left = list(lines)
    out: list[str] = []
    for value in values:
        found = next((line for line in left if line.value == value), None)
        if found is None:
            out.append(f"{dash}- {flow(value, inside=False)}{newline}")
            continue
        # Comments above an item that is dropped stay where they were.
        passed = [line for line in left[: left.index(found)] if line.value not in values]
        out += [text[line.start : line.line] for line in passed]
        left = [line for line in left if line is not found and line not in passed]
        out.append(text[found.start : found.end])
    out += [text[line.start : line.line] for line in left]
    return "".join(out) + text[lines[-1].end : place.end]


def _anew(text: str, place: Place, value: object, newline: str) -> str:
    """Write the key's lines again, with the comment that stood behind its value or its name."""
    indent = text[place.start : place.start + _indent(text, place.start)]
    lines = field(place.key, value, newline, indent)
    comment = _COMMENT.match(text, _behind(text, place))
    if comment:
        head, rest = lines.split("\n", 1)
        lines = head.rstrip("\r") + comment[0] + newline + rest
    return text[: place.start] + lines + text[place.end :]


def _behind(text: str, place: Place) -> int:
    if not place.is_block:
        return place.last
    header = _HEADER.match(text, place.first)
    return header.end() if header and isinstance(place.node, yaml.ScalarNode) else place.colon


def _indent(text: str, start: int) -> int:
    return len(text) - start - len(text[start:].lstrip(" "))
