"""The edits in a reply of aider's model: search/replace blocks, whole files and unified diffs."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from session_journal.readers.calls import diff

_SEARCH = re.compile(r"<{5,9} (?:SEARCH|ORIGINAL)\b.*")
_DIVIDER = re.compile(r"={5,9}\s*")
_REPLACE = re.compile(r">{5,9} (?:REPLACE|UPDATED)\b.*")
_FENCE = re.compile(r"(`{3,}|~{3,}|<(?:source|code|pre|codeblock|sourcecode)>)\s*([\w.+-]*)\s*")
_NAME = ' \t`*#:"'
_LONGEST_NAME = 500

Edits = dict[str, list[str]]
"""By file: what each of its edits changed, as `- old` and `+ new` lines."""


def take_edits(reply: str, applied: list[str]) -> tuple[str, Edits]:
    """Return a reply without its edit blocks, and what they changed in each of the files that were applied.

    applied: the paths that aider said it wrote. A block that no path stands before belongs to the only file applied.
    """
    edits: Edits = {path: [] for path in applied}
    path = applied[0] if len(applied) == 1 else ""
    said: list[str] = []
    lines = iter(reply.split("\n"))
    for line in lines:
        named = _named(line, applied)
        path = named or path
        fence = _FENCE.fullmatch(line.strip())
        if _SEARCH.fullmatch(line.strip()):
            edits.setdefault(path, []).append(_search_replace(lines))
        elif fence:
            said += _fenced(line, lines, fence, edits, (path, applied, bool(said) and _named(said[-1], applied) != ""))
        else:
            said.append(line)
    edits.pop("", None)
    return _tidy(said, applied), edits


def block_paths(reply: str) -> list[str]:
    """Return the paths that stand before a reply's search/replace blocks and in its diffs, each once."""
    found: dict[str, None] = {}
    path = ""
    lines = iter(reply.split("\n"))
    for line in lines:
        if _SEARCH.fullmatch(line.strip()):
            _search_replace(lines)
            found[path] = None
        elif line.startswith("+++ "):
            found[re.sub(r"^[ab]/", "", line[4:].strip())] = None
        elif _PATH.fullmatch(bare := line.strip().strip(_NAME)) and not _FENCE.fullmatch(line.strip()):
            path = bare
    return [name for name in found if name]


_PATH = re.compile(r"(?=\S*[./\\])(?:[A-Za-z]:)?[\w./\\@+()\[\]-]{1,300}(?<![.:/])")
"""What can only be a path: of one word, with a folder or an ending."""


def languages(reply: str) -> set[str]:
    """Return what stands in a reply's fences as their language, as aider takes it for a path."""
    fences = [(line.strip(), found) for line in reply.split("\n") if (found := _FENCE.fullmatch(line.strip()))]
    return {name for line, found in fences for name in (found.group(2), line) if found.group(2)}


def searched(lines: Sequence[str]) -> Iterator[str]:
    """Yield what the search/replace blocks in some lines change."""
    rest = iter(lines)
    for line in rest:
        if _SEARCH.fullmatch(line.strip()):
            yield _search_replace(rest)


def _fenced(
    line: str, lines: Iterator[str], fence: re.Match[str], edits: Edits, where: tuple[str, list[str], bool]
) -> list[str]:
    """Take a fenced part; return its lines where it is no edit."""
    path, applied, named = where
    inside = _inside(lines, fence.group(1))
    markers = [number for number, text in enumerate(inside) if _SEARCH.fullmatch(text.strip())]
    if markers:
        for text in inside[: markers[0]]:
            path = _named(text, applied) or path
        rest = iter(inside[markers[0] + 1 :])
        edits.setdefault(path, []).append(_search_replace(rest))
        for text in rest:
            path = _named(text, applied) or path
            if _SEARCH.fullmatch(text.strip()):
                edits.setdefault(path, []).append(_search_replace(rest))
        return []
    if fence.group(2) == "diff" and any(text.startswith("@@") for text in inside):
        _unified(inside, edits, path, applied)
        return []
    if named and path in edits and not edits[path]:
        edits[path].append(diff("", "\n".join(inside)))
        return []
    return [line, *inside, fence.group(1) if fence.group(1)[0] in "`~" else f"</{fence.group(1)[1:]}"]


def _inside(lines: Iterator[str], mark: str) -> list[str]:
    """Return the lines up to the fence's end; one inside a block is no end."""
    end = mark if mark[0] in "`~" else f"</{mark[1:]}"
    found: list[str] = []
    block = False
    for line in lines:
        if line.strip() == end and not block:
            break
        block = (block or bool(_SEARCH.fullmatch(line.strip()))) and not _REPLACE.fullmatch(line.strip())
        found.append(line)
    return found


def _search_replace(lines: Iterator[str]) -> str:
    old: list[str] = []
    new: list[str] = []
    side = old
    for line in lines:
        if _REPLACE.fullmatch(line.strip()):
            break
        if _DIVIDER.fullmatch(line) and side is old:
            side = new
        else:
            side.append(line)
    return diff("\n".join(old), "\n".join(new))


def _unified(lines: list[str], edits: Edits, path: str, applied: list[str]) -> None:
    changed: dict[str, list[str]] = {}
    for line in lines:
        if line.startswith("+++ "):
            path = _named(re.sub(r"^(?:[ab]/)", "", line[4:]), applied) or path
        elif line.startswith(("-", "+")) and not line.startswith("--- "):
            changed.setdefault(path, []).append(f"{line[0]} {line[1:]}")
    for name, found in changed.items():
        edits.setdefault(name, []).append("\n".join(found))


def _named(line: str, applied: list[str]) -> str:
    """Return the applied path that a line names and nothing else."""
    bare = _slashes(line.strip().strip(_NAME).removeprefix("filename:").strip(_NAME))
    if not bare or len(bare) > _LONGEST_NAME:
        return ""
    exact = next((path for path in applied if _slashes(path) == bare), "")
    return exact or next((path for path in applied if _slashes(path).endswith(f"/{bare}")), "")


def _slashes(path: str) -> str:
    return path.replace("\\", "/")


def _tidy(said: list[str], applied: list[str]) -> str:
    """Return what was said without the names that stood over the blocks."""
    kept = [line for line in said if not _named(line, applied)]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(kept)).strip()
