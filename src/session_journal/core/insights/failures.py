"""Failures: tools that could not do their work, and edits that never reached their file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from session_journal.core import lazy_re as re
from session_journal.core.events import Event, Session, answers
from session_journal.core.insights.learning import Candidate, candidate
from session_journal.core.insights.shell import segments, unwrapped
from session_journal.core.insights.undone import TAKEN_BACK
from session_journal.core.insights.wording import trim
from session_journal.core.text import one_line


def failing_tools(session: Session) -> Iterator[Candidate]:
    """Yield errors of the tools themselves that came back: the same words at least twice."""
    calls = {event.call: event for event in session.events if event.call and event.kind not in {"result", "error"}}
    failed = [one for one in session.events if one.kind == "error" and one.role == "tool" and one.exit_code is None]
    counted: dict[str, list[Event]] = {}
    for event in failed:
        counted.setdefault(_folded(event), []).append(event)
    for words, same in counted.items():
        origin = calls.get(same[0].call)
        if len(same) < 2 or not words or origin is None or origin.kind == "edit" or _NOT_TRIED.search(same[0].text):
            continue
        kind = _KINDS.get(origin.kind, "Tool calls")
        turns = {one.turn for one in same}
        sought = [calls[one.call] for one in failed if one.turn in turns and one.call in calls]
        names = _names([one.target for one in sought if one.kind == "search"]) if origin.kind == "search" else []
        about = f" for {' and '.join(f'`{name}`' for name in names[:2])}" if names else ""
        said = trim(_PATH.sub("", one_line(same[0].text)), 12).rstrip(".")
        found = _found_by(session, names[:2], same[-1].turn)
        end, turn = found or ("went on by other means", 0)
        text = f"{kind}{about} failed {len(same)} times: {said} → {end}"
        yield candidate("challenge", text, same[0].turn, score=1.5, turns=(same[0].turn, *([turn] if turn else [])))


_PATH = re.compile(r"\s+(['\"])/[^'\"]*\1$")
"""Where a tool lies on one machine tells nobody what failed."""
_KINDS = {"search": "Searches", "read": "Reads", "command": "Commands"}
_WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_]{4,}")
_SHELL = re.compile(r"(?:grep|rg|ag|ack|git grep|find|fd)\b")


def _names(targets: Sequence[str]) -> list[str]:
    """Return the longest word of each thing that was searched for, each once."""
    words = (max(_WORD.findall(one), key=len, default="") for one in targets)
    return [one for one in dict.fromkeys(words) if one]


def _found_by(session: Session, names: Sequence[str], since: int) -> tuple[str, int] | None:
    """Return by which command, and in which turn, something was found that a tool had failed to search for."""
    results = {event.call: event for event in session.events if event.kind == "result" and event.call}
    for event in session.events:
        result = results.get(event.call) if event.kind == "command" and event.turn > since else None
        if result is None or not any(name in event.target and name in result.text for name in names):
            continue
        tool = next((found.group() for part in segments(event.target) if (found := _SHELL.match(unwrapped(part)))), "")
        if tool:
            return f"found with `{tool}`", result.turn
    return None


def failed_edits(session: Session) -> Iterator[Candidate]:
    """Yield the files that an edit was meant for and never reached, and those that took several attempts."""
    results = answers(session.events)
    failed: dict[str, list[Event]] = {}
    made: dict[str, int] = {}
    for event in session.events:
        result = results.get(event.call) if event.kind == "edit" and event.call else None
        if result is not None and result.text in {"", TAKEN_BACK}:
            continue
        if result is not None and result.kind == "error" and not _NOT_TRIED.search(result.text[:400]):
            failed.setdefault(event.target, []).append(result)
        elif event.kind == "edit":
            made[event.target] = event.turn
        elif event.kind == "command":
            made.update({path: event.turn for path in failed if path.rpartition("/")[2] in event.target})
    for path, errors in failed.items():
        done = made.get(path, 0)
        if len(errors) >= _OFTEN or done < errors[-1].turn:
            count = f"failed {len(errors)} times" if len(errors) > 1 else "failed"
            end = "made later" if done > errors[-1].turn else "not made"
            turns = tuple(dict.fromkeys([errors[0].turn, *([done] if done > errors[-1].turn else [errors[-1].turn])]))
            text = f"An edit of `{path}` {count}: {trim(one_line(errors[0].text), 10).rstrip('.')} → {end}"
            yield candidate("challenge", text, errors[0].turn, score=1.6, turns=turns)


_NOT_TRIED = re.compile(
    r"doesn't want to|\b(?:declined by the user|rejected|denied|sibling)\b|\binterrupt|not been read yet|^\^C|"
    r"\(--dry-run\)",
    re.IGNORECASE,
)
"""The user said no, or the tool stopped before it looked at the file."""
_OFTEN = 3


def _folded(event: Event) -> str:
    return re.sub(r"[\d'\"`/\\][^\s]*", "", one_line(event.text)[:90]).strip().lower()
