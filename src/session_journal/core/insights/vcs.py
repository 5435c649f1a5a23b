"""What the session did with git and its forge: commits, pushes, merges, pull requests."""

from __future__ import annotations

import itertools
import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from session_journal.core.events import Event
from session_journal.core.insights.shell import segments, unwrapped, without_quotations

ActKind = Literal["commit", "push", "merge", "rebase", "pull-request"]


@dataclass(frozen=True, slots=True)
class Act:
    """One thing done with git that worked.

    name: a commit's short hash ("" where git's words are not shown), a pull request's address, a branch.
    """

    kind: ActKind
    turn: int
    order: int
    name: str = ""
    subject: str = ""


_COMMITTED = re.compile(r"^\[([^\]\n]*?)\s([0-9a-f]{7,40})\]\s*(.*)$", re.MULTILINE)
_LOGGED = re.compile(r"^([0-9a-f]{7,40}) (\S.*)$", re.MULTILINE)
"""What `git log --oneline` shows after a commit that says nothing itself."""
_PULL = re.compile(r"https://[^\s)\"']+/(?:pull|merge_requests|pull-requests)/\d+")
_CONFLICT = re.compile(r"^CONFLICT \([^)]*\): (?:Merge conflict in )?(\S+)", re.MULTILINE)
_COUNTED = re.compile(r"\b\d+ files? changed\b")
"""What is left of git's words where a wrapper shortens them."""
_QUIET = re.compile(r"\s(?:-\w*q\w*|--quiet)\b")
_NOT_MADE = re.compile(r"\bfatal\b|\berror\b|\bnothing (?:added )?to commit\b|\bfail", re.IGNORECASE)
_GIT = re.compile(r"git\s+(?:-[cC]\s+\S+\s+|--no-pager\s+)*([a-z-]+)\s*(.*)", re.DOTALL)
_MERGES = {"merge", "rebase", "cherry-pick", "pull", "stash", "revert"}
_GIVES = {"-m", "-s", "-X", "-F", "--message", "--strategy", "--strategy-option", "--onto"}
"""Options of a merge that a value follows: it is not what is merged."""
_PUSHED = re.compile(r"->|Everything up-to-date|set up to track|^To \S+", re.MULTILINE)


def acts(events: tuple[Event, ...]) -> list[Act]:
    """Return what was done with git, in order; what failed or was refused is left out."""
    results = {event.call: event for event in events if event.kind in {"result", "error"} and event.call}
    found: list[Act] = []
    for order, event in enumerate(events):
        result = results.get(event.call) if event.kind == "command" else None
        if result is not None and result.kind == "result":
            found.extend(_acts_of(event, result, order))
    return found


def conflicts(events: tuple[Event, ...]) -> Iterator[tuple[int, str, tuple[str, ...]]]:
    """Yield for each merge or rebase that stopped: its result's turn, what was merged, the files in conflict."""
    results = {event.call: event for event in events if event.kind in {"result", "error"} and event.call}
    for order, event in enumerate(events):
        merge = _merging(event.target) if event.kind == "command" else ""
        result = results.get(event.call)
        paths = tuple(dict.fromkeys(_CONFLICT.findall(result.text))) if merge and result else ()
        if not merge or not result or not paths:
            continue
        following = (
            later.target
            for later in events[order + 1 :]
            if later.kind == "command" and re.search(r"\bgit\b", later.target)
        )
        given_up = next(
            (
                bool(re.search(r"--abort\b", target))
                for target in following
                if re.search(r"--abort\b|\bgit (?:commit|add|merge|rebase)\b", target)
            ),
            False,
        )
        if not given_up:
            yield result.turn, merge, paths


def _merging(command: str) -> str:
    """Return the verb and the target of the merge that a command line began, "" where it began none."""
    for part in segments(command):
        verb = _GIT.match(unwrapped(part))
        if verb and verb.group(1) in _MERGES and not re.search(r"--(?:abort|continue|skip|quit)\b", part):
            return f"{verb.group(1)} {_target(verb.group(2))}".strip()
    return ""


def _target(words: str) -> str:
    """Return what is merged: the last word that is no option, no option's value and no redirection of output."""
    try:
        parts = shlex.split(words)
    except ValueError:
        parts = words.split()
    named = [
        part
        for before, part in itertools.pairwise(["", *parts])
        if before not in _GIVES and not re.match(r"-|[\d&]*[<>]", part) and not re.fullmatch(r"[\d&]*[<>]+&?", before)
    ]
    return "/".join(named[-2:]) if named[:1] in (["origin"], ["upstream"]) else "".join(named[-1:])


def _acts_of(event: Event, result: Event, order: int) -> list[Act]:
    found: list[Act] = []
    for part in segments(event.target):
        act = _act(part, result, order, event.target)
        if act is not None:
            found.append(act)
    return found


def _act(part: str, result: Event, order: int, line: str) -> Act | None:
    part = unwrapped(part)
    if re.match(r"gh pr create|glab mr create", part):
        pull = _PULL.search(result.text)
        return Act("pull-request", result.turn, order, pull.group()) if pull else None
    verb = _GIT.match(part)
    if verb is None or re.search(r"--(?:abort|dry-run)\b", part):
        return None
    if verb.group(1) == "commit":
        return _committed(part, line, result, order)
    if verb.group(1) == "push":
        return Act("push", result.turn, order) if _PUSHED.search(result.text) or result.exit_code == 0 else None
    if verb.group(1) in {"merge", "rebase", "pull"} and not re.search(r"\bup[ -]to[ -]date\b", result.text):
        kind: ActKind = "rebase" if verb.group(1) == "rebase" else "merge"
        return Act(kind, result.turn, order, _target(verb.group(2)))
    return None


def _committed(part: str, line: str, result: Event, order: int) -> Act | None:
    made = _COMMITTED.search(result.text)
    if made:
        return Act("commit", result.turn, order, made.group(2)[:8], made.group(3))
    logged = _LOGGED.search(result.text) if re.search(r"\bgit log\b", line) else None
    if logged:
        return Act("commit", result.turn, order, logged.group(1)[:8], logged.group(2))
    silent = _QUIET.search(without_quotations(part)) and not _NOT_MADE.search(result.text)
    return Act("commit", result.turn, order) if silent or _COUNTED.search(result.text) else None
