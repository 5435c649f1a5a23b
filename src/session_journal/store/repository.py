"""What a repository is, what it is doing and what it holds; HEAD is found by reading its files."""

from __future__ import annotations

import os

from session_journal.core.digest import sha1, sha256
from session_journal.errors import GitError, NotFoundError
from session_journal.store.git import run_git
from session_journal.store.gitdirs import common_dir_of, git_dir_of, read_text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from session_journal.store.git import Output

_OPERATIONS = (
    ("MERGE_HEAD", "a merge"), ("rebase-merge", "a rebase"), ("rebase-apply", "a rebase"),
    ("CHERRY_PICK_HEAD", "a cherry-pick"), ("REVERT_HEAD", "a revert"), ("BISECT_LOG", "a bisect"),
    ("sequencer", "a sequence of commits"),
)  # fmt: skip


class Repository:
    """A git repository and this worktree's part of it.

    root: top of the worktree; git_dir: this worktree's (HEAD, index, running operations); common_dir: shared by all
    worktrees (objects, refs).
    """

    __slots__ = ("_oid_length", "common_dir", "git_dir", "root")

    def __init__(self, root: str) -> None:
        self.root = os.path.abspath(root)
        self.git_dir = git_dir_of(self.root)
        if not self.git_dir:
            raise NotFoundError(f"{self.root} is not the top of a git repository", "journal init")
        self.common_dir = common_dir_of(self.git_dir)
        self._oid_length = 0

    def git(self, *args: str, data: bytes = b"", check: bool = True) -> Output:
        """Run git in this worktree."""
        return run_git(args, self.root, data, check=check)

    def branch(self) -> str:
        """Return the full name of the ref that HEAD points to, or "" when it is detached."""
        head = read_text(os.path.join(self.git_dir, "HEAD"))
        if head.startswith("ref: refs/heads/.invalid"):  # the reftable format keeps HEAD elsewhere
            return self.git("symbolic-ref", "--quiet", "HEAD", check=False).text
        return head[5:] if head.startswith("ref: ") else ""

    def commit_of(self, ref: str) -> str:
        """Return the commit that a full ref name points to, "" where it does not exist yet."""
        loose = read_text(os.path.join(self.common_dir, *ref.split("/")))
        if loose and not loose.startswith("ref: "):
            return loose
        output = self.git("rev-parse", "--verify", "--quiet", f"{ref}^{{commit}}", check=False)
        return output.text if output.code == 0 else ""

    def head(self) -> str:
        """Return the current commit, "" before the first one."""
        branch = self.branch()
        if branch:
            return self.commit_of(branch)
        detached = read_text(os.path.join(self.git_dir, "HEAD"))
        return detached if len(detached) == self.oid_length() else self.git("rev-parse", "HEAD", check=False).text

    def is_ancestor(self, commit: str, other: str) -> bool:
        """Tell whether a commit is the other one or came before it."""
        return commit == other or self.git("merge-base", "--is-ancestor", commit, other, check=False).code == 0

    def operation(self, ended: str = "") -> str:
        """Say what the repository is in the middle of ("a rebase", "a detached HEAD", ...), "" when nothing.

        ended: an operation that does not count, for only its files are still there.
        """
        for name, what in _OPERATIONS:
            if what != ended and os.path.exists(os.path.join(self.git_dir, name)):
                return what
        return "" if self.branch() else "a detached HEAD"

    def oid_length(self) -> int:
        """Return the length of an object id: 40 (SHA-1) or 64 (SHA-256)."""
        if not self._oid_length:
            config = read_text(os.path.join(self.common_dir, "config")).lower()
            self._oid_length = 64 if "objectformat = sha256" in config else 40
        return self._oid_length

    def digest(self, data: bytes) -> str:
        """Return the object id of a whole object, its header included."""
        return (sha256 if self.oid_length() == 64 else sha1)(data).hexdigest()

    def blob_oid(self, data: bytes) -> str:
        """Return the object id that git gives a blob of these bytes."""
        return self.digest(b"blob %d\0%b" % (len(data), data))

    def tree(self, commit: str, *folders: str) -> dict[str, tuple[str, str]]:
        """Return path → (mode, object id) of every file of a commit, or of some folders of it."""
        if not commit:
            return {}
        out = self.git("ls-tree", "-r", "-z", "--full-tree", commit, "--", *folders).out
        files: dict[str, tuple[str, str]] = {}
        for line in out.split(b"\0")[:-1]:
            meta, _, name = line.partition(b"\t")
            mode, _, oid = meta.decode().split(" ")
            files[name.decode("utf-8", "surrogateescape")] = (mode, oid)
        return files

    def differences(self, old: str, new: str, folder: str) -> dict[str, tuple[str, str, str]]:
        """Return path → (old object id, new mode, new object id) of what differs in a folder; "" where nothing is."""
        if old == new:
            return {}
        args = ("--no-renames", "--no-abbrev", "--no-ext-diff", "--ignore-submodules=none", old, new, "--", folder)
        fields = self.git("diff-tree", "-r", "-z", *args).out.split(b"\0")
        found: dict[str, tuple[str, str, str]] = {}
        for meta, name in zip(fields[::2], fields[1::2], strict=False):
            _, mode, before, after, _ = meta[1:].decode().split(" ")
            gone = not before.strip("0"), not after.strip("0")
            path = name.decode("utf-8", "surrogateescape")
            found[path] = "" if gone[0] else before, "" if gone[1] else mode, "" if gone[1] else after
        return found

    def conflicts(self, folder: str) -> dict[str, dict[int, str]]:
        """Return path → stage → object id of what the index holds unmerged (1 base, 2 ours, 3 theirs)."""
        found: dict[str, dict[int, str]] = {}
        for line in self.git("ls-files", "-u", "-z", "--", folder).out.split(b"\0")[:-1]:
            meta, _, name = line.partition(b"\t")
            _, oid, stage = meta.decode().split(" ")
            found.setdefault(name.decode("utf-8", "surrogateescape"), {})[int(stage)] = oid
        return found

    def sizes(self, oids: Sequence[str]) -> dict[str, int]:
        """Return the sizes of many objects with one process; one that is missing is left out."""
        wanted = sorted(set(oids))
        if not wanted:
            return {}
        lines = "".join(f"{oid}\n" for oid in wanted).encode()
        out = self.git("cat-file", "--batch-check=%(objectname) %(objectsize)", data=lines).out
        pairs = (line.split(b" ") for line in out.splitlines())
        return {oid.decode(): int(size) for oid, size in pairs if size.isdigit()}

    def objects_named(self, names: Sequence[str]) -> dict[str, str]:
        """Return name → object id for names such as `commit:path`; one that names nothing is left out."""
        if not names:
            return {}
        lines = "".join(f"{name}\n" for name in names).encode()
        out = self.git("cat-file", "--batch-check=%(objectname)", data=lines).out.decode().splitlines()
        pairs = zip(names, out, strict=True)
        return {name: oid for name, oid in pairs if len(oid) == self.oid_length() and " " not in oid}

    def is_partial(self) -> bool:
        """Tell whether this is a partial clone, which may lack objects."""
        config = read_text(os.path.join(self.common_dir, "config")).lower()
        return "partialclone" in config or "promisor" in config

    def local(self, oids: Iterable[str]) -> set[str]:
        """Return which of these objects are here: a partial clone would fetch the others as soon as it is asked."""
        wanted = set(oids)
        if not self.is_partial():
            return wanted
        out = self.git("cat-file", "--batch-all-objects", "--unordered", "--batch-check=%(objectname)").out
        return wanted.intersection(out.decode().split())

    def changes(self, commits: bytes, merges: str, folder: str) -> list[tuple[tuple[str, ...], str, str]]:
        """Return (object ids before, object id after, path) of what commits, one a line, changed in a folder.

        merges: `-c` for what no parent of a merge has, `-m` for what any of them lacks. Only zeros stand for no file.
        """
        shape = ("--stdin", merges, "-r", "--root", "--raw", "-z", "--no-renames", "--no-abbrev", "--no-commit-id")
        tokens = self.git("diff-tree", *shape, "--", folder, data=commits).out.split(b"\0")
        found = []
        for meta, name in zip(tokens[::2], tokens[1::2], strict=False):
            parents = len(meta) - len(meta.lstrip(b":"))
            oids = meta.decode().split(" ")[parents + 1 : 2 * parents + 2]
            found.append((tuple(oids[:-1]), oids[-1], name.decode("utf-8", "surrogateescape")))
        return found

    def blobs(self, oids: Sequence[str]) -> dict[str, bytes]:
        """Return the bytes of many objects with one process; one that is missing is left out."""
        wanted = sorted(set(oids))
        if not wanted:
            return {}
        output = self.git("cat-file", "--batch", data="".join(f"{oid}\n" for oid in wanted).encode(), check=False)
        if output.code:
            said = output.err.strip().splitlines()
            raise GitError(f"an object of the repository is damaged: {said[-1] if said else ''}", "git fsck --full")
        out = output.out
        found: dict[str, bytes] = {}
        at = 0
        for _ in wanted:
            end = out.index(b"\n", at)
            head = out[at:end].decode().split(" ")
            at = end + 1
            if len(head) == 3:
                size = int(head[2])
                found[head[0]] = out[at : at + size]
                at += size + 1
        return found
