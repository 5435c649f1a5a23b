"""How the work was done, as its commands show it: an insight for the next session in the project."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from session_journal.core import formulas
from session_journal.core import lazy_re as re
from session_journal.core.events import Session, answers
from session_journal.core.insights.learning import Candidate, candidate
from session_journal.core.insights.shell import Check, segments, unwrapped
from session_journal.core.records import record
from session_journal.core.signals import Signals
from session_journal.core.text import shorten


def habits(session: Session, found: Signals) -> Iterator[Candidate]:
    """Yield how the work was checked, looked up, compared and merged."""
    yield from _verified(session, found)
    yield from _hooks(found)
    yield from _looked_up(session)
    yield from _merged_again(found)
    yield from _searched_again(session)


@record(frozen=True, slots=True)
class _Run:
    """One run of a command that checked the work, or put it in form."""

    command: str
    turn: int
    order: int
    passed: bool = True


def _verified(session: Session, found: Signals) -> Iterator[Candidate]:
    """Yield the commands that checked the work, in their order; those of the last round before a commit first."""
    commits = [act.order for act in found.acts if act.kind == "commit" and act.order > found.last_edit]
    runs = _runs(session, found)
    last = [run for run in runs if commits and found.last_edit < run.order < commits[0] and run.passed]
    lead, told, score = formulas.VERIFIED, _often(last), 1.3
    if len(told) < _SEVERAL:
        lead, told, score = formulas.CHECKED, _often(runs), 1.1
    if len(told) >= _SEVERAL:
        turns = sorted({run.turn for run in told})
        text = f"{lead} {listed([run.command for run in told])}"
        yield candidate("insight", text, max(turns), score=score, turns=tuple(turns)[:3])


_SEVERAL, _MOST, _MOST_KEPT = 2, 3, 8


def checks_run(session: Session, found: Signals) -> tuple[str, ...]:
    """Return every command that checked the work, with the turn of its first run: `make test [t12]`.

    What recurs is counted from these, for not every draft has room to tell them.
    """
    return tuple(f"{run.command} [t{run.turn}]" for run in _often(_runs(session, found), _MOST_KEPT))


def _runs(session: Session, found: Signals) -> list[_Run]:
    """Return the runs of checks and, where there are any, of formatters, in their order."""
    checked = list(_checked([check for check in found.checks if check.passed is not None and not check.hook]))
    formatted = list(_formatted(session)) if checked else []
    return sorted([*formatted, *checked], key=lambda run: run.order)


def _checked(checks: Sequence[Check]) -> Iterator[_Run]:
    """Yield the runs of checks; those of a part of the tests only where nothing ran all of them."""
    whole = {check.kind for check in checks if not check.narrow}
    for check in checks:
        if not check.narrow or check.kind not in whole:
            yield _Run(_short(check.command), check.turn, check.order, bool(check.passed))


def _formatted(session: Session) -> Iterator[_Run]:
    """Yield the runs of formatters that worked."""
    results = {event.call: event for event in session.events if event.kind == "result" and event.call}
    for order, event in enumerate(session.events):
        if event.kind == "command" and event.call in results:
            for part in map(unwrapped, segments(event.target)):
                if _FORMAT.match(part):
                    yield _Run(_short(part.partition(" >")[0].partition(" 2>")[0]), results[event.call].turn, order)


def _often(runs: Sequence[_Run], most: int = _MOST) -> list[_Run]:
    """Return the first run of each command, of many commands those that ran most often, in their order."""
    count = Counter(run.command for run in runs)
    first: dict[str, _Run] = {}
    for run in runs:
        first.setdefault(run.command, run)
    chosen = sorted(first.values(), key=lambda run: -count[run.command])[:most]
    return sorted(chosen, key=lambda run: run.order)


_FORMAT = re.compile(
    r"(?:(?:mise|make|just|task|rake|npm|pnpm|yarn|bun|deno|composer)(?: run)? (?:fmt|format)(?![\w-])[\w:.-]*"
    r"|(?:go|cargo|terraform|swift|gleam|zig) fmt|(?:mix|dotnet|ruff|biome|dart|swift) format"
    r"|(?:npx |bunx |pnpm exec |yarn )?prettier|gofmt|gofumpt|goimports|rustfmt|black|isort|shfmt|clang-format"
    r"|php-cs-fixer|google-java-format|ktfmt|stylua)(?![\w-])"
)


def _hooks(found: Signals) -> Iterator[Candidate]:
    """Yield what git's own hooks check here: who works in the project next waits for it too."""
    names = {"test": "tests", "lint": "lint", "build": "the build"}
    for command in dict.fromkeys(check.command for check in found.checks if check.hook):
        ran = [check for check in found.checks if check.command == command]
        kinds = list(dict.fromkeys(names[check.kind] for check in ran))
        text = f"A hook runs {' and '.join(kinds)} on every `{command.removesuffix(' (hook)')}`"
        yield candidate("discovery", text, ran[0].turn, score=1.2)


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
        text = f"Looked up the pull request with {listed(pulls[:4])}"
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
    results = answers(session.events)
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
    """Return the beginning of a command, with what picks some tests of all: a run of these is none of the rest."""
    words = command.removesuffix(" --").split()
    if len(words) > _MOST_WORDS:
        picks = [place for place, word in enumerate(words) if word.partition("=")[0] in _PICKS]
        places = {*picks, *(place + 1 for place in picks if "=" not in words[place])}
        picked = [words[place] for place in range(_BEGINNING, len(words)) if place in places]
        words = words[:_BEGINNING]
        if picked:
            gap = [] if _BEGINNING in places else ["…"]
            return shorten(" ".join([*words, *gap, *picked]), 60)
    while len(words) > 2 and words[-1] in _TAKES_MORE:
        words = words[:-1]  # an option without its value
    return shorten(" ".join(words), 40).rstrip("…- ").strip()


_MOST_WORDS, _BEGINNING = 5, 4
_PICKS = frozenset({"-run", "-k", "-t", "--filter", "--grep", "--tests", "--testNamePattern"})
_TAKES_MORE = _PICKS | {"-m", "-p", "-c", "-e"}


def listed(names: Sequence[str]) -> str:
    """Return names as code, in a row."""
    return formulas.in_a_row([f"`{name}`" for name in names])
