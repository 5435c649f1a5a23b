"""One commit by plumbing: objects, working files and index, then the ref with its old value.

A failure on the way puts everything back; what a crash left half done is finished by the next command (mend.py).
"""

from __future__ import annotations

import os

from session_journal.core.folders import LOG
from session_journal.errors import ConflictError, GitError, JournalError
from session_journal.store.files import append_line, join_list, read_bytes, remove_if_there, write_atomic
from session_journal.store.git import start_git
from session_journal.store.objects import Objects
from session_journal.store.staging import BusyError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from session_journal.store.git import Finished, Output, Running
    from session_journal.store.repository import Repository
    from session_journal.store.staging import IndexLock

    Started = Running | Finished


class Identity:
    """Who commits, and how git is told to keep what it writes: signed, flushed to the disk, shared with a group."""

    __slots__ = ("author", "committer", "flush", "shared", "sign")

    def __init__(self, author: str, committer: str, *, sign: bool, flush: bool, shared: bool) -> None:
        self.author, self.committer = author, committer
        self.sign, self.flush, self.shared = sign, flush, shared


class Plan:
    """A commit to make: on which branch and commit, which files (None: deleted), with which words, by whom.

    expected: path → what the caller has read there; a file that is something else by now belongs to somebody.
    other: a second parent, for a merge; target: a commit that is there already and that the branch moves forward to.
    """

    __slots__ = ("branch", "expected", "files", "head", "message", "now", "other", "target", "who")

    def __init__(
        self, branch: str, head: str, files: Mapping[str, bytes | None], message: str, who: Identity, now: datetime,
        expected: Mapping[str, bytes | None], other: str = "", target: str = "",
    ) -> None:  # fmt: skip
        self.branch, self.head, self.files, self.message, self.who, self.now = branch, head, files, message, who, now
        self.expected, self.other, self.target = expected, other, target

    @property
    def parents(self) -> list[str]:
        """Return the commits that this one builds on."""
        return [commit for commit in (self.head, self.other) if commit]


def read_identity(output: Output) -> Identity:
    """Read who commits from `git var -l`; without a name and an address, say which two commands set them."""
    values: dict[str, str] = {}
    for line in output.out.decode("utf-8", "replace").splitlines():
        key, equals, value = line.partition("=")
        values[key] = value if equals else "true"  # a key without a value is true for git
    env = os.environ
    for role in ("AUTHOR", "COMMITTER"):
        name = env.get(f"GIT_{role}_NAME") or values.get(f"{role.lower()}.name") or values.get("user.name")
        mail = (
            env.get(f"GIT_{role}_EMAIL")
            or values.get(f"{role.lower()}.email")
            or values.get("user.email")
            or env.get("EMAIL")
        )
        if not name or not mail:
            raise JournalError(
                "git does not know who you are, so the journal cannot commit",
                'git config --global user.name "Your Name" && git config --global user.email you@example.org',
            )
    author, committer = (_without_time(values[f"GIT_{role}_IDENT"]) for role in ("AUTHOR", "COMMITTER"))
    return Identity(
        author,
        committer,
        sign=values.get("commit.gpgsign", "").lower() in {"true", "yes", "on", "1"},
        flush="core.fsync" in values or values.get("core.fsyncobjectfiles", "") == "true",
        shared=values.get("core.sharedrepository", "umask").lower() not in {"umask", "false", "no", "off", "0"},
    )


def _without_time(ident: str) -> str:
    return ident[: ident.rindex(">") + 1]


def commit(repo: Repository, index: IndexLock, plan: Plan) -> str:
    """Make the commit and return its id, or "" when the branch moved meanwhile (nothing has changed then).

    Working files and index come before the ref, and what goes away goes last: whatever stops us in between, no later
    `git commit` can delete what was to be stored. Any failure before the ref has moved puts everything back.
    """
    before = {path: read_bytes(_place(repo, path)) for path in plan.files}
    objects = Objects(repo, shared=plan.who.shared, flush=plan.who.flush)
    for data in plan.files.values():
        if data is not None:
            objects.write("blob", data)
    index.prepare(plan)  # git may read what it is told of, .gitattributes for one, so the blobs are there first
    new = _write_commit(repo, objects, plan)
    index.wait()
    _note_pending(repo, plan, new, before)
    written: list[str] = []
    try:
        _write_files(repo, plan, [path for path in plan.files if plan.files[path] is not None], written)
        index.install()
        _write_files(repo, plan, [path for path in plan.files if plan.files[path] is None], written)
        moved = _move_ref(repo, plan, new)
    except BaseException:
        if repo.commit_of(plan.branch) != new:
            _put_back(repo, index, plan, {path: before[path] for path in written})
        raise
    if not moved:
        _put_back(repo, index, plan, before)
        return ""
    remove_if_there(_pending(repo))
    return new


def _place(repo: Repository, path: str) -> str:
    return os.path.join(repo.root, *path.split("/"))


def _write_files(repo: Repository, plan: Plan, paths: Iterable[str], written: list[str]) -> None:
    for path in sorted(paths):
        written.append(path)
        _write_checked(repo, plan, path, plan.files[path])


def _write_checked(repo: Repository, plan: Plan, path: str, data: bytes | None) -> None:
    """Write one file unless somebody saved it since it was compared (signing can take minutes)."""
    if path in plan.expected:
        refuse_changed(repo, path, plan.expected[path])
    write_file(_place(repo, path), data)


def refuse_changed(repo: Repository, path: str, expected: bytes | None) -> None:
    """Raise ConflictError where a file is no longer what it was when it was compared."""
    if read_bytes(_place(repo, path)) != expected:
        raise ConflictError(f"{path} has changed on disk meanwhile; nothing was written", "try again")


def _put_back(repo: Repository, index: IndexLock, plan: Plan, before: Mapping[str, bytes | None]) -> None:
    """Undo what was written; a file that somebody saved since is theirs, but for the log, which may be torn."""
    for path, data in before.items():
        place, log = _place(repo, path), path.startswith(LOG)
        on_disk = read_bytes(place)
        if data is None and (log or on_disk == plan.files[path]):
            remove_if_there(place)
        elif data is not None and log and on_disk is not None and on_disk.startswith(data):
            os.truncate(place, len(data))  # takes no room on a full disk
        elif data is not None and on_disk == plan.files[path]:
            write_atomic(place, data)
    index.put_back()
    remove_if_there(_pending(repo))


def write_file(path: str, data: bytes | None) -> None:
    """Bring one working file to its committed state; a file whose bytes are right already is not touched.

    A file that only grows (the log) is appended to: replacing it would make the file system flush it to the disk.
    """
    if data is None:
        remove_if_there(path)
        return
    before = read_bytes(path)
    if before == data:
        return
    if not (before and path.endswith(".jsonl") and data.startswith(before) and append_line(path, data[len(before) :])):
        write_atomic(path, data)


def _write_commit(repo: Repository, objects: Objects, plan: Plan) -> str:
    """Store trees and commit while git prepares the index; return the commit's id."""
    if plan.target:
        return plan.target
    tree = objects.with_files(objects.tree_of(plan.head) if plan.head else "", plan.files)
    if plan.who.sign:
        return _signed(repo, plan, tree)
    stamp = f"{int(plan.now.timestamp())} {plan.now:%z}"
    parents = "".join(f"parent {parent}\n" for parent in plan.parents)
    head = f"tree {tree}\n{parents}author {plan.who.author} {stamp}\ncommitter {plan.who.committer} {stamp}\n"
    return objects.write("commit", f"{head}\n{plan.message}\n".encode())


def _signed(repo: Repository, plan: Plan, tree: str) -> str:
    stamp = f"@{int(plan.now.timestamp())} {plan.now:%z}"
    parents = [word for parent in plan.parents for word in ("-p", parent)]
    env = {"GIT_AUTHOR_DATE": stamp, "GIT_COMMITTER_DATE": stamp}
    data = plan.message.encode("utf-8") + b"\n"
    args = ["commit-tree", "-S", *parents, "-F", "-", tree]
    output = start_git(args, repo.root, data, env).wait()
    if output.code:
        said = output.err.strip().splitlines()
        raise GitError(
            f"the commit could not be signed: {said[-1] if said else output.code}",
            "check your signing key: git config --get user.signingkey",
        )
    return output.text


def _move_ref(repo: Repository, plan: Plan, new: str) -> bool:
    old = plan.head or "0" * len(new)
    lines = os.fsencode(f"update {plan.branch} {new} {old}\n")
    moving = start_git(["update-ref", "-m", f"journal: {plan.message.splitlines()[0]}", "--stdin"], repo.root, lines)
    try:
        output = moving.wait()
    except BaseException:  # an interrupt; whether the branch has moved is only known when git has ended
        moving.wait()
        raise
    if output.code == 0:
        return True
    if repo.commit_of(plan.branch) != plan.head:
        return False
    raise BusyError(refused_move(output))


def refused_move(output: Output) -> str:
    """Say what git is busy with when it did not move the branch: a lock that is held, a hook that says no."""
    lines = [line for line in output.err.strip().splitlines() if not line.startswith("hint:")]
    lines = lines or [f"exit code {output.code}"]
    said = next((line for line in lines if line.startswith("fatal: ")), lines[0]).removeprefix("fatal: ").rstrip(".")
    if said.endswith(".lock': File exists"):
        said += "; if no git is running, remove that file"
    elif "hook" in said and len(lines) > 1:
        said += f": {lines[0]}"
    return f"a move of the branch ({said})"


def _pending(repo: Repository) -> str:
    return os.path.join(repo.git_dir, "journal", "pending")


def is_pending(repo: Repository) -> bool:
    """Tell whether a commit is half done."""
    return os.path.exists(_pending(repo))


def _note_pending(repo: Repository, plan: Plan, new: str, before: Mapping[str, bytes | None]) -> None:
    """Write down what a crash would leave half done: the commit to reach, and per file what lay there before."""
    lines = [f"commit {new}", f"branch {plan.branch}", f"head {plan.head}"]
    lines += [f"{repo.blob_oid(data) if data is not None else '-'} {path}" for path, data in sorted(before.items())]
    write_atomic(_pending(repo), join_list(lines))
