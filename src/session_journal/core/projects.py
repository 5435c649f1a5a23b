"""Names of projects: the six worktrees of one project are one project."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from functools import lru_cache

from session_journal.core import lazy_re as re

_WORKTREE = re.compile(
    r"/(?:\.(?:claude|cursor|codex|gemini)/worktrees|\.worktrees|\.git/worktrees|\.trees)(?:/.*)?$"
    r"|(?<=[^/])[-_.]worktrees?(?:/.*)?$"
)
_HOME = re.compile(r"~|(?:[A-Za-z]:)?/+(?:home|Users)/+[^/]+", re.IGNORECASE)
DRIVE = re.compile(r"[A-Za-z]:[\\/]")
_BESIDE = re.compile(r"[-_.]worktrees?/[^/]+/(.+)$")
_INSIDE = re.compile(r"(?:\.(?:claude|cursor|codex|gemini)/worktrees|\.worktrees|\.trees)/[^/]+/(.+)$")
_TEMPORARY = re.compile(r"tmp[a-z0-9_]{8}")
"""A folder that a program made for the moment, as Python names it."""
_REMOTE = re.compile(r"([^/:\\]+?)(?:\.git)?/*$")


def may_be_one(one: str, two: str) -> bool:
    """Tell whether two names may be of one project: what names none may be of any; capitals are no matter."""
    return not one or not two or are_called_alike(one, two)


def respelled(names: Iterable[str]) -> dict[str, str]:
    """Return the usual spelling of each name that is spelled otherwise: `API` of `api`, where most write that."""
    counted = Counter(names)
    ranked = sorted(counted, key=lambda name: (counted[name], name))
    usual = {name.casefold(): name for name in ranked}
    return {name: usual[name.casefold()] for name in ranked if usual[name.casefold()] != name}


def are_called_alike(one: str, other: str) -> bool:
    """Tell whether a person means one project by two names: those that differ in case alone."""
    return one.casefold() == other.casefold()


def base_folder(cwd: str) -> str:
    """Return the folder that a worktree was made from, by the places where worktrees are known to lie."""
    path = cwd.replace("\\", "/").rstrip("/")
    return _WORKTREE.sub("", path) or path


def project_name(cwd: str, remote: str = "", aliases: Mapping[str, str] | None = None) -> str:
    """Name the project of a working directory: the remote's name, else its folder; an alias renames either.

    An alias is keyed by that name, by the folder's path, or by a path above it. A home folder is named for a person
    and a temporary one for nothing; neither is a project: "".
    """
    base = base_folder(cwd)
    found = _REMOTE.search(remote.strip())
    folder = "" if _HOME.fullmatch(base) else base.rsplit("/", 1)[-1]
    name = found.group(1) if found else "" if _TEMPORARY.fullmatch(folder) else folder
    known = aliases or {}
    for key in (base, cwd, name):
        if key and key in known:
            return known[key]
    above = [key for key in known if "/" in key and f"{base}/".startswith(f"{key.rstrip('/')}/")]
    return known[max(above, key=len)] if above else name


def relative_path(path: str, roots: tuple[str, ...]) -> str:
    """Return path relative to the project where it lies in one of its working directories, else as it is, with `/`."""
    path = path.replace("\\", "/") if DRIVE.match(path) or path.startswith("\\\\") else path
    for root in roots:
        if root and path.startswith(f"{root}/"):
            return path[len(root) + 1 :]
    for base in _bases(roots):
        if not path.startswith(base):
            continue
        rest = path[len(base) :]
        if rest.startswith("/"):
            return _below(rest[1:])
        if found := _BESIDE.match(rest):
            return found.group(1)
    return path


@lru_cache(maxsize=64)
def _bases(roots: tuple[str, ...]) -> tuple[str, ...]:
    """Return the folders that the worktrees were made from: asked for every path of a session."""
    return tuple(filter(None, dict.fromkeys(map(base_folder, roots))))


def _below(rest: str) -> str:
    """Drop a sibling worktree's folder from a path relative to the main one."""
    found = _INSIDE.match(rest)
    return found.group(1) if found else rest
