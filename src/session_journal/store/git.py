"""The one door to git: a scrubbed environment, list arguments, plumbing.

A commit of the journal must not cost more than git's own, so this module starts git by `posix_spawn` where it can
(importing `subprocess` takes longer than the whole commit).
"""

from __future__ import annotations

import os

from session_journal.errors import GitError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

# What stays of the user's GIT_* variables: who they are and how they reach their remotes. The rest (GIT_DIR,
# GIT_INDEX_FILE, ...) is set inside hooks and would point our commands at the wrong repository.
_KEPT = frozenset({
    "GIT_AUTHOR_NAME", "GIT_AUTHOR_EMAIL", "GIT_COMMITTER_NAME", "GIT_COMMITTER_EMAIL",
    "GIT_CONFIG_GLOBAL", "GIT_CONFIG_SYSTEM", "GIT_CONFIG_NOSYSTEM", "GIT_EXEC_PATH",
    "GIT_SSH", "GIT_SSH_COMMAND", "GIT_SSH_VARIANT", "GIT_ASKPASS", "GIT_SSL_CAINFO", "GIT_TEMPLATE_DIR",
})  # fmt: skip
_EXECUTABLE = ""
_LEFT: list[object] = []  # Python warns of a process that runs on when nobody knows it any more


class Output:
    """What a finished git command gave back."""

    __slots__ = ("code", "err", "out")

    def __init__(self, code: int, out: bytes, err: str) -> None:
        self.code, self.out, self.err = code, out, err

    @property
    def text(self) -> str:
        """Return stdout as text without its last newline."""
        return self.out.decode("utf-8", "surrogateescape").removesuffix("\n")

    def checked(self, command: str) -> Output:
        """Return this output, or raise GitError with git's own words where the command failed."""
        if self.code:
            said = self.err.strip().splitlines()
            raise GitError(f"git {command} failed: {said[-1] if said else f'exit code {self.code}'}")
        return self


class Running:
    """A git command that was started; `wait` returns its Output."""

    __slots__ = ("_done", "_err", "_out", "_pid", "args")

    def __init__(self, args: Sequence[str], data: bytes, env: Mapping[str, str]) -> None:
        # Files in memory instead of pipes: no dead lock however much either side writes.
        self.args = args
        self._done: Output | None = None
        stdin, self._out, self._err = (os.memfd_create(name) for name in ("in", "out", "err"))
        if data:
            _write_all(stdin, data)
            os.lseek(stdin, 0, os.SEEK_SET)
        actions = [(os.POSIX_SPAWN_DUP2, fd, number) for number, fd in enumerate((stdin, self._out, self._err))]
        self._pid = os.posix_spawn(args[0], list(args), env, file_actions=actions)
        os.close(stdin)

    def wait(self) -> Output:
        """Wait for the end of the command and return what it gave back, however often it is asked."""
        if self._done is None:
            _, status = os.waitpid(self._pid, 0)
            said = _read_all(self._err).decode("utf-8", "replace")
            self._done = Output(os.waitstatus_to_exitcode(status), _read_all(self._out), said)
        return self._done


class Finished:
    """The same door where files in memory do not exist (macOS, Windows): the command has run when it is made."""

    __slots__ = ("_output", "args")

    def __init__(self, args: Sequence[str], data: bytes, env: Mapping[str, str]) -> None:
        import subprocess

        self.args = args
        done = subprocess.run(list(args), input=data, env=dict(env), capture_output=True, check=False)
        self._output = Output(done.returncode, done.stdout, done.stderr.decode("utf-8", "replace"))

    def wait(self) -> Output:
        """Return what the command gave back."""
        return self._output


def start_git(
    args: Sequence[str], cwd: str = "", data: bytes = b"", extra_env: Mapping[str, str] | None = None
) -> Running | Finished:
    """Start git with a list of arguments in `cwd`; `data` goes to its stdin."""
    place = ["-C", cwd] if cwd else []
    command = [_executable(), "--no-pager", *place, *args]
    env = {**environment(), **(extra_env or {})}
    if hasattr(os, "memfd_create") and hasattr(os, "posix_spawn"):
        return Running(command, data, env)
    return Finished(command, data, env)


def leave_git(args: Sequence[str], cwd: str) -> None:
    """Start git and go on at once: nobody waits for it, it says nothing and inherits no file of ours."""
    command = [_executable(), "--no-pager", "-C", cwd, *args]
    if hasattr(os, "posix_spawn"):
        files = [(os.POSIX_SPAWN_OPEN, number, os.devnull, os.O_RDWR, 0) for number in range(3)]
        os.posix_spawn(command[0], command, environment(), file_actions=files)
        return
    import subprocess

    null, flags = subprocess.DEVNULL, getattr(subprocess, "DETACHED_PROCESS", 0)
    _LEFT.append(
        subprocess.Popen(command, env=environment(), stdin=null, stdout=null, stderr=null, creationflags=flags)
    )


def run_git(
    args: Sequence[str],
    cwd: str = "",
    data: bytes = b"",
    *,
    check: bool = True,
    extra_env: Mapping[str, str] | None = None,
) -> Output:
    """Run git to its end; with `check`, a failure raises GitError with git's own words."""
    output = start_git(args, cwd, data, extra_env).wait()
    return output.checked(args[0]) if check else output


def environment() -> dict[str, str]:
    """Return the process's environment with foreign GIT_* variables scrubbed and a fixed locale."""
    env = {key: value for key, value in os.environ.items() if not key.startswith("GIT_") or key in _KEPT}
    fixed = {"GIT_NO_REPLACE_OBJECTS": "1", "GIT_GRAFT_FILE": os.devnull, "GIT_NO_LAZY_FETCH": "1"}
    return {**env, **fixed, "LC_ALL": "C", "GIT_TERMINAL_PROMPT": "0"}


def _executable() -> str:
    global _EXECUTABLE  # noqa: PLW0603 - looked up once a process
    if not _EXECUTABLE:
        names = ("git.exe", "git.cmd") if os.name == "nt" else ("git",)
        folders = os.environ.get("PATH", os.defpath).split(os.pathsep)
        found = (os.path.join(folder, name) for folder in folders for name in names)
        _EXECUTABLE = next((path for path in found if os.path.isfile(path) and os.access(path, os.X_OK)), "")
        if not _EXECUTABLE:
            raise GitError("git is not on the PATH", "install git, then try again")
    return _EXECUTABLE


def _write_all(fd: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(fd, view) :]


def _read_all(fd: int) -> bytes:
    size = os.lseek(fd, 0, os.SEEK_END)
    os.lseek(fd, 0, os.SEEK_SET)
    parts = []
    while size > 0 and (part := os.read(fd, size)):
        parts.append(part)
        size -= len(part)
    os.close(fd)
    return b"".join(parts)


def remotes(root: str) -> dict[str, str]:
    """Return name → URL of a repository's remotes, with `insteadOf` and included settings applied."""
    from git import Repo

    with Repo(root) as repo:
        return {remote.name: next(iter(remote.urls), "") for remote in repo.remotes}
