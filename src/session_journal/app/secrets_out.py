"""Secrets in what would leave this machine: in any version of the journal's files, not only in the last one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from session_journal.core.fold import Finding
from session_journal.core.folders import is_lane
from session_journal.core.redact import redact
from session_journal.store.guard import find_secrets
from session_journal.store.journal import Journal

_AT_ONCE = 500


def written_versions(journal: Journal, commit: str, known: Sequence[str], merges: str) -> dict[str, set[str]]:
    """Return object id → paths of the journal's files, apart from its log's records, that commits wrote, newest first.

    known: commits that don't count, nor does what lies behind them. merges: see `Repository.changes`.
    """
    repo = journal.repo
    wanted = "".join([f"{commit}\n", *(f"^{one}\n" for one in known)]).encode()
    listed = repo.git("rev-list", "--full-history", "--topo-order", "--stdin", "--", "journal", data=wanted).out
    found: dict[str, set[str]] = {}
    for _, oid, path in repo.changes(listed, merges, "journal"):
        if set(oid) != {"0"} and not is_lane(path):
            found.setdefault(oid, set()).add(path)
    return found


def find_secret_versions(journal: Journal, commit: str, known: Sequence[str], remote: str) -> list[Finding]:
    """Return a finding for each secret that the commits on the way to a remote hold, in the oldest of them."""
    # What a merge took from a parent is looked at in that parent, or lies there already.
    written = written_versions(journal, commit, known, "-c")
    oldest = {(path, kind, mark): oid for path, oid, kind, mark in _secrets(journal, written)}
    return [
        _finding(path, kind, mark, _writer(journal, commit, known, path, oid), remote)
        for (path, kind, mark), oid in sorted(oldest.items())
    ]


def _secrets(journal: Journal, written: dict[str, set[str]]) -> Iterator[tuple[str, str, str, str]]:
    oids = list(written)
    for start in range(0, len(oids), _AT_ONCE):
        some = oids[start : start + _AT_ONCE]
        blobs = journal.repo.blobs(some)
        for oid in some:
            for path in sorted(written[oid]):
                for _, kind, mark in find_secrets(path, blobs.get(oid, b""), journal.allowed):
                    yield path, oid, kind, mark


def _writer(journal: Journal, commit: str, known: Sequence[str], path: str, oid: str) -> str:
    """Return the short id of the oldest commit on the way that wrote a version of a file."""
    args = ("--full-history", "--topo-order", "-m", "-s", f"--find-object={oid}", "--format=%h")
    since = [f"^{one}" for one in known]
    output = journal.repo.git(
        "-c", "log.showSignature=false", "log", *args, commit, *since, "--", f":(top,literal){path}"
    )
    return output.text.split()[-1] if output.text else commit[:7]


def _finding(path: str, kind: str, mark: str, commit: str, remote: str) -> Finding:
    named = f", fingerprint {mark}" if mark else ""
    allow = f"; if it is no secret: journal seal --allow {mark}" if mark else ""
    return Finding(
        "FAIL",
        "secret",
        redact(path)[0],
        f"as commit {commit} has it, it holds a secret ({kind}){named}, which would be pushed to {remote}",
        f"git rebase -i {commit}^, mark it edit, take the secret out, then journal seal{allow}",
    )
