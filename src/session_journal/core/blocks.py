"""Managed blocks: the part of a markdown file that the tool writes again; all around it is the person's."""

from __future__ import annotations

import hashlib
import re

from session_journal.core.records import record
from session_journal.errors import JournalError

_NAME = re.compile(r"[a-z0-9][a-z0-9-]*")
_VERSION = "v1"
_MARKER = re.compile(r"<!--(\s*/?journal:)")
_ANY = re.compile(r"<!-- (/?)journal:([a-z0-9][a-z0-9-]*)(?: [^\n]*)?-->[ \t]*\r?")
_TICKED = re.compile(r"^([ \t]*[-*+] \[)[xX/](\][ \t])", re.MULTILINE)
_NAMED = re.compile(r" \^[0-9a-z]+$")


@record(frozen=True, slots=True)
class Block:
    """Where a block's lines lie in the text: [start, end) with its markers, [first, last) without.

    sha: its stated hash, which is blind to ticks; ticks: the one that is not, stated where the tool wrote any.
    """

    start: int
    first: int
    last: int
    end: int
    sha: str
    ticks: str = ""


def read(text: str, name: str) -> str | None:
    """Return what stands inside a block, its lines ended by a line feed alone, or None where there is no block."""
    block = find(text, name)
    return None if block is None else _plain(text[block.first : block.last])


def edited(text: str, name: str) -> bool:
    """Tell whether a person changed the inside of a block since the tool wrote it; a tick is no change of its words."""
    block = find(text, name)
    return block is not None and block.sha not in _hashes(text[block.first : block.last])


def ticked(text: str, name: str) -> bool:
    """Tell whether a person ticked a task inside a block, or changed it otherwise, since the tool wrote it."""
    block = find(text, name)
    return block is not None and _hashes(text[block.first : block.last])[1] != (block.ticks or block.sha)


def inside(text: str) -> frozenset[int]:
    """Return the numbers of the lines that stand inside any managed block, its markers included."""
    found: set[int] = set()
    opened: dict[str, int] = {}
    for number, line in enumerate(text.split("\n")):
        marker = _ANY.fullmatch(line)
        if marker and not marker[1]:
            opened[marker[2]] = number
        elif marker and marker[2] in opened:
            found.update(range(opened.pop(marker[2]), number + 1))
    return frozenset(found)


def around(text: str) -> int:
    """Count the lines outside blocks that hold anything: they are a person's."""
    taken = inside(text)
    return sum(bool(line.strip()) for number, line in enumerate(text.split("\n")) if number not in taken)


def names(text: str) -> tuple[str, ...]:
    """Return the names of the managed blocks that begin in a text, in order."""
    markers = filter(None, map(_ANY.fullmatch, text.split("\n")))
    return tuple(dict.fromkeys(marker[2] for marker in markers if not marker[1]))


def prove(text: str) -> None:
    """Refuse a text in which the markers of a block are not one pair in order: nobody can tell then what is whose."""
    markers = filter(None, map(_ANY.fullmatch, text.split("\n")))
    for name in dict.fromkeys(marker[2] for marker in markers):
        find(text, name)


def restamp(text: str, name: str, *, words: bool = False) -> str:
    """Count the ticks that stand in a block as the tool's own, and its words too where it changed them itself."""
    block = find(text, name)
    if block is None:
        return text
    blind, exact = _hashes(text[block.first : block.last])
    sha = blind if words else block.sha
    told = f" ticks:{exact}" if exact != sha else ""
    marker = re.sub(r" ticks:[0-9a-f]*", "", text[block.start : block.first])
    marker = marker.replace(f" sha256:{block.sha}", f" sha256:{sha}{told}", 1)
    return text[: block.start] + marker + text[block.first :]


def move_out(text: str, name: str, made: str) -> str | None:
    """Put the lines that a person added inside a block below it; None where they did anything else to what was made.

    made: a text in which the block stands as the tool wrote it; None also where that is not the block that the markers
    of this one tell of. A tick or a block id is no change of a line, and stays.
    """
    block, whole = find(text, name), find(made, name)
    if block is None or whole is None or whole.sha != block.sha or edited(made, name):
        return None
    kept, groups = _told_apart(text[block.first : block.last], made[whole.first : whole.last])
    if kept is None:
        return None
    newline = "\r\n" if "\r\n" in text[block.start : block.first] else "\n"
    end, rest = text[block.last : block.end], text[block.end :]
    head, line_end, below = rest.partition("\n")
    gap = newline if below.lstrip("\r")[:1] not in {"", "\n"} else ""
    own = f"{newline.join(['', *groups])}{gap}" if groups else ""
    return f"{text[: block.first]}{kept}{end}{head}{line_end or (newline if own else '')}{own}{below}"


def _told_apart(inside: str, made: str) -> tuple[str | None, list[str]]:
    """Return the lines that were made, as they stand now (None where one is missing), and those added, by place."""
    left = [_bare(line) for line in made.split("\n")[:-1]]
    kept: list[str] = []
    groups: list[list[str]] = [[]]
    for line in inside.split("\n")[:-1]:
        if len(kept) < len(left) and _bare(line) == left[len(kept)]:
            kept.append(f"{line}\n")
            groups.append([])
        else:
            groups[-1].append(f"{line}\n")
    own = [_without_blank_ends(lines) for lines in groups if any(line.strip() for line in lines)]
    return ("".join(kept) if len(kept) == len(left) else None), own


def _bare(line: str) -> str:
    return _NAMED.sub("", _TICKED.sub(r"\1 \2", line).rstrip())


def _without_blank_ends(lines: list[str]) -> str:
    told = [number for number, line in enumerate(lines) if line.strip()]
    return "".join(lines[told[0] : told[-1] + 1])


def replace(text: str, name: str, content: str, *, force: bool = False) -> str:
    """Put content into a block, or append the block; every byte outside stays.

    JournalError where the markers are broken, and where a person changed the inside (unless forced).
    """
    block = find(text, name)
    newline = "\r\n" if "\r\n" in text[: text.find("\n") + 1] else "\n"
    lines = _block(name, content).replace("\n", newline)
    if block is None:
        return text + _gap(text, newline) + lines + newline
    if not force and edited(text, name) and read(text, name) != _inside(content):
        raise JournalError(
            f"the block `journal:{name}` was changed by hand", "move your lines out of the block, or use --force"
        )
    return text[: block.start] + lines + text[block.end :]


def remove(text: str, name: str, *, force: bool = False) -> str:
    """Take a block out with its markers and the line end behind it; JournalError if a person changed the inside."""
    block = find(text, name)
    if block is None:
        return text
    if not force and edited(text, name):
        raise JournalError(f"the block `journal:{name}` was changed by hand", "move your lines out, or use --force")
    rest = text[block.end :]
    return text[: block.start] + rest.removeprefix("\r\n" if rest.startswith("\r\n") else "\n")


def find(text: str, name: str) -> Block | None:
    """Return the block's place; JournalError unless its markers are exactly one ordered pair."""
    if not _NAME.fullmatch(name):
        raise JournalError(f"{name!r} is no name for a block", "use small letters, digits and dashes")
    starts = list(re.finditer(rf"^<!-- journal:{name}(?: [^\n]*)?-->[ \t]*\r?$\n?", text, re.MULTILINE))
    ends = list(re.finditer(rf"^<!-- /journal:{name} -->(?=[ \t]*\r?$)", text, re.MULTILINE))
    if not starts and not ends:
        return None
    if len(starts) != 1 or len(ends) != 1 or starts[0].end() > ends[0].start():
        raise _broken(text, name, [*starts, *ends])
    stated = dict(re.findall(r"(sha256|ticks):([0-9a-f]+)", starts[0][0]))
    hashes = stated.get("sha256", ""), stated.get("ticks", "")
    return Block(starts[0].start(), starts[0].end(), ends[0].start(), ends[0].end(), *hashes)


def _broken(text: str, name: str, markers: list[re.Match[str]]) -> JournalError:
    lines = ", ".join(str(text.count("\n", 0, marker.start()) + 1) for marker in markers)
    return JournalError(
        f"the markers of the block `journal:{name}` are not one pair in order (line {lines})",
        "keep one start marker with one end marker below it, or delete them all",
    )


def _block(name: str, content: str) -> str:
    inside = _inside(content)
    blind, exact = _hashes(inside)
    ticks = "" if exact == blind else f" ticks:{exact}"
    return f"<!-- journal:{name} {_VERSION} sha256:{blind}{ticks} -->\n{inside}<!-- /journal:{name} -->"


def _inside(content: str) -> str:
    text = _MARKER.sub(r"&lt;!--\1", _plain(content))
    return text if not text or text.endswith("\n") else text + "\n"


def _plain(text: str) -> str:
    return text.replace("\r\n", "\n")


def _hashes(text: str) -> tuple[str, str]:
    """Return the hash without ticks, and the one with them that blocks carried before.

    Line ends are left out: git may convert them, and that is nobody's edit.
    """
    forms = (_TICKED.sub(r"\1 \2", _plain(text)), _plain(text))
    first, second = (hashlib.sha256(form.encode("utf-8", "surrogatepass")).hexdigest()[:16] for form in forms)
    return first, second


def _gap(text: str, newline: str) -> str:
    if not text:
        return ""
    return newline if text.endswith("\n") else newline * 2
