"""How the work was approached: the first request, and what stood before the first edit."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from session_journal.core import lazy_re as re
from session_journal.core.events import Event, Session
from session_journal.core.insights.goals import Prompt
from session_journal.core.insights.requests import GREETING
from session_journal.core.insights.responses import answered
from session_journal.core.insights.shell import checks, segments, unwrapped, without_quotations
from session_journal.core.records import record

HANDED = frozenset({"aider", "chatgpt", "claude-web", "plain"})
"""Tools that are handed files by their user, who runs the checks elsewhere too: what they do not show may have been."""
Seen = tuple[str, int]
"""What was looked at, and in which turn."""


@record(frozen=True, slots=True)
class Approach:
    """What led up to the work; turns are 0 where there is none.

    goal: the turn of the first request that says what is wanted; opening: the first one, vague or not.
    check: the turn of the first request, where it says how the result is to be checked.
    plan: the turn in which a plan was made or handed over before the first edit.
    files: what was read before the first edit, each once; searches: the turns of searches before it.
    answers: the turns in which the user answered the assistant before the first edit.
    blind: the turn of a first edit that changed a file while nothing had been looked at, though the transcript
    records what is looked at; prompts: how many the user had sent when the first edit came, 0 where none came.
    only_looked: nothing was edited, nor run that does more than show something.
    """

    goal: int = 0
    opening: int = 0
    check: int = 0
    plan: int = 0
    files: tuple[Seen, ...] = ()
    searches: tuple[int, ...] = ()
    answers: tuple[int, ...] = ()
    blind: int = 0
    prompts: int = 0
    only_looked: bool = False


def approach(session: Session, prompts: Sequence[Prompt], first_edit: int) -> Approach:
    """Return how a session was approached; first_edit: the order of its first edit that worked, -1 without."""
    if not prompts:
        return Approach()
    opening = prompts[0]
    goal = next((one.turn for one in prompts[:2] if says_what(one)), 0)
    check = opening.turn if _NAMES_CHECK.search(opening.text[:_LONGEST]) else 0
    before = session.events[:first_edit] if first_edit >= 0 else ()
    if not before:
        return Approach(goal, opening.turn, check, only_looked=first_edit < 0 and _only_looks(session))
    files, searches = _looked_at(before)
    edit = session.events[first_edit]
    sent = any(event.kind == "tool" and _SENT_OUT.match(event.target) for event in before)
    seen = bool(files or searches or sent or session.agent in HANDED) or not any(_looks(session.events[first_edit:]))
    return Approach(
        goal,
        opening.turn,
        check,
        _planned(before, prompts),
        files,
        searches,
        tuple(answered(session, prompts, first_edit)),
        edit.turn if edit.text.startswith("- ") and not seen else 0,
        sum(one.order < first_edit for one in prompts),
    )


_LONGEST = 4_000
"""What stands further down in a pasted text is no longer the request."""
_CHECK = r"(?<![\w/.-])(?:tests?|specs?|pytest|lint(?:er|ing)?|build|ci|type-?check|benchmarks?)"
_FAILS = r"(?:fail|broke|flaky|issue|problem|error|red\b)"
_NAMES_CHECK = re.compile(
    rf"{_CHECK}(?: \w+){{0,3}}? (?:must|should|ha(?:s|ve) to|needs? to) (?:\w+ ){{0,2}}(?:pass|succeed|green|clean)\b"
    rf"|\b(?:until|so that|makes?|get|keep|with|leave) (?:\w+ ){{0,3}}{_CHECK} (?:\w+ ){{0,2}}"
    rf"(?:pass(?:es|ing)?|succeeds?|green|clean)\b(?! locally)"
    rf"|(?<!\bi )(?<!\bwe )\b(?:run|add|write|with|including|keep|make) (?:(?!{_FAILS})\w+ ){{0,3}}"
    rf"(?:tests?|specs?|linter|lint|benchmarks?)\b"
    rf"(?! (?:(?:is|are|was|were) )?(?:file|project|data|repo|script|user|page|{_FAILS}))"
    r"|^#+\s*(?:verification|testing|tests?|acceptance|how to (?:test|verify|check))\b"
    r"|\b(?:verify|make sure|ensure|check) (?:that|it|if|whether|the (?:tests?|build|output|result))\b"
    r"|\b(?:acceptance criteria|expected (?:output|result|behaviou?r)|definition of done)\b",
    re.IGNORECASE | re.MULTILINE,
)
"""A check that has to pass, to be run or to be added: that one fails says what is wrong, not when it is right."""


def says_what(prompt: Prompt) -> bool:
    """Say whether a prompt says what is wanted: no greeting, no bare consent, no mere `continue`."""
    return prompt.kind not in {"consent", "continue", "choice"} and not GREETING.match(prompt.text.strip())


def _planned(before: Sequence[Event], prompts: Sequence[Prompt]) -> int:
    if re.match(r"\s*implement the following plan\b", prompts[0].text, re.IGNORECASE):
        return prompts[0].turn
    return next((event.turn for event in before if event.kind == "plan" and not event.agent), 0)


def _looked_at(events: Sequence[Event]) -> tuple[tuple[Seen, ...], tuple[int, ...]]:
    files: dict[str, int] = {}
    searches: list[int] = []
    for path, turn in _looks(events):
        if path:
            files.setdefault(path, turn)
        else:
            searches.append(turn)
    return tuple(files.items()), tuple(dict.fromkeys(searches))


_SENT_OUT = re.compile(r"task|agent|explore|delegate", re.IGNORECASE)
"""Tools that send another agent to look: what it reads is not always recorded."""
_READS = re.compile(r"(?:cat|head|tail|nl|less|more|bat|sed -n|Get-Content|type)\s+(.*)", re.DOTALL)
_SEARCHES = re.compile(r"(?:e?grep|rg|ag|ack|find|fd|git (?:grep|log|diff|show|blame|status)|ls|tree)\b")
_FILE = re.compile(r"[\w@~.\\/-]*\w\.\w{1,6}")


def _looks(events: Sequence[Event]) -> Iterator[Seen]:
    """Yield each file read, and "" for each search: some tools have no calls for these but the shell."""
    for event in events:
        if event.kind == "read":
            yield event.target, event.turn
        elif event.kind == "search":
            yield "", event.turn
        elif event.kind == "command":
            yield from _looks_of(event)


_SHOWS = re.compile(
    r"(?:cd|pwd|echo|printf|wc|sort|uniq|cut|awk|jq|tr|nl|head|tail|cat|which|command -v|file|stat|du|df|date|true|"
    r"test|\[|diff|"
    r"git (?:remote|rev-parse|branch(?! -)|ls-\S+|fetch|config --get)|"
    r"(?:gh|glab) \S+ (?:view|list|diff|checks|status|watch))(?!\S)|"
    r"\S+ (?:--version|--help|-V)$"
)


def _only_looks(session: Session) -> bool:
    """Say whether nothing was called that does more than show something.

    A check does no more, and a document that a chat makes is its answer.
    """
    tested = {check.order for check in checks(session.events, session.cwd, session.branch)}
    acting = {"command", "edit"} if session.agent in HANDED else {"command", "edit", "tool"}
    return all(
        order in tested
        or (event.kind == "command" and all(shows(part) for part in segments(event.target)))
        or (event.kind == "tool" and bool(_SENT_OUT.match(event.target)))
        for order, event in enumerate(session.events)
        if event.kind in acting
    )


def shows(part: str) -> bool:
    """Say whether a simple command does no more than show something."""
    bare = unwrapped(part)
    return not _WRITES.search(without_quotations(bare)) and bool(
        _READS.match(bare) or _SEARCHES.match(bare) or _SHOWS.match(bare)
    )


_WRITES = re.compile(r"(?<![\d&-])>{1,2}(?!\s*(?:/dev/null|&))|\bsed -\S*i|-delete\b|-exec\b")


def _looks_of(event: Event) -> Iterator[Seen]:
    for part in segments(event.target):
        read = _READS.match(part)
        if read:
            yield from ((path, event.turn) for path in read.group(1).split() if _FILE.fullmatch(path.strip("'\"")))
        elif _SEARCHES.match(part):
            yield "", event.turn
