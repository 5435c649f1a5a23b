"""Reported errors: what the user pasted of a failure, and how it ended as far as the transcript shows it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from session_journal.core import formulas
from session_journal.core import lazy_re as re
from session_journal.core.events import Session, failed_calls
from session_journal.core.insights.goals import Prompt
from session_journal.core.insights.learning import Candidate, candidate
from session_journal.core.insights.pastes import failure
from session_journal.core.insights.prose import Statement
from session_journal.core.insights.remedies import told_of
from session_journal.core.insights.wording import lowered, trim
from session_journal.core.signals import Signals
from session_journal.core.text import shorten

_SCORE = 2.2
_WORDS = 18


def errors(session: Session, asked: Sequence[Prompt], said: Sequence[Statement], found: Signals) -> Iterator[Candidate]:
    """Yield each error that the user pasted, with what was done about it when it was last pasted.

    Nothing is told of a session with events left out: what was done may be among them.
    """
    pasted = [(place, line) for place, prompt in enumerate(asked) if (line := failure(prompt.text))]
    if not pasted or session.left_out:
        return
    known = {_folded(line) for check in found.checks for line in check.complaints}
    same: dict[str, list[tuple[int, str]]] = {}
    for place, line in pasted:
        same.setdefault(_folded(line), []).append((place, line))
    places = {place for place, _ in pasted}
    for words, times in same.items():
        if words in known:
            continue  # the check that failed is told itself
        (first, line), last = times[0], times[-1][0]
        end, shown = _ended(session, asked, last, said, found, fails=_next(asked, last) in places)
        often = f" (reported {'twice' if len(times) == 2 else f'{len(times)} times'})" if len(times) > 1 else ""
        text = f"{formulas.REPORTED}: {trim(shorten(line, 150), _WORDS).rstrip('.')}{often} → {end}"
        turns = tuple(dict.fromkeys((asked[first].turn, asked[last].turn, *shown)))
        yield candidate("challenge", text, asked[first].turn, score=_SCORE, turns=turns)


def _folded(line: str) -> str:
    """Return an error without what changes from run to run: places, numbers, quoted values."""
    return " ".join(
        re.findall(r"[a-z]{2,}", re.sub(r"(?:[\w.~:-]*[/\\])+[\w.-]*|'[^']*'|\"[^\"]*\"", "", line.lower()))
    )


def _next(asked: Sequence[Prompt], place: int) -> int:
    """Return the place of the next prompt that is more than a word to go on; past the last one without."""
    later = range(place + 1, len(asked))
    return next((one for one in later if asked[one].kind not in {"consent", "continue", "answer"}), len(asked))


def _ended(
    session: Session, asked: Sequence[Prompt], place: int, said: Sequence[Statement], found: Signals, *, fails: bool
) -> tuple[str, tuple[int, ...]]:
    """Return what was done before the user said more, and what shows whether it helped, with turns.

    fails: the user's next words report another error.
    """
    after = _next(asked, place)
    until = asked[after].order if after < len(asked) else len(session.events)
    orders = range(asked[place].order + 1, until)
    tried = [order for order in orders if session.events[order].kind == "edit"]
    lost = failed_calls(session.events)
    edits = [order for order in tried if session.events[order].call not in lost and order not in found.taken]
    if tried and not edits:
        return _taken(session, tried, found)
    replied = any(session.events[order].kind == "reply" for order in orders)
    if not (edits or replied):
        return "left without an answer", ()
    what, turn = _done(session, asked[place].turn, edits, said) if edits else (_ANSWERED, ())
    since = edits[-1] if edits else orders.start
    ran = [check for check in found.checks if since <= check.order < until and check.passed is not None]
    if ran and ran[-1].passed:
        return f"{what}; `{shorten(ran[-1].command, 44)}` passed", (*turn, ran[-1].turn)
    praised = [one.turn for one in asked[place + 1 : after + 1] if one.turn in found.praise]
    if praised:
        return f"{what}; accepted by the user", (*turn, praised[0])
    return f"{what} ({'then it failed in another way' if fails or ran else 'not shown to have helped'})", turn


_ANSWERED = "answered, nothing was edited for it"


def _taken(session: Session, tried: Sequence[int], found: Signals) -> tuple[str, tuple[int, ...]]:
    """Return what became of the edits that were tried for a report and of which none stands, with turns."""
    event = session.events[tried[-1]]
    end = "put back" if any(order in found.taken for order in tried) else "not made"
    return f"an edit of `{event.target}` for it was {end}", (event.turn,)


def _done(session: Session, since: int, edits: Sequence[int], said: Sequence[Statement]) -> tuple[str, tuple[int, ...]]:
    """Return what was done about a report, in the words of a reply that made the edits or by the file, with turns."""
    turns = {session.events[order].turn for order in edits}
    near = [one for one in said if since < one.turn <= max(turns) + 2]
    told = told_of(near)
    if told is not None:
        return lowered(told[0]), (told[1],)
    return f"edited `{session.events[edits[-1]].target}`", (max(turns),)
