"""Which files of the project the session left changed, which it put back, and which edits the user declined."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from session_journal.core.events import REMOVED, Event, Session
from session_journal.core.insights.shell import segments
from session_journal.core.projects import relative_path

_REDIRECT = re.compile(r"(?<![0-9&<>=-])>>?\s*([^\s&|;<>()]+)")
_CONFLICT = re.compile(
    r"^CONFLICT \([^)]*\): (?:Merge conflict in (\S+)|(\S+) (?:deleted|renamed|added))", re.MULTILINE
)
_REFORMATTED = re.compile(r"^reformatted (\S+)$|^(\S+\.\w+) \d+ms$", re.MULTILINE)
_SCRATCH = re.compile(
    r"(?:^|/)(?:tmp|temp|scratch(?:pad)?|node_modules|__pycache__|\.git|dist|build/tmp)/|^(?:~|/|"
    r"[A-Za-z]:/|\.\./|\$|%|<)|[*?{}$`\"']|^-|^\.?$"
)
_WRITTEN = re.compile(
    r"open\(\s*[\"']([^\"']+)[\"']\s*,\s*[\"'](?:mode=)?[wax]"
    r"|(?:Path\(\s*|writeFileSync\(\s*|File\.write\(\s*)[\"']([^\"']+)[\"'](?=\)\.write|,)"
)
_VARIABLE = re.compile(r"^\w+=\S*$")


_CREATED = re.compile(r"\bcreated\b|\bnew file\b|^A ", re.IGNORECASE | re.MULTILINE)


@dataclass(slots=True)
class Trail:
    """Everything that happened to one file. edits: (old, new) pairs still standing; turns: where it was changed."""

    path: str
    edits: list[tuple[str, str]] = field(default_factory=list)
    turns: list[int] = field(default_factory=list)
    committed: int = 0
    deleted: bool = False
    created: bool = False
    merged: bool = False
    declined: list[int] = field(default_factory=list)
    touched: bool = False
    recorded: bool = True
    """Whether the transcript writes down what calls gave back: else it is not known that any of this was done."""

    @property
    def changed(self) -> bool:
        """Say whether the file is left different from how it was found."""
        return bool(self.edits or self.merged) and not (self.deleted and self.created)

    @property
    def reverted(self) -> bool:
        """Say whether the file was changed and put back."""
        return self.touched and not self.changed


@dataclass(slots=True)
class _Walk:
    cwd: str
    trails: dict[str, Trail] = field(default_factory=dict)
    conflicts: dict[str, int] = field(default_factory=dict)

    def trail(self, path: str) -> Trail | None:
        """Return the trail of a path of the project, None for one outside it or in a scratch folder."""
        relative = relative_path(path.strip(), (self.cwd,) if self.cwd else ()).removeprefix("./")
        if not relative or _SCRATCH.search(relative):
            return None
        return self.trails.setdefault(relative, Trail(relative))

    def edit(self, path: str, turn: int, old: str, new: str, *, create: bool = False) -> None:
        """Note a change; one that leads back to an earlier state takes away what lies between."""
        trail = self.trail(path)
        if trail is None:
            return
        trail.touched = True
        trail.created = trail.created or (create and not trail.edits)
        trail.deleted = False
        start = len(trail.edits)
        while start > trail.committed and trail.edits[start - 1][1] == (
            old if start == len(trail.edits) else trail.edits[start][0]
        ):
            start -= 1
            if trail.edits[start][0] == new and new:
                del trail.edits[start:]
                return
        trail.edits.append((old, new))
        trail.turns.append(turn)

    def put_back(self, path: str) -> None:
        """Drop what was changed since the last commit: in one file, or everywhere for `.`."""
        one = self.trail(path) if path != "." else None
        for trail in self.trails.values() if path == "." else [one] if one else []:
            del trail.edits[trail.committed :]
            trail.merged = trail.merged and bool(trail.committed)

    def commit(self) -> None:
        """Take what stands now as what later restores go back to."""
        for trail in self.trails.values():
            trail.committed = len(trail.edits)


def changed_files(session: Session) -> list[Trail]:
    """Return a trail for each file of the project that was changed, put back, or whose edit was declined."""
    results = {event.call: event for event in session.events if event.kind in {"result", "error"} and event.call}
    told = not results  # some tools never write down what a call gave back
    walk = _Walk(session.cwd.replace("\\", "/").rstrip("/"))
    for event in session.events:
        result = results.get(event.call) if event.call else None
        if event.kind == "edit" and (result is not None or told or not event.call):
            _take_edit(walk, event, result)
        elif event.kind == "command" and (result is not None or told or event.role == "user"):
            _take_command(walk, event, result)
    found = [trail for trail in walk.trails.values() if trail.touched or trail.merged or trail.declined]
    for trail in found:
        trail.recorded = not told
    return found


def sides(text: str) -> tuple[str, str]:
    """Return an edit's old and new text from its `- ` and `+ ` lines."""
    lines = text.splitlines()
    old = "\n".join(line[2:] for line in lines if line.startswith("- "))
    return old, "\n".join(line[2:] for line in lines if line.startswith("+ "))


def _take_edit(walk: _Walk, event: Event, result: Event | None) -> None:
    """Note an edit; that it made the file is only known where the result says so."""
    old, new = sides(event.text)
    made = result is None or result.kind == "result"
    if made and event.text == REMOVED:
        _remove(walk, event.target, event.turn)
    elif result is None or result.kind == "result":
        create = not old and result is not None and bool(_CREATED.search(result.text))
        walk.edit(event.target, event.turn, old, new, create=create)
    elif "doesn't want to" in result.text[:200] or "rejected" in result.text[:200]:
        trail = walk.trail(event.target)
        if trail is not None:
            trail.declined.append(event.turn)


def _take_command(walk: _Walk, event: Event, result: Event | None) -> None:
    text = result.text if result else ""
    for found in _CONFLICT.finditer(text):
        walk.conflicts[found.group(1) or found.group(2)] = event.turn
    failed = result is not None and (result.kind == "error" or result.exit_code not in {0, None})
    if failed and "doesn't want to" in text[:200]:
        return
    parts = segments(event.target)
    _take_parts(walk, event.turn, parts[:-1] if failed else parts)
    for path in _scripted(event.target) if not failed else ():
        walk.edit(path, event.turn, "", "written by a script")
    for found in _REFORMATTED.finditer(text):
        walk.edit(found.group(1) or found.group(2), event.turn, "", "reformatted")


def _take_parts(walk: _Walk, turn: int, parts: Sequence[str]) -> None:
    """Note what the simple commands of one line changed, following its `cd`s."""
    folder = ""
    for part in parts:
        words = _words(part)
        if words[:1] == ["cd"] and len(words) > 1:
            folder = words[1] if words[1].startswith(("/", "~")) else f"{folder}/{words[1]}".lstrip("/")
        elif words:
            _take_words(walk, turn, words, folder)
            for found in _REDIRECT.finditer(part):
                walk.edit(_join(folder, found.group(1)), turn, "", part)


def _scripted(command: str) -> list[str]:
    """Return the files that a script within the command line names as written."""
    if not re.match(r"\s*(?:\S*python[\d.]*|node|ruby)\b", command):
        return []
    return [found.group(1) or found.group(2) for found in _WRITTEN.finditer(command)]


def _take_words(walk: _Walk, turn: int, words: list[str], folder: str) -> None:
    name = words[0].rsplit("/", 1)[-1]
    plain = [word for word in words[1:] if not word.startswith("-")]
    if name == "git":
        _take_git(walk, turn, words[1:], folder)
        return
    for path in _edited(name, words, plain):
        walk.edit(_join(folder, path), turn, "", " ".join(words))
    if name in {"mv", "rm", "unlink", "trash"}:
        for path in plain[:-1] if name == "mv" else plain:
            _remove(walk, _join(folder, path), turn)


def _edited(name: str, words: list[str], plain: list[str]) -> list[str]:
    """Return the files that a command writes to, by its name."""
    if name in {"sed", "gsed"} and any(re.match(r"-[a-zA-Z]*i|--in-place", word) for word in words):
        scripts = {words[place + 1] for place, word in enumerate(words[:-1]) if word in {"-e", "-f", "--expression"}}
        return [path for path in plain[0 if scripts else 1 :] if path not in scripts and ("/" in path or "." in path)]
    if name == "perl" and any(re.match(r"-\w*i", word) for word in words):
        return [path for path in plain[1:] if "." in path]
    if name == "tee":
        return plain
    if name in {"mv", "cp", "install"} and len(plain) > 1:
        return [plain[-1]] if "." in plain[-1].rsplit("/", 1)[-1] else []
    return plain if name == "touch" else []


def _take_git(walk: _Walk, turn: int, words: list[str], folder: str) -> None:
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
        _take_move(walk, turn, verb, paths)
    elif verb == "reset" and "--hard" in rest:
        walk.put_back(".")
    elif verb in {"add", "commit"}:
        _resolve(walk, turn, paths, everything=verb == "commit" or bool({"-A", ".", "-u"} & set(rest)))
        if verb == "commit":
            walk.commit()


def _take_move(walk: _Walk, turn: int, verb: str, paths: list[str]) -> None:
    moved = verb == "mv" and len(paths) > 1
    for path in paths[:-1] if moved else paths:
        _remove(walk, path, turn)
    if moved:
        walk.edit(paths[-1], turn, "", f"moved from {paths[0]}")


def _take_checkout(walk: _Walk, turn: int, rest: list[str], paths: list[str]) -> None:
    if {"--theirs", "--ours"} & set(rest):
        _resolve(walk, turn, paths, everything=False)
    elif rest[:1] == ["--"] or (rest[:1] == ["."]) or ("--" in rest and rest[0] == "HEAD"):
        for path in paths:
            walk.put_back("." if path.endswith("/.") or path == "." else path)
    elif not {"--staged", "-b", "-B"} & set(rest):
        for path in paths:
            if path.rsplit("/", 1)[-1].count(".") and path in walk.trails:
                walk.put_back(path)


def _resolve(walk: _Walk, turn: int, paths: list[str], *, everything: bool) -> None:
    """Count files in conflict that were resolved: named one by one, or committed with the merge."""
    for path in list(walk.conflicts):
        if everything or any(path == named or path.endswith(f"/{named}") for named in paths):
            trail = walk.trail(path)
            if trail is not None:
                trail.merged = trail.touched = True
                trail.turns.append(turn)
            del walk.conflicts[path]


def _remove(walk: _Walk, path: str, turn: int) -> None:
    trail = walk.trail(path)
    if trail is None or "." not in path.rsplit("/", 1)[-1]:
        walk.trails.pop(path, None) if trail is not None and not trail.touched else None
        return
    trail.deleted = trail.touched = True
    trail.turns.append(turn)
    trail.edits.append(("", "deleted"))


def _join(folder: str, path: str) -> str:
    return path if not folder or path.startswith(("/", "~")) else f"{folder.rstrip('/')}/{path}"


def _words(part: str) -> list[str]:
    try:
        words = shlex.split(part)
    except ValueError:
        words = part.split()
    while words and (
        _VARIABLE.match(words[0]) or words[0] in {"sudo", "env", "command", "time", "then", "do", "xargs"}
    ):
        words = words[1:]
    return words


def symbols(trail: Trail) -> Iterator[tuple[str, str]]:
    """Yield ("added" or "removed", name) for functions, types and classes that the edits defined or took away."""
    for old, new in trail.edits:
        before, after = _defined(old), _defined(new)
        for name in after:
            if name not in before:
                yield "added", name
        for name in before:
            if name not in after:
                yield "removed", name


_DEFINES = re.compile(
    r"^\s*(?:export\s+)?(?:default\s+)?(?:pub(?:\([^)]*\))?\s+)?(?:async\s+)?(?:abstract\s+)?"
    r"(?:func(?:tion)?\s+(?:\([^)]*\)\s*)?|def\s+|class\s+|type\s+|interface\s+|struct\s+|enum\s+|"
    r"fn\s+|trait\s+)([A-Za-z_]\w{2,})",
    re.MULTILINE,
)


def _defined(text: str) -> list[str]:
    return list(dict.fromkeys(_DEFINES.findall(text)))
