"""What the session did with git and its forge: commits, pushes, merges, pull requests."""

from __future__ import annotations

import itertools
import shlex
from collections.abc import Iterator
from typing import Literal, NamedTuple

from session_journal.core import lazy_re as re
from session_journal.core.events import Event, answers
from session_journal.core.insights.shell import segments, unwrapped, without_quotations
from session_journal.core.records import record

ActKind = Literal["commit", "push", "merge", "rebase", "pull-request"]


@record(frozen=True, slots=True)
class Act:
    """One thing done with git that worked.

    name: a commit's short hash ("" where git's words are not shown), a pull request's address, a branch.
    automatic: a tool commits each edit by itself, whatever came of it.
    """

    kind: ActKind
    turn: int
    order: int
    name: str = ""
    subject: str = ""
    automatic: bool = False

    @property
    def lands(self) -> bool:
        """Say whether it shows that work was meant to stay: a commit that a tool makes of every edit does not."""
        return self.kind in {"commit", "pull-request"} and not self.automatic


_COMMITTED = re.compile(r"^\[([^\]\n]*?)\s([0-9a-f]{7,40})\]\s*(.*)$", re.MULTILINE)
_LOGGED = re.compile(r"^([0-9a-f]{7,40}) (\S.*)$", re.MULTILINE)
"""What `git log --oneline` shows after a commit that says nothing itself."""
_BY_TOOL = re.compile(r"^Commit ([0-9a-f]{7,40}) (\S.*)$", re.MULTILINE)
"""How a tool that commits by itself tells of it."""
_TAKEN_BACK = re.compile(r"^Removed: ([0-9a-f]{7,40})\b|^The above commit ([0-9a-f]{7,40}) was reset\b", re.MULTILINE)
UNDO = "/undo"
"""The command to a tool that commits by itself to take its last commit back."""
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


class Merge(NamedTuple):
    """A merge, a rebase or the like that git left to be finished: for conflicts, or because it was told so.

    turn: of git's answer; what: git's verb and what it took; paths: the files in conflict.
    landed: the turn in which it was finished, 0 where that is not shown; resolved: the conflicts were seen to.
    """

    turn: int
    what: str
    paths: tuple[str, ...] = ()
    landed: int = 0
    resolved: bool = True


def acts(events: tuple[Event, ...]) -> list[Act]:
    """Return what was done with git, in order; what failed, was refused or never finished is left out."""
    results = answers(events)
    open_ends = {merge.turn for merge in unfinished(events, given_up=True) if not merge.landed}
    found: list[Act] = []
    for order, event in enumerate(events):
        result = results.get(event.call) if event.kind in {"command", "edit"} else None
        if result is None or result.kind != "result":
            continue
        if event.kind == "edit":
            found.extend(act for act in _by_tool(result, order) if not found or found[-1].name != act.name)
            continue
        made = _acts_of(event, result, order)
        found.extend(act for act in made if act.kind not in {"merge", "rebase"} or act.turn not in open_ends)
    return found


def _by_tool(result: Event, order: int) -> Iterator[Act]:
    if "Commit " in result.text:
        for found in _BY_TOOL.finditer(result.text):
            yield Act("commit", result.turn, order, found[1][:8], found[2], automatic=True)


def commits_in(text: str) -> list[str]:
    """Return the names of the commits that a tool says it made."""
    return [found[1] for found in _BY_TOOL.finditer(text)] if "Commit " in text else []


def committed_as(text: str) -> str:
    """Return the name of the commit that an output tells of, "" where it tells of none."""
    found = _COMMITTED.search(text)
    return found[2] if found else next(iter(commits_in(text)), "")


def taken_back(text: str) -> str:
    """Return the name of the commit that a tool says it took back, "" where it says nothing of the kind."""
    found = _TAKEN_BACK.search(text)
    return (found[1] or found[2]) if found else ""


def is_same(one: str, other: str) -> bool:
    """Say whether two names are of one commit: each may be short."""
    return bool(one and other) and (one.startswith(other) or other.startswith(one))


def unfinished(events: tuple[Event, ...], *, given_up: bool = False) -> Iterator[Merge]:
    """Yield each merge or rebase that git left to be finished; those that were given up only where asked for."""
    results = answers(events)
    for order, event in enumerate(events):
        what = _merging(event.target) if event.kind == "command" else ""
        result = results.get(event.call)
        paths = tuple(dict.fromkeys(_CONFLICT.findall(result.text))) if what and result else ()
        if not what or not result or not (paths or _is_left_open(event.target, result)):
            continue
        landed, dropped = _finished(events[order + 1 :], results)
        if given_up or not dropped:
            seen_to = bool(landed) or all(_is_seen_to(path, events[order + 1 :]) for path in paths)
            yield Merge(result.turn, what, paths, landed, seen_to)


_STAYS_OPEN = re.compile(r"\s--(?:no-commit|squash)\b|\bgit\s+(?:cherry-pick|revert)\b[^|;&]*\s-n\b")
_NOTHING_LEFT = re.compile(
    r"\bup[ -]to[ -]date\b|^(?:fatal|error): |doesn't want to|^Fast-forward$(?!.*not updating HEAD)",
    re.MULTILINE | re.DOTALL,
)


def _is_left_open(command: str, result: Event) -> bool:
    """Say whether git was told to stop before the commit, and had something to stop at."""
    return bool(_STAYS_OPEN.search(command)) and not _NOTHING_LEFT.search(result.text)


_GIVEN_UP = re.compile(r"\bgit\b.*\s(?:--abort|--quit|reset\s+(?:-\S+\s+)*--(?:hard|merge))\b")
_GONE_ON = re.compile(r"\bgit\s+(?:-\S+\s+)*(?:merge|rebase|cherry-pick|revert)\b.*\s--continue\b")
_LANDED = re.compile(
    r"\bnothing to commit, working tree clean\b|^(?:[0-9a-f]{7,40} )?Merge (?:\S+ )?branch ", re.MULTILINE
)
"""What shows that it was committed, where git's own answer to that is not told."""


def _finished(later: tuple[Event, ...], results: dict[str, Event]) -> tuple[int, bool]:
    """Return the turn in which a merge was finished, 0 where it was not, and whether it was given up."""
    for order, event in enumerate(later):
        result = results.get(event.call) if event.kind == "command" else None
        if result is None:
            continue
        if _GIVEN_UP.search(event.target):
            return 0, True
        gone_on = _GONE_ON.search(event.target) and result.kind == "result" and not _CONFLICT.search(result.text)
        made = any(act.kind in {"commit", "push"} for act in _acts_of(event, result, order))
        if gone_on or made or (_GIT_IN.search(event.target) and _LANDED.search(result.text)):
            return result.turn, False
    return 0, False


_GIT_IN = re.compile(r"\bgit\b")


def _is_seen_to(path: str, later: tuple[Event, ...]) -> bool:
    """Say whether anything after a conflict changed its file, or told git that it is resolved."""
    name = path.rsplit("/", 1)[-1]
    return any(
        (event.kind == "edit" and event.target.rsplit("/", 1)[-1] == name)
        or (event.kind == "command" and (name in event.target or _ADDS_ALL.search(event.target)))
        for event in later
    )


_ADDS_ALL = re.compile(r"\bgit\s+(?:add|checkout|restore)\s+(?:\S+\s+)*(?:-A|-u|--all|\.|--ours|--theirs)(?!\S)")


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
    told = _BY_TOOL.search(result.text) if part == "git commit" else None
    if told:
        return Act("commit", result.turn, order, told.group(1)[:8], told.group(2))
    logged = _LOGGED.search(result.text) if re.search(r"\bgit log\b", line) else None
    if logged:
        return Act("commit", result.turn, order, logged.group(1)[:8], logged.group(2))
    silent = _QUIET.search(without_quotations(part)) and not _NOT_MADE.search(result.text)
    return Act("commit", result.turn, order) if silent or _COUNTED.search(result.text) else None
