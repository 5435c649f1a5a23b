"""What aider says became of a reply's edits: applied, failed to match, skipped, committed."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import field
from typing import NamedTuple

from session_journal.core.records import record
from session_journal.readers.aider_edits import Edits, block_paths, languages, searched

_APPLIED = re.compile(r"Applied edit to (\S.*)")
_CREATED = re.compile(r"Creating empty file (\S.*)")
_SKIPPED = re.compile(
    r"(?:Skipping edits to|Did not apply edit to|Failed to apply edit to|Unable to create) (\S.*?)"
    r"(?:,? skipping edits\.?| that matches gitignore spec\.?| \(--dry-run\))?\s*"
)
_UNMATCHED = re.compile(
    r"(?:## \w+: )?(?P<words>This SEARCH block failed to exactly match lines in (?P<path>\S.*)"
    r"|(?P<file>\S.*) does not contain lines that match the diff you provided!)"
)
_OTHERS = re.compile(r"(?:# |Note: )?((?:The other \d+ SEARCH/REPLACE blocks? (?:was|were)|some hunks did) appl\w+.*)")
_REJECTED = re.compile(r"The LLM did not conform to the |Malformed |Exception while updating files:")
"""How aider begins to tell that it could not apply a reply."""
_DECLINED = re.compile(r".*\?.* no?\s*", re.IGNORECASE)
"""A question of aider with the user's no to it."""
_COMMIT = re.compile(r"Commit [0-9a-f]{7,40} \S.*")
_STOPPED = re.compile(r"\^C\b.*")


class Fate(NamedTuple):
    """Edits of one file that share what became of them. words: aider's own."""

    path: str
    changes: list[str]
    words: str
    failed: bool


@record(slots=True)
class Outcome:
    """What became of a reply's edits, by the file.

    applied, failed: the files that were written and those that were not, with aider's words ("" where it says nothing:
    it tells of each that it writes). unmatched: the blocks of
    a failed file that found no place; others: the words for the blocks that were applied beside them, "" for none.
    commit: the line that tells of the commit that the edits are in, "" without one.
    """

    applied: dict[str, str] = field(default_factory=dict)
    failed: dict[str, str] = field(default_factory=dict)
    unmatched: dict[str, list[str]] = field(default_factory=dict)
    others: str = ""
    commit: str = ""

    @property
    def paths(self) -> list[str]:
        """The files that are named."""
        return list({**self.applied, **self.failed})

    def fates(self, edits: Edits) -> Iterator[Fate]:
        """Yield the edits of each file with what became of them; of a file some can have failed."""
        for path in self.paths:
            changes = edits.get(path, [])
            if path in self.applied:
                yield Fate(path, changes, self.applied[path], failed=False)
                continue
            lost = [one for one in changes if _bare(one) in self.unmatched.get(path, ())] if self.others else []
            kept = [one for one in changes if one not in lost] if lost else []
            yield Fate(path, lost or changes, self.failed[path], failed=True)
            if kept:
                yield Fate(path, kept, self.others, failed=False)


def outcome(lines: Sequence[str], reply: str) -> Outcome:
    """Return what lines of aider's own say of the edits in a reply ("" where there is none)."""
    found = Outcome(commit=_committed(lines))
    for number, line in enumerate(lines):
        if (match := _APPLIED.match(line)) or (reply and (match := _CREATED.match(line))):
            path = match.group(1).strip()
            found.applied[path] = _with(f"Applied edit to {path}", found.commit)
        elif match := _SKIPPED.fullmatch(line):
            _skip(found, match.group(1).strip(), line, lines[number - 1] if number else "", reply)
        elif match := _UNMATCHED.match(line):
            path = (match["path"] or match["file"]).strip()
            found.failed[path] = match["words"].strip()
            found.unmatched.setdefault(path, []).extend(_bare(one) for one in _next_block(lines[number + 1 :]))
    _whole(found, lines, reply)
    return found


def _committed(lines: Sequence[str]) -> str:
    """Return the line that tells of the commit of the edits: one before them was of what the user had changed."""
    start = next((n for n, line in enumerate(lines) if _APPLIED.match(line) or _OTHERS.match(line)), len(lines))
    return next((line.strip() for line in lines[start:] if _COMMIT.match(line)), "")


def _next_block(lines: Sequence[str]) -> list[str]:
    """Return what the block right below the name of its file changes, none where something else stands there."""
    marked = itertools.takewhile(lambda line: not _UNMATCHED.match(line), lines)
    return list(itertools.islice(searched(list(marked)), 1))


def _with(words: str, commit: str) -> str:
    return f"{words}\n{commit}" if commit else words


def _skip(found: Outcome, path: str, line: str, before: str, reply: str) -> None:
    """Note a file that was not written, and whether the user said no to it."""
    words = f"{line.strip()} (declined by the user)" if _DECLINED.fullmatch(before) else line.strip()
    # A model that leaves out the path makes aider take the language of the block for it.
    for named in block_paths(reply) if path in languages(reply) else [path]:
        found.failed[named] = words


def _whole(found: Outcome, lines: Sequence[str], reply: str) -> None:
    """Note the other files of a reply that was not applied, or all but some blocks of it."""
    others = next((match[1].strip() for line in lines if (match := _OTHERS.match(line))), "")
    if others:
        found.others = _with(others, found.commit)
        found.applied |= {path: found.others for path in block_paths(reply) if path not in found.failed}
        return
    rejected = next((line.strip() for line in lines if _REJECTED.match(line)), "")
    first = next((line.strip() for line in lines if line.strip()), "")
    words = rejected or (first if _STOPPED.match(first) else "")
    if not found.applied:
        found.failed = dict.fromkeys(block_paths(reply), words) | found.failed


def _bare(change: str) -> str:
    return "\n".join(line.rstrip() for line in change.split("\n"))
