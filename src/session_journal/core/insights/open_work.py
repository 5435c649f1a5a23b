"""Open work: what the last reply leaves to commit or to push, and what a review wants done before it is merged."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from session_journal.core import formulas
from session_journal.core import lazy_re as re
from session_journal.core.events import Event, Session, failed_calls
from session_journal.core.insights.choices import replied_before
from session_journal.core.insights.coded import is_code
from session_journal.core.insights.deeds import deeds, is_ahead, is_traced, words
from session_journal.core.insights.endings import last_reply
from session_journal.core.insights.goals import Prompt
from session_journal.core.insights.learning import Candidate, candidate
from session_journal.core.insights.prose import Statement, statements
from session_journal.core.insights.voice import offered
from session_journal.core.insights.wording import lowered, trim
from session_journal.core.signals import Signals

_SCORE, _WORDS = 3.0, 18
"""What is left open is what a colleague looks for first."""


def actions(session: Session, said: Sequence[Statement], found: Signals) -> Iterator[Candidate]:
    """Yield what the session itself says or shows is still to be done; nothing that was done after all."""
    yield from _unfinished(found)
    last = last_reply(session)
    if last is not None:
        yield from _left(last, found, _branch(session))
    if not session.left_out:
        yield from _wanted(session, said)


def _unfinished(found: Signals) -> Iterator[Candidate]:
    """Yield each merge that was begun and never committed."""
    for one in found.merges:
        verb, _, source = one.what.partition(" ")
        if one.landed or verb == "stash":
            continue
        named = f" `{source}`" if source else ""
        text = f"Finish the rebase onto{named}" if verb == "rebase" else f"Commit the merge of{named or ' a branch'}"
        text = text if verb in {"merge", "pull", "rebase"} else f"Commit the {verb} of{named or ' a commit'}"
        yield candidate("action", f"{text}, {formulas.UNCOMMITTED}", one.turn, score=_SCORE)


_WORK = r"(?:changes?|work|edits?|everything|merge|fix(?:es)?|commits?|branch|i)"
_TO_PUSH = re.compile(
    r"(?<!\bno )(?<!\b0 )\bcommits? ahead of [`'\"]?(?:origin|upstream|(?:the |its )?remote)\b"
    r"(?!/(?:main|master|trunk|develop)\b)|\bunpushed\b|\bnothing (?:has been|was|is) pushed\b|"
    rf"\b{_WORK}\b[^.;]{{0,30}}?(?: not|n't) (?:yet )?(?:been )?push(?:ed)?\b(?! (?:back|through|for|onto?)\b)",
    re.IGNORECASE,
)
_TO_COMMIT = re.compile(
    rf"\b(?:{_WORK}|it|this|they|these)\b[^.;]{{0,40}}?\bready (?:to|for you to) (?:be )?commit(?:ted)?\b|"
    rf"\b{_WORK}\b[^.;]{{0,40}}?(?: not|n't) (?:yet )?(?:been )?committed\b|"
    r"\bnothing (?:has been|was|is) committed\b|(?<!no )(?<!any )(?<!without )\buncommitted changes?\b",
    re.IGNORECASE,
)
_TAIL = 800
"""Characters: how things were left stands at the end of a reply."""


_ON_BRANCH = re.compile(
    r"^On branch (\S+)|^\[(?!detached)([\w./-]+)(?: \(root-commit\))? [0-9a-f]{7,40}\] |"
    r"^Switched to (?:a new )?branch '([^']+)'",
    re.MULTILINE,
)
_THE_BRANCH = re.compile(
    r"^(?:(?:the|this|your|our|my) )?(?:(?:current|local|feature|working) )?branch(?= (?:is|has|was)\b)", re.IGNORECASE
)


def _branch(session: Session) -> str:
    """Return the branch that git named last, else the one that the transcript does, "" without one."""
    for event in reversed(session.events):
        if event.kind == "result" and (told := [*_ON_BRANCH.finditer(event.text)]):
            return str(next(filter(None, told[-1].groups())))
    return session.branch


def _left(last: Event, found: Signals, branch: str) -> Iterator[Candidate]:
    """Yield what the last reply says is to be pushed or committed; of a merge that is told already."""
    landed = [act.kind for act in found.acts if act.kind in {"commit", "push"}][-1:]
    merging = any(not one.landed for one in found.merges)
    for one in statements(last.text[-_TAIL:], last.turn):
        if one.text.endswith("?") or one.option or one.words > 2 * _WORDS:
            continue
        push = landed != ["push"] and _TO_PUSH.search(one.text)
        commit = not push and not merging and _TO_COMMIT.search(one.text)
        if push or commit:
            told = _THE_BRANCH.sub(lambda _: f"`{branch}`", one.text) if branch else one.text
            said = lowered(trim(told.rstrip("."), _WORDS))
            left = formulas.TO_PUSH if push else formulas.TO_COMMIT
            yield candidate("action", f"{left}: {said}", last.turn, score=_SCORE)
            return


_BEFORE = re.compile(
    r"\b(?:want|need|should|must|ha(?:s|ve) to|address|fix|resolve|recommend)\w*\b.{0,60}?"
    r"\bbefore (?:(?:we|you|i|it|this|that|the pr|is|gets?|being|can be) ){0,3}"
    r"(merg|ship|releas|land|deploy)p?(?:e[sd]?|ing|s|ed)?\b",
    re.IGNORECASE,
)
_WHEN = {"merg": "merging", "ship": "shipping", "rele": "the release", "land": "landing", "depl": "deploying"}
_POINTS = re.compile(r"\b(?:that|this|it|these|those|them)\b", re.IGNORECASE)
_FINDING = re.compile(
    r"(?:the )?(?:(?:main|only|one|remaining|biggest|real|other|key) )*"
    r"(?:issue|problem|concern|finding|thing|blocker|question)s? (?:is|are|remains?) (?P<what>\S.+)",
    re.IGNORECASE,
)


def _wanted(session: Session, said: Sequence[Statement]) -> Iterator[Candidate]:
    """Yield what a reply wants done before its subject is merged, where nothing after it took that up."""
    places = {event.turn: order for order, event in enumerate(session.events) if event.kind == "reply"}
    done = None
    for place, one in enumerate(said):
        wanted = _BEFORE.search(one.text) if "before" in one.text.lower() else None
        if wanted is None or one.thought or one.option or one.pasted or one.text.endswith("?"):
            continue
        about = "" if _DENIED.search(one.text) else _subject(one, said[place - 1] if place else None)
        if not about:
            continue
        done = [deed for deed in deeds(session) if not deed.told] if done is None else done
        if not is_traced(about, done, places.get(one.turn, 0)):
            text = f"Before {_WHEN[wanted.group(1)[:4].lower()]}: {lowered(trim(about, _WORDS))}"
            yield candidate("action", text, one.turn, score=_SCORE, turns=(one.turn,))


def _subject(one: Statement, before: Statement | None) -> str:
    """Return what a sentence wants done, in the words of the one before where it only points at that, else ""."""
    told = one.text.partition(" before ")[0]
    if len(words(told)) <= _POINTING and _POINTS.search(told):
        told = before.text if before is not None and before.turn == one.turn else ""
    told = re.sub(r"\s*\((?:item|point|issue|finding|see)?\s*#?\d+\)", "", told)
    named = _FINDING.match(told)
    told = (f"see to {lowered(named.group('what'))}" if named else told).rstrip(". ")
    return "" if _BY_NUMBER.search(told) or len(words(told)) < _FEWEST else told


_DENIED = re.compile(r"\b(?:no|not|nothing|none|never|without|unless)\b|n't\b", re.IGNORECASE)
_BY_NUMBER = re.compile(r"\b(?:items?|points?|issues?|findings?|numbers?|nits?) #?\d|#\d", re.IGNORECASE)
"""What is named by its number in a list alone says nothing to who reads it here."""
_POINTING = 3
"""Content words: a sentence of fewer says only that something is to be done, and not what."""
_FEWEST = 2


def not_taken_up(session: Session, asked: Sequence[Prompt], pool: Sequence[Candidate]) -> list[Candidate]:
    """Return candidates without the next steps that were taken: with an offer that the user took up, or later on."""
    ends: dict[int, str] = {}
    edited = max((order for order, event in enumerate(session.events) if event.kind == "edit"), default=-1)
    for prompt in asked:
        offer = replied_before(session, prompt.order) if prompt.kind == "consent" and prompt.order < edited else None
        if offer is not None and offered(offer.text):
            ends[offer.turn] = offer.text[-_OFFER_TAIL:]
    kept = [one for one in pool if one.kind != "next" or not one.raw or one.raw not in ends.get(one.turn, "")]
    steps = [one for one in kept if one.kind == "next" and not (one.source.finding or one.source.pasted)]
    taken = _taken(session, steps) if steps and edited >= 0 else ()
    done = {id(one) for one in taken}
    return [one for one in kept if id(one) not in done]


_OFFER_TAIL = 400
"""Characters: what an offer at the end of a reply takes up stands right before it."""


def _taken(session: Session, steps: Sequence[Candidate]) -> list[Candidate]:
    """Return the next steps that later work took up: it names what they name, or it is in their words."""
    last = max(event.turn for event in session.events if event.kind == "edit")
    early = [one for one in steps if one.turn <= last]
    work = list(_work(session, {name for one in early for name in _names(one)})) if early else []
    return [one for one in early if _is_named(one, work) or _is_worded(one, work)]


def _work(session: Session, names: Collection[str]) -> Iterator[tuple[int, str, bool]]:
    """Yield the turn and the text of every edit that worked, and of what replies that use a name say is done.

    A document may name what is to be done as well as what was: what stands in one is no work.
    """
    failed = failed_calls(session.events)
    named = re.compile("|".join(map(re.escape, sorted(names))) or r"(?!)")
    for event in session.events:
        if event.kind == "edit" and event.call not in failed:
            yield event.turn, f"{event.target}\n{event.text if is_code(event.target) else ''}", True
        elif event.kind == "reply" and not event.agent and named.search(event.text):
            lines = [line for line in event.text.splitlines() if named.search(line)]
            for one in statements("\n".join(lines), event.turn):
                if _MADE.search(one.text) or not is_ahead(one.text):
                    yield event.turn, one.text, False


def _is_named(one: Candidate, work: Sequence[tuple[int, str, bool]]) -> bool:
    """Say whether later work names what a step names in code; what is to be put in may stand right beside it."""
    names = _names(one)
    later = [text for turn, text, _ in work if turn > one.turn]
    if names and 2 * sum(any(name in text for text in later) for name in names) >= len(names):
        return True
    beside = [text for turn, text, is_edit in work if is_edit and turn == one.turn] if _PUTS_IN.search(one.text) else []
    return any(re.search(rf"^\+ .*{re.escape(name)}", text, re.MULTILINE) for name in names[:1] for text in beside)


def _names(one: Candidate) -> list[str]:
    """Return what a step names in code, without calls and places; files only where it names nothing else."""
    spans = [re.sub(r"\(.*?\)$|:[\d–-]+$", "", span) for span in _SPAN.findall(one.source.text)]
    named = [span for span in spans if not _FILE.search(span)]
    return list(dict.fromkeys(named or [span.rsplit("/", 1)[-1] for span in spans]))


def _is_worded(one: Candidate, work: Sequence[tuple[int, str, bool]]) -> bool:
    """Say whether a later edit has nearly all the words of a step that names nothing in code."""
    wanted = words(one.text)
    if _names(one) or len(wanted) < _SAYS_IT:
        return False
    enough = _NEARLY_ALL * len(wanted)
    later = ((text, text.lower()) for turn, text, is_edit in work if is_edit and turn > one.turn)
    likely = (text for text, low in later if sum(word in low for word in wanted) >= enough)
    return any(len(wanted & words(_without_removed(text))) >= enough for text in likely)


def _without_removed(text: str) -> str:
    return "\n".join(line for line in text.splitlines() if not line.startswith("- "))


_MADE = re.compile(
    r"\b(?:is|are|was|were|been|now) (?:now |also )?(?:gone|done|in place|"
    r"(?:add|cover|delet|dropp|fix|handl|mov|remov|renam|replac|rework|scop|test|updat)ed)\b",
    re.IGNORECASE,
)
"""What says that it was done, whatever else its sentence speaks of."""
_SPAN = re.compile(r"`([^`]{3,80})`")
_FILE = re.compile(r"\.[a-z]{1,5}$")
_PUTS_IN = re.compile(r"\b(?:add|import|includ|install|introduc|declar)(?:e|es|ed|ing|s)?\b", re.IGNORECASE)
_SAYS_IT, _NEARLY_ALL = 4, 0.75
"""Words of content: fewer are found in any edit."""
