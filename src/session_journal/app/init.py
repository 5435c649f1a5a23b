"""Making a journal: where it may lie, the files it starts with, and what it says about who can read it."""

from __future__ import annotations

import os
from collections.abc import Mapping
from datetime import datetime

from session_journal.app.project import Place, find_place
from session_journal.app.remotes import without_login
from session_journal.core.records import record
from session_journal.errors import UsageError
from session_journal.store.commit import read_identity
from session_journal.store.files import read_bytes
from session_journal.store.git import remotes, run_git
from session_journal.store.journal import create
from session_journal.store.settings import change, load

ATTRIBUTES = "journal/** -text"
SETTINGS = """\
# This journal's own settings; they are committed with it. Your personal ones: journal config list
# What is set here may be overruled by each person's own settings.

# [patterns]
# sessions = 3   # sessions that must show a pattern before it becomes a playbook
# days = 2       # days on which they must lie

# [projects]     # folder or remote name = the project it belongs to
# webshop-v2 = "webshop"
"""
HERE = """\
# It lies inside a project's repository: only sessions that worked in that repository are captured.
here = true
"""


@record(frozen=True, slots=True)
class Begun:
    """What init did. files: those it wrote; default: the default journal now; existed: there was nothing to do."""

    root: str
    files: tuple[str, ...]
    default: str
    existed: bool


def begin(
    root: str, env: Mapping[str, str], now: datetime, *, here: bool = False, shared: bool = False, dry_run: bool = False
) -> Begun:
    """Make a journal in `root`, or find that there is one; it becomes the default where none is set."""
    root = os.path.abspath(os.path.expanduser(root))
    existed = os.path.isfile(os.path.join(root, "journal", "journal.toml"))
    if not existed:
        _refuse_wrong_place(root, os.path.expanduser("~"), here=here, shared=shared)
    files = {} if existed else _first_files(root, here=here)
    if not dry_run and files:
        read_identity(run_git(["var", "-l"], _existing(root), check=False))
        create(root, now, files, env)
    return Begun(root, tuple(sorted(files)), _make_default(root, env, dry_run=dry_run, here=here), existed)


def _refuse_wrong_place(root: str, home: str, *, here: bool, shared: bool) -> None:
    inner = os.path.join(root, "journal")
    for path in (root, inner):
        if os.path.lexists(path) and not os.path.isdir(path):
            raise UsageError(f"{path} is a file, not a folder", "journal init ~/journal")
    place = find_place(root)
    if here:
        _refuse_sharing(root, place, shared=shared)
    elif place and not _may_hold(root, place, home):
        raise UsageError(
            f"{root} lies inside the repository {place.top}",
            "journal init ~/journal (a journal of its own), or journal init --here (beside this repository's code)",
        )


def _refuse_sharing(root: str, place: Place | None, *, shared: bool) -> None:
    if place is None:
        raise UsageError(f"{root} is not inside a git repository", "journal init   (a journal of its own)")
    urls = [] if shared else sorted(filter(None, remotes(place.top).values()))
    if urls:
        raise UsageError(
            f"this repository is pushed to {', '.join(map(without_login, urls))}: "
            "everyone who can read it there will read the journal",
            "journal init --here --shared if that is meant, else journal init ~/journal",
        )


def _may_hold(root: str, place: Place, home: str) -> bool:
    """Tell whether a journal of its own may lie here: in an empty repository, or below a home folder kept in git."""
    if os.path.realpath(place.top) == os.path.realpath(root):
        return not os.path.exists(os.path.join(place.common_dir, "index"))
    return os.path.realpath(place.top) == os.path.realpath(home)


def find_top(folder: str) -> str:
    """Return the top of the repository around a folder, or the folder itself."""
    place = find_place(folder)
    return place.top if place else folder


def _first_files(root: str, *, here: bool) -> dict[str, bytes]:
    files = {"journal/journal.toml": (SETTINGS + ("\n" + HERE if here else "")).encode()}
    old = read_bytes(os.path.join(root, ".gitattributes")) or b""
    if ATTRIBUTES.encode() not in [line.strip() for line in old.splitlines()]:
        newline = b"\r\n" if b"\r\n" in old else b"\n"
        gap = newline if old and not old.endswith(b"\n") else b""
        files[".gitattributes"] = old + gap + ATTRIBUTES.encode() + newline
    return files


def _existing(path: str) -> str:
    while not os.path.isdir(path):
        path = os.path.dirname(path)
    return path


def _make_default(root: str, env: Mapping[str, str], *, dry_run: bool, here: bool) -> str:
    """Make this journal the default unless another one is; return the default journal."""
    known = load(env).text("default")
    place = os.path.abspath(os.path.expanduser(known)) if known else ""
    if place and os.path.isfile(os.path.join(place, "journal", "journal.toml")):
        return place
    if here:
        return ""  # one project's journal is not the place for all the others
    if not dry_run:
        change(env, "default", root)
    return root
