"""Keep two machines' journals in step: fetch, merge, record what the merge made, verify, push."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import field, replace
from datetime import datetime

from session_journal.app.merging import HERE, Plan, differing, is_here, plan_merge
from session_journal.app.outgoing import note_checked, refused_outgoing
from session_journal.app.regenerate import generate_again
from session_journal.app.remotes import is_one_place
from session_journal.app.repair import join_roots
from session_journal.app.seal import Refused, Sealed, seal
from session_journal.app.verify import verify
from session_journal.core.fold import Finding
from session_journal.core.folders import is_own
from session_journal.core.merging import Resolution
from session_journal.core.records import record
from session_journal.errors import ConflictError, JournalError
from session_journal.store.files import read_bytes, remove_if_there, write_atomic
from session_journal.store.journal import Journal
from session_journal.store.lock import Lock
from session_journal.store.mend import mend
from session_journal.store.merging import busy_error, join
from session_journal.store.remote import Target, commits_outside, fetch, find_target, push
from session_journal.store.settings import load

TRIES = 5
_LOOK_FIRST = "journal log --diff, then journal seal"
Say = Callable[[str], None]


@record(frozen=True, slots=True)
class Wish:
    """What a person asked of a sync. join: histories that began apart may become one; ask: somebody can answer."""

    remote: str = ""
    push: bool = True
    join: bool = False
    dry_run: bool = False
    ask: bool = False


@record(slots=True)
class Synced:
    """What a sync did. received, sent: files of the journal, its log aside; findings: FAILs that kept it from a push.

    waiting: commits that were not to be pushed; rewritten: a commit that the remote had when it was last looked at.
    recorded, deleted: files that were changed or deleted by hand since their last record, and have one now;
    unrecorded: pages that came in without a record of their change and have one now; named: pages that got an id;
    refused: files that can't be recorded and stay as they are; failed: pages that could not be generated again.
    """

    target: str
    recorded: list[str] = field(default_factory=list)
    deleted: list[str] = field(default_factory=list)
    received: list[str] = field(default_factory=list)
    sent: list[str] = field(default_factory=list)
    resolved: list[Resolution] = field(default_factory=list)
    unrecorded: list[str] = field(default_factory=list)
    named: list[str] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    pushed: bool = False
    waiting: int = 0
    rewritten: str = ""

    @property
    def needs_you(self) -> bool:
        """Tell whether something is left for the person to do."""
        both = any(one.what in {"both", "settings"} for one in self.resolved)
        return both or bool(self.refused or self.failed or self.findings or self.rewritten)


def sync(journal: Journal, wish: Wish, env: Mapping[str, str], now: datetime, say: Say) -> Synced:
    """Bring the journal and its remote branch to the same state; JournalError where nothing could be done."""
    with Lock(journal.cache("lock")):
        busy = mend(journal.repo) or journal.repo.operation()
    if busy:
        raise busy_error(busy)
    run = _Run(journal, find_target(journal.repo, wish.remote), wish, env, now)
    if run.is_changed_unseen():
        return run.done
    for _ in range(TRIES):
        say(f"fetching {run.target.label}")
        theirs = run.fetch()
        if wish.dry_run:
            run.foresee(theirs)
            return run.done
        again = run.bring_in(theirs)
        if again:
            say("generating again what both sides had generated")
            run.done.failed += generate_again(journal, again, env, now)
        if run.is_stopped(theirs):
            return run.done
        say(f"pushing to {run.target.label}")
        if run.send(theirs):
            return run.done
        say("somebody else was faster: once more")
    raise JournalError(f"{run.target.label} moved on each time the journal was to be pushed", "journal sync")


class _Run:
    """One sync under way."""

    def __init__(self, journal: Journal, target: Target, wish: Wish, env: Mapping[str, str], now: datetime) -> None:
        self.journal, self.target, self.wish, self.env, self.now = journal, target, wish, env, now
        self.done = Synced(target.label)
        self.checked = ""
        self.merging = journal.cache("merging")

    def fetch(self) -> str:
        """Fetch, and see whether what the remote had when we last looked is still part of it."""
        target, repo = self.target, self.journal.repo
        seen = repo.commit_of(target.ref.replace("refs/heads/", f"refs/remotes/{target.remote}/", 1))
        theirs = fetch(repo, target, ask=self.wish.ask)
        if seen and not (theirs and self.journal.repo.is_ancestor(seen, theirs)):
            self.done.rewritten = self.done.rewritten or seen
        return theirs

    def is_changed_unseen(self) -> bool:
        """Tell whether commits changed files behind the log's back: only a person can say whether they meant it."""
        repo, head = self.journal.repo, self.journal.repo.head()
        found = _unseen(verify(self.journal, int(self.now.timestamp()), head).findings)
        merge = self._own_merge(head) if found else ""
        now, made = (repo.tree(head, "journal"), repo.tree(merge, "journal")) if merge else ({}, {})
        left = [one for one in found if not merge or now.get(one.where) != made.get(one.where)]
        self.done.findings = [replace(one, hint=_LOOK_FIRST) for one in left]
        return bool(left)

    def _own_merge(self, head: str) -> str:
        """Return the merge of an earlier sync that was stopped before it recorded what it made."""
        noted = (read_bytes(self.merging) or b"").decode("ascii", "replace").split()
        args = ("--first-parent", "--parents", "--max-count=50", head)
        lines = self.journal.repo.git("rev-list", *args).text.splitlines() if noted else []
        rows = (line.split() for line in lines)
        return next((row[0] for row in rows if row[1:] == noted or row[0] == noted[-1]), "")

    def foresee(self, theirs: str) -> None:
        """Say what a sync would do."""
        sealed = seal(self.journal, self.now, dry_run=True)
        head = self.journal.repo.head()
        self._refuse_code_out(theirs, head)
        plan = plan_merge(self.journal, head, theirs, sealed.changes, join=self.wish.join)
        self._note_sealed(sealed)
        self._name_recorded(sealed)
        changed = {change.path for change in sealed.changes if change.path}
        if plan:
            self.done.received, self.done.resolved = plan.received, plan.merged.resolved
            sent = differing(plan.merged.tree, self.journal.repo.tree(theirs))
        else:
            sent = sorted({*self._differing(theirs, head), *changed})
        self.done.sent = [path for path in sent if is_own(path)] if self.wish.push else []

    def bring_in(self, theirs: str) -> set[str]:
        """Record what lies here, merge what is there, record what that made; return the pages to generate again."""
        with Lock(self.journal.cache("writing.lock")):
            plan = self._merge(theirs)
            if self.wish.join:
                join_roots(self.journal, self.now)
            if plan is None:
                return set()
            sealed = self._seal()
            known = {path for one in plan.merged.resolved for path in (one.path, one.other)}
            came = [change.path for change in sealed.changes if change.path in plan.files]
            self.done.unrecorded += [path for path in came if path not in known]
            self.done.received = sorted({*self.done.received, *plan.received})
            self.done.resolved += plan.merged.resolved
        return plan.merged.again

    def is_stopped(self, theirs: str) -> bool:
        """Tell whether there is nothing to push, or something that forbids it."""
        head = self.journal.repo.head()
        if not self.wish.push:
            since = [f"^{theirs}"] if theirs else []
            self.done.waiting = int(self.journal.repo.git("rev-list", "--count", head, *since).text)
            return True
        if head != theirs:
            self.done.findings = _failures(self.journal, head, self.now) or self._find_outgoing(theirs, head)
            self.checked = head
        return head == theirs or bool(self.done.findings)

    def send(self, theirs: str) -> bool:
        """Push what was checked, and nothing that was written since; False where somebody else pushed first."""
        if not push(self.journal.repo, self.target, self.checked, ask=self.wish.ask):
            return False
        self.done.sent = [path for path in self._differing(theirs, self.checked) if is_own(path)]
        self.done.pushed = True
        return True

    def _differing(self, theirs: str, head: str) -> list[str]:
        return differing(self.journal.repo.tree(theirs), self.journal.repo.tree(head))

    def _merge(self, theirs: str) -> Plan | None:
        message = f"sync: {self.target.label}"
        for attempt in range(TRIES):
            sealed = self._seal()
            self._name_recorded(sealed)
            head = self.journal.repo.head()
            self._refuse_code_out(theirs, head)
            plan = plan_merge(self.journal, head, theirs, join=self.wish.join)
            if plan is None:
                return None
            _refuse_unrecorded(plan, sealed.refused)
            write_atomic(self.merging, f"{head} {theirs}\n".encode())
            try:
                if join(self.journal, head, theirs, plan.files, message, self.now, forward=plan.forward):
                    return plan
            except ConflictError:  # somebody saved a file just now: it is recorded first, and then merged
                if attempt + 1 == TRIES:
                    raise
        raise JournalError("the branch moved on each time the journal wanted to merge", "journal sync")

    def _seal(self) -> Sealed:
        sealed = seal(self.journal, self.now)
        if sealed.published and sealed.published.waiting:
            raise busy_error(sealed.published.waiting)
        remove_if_there(self.merging)
        self._note_sealed(sealed)
        return sealed

    def _note_sealed(self, sealed: Sealed) -> None:
        self.done.named += sealed.named
        self.done.refused = list(sealed.refused)

    def _name_recorded(self, sealed: Sealed) -> None:
        for change in sealed.changes:
            named = self.done.deleted if change.data is None else self.done.recorded
            named.append(sealed.where(change))

    def _refuse_code_out(self, theirs: str, head: str) -> None:
        inside = self.wish.push and is_here(self.journal)
        if inside and commits_outside(self.journal.repo, theirs, head, *HERE):
            raise JournalError(
                "commits that are not the journal's would be pushed too; nothing was merged",
                "git pull and git push, then journal sync",
            )

    def _find_outgoing(self, theirs: str, head: str) -> list[Finding]:
        """Return what the remote may not see of what would go out."""
        settings, remote = load(self.env, self.journal.root), self.target.remote
        # What was fetched says nothing about another place that is pushed to.
        have = [theirs] if theirs and is_one_place(self.journal.root, remote) else []
        found = refused_outgoing(self.journal, settings, remote, head, have)
        if not found:
            note_checked(self.journal, settings, remote, [head])
        return found


def _refuse_unrecorded(plan: Plan, refused: list[Refused]) -> None:
    for one in refused:
        if one.path in plan.files:
            raise JournalError(
                f"{one.path} cannot be recorded, and the other side changed it too; nothing was merged\n"
                f"  {one.message}",
                "put it right, then journal sync",
            )


def _unseen(findings: Sequence[Finding]) -> list[Finding]:
    """Return what commits did to files without a record.

    Where the log knows the file that took another's place, a command of ours has put it there.
    """
    unknown = {one.where for one in findings if one.level == "WARN"}
    taken = [one for one in findings if one.code == "replaced-entry" and one.where in unknown]
    return [one for one in findings if one.code in {"content", "deleted"}] + taken


def _failures(journal: Journal, head: str, now: datetime) -> list[Finding]:
    found = verify(journal, int(now.timestamp()), head).findings
    return [finding for finding in found if finding.level == "FAIL"]
