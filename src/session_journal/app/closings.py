"""Closings: which gaps, actions and questions were ticked within some days, as the history of their entries tells."""

from __future__ import annotations

import os
import re
from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta

from session_journal.core import sections
from session_journal.core.open_ends import End, key_words
from session_journal.rollups.standing import STALE
from session_journal.store.journal import Journal

_PLAIN = (
    "-c", "core.quotePath=false", "-c", "diff.noprefix=false", "-c", "diff.mnemonicPrefix=false",
    "-c", "diff.autoRefreshIndex=false",
)  # fmt: skip
_PATCH = ("-p", "-U0", "--diff-filter=M", "--no-renames", "--no-ext-diff", "--no-textconv", "--no-color")
_TICKED = re.compile(r"[+-]\s*(?:[-*+\u2022]|\d{1,3}[.)])\s+\[[xX-]\]\s")
_MANY = 100


def closed_within(journal: Journal, ends: Iterable[End], first: date, last: date, today: date) -> frozenset[str]:
    """Return the ids of the ends whose box was ticked between two days, in an entry from before the first one.

    A box carries no date: only the commit that ticked it tells when that was; what is not committed was ticked today.
    git is asked only where there is one.
    """
    asked = [
        end for end in ends if not end.is_open and end.newest.state == "x" and first - STALE <= end.newest.date < first
    ]
    paths = {end.newest.path for end in asked}
    folders = sorted({path.rpartition("/")[0] for path in paths})
    days = (f"--since={first.isoformat()}T00:00:00", f"--until={(last + timedelta(days=1)).isoformat()}T00:00:00")
    runs = [("log", *_PATCH, "--format=", *days, "HEAD", "--", *folders)] if asked else []
    if fresh := _written_since(journal, paths, first) if first <= today <= last else []:
        runs.append(("diff", *_PATCH, "HEAD", "--", *(fresh if len(fresh) < _MANY else folders)))
    patches = [journal.repo.git(*_PLAIN, *run, check=False) for run in runs]
    ticked = _ticked("\n".join(one.out.decode("utf-8", "replace") for one in patches if one.code == 0))
    return frozenset(
        end.id
        for end in asked
        if not ticked.get(end.newest.path, set()).isdisjoint({end.id, key_words(end.newest.text)})
    )


def _written_since(journal: Journal, paths: Iterable[str], first: date) -> list[str]:
    """Return the files that were written on a day or later: git need look at no other."""
    start = datetime.combine(first, time.min).timestamp()
    return sorted(path for path in paths if _mtime(journal.path(path)) >= start)


def _mtime(path: str) -> float:
    try:
        return os.stat(path).st_mtime
    except OSError:
        return 0.0


def _ticked(patch: str) -> dict[str, set[str]]:
    """Return for each file the ids and the words of what a patch ticks in it."""
    found = defaultdict[str, set[str]](set)
    path, before = "", set[str]()
    for line in patch.split("\n"):
        if line.startswith("+++ "):
            path = line[4:].rstrip("\t\r").removeprefix("b/")
        elif line.startswith("@@ "):
            before = set()
        elif _TICKED.match(line):
            names = _names(line[1:].rstrip("\r"))
            if line.startswith("-"):
                before |= names  # it got its id, or other words: it was ticked already
            elif names.isdisjoint(before):
                found[path] |= names
    return found


def _names(line: str) -> set[str]:
    """Return by what a task is known: its id, and its words."""
    read = sections.items(f"## {sections.heading('action')}\n\n{line.lstrip()}\n")
    return {name for item in read for name in (item.block_id, key_words(item.text)) if name}
