"""Names of projects: the six worktrees of one project are one project."""

from __future__ import annotations

import re
from collections.abc import Mapping

_WORKTREE = re.compile(
    r"/(?:\.(?:claude|cursor|codex|gemini)/worktrees|\.worktrees|\.git/worktrees|\.trees)(?:/.*)?$"
    r"|(?<=[^/])[-_.]worktrees?(?:/.*)?$"
)
_HOME = re.compile(r"~|(?:[A-Za-z]:)?/+(?:home|Users)/+[^/]+", re.IGNORECASE)
_REMOTE = re.compile(r"([^/:\\]+?)(?:\.git)?/*$")


def base_folder(cwd: str) -> str:
    """Return the folder that a worktree was made from, by the places where worktrees are known to lie."""
    path = cwd.replace("\\", "/").rstrip("/")
    return _WORKTREE.sub("", path) or path


def project_name(cwd: str, remote: str = "", aliases: Mapping[str, str] | None = None) -> str:
    """Name the project of a working directory: the remote's name, else its folder; an alias renames either.

    An alias is keyed by that name, by the folder's path, or by a path above it. A home folder is named for a person
    and is no project: "".
    """
    base = base_folder(cwd)
    found = _REMOTE.search(remote.strip())
    name = found.group(1) if found else "" if _HOME.fullmatch(base) else base.rsplit("/", 1)[-1]
    known = aliases or {}
    for key in (base, cwd, name):
        if key and key in known:
            return known[key]
    above = [key for key in known if "/" in key and f"{base}/".startswith(f"{key.rstrip('/')}/")]
    return known[max(above, key=len)] if above else name


def relative_path(path: str, roots: tuple[str, ...]) -> str:
    """Return path relative to the project where it lies in one of its working directories, else as it is, with `/`."""
    path = path.replace("\\", "/") if re.match(r"[A-Za-z]:[\\/]", path) or path.startswith("\\\\") else path
    for root in roots:
        if root and path.startswith(f"{root}/"):
            return path[len(root) + 1 :]
    for base in dict.fromkeys(base_folder(root) for root in roots):
        if base and path.startswith(f"{base}/"):
            return _below(path[len(base) + 1 :])
        found = re.match(re.escape(base) + r"[-_.]worktrees?/[^/]+/(.+)$", path) if base else None
        if found:
            return found.group(1)
    return path


def _below(rest: str) -> str:
    """Drop a sibling worktree's folder from a path relative to the main one."""
    found = re.match(r"(?:\.(?:claude|cursor|codex|gemini)/worktrees|\.worktrees|\.trees)/[^/]+/(.+)$", rest)
    return found.group(1) if found else rest
