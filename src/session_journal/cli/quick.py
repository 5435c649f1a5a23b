"""The way past click for command lines that must not wait: `new … --no-edit`, `new … -m TEXT` and `note TEXT`.

Importing click takes longer than a whole commit. This reads only the plain forms that people and scripts type most;
anything else (an option it does not know, an editor, a pipe) is left to click, which gives the same result.
"""

from __future__ import annotations

import os
import stat
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from session_journal.app.new import Written
    from session_journal.store.journal import Journal

_TAKES_VALUE = {"-m": "text", "--message": "text", "--project": "project", "--tag": "tag"}


class Line:
    """A command line of one of the plain forms."""

    __slots__ = ("command", "journal_dir", "options", "tags", "words")

    def __init__(self, command: str, journal_dir: str) -> None:
        self.command, self.journal_dir = command, journal_dir
        self.words: list[str] = []
        self.tags: list[str] = []
        self.options: dict[str, str] = {}


def run_quick(argv: list[str]) -> int | None:
    """Run one of the plain forms and return its exit code, or None to leave the line to click."""
    line = read_line(argv)
    if line is None:
        return None
    from datetime import datetime

    from session_journal.app.project import working_folder
    from session_journal.store.journal import open_journal

    journal = open_journal(line.journal_dir, working_folder())
    now = datetime.now().astimezone()
    if line.command == "note":
        from session_journal.app.note import add_note

        written = add_note(journal, " ".join(line.words), now)
    else:
        from session_journal.app.new import create_entry

        text, project = line.options.get("text", ""), line.options.get("project")
        project = _project(journal) if project is None else project
        written = create_entry(journal, " ".join(line.words), text, now, project, line.tags)
    _finish(written)
    return 0


def read_line(argv: list[str]) -> Line | None:
    """Read a command line of one of the plain forms, None for every other."""
    journal_dir, rest = journal_option(argv)
    if rest[:1] == ["note"]:
        return _read_note(journal_dir, rest[1:])
    return _read_new(journal_dir, rest[1:]) if rest[:1] == ["new"] else None


def journal_option(argv: list[str]) -> tuple[str, list[str]]:
    """Return the journal that a command line names first ("" for none), and the rest of it."""
    if argv[:1] == ["--journal"] and len(argv) > 1:
        return argv[1], argv[2:]
    if argv and argv[0].startswith("--journal="):
        return argv[0][len("--journal=") :], argv[1:]
    return "", argv


def _read_note(journal_dir: str, words: list[str]) -> Line | None:
    if not words or any(word.startswith("-") for word in words):
        return None
    line = Line("note", journal_dir)
    line.words = words
    return line


def _read_new(journal_dir: str, words: list[str]) -> Line | None:
    line = Line("new", journal_dir)
    at = 0
    while at < len(words):
        step = _read_word(line, words[at], words[at + 1] if at + 1 < len(words) else None)
        if not step:
            return None
        at += step
    text = line.options.get("text")
    if text is None and ("no-edit" not in line.options or is_piped()):
        return None
    return None if text is not None and not text.strip() else line


def _read_word(line: Line, word: str, value: str | None) -> int:
    """Take one word, and its value where it has one; return how many were taken, 0 for what is left to click."""
    if word == "--no-edit":
        line.options["no-edit"] = ""
        return 1
    name = _TAKES_VALUE.get(word)
    if name is None:
        line.words.append(word)
        return 0 if word.startswith("-") else 1
    if value is None:
        return 0
    if name == "tag":
        line.tags.append(value)
    else:
        line.options[name] = value
    return 2


def is_piped() -> bool:
    """Tell whether text comes in by a pipe or from a file; a closed stdin and /dev/null are none."""
    try:
        mode = os.fstat(sys.stdin.fileno()).st_mode
    except (OSError, ValueError, AttributeError):
        return False
    return stat.S_ISFIFO(mode) or stat.S_ISREG(mode)


def _project(journal: Journal) -> str:
    from session_journal.app.project import name_project, working_folder
    from session_journal.store.files import read_bytes
    from session_journal.store.places import config_file

    aliases: dict[str, str] = {}
    files = (config_file(os.environ), journal.path("journal/journal.toml"))
    if any(b"\n[projects" in b"\n" + (read_bytes(path) or b"") for path in files):
        from session_journal.store.settings import load

        aliases = load(os.environ, journal.root).projects()
    return name_project(working_folder(), journal.root, aliases)


def _finish(written: Written) -> None:
    from session_journal.app.new import remarks

    sys.stdout.write(f"{written.path}\n")
    sys.stdout.flush()  # in a pipe, too, the result comes before the talk
    for remark in remarks(written):
        sys.stderr.write(f"{remark}\n")
