"""What a push must not carry: entries of level `self` to others, secrets to anybody, a log that does not hold."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence

from session_journal.app.remotes import is_private, push_urls, without_login
from session_journal.app.secrets_out import find_secret_versions, written_versions
from session_journal.app.verify import verify
from session_journal.core.archive_pages import KIND
from session_journal.core.document import fields, parse
from session_journal.core.fold import Finding
from session_journal.core.folders import CORRECTIONS, alike, is_archive
from session_journal.core.records import record
from session_journal.core.redact import redact
from session_journal.core.secret_rules import RULES
from session_journal.core.text import counted
from session_journal.errors import DocumentError
from session_journal.store.files import read_bytes, write_atomic
from session_journal.store.guard import is_logged
from session_journal.store.journal import Journal
from session_journal.store.places import state_dir
from session_journal.store.settings import Settings

_SETTINGS = "journal/journal.toml"
_OPEN = frozenset({"team", "public"})
_NAMED = 5
_CHECKED = 200


@record(frozen=True, slots=True)
class Push:
    """One push: to which remote (its name, or its URL again), which commits, which of them the other side has."""

    remote: str
    url: str
    commits: tuple[str, ...]
    have: tuple[str, ...]


def check_push(journal: Journal, settings: Settings, push: Push, now_seconds: int) -> list[Finding]:
    """Return what forbids the push."""
    found: list[Finding] = []
    seen: set[str] = set()
    commits = list(dict.fromkeys(_commits(journal, push.commits)))
    for commit in commits:
        tree = journal.repo.git("rev-parse", "--verify", "--quiet", f"{commit}:journal", check=False).text
        if _has_journal(journal, commit) and tree not in seen:
            seen.add(tree)
            found += [one for one in verify(journal, now_seconds, commit).findings if one.level == "FAIL"]
        found += refused_outgoing(journal, settings, push.remote, commit, push.have, push.url)
    found += _refused_without_commit(journal, settings, push)
    if not found:
        note_checked(journal, settings, push.remote, commits, push.url)
    return list(dict.fromkeys(found))


def note_checked(journal: Journal, settings: Settings, remote: str, commits: Iterable[str], url: str = "") -> None:
    """Note commits of which everything was checked, and held: what is noted is not looked at again."""
    for one in _places(journal, remote, url):
        files = [_clean_file(journal, one)]
        files += [] if is_private(settings, journal.root, one) else [_checked_file(journal, one)]
        for commit in commits:
            for file in files:
                _remember(file, commit)


def refused_outgoing(
    journal: Journal, settings: Settings, remote: str, commit: str, have: Sequence[str] = (), url: str = ""
) -> list[Finding]:
    """Return why a commit may not go to a remote: versions of files with a secret, or for their writer alone.

    have: commits that the remote is known to have; tracking branches are no proof, for a remote's URL can be changed.
    Every version on the way counts, not only the last. url: where exactly it goes (default: where the remote is
    pushed to).
    """
    own: set[str] = set()
    secrets: list[Finding] = []
    for one in _places(journal, remote, url):
        if not is_private(settings, journal.root, one):
            own |= _own_versions(journal, commit, [*have, *_noted(_checked_file(journal, one))])
        known = _present(journal, [*have, *_noted(_clean_file(journal, one))])
        secrets += find_secret_versions(journal, commit, known, without_login(remote))
    refused = [_refusal(sorted(own), without_login(remote))] if own else []
    return refused + list(dict.fromkeys(secrets))


def _places(journal: Journal, remote: str, url: str) -> list[str]:
    return [url] if url else push_urls(journal.root, remote) or [remote]


def _refusal(paths: list[str], remote: str) -> Finding:
    more = f" and {len(paths) - _NAMED} more" if len(paths) > _NAMED else ""
    files = counted(len(paths), "file")
    return Finding(
        "FAIL",
        "self",
        redact(", ".join(paths[:_NAMED]))[0] + more,
        f"{files} of visibility self would be pushed to {remote}, in this version or an older one",
        f"journal config set remote.{remote} private, if nobody but you can read it",
    )


def _own_versions(journal: Journal, commit: str, have: Sequence[str]) -> set[str]:
    """Return the paths of files with a visibility that stand with visibility self in a commit that the remote lacks."""
    written = written_versions(journal, commit, _present(journal, have), "-m")
    places = {oid: logged for oid, paths in written.items() if (logged := set(filter(_has_level, paths)))}
    blobs = journal.repo.blobs(list(places))
    return {path for oid, paths in places.items() for path in paths if not _may_leave(path, blobs.get(oid, b""))}


def _may_leave(path: str, data: bytes) -> bool:
    """Tell whether a file says that others may read it; one that cannot be read does not, nor do a session's events.

    What lies among events is taken for events, whatever it calls itself.
    """
    if is_archive(alike(path)):
        return False
    try:
        if not data.startswith((b"---", b"\xef\xbb\xbf---")):
            return tomllib.loads(data.decode()).get("visibility") in _OPEN
        found = fields(parse(data))
        return found.get("visibility") in _OPEN and found.get("type") != KIND
    except (DocumentError, ValueError):
        return False


def _has_level(path: str) -> bool:
    """Tell whether a file is for its writer alone unless it says otherwise: pages, events, decisions that quote."""
    return is_logged(path) or path == CORRECTIONS or is_archive(alike(path))


def _commits(journal: Journal, oids: Iterable[str]) -> Iterator[str]:
    """Yield the commits behind what is pushed."""
    for oid in oids:
        output = journal.repo.git("rev-parse", "--verify", "--quiet", f"{oid}^{{commit}}", check=False)
        if output.code == 0:
            yield output.text


def _refused_without_commit(journal: Journal, settings: Settings, push: Push) -> list[Finding]:
    """Return what forbids to push trees and files without a commit, as a tag can name them."""
    private = all(is_private(settings, journal.root, one) for one in _places(journal, push.remote, push.url))
    own = {path for oid in push.commits for path, blob in _bare_files(journal, oid) if not _may_leave(path, blob)}
    return [_refusal(sorted(own), without_login(push.remote))] if own and not private else []


def _bare_files(journal: Journal, oid: str) -> Iterator[tuple[str, bytes]]:
    """Yield the files of a tree or a file that look like the journal's: by their place, or by their front matter."""
    repo = journal.repo
    named = repo.objects_named([f"{oid}^{{commit}}", f"{oid}^{{tree}}", f"{oid}^{{blob}}"])
    if f"{oid}^{{commit}}" in named:
        return
    tree = named.get(f"{oid}^{{tree}}", "")
    files = (
        {path: blob for path, (_, blob) in repo.tree(tree).items()} if tree else {oid[:12]: named[f"{oid}^{{blob}}"]}
    )
    blobs = repo.blobs(list(files.values()))
    for path, blob in files.items():
        data = blobs.get(blob, b"")
        if _has_level(path) or data.startswith(b"---"):
            yield path, data


def _has_journal(journal: Journal, commit: str) -> bool:
    return journal.repo.git("cat-file", "-e", f"{commit}:{_SETTINGS}", check=False).code == 0


def _checked_file(journal: Journal, url: str) -> str:
    """Return where we note what was checked for a URL; the hook's script finds it by the same name."""
    name = journal.repo.blob_oid(url.encode("utf-8", "surrogateescape"))
    return os.path.join(journal.repo.common_dir, "journal", "checked", name)


def _clean_file(journal: Journal, url: str) -> str:
    """Return where we note what holds no secret; what is looked for and allowed is part of the name: it changes."""
    allowed = read_bytes(os.path.join(state_dir(journal.env), "allowed")) or b""
    looked_for = "\0".join((*(rule.pattern for rule in RULES), *journal.allowed.words())).encode()
    name = journal.repo.blob_oid(b"\0".join((url.encode("utf-8", "surrogateescape"), allowed, looked_for)))
    return os.path.join(journal.repo.common_dir, "journal", "clean", name)


def _noted(file: str) -> list[str]:
    """Return commits that were checked and held, apart from what the URL had by then."""
    return (read_bytes(file) or b"").decode("ascii", "replace").replace("^", "").split()


def _remember(file: str, commit: str) -> None:
    known = [one for one in _noted(file) if one != commit][-_CHECKED:]
    write_atomic(file, "".join(f"^{one}\n" for one in [*known, commit]).encode())


def _present(journal: Journal, commits: Sequence[str]) -> list[str]:
    wanted = "".join(f"{one}\n" for one in dict.fromkeys(commits) if one).encode()
    out = journal.repo.git("cat-file", "--batch-check", data=wanted).text if wanted else ""
    return [line.split(" ")[0] for line in out.splitlines() if " commit " in line]


def read_push(args: Sequence[str], lines: Sequence[str], env: Mapping[str, str]) -> Push:
    """Read what git gives a pre-push hook, or what the pre-commit framework makes of it."""
    if not args:
        remote = env.get("PRE_COMMIT_REMOTE_NAME", "origin")
        commit = env.get("PRE_COMMIT_TO_REF") or env.get("PRE_COMMIT_LOCAL_BRANCH") or "HEAD"
        # PRE_COMMIT_FROM_REF may come from a tracking branch, so it does not say what the other side has.
        return Push(remote, env.get("PRE_COMMIT_REMOTE_URL", ""), (commit,), ())
    rows = [words for words in map(str.split, lines) if len(words) == 4]
    commits = tuple(words[1] for words in rows if set(words[1]) != {"0"})
    have = tuple(words[3] for words in rows if set(words[3]) != {"0"})
    return Push(args[0], args[1] if len(args) > 1 else args[0], commits, have)
