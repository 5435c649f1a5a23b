"""The hooks that git runs in the journal's repository: put there, taken away, and told how they stand.

Where core.hooksPath names a folder, that folder belongs to somebody else (husky, or all the user's repositories) and
is never written to: our scripts lie in the git directory, run the folder's hook of the same name first, and the
repository's own core.hooksPath leads to them. Else a hook that is there already is moved aside and runs first.
"""

from __future__ import annotations

import os

from session_journal.app.program import find_program
from session_journal.core.hook_scripts import (
    CHAINED,
    FRAMEWORK,
    LEGACY,
    NAMES,
    is_ours,
    is_unedited,
    make_pass_through,
    make_script,
    recorded_command,
)
from session_journal.core.records import record
from session_journal.errors import ConflictError, JournalError
from session_journal.store.files import read_bytes
from session_journal.store.journal import Journal
from session_journal.store.repository import Repository
from session_journal.store.steps import Configure, Move, Remove, Step, Write, local_values, take

_PATH, _BEFORE, _FOLDER = "core.hooksPath", "journal.hooksPathBefore", "journal.hooksFolder"
_AGAIN = "journal hooks install git"
# Those a person's own commands run. Others change what git does or cost time by being there, so they are passed on
# only where they exist (reference-transaction, push-to-checkout, post-index-change, ...).
_ORDINARY = (
    "applypatch-msg", "pre-applypatch", "post-applypatch", "pre-merge-commit", "prepare-commit-msg", "commit-msg",
    "pre-rebase", "post-checkout", "pre-auto-gc", "sendemail-validate",
)  # fmt: skip


@record(frozen=True, slots=True)
class HookState:
    """How one hook stands: active or not, in which words, and what to run where it should be otherwise."""

    hook: str
    active: bool
    state: str
    path: str
    hint: str = ""


@record(frozen=True, slots=True)
class _Place:
    """Where git looks for hooks: `folder`, because of core.hooksPath in `scope` ("" where it is not set)."""

    folder: str
    scope: str
    named: str


def install(journal: Journal, *, force: bool = False, dry_run: bool = False) -> list[str]:
    """Put the hooks in place, or bring them up to date; return what was done, [] when all was as it should be."""
    place = _find_place(journal.repo)
    own, default = _own_folder(journal.repo), _default_folder(journal.repo)
    if _is_default(place, default):
        steps = _install_beside(default, force=force)
    elif _same(place.folder, own):
        steps = _install_over(journal.repo, _other_folder(journal.repo), force=force)
    else:
        steps = _take_over(journal.repo, place, force=force)
    return _done(steps, dry_run=dry_run)


def uninstall(journal: Journal, *, force: bool = False, dry_run: bool = False) -> list[str]:
    """Take away what is ours and put back what was there before; return what was done."""
    repo, own = journal.repo, _own_folder(journal.repo)
    steps: list[Step] = []
    if _same(_find_place(repo).folder, own):
        steps.append(Configure(repo, _PATH, local_values(repo, _BEFORE)))
    steps += [Configure(repo, key, ()) for key in (_BEFORE, _FOLDER) if local_values(repo, key)]
    steps += [_remove(os.path.join(own, name), force=force) for name in _ours_in(own)]
    default = _default_folder(repo)
    for name in _ours_in(default):
        path = os.path.join(default, name)
        chained = os.path.join(default, name.removesuffix(LEGACY) + CHAINED)
        steps.append(_remove(path, force=force))
        if os.path.lexists(chained):
            steps += _give_back(chained, path)
    return _done(steps, dry_run=dry_run)


def status(journal: Journal) -> list[HookState]:
    """Tell for each hook whether git runs it."""
    repo = journal.repo
    place, own = _find_place(repo), _own_folder(repo)
    if _is_default(place, _default_folder(repo)):
        return [_state_beside(_default_folder(repo), name) for name in NAMES]
    if _same(place.folder, own):
        changed = _what_changed(repo, own)
        return [_state_of(os.path.join(own, name), name, changed) for name in NAMES]
    installed = bool(_ours_in(own) or _ours_in(_default_folder(repo)))
    state = f"inactive: core.hooksPath leads to {place.named}" if installed else "not installed"
    return [HookState(name, active=False, state=state, path="", hint=_AGAIN) for name in NAMES]


def _done(steps: list[Step], *, dry_run: bool) -> list[str]:
    if not dry_run:
        take(steps)
    return [str(step) for step in steps]


# --- where ----------------------------------------------------------------------------------------------------------


def _own_folder(repo: Repository) -> str:
    return os.path.join(repo.common_dir, "journal", "hooks")


def _default_folder(repo: Repository) -> str:
    return os.path.join(repo.common_dir, "hooks")


def _find_place(repo: Repository) -> _Place:
    values = _all_values(repo)
    if not values:
        return _Place(_default_folder(repo), "", "")
    scope, named = values[-1]
    return _Place(os.path.join(repo.root, named), scope, named)


def _is_default(place: _Place, default: str) -> bool:
    """Tell whether git uses the folder in the git directory; behind a link lies somebody else's."""
    return not place.scope or (_same(place.folder, default) and not os.path.islink(default))


def _all_values(repo: Repository) -> list[tuple[str, str]]:
    """Return (scope, value) of core.hooksPath wherever it is set; the last one counts."""
    output = repo.git("config", "--show-scope", "--type=path", "--null", "--get-all", _PATH, check=False)
    words = output.text.split("\0")[:-1]
    return list(zip(words[::2], words[1::2], strict=False))


def _other_folder(repo: Repository) -> str:
    """Return the folder whose hooks run before ours."""
    return next(iter(local_values(repo, _FOLDER)), _default_folder(repo))


def _same(one: str, other: str) -> bool:
    return os.path.normcase(os.path.realpath(one)) == os.path.normcase(os.path.realpath(other))


def _is_framework(path: str) -> bool:
    return FRAMEWORK.encode() in (read_bytes(path) or b"")


def _ours_in(folder: str) -> list[str]:
    names = sorted(os.listdir(folder)) if os.path.isdir(folder) else []
    return [name for name in names if is_ours(_read(os.path.join(folder, name)))]


def _read(path: str) -> bytes:
    return read_bytes(path) or b"" if os.path.isfile(path) else b""


# --- installing -----------------------------------------------------------------------------------------------------


def _install_beside(folder: str, *, force: bool) -> list[Step]:
    if os.path.islink(folder):
        target = os.path.realpath(folder)
        raise JournalError(
            f"{folder} is a link to {target}, which other repositories may use; nothing was changed",
            f"git config core.hooksPath {target}, then {_AGAIN}: its hooks then run before the journal's",
        )
    steps: list[Step] = []
    for name in NAMES:
        path, data = os.path.join(folder, name), make_script(name, find_program())
        if os.path.lexists(path) and not is_ours(_read(path)):
            if is_ours(_read(path + LEGACY)) and _is_framework(path):
                path += LEGACY
            else:
                _refuse_taken(path + CHAINED)
                steps.append(Move(path, path + CHAINED))
        elif not os.path.lexists(path):
            _refuse_taken(path + CHAINED)
        steps += _write(path, data, force=force)
    return steps


def _refuse_taken(path: str) -> None:
    if os.path.lexists(path):
        raise ConflictError(
            f"{path} is there already, and the hook that was moved aside would have that name; nothing was changed",
            f"look at it, move it away, then {_AGAIN}",
        )


def _write(path: str, data: bytes, *, force: bool) -> list[Step]:
    old = _read(path)
    if old == data and os.access(path, os.X_OK):
        return []
    if is_ours(old) and not is_unedited(old) and not force:
        raise _edited(path)
    return [Write(path, data)]


def _edited(path: str) -> ConflictError:
    return ConflictError(
        f"{path} was edited by hand since it was written; nothing was changed",
        "keep what you need of it, then the same with --force",
    )


def _take_over(repo: Repository, place: _Place, *, force: bool) -> list[Step]:
    if place.scope != "local" and place.scope not in {"global", "system"}:
        raise JournalError(
            f"core.hooksPath is set for this worktree alone ({place.named}); the repository's own would not count",
            "git config --worktree --unset core.hooksPath, then " + _AGAIN,
        )
    before = local_values(repo, _PATH)
    return [
        *_install_over(repo, place.named, force=force),
        Configure(repo, _BEFORE, before),
        Configure(repo, _FOLDER, (place.named,)),
        Configure(repo, _PATH, (_own_folder(repo),)),
    ]


def _install_over(repo: Repository, folder: str, *, force: bool) -> list[Step]:
    own = _own_folder(repo)
    steps: list[Step] = []
    for name in sorted({*NAMES, *_ORDINARY, *_executables(os.path.join(repo.root, folder))}):
        shown = folder.replace(os.sep, "/")
        data = make_script(name, find_program(), shown) if name in NAMES else make_pass_through(name, shown)
        steps += _write(os.path.join(own, name), data, force=force)
    return steps


def _executables(folder: str) -> list[str]:
    names = sorted(os.listdir(folder)) if os.path.isdir(folder) else []
    plain = [name for name in names if name.replace("-", "").isalpha() and name.islower()]
    paths = {name: os.path.join(folder, name) for name in plain}
    return [name for name, path in paths.items() if os.path.isfile(path) and os.access(path, os.X_OK)]


# --- taking away ----------------------------------------------------------------------------------------------------


def _remove(path: str, *, force: bool) -> Remove:
    if not is_unedited(_read(path)) and not force:
        raise _edited(path)
    return Remove(path)


def _give_back(chained: str, path: str) -> list[Step]:
    """Put a hook back that was moved aside; the framework's own needs no second place beside its newer one."""
    if path.endswith(LEGACY) and _is_framework(chained):
        same = read_bytes(chained) == read_bytes(path.removesuffix(LEGACY))
        return [Remove(chained)] if same else []
    return [Move(chained, path)]


# --- how they stand -------------------------------------------------------------------------------------------------


def _state_beside(folder: str, name: str) -> HookState:
    path = os.path.join(folder, name)
    if is_ours(_read(path)) or not os.path.lexists(path):
        return _state_of(path, name)
    if is_ours(_read(path + LEGACY)):
        if _is_framework(path):
            return _state_of(path + LEGACY, name, through="run by the pre-commit framework")
        return HookState(name, active=False, state="inactive: another hook has taken its place", path=path, hint=_AGAIN)
    state = "inactive: another hook has taken its place" if os.path.lexists(path + CHAINED) else "not installed"
    return HookState(name, active=False, state=state, path=path, hint=_AGAIN)


def _state_of(path: str, name: str, changed: str = "", through: str = "") -> HookState:
    data = _read(path)
    if not is_ours(data):
        return HookState(name, active=False, state="not installed", path=path, hint=_AGAIN)
    if not os.access(path, os.X_OK):
        return HookState(name, active=False, state="inactive: not executable", path=path, hint=f"chmod +x {path}")
    chained = os.path.basename(path).removesuffix(LEGACY) + CHAINED
    notes = [through] if through else []
    if os.path.lexists(os.path.join(os.path.dirname(path), chained)):
        notes.append(f"after {chained}")
    if not is_unedited(data):
        notes.append("edited by hand")
    command = recorded_command(data)
    if command and not os.path.exists(command):
        changed = changed or f"{command} is gone, so the one on the PATH is used"
    notes += [changed] if changed else []
    state = f"active ({'; '.join(notes)})" if notes else "active"
    return HookState(name, active=True, state=state, path=path, hint=_AGAIN if changed else "")


def _what_changed(repo: Repository, own: str) -> str:
    """Say what is otherwise by now in the folder whose hooks run before ours, or in the setting that names it."""
    folder = _other_folder(repo)
    inherited = [value for scope, value in _all_values(repo) if scope in {"global", "system"}]
    if not local_values(repo, _BEFORE) and inherited and inherited[-1] != folder:
        return f"core.hooksPath leads to {inherited[-1]} by now"
    new = [name for name in _executables(os.path.join(repo.root, folder)) if not _read(os.path.join(own, name))]
    return f"{folder} has a new hook: {', '.join(new)}" if new else ""
