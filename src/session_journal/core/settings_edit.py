"""Edits of JSON text that somebody else owns: what is not changed keeps its bytes, order and indentation."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import field

from session_journal.core.records import record

Key = str | int
_SPACE = " \t\r\n"
_BOM = "\ufeff"
_DECODER = json.JSONDecoder()


class NotJsonError(ValueError):
    """Say where a text stops being JSON."""


@record(slots=True)
class Node:
    """A value of the text: from `start` to `end`; of a member, `key` and where that begins (else `start` itself)."""

    start: int
    end: int
    value: object = None
    children: list[Node] = field(default_factory=list)
    key: str = ""
    begin: int = 0

    @property
    def is_object(self) -> bool:
        """Tell whether the value is an object."""
        return isinstance(self.value, dict)

    @property
    def is_array(self) -> bool:
        """Tell whether the value is an array."""
        return isinstance(self.value, list)


def parse(text: str) -> Node:
    """Read JSON text, a byte order mark before it or not; NotJsonError where it is none."""
    try:
        json.loads(text.removeprefix(_BOM), parse_constant=_refuse_constant)
        return _value(text, _skip(text, len(_BOM) if text.startswith(_BOM) else 0))
    except json.JSONDecodeError as error:
        raise NotJsonError(f"line {error.lineno}: {error.msg}") from None
    except RecursionError:
        raise NotJsonError("it is nested too deeply") from None


def find(root: Node, path: Sequence[Key]) -> Node | None:
    """Return the value at a path of keys and indexes; of a key that stands twice, the last, as readers of JSON do."""
    node: Node | None = root
    for step in path:
        if node is None:
            return None
        node = _child(node, step)
    return node


def append(text: str, path: Sequence[str], item: object) -> str:
    """Add an item to the array at a path; objects and the array are made where they are missing."""
    root = parse(text)
    node, known = root, 0
    while known < len(path) and (child := _child(node, path[known])):
        node, known = child, known + 1
    if known == len(path):
        return _insert(text, root, node, "", item)
    for key in reversed(path[known + 1 :]):
        item = {key: [item] if key == path[-1] else item}
    return _insert(text, root, node, path[known], [item] if known == len(path) - 1 else item)


def remove(text: str, path: Sequence[Key]) -> str:
    """Take one member or item out, with the comma that goes with it."""
    root = parse(text)
    parent, child = find(root, path[:-1]), find(root, path)
    if parent is None or child is None:
        return text
    at = parent.children.index(child)
    if len(parent.children) == 1:
        return text[: parent.start + 1] + text[parent.end - 1 :]
    if at == len(parent.children) - 1:
        return text[: parent.children[at - 1].end] + text[child.end :]
    return text[: child.begin] + text[parent.children[at + 1].begin :]


def replace(text: str, path: Sequence[Key], value: str) -> str:
    """Put a string in the place of a value."""
    node = find(parse(text), path)
    return text if node is None else text[: node.start] + _dump(value) + text[node.end :]


# --- reading --------------------------------------------------------------------------------------------------------


def _refuse_constant(name: str) -> object:
    raise NotJsonError(f"{name} is no JSON")


def _child(node: Node, step: Key) -> Node | None:
    if isinstance(step, int):
        return node.children[step] if node.is_array and -1 < step < len(node.children) else None
    named = [child for child in node.children if child.key == step] if node.is_object else []
    return named[-1] if named else None


def _skip(text: str, at: int) -> int:
    while at < len(text) and text[at] in _SPACE:
        at += 1
    return at


def _value(text: str, at: int) -> Node:
    if text[at] in "{[":
        return _container(text, at)
    value, end = _DECODER.raw_decode(text, at)
    return Node(at, end, value, begin=at)


def _container(text: str, at: int) -> Node:
    """Read an object or an array; that the text is JSON is known already."""
    is_object = text[at] == "{"
    node = Node(at, at, {} if is_object else [], begin=at)
    place = _skip(text, at + 1)
    while text[place] not in "}]":
        begin, key = place, ""
        if is_object:
            key, place = _DECODER.raw_decode(text, place)
            place = _skip(text, _skip(text, place) + 1)
        child = _value(text, place)
        child.key, child.begin = key, begin
        node.children.append(child)
        place = _skip(text, child.end)
        if text[place] == ",":
            place = _skip(text, place + 1)
    node.end = place + 1
    return node


# --- writing --------------------------------------------------------------------------------------------------------


def _insert(text: str, root: Node, node: Node, key: str, value: object) -> str:
    """Add a child at a container's end, laid out as its other children are."""
    if node.children:
        last = node.children[-1]
        before = node.children[-2].end if len(node.children) > 1 else node.start + 1
        space = text[before : last.begin].replace(",", "", 1)
        if "\n" not in space and len(node.children) == 1:
            space = " " if _is_airy(text) else ""
        new = _laid_out(text, key, value, space.rpartition("\n")[2] if "\n" in space else None)
        return text[: last.end] + "," + space + new + text[last.end :]
    if "\n" not in text.strip() and root.children:
        new = _laid_out(text, key, value, None)
        return text[: node.start + 1] + new + text[node.end - 1 :]
    line = _newline(text)
    outer = _indent_at(text, node.start)
    inner = outer + _unit(text)
    new = line + inner + _laid_out(text, key, value, inner) + line + outer
    return text[: node.start + 1] + new + text[node.end - 1 :]


def _laid_out(text: str, key: str, value: object, indent: str | None) -> str:
    """Return a child as text: over several lines at an indentation, or on one line."""
    colon = ": " if _is_airy(text) else ":"
    name = _dump(key) + colon if key else ""
    if indent is None:
        return name + json.dumps(value, ensure_ascii=False, separators=(", " if _is_airy(text) else ",", colon))
    lines = json.dumps(value, ensure_ascii=False, indent=_unit(text)).split("\n")
    return name + (_newline(text) + indent).join(lines)


def _dump(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _newline(text: str) -> str:
    return "\r\n" if "\r\n" in text else "\n"


def _unit(text: str) -> str:
    """Return one step of indentation: that of the first line that has any."""
    for line in text.splitlines():
        rest = line.lstrip(" \t")
        if rest and len(rest) < len(line):
            return line[: len(line) - len(rest)]
    return "  "


def _indent_at(text: str, at: int) -> str:
    line = text[text.rfind("\n", 0, at) + 1 : at]
    return line[: len(line) - len(line.lstrip(" \t"))]


def _is_airy(text: str) -> bool:
    """Tell whether a text puts a blank after its colons; one without colons does."""
    return '":' not in text or '": ' in text
