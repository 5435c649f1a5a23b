"""Secrets that the journal holds already: in its files, in every version of them, in commit messages, in its archive.

Nothing of a value is ever part of the result: only its kind, its place and its fingerprint.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from shlex import quote

from session_journal.app.second_opinion import second_opinions
from session_journal.core.folders import LOG, is_archive
from session_journal.core.records import record
from session_journal.core.redact import redact, secrets
from session_journal.store.files import is_plain, read_bytes
from session_journal.store.guard import find_secrets
from session_journal.store.journal import Journal

_AT_ONCE = 500

Tell = Callable[[str], None]


@record(frozen=True, slots=True)
class Leak:
    """A secret where it lies. line: 0 where it has none. commit: "" in a file as it is now. by: who found it."""

    kind: str
    path: str
    line: int = 0
    commit: str = ""
    fingerprint: str = ""
    by: str = "journal"

    @property
    def place(self) -> str:
        """Say where it is, as `path:line in commit`."""
        line = f":{self.line}" if self.line else ""
        return f"{self.path}{line}{f' in commit {self.commit[:12]}' if self.commit else ''}"


@record(frozen=True, slots=True)
class Step:
    """One thing to do about what was found: in words, and as a command where there is one."""

    text: str
    command: str = ""


@record(frozen=True, slots=True)
class Scan:
    """What was found, what to do about it, and what could not be looked at."""

    leaks: tuple[Leak, ...]
    steps: tuple[Step, ...]
    notes: tuple[str, ...] = ()

    def as_json(self) -> dict[str, object]:
        """Return the result as plain values."""
        return {
            "leaks": [
                {name: getattr(leak, name) for name in ("kind", "path", "line", "commit", "fingerprint", "by")}
                for leak in self.leaks
            ],
            "steps": [{"text": step.text, "command": step.command} for step in self.steps],
            "notes": list(self.notes),
        }


def scan(
    journal: Journal,
    archive: Iterable[tuple[str, str]] = (),
    env: Mapping[str, str] | None = None,
    tell: Tell = lambda _: None,
) -> Scan:
    """Look for secrets in all that the journal holds, and say how to get rid of them.

    archive: name and text of what is kept beside the files. env: where further scanners are looked for (PATH), none
    without it. tell: hears what is being looked at.
    """
    tell("looking at the files")
    leaks = [*_in_files(journal)]
    tell("looking at every version in the history")
    leaks += [*_in_history(journal), *_in_messages(journal)]
    for name, text in archive:
        leaks += _in_text(journal, name, text)
    notes: list[str] = []
    for found in second_opinions(journal.root, env or {}, tell):
        notes += found.notes
        leaks += [Leak(kind, path, line, commit, by=found.tool) for kind, path, line, commit in found.leaks]
    if journal.repo.is_partial():
        notes.append("this is a partial clone: versions that are not here were not looked at")
    known = tuple(dict.fromkeys(leaks))
    return Scan(known, purge_steps(journal, known), tuple(notes))


def _in_files(journal: Journal) -> Iterator[Leak]:
    for folder, folders, names in os.walk(journal.path("journal")):
        folders.sort()
        for name in sorted(names):
            whole = os.path.join(folder, name)
            path = os.path.relpath(whole, journal.root).replace(os.sep, "/")
            data = read_bytes(whole) if is_plain(whole) and not path.startswith(LOG) else None
            for line, kind, mark in find_secrets(path, data, journal.allowed) if data else ():
                yield Leak(kind, redact(path)[0], line, fingerprint=mark)


def _in_history(journal: Journal) -> Iterator[Leak]:
    """Yield each secret once a path, in the oldest version that has it."""
    repo = journal.repo
    listed = repo.git("rev-list", "--all", "--full-history", "--topo-order", "--", "journal").out
    written: dict[str, set[str]] = {}
    for _, oid, path in repo.changes(listed, "-c", "journal") if listed else ():
        if set(oid) != {"0"} and not path.startswith(LOG):
            written.setdefault(oid, set()).add(path)
    here = [oid for oid in written if oid in repo.local(written)]
    oldest: dict[tuple[str, str, str], tuple[str, int]] = {}
    for start in range(0, len(here), _AT_ONCE):
        some = here[start : start + _AT_ONCE]
        blobs = repo.blobs(some)
        for oid in some:
            for path in sorted(written[oid]):
                for line, kind, mark in find_secrets(path, blobs.get(oid, b""), journal.allowed):
                    oldest[path, kind, mark] = oid, line
    for (path, kind, mark), (oid, line) in sorted(oldest.items()):
        yield Leak(kind, redact(path)[0], line, _writer(journal, path, oid), mark)


def _writer(journal: Journal, path: str, oid: str) -> str:
    """Return the oldest commit that wrote a version of a file."""
    args = ("--all", "--full-history", "--topo-order", "-m", "-s", f"--find-object={oid}", "--format=%H")
    out = journal.repo.git("-c", "log.showSignature=false", "log", *args, "--", f":(top,literal){path}").text
    return out.split()[-1] if out else ""


def _in_messages(journal: Journal) -> Iterator[Leak]:
    args = ("log", "--all", "--full-history", "--format=%H%x00%B%x01", "--", "journal")
    out = journal.repo.git("-c", "log.showSignature=false", *args).out.decode("utf-8", "replace")
    for entry in out.split("\x01"):
        commit, _, message = entry.strip("\n").partition("\0")
        yield from _in_text(journal, "commit message", message, commit)


def _in_text(journal: Journal, name: str, text: str, commit: str = "") -> Iterator[Leak]:
    for secret in secrets(text, journal.allowed.words()):
        if not journal.allowed.permits(secret.kind, secret.value):
            yield Leak(secret.kind, redact(name)[0], secret.line, commit, journal.allowed.fingerprint(secret.value))


def purge_steps(journal: Journal, leaks: Iterable[Leak]) -> tuple[Step, ...]:
    """Return what to do about these secrets, in the order in which it has to be done."""
    found = list(leaks)
    if not found:
        return ()
    return (
        Step("Revoke or change every one of these secrets where it was issued: whoever could read the journal has it."),
        *_keeping(found),
        *_in_place(journal, found),
        *(_from_history(journal, found) if any(leak.commit for leak in found) else ()),
    )


def _keeping(found: list[Leak]) -> Iterator[Step]:
    marks = list(dict.fromkeys(leak.fingerprint for leak in found if leak.fingerprint))
    if marks:
        options = " ".join(f"--allow {mark}" for mark in marks)
        yield Step(
            "What is no secret can be allowed on this machine, each by its fingerprint:", f"journal seal {options}"
        )


def _in_place(journal: Journal, found: list[Leak]) -> Iterator[Step]:
    paths = list(dict.fromkeys(leak.path for leak in found if not leak.commit and leak.path.startswith("journal/")))
    for path in paths:
        if is_archive(path):
            command = f"git -C {quote(journal.root)} rm {quote(path)}"
            yield Step(f"Delete {path}; the entry whose events it holds stays:", command)
        else:
            yield Step(f"Take it out of {path}:", f"journal edit {quote(path)}")
    if paths:
        yield Step("Record what you changed in other editors:", "journal seal")


def _from_history(journal: Journal, found: list[Leak]) -> Iterator[Step]:
    """Yield how to rewrite the history; `forget --history`, which is to do this, is not built yet."""
    root = quote(journal.root)
    paths = sorted({leak.path for leak in found if leak.commit and leak.path.startswith("journal/")})
    yield Step(
        "Older versions keep what you took out. To remove it from every commit you need git-filter-repo, a fresh copy"
        " of the repository to fall back on, and nobody else writing meanwhile:",
        f"git clone --mirror {root} {quote(journal.root + '-before-purge')}",
    )
    yield Step(
        "Write each secret into a file of its own outside the journal, one a line, and let git-filter-repo replace it"
        " (delete that file afterwards):",
        f"git -C {root} filter-repo --replace-text FILE"
        + (" --replace-message FILE" if any(leak.path == "commit message" for leak in found) else ""),
    )
    if paths:
        listed = " ".join(f"--path {quote(path)}" for path in paths)
        yield Step(
            "Or remove these files with all their versions, if you can do without them:",
            f"git -C {root} filter-repo --invert-paths {listed}",
        )
    yield Step(
        "Every commit gets a new name. The log's records stay, and those of the old versions then name contents that"
        " nobody has any more; see what it says:",
        "journal verify",
    )
    yield Step(
        "What git still keeps of the old commits on this machine:",
        f"git -C {root} reflog expire --expire=now --all && git -C {root} gc --prune=now",
    )
    yield Step(
        "Remotes: push the new history over the old one. Its host may show old commits for a while (ask its support),"
        " and forks and other clones keep them: each has to be cloned anew.",
        f"git -C {root} push --force --all && git -C {root} push --force --tags",
    )
    yield Step(
        "When all is well, delete the copy: it has the secrets, too.", f"rm -rf {quote(journal.root + '-before-purge')}"
    )
