"""The earlier text form of Cursor's transcripts: role markers, and blocks for thoughts, calls and results."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from typing import BinaryIO

import orjson

from session_journal.readers.fields import Record

_LINE_LIMIT = 2 * 1024 * 1024
_BLOCK_LIMIT = 512 * 1024
"""How many characters of one block are read: more of it would not be kept."""
_BLOCK = re.compile(r"\[(Thinking|Tool call|Tool result)\][ \t]*(.*)")
_ROLES = {"user:": "user", "assistant:": "assistant", "A:": "assistant"}
_TYPES = {"Thinking": "thinking", "Tool call": "tool_use", "Tool result": "tool_result"}
_ARGUMENT = re.compile(r"( *)([A-Za-z_]\w*):(?: (.*))?$", re.DOTALL)
_ARGUMENTS = {
    "Write": frozenset({"path", "contents"}),
    "StrReplace": frozenset({"path", "old_string", "new_string", "replace_all"}),
    "Shell": frozenset({"command", "description", "working_directory", "is_background", "timeout", "block_until_ms"}),
}
"""Arguments of the tools whose values are text of many lines, in which others could seem to stand."""


def is_text(head: bytes) -> bool:
    """Say whether a text begins with a user's turn as Cursor writes it: other text has its roles too, not its tags."""
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n")
    if not re.match(rb"user:[ \t]*\r?\n", start):
        return False
    return bool(re.search(rb"<user_query>|^\[(?:Thinking|Tool call|Tool result)\]", start, re.MULTILINE))


class TextMessages:
    """Iterate over the messages of a text as if they were JSON lines; hashes every byte read."""

    def __init__(self, stream: BinaryIO) -> None:
        self.skipped = 0
        self._stream = stream
        self._hash = hashlib.sha256()
        self._role = ""
        self._type, self._title = "text", ""
        self._block: list[str] = []
        self._size = 0
        self._blocks: list[Record] = []
        self._is_tagged = False
        self._is_quoted = False

    @property
    def sha256(self) -> str:
        """Return the hex digest of the bytes read so far."""
        return self._hash.hexdigest()

    def __iter__(self) -> Iterator[Record]:
        """Yield each message when the next one begins."""
        held: list[str] = []  # a marker of the user, and what stands between it and the first words
        for line in self._lines():
            if held and not line.strip():
                held.append(line)
                continue
            if held:
                yield from self._begin_user(held, line)
                held = []
            role = "" if self._is_quoted else _ROLES.get(line.rstrip(), "")
            if role == "user":
                held = [line]
            elif role:
                yield from self._begin(role)
            else:
                self._add(line)
        yield from self._begin("")

    def _begin_user(self, held: list[str], line: str) -> Iterator[Record]:
        """Begin a user's turn: where the first one has tags, a marker without them is part of some text."""
        if not self._role:
            self._is_tagged = line.lstrip().startswith("<")
        if not self._is_tagged or line.lstrip().startswith("<"):
            yield from self._begin("user")
        else:
            for one in held:
                self._add(one)

    def _lines(self) -> Iterator[str]:
        while raw := self._stream.readline(_LINE_LIMIT):
            self._hash.update(raw)
            yield raw.decode("utf-8", "replace").rstrip("\r\n")

    def _begin(self, role: str) -> Iterator[Record]:
        self._end_block("text", "")
        if self._role and self._blocks:
            yield {"role": self._role, "message": {"content": self._blocks}}
        self._role, self._blocks, self._is_quoted = role, [], False

    def _add(self, line: str) -> None:
        found = _BLOCK.match(line) if self._role == "assistant" and line.startswith("[") else None
        if found:
            kind = _TYPES[found.group(1)]
            self._end_block(kind, "" if kind == "thinking" else found.group(2).strip())
            line = found.group(2) if kind == "thinking" else ""
            if not line:
                return
        if self._role == "user":
            self._is_quoted = (self._is_quoted or "<user_query>" in line) and "</user_query>" not in line
        self._size += len(line) + 1
        if self._size <= _BLOCK_LIMIT:
            self._block.append(line)

    def _end_block(self, kind: str, title: str) -> None:
        text = "\n".join(self._block)
        if self._type == "tool_use":
            given = _arguments(self._title, self._block)
            self._blocks.append({"type": "tool_use", "name": self._title, "input": given})
        elif self._type == "tool_result":
            self._blocks.append({"type": "tool_result", "name": self._title, "content": text.strip("\n")})
        elif text.strip():
            self._blocks.append({"type": self._type, self._type: text.strip()})
        self._type, self._title, self._block, self._size = kind, title, [], 0


def _arguments(tool: str, lines: list[str]) -> Record:
    """Return a call's arguments: each begins a line, what follows it belongs to it up to the next one."""
    found: dict[str, list[str]] = {}
    indent: str | None = None
    value: list[str] = []
    known = _ARGUMENTS.get(tool)
    for line in lines:
        begin = _ARGUMENT.match(line)
        name = begin.group(2) if begin and indent in {None, begin.group(1)} else ""
        if begin and name and name not in found and (known is None or name in known):
            indent, value = begin.group(1), [begin.group(3) or ""]
            found[name] = value
        else:
            value.append(line)
    return {name: _value("\n".join(value).rstrip("\n")) for name, value in found.items()}


def _value(text: str) -> object:
    """Return a list or an object where the argument is one, else its text."""
    if not text.startswith(("[{", "{", '["')):
        return text
    try:
        return orjson.loads(text)
    except (orjson.JSONDecodeError, RecursionError):
        return text
