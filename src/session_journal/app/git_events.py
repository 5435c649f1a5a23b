"""What each hook of git does: checks before a commit and a push, records after a commit, a merge and a rebase.

Everything here works on the repository that git runs the hook in, never on another journal that the user's settings or
JOURNAL_HOME may name.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from session_journal.core.records import record
from session_journal.errors import JournalError
from session_journal.store.gitdirs import git_dir_of
from session_journal.store.journal import Journal

_SHOWN = 20


@record(frozen=True, slots=True)
class Said:
    """What a hook has to say, and whether git must not go on."""

    lines: tuple[str, ...] = ()
    blocked: bool = False


def run_event(
    folder: str, name: str, args: Sequence[str], lines: Sequence[str], env: Mapping[str, str], now: datetime
) -> Said:
    """Do what the hook `name` is for. folder: where git runs it; args and lines: what git gave it."""
    if not git_dir_of(folder):  # a bare repository, or a worktree that git was only told of
        return Said()
    journal = Journal(folder, env)
    if name == "pre-commit":
        return _before_commit(journal, env)
    if name == "pre-push":
        return _before_push(journal, args, lines, env, now)
    from session_journal.app.after_commit import after_commit

    framework = name == "seal"
    if framework:
        name, args = _framework_event(env)
    # The framework puts unstaged changes aside while it runs hooks, and back as a patch: no file may change meanwhile.
    return Said(tuple(after_commit(journal, name, args, lines, now, naming=not framework)))


def _before_commit(journal: Journal, env: Mapping[str, str]) -> Said:
    from session_journal.app.staged import check_staged

    refused = check_staged(journal, env)
    if not refused:
        return Said()
    lines = ["this commit is refused, and nothing was changed:"]
    for one in refused[:_SHOWN]:
        lines += [f"{one.where}: {one.message}"] if one.message else []
        lines += [f"hint: {one.hint}"] if one.hint else []
    return Said((*lines, *_more(len(refused))), blocked=True)


def _before_push(
    journal: Journal, args: Sequence[str], lines: Sequence[str], env: Mapping[str, str], now: datetime
) -> Said:
    from session_journal.app.outgoing import check_push, read_push
    from session_journal.store.settings import Settings, load

    trouble: list[str] = []
    try:
        settings = load(env)
    except JournalError as error:  # settings that cannot be read call no remote private
        settings, trouble = Settings({}, {}), [error.message]
    found = check_push(journal, settings, read_push(args, lines, env), int(now.timestamp()))
    if not found:
        return Said(tuple(trouble))
    said = [*trouble, "this push is refused:"]
    for one in found[:_SHOWN]:
        said += [f"{one.where}: {one.message}"] + ([f"hint: {one.hint}"] if one.hint else [])
    return Said((*said, *_more(len(found))), blocked=True)


def _more(count: int) -> list[str]:
    return [f"and {count - _SHOWN} more"] if count > _SHOWN else []


def _framework_event(env: Mapping[str, str]) -> tuple[str, tuple[str, ...]]:
    """Find out which hook the pre-commit framework runs us for: it says so in the environment alone."""
    if "PRE_COMMIT_REWRITE_COMMAND" in env:
        return "post-rewrite", (env["PRE_COMMIT_REWRITE_COMMAND"],)
    if "PRE_COMMIT_IS_SQUASH_MERGE" in env:
        return "post-merge", (env["PRE_COMMIT_IS_SQUASH_MERGE"],)
    return "post-commit", ()
