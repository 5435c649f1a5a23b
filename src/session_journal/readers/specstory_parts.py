"""The parts of a SpecStory file: who speaks, what they say and think, and the tools they use."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import field
from datetime import datetime

from session_journal.core.records import record
from session_journal.readers.fences import Fence
from session_journal.readers.textlines import Passage

_TURN = re.compile(r"_\*\*(User|Agent|Assistant|(?=\*\*_))( - sidechain)?(?: \((.*)\))?\*\*_\s*")
_TIME = re.compile(r"(?:^|[\s,])(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d(?::\d\d(?:\.\d{1,6})?)?)\d*\s?(Z|[+-]\d\d:?\d\d)?$")
_TOOL = re.compile(r'<tool-use data-tool-type="([^"]*)" data-tool-name="([^"]*)">(.*)')
_OLD_TOOL = re.compile(r"(?:<details>\s*)?<summary>Tool use: \*\*([^*]+)\*\*.*")
_THOUGHT = re.compile(r"<think>\s*<details>\s*<summary>[^<]*</summary>\s*(.*)")
_THOUGHT_ENDS = "</details></think>"
_TOOL_ENDS = ("</details></tool-use>", "</tool-use>")
_MESSAGE_ID = re.compile(r"<!-- message-id: .* -->")


@record(frozen=True, slots=True)
class Speaker:
    """Whose turn begins. agent: the sub-agent that speaks or is spoken to ("" for the main conversation)."""

    user: bool
    agent: str = ""
    model: str = ""
    time: datetime | None = None


@record(frozen=True, slots=True)
class Words:
    """What the speaker says or thinks."""

    text: str
    thought: bool = False


@record(frozen=True, slots=True)
class Use:
    """A tool that was used. kind: shell, read, write, search, task, ...; escaped: its body is written as HTML."""

    kind: str
    name: str
    lines: tuple[str, ...]
    escaped: bool = False


Piece = Speaker | Words | Use


@record(frozen=True, slots=True)
class _Begun:
    """A tool whose lines go by. old: it has no tags of its own, its details are all there is."""

    kind: str
    name: str
    escaped: bool
    old: bool = False


@record(slots=True)
class Scan:
    """What is known while the lines go by."""

    last: datetime | None = None
    _blank: bool = True
    _fence: Fence = field(default_factory=Fence)
    _said: Passage = field(default_factory=Passage)
    _use: _Begun | None = None
    _thinking: bool = False
    _ended: bool = False  # a fence stands open, but the tool's end was seen and nothing came after it

    def take(self, line: str) -> Iterator[Piece]:
        """Take one line; yield what it ends and begins."""
        speaker = self._speaker(line)
        if speaker:
            yield from self.flush()
            self.last = speaker.time or self.last
            yield speaker
        elif self._use:
            yield from self._in_tool(line)
        elif self._thinking:
            yield from self._in_thought(line)
        else:
            yield from self._in_text(line)
        self._blank = not line.strip()

    def flush(self) -> Iterator[Piece]:
        """Yield what is being read."""
        use, thinking, said = self._use, self._thinking, self._said
        self._use, self._thinking, self._ended = None, False, False
        self._said, self._fence = Passage(), Fence()
        if use:
            yield Use(use.kind, use.name, tuple(said.text().split("\n")), use.escaped)
            return
        text = _without_rules(said.text().strip())
        if text:
            yield Words(text, thinking)

    def _speaker(self, line: str) -> Speaker | None:
        """Return who speaks from here on; a line that only quotes such a line changes nothing."""
        found = _TURN.fullmatch(line) if line.startswith("_**") and self._blank else None
        if found is None:
            return None
        model, time = _facts(found.group(3) or "")
        if self._use and not self._ended:
            return None
        if self._fence.open and not (time and (self.last is None or time >= self.last)):
            return None
        return Speaker(found.group(1) == "User", "sidechain" if found.group(2) else "", model, time)

    def _in_text(self, line: str) -> Iterator[Piece]:
        use = None if self._fence.open else _begun(line)
        thought = None if self._fence.open or use else _THOUGHT.fullmatch(line)
        if use:
            if use.old and self._said.lines[-1:] == ["<details>"]:
                self._said.lines.pop()
            yield from self.flush()
            self._use = use
            if use.old:
                self._said.add(line)
            return
        if thought:
            yield from self.flush()
            self._thinking = True
            if thought.group(1):
                yield from self._in_thought(thought.group(1))
            return
        if _MESSAGE_ID.fullmatch(line):
            return
        self._fence.take(line)
        self._said.add(line)

    def _in_thought(self, line: str) -> Iterator[Piece]:
        before, end, after = line.partition(_THOUGHT_ENDS)
        if before or not end:
            self._said.add(before)
        if end:
            yield from self.flush()
        if after.strip():
            self._said.add(after)

    def _in_tool(self, line: str) -> Iterator[Piece]:
        if self._ended and line.startswith("<tool-use "):
            yield from self.flush()
            yield from self._in_text(line)
            return
        ends = line.strip() in (("</details>",) if self._use and self._use.old else _TOOL_ENDS)
        if ends and not self._fence.open:
            yield from self.flush()
            return
        self._ended = ends or (self._ended and line.strip() in {"", "---"})
        self._fence.take(line)
        self._said.add(line)


def _begun(line: str) -> _Begun | None:
    """Return the tool that a line begins, None for any other line."""
    if not line.startswith("<"):
        return None
    tool, old = _TOOL.match(line), _OLD_TOOL.match(line)
    if tool:
        return _Begun(tool.group(1), tool.group(2), "<details>" not in tool.group(3))
    return _Begun("", old.group(1), escaped=True, old=True) if old else None


def _without_rules(text: str) -> str:
    """Return a text without the rules that SpecStory writes between turns and parts."""
    text = text.removeprefix("---\n").lstrip() if text.startswith("---\n") else text
    return text.removesuffix("---").rstrip() if text == "---" or text.endswith("\n---") else text


def _facts(text: str) -> tuple[str, datetime | None]:
    """Return the model and the time in a turn's brackets; a time without a zone is none."""
    found = _TIME.search(text)
    rest = text[: found.start()] if found else text
    model = re.sub(r"^model\s+", "", rest.split(",")[0].strip())
    return model, moment(text)


def moment(text: str) -> datetime | None:
    """Return the time at the end of a text, None where there is none that names its zone."""
    found = _TIME.search(text.strip())
    if found is None or not found.group(3):
        return None
    try:
        return datetime.fromisoformat(f"{found.group(1)}T{found.group(2)}{found.group(3)}")
    except ValueError:
        return None
