"""What follows a commit, a merge or a rebase that git made: its journal files get their records, or get them later.

While git is in the middle of an operation nothing is recorded, for a commit of ours in between stops a rebase. What
was committed meanwhile is written down beside the index, and the next hook records it.

Git runs post-merge and post-rewrite as the last step of a merge and a rebase, with HEAD on its branch again, but before
it removes the files that tell of the operation and before it applies an autostash: there a commit of ours is safe.
`git rebase --apply` is the exception (HEAD is still detached then), so its commits wait as well.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from datetime import datetime

from session_journal.app.committed import seal_committed, touched_by
from session_journal.app.seal import Sealed
from session_journal.core.text import counted
from session_journal.store.files import read_bytes, remove_if_there, write_atomic
from session_journal.store.journal import Journal
from session_journal.store.repository import Repository

_ENDED = {"post-merge": "a merge", "post-rewrite": "a rebase"}
_MOST = 2_000


def after_commit(
    journal: Journal, hook: str, args: Sequence[str], lines: Sequence[str], now: datetime, *, naming: bool = True
) -> list[str]:
    """Record what git has just committed; return what there is to say.

    args and lines: what git gave the hook. naming: see `seal_committed`.
    """
    repo = journal.repo
    waiting = _waiting(journal)
    commits = list(dict.fromkeys([*waiting, *_made(journal, hook, args, lines)]))
    if not commits:
        return []
    ended = _ENDED.get(hook, "")
    if repo.operation(ended):
        _keep(journal, commits)
        return []
    try:
        gone = set(waiting) - _history(repo) if waiting else set()
        touched = touched_by(repo, [commit for commit in commits if commit not in gone])
        sealed = seal_committed(journal, now, touched, ended=ended, naming=naming) if touched else Sealed()
    except BaseException:  # no identity, a full disk, Ctrl-C: the next hook tries again
        _keep(journal, commits)
        raise
    if sealed.published and sealed.published.waiting:
        _keep(journal, commits)
        return []
    remove_if_there(_list(journal))
    return _told(sealed)


def _made(journal: Journal, hook: str, args: Sequence[str], lines: Sequence[str]) -> list[str]:
    """Return the commits that git has just made; a merge that only moved the branch forward made none."""
    repo = journal.repo
    if hook == "post-commit":
        return [_newest(repo)]
    if hook == "post-merge":
        made = _newest(repo)
        parents = repo.git("rev-list", "--no-walk", "--parents", made).text.split(" ")[1:]
        before = repo.git("rev-parse", "--verify", "--quiet", "ORIG_HEAD", check=False).text
        return [made] if args[:1] != ["1"] and len(parents) > 1 and parents[0] == before else []
    if args[:1] == ["rebase"]:
        return [words[1] for words in map(str.split, lines or _rewritten(journal)) if len(words) > 1]
    return []  # an amended commit has had its post-commit


def _newest(repo: Repository) -> str:
    """Return the commit that git has just made: another command of ours may have built on it before its hook ran."""
    entries = repo.git("reflog", "show", "-n", "50", "--format=%H %gs", "HEAD", check=False).text.splitlines()
    made = (line.partition(" ")[0] for line in entries if not line.partition(" ")[2].startswith("journal: "))
    return next(made, repo.head())


def _rewritten(journal: Journal) -> list[str]:
    """Read what git would have given us, where whoever called us kept it (the pre-commit framework does)."""
    data = read_bytes(os.path.join(journal.git_dir, "rebase-merge", "rewritten-list"))
    return (data or b"").decode("ascii", "replace").splitlines()


def _history(repo: Repository) -> set[str]:
    """Return the branch's commits; what waited may have been rebased, amended or reset away since.

    `rev-list COMMIT --not HEAD` would be quicker, and wrong where the commits' dates are not in order.
    """
    return set(repo.git("rev-list", "HEAD").text.split())


def _list(journal: Journal) -> str:
    return os.path.join(journal.git_dir, "journal", "unsealed")


def _waiting(journal: Journal) -> list[str]:
    return (read_bytes(_list(journal)) or b"").decode("ascii", "replace").split()


def _keep(journal: Journal, commits: list[str]) -> None:
    write_atomic(_list(journal), "".join(f"{commit}\n" for commit in commits[-_MOST:]).encode())


def _told(sealed: Sealed) -> list[str]:
    said = ["records that this commit took out of the log are back"] if sealed.restored else []
    if sealed.published and sealed.published.commit:
        files = counted(len(sealed.changes), "file")
        said.append(f"recorded {files} in the journal's log (commit {sealed.published.commit[:7]})")
    said += [f"{path} had no id; it has one now" for path in sealed.named]
    for refused in sealed.refused:
        said.append(f"not recorded: {refused.told}")
    return said
