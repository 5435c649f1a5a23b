"""Code: which edits a check could tell of, in distinction to those of prose and of comments alone."""

from __future__ import annotations

import re

from session_journal.core.events import Event
from session_journal.core.insights.files import sides

_PROSE = (".md", ".markdown", ".mdx", ".rst", ".txt", ".adoc", ".org", ".log", ".tex", ".csv")
_SLASHED = ("c", "cc", "cpp", "cs", "cxx", "dart", "go", "gradle", "h", "hpp", "java", "js", "jsx", "kt", "kts", "m",
    "mjs", "mm", "php", "proto", "rs", "scala", "scss", "swift", "ts", "tsx", "zig")  # fmt: skip
_HASHED = ("bash", "ex", "exs", "mk", "nix", "pl", "py", "pyi", "r", "rb", "sh", "tf", "toml", "yaml", "yml", "zsh")
_SLASHES = re.compile(r"\s*//")
_STARS = re.compile(r"\s*(?://|/\*(?!.*\*/\s*\S)|\*(?:\s|/\s*$|$))")
_HASHES = re.compile(r"\s*#(?:\s|$)")
_COMMENT = {**dict.fromkeys(_SLASHED, _SLASHES), **dict.fromkeys(_HASHED, _HASHES)}
"""How a line begins that is a comment, by the ending of its file; what other files hold is taken for code."""
_DIRECTIVE = re.compile(
    r"[\s/#*]*(?:@\w|\+build|go:|nolint|eslint|prettier|biome|ts-|tslint|type:|noqa|pylint|pyright|mypy|ruff|fmt:|isort"
    r"|pragma|coverage|istanbul|c8|shellcheck|rubocop|swiftlint|clang-|NOLINT|NOSONAR|sourceMappingURL|jshint|globals?"
    r"|webpack|vite|syntax=|frozen_string|encoding|coding[:=]|-\*-|!)"
)
"""A comment that a tool obeys is code."""


def is_code(path: str) -> bool:
    """Say whether a check could tell if an edit of this file works: no test runs on prose."""
    return "." in path.rpartition("/")[2] and not path.lower().endswith(_PROSE)


def changes_code(event: Event) -> bool:
    """Say whether an edit changed more than prose and whole lines of comment; one whose text is not known did."""
    return is_code(event.target) and not only_comments(event)


def only_comments(event: Event) -> bool:
    """Say whether an edit changed whole lines of comment alone, in a file whose comments are known."""
    comment = _COMMENT.get(event.target.rpartition(".")[2].lower()) if event.kind == "edit" else None
    if comment is None or "\u2026" in event.text:
        return False
    if comment is _SLASHES and ("/*" in event.text or "*/" in event.text):
        comment = _STARS  # alone, a line that begins with a star may go on with a product
    before, after = sides(event.text)
    old, new = ([line.rstrip() for line in one.splitlines() if _says(line, comment)] for one in (before, after))
    return old == new and before != after


def _says(line: str, comment: re.Pattern[str]) -> bool:
    return bool(line.strip()) and (comment.match(line) is None or _DIRECTIVE.match(line) is not None)
