"""How the work was done, as its commands show it: an insight for the next session in the project."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from session_journal.core import formulas
from session_journal.core.events import Session
from session_journal.core.insights.learning import Candidate, candidate
from session_journal.core.insights.shell import Check, segments
from session_journal.core.signals import Signals
from session_journal.core.text import shorten


def habits(session: Session, found: Signals) -> Iterator[Candidate]:
    """Yield how the work was checked, looked up, compared and merged."""
    yield from _verified(found)
    yield from _hooks(found)
    yield from _looked_up(session)
    yield from _merged_again(found)
    yield from _searched_again(session)


def _verified(found: Signals) -> Iterator[Candidate]:
    """Yield the commands that checked the work, in their order; those of the last round before a commit first."""
    commits = [act.order for act in found.acts if act.kind == "commit" and act.order > found.last_edit]
    last = [check for check in found.checks if commits and found.last_edit < check.order < commits[0] and check.passed]
    lead, told, score = formulas.VERIFIED, _first(last), 1.3
    if len(told) < _SEVERAL:
        others = [check for check in found.checks if check.passed is not None and not check.hook]
        lead, told, score = formulas.CHECKED, _first(others), 1.1
    if len(told) >= _SEVERAL:
        names = list(told)[:_MOST]
        turns = sorted({told[name] for name in names})
        yield candidate("insight", f"{lead} {listed(names)}", max(turns), score=score, turns=tuple(turns)[:3])


_SEVERAL, _MOST = 2, 4


def _hooks(found: Signals) -> Iterator[Candidate]:
    """Yield what git's own hooks check here: who works in the project next waits for it too."""
    names = {"test": "tests", "lint": "lint", "build": "the build"}
    for command in dict.fromkeys(check.command for check in found.checks if check.hook):
        ran = [check for check in found.checks if check.command == command]
        kinds = list(dict.fromkeys(names[check.kind] for check in ran))
        text = f"A hook runs {' and '.join(kinds)} on every `{command.removesuffix(' (hook)')}`"
        yield candidate("discovery", text, ran[0].turn, score=1.2)


def _first(checks: Sequence[Check]) -> dict[str, int]:
    """Return the commands of checks with the turn of their first run."""
    commands: dict[str, int] = {}
    for check in checks:
        commands.setdefault(_short(check.command), check.turn)
    return commands


_FORGE = re.compile(r"(?:gh (?:pr|run|issue)|glab (?:mr|ci|issue)) (?:list|view|diff|checks|watch)\b")


def _looked_up(session: Session) -> Iterator[Candidate]:
    looked: dict[str, int] = {}
    for event in session.events:
        for part in segments(event.target) if event.kind == "command" and not event.agent else []:
            name = _FORGE.match(part)
            if name:
                looked.setdefault(name.group(), event.turn)
    what = {name.split()[1] for name in looked}
    if "run" in what or "ci" in what:
        names = [name for name in looked if name.split()[1] in {"run", "ci"}]
        yield candidate("insight", f"Read the logs of CI with {listed(names[:2])}", looked[names[0]], score=1.2)
    pulls = [name for name in looked if name.split()[1] in {"pr", "mr"}]
    if len(pulls) >= _SEVERAL:
        text = f"Looked up the pull request with {listed(pulls[:_MOST])}"
        yield candidate("insight", text, min(looked[name] for name in pulls), score=1.4)


def _merged_again(found: Signals) -> Iterator[Candidate]:
    """Yield what had to be merged more than once."""
    turns: dict[str, list[int]] = {}
    for act in found.acts:
        if act.kind in {"merge", "rebase"} and act.name:
            turns.setdefault(act.name, []).append(act.turn)
    for name, times in turns.items():
        if len(times) >= _SEVERAL:
            text = f"Merged the branch `{name}` {len(times)} times, for it had new commits"
            yield candidate("challenge", text, times[1], score=1.0, turns=tuple(times[:3]))


_WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_]{5,}")
_GREP = re.compile(r"^(?:grep|rg|ag|git grep|ack|find|fd)\b")


def _searched_again(session: Session) -> Iterator[Candidate]:
    """Yield the names that had to be searched for again and again, and were not found each time.

    A search that did not run, for its tool failed, says nothing of the name.
    """
    turns: dict[str, list[int]] = {}
    missed: set[str] = set()
    results = {event.call: event for event in session.events if event.kind in {"result", "error"} and event.call}
    for event in session.events:
        result = results.get(event.call)
        broken = result is not None and result.kind == "error" and result.exit_code != 1
        if event.agent or event.kind not in {"search", "command"} or broken:
            continue
        parts = (
            [event.target] if event.kind == "search" else [one for one in segments(event.target) if _GREP.match(one)]
        )
        names = {word for part in parts for word in _WORD.findall(part) if _is_name(word)}
        missed |= names if result is not None and _FOUND_NOTHING.match(result.text) else set()
        for name in names:
            turns.setdefault(name, []).append(event.turn)
    often = [name for name, times in turns.items() if len(set(times)) >= _OFTEN and name in missed]
    if often:
        names_told = sorted(often, key=lambda name: -len(turns[name]))[:2]
        shown = sorted({turn for name in names_told for turn in turns[name]})[:3]
        text = f"{formulas.SEARCHED} {listed(names_told)}"
        yield candidate("challenge", text, shown[0], score=0.9, turns=tuple(shown))


_FOUND_NOTHING = re.compile(
    r"\s*(?:Exit code 1)?\s*(?:no (?:matches|files|results)\b.*|found 0\b.*)?\s*\Z", re.IGNORECASE
)
_OFTEN = 3


def _is_name(word: str) -> bool:
    """Say whether a word is a name of the code: two humps or an underscore."""
    return "_" in word.strip("_") or bool(re.search(r"[a-z][A-Z]", word))


def _short(command: str) -> str:
    words = command.removesuffix(" --").split()
    return shorten(" ".join(words[:4] if len(words) > 5 else words), 40).rstrip("…- ").strip()


def listed(names: Sequence[str]) -> str:
    """Return names as code, in a row."""
    marked = [f"`{name}`" for name in names]
    return marked[0] if len(marked) == 1 else f"{', '.join(marked[:-1])} and {marked[-1]}"
