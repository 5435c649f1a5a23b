"""Journal commands that die: a server that forks one child per command and ends it at a chosen step.

A step is a call that changes something: a file opened to be written, written, replaced, removed, a folder made, git
started. The child ends right after it by `os._exit`, as SIGKILL would: no handler and no buffer of ours runs, so a file
just opened stays empty. The server answers when every process that the child had started has ended, too.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

KILLED, THROUGH = 77, 0
_NOW = datetime(2026, 11, 20, 14, 5, tzinfo=UTC)
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT
_STEPS = (
    "open",
    "write",
    "replace",
    "rename",
    "remove",
    "unlink",
    "mkdir",
    "rmdir",
    "chmod",
    "utime",
    "link",
    "posix_spawn",
)


class Mortal:
    """The server, as its test sees it; `where` holds the journal, `state` what this machine knows of its lanes."""

    def __init__(self, root: str, state: str) -> None:
        self.root, self.state, self._saved = Path(root), Path(state), Path(f"{root}.saved")
        self._server = subprocess.Popen(
            [sys.executable, __file__], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def save(self) -> None:
        """Keep the journal and the state as they are now for `restore`."""
        shutil.rmtree(self._saved, ignore_errors=True)
        for name, place in (("root", self.root), ("state", self.state)):
            if place.exists():
                shutil.copytree(place, self._saved / name, symlinks=True)

    def restore(self) -> None:
        """Bring back what `save` kept."""
        for name, place in (("root", self.root), ("state", self.state)):
            shutil.rmtree(place, ignore_errors=True)
            if (self._saved / name).exists():
                shutil.copytree(self._saved / name, place, symlinks=True)

    def run(self, action: str, step: int = 0, *, seconds: float = 0.0, gits: bool = False) -> bool:
        """Run a command to its end, to a step (counted from 1) or for some time; tell whether it died.

        gits: the git processes that it has started die with it.
        """
        wish = {"root": str(self.root), "action": action, "step": step, "seconds": seconds, "gits": gits}
        self._server.stdin.write(json.dumps(wish) + "\n")
        self._server.stdin.flush()
        code = int(self._server.stdout.readline())
        assert code in {KILLED, THROUGH, -signal.SIGALRM}, f"{action} ended with {code} at step {step}"
        return code != THROUGH

    def close(self) -> None:
        """End the server."""
        self._server.stdin.close()
        self._server.wait()
        self._server.stdout.close()


def _changes(root: str, action: str):
    from journals import page, where
    from session_journal.store.journal import Change

    new = Change(where("new"), page(1000, "the new entry"))
    changed = Change(where("old"), page(1, "changed"), page(1, "old"))
    moved = Change(where("moved"), page(2, "moved"), page(2, "other"), old_path=where("other"))
    gone = Change(where("third"), None, page(3, "third"))
    return {
        "new": [new], "changed": [changed], "moved": [moved], "deleted": [gone],
        "several": [new, changed, moved, gone], "next": [Change(where("next"), page(2000))],
    }[action]  # fmt: skip


def _act(root: str, action: str) -> None:
    from journals import FILES
    from session_journal.app.seal import seal
    from session_journal.store.journal import Journal, create

    word, _, number = action.partition(" ")
    if word == "entry":
        from journals import page, where
        from session_journal.store.journal import Change

        changes = [Change(where(f"entry-{number}"), page(10_000 + int(number), f"text of {number}"))]
        Journal(root, os.environ).publish(changes, "entry: x", _NOW)
    elif action == "create":
        create(root, _NOW, FILES)
    elif action == "seal":
        seal(Journal(root, os.environ), _NOW + timedelta(minutes=1))
    else:
        Journal(root, os.environ).publish(_changes(root, action), f"entry: {action}", _NOW + timedelta(minutes=1))


def _die_after(step: int) -> None:
    left = [step]

    def mortal(name: str):
        real = getattr(os, name)

        def call(*args, **more):
            try:
                return real(*args, **more)
            finally:
                left[0] -= _is_step(name, args)
                if not left[0]:
                    os._exit(KILLED)

        return call

    for name in _STEPS:
        setattr(os, name, mortal(name))


def _is_step(name: str, args: tuple) -> bool:
    if name == "open" and not args[1] & _WRITING:
        return False
    # Of an object, which nobody sees before it is whole, the last step will do.
    return name == "replace" or not isinstance(args[0], str) or f"{os.sep}objects{os.sep}" not in args[0]


def _serve() -> None:
    import session_journal.app.seal  # noqa: F401 - imported once, for all children

    for line in sys.stdin:
        wish = json.loads(line)
        alive, held = os.pipe()
        os.set_inheritable(held, True)
        child = os.fork()
        if not child:
            try:
                os.setsid()
                if wish["step"]:
                    _die_after(wish["step"])
                signal.setitimer(signal.ITIMER_REAL, wish["seconds"])  # nobody handles its signal: the kernel kills
                _act(wish["root"], wish["action"])
                os._exit(THROUGH)
            finally:
                os._exit(1)
        os.close(held)
        status = os.waitpid(child, 0)[1]
        if wish["gits"]:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(child, signal.SIGKILL)
        while os.read(alive, 1):  # empty when all who could write are gone
            pass
        os.close(alive)
        print(os.waitstatus_to_exitcode(status), flush=True)


if __name__ == "__main__":
    _serve()
