"""Where commands ran: the working tree, its branch and what was stashed, for what passes elsewhere settles nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import field

from session_journal.core import lazy_re as re
from session_journal.core.events import Event
from session_journal.core.projects import base_folder
from session_journal.core.records import record


@record(frozen=True, slots=True)
class Place:
    """The state of files that a command saw.

    tree: the folder of another working tree, "" for the session's own; branch: "" where it is not told; holds: the
    branches whose work it has; stashed: how often changes had been put aside.
    """

    tree: str = ""
    branch: str = ""
    holds: frozenset[str] = frozenset()
    stashed: int = 0

    def has(self, other: Place) -> bool:
        """Say whether what was true of another state of the files, in time before this one, can be told here."""
        return self.stashed == other.stashed and (self.branch == other.branch or other.branch in self.holds)

    def settles(self, failed: Place) -> bool:
        """Say whether a check that passed here says anything of one that failed there before."""
        same = self.tree == failed.tree or _holds(self.tree, failed.tree) or _holds(failed.tree, self.tree)
        return same and self.has(failed)


HERE = Place()


def _holds(outer: str, inner: str) -> bool:
    """Say whether a folder lies in another one, and in the same working tree."""
    if not outer or not inner.startswith(f"{outer}/"):
        return False
    base = base_folder(inner)
    return base == inner or len(base) < len(outer)


@record(slots=True)
class _Tree:
    branch: str = ""
    before: str = ""
    stashed: int = 0


_CD = re.compile(r"[({]?\s*(?:cd|pushd|Set-Location)\s+(?:--\s+|-Path\s+)?(\"[^\"]+\"|'[^']+'|[^\s)]+)")
_THERE = re.compile(
    r"\s(?:-C|--prefix|--directory|--cwd|--project-dir)[\s=](\"[^\"]+\"|'[^']+'|\S+)|\s--manifest-path[\s=](\S+)/[^/\s]+"
)
_GIT = re.compile(
    r"[({]?\s*git\s+(?:-\S+(?:\s+(?=[^\s-])\S*/\S*)?\s+)*?(checkout|switch|merge|stash)\b\s*(.*)", re.DOTALL
)
_RESET = re.compile(r"^Shell cwd was reset to ", re.MULTILINE)
_REFUSED = re.compile(r"^(?:error|fatal): |^Aborting$|doesn't want to", re.MULTILINE)
_SWITCHED = re.compile(r"^(?:Switched to|Already on|HEAD is now at)\b", re.MULTILINE)
_FILES = re.compile(r"(?:^|\s)--(?:\s|$)|^Updated \d+ paths? from\b", re.MULTILINE)
_A_FILE = re.compile(r"\.$|\.\w{1,5}$")
_HOME = re.compile(r"^(?:[A-Za-z]:)?/(?:home|Users)/[^/]+|^/root(?=/|$)", re.IGNORECASE)


@record(slots=True)
class Places:
    """Follows the commands of a session, in order. cwd: the folder that it began in; branch: the one it began on."""

    cwd: str
    branch: str = ""
    _at: str = ""
    _trees: dict[str, _Tree] = field(default_factory=dict)
    _holds: dict[tuple[str, str], set[str]] = field(default_factory=dict)

    def follow(self, event: Event, result: Event | None, parts: Sequence[str]) -> list[Place]:
        """Return where each of a command line's simple commands ran, and take in what they changed."""
        folder, kept, found = self._at, list[str](), list[Place]()
        shown = result.text if result is not None else ""
        for part in parts:
            folder = self._entered(part, folder, kept)
            there = _THERE.search(part)
            tree = self._tree(self._resolved(there.group(1) or there.group(2), folder) if there else folder)
            found.append(self._place(tree))
            verb = _GIT.match(part)
            if verb and not (_REFUSED.search(shown) and not _SWITCHED.search(shown)):
                self._take(tree, verb.group(1), verb.group(2), shown)
            if part.endswith(")") and part.count(")") > part.count("(") and kept:
                folder = kept.pop()
        if _RESET.search(shown):
            self._at = ""
        elif len(parts) == 1 and event.role == "assistant":
            self._at = folder  # a `cd` of its own is for the commands after it
        return found

    def _entered(self, part: str, folder: str, kept: list[str]) -> str:
        """Return the folder that a simple command runs in; kept: the ones to go back to, which grow and shrink here."""
        if part.startswith(("(", "pushd")):
            kept.append(folder)
        elif part.startswith("popd") and kept:
            return kept.pop()
        moved = _CD.match(part)
        return self._resolved(moved.group(1), folder) if moved else folder

    def here(self) -> Place:
        """Return the state of the session's own working tree."""
        return self._place("")

    def _state(self, tree: str) -> _Tree:
        return self._trees.setdefault(tree, _Tree("" if tree else self.branch))

    def _place(self, tree: str) -> Place:
        state = self._state(tree)
        return Place(tree, state.branch, frozenset(self._holds.get((tree, state.branch), ())), state.stashed)

    def _resolved(self, path: str, folder: str) -> str:
        """Return a folder without `.` and `..`, "" for the one that the session began in."""
        path = _homely(path.strip("\"'"))
        if "$" in path or "`" in path or path in {"-", ""} or not self.cwd:
            return ""
        if not re.match(r"~|/|[A-Za-z]:/", path):
            path = f"{folder or _homely(self.cwd)}/{path}"
        steps: list[str] = []
        for step in path.split("/"):
            if step == "..":
                del steps[-1:]
            elif step != ".":
                steps.append(step)
        return "/".join(steps)

    def _tree(self, folder: str) -> str:
        """Return the working tree that a folder lies in: "" for the session's own, else the folder itself."""
        own = _homely(self.cwd)
        if not folder or folder == own or _holds(own, folder) or _holds(folder, own):
            return ""
        return folder

    def _take(self, tree: str, verb: str, rest: str, shown: str) -> None:
        state = self._state(tree)
        words = [one for one in rest.split() if not re.match(r"[\d&]*[<>|]", one)]
        if verb == "stash":
            state.stashed = max(0, state.stashed + _stashed(words, shown))
        elif verb == "merge":
            self._merge(tree, state.branch, [one for one in words if not one.startswith("-")])
        elif not _FILES.search(rest) and not _FILES.search(shown):
            self._switch(tree, state, words)

    def _merge(self, tree: str, branch: str, names: Sequence[str]) -> None:
        held = self._holds.setdefault((tree, branch), {branch})
        for name in names:
            held |= {name.removeprefix("origin/")} | self._holds.get((tree, name.removeprefix("origin/")), set())

    def _switch(self, tree: str, state: _Tree, words: Sequence[str]) -> None:
        names = [one for one in words if not one.startswith("-") or one == "-"]
        if not names or _A_FILE.search(names[0]) or len(names) > 2 or "-p" in words:
            return
        new = any(one in {"-b", "-B", "-c", "-C", "--orphan"} for one in words)
        name = state.before if names[0] == "-" else names[0].removeprefix("origin/")
        if len(names) > 1 and not new:
            return  # a file out of another branch
        held = self._holds.setdefault((tree, name), {name})
        if new:
            start = names[1].removeprefix("origin/") if len(names) > 1 else state.branch
            held |= {start} | self._holds.get((tree, start), set())
        elif not self.branch and state.branch and name not in {state.branch, state.before}:
            held.add("")  # the first branch has no name here: this may be it
        state.before, state.branch = state.branch, name


def _homely(path: str) -> str:
    """Return a path in one form: with slashes, and its home folder as `~`, as redaction leaves it."""
    return _HOME.sub("~", path.replace("\\", "/").rstrip("/"), count=1)


def _stashed(words: Sequence[str], shown: str) -> int:
    """Return by how much a `git stash` changes what is put aside."""
    verb = words[0] if words and not words[0].startswith("-") else "push"
    if verb in {"push", "save"}:
        return 0 if re.search(r"^No local changes to save", shown, re.MULTILINE) else 1
    return -1 if verb in {"pop", "apply"} and not re.search(r"^CONFLICT\b", shown, re.MULTILINE) else 0
