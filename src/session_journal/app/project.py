"""Which project a folder belongs to, read from git's own files without starting git."""

from __future__ import annotations

import os

from session_journal.core.scalars import whole
from session_journal.store.gitdirs import common_dir_of, git_dir_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping


class Place:
    """The repository around a folder: its worktree's top, its common git directory, and its remote's URL."""

    __slots__ = ("common_dir", "remote", "top")

    def __init__(self, top: str, common_dir: str, remote: str) -> None:
        self.top, self.common_dir, self.remote = top, common_dir, remote


def working_folder() -> str:
    """Return the folder one is in; the root of all where that one was deleted."""
    try:
        return os.getcwd()
    except FileNotFoundError:
        return os.sep


def find_place(folder: str) -> Place | None:
    """Return the repository around a folder, None where there is none."""
    folder = os.path.abspath(folder)
    while True:
        git_dir = git_dir_of(folder)
        if git_dir:
            common = common_dir_of(git_dir)
            return Place(folder, common, _remote(_read(os.path.join(common, "config"))))
        parent = os.path.dirname(folder)
        if parent == folder:
            return None
        folder = parent


def _read(path: str) -> str:
    try:
        with open(path, encoding="utf-8", errors="replace") as stream:
            return stream.read()
    except OSError:
        return ""


def _remote(config: str) -> str:
    """Return the URL of `origin`, else of the first remote that a git config names."""
    urls: dict[str, str] = {}
    section = ""
    for raw in config.splitlines():
        line = raw.strip()
        if line.startswith("["):
            section = line[9:-2] if line.startswith('[remote "') else ""
        elif section and line.partition("=")[0].strip() == "url":
            urls.setdefault(section, line.partition("=")[2].strip().strip('"'))
    return urls.get("origin") or next(iter(urls.values()), "")


def remote_name(url: str) -> str:
    """Return the repository's name out of a remote's URL."""
    path = url.strip().rstrip("/").removesuffix(".git").replace("\\", "/").rstrip("/")
    return path.rsplit("/", 1)[-1].rsplit(":", 1)[-1]


def is_inside(folder: str, top: str) -> bool:
    """Tell whether a folder is `top` or lies below it."""
    folder, top = (os.path.normcase(os.path.realpath(path)) for path in (folder, top))
    return folder == top or folder.startswith(top.rstrip(os.sep) + os.sep)


def is_of_repository(folder: str, common_dir: str, journal_root: str) -> bool:
    """Tell whether work in this folder was done in the repository of that git directory, or in a worktree of it."""
    if not folder:
        return False
    place = find_place(folder) if os.path.isdir(folder) else None
    if place is None:
        return is_inside(folder, journal_root)
    return os.path.realpath(place.common_dir) == os.path.realpath(common_dir)


def lies_in_project(journal_root: str) -> bool:
    """Tell whether this journal lies inside a project's repository (`init --here`) instead of one of its own."""
    text = _read(os.path.join(journal_root, "journal", "journal.toml"))
    return any(line.replace(" ", "").startswith("here=true") for line in text.splitlines())


def name_project(folder: str, journal_root: str = "", aliases: Mapping[str, str] | None = None) -> str:
    """Name the project that work in this folder belongs to; "" inside the journal and outside of repositories."""
    place = find_place(folder)
    if place is None or _is_journal(folder, place, journal_root):
        return ""
    main = os.path.dirname(place.common_dir) if os.path.basename(place.common_dir) == ".git" else place.common_dir
    name = remote_name(place.remote) or os.path.basename(main).removesuffix(".git")
    return whole((aliases or {}).get(name, name))


def _is_journal(folder: str, place: Place, journal_root: str) -> bool:
    if not journal_root or not is_inside(place.top, journal_root):
        return False
    return is_inside(folder, os.path.join(journal_root, "journal")) or not lies_in_project(journal_root)
