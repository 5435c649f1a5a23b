"""What hooks failed at: a short log in the state folder, for nobody sees what a hook prints."""

from __future__ import annotations

import os

from session_journal.store.files import read_bytes, write_atomic
from session_journal.store.places import state_dir

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

_MOST = 100
_LONGEST = 400


class Failure:
    """One failure: when (local time, to the second), what the hook was doing, what went wrong, and what helps."""

    __slots__ = ("hint", "what", "when", "where")

    def __init__(self, when: str, where: str, what: str, hint: str = "") -> None:
        self.when, self.where, self.what, self.hint = when, where, what, hint


def failures(env: Mapping[str, str]) -> list[Failure]:
    """Return what hooks failed at on this machine, oldest first."""
    lines = (read_bytes(_log(env)) or b"").decode("utf-8", "replace").splitlines()
    return [Failure(*fields) for line in lines if len(fields := line.split("\t")) == 4]


def note_failure(env: Mapping[str, str], failure: Failure, *, once: bool = False) -> None:
    """Add a failure, without secrets; one that stands there is not repeated that day, or (once) not at all."""
    from session_journal.core.redact import Redactor
    from session_journal.store.allowed import Allowed

    said = (failure.when, failure.where, failure.what, failure.hint)
    hide = Redactor(words=Allowed(env).words()).redact
    new = [" ".join(hide(text).split())[:_LONGEST] for text in said]
    known = failures(env)
    for old in known:
        if (old.where, old.what) == (new[1], new[2]) and (once or old.when[:10] == new[0][:10]):
            return
    kept = [[old.when, old.where, old.what, old.hint] for old in known][1 - _MOST :]
    text = "".join("\t".join(fields) + "\n" for fields in [*kept, new])
    os.makedirs(os.path.dirname(_log(env)), mode=0o700, exist_ok=True)
    write_atomic(_log(env), text.encode("utf-8", "replace"))


def forget_failures(env: Mapping[str, str]) -> None:
    """Empty the log, once what it tells was seen to."""
    write_atomic(_log(env), b"")


def _log(env: Mapping[str, str]) -> str:
    return os.path.join(state_dir(env), "hooks", "failures.tsv")
