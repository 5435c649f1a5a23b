"""Restores: what git takes back of a session's changes, commit by commit or all that is not committed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from session_journal.core import lazy_re as re
from session_journal.core.insights.trails import Walk
from session_journal.core.insights.vcs import is_same

_BACK = re.compile(r"(?:HEAD|@)(?:~(\d*)|(\^*))")
_NAME = re.compile(r"[0-9a-f]{7,40}")


def undo(walk: Walk, name: str) -> None:
    """Take back a commit that a tool made by itself; one it did not tell of is of what was written last."""
    place = next((place for place in reversed(range(len(walk.commits))) if is_same(walk.commits[place][0], name)), None)
    if place is not None:
        walk.gone.add(name)
        walk.drop(walk.commits.pop(place)[1])
    elif name and walk.fresh:
        walk.drop({max(walk.fresh)})


def from_commit(walk: Walk, revision: str, paths: Sequence[str]) -> None:
    """Take back what was changed in some files since a commit; where it is of elsewhere, what is not committed."""
    place = _place(walk, revision)
    for path in paths:
        if place is not None:
            walk.drop(walk.since(place), path)
        walk.put_back(path)


def _place(walk: Walk, revision: str) -> int | None:
    """Return the place of a commit of this session, -1 for what was before them, None for one of elsewhere."""
    back = _BACK.fullmatch(revision)
    if back:
        steps = len(back[2]) if back[2] is not None else int(back[1] or 1)
        return max(-1, len(walk.commits) - 1 - steps)
    if not _NAME.fullmatch(revision):
        return None
    return next((place for place, (name, _) in enumerate(walk.commits) if is_same(name, revision)), None)


def _reset(walk: Walk, words: Sequence[str]) -> None:
    """Take back what stands after a commit; where it is not one of this session, what is not committed."""
    if "--hard" not in words:
        return
    place = _place(walk, next(iter(_plain(words)), "HEAD"))
    if place is not None:
        walk.drop(walk.since(place))
        walk.gone |= {name for name, _ in walk.commits[place + 1 :] if name}
        del walk.commits[place + 1 :]
    walk.put_back(".")


def _revert(walk: Walk, words: Sequence[str]) -> None:
    """Take back the changes of commits of this session."""
    for place in [_place(walk, one) for one in _plain(words)]:
        if place is not None and place >= 0:
            walk.drop(walk.commits[place][1])
            walk.gone.add(walk.commits[place][0])
    _brought(walk, words)


def _brought(walk: Walk, words: Sequence[str]) -> None:
    """Count a commit that is none of this session's own changes."""
    del words
    walk.commits.append(("", set()))


def _elsewhere(walk: Walk, words: Sequence[str]) -> None:
    """Forget the commits of a branch that was left: what is counted back from another one is not theirs."""
    if not {"-c", "-C", "--create"} & set(words):
        walk.commits.clear()


def _plain(words: Sequence[str]) -> list[str]:
    return [word for word in words if not word.startswith("-")]


VERBS: Mapping[str, Callable[[Walk, Sequence[str]], None]] = {
    "reset": _reset,
    "revert": _revert,
    "merge": _brought,
    "pull": _brought,
    "cherry-pick": _brought,
    "rebase": _elsewhere,
    "switch": _elsewhere,
}
"""What moves a branch or its files, by git's verb."""
