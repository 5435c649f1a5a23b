"""The passages of an aider chat history: who wrote which lines.

aider ends every line of the user and of its own output in two blanks, and writes an empty line before the user's
first one and before a reply. An output of several lines has `> ` before its first line only and the blanks after its
last one. The blanks tell a prompt from a heading of level four in a reply; files that lost them in an editor are read
by the order in which things can follow each other.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal

from session_journal.readers.textlines import Passage

Kind = Literal["user", "tool", "assistant"]
Found = tuple[Kind, str]
"""Who wrote the passage, and its text."""

_END = "  "
_CONFIRMED = re.compile(r".*\(Y\)es/\(N\)o.* \[(?:Yes|No)\]: ?\S*\s*")
"""An answer for a whole group of questions (`all`, `skip`), which aider writes down like something typed."""


class Scan:
    """What is known of a session while its lines go by: the passage being read, and how its lines are marked."""

    def __init__(self) -> None:
        self._kind: Kind | None = None
        self._passage = Passage()
        self.blank = True  # there is no line, or an empty one, before the next
        self._marked = False  # the session's lines still have their two blanks
        self._open = False  # an output of several lines goes on
        self._doubtful: list[str] = []  # a quotation in a reply, or an output of several lines

    def take(self, line: str) -> Iterator[Found]:
        """Take one line; yield the passage that it ends."""
        if line.startswith("####") and _CONFIRMED.fullmatch(line):
            yield from self._into("tool", line[5:].rstrip())
        elif line.startswith("####") and self._is_prompt(line):
            yield from self._into("user", line[5:].rstrip(), again=self.blank)
        elif self._open or self._doubtful:
            yield from self._go_on(line)
        elif line.startswith(">") and self._is_output(line):
            yield from self._begin_output(line)
        elif not line.strip():
            if self._kind == "assistant":
                self._passage.add("")
        elif self._kind == "tool" and not self.blank:
            self._passage.add(line)
        else:
            yield from self._into("assistant", line)
        self.blank = not line.strip()

    def flush(self) -> Iterator[Found]:
        """Yield what is being read."""
        yield from self._settle("assistant")
        if self._passage.lines and self._kind:
            yield self._kind, self._passage.text()
        self._passage, self._open = Passage(), False

    def _into(self, kind: Kind, line: str, *, again: bool = False) -> Iterator[Found]:
        if kind != self._kind or again:
            yield from self.flush()
            self._kind = kind
        self._passage.add(line)

    def _is_prompt(self, line: str) -> bool:
        if line[4:5] not in {" ", ""}:
            return False
        goes_on = self._kind == "user" and not self.blank
        if line.endswith(_END) and (self.blank or goes_on):
            self._marked = True
            return True
        return not self._marked and not self._open and (goes_on or self._kind != "assistant")

    def _is_output(self, line: str) -> bool:
        if line[1:2] not in {" ", ""}:
            return False
        if line.endswith(_END):
            self._marked = True
        return self.blank or self._kind != "assistant" or line.endswith(_END)

    def _begin_output(self, line: str) -> Iterator[Found]:
        if line.endswith(_END) or not self._marked:
            yield from self._into("tool", line[2:].rstrip())
        elif self.blank and self._kind:
            self._doubtful = [line]
        else:
            yield from self._into("tool", line[2:])
            self._open = True

    def _go_on(self, line: str) -> Iterator[Found]:
        """Take a further line of an output; one in doubt was a reply's quotation when it ends without the blanks."""
        ends = line.endswith(_END) and bool(line.strip())
        if self._doubtful and not ends:
            if line.strip():
                self._doubtful.append(line)
            else:
                yield from self._settle("assistant")
                self._passage.add("")
            return
        yield from self._settle("tool")
        yield from self._into("tool", line.removeprefix("> ").rstrip())
        self._open = not ends

    def _settle(self, kind: Kind) -> Iterator[Found]:
        """Give the lines in doubt to whom they belong."""
        doubtful, self._doubtful = self._doubtful, []
        for line in doubtful:
            yield from self._into(kind, line.removeprefix("> ").rstrip() if kind == "tool" else line)
