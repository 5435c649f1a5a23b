"""Checks of this machine: the programs, who commits, settings, folders, room, and which journal is meant."""

from __future__ import annotations

import os
import platform
import re
import shutil
import sys
from collections.abc import Iterator

from session_journal.app.doctor import MachineCheck, Patient, Seen
from session_journal.app.project import is_inside
from session_journal.core import config
from session_journal.errors import JournalError, UsageError
from session_journal.store.commit import read_identity
from session_journal.store.git import run_git
from session_journal.store.places import config_file, state_dir
from session_journal.store.settings import read_toml

OLDEST_GIT = (2, 26)
"""`git config --show-scope`, which the hooks need, came with it."""
OLDEST_PYTHON = (3, 11)
LITTLE_ROOM, NO_ROOM = 500_000_000, 50_000_000
# How synchronised folders are called, by their own name or the folder above them.
_SYNCED = re.compile(
    r"(?:^|[\\/])(Dropbox(?: \([^)\\/]+\))?|OneDrive(?: - [^\\/]+)?|iCloud ?Drive|Mobile Documents|CloudStorage|"
    r"Google ?Drive|My Drive|Nextcloud|ownCloud|pCloud ?Drive|Box Sync|Syncthing|MEGAsync|SynologyDrive)(?=[\\/]|$)",
    re.IGNORECASE,
)


def check_python(_: Patient) -> Iterator[Seen]:
    """Look at the Python that runs this."""
    version = platform.python_version()
    if sys.version_info[:2] < OLDEST_PYTHON:
        yield "fail", f"Python {version}; at least {_dotted(OLDEST_PYTHON)} is needed", "install a newer Python"
    yield "ok", f"Python {version}", ""


def check_git(_: Patient) -> Iterator[Seen]:
    """Look at the git on the PATH."""
    said = run_git(["--version"]).text
    yield judge_git(said)


def judge_git(said: str) -> Seen:
    """Judge what `git --version` said."""
    match = re.search(r"(\d+)\.(\d+)[.\w]*", said)
    if not match:
        return "warn", f"git does not tell its version: {said!r}", "git --version"
    if (int(match[1]), int(match[2])) < OLDEST_GIT:
        return "fail", f"git {match[0]}; at least {_dotted(OLDEST_GIT)} is needed", "install a newer git"
    return "ok", f"git {match[0]}", ""


def check_identity(patient: Patient) -> Iterator[Seen]:
    """Look at who commits."""
    cwd = patient.journal.root if patient.journal else ""
    who = read_identity(run_git(["var", "-l"], cwd, check=False))
    yield "ok", f"commits are made as {who.author}", ""


def check_settings(patient: Patient) -> Iterator[Seen]:
    """Read the user's settings, and name what in them means nothing."""
    path = config_file(patient.env)
    flat = config.flatten(read_toml(path))
    bad = [name for name in flat if not config.known({name: flat[name]})]
    for name in bad:
        yield "warn", f"{path}: {_why(name)}", f"journal config get {name}"
    if not bad:
        yield "ok", path if os.path.exists(path) else f"none yet ({path})", ""


def _why(name: str) -> str:
    try:
        config.find(name)
    except UsageError as error:
        return error.message
    return f"the value of {name} is not one it may have"


def check_journal(patient: Patient) -> Iterator[Seen]:
    """Tell which journal is meant, and by which rule."""
    if patient.journal is None:
        error = patient.problem or JournalError("there is no journal yet", "journal init")
        yield "fail", error.message, error.hint
        return
    yield "ok", f"{patient.journal.root} ({_rule(patient, patient.journal.root)})", ""


def _rule(patient: Patient, root: str) -> str:
    if patient.named:
        return "named by --journal"
    if patient.env.get("JOURNAL_HOME"):
        return "named by JOURNAL_HOME"
    return "the folder you are in" if is_inside(patient.host.cwd, root) else "your default journal"


def check_folders(patient: Patient) -> Iterator[Seen]:
    """Look whether what has to be written can be."""
    journal = patient.journal
    own = [os.path.join(journal.root, "journal"), journal.repo.common_dir] if journal else []
    places = [*own, state_dir(patient.env), os.path.dirname(config_file(patient.env))]
    closed = [place for place in places if not _is_writable(place)]
    for place in closed:
        yield "fail", f"{place} cannot be written", f"ls -ld {place}"
    if not closed:
        yield "ok", "what has to be written can be", ""


def _is_writable(place: str) -> bool:
    """Tell whether a folder can be written, or made where it is missing."""
    place = _existing(place)
    return os.path.isdir(place) and os.access(place, os.W_OK | os.X_OK)


def _existing(place: str) -> str:
    """Return a place itself, or the nearest folder above it that exists."""
    while not os.path.lexists(place) and os.path.dirname(place) != place:
        place = os.path.dirname(place)
    return place


def check_room(patient: Patient) -> Iterator[Seen]:
    """Look how much room the disk has."""
    place = patient.journal.root if patient.journal else os.path.expanduser("~")
    yield judge_room(shutil.disk_usage(_existing(place)).free)


def judge_room(free: int) -> Seen:
    """Judge a number of free bytes."""
    told = f"{free / 1e9:.1f} GB free" if free >= 1e9 else f"{free / 1e6:.0f} MB free"
    level, hint = ("fail", "df -h") if free < NO_ROOM else ("warn", "df -h") if free < LITTLE_ROOM else ("ok", "")
    return level, told, hint  # type: ignore[return-value]


def check_synced(patient: Patient) -> Iterator[Seen]:
    """Look whether the journal lies where another program copies files while git writes them."""
    if patient.journal is None:
        return
    name = synced_by(os.path.realpath(patient.journal.root))
    if name:
        yield (
            "warn",
            f"{patient.journal.root} lies in a synchronised folder ({name}), which damages git repositories",
            "move it out of there and share it by a remote: journal sync",
        )
    else:
        yield "ok", "no synchronised folder", ""


def synced_by(path: str) -> str:
    """Return the name of the synchronised folder that a path lies in, "" for none."""
    match = _SYNCED.search(path)
    return match[1] if match else ""


def _dotted(version: tuple[int, ...]) -> str:
    return ".".join(map(str, version))


CHECKS: tuple[tuple[str, MachineCheck], ...] = (
    ("python", check_python),
    ("git", check_git),
    ("identity", check_identity),
    ("settings", check_settings),
    ("journal", check_journal),
    ("folders", check_folders),
    ("room", check_room),
    ("place", check_synced),
)
