"""Check the journal against its log: the current commit, its history, and what this machine has seen before."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from session_journal.app import grown
from session_journal.app.contents import View, alike, check_contents, full_view, later_view
from session_journal.app.uncollected import uncollected
from session_journal.app.worktree import WorkingTree
from session_journal.core.fold import Finding, Folded, fold
from session_journal.core.graph import Graph
from session_journal.errors import JournalError
from session_journal.store.guard import is_logged
from session_journal.store.history import History
from session_journal.store.journal import Journal
from session_journal.store.lock import Lock
from session_journal.store.log import FOLDER
from session_journal.store.memory import Remembered, keep, recall
from session_journal.store.pins import Pins

Progress = Callable[[str], None]
_RESTORE = "restore journal/log from git, then `journal verify`"
_DAY = 86_400
_NEWS = 50  # records and files to read again, before writing down the whole memory is quicker


@dataclass(frozen=True, slots=True)
class Verdict:
    """What verification found.

    anchored: records that the anchors given or this machine's pins cover, the newest pin made at `seen_at` (unix
    seconds, 0: none); checked: records that were read this time; unchecked: what could not be looked at.
    """

    findings: tuple[Finding, ...]
    files: int
    records: int
    lanes: int
    heads: tuple[str, ...]
    unlogged: int
    anchored: int = 0
    seen_at: int = 0
    checked: int = 0
    unchecked: tuple[str, ...] = ()

    @property
    def failed(self) -> bool:
        """Tell whether anything is wrong (a warning alone is not)."""
        return any(finding.level == "FAIL" for finding in self.findings)


def verify(
    journal: Journal,
    now_seconds: int,
    commit: str = "",
    *,
    full: bool = False,
    anchors: Sequence[str] = (),
    progress: Progress = lambda _: None,
) -> Verdict:
    """Verify the current commit and the working tree against it, or a named commit alone, without the pins.

    What an earlier verification of this branch found sound is not read again unless `full`. anchors: ids of records
    that somebody has noted; they must be in the log.
    """
    with uncollected():
        return _verify(journal, now_seconds, commit, full=full, anchors=anchors, progress=progress)


def _verify(
    journal: Journal, now_seconds: int, commit: str, *, full: bool, anchors: Sequence[str], progress: Progress
) -> Verdict:
    repo, head = journal.repo, commit or journal.repo.head()
    before = None if full else recall(repo, head, journal.env)
    view = (later_view(repo, head, before) if before else None) or full_view(repo, head)
    found = _Found()
    folded = _check_commit(journal, view, found, now_seconds, progress)
    if view.since and (found.failed or found.in_doubt):
        return _verify(journal, now_seconds, commit, full=True, anchors=anchors, progress=progress)
    pins = Pins(repo.common_dir, journal.env)
    seen = pins.all()
    if not commit:
        found.findings += grown.look_for_pins(repo, folded.graph, seen)
    found.findings += [*grown.look_for_anchors(folded.graph, anchors)]
    sound, again = not found.failed, found.paths()
    busy = "" if commit else repo.operation()
    if busy and busy != "a detached HEAD":
        found.unchecked.append(f"the working tree, for git is in the middle of {busy}: finish it first")
    elif not commit:
        files = WorkingTree(journal, before.stats if before else {}, now_seconds)
        progress("comparing the working tree")
        found.findings += files.compare(view.tree)
        is_news = not found.unchecked and (before is None or files.read + len(folded.records) >= _NEWS)
        if sound:
            memory = Remembered(head, folded.graph, view.told(), files.settled(), again) if is_news else None
            _remember(journal, folded.graph, memory, pins, now_seconds)
    logged = sum(map(is_logged, view.tree))
    others = len(view.tree) - logged - len(_log_files(view.tree))
    return Verdict(
        tuple(found.findings), logged, folded.graph.count, len(folded.tips), folded.heads, others,
        folded.graph.covered([*anchors, *(pin.id for pin in seen)]),
        max([pin.seconds for pin in seen], default=0), len(folded.records), tuple(found.unchecked),
    )  # fmt: skip


class _Found:
    """What a verification has found so far, and what it could not look at."""

    def __init__(self) -> None:
        self.findings: list[Finding] = []
        self.unchecked: list[str] = []
        self.in_doubt = False

    @property
    def failed(self) -> bool:
        return any(finding.level == "FAIL" for finding in self.findings)

    def paths(self) -> tuple[str, ...]:
        """Return the paths that something was found about."""
        return tuple(sorted({finding.where for finding in self.findings}))


def _check_commit(journal: Journal, view: View, found: _Found, now_seconds: int, progress: Progress) -> Folded:
    repo = journal.repo
    history = History(repo, view.head, view.since)
    progress("reading the log")
    folded = fold(view.logs, view.graph)
    progress("reading the files")
    found.findings += [
        *_modes(view.tree), *folded.findings, *_root(folded.graph), *check_contents(repo, view, folded),
        *_future(folded, now_seconds), *(alike(view.tree) if view.named else ()), *grown.look_for_replacements(repo),
    ]  # fmt: skip
    progress("reading the history")
    abandoned = Pins(repo.common_dir, journal.env).abandoned()
    growth = grown.read_growth(repo, view.head, history)
    losses = growth.losses()
    found.findings += grown.tell_losses(losses, abandoned)
    found.unchecked += grown.tell_unread(repo, len(growth.unread))
    # Whether something gone was ever the log's is told by where it came from, so by the whole history.
    found.in_doubt = bool(view.since) and any(loss.gone or loss.impostors for loss in losses)
    return folded


def _remember(journal: Journal, graph: Graph, memory: Remembered | None, pins: Pins, now_seconds: int) -> None:
    """Pin what was found sound, and write down a new memory, unless another command is writing."""
    lock = Lock(journal.cache("lock"))
    try:
        if not lock.try_enter():
            return
    except JournalError:  # nothing can be written here
        return
    branch = journal.repo.branch()
    try:
        for lane, (seq, key) in sorted(graph.tips.items()):
            pins.advance(lane, seq, key, now_seconds, branch)
        if memory:
            keep(journal.repo, memory, journal.env)
    finally:
        lock.leave()


def _log_files(tree: Mapping[str, tuple[str, str]]) -> list[str]:
    return [path for path in tree if path.startswith(f"{FOLDER}/")]


def _modes(tree: Mapping[str, tuple[str, str]]) -> Iterable[Finding]:
    for path in sorted(_log_files(tree)):
        if tree[path][0] != "100644":
            fix = (
                f"chmod -x {path}"
                if tree[path][0] == "100755"
                else f"git log -- {path}, git checkout COMMIT^ -- {path}"
            )
            hint = f"{fix}, then git commit -- {path}"
            yield Finding("FAIL", "log-mode", path, "this is not a plain file of the log", hint)


def _root(graph: Graph) -> Iterable[Finding]:
    if not graph.count:
        yield Finding("FAIL", "no-log", FOLDER, "the log is empty or gone", _RESTORE)
    elif not graph.roots:
        yield Finding("FAIL", "no-root", FOLDER, "the log's beginning is missing", _RESTORE)


def _future(folded: Folded, now_seconds: int) -> Iterable[Finding]:
    for record in folded.records.values():
        if record.t > now_seconds + _DAY:
            where = f"{FOLDER}/{record.w}, record {record.s}"
            yield Finding("WARN", "future", where, "it claims a time in the future", "check this machine's clock")
