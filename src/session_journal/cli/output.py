"""What a command says and how: results to stdout, talk to stderr, colour and pager only on a terminal."""

from __future__ import annotations

import os
import sys
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta, tzinfo
from typing import TYPE_CHECKING, TextIO

from session_journal.errors import JournalError

if TYPE_CHECKING:
    from session_journal.agents import Host
    from session_journal.app.draft import Clock
    from session_journal.store.journal import Journal

_WIDEST = 110
STYLES = {"dim": "2", "bold": "1", "draft": "33", "good": "32", "bad": "31"}


class Context:
    """Hand each command its journal, its clock and its two streams."""

    def __init__(self, journal_dir: str = "", env: Mapping[str, str] | None = None) -> None:
        self.journal_dir = journal_dir
        self.env: Mapping[str, str] = os.environ if env is None else env

    def open(self) -> Journal:
        """Open the journal that this command works on."""
        from session_journal.app.project import working_folder
        from session_journal.store.journal import open_journal

        journal = open_journal(self.journal_dir, working_folder(), self.env)
        journal.watch = _show_reading
        return journal

    def root(self) -> str:
        """Return where the journal lies, "" where there is none: some commands need none, and heed its settings."""
        try:
            return self.open().root
        except JournalError:
            return ""

    def project(self, journal: Journal) -> str:
        """Name the project of the working directory."""
        from session_journal.app.project import name_project, working_folder
        from session_journal.store.settings import load

        return name_project(working_folder(), journal.root, load(self.env, journal.root).projects())

    def now(self) -> datetime:
        """Read the clock: the local time with its offset."""
        return datetime.now().astimezone()

    def clock(self) -> Clock:
        """Read the clock, with the zone whose days entries count in."""
        from session_journal.app.draft import Clock

        return Clock(self.now(), LocalZone())

    def host(self) -> Host:
        """Describe this machine to the agents' modules."""
        from session_journal.agents import this_machine
        from session_journal.app.project import working_folder

        return this_machine(self.env, working_folder())

    def emit(self, value: object, as_json: bool = False) -> None:  # noqa: FBT001, FBT002 - commands pass their --json flag through
        """Write a result: JSON if asked for, else text or one line for each part."""
        if as_json:
            self.write(to_json(value))
        elif isinstance(value, str):
            self.write(value)
        elif isinstance(value, Iterable):
            self.write("\n".join(str(part) for part in value))
        else:
            self.write(str(value))

    def write(self, text: str) -> None:
        """Write a result to stdout, ending in one line break; nothing for no text."""
        if text:
            _put(sys.stdout, text if text.endswith("\n") else text + "\n")

    def say(self, text: str) -> None:
        """Talk to the person on stderr."""
        sys.stdout.flush()
        _put(sys.stderr, text + "\n")

    def say_unkept(self, unkept: str, uncommitted: str) -> None:
        """Say why a captured session's events were not kept, or not committed, where that is so."""
        if unkept:
            self.say(f"The events could not be kept for `journal timeline`: {unkept}")
        if uncommitted:
            self.say(f"The events stay on this machine and are not committed: {uncommitted}")

    def page(self, text: str) -> None:
        """Show a long result: through the pager on a terminal, plainly elsewhere."""
        if not on_terminal(sys.stdout):
            self.write(text)
            return
        import click

        os.environ.setdefault("LESS", "FRX")  # as git does: what was read stays on the screen
        click.echo_via_pager(text if text.endswith("\n") else text + "\n")

    def fit(self, line: str) -> str:
        """Cut a line of a table where a terminal would break it; elsewhere it stays whole."""
        if not on_terminal(sys.stdout):
            return line
        import shutil

        return cut(line, shutil.get_terminal_size().columns)

    def table(self, rows: Sequence[Sequence[str]]) -> list[str]:
        """Lay rows out in columns, so that a terminal breaks no line."""
        if not on_terminal(sys.stdout):
            return align(rows)
        import shutil

        return lay_out(rows, shutil.get_terminal_size().columns)

    def style(self, text: str, style: str) -> str:
        """Colour text where stdout shows colours."""
        if not text or not colours(sys.stdout, self.env):
            return text
        return f"\x1b[{STYLES[style]}m{text}\x1b[0m"


def _show_reading(paths: Sequence[str]) -> Iterable[str]:
    from session_journal.cli.progress import show_reading

    return show_reading(paths)


def on_terminal(stream: TextIO) -> bool:
    """Tell whether a person looks at this stream."""
    try:
        return stream.isatty()
    except ValueError:  # closed
        return False


def colours(stream: TextIO, env: Mapping[str, str]) -> bool:
    """Tell whether colour codes are welcome on this stream (https://no-color.org)."""
    return on_terminal(stream) and not env.get("NO_COLOR") and env.get("TERM") != "dumb"


def to_json(value: object) -> str:
    """Turn a result into indented JSON; dataclasses, dates and tuples are understood."""
    import json

    return json.dumps(value, indent=2, ensure_ascii=False, default=_plain)


def _plain(value: object) -> object:
    import dataclasses
    from datetime import date

    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {field.name: getattr(value, field.name) for field in dataclasses.fields(value)}
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, set | frozenset):
        return sorted(value)
    return str(value)


def align(rows: Sequence[Sequence[str]]) -> list[str]:
    """Lay rows out in columns two blanks apart; the last column is free. Cells lose the terminal codes they hold."""
    if not rows:
        return []
    rows = _cleaned(rows)
    widths = [max(width(row[column]) for row in rows) for column in range(len(rows[0]))]
    return [_line(row, widths) for row in rows]


def lay_out(rows: Sequence[Sequence[str]], room: int) -> list[str]:
    """Lay rows out in so many cells; where that leaves too little for the last column, it gets lines of its own."""
    rows = _cleaned(rows)
    heads = align([[*row[:-1], ""] for row in rows])
    last = max((width(row[-1]) for row in rows), default=0)
    if max(map(width, heads), default=0) + 2 + min(last, _LEAST) <= room:
        return [cut(line, room) for line in align(rows)]
    lines = ((head, f"    {row[-1]}" if row[-1] else "") for head, row in zip(heads, rows, strict=True))
    return [cut(line, room) for pair in lines for line in pair if line]


def _cleaned(rows: Sequence[Sequence[str]]) -> list[list[str]]:
    from session_journal.core.text import clean

    return [[clean(cell) for cell in row] for row in rows]


_LEAST = 24
"""So many cells of a title tell what it is about."""


def _line(row: Sequence[str], widths: Sequence[int]) -> str:
    cells = [cell + " " * (room - width(cell)) for cell, room in zip(row, widths, strict=True)]
    return "  ".join(cells).rstrip()


def width(text: str) -> int:
    """Count the terminal cells that text takes: wide letters two, combining marks none."""
    if text.isascii():
        return len(text)
    return sum(_cells(char) for char in text)


def cut(line: str, room: int) -> str:
    """Cut a line to so many terminal cells."""
    if width(line) <= room:
        return line
    used, kept = 1, []
    for char in line:
        used += _cells(char)
        if used > room:
            break
        kept.append(char)
    return "".join(kept) + "…"


def broken(text: str, taken: int, hang: int = 0) -> list[str]:
    """Break a line where a terminal would, with `taken` cells before it and `hang` more before the lines that follow.

    Elsewhere it stays whole, for those who search in it.
    """
    if not on_terminal(sys.stdout):
        return [text]
    import shutil

    room = max(30, min(shutil.get_terminal_size().columns, _WIDEST) - taken - hang)
    found: list[str] = []
    line = ""
    for word in _words(text, room):
        if line and width(line) + 1 + width(word) > room + (0 if found else hang):
            found.append(line)
            line = word
        else:
            line = f"{line} {word}" if line else word
    return [*found, line]


def _words(text: str, room: int) -> Iterator[str]:
    """Yield a text's words; one that no line could hold comes in pieces."""
    for word in text.split(" "):
        rest = word
        while width(rest) > room:
            piece = cut(rest, room)[:-1]
            yield piece
            rest = rest[len(piece) :]
        yield rest


def _cells(char: str) -> int:
    if unicodedata.combining(char):
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1


def _put(stream: TextIO, text: str) -> None:
    try:
        stream.write(text)
    except UnicodeEncodeError:  # a Windows code page, or half a surrogate pair out of a foreign file
        known = stream.encoding or "ascii"
        stream.write(text.encode(known, "backslashreplace").decode(known))
    stream.flush()


class LocalZone(tzinfo):
    """The zone of this machine, summer time of each day included; `datetime.now().astimezone()` knows only today's."""

    def utcoffset(self, dt: datetime | None) -> timedelta | None:
        """Return the offset that holds at that local time."""
        return None if dt is None else dt.replace(tzinfo=None).astimezone().utcoffset()

    def dst(self, dt: datetime | None) -> timedelta | None:
        """Return nothing: no one asks which part of the offset is summer time."""
        del dt
        return None

    def tzname(self, dt: datetime | None) -> str | None:
        """Return the zone's name at that local time."""
        return None if dt is None else dt.replace(tzinfo=None).astimezone().tzname()

    def fromutc(self, dt: datetime) -> datetime:
        """Turn a time in UTC into this zone's."""
        return dt.replace(tzinfo=UTC).astimezone().replace(tzinfo=self)
