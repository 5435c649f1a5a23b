"""The digest to read before the next session: what to attend to now, what is open, and what holds; short by force.

It names days and no ages, so that it changes only when the journal does.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import field, replace
from datetime import date, timedelta

from session_journal.core import lazy_re as re
from session_journal.core.excerpts import in_sentences, sentence, sentences
from session_journal.core.filler import is_filler
from session_journal.core.folders import link_of
from session_journal.core.items import ItemKind
from session_journal.core.open_ends import End
from session_journal.core.pages import Page
from session_journal.core.patterns import Pattern, Statement, distinct, is_rule, is_standing, rule_in, squash
from session_journal.core.patterns.contrary import ends, has_ended
from session_journal.core.patterns.gone import Gone, gone_in, is_gone, is_ruled_out
from session_journal.core.pointing import dangles, is_lost
from session_journal.core.projects import may_be_one
from session_journal.core.records import record

BLOCK = "learnings"
PATH = "journal/learnings.md"
MOST = {"focus": 3, "gaps": 6, "open": 3, "reps": 3, "rules": 6, "thoughts": 3, "playbooks": 4}
LINES = 40
"""So many lines at most: what is longer is not read before a session."""
RULE_KINDS: tuple[ItemKind, ...] = ("pattern", "takeaway", "insight", "decision", "next")
KINDS: tuple[ItemKind, ...] = (*RULE_KINDS, "improve", "challenge")
RECENT = timedelta(days=30)
"""Before the newest entry: what was to be tried next, or done better, is of that time."""
_LONGEST = 160
_WORDS = 30
_MUSING = re.compile(r"\?|^\d|\b(?:i|i['\u2019]\w+|my|maybe|perhaps|wonder)\b", re.IGNORECASE)
_STATED: tuple[ItemKind, ...] = ("pattern", "takeaway", "insight")
_FEWEST_THOUGHT = 12
OWN = re.compile(r"\b(?:I|[Mm]y|[Mm]e|[Ww]e|[Oo]ur)\b")
"""How people speak of themselves."""
_TELLING = re.compile(
    r"\b(?:because|reali[sz]ed?|learn\w*|remember|turn(?:s|ed) out|so that|idea|instead|next time|the problem|matters?"
    r"|works?|wrong|better)\b",
    re.IGNORECASE,
)
_REPORTED = re.compile(r"[\"\u201c]|\W*\w+: |\d+ ?[-.)] ")
"""What somebody said, or a step of a list, is no thought by itself."""
_OF_ONE_FILE = re.compile(r"(?<![\w.])[\w/-]+\.[a-z]{1,5}\b|`[^`]*[/.][^`]*`")
_OFTEN = 3
"""What was in the way in so many sessions is worth attention, though nobody solved it."""
_TAG = re.compile(r"\s*(?<!\S)#[^\W\d_][\w/-]*")


@record(frozen=True, slots=True)
class Point:
    """One bullet of the digest. link: where it is told, as seen from the digest; mark, id, state: of a task."""

    text: str
    date: date
    link: str
    draft: bool = False
    sessions: int = 1
    mark: str = ""
    id: str = ""
    status: str = ""
    state: str = ""


@record(frozen=True, slots=True)
class Learned:
    """What the digest is made of. gaps: open, or ticked in the digest itself; patterns, said: of accepted entries.

    Those that give the user's own words have no turns (see `evidence_of`). ends: actions and questions that are open.
    recent: since when something is of late, some days before the newest statement, or the newest end.
    """

    gaps: Sequence[End] = ()
    patterns: Sequence[Pattern] = ()
    said: Sequence[Statement] = ()
    playbooks: Sequence[Page] = ()
    ends: Sequence[End] = ()
    recent: date = field(init=False)

    def __post_init__(self) -> None:
        """Look for the newest day once: many ask."""
        days = [*(one.date for one in self.said), *(end.newest.date for end in self.ends)]
        object.__setattr__(self, "recent", max(days, default=date.max) - RECENT)


def values_of(learned: Learned) -> dict[str, object]:
    """Return what the template of the digest needs; an empty list leaves its part out."""
    rules = _rules(learned)
    told = {squash(one.text) for one in rules}
    ordered = sorted(learned.gaps, key=_pressing)
    focus = _focus(learned, ordered)
    gaps = [end for end in ordered if end.id not in {one.id for one in focus}]
    values: dict[str, object] = {
        "focus": focus,
        "gaps": [_gap(end) for end in gaps[: MOST["gaps"]]],
        "more_gaps": max(0, len(gaps) - MOST["gaps"]),
        "open": [_gap(end) for end in _latest(learned)],
        "reps": _reps(learned, told),
        "rules": rules,
        "thoughts": _thoughts(learned, told)[: max(0, MOST["thoughts"] - len(rules))],
        "playbooks": [_playbook(page) for page in learned.playbooks[: MOST["playbooks"]]],
    }
    return _fit(values)


def _fit(values: dict[str, object]) -> dict[str, object]:
    """Return the values with the longest lists cut where all of them would be too long to read."""
    lists = {name: list(found) for name in MOST if isinstance(found := values[name], list)}
    while sum(len(one) + _HEADING for one in lists.values() if one) + bool(values["more_gaps"]) - 1 > LINES:
        max(reversed(lists.values()), key=len).pop()
    return {**values, **lists}


_HEADING = 3


def evidence_of(kind: ItemKind, text: str, turns: tuple[int, ...], roles: Collection[str]) -> tuple[int, ...]:
    """Return the turns by which a statement counts as a draft's; none where it gives the user's own words.

    roles: who said what it rests on. What is about one file was said of one task, and stays the draft's.
    """
    is_theirs = kind in _STATED and set(roles) == {"user"} and not _OF_ONE_FILE.search(text)
    return () if is_theirs else turns


def is_empty(values: dict[str, object]) -> bool:
    """Tell whether the digest has nothing to say."""
    return not any(values[name] for name in MOST)


def _pressing(end: End) -> tuple[bool, bool, int, date, str]:
    """Put first what is being practised, then what a person wrote, then what came up most often, then the oldest."""
    return end.state != "practising", end.is_draft, -end.sessions, end.since, end.id


def _gap(end: End) -> Point:
    one = end.newest
    state = f"open since {end.since.isoformat()}" if end.since < one.date else ""
    state = f"practising: {end.practice.words()}" if end.practice else state
    link = link_of(one.path)
    return Point(_clip(end.text), one.date, link, end.is_draft, end.sessions, end.mark, end.id, state=state)


def _focus(learned: Learned, gaps: Sequence[End]) -> list[Point]:
    """Return what to attend to: gaps that are being practised, and what went wrong more than once of late."""
    practised = [_gap(end) for end in gaps if end.state == "practising"]
    again = [
        Point(_clip(one.statement), one.best.date, link_of(one.best.path), state=f"in {one.sessions} sessions")
        for one in learned.patterns
        if one.kind == "improve" and one.last >= learned.recent
    ]
    asked = [_gap(end) for end in gaps if end.state == "open" and end.sessions > 1]
    return [*practised[: MOST["focus"] - bool(again)], *again, *asked, *_in_the_way(learned)][: MOST["focus"]]


def _in_the_way(learned: Learned) -> list[Point]:
    """Return what was in the way again and again, the most often first."""
    found = [one for one in learned.patterns if one.kind == "challenge" and one.sessions >= _OFTEN]
    found = [one for one in found if not is_filler(one.statement)]
    recent = [one for one in found if one.last >= learned.recent]
    return [
        Point(_clip(one.statement), one.best.date, link_of(one.best.path), state=f"in {one.sessions} sessions")
        for one in sorted(recent, key=lambda one: (-one.sessions, one.key))
    ]


def _latest(learned: Learned) -> list[End]:
    """Return the actions and questions that came up last; of one that only drafts state nobody is reminded for long."""
    found = [end for end in learned.ends if not end.is_draft or _is_clear_and_recent(end, learned)]
    return sorted(found, key=lambda end: (end.is_draft, -end.newest.date.toordinal(), end.id))[: MOST["open"]]


def _is_clear_and_recent(end: End, learned: Learned) -> bool:
    return end.newest.date >= learned.recent and not dangles(end.text)


def _thoughts(learned: Learned, told: Collection[str]) -> list[Point]:
    """Return what a person thought of late, one thought an entry: what tells more first, then the newest."""
    found = [
        one
        for one in learned.said
        if one.kind == "insight" and not one.turns and one.date >= learned.recent
        if _is_thought(one.text) and squash(sentence(rule_in(one.text))) not in told
    ]
    found.sort(key=lambda one: (_TELLING.search(one.text) is None, -one.date.toordinal(), one.path, one.text))
    first: dict[str, Statement] = {}
    for one in found:
        first.setdefault(one.path, one)
    return [
        Point(in_sentences(_TAG.sub("", one.text), _LONGEST), one.date, link_of(one.path)) for one in first.values()
    ]


def _is_thought(text: str) -> bool:
    opening = next(sentences(text), "")
    is_asked = opening.endswith("?") or _REPORTED.match(text) or is_lost(text, drafted=False)
    return len(text.split()) >= _FEWEST_THOUGHT and not is_asked and OWN.search(opening) is not None


def _rules(learned: Learned) -> list[Point]:
    """Return the rules that accepted entries state more than once, then the newest that a person wrote.

    Without those that a later statement says are gone.
    """
    gone = [(one, what) for one in learned.said for what in gone_in(one.text)]
    meant = [(one, what, _ruled_out(what, learned.said) - {squash(one.text)}) for one, what in gone]
    often = [(one, rule) for one in learned.patterns if one.kind in RULE_KINDS and (rule := _rule_of(one))]
    ended = [one for one in learned.said if has_ended(one.text)]
    often = [(one, rule) for one, rule in often if not _is_over(replace(rule, date=one.last), meant, ended)]
    seen = {squash(member.text) for one, _ in often for member in one.members}
    written = [
        one
        for one in sorted(learned.said, key=lambda one: (one.date, one.path), reverse=True)
        if one.kind in RULE_KINDS and not one.turns and _is_plain_rule(one.text) and squash(one.text) not in seen
        if not (is_lost(one.text, drafted=False) or _is_over(one, meant, ended))
    ]
    points = [
        *(Point(_worded(rule.text), rule.date, link_of(rule.path), sessions=one.sessions) for one, rule in often),
        *(Point(_worded(one.text), one.date, link_of(one.path)) for one in written[: 4 * MOST["rules"]]),
    ]
    return [points[place] for place in distinct([one.text for one in points], MOST["rules"])]


def _ruled_out(what: Gone, said: Sequence[Statement]) -> set[str]:
    """Return the rules that one that is gone may be: of several nobody knows which is meant."""
    return {squash(one.text) for one in said if is_ruled_out(what, one.text)} if what.rule else set()


def _is_over(rule: Statement, meant: Iterable[tuple[Statement, Gone, set[str]]], ended: Iterable[Statement]) -> bool:
    """Tell whether a later statement says that a rule, or what it is about, is no more."""
    gone = (one for one, what, only in meant if is_gone(what, rule.text) or only == {squash(rule.text)})
    past = (one for one in ended if ends(one.text, rule.text))
    return any(one.date > rule.date and may_be_one(one.project, rule.project) for one in (*gone, *past))


def _rule_of(pattern: Pattern) -> Statement | None:
    """Return the member that tells what holds: the best one, else the newest that does."""
    told = (one for one in (pattern.best, *reversed(pattern.members)) if is_standing(one.text))
    return next(told, None)


def _is_plain_rule(text: str) -> bool:
    """Tell whether a person's statement is a rule as it stands: short, and neither a musing nor a question."""
    return len(text.split()) <= _WORDS and is_standing(text) and not _MUSING.search(text)


def _reps(learned: Learned, told: set[str]) -> list[Point]:
    """Return what was meant to be tried next time, newest first: what a person wrote, or rules of accepted drafts."""
    found = [
        Point(_clip(one.text), one.date, link_of(one.path))
        for one in sorted(learned.said, key=lambda one: (one.date, one.path), reverse=True)
        if one.kind == "next" and one.date >= learned.recent and (not one.turns or is_rule(one.text))
        if not is_lost(one.text, drafted=bool(one.turns))
    ]
    found = [one for one in found if squash(one.text) not in told]
    return [found[place] for place in distinct([one.text for one in found], MOST["reps"])]


def _playbook(page: Page) -> Point:
    day = date.fromisoformat(page.date) if page.date else date.min
    return Point(_clip(page.title), day, link_of(page.path), status=page.status or "candidate")


def _worded(text: str) -> str:
    return _clip(sentence(rule_in(text)))


def _clip(text: str) -> str:
    return in_sentences(" ".join(_TAG.sub("", text).split()) or text, _LONGEST)
