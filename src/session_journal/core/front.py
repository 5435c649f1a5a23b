"""Front matter as values: what PyYAML reads, behind a python-frontmatter handler that loses nothing."""

from __future__ import annotations

import re
from typing import Any

import yaml
from frontmatter.default_handlers import BaseHandler

from session_journal.core.scalars import TEXT_LIST_KEYS, field, is_text_key, ordered
from session_journal.errors import DocumentError

_Fast: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_HINT = 'a value that holds `: ` or ` #`, or starts with a sign, needs quotes: title: "Fix: the cache"'
_MOST_NODES = 20_000
_MOST_OPENINGS = 100


class FastLoader(_Fast):  # type: ignore[misc]
    """Safe YAML read by libyaml where PyYAML has it, for thousands of entries."""

    def construct_mapping(self, node: Any, deep: bool = False) -> dict[Any, Any]:  # noqa: FBT001, FBT002
        """Refuse double keys, then read the mapping."""
        _refuse_doubles(node)
        return _by_text(super().construct_mapping(node, deep))


class Loader(yaml.SafeLoader):
    """Safe YAML read in Python, whose marks count characters: for edits, and for what would overrun libyaml's stack."""

    def construct_mapping(self, node: Any, deep: bool = False) -> dict[Any, Any]:  # noqa: FBT001, FBT002
        """Refuse double keys, then read the mapping."""
        _refuse_doubles(node)
        return _by_text(super().construct_mapping(node, deep))


def _by_text(mapping: dict[Any, Any]) -> dict[Any, Any]:
    # `2026: x` is a number to YAML and no name to JSON.
    return {key if isinstance(key, str) else str(key): value for key, value in mapping.items()}


def _checked(tag: str) -> None:
    construct = yaml.SafeLoader.yaml_constructors[tag]

    def checked(loader: Any, node: Any) -> object:
        try:
            return construct(loader, node)
        except (ValueError, OverflowError) as error:
            message = f"`{node.value}` is not a value: {error}"
            raise yaml.constructor.ConstructorError(None, None, message, node.start_mark) from None

    FastLoader.add_constructor(tag, checked)
    Loader.add_constructor(tag, checked)


_undefined: Any = yaml.SafeLoader.construct_undefined
for _tag in ("int", "float", "timestamp"):
    _checked(f"tag:yaml.org,2002:{_tag}")
for _tag in ("binary", "omap", "pairs", "set"):  # nothing that the tool prints could show these
    FastLoader.add_constructor(f"tag:yaml.org,2002:{_tag}", _undefined)
    Loader.add_constructor(f"tag:yaml.org,2002:{_tag}", _undefined)


class Handler(BaseHandler):  # type: ignore[misc,unused-ignore]
    """Teach python-frontmatter to keep key order, comments' place and the last newline.

    Its own YAML handler sorts keys, strips the text's end and misses front matter behind a byte order mark.
    """

    FM_BOUNDARY = re.compile(r"\A\ufeff?---[ \t]*\r?\n")
    START_DELIMITER = END_DELIMITER = "---"

    def split(self, text: str) -> tuple[str, str]:
        """Return the raw front matter and the body."""
        from session_journal.core.document import split  # noqa: PLC0415  (document imports this module lazily)

        doc = split(text)
        return doc.front, doc.body

    def load(self, fm: str) -> dict[str, Any]:
        """Return the values of raw front matter; yaml.YAMLError where it is none."""
        return _values(fm)

    def export(self, metadata: dict[str, object], **_options: object) -> str:
        """Return values as front matter, in an entry's key order."""
        return "".join(field(key, metadata[key]) for key in ordered(metadata))

    def format(self, post: Any, **options: object) -> str:
        """Return front matter and content joined, with nothing stripped."""
        return f"---\n{self.export(post.metadata, **options)}---\n{post.content}"


def read(front: str, path: str = "") -> dict[str, object]:
    """Return the values of raw front matter, which starts in the file's second line; DocumentError names the line."""
    try:
        return Handler().load(front)
    except yaml.YAMLError as error:
        line, message = _explained(error, front)
        where = f"{path}:{line}" if path else f"line {line}"
        raise DocumentError(f"{where}: the front matter cannot be read: {message}", _HINT) from None
    except RecursionError:
        where = f"{path}:2" if path else "line 2"
        raise DocumentError(f"{where}: the front matter is nested too deep", "keep it to flat keys") from None


def root_node(front: str) -> Any:
    """Return the front matter's YAML mapping as nodes with their places, or None where it holds none."""
    reader = Loader(front)
    try:
        return reader.get_single_node()
    finally:
        reader.dispose()


def _values(front: str) -> dict[str, Any]:
    reader: Any = Loader(front) if _is_nested(front) else FastLoader(front)
    try:
        root = reader.get_single_node()
        if root is None:
            return {}
        if not isinstance(root, yaml.MappingNode):
            raise yaml.constructor.ConstructorError(None, None, "it is not a list of `key: value`", root.start_mark)
        values = _top(reader, root)
    finally:
        reader.dispose()
    if "*" in front:
        _weigh(values, root.start_mark)
    return values


def _is_nested(front: str) -> bool:
    # PyYAML's binding of libyaml recurses in C without a limit: some ten thousand brackets end the process.
    openings = sum(front.count(sign) for sign in ("[", "{", "- - ", "? ", "-\t"))
    return openings > _MOST_OPENINGS or len(front) > 1_000_000


def _top(reader: Any, root: Any) -> dict[str, Any]:
    _refuse_doubles(root)
    reader.flatten_mapping(root)
    values: dict[str, Any] = {}
    for key, node in root.value:
        if not isinstance(key, yaml.ScalarNode):
            raise yaml.constructor.ConstructorError(None, None, "a key must be plain text", key.start_mark)
        values[key.value] = _value(reader, key.value, node)
    return values


def _value(reader: Any, key: str, node: Any) -> object:
    if is_text_key(key) and isinstance(node, yaml.ScalarNode):
        return _text(node)
    if key in TEXT_LIST_KEYS and isinstance(node, yaml.SequenceNode):
        return [_text(item) if isinstance(item, yaml.ScalarNode) else _built(reader, item) for item in node.value]
    return _built(reader, node)


def _text(node: Any) -> str | None:
    return None if node.tag == "tag:yaml.org,2002:null" else str(node.value)


def _built(reader: Any, node: Any) -> object:
    value: object = reader.construct_document(node)
    return value


def _refuse_doubles(node: Any) -> None:
    if not isinstance(node, yaml.MappingNode):
        return
    seen: dict[str, int] = {}
    for key, _ in node.value:
        if isinstance(key, yaml.ScalarNode) and key.tag != "tag:yaml.org,2002:merge":
            if key.value in seen:
                message = f"the key `{key.value}` stands twice (first in line {seen[key.value]})"
                raise yaml.constructor.ConstructorError(None, None, message, key.start_mark)
            seen[key.value] = key.start_mark.line + 2


def _weigh(values: object, mark: Any) -> None:
    """Refuse aliases that contain themselves or multiply without end: they could never be printed again."""
    left = [values]
    for _ in range(_MOST_NODES):
        if not left:
            return
        value = left.pop()
        if isinstance(value, dict):
            left.extend(value.values())
        elif isinstance(value, (list, set)):
            left.extend(value)
    raise yaml.constructor.ConstructorError(None, None, "its aliases grow without end", mark)


def _explained(error: yaml.YAMLError, front: str) -> tuple[int, str]:
    mark = getattr(error, "problem_mark", None)
    context = getattr(error, "context_mark", None)
    if context is not None and (mark is None or any(word in str(error) for word in ("flow", "quoted"))):
        mark = context  # a bracket or quote that is never closed is noticed only lines later
    problem = getattr(error, "problem", None) or getattr(error, "reason", None) or "it is not YAML"
    if mark is not None:
        return mark.line + 2, str(problem)
    position = getattr(error, "position", None)
    line = front.count("\n", 0, position) + 2 if isinstance(position, int) else 2
    return line, str(problem)
