"""Git objects, written as git writes loose ones: blobs, the trees above them, and the commit.

Six git processes for one commit cost more than all the rest of it, so the objects are made here; reading falls back
to git for what is packed. Format: gitformat-loose, and `tree` and `commit` as `git cat-file -p` prints them.
"""

from __future__ import annotations

import os
import zlib

from session_journal.errors import GitError
from session_journal.store.files import remove_if_there

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from session_journal.store.repository import Repository

_FILE, _FOLDER = b"100644", b"40000"
_MOST_TRIES = 1000


class Objects:
    """The object store of a repository; `shared` and `flush` follow core.sharedRepository and core.fsync."""

    __slots__ = ("_flush", "_folder", "_repo", "_shared")

    def __init__(self, repo: Repository, *, shared: bool = False, flush: bool = False) -> None:
        self._repo, self._folder = repo, os.path.join(repo.common_dir, "objects")
        self._shared, self._flush = shared, flush

    def write(self, kind: str, data: bytes) -> str:
        """Store an object and return its id; one that is there already is not written again."""
        whole = b"%b %d\0%b" % (kind.encode(), len(data), data)
        oid = self._repo.digest(whole)
        folder = os.path.join(self._folder, oid[:2])
        path = os.path.join(folder, oid[2:])
        try:
            os.utime(path)  # as git does: a `git gc` at this moment may be about to prune what looks old
        except OSError:  # not there, or somebody else's: then it gets written
            self._write_file(folder, path, zlib.compress(whole, 1))
        return oid

    def _write_file(self, folder: str, path: str, packed: bytes) -> None:
        temporary = os.path.join(folder, f"tmp_obj_{os.getpid()}")
        try:
            handle = self._open_new(folder, temporary)
            with open(handle, "wb") as file:
                file.write(packed)
                if self._flush:
                    file.flush()
                    os.fsync(file.fileno())
            if self._shared:
                os.chmod(temporary, 0o444)
            os.replace(temporary, path)
        except OSError as error:
            remove_if_there(temporary)
            raise GitError(f"cannot store an object in {folder}: {error.strerror}", "check the disk's room") from error

    def _open_new(self, folder: str, path: str) -> int:
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
        for _ in range(_MOST_TRIES):  # a `git gc` takes a folder away that is empty, also one made a moment ago
            try:
                return os.open(path, flags, 0o444)
            except FileNotFoundError:
                os.makedirs(folder, exist_ok=True)
                self._share(folder)
            except FileExistsError:  # of a killed process that had our number; nobody may write to it, not even we
                os.remove(path)
        return os.open(path, flags, 0o444)

    def _share(self, folder: str) -> None:
        if self._shared:
            try:
                os.chmod(folder, 0o2775)  # noqa: S103 - what core.sharedRepository asks for
            except FileNotFoundError:  # taken away again
                return

    def read(self, oid: str, kind: str) -> bytes:
        """Return the bytes of an object."""
        try:
            with open(os.path.join(self._folder, oid[:2], oid[2:]), "rb") as file:
                head, _, data = zlib.decompress(file.read()).partition(b"\0")
        except (FileNotFoundError, zlib.error):  # packed, borrowed from another repository, or damaged: git knows
            return self._repo.git("cat-file", kind, oid).out
        if head.partition(b" ")[0] != kind.encode():
            raise GitError(f"object {oid} is not a {kind}", "git fsck")
        return data

    def tree_of(self, commit: str) -> str:
        """Return the id of a commit's tree."""
        return self.read(commit, "commit")[len("tree ") :].split(b"\n", 1)[0].decode()

    def with_files(self, tree: str, files: Mapping[str, bytes | None]) -> str:
        """Store files (path → bytes, None: gone) and return the id of `tree` ("" for an empty one) with them in it."""
        here: dict[str, bytes | None] = {}
        below: dict[str, dict[str, bytes | None]] = {}
        for path, data in files.items():
            name, _, rest = path.partition("/")
            if rest:
                below.setdefault(name, {})[rest] = data
            else:
                here[name] = data
        entries = self._entries(tree) if tree else {}
        for name, data in here.items():
            self._put(entries, name, _FILE, None if data is None else self.write("blob", data))
        for name, inner in below.items():
            mode, oid = entries.get(name.encode("utf-8", "surrogateescape"), (b"", ""))
            made = self.with_files(oid if mode == _FOLDER else "", inner)
            self._put(entries, name, _FOLDER, None if made == self._repo.digest(b"tree 0\0") else made)
        return self.write("tree", _joined(entries))

    @staticmethod
    def _put(entries: dict[bytes, tuple[bytes, str]], name: str, mode: bytes, oid: str | None) -> None:
        key = name.encode("utf-8", "surrogateescape")
        if oid is None:
            entries.pop(key, None)
        else:
            entries[key] = (mode, oid)

    def _entries(self, tree: str) -> dict[bytes, tuple[bytes, str]]:
        data, at, size = self.read(tree, "tree"), 0, self._repo.oid_length() // 2
        entries: dict[bytes, tuple[bytes, str]] = {}
        while at < len(data):
            space, end = data.index(b" ", at), data.index(b"\0", at)
            entries[data[space + 1 : end]] = (data[at:space], data[end + 1 : end + 1 + size].hex())
            at = end + 1 + size
        return entries


def _joined(entries: Mapping[bytes, tuple[bytes, str]]) -> bytes:
    """Join a tree's entries in git's order: by name, a folder as if its name ended in a slash."""
    order = sorted(entries, key=lambda name: name + b"/" if entries[name][0] == _FOLDER else name)
    return b"".join(b"%b %b\0%b" % (entries[name][0], name, bytes.fromhex(entries[name][1])) for name in order)
