"""Which files of the project the session left changed, which it put back, and which edits the user declined."""

from __future__ import annotations

import itertools
import shlex
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from session_journal.core import lazy_re as re
from session_journal.core.events import REMOVED, Event, Session, answers
from session_journal.core.insights import restores
from session_journal.core.insights.goals import is_refused
from session_journal.core.insights.shell import segments, without_quotations
from session_journal.core.insights.trails import Trail, Walk, move, remove, remove_all
from session_journal.core.insights.vcs import UNDO, commits_in, committed_as, taken_back

_REDIRECT = re.compile(r"(?<![0-9&<>=-])>>?\s*[\"']?([^\s&|;<>()\"']+)")
_CONFLICT = re.compile(
    r"^CONFLICT \([^)]*\): (?:Merge conflict in (\S+)|(\S+) (?:deleted|renamed|added))", re.MULTILINE
)
_REFORMATTED = re.compile(r"^reformatted (\S+)$|^(\S+\.\w+) \d+ms$", re.MULTILINE)
_WRITTEN = re.compile(
    r"open\(\s*[\"']([^\"']+)[\"']\s*,\s*[\"'](?:mode=)?[wax]"
    r"|(?:Path\(\s*|writeFileSync\(\s*|File\.write\(\s*)[\"']([^\"']+)[\"'](?=\)\.write|,)"
)
_FOLDERS = re.compile(r"(?<=[\w.~:])\\(?=[\w.])")
_POWERSHELL = {
    **dict.fromkeys(("remove-item", "del", "erase", "ri", "rd"), "rm"),
    **dict.fromkeys(("move-item", "mi", "move", "rename-item", "ren"), "mv"),
    **dict.fromkeys(("set-content", "add-content", "out-file"), "tee"),
    **dict.fromkeys(("copy-item", "copy", "cpi"), "cp"),
}
_VARIABLE = re.compile(r"^\w+=\S*$")


_CREATED = re.compile(r"\bcreated\b|\bnew file\b|^A ", re.IGNORECASE | re.MULTILINE)


def changed_files(session: Session) -> list[Trail]:
    """Return a trail for each file of the project that was changed, put back, or whose edit was declined."""
    walk, _, told = _walk(session)
    found = [trail for trail in walk.trails.values() if trail.touched or trail.merged or trail.declined]
    for trail in found:
        trail.recorded = told
    return found


def written(session: Session) -> list[int]:
    """Return the places, among the events, of shell commands that wrote, moved or removed files of the project."""
    return followed(session).written


class Followed(NamedTuple):
    """What came of a session's changes. written: the places of the commands whose changes of files stand.

    taken: the place of each event whose changes were taken back, with that of the event that did so; gone: the names of
    the commits that were.
    """

    written: list[int]
    taken: Mapping[int, int]
    gone: frozenset[str]


def followed(session: Session) -> Followed:
    """Return which changes stand and which were taken back."""
    walk, orders, _ = _walk(session)
    undoing = {*walk.taken, *walk.taken.values()}
    return Followed([order for order in orders if order not in undoing], walk.taken, frozenset(walk.gone))


@lru_cache(maxsize=1)
def _walk(session: Session) -> tuple[Walk, list[int], bool]:
    """Follow the files through a session; return them, the places of the commands that wrote any, and what is known.

    The last says whether the transcript writes down what calls gave back; some tools' never do.
    """
    results = answers(session.events)
    walk, orders = Walk(session.cwd.replace("\\", "/").rstrip("/")), list[int]()
    for order, event in enumerate(session.events):
        walk.order, walk.turn = order, event.turn
        result = results.get(event.call) if event.call else None
        known = result is not None or not results
        if event.kind == "edit" and (known or not event.call):
            _take_edit(walk, event, result)
        elif event.kind == "command" and (known or event.role == "user"):
            before = sum(len(trail.turns) for trail in walk.trails.values())
            _take_command(walk, event, result)
            if sum(len(trail.turns) for trail in walk.trails.values()) > before:
                orders.append(order)
        elif event.kind in {"result", "error"} and not event.call:
            _take_commits(walk, event, session.events)
    return walk, orders, bool(results)


def _take_commits(walk: Walk, event: Event, events: Sequence[Event]) -> None:
    """Note what a tool committed by itself: before it applies edits, what is left of earlier ones."""
    for name in commits_in(event.text):
        late = (
            {order for order in walk.fresh if events[order].turn >= event.turn - 1} if _BEFORE in event.text else set()
        )
        walk.commits.append((name, walk.fresh - late))
        walk.fresh = late


_BEFORE = "before applying edits"


def sides(text: str) -> tuple[str, str]:
    """Return an edit's old and new text from its `- ` and `+ ` lines."""
    lines = text.splitlines()
    old = "\n".join(line[2:] for line in lines if line.startswith("- "))
    return old, "\n".join(line[2:] for line in lines if line.startswith("+ "))


def _take_edit(walk: Walk, event: Event, result: Event | None) -> None:
    """Note an edit; that it made the file is only known where the result says so."""
    old, new = sides(event.text)
    made = result is None or result.kind == "result"
    if made and event.text == REMOVED:
        remove(walk, event.target, event.turn)
    elif result is None or result.kind == "result":
        create = not old and result is not None and bool(_CREATED.search(result.text))
        walk.edit(event.target, event.turn, old, new, create=create)
        for name in commits_in(result.text) if result is not None else ():
            walk.commit_one(event.target, name)
    elif is_refused(result) or "rejected" in result.text[:200]:
        trail = walk.trail(event.target)
        if trail is not None:
            trail.declined.append(event.turn)


def _take_command(walk: Walk, event: Event, result: Event | None) -> None:
    text = result.text if result else ""
    for found in _CONFLICT.finditer(text):
        walk.conflicts[found.group(1) or found.group(2)] = event.turn
    failed = result is not None and (result.kind == "error" or result.exit_code not in {0, None})
    if failed and "doesn't want to" in text[:200]:
        return
    if event.target == UNDO:
        restores.undo(walk, taken_back(text))
        return
    known = len(walk.commits)
    is_windows = re.match(r"[A-Za-z]:/", walk.cwd) is not None
    parts = segments(_FOLDERS.sub("/", event.target) if is_windows else event.target)
    _take_parts(walk, event.turn, parts[:-1] if failed else parts)
    for path in _scripted(event.target) if not failed else ():
        walk.edit(path, event.turn, "", "written by a script")
    for found in _REFORMATTED.finditer(text):
        walk.edit(found.group(1) or found.group(2), event.turn, "", "reformatted")
    if len(walk.commits) > known and not walk.commits[-1][0]:
        walk.commits[-1] = (committed_as(text), walk.commits[-1][1])


def _take_parts(walk: Walk, turn: int, parts: Sequence[str]) -> None:
    """Note what the simple commands of one line changed, following its `cd`s."""
    folder = ""
    for part in parts:
        words = _words(part)
        if words[:1] == ["cd"] and len(words) > 1:
            folder = words[1] if words[1].startswith(("/", "~")) else f"{folder}/{words[1]}".lstrip("/")
        elif words:
            _take_words(walk, turn, words, folder)
            for found in _REDIRECT.finditer(without_quotations(part)):
                walk.edit(_join(folder, found.group(1)), turn, "", part)


def _scripted(command: str) -> list[str]:
    """Return the files that a script within the command line names as written."""
    if not re.match(r"\s*(?:\S*python[\d.]*|node|ruby)\b", command):
        return []
    return [found.group(1) or found.group(2) for found in _WRITTEN.finditer(command)]


def _take_words(walk: Walk, turn: int, words: list[str], folder: str) -> None:
    name = words[0].rsplit("/", 1)[-1]
    plain = [word for word in words[1:] if not word.startswith("-")]
    if name.lower() in _POWERSHELL:
        name = _POWERSHELL[name.lower()]
        plain = [word for before, word in itertools.pairwise(words) if _is_path(before, word)]
    if name == "git":
        _take_git(walk, turn, words[1:], folder)
        return
    for path in _edited(name, words, plain):
        walk.edit(_join(folder, path), turn, "", " ".join(words))
    paths = [_join(folder, path) for path in plain]
    if name == "mv":
        move(walk, turn, paths)
    elif name in {"rm", "unlink", "trash"}:
        remove_all(walk, turn, paths)


def _is_path(before: str, word: str) -> bool:
    """Say whether a word of a PowerShell command names a path: no option, and no option's other value."""
    named = {"-path", "-literalpath", "-filepath", "-destination", "-newname", "-force", "-recurse", "-nonewline"}
    return not word.startswith("-") and (not before.startswith("-") or before.lower() in named)


def _edited(name: str, words: list[str], plain: list[str]) -> list[str]:
    """Return the files that a command writes to, by its name."""
    if name in {"sed", "gsed"} and any(re.match(r"-[a-zA-Z]*i|--in-place", word) for word in words):
        scripts = {words[place + 1] for place, word in enumerate(words[:-1]) if word in {"-e", "-f", "--expression"}}
        named = plain[re.fullmatch(r"|\.\w+", plain[0]) is not None if plain else 0 :]  # BSD's suffix is its own word
        return [path for path in named[0 if scripts else 1 :] if path not in scripts and ("/" in path or "." in path)]
    if name == "perl" and any(re.match(r"-\w*i", word) for word in words):
        return [path for path in plain[1:] if "." in path]
    if name == "tee":
        return plain
    if name in {"cp", "install"} and len(plain) > 1:
        return [plain[-1]] if "." in plain[-1].rsplit("/", 1)[-1] else []
    return plain if name == "touch" else []


def _take_git(walk: Walk, turn: int, words: list[str], folder: str) -> None:
    while words and words[0].startswith("-"):
        folder = words[1] if words[0] == "-C" and len(words) > 1 else folder
        words = words[2 if words[0] in {"-C", "-c"} else 1 :]
    verb, rest = (words[0], words[1:]) if words else ("", [])
    if "--abort" in rest:
        walk.conflicts.clear()
    paths = [_join(folder, word) for word in rest if not word.startswith("-")]
    if verb in {"checkout", "restore"}:
        _take_checkout(walk, turn, rest, paths)
    elif verb in {"mv", "rm"}:
        (move if verb == "mv" else remove_all)(walk, turn, paths)
    elif verb in restores.VERBS:
        restores.VERBS[verb](walk, rest)
    elif verb in {"add", "commit"}:
        _resolve(walk, turn, paths, everything=verb == "commit" or bool({"-A", ".", "-u"} & set(rest)))
        if verb == "commit":
            walk.commit(amends="--amend" in rest)


def _take_checkout(walk: Walk, turn: int, rest: list[str], paths: list[str]) -> None:
    if {"--theirs", "--ours"} & set(rest):
        _resolve(walk, turn, paths, everything=False)
    elif "--" in rest[1:] and rest[0] != "HEAD":
        restores.from_commit(walk, rest[0], paths[1:])
    elif rest[:1] == ["--"] or (rest[:1] == ["."]) or ("--" in rest and rest[0] == "HEAD"):
        for path in paths:
            walk.put_back("." if path.endswith("/.") or path == "." else path)
    elif not {"--staged", "-b", "-B"} & set(rest):
        files = [path for path in paths if path.rsplit("/", 1)[-1].count(".") and path in walk.trails]
        for path in files:
            walk.put_back(path)
        if not files:
            walk.commits.clear()  # a branch: what is counted back from it is not of the one that was left


def _resolve(walk: Walk, turn: int, paths: list[str], *, everything: bool) -> None:
    """Count files in conflict that were resolved: named one by one, or committed with the merge."""
    for path in list(walk.conflicts):
        if everything or any(path == named or path.endswith(f"/{named}") for named in paths):
            trail = walk.trail(path)
            if trail is not None:
                trail.merged = trail.touched = True
                trail.turns.append(turn)
            del walk.conflicts[path]


def _join(folder: str, path: str) -> str:
    return path if not folder or path.startswith(("/", "~")) else f"{folder.rstrip('/')}/{path}"


_UNQUOTED = re.compile(r"[ \t\r\n!#-&(-\[\]-~]*")
"""Without quotes and backslashes the words of a command stand between its blanks."""


def _words(part: str) -> list[str]:
    try:
        words = part.split() if _UNQUOTED.fullmatch(part) else shlex.split(part)
    except ValueError:
        words = part.split()
    while words and (
        _VARIABLE.match(words[0]) or words[0] in {"sudo", "env", "command", "time", "then", "do", "xargs"}
    ):
        words = words[1:]
    return words
