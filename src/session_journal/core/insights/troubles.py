"""Challenges: what failed or got in the way, and what resolved it."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from operator import attrgetter

from session_journal.core import lazy_re as re
from session_journal.core.asides import is_promise
from session_journal.core.events import Session
from session_journal.core.insights.failures import failed_edits, failing_tools
from session_journal.core.insights.files import written
from session_journal.core.insights.learning import Candidate, candidate
from session_journal.core.insights.prose import Statement
from session_journal.core.insights.remedies import EDITED, REMAINS, RESOLVES, answer, came_to_pass, following, remedy
from session_journal.core.insights.shell import Check, CheckKind
from session_journal.core.insights.signs import CHANGE, IDENTIFIER, signs
from session_journal.core.insights.wording import lowered, terms, tidy, trim
from session_journal.core.signals import Signals
from session_journal.core.text import one_line, shorten


def challenges(session: Session, said: Sequence[Statement], found: Signals) -> list[Candidate]:
    """Return candidates that read `problem → resolution`: conflicts, failed checks, failing tools, named troubles."""
    return [
        *_conflicts(found),
        *_failed_checks(session, said, found),
        *failing_tools(session),
        *failed_edits(session),
        *_named_troubles(session, said, found),
    ]


def _conflicts(found: Signals) -> Iterator[Candidate]:
    for turn, what, paths, landed, resolved in found.merges:
        if not paths:
            continue
        made = next((act.name for act in found.acts if act.turn == landed and act.kind == "commit"), "")
        verb, _, source = what.partition(" ")
        names = ", ".join(f"`{path.rsplit('/', 1)[-1]}`" for path in paths[:3]) + (
            " and others" if len(paths) > 3 else ""
        )
        count = f"{len(paths)} files" if len(paths) > 1 else "one file"
        kept = "resolved, not committed in this session" if resolved else "left unresolved"
        end = (f"resolved and committed as {made}" if made else "resolved and committed") if landed else kept
        verb = {"merge": "Merging", "rebase": "Rebasing onto", "pull": "Pulling"}.get(verb, f"`git {verb}` of")
        text = f"{verb}{f' `{source}`' if source else ''} left conflicts in {count} ({names}) → {end}"
        yield candidate("challenge", text, turn, score=1.8, turns=(turn, landed) if landed else (turn,))


def _failed_checks(session: Session, said: Sequence[Statement], found: Signals) -> Iterator[Candidate]:
    """Yield each failure of a check once, with what answered the last run that objected to the same."""
    failures: dict[str, list[tuple[Check, str]]] = {}
    for check in found.checks:
        problem = _problem(check, said) if check.passed is False and not _is_meant(check, said) else ""
        if problem:
            problem = _REASON.sub("", problem) if _failed_again(check, found.checks) else problem
            failures.setdefault(" ".join(sorted(terms(problem))), []).append((check, problem))
    for runs in failures.values():
        check, problem = runs[0]
        passed = [
            other for other in found.checks if other.order > check.order and other.kind == check.kind and other.passed
        ]
        later = next((other for other in passed if other.place.settles(check.place)), None)
        last = [run for run, _ in runs if later is None or run.order < later.order][-1]
        end = remedy(session, last, said, problem, found, again=later is not None)
        end = end or (came_to_pass(session, check.order, later) if later else _ELSEWHERE if passed else "")
        end = end or answer(session, last, found) or _LEFT
        turns = [check.turn, *([later.turn] if later else [])]
        text = f"{problem} → {lowered(end)}"
        yield candidate(
            "challenge",
            text,
            check.turn,
            score=1.2 + 1.0 * bool(check.complaints) + 0.6 * (end == _LEFT),
            turns=tuple(turns),
            about=EDITED.sub("", text),
        )


_LEFT, _ELSEWHERE = "left failing", "left failing here, passed only in another branch or working tree"
_REASON = re.compile(r",? (?:since|because)\b.*$")
"""Why a check is thought to fail."""
_MEANT = re.compile(
    r"\bfail(?:s|ed|ing)?,? (?:just |exactly )?as (?:they|it|we) (?:should|expected|wanted)|"
    r"\bfail(?:s|ed|ing)? as (?:expected|intended|planned)|\bexpected failures?\b|"
    r"\b(?:red|failing) (?:first|as it should|for now)\b",
    re.IGNORECASE,
)


def _failed_again(check: Check, ran: Sequence[Check]) -> bool:
    """Say whether a check failed the next time, too: why it was thought to fail did not hold."""
    later = next((one for one in ran if one.order > check.order and one.kind == check.kind), None)
    return later is not None and later.passed is False


def _is_meant(check: Check, said: Sequence[Statement]) -> bool:
    """Say whether the reply after a failed check says that it was to fail: a test written before the code."""
    return any(_MEANT.search(one.text) for one in following(said, check, 2))


def _problem(check: Check, said: Sequence[Statement]) -> str:
    """Return what a check objected to, in the tool's words where they name it, else in the reply's that follows."""
    told = _in_words(check, said) or _told_next(check, said)
    if told:
        return told
    if check.complaints:
        named = "; ".join(trim(re.sub(r"`[^`]*\n.*", "", one_line(one)), 14) for one in check.complaints[:2])
        return f"`{shorten(check.command, 44)}` failed: {shorten(named, 150)}"
    after = following(said, check, 2)
    text = next(
        (
            text
            for one in after
            if signs(one.text).trouble and not _is_of_change(one.text) and (text := _whole(one.text))
        ),
        "",
    )
    if text:
        return text
    return (
        f"`{shorten(check.command, 44)}` failed: {shorten(one_line(check.said), 90)}"
        if re.search(r"[a-z]{4}.* .*[a-z]{3}", check.said)
        else ""
    )


def _in_words(check: Check, said: Sequence[Statement]) -> str:
    """Return the reply's sentence that tells what a check objects to, known by the tool's own words in it."""
    objected = terms(" ".join(check.complaints))
    return _sentence(following(said, check, 3), lambda one, _: len(objected & terms(one.text)) >= _SHARED)


def _told_next(check: Check, said: Sequence[Statement]) -> str:
    """Return the sentence of the very next reply that tells what failed, where it says more than the tool's names."""

    def tells(one: Statement, text: str) -> bool:
        return one.words >= _TELLING and bool(_FAILS.search(text) and IDENTIFIER.search(text))

    return _sentence(following(said, check, 2), tells)


def _sentence(said: Iterable[Statement], fits: Callable[[Statement, str], bool]) -> str:
    """Return the first fitting sentence said at work, not in closing, that tells no change; "" without one."""
    for one in said:
        text = "" if one.closing else _whole(one.text)
        if text and fits(one, text) and not _is_of_change(text):
            return text
    return ""


def _whole(said: str) -> str:
    """Return a trouble in few words; where they would be cut, without what goes well before it."""
    text = tidy(said, 20)
    return tidy(_WELL.sub("", said), 20) if text.endswith("…") else text


_WELL = re.compile(
    r"^[^,;:]{5,80}?\b(?:pass(?:es|ed)?|works?|worked|succeed(?:s|ed)?|compile[sd]?|(?:is|are) (?:fine|green|clean)),? "
    r"but (?=\w)",
    re.IGNORECASE,
)


def _is_of_change(text: str) -> bool:
    """Say whether a sentence is about the change that answers a failure, and not about what failed."""
    return bool(CHANGE.match(text) or _ENSURES.match(text)) or is_promise(text)


_ENSURES = re.compile(
    r"(?:this|that|these)(?: [\w`]+){0,3}? "
    r"(?:will|now|allows?|catch(?:es)?|checks?|ensures?|fix(?:es)?|handles?|makes?|prevents?|resolves?|verif(?:y|ies))\b",
    re.IGNORECASE,
)


_SHARED, _TELLING = 3, 9
_FAILS = re.compile(
    r"\b(?:fail(?:s|ed|ing|ures?)?|errors?|issues?|complain\w*|flag(?:s|ged)|catch(?:es)?|caught|broken?)\b",
    re.IGNORECASE,
)


_NO_TROUBLE = re.compile(
    r"^No |\b(?:no|0|zero|without) (?:\w+ ){0,2}(?:conflicts?|errors?|issues?|failures?|problems?|warnings?)\b",
    re.IGNORECASE,
)


_BROKEN: tuple[tuple[re.Pattern[str], frozenset[CheckKind]], ...] = (
    (
        re.compile(
            r"\b(?:does(?: not|n't)|do(?: not|n't)|did(?: not|n't)|wo(?: not|n't)|fails? to|failed to|no longer) "
            r"(?:even )?(?:compile|build|type-?check)s?\b|"
            r"\b(?:compil(?:e|er|ation)|build|type|syntax|import|linker) (?:errors?|failures?)\b|"
            r"\b(?:build|compilation) (?:is broken|fails|failed|breaks|broke)\b",
            re.IGNORECASE,
        ),
        frozenset({"build", "test"}),
    ),
    (re.compile(r"\blint(?:er|ing)? (?:errors?|failures?|fails|failed)\b", re.IGNORECASE), frozenset({"lint"})),
)
"""What a build tool or a linter objected to, and the checks that show that it has been mended."""
_SUPPOSED = re.compile(r"\b(?:would|could|might|may|if|should|will|stale|whether|unless|no|without)\b", re.IGNORECASE)


def _mended(session: Session, said: Sequence[Statement], found: Signals) -> dict[int, Check]:
    """Return for places among what was said the check that passed after a change; of a turn, for what names most."""
    changed = {order for order, event in enumerate(session.events) if event.kind == "edit"} | set(written(session))
    best: dict[int, tuple[int, int, Check]] = {}
    for place, one in enumerate(said if changed and found.checks else ()):
        check = _mended_by(one, found.checks)
        if check is None or not any(order < check.order and session.events[order].turn > one.turn for order in changed):
            continue
        named = len(IDENTIFIER.findall(one.text))
        if one.turn not in best or named > best[one.turn][0]:
            best[one.turn] = (named, place, check)
    return {place: check for _, place, check in best.values()}


def _mended_by(one: Statement, ran: Sequence[Check]) -> Check | None:
    """Return the first check after a reply that says that the code does not build, where it passed."""
    kinds = next((kinds for broken, kinds in _BROKEN if broken.search(one.text)), None)
    if kinds is None or _SUPPOSED.search(one.text):
        return None
    fitting = [check for check in ran if check.kind in kinds and check.passed is not None]
    if any(not check.passed and one.turn - _JUST_BEFORE <= check.turn <= one.turn for check in fitting):
        return None  # the failed check is told itself
    later = next((check for check in fitting if check.turn > one.turn), None)
    return later if later is not None and later.passed else None


_JUST_BEFORE = 3


def _named_troubles(session: Session, said: Sequence[Statement], found: Signals) -> Iterator[Candidate]:
    """Yield troubles that a reply names while at work, joined with what the reply says next, or a check that passed."""
    mended = _mended(session, said, found)
    for place, one in enumerate(said):
        text = _whole(one.text)
        if (
            one.closing
            or one.bullet
            or not text
            or not (signs(text).trouble or _BROKEN[0][0].search(text))
            or len(text.split()) < 4
            or _NO_TROUBLE.search(text)
            or one.option
            or _MEANT.search(one.text)
        ):
            continue
        fix, turn = _fixed_next(one, said[place + 1 : place + 4])
        check = None if fix else mended.get(place)
        if check is not None:
            said_at = bisect_right(session.events, one.turn, key=attrgetter("turn")) - 1
            fix, turn = f"`{shorten(check.command, 44)}` {came_to_pass(session, said_at, check)}", check.turn
        weight = 0.6 + 0.2 * min(3.0, len(terms(text)) / 3) + 0.3 * bool(fix) + 0.5 * bool(check)
        joined = f"{text} → {lowered(fix)}" if fix else text
        yield candidate(
            "challenge" if fix else "discovery",
            joined,
            one.turn,
            score=weight,
            turns=tuple(dict.fromkeys((one.turn, turn))),
            source=one,
            about=EDITED.sub("", joined),
        )


def _fixed_next(one: Statement, following: Sequence[Statement]) -> tuple[str, int]:
    """Return the sentence soon after a trouble that tells how it ended, and its turn."""
    for other in following:
        fix = tidy(other.text, 16) if other.turn <= one.turn + 6 else ""
        if fix and RESOLVES.search(fix) and not (signs(fix).trouble or REMAINS.search(fix)):
            return fix, other.turn
    return "", one.turn
