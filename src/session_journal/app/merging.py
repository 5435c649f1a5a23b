"""What a merge with another clone would make of the journal: its files, what was resolved, and what forbids it."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping

from session_journal.core.fold import Finding, fold
from session_journal.core.folders import LOG, is_own
from session_journal.core.merging import Merged, Tree, merge_trees
from session_journal.core.records import record
from session_journal.errors import JournalError
from session_journal.store.journal import Change, Journal
from session_journal.store.merging import Blobs, common_tree, merge_text, prefetch
from session_journal.store.settings import read_toml

SETTINGS = "journal/journal.toml"
HERE = ("journal", ".gitattributes")
"""What belongs to a journal that lies beside a project's code."""


@record(frozen=True, slots=True)
class Plan:
    """A merge to make. files: what comes to stand where (None: gone); forward: the branch only has to move on."""

    files: Mapping[str, bytes | None]
    merged: Merged
    forward: bool

    @property
    def received(self) -> list[str]:
        """Return the files that come in or change here."""
        return sorted(path for path in self.files if is_own(path))


def plan_merge(journal: Journal, head: str, theirs: str, changes: Iterable[Change] = (), *, join: bool) -> Plan | None:
    """Work out a merge of the current commit with another one; None where there is nothing to bring in.

    changes: what lies in the working tree and would be recorded first. JournalError where it must not be made.
    """
    repo = journal.repo
    if not theirs or journal.repo.is_ancestor(theirs, head):
        return None
    blobs = Blobs(repo)
    forward = journal.repo.is_ancestor(head, theirs)
    ours, other = _overlaid(repo.tree(head), changes, blobs), repo.tree(theirs)
    base = common_tree(repo, blobs, head, theirs)
    if base is None and not join:
        raise _unrelated(journal)
    base = base or {}
    prefetch(blobs, base, ours, other)
    merged = merge_trees(base, ours, other, blobs, merge_text)
    if is_here(journal):
        _refuse_code(base, other)
    if SETTINGS in ours and SETTINGS not in merged.tree:
        raise JournalError(
            "the remote branch has given the journal up; nothing was merged", "git log --stat FETCH_HEAD"
        )
    _refuse_special(ours, merged.tree)
    _refuse_broken_log(ours, merged.tree, blobs)
    files = {
        path: blobs.read(merged.tree[path][1]) if path in merged.tree else None for path in differing(ours, merged.tree)
    }
    return Plan(files, merged, forward and merged.tree == other)


def differing(one: Tree, two: Tree) -> list[str]:
    """Return the paths at which two trees are not the same, sorted."""
    return sorted({path for path, _ in set(one.items()) ^ set(two.items())})


def is_here(journal: Journal) -> bool:
    """Tell whether the journal lies beside a project's code."""
    return read_toml(os.path.join(journal.root, "journal", "journal.toml")).get("here") is True


def _overlaid(tree: Tree, changes: Iterable[Change], blobs: Blobs) -> Tree:
    overlaid = dict(tree)
    for change in changes:
        overlaid.pop(change.old_path or change.path, None)
        if change.data is not None:
            overlaid[change.path] = ("100644", blobs.store(change.data))
    return overlaid


def _unrelated(journal: Journal) -> JournalError:
    if journal.repo.git("rev-parse", "--is-shallow-repository", check=False).text == "true":
        return JournalError("this clone is too shallow to be merged", "git fetch --unshallow, then journal sync")
    return JournalError(
        "the remote's history and this journal's have nothing in common; nothing was merged",
        "journal sync --join, if both are yours and should become one journal",
    )


def _refuse_code(base: Tree, theirs: Tree) -> None:
    outside = [path for path in differing(base, theirs) if not is_inside(path)]
    if outside:
        raise JournalError(
            f"the remote branch also brings in {outside[0]}, which is not the journal's; nothing was merged",
            "git pull, then journal sync",
        )


def is_inside(path: str) -> bool:
    """Tell whether a path belongs to the journal where it lies beside code."""
    return path in HERE or path.startswith("journal/")


def _refuse_special(ours: Tree, merged: Tree) -> None:
    for path in differing(ours, merged):
        modes = {tree[path][0] for tree in (ours, merged) if path in tree}
        if modes - {"100644"}:
            raise JournalError(
                f"{path} is a program, a link or a repository on one side; sync carries plain files only, "
                "and nothing was merged",
                "git pull, then journal sync",
            )


def _refuse_broken_log(ours: Tree, merged: Tree, blobs: Blobs) -> None:
    """Refuse a merge by which the log would get faults that it does not have yet."""
    if not any(path.startswith(LOG) for path in differing(ours, merged)):
        return
    faults = _faults(merged, blobs)
    new = [fault for fault in faults if fault not in _faults(ours, blobs)] if faults else []
    if new:
        told = "\n".join(f"  {fault.where}: {fault.message}" for fault in new[:5])
        raise JournalError(
            f"the remote's log does not hold together; nothing was merged\n{told}",
            "journal verify on the machine it comes from; journal log repair",
        )


def _faults(tree: Tree, blobs: Blobs) -> list[Finding]:
    logs = {path: where for path, where in tree.items() if path.startswith(LOG)}
    blobs.fetch([oid for mode, oid in logs.values() if mode.startswith("100")])
    folded = fold({path: blobs.read(oid) for path, (mode, oid) in logs.items() if mode == "100644"})
    return [finding for finding in folded.findings if finding.code != "two-roots"]  # `--join` sees to that
