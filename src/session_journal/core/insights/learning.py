"""What was learned: statements weighed and sorted into discoveries, decisions, challenges and open ends."""

from __future__ import annotations

import math
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import zip_longest

from session_journal.core import lazy_re as re
from session_journal.core.events import Session
from session_journal.core.insights.goals import Prompt
from session_journal.core.insights.labels import dated, is_standing, labelled
from session_journal.core.insights.left_open import REVIEW, is_open
from session_journal.core.insights.prose import Statement, statements
from session_journal.core.insights.reasoning import is_sketch
from session_journal.core.insights.requests import is_order
from session_journal.core.insights.signs import CHANGE, OPEN_HEADING, is_change, is_of_others, signs
from session_journal.core.insights.steps import acted, announced, carried_out, shows, touched
from session_journal.core.insights.wording import terms, tidy
from session_journal.core.items import ItemKind
from session_journal.core.pointing import looseness
from session_journal.core.records import record


@record(frozen=True, slots=True)
class Candidate:
    """A statement fit for the entry, with what it is about and how much it seems worth."""

    kind: ItemKind
    text: str
    turn: int
    raw: str
    terms: frozenset[str]
    score: float
    source: Statement
    turns: tuple[int, ...] = ()


_DECISION = re.compile(
    r"\b(?:kept|chose|decided|decision|went with|opted|trade-?off|intentional(?:ly)?|pragmatic|in favou?r of|took the|"
    r"standardi[sz]ed|drop(?:ped)?|merged? both|settled on|agreed|rather than|instead of)\b|\s[—–-] (?:keep|leave)\b"
    r"|\b(?:keep(?:ing)?|choose|prefer(?:red)?|approach|option \w+|alternative|acceptable|worse|better|cleaner"
    r"|simplest)\b.*\b(?:than|over|because|since|so that|as it)\b"
)
_CODE = re.compile(r"`[^`]*`")
_WOULD = re.compile(r"\b(?:might|could|would|may|can)\b", re.IGNORECASE)
"""What is only thought of is not decided."""
_DECIDED = re.compile(
    r"(?:(?:so|then|i|we|you)(?:'ve| have)? ){0,2}(?:(?:decided|agreed|settled|opted)(?:\s+(?:to|on|against|for|that|"
    r"not)\b|:)|went with\b|chose (?!to\b))|decision: ",
    re.IGNORECASE,
)
"""What says itself that it is a decision, whatever else it mentions."""
_CHOICE = re.compile(
    r"\b(?:which\b|what do you|prefer\b|does (?:this|that) (?:look|sound|match|make)|"
    r"(?:look|sound|feel)s? (?:right|good)|any (?:preference|thoughts)|thoughts)[^?]*\?",
    re.IGNORECASE,
)
_RULE = re.compile(
    r"^(?:always|never|do not|don't|prefer|avoid)\b|\b(?:must (?:not |always |never )?\w+|convention|"
    r"by convention|always use|never use|guideline)\b",
    re.IGNORECASE,
)
_VERDICT = re.compile(
    r"^(?:all|build|lint|tests?|everything|clean build|no (?:lint|conflict)|both|the build|\d+ "
    r"tests?)\b.{0,60}\b(?:pass(?:es|ed|ing)?(?! (?:the|an?|in|to)\b)|green|clean|succeed(?:s|ed)?|0 issues|remain)\b|"
    r"^(?:committed|pushed|merged|draft pr|pr created|merge complete)\b|"
    r"^(?:the |your |both |all )?(?:commits?|push|merge|release|rebase)\b.{0,40}"
    r"\b(?:succeeded|successful(?:ly)?|(?:is|are|was|were) (?:created|made|done|complete)|went through)\b|"
    r"^(?:(?:implemented|accepted|addressed|done|fixed|finished|full)\b|`[^`]+` clean\b).{0,60}"
    r"\b(?:pass(?:es|ed|ing)?|clean|green)\b|"
    r"^(?:the )?pre-commit hooks?\b.{0,60}\b(?:pass|ran|succeed)",
    re.IGNORECASE,
)


def candidate(
    kind: ItemKind,
    text: str,
    turn: int,
    *,
    score: float,
    turns: tuple[int, ...] = (),
    source: Statement | None = None,
    about: str = "",
) -> Candidate:
    """Return a candidate that was put together from several places; about: what it is about, where not all it says."""
    named = frozenset(terms(about or text))
    return Candidate(kind, text, turn, text, named, score, source or Statement(text, turn), turns)


def thoughts(session: Session) -> list[Statement]:
    """Return every statement of the assistant's visible reasoning but those that the next one doubts."""
    texts = [
        list(statements(event.text, event.turn, thought=True))
        for event in session.events
        if event.kind == "thought" and not event.agent and len(event.text) < 6_000
    ]
    return [
        one for said in texts for one, after in zip_longest(said, said[1:]) if not (after and _DOUBT.match(after.text))
    ]


_DOUBT = re.compile(
    r"(?:(?:oh|but|no),? )?(?:wait|hmm+|hold on|no\b(?=[,.])|actually|scratch that|on second thought|"
    r"let me (?:re-?(?:check|read|think|consider)|double[- ]check|verify))\b",
    re.IGNORECASE,
)


def pasted(prompts: list[Prompt]) -> list[Statement]:
    """Return what long prompts tell: a plan or feedback that was pasted knows why and how."""
    return [
        replace(one, option=one.bullet, pasted=True)
        for prompt in prompts
        if len(prompt.text.split()) > _LONG_PROMPT
        for one in statements(prompt.text[:20_000], prompt.turn)
        if not _CHECKLIST.search(f"{one.heading} / {one.label.lower()}") and not _HARNESS.search(one.text)
    ]


_CHECKLIST = re.compile(r"\b(?:verif\w+|test plan|testing|acceptance|checklist|out of scope|output format)\b")
"""Headings of a request under which stands how to check it, not what it is about."""
_HARNESS = re.compile(r"\bread the full transcript at\b|\bexiting plan mode\b", re.IGNORECASE)


_LONG_PROMPT = 60


def _before(orders: list[int], start: int) -> int:
    """Return the last of the orders before a start, -1 when there is none."""
    place = bisect_left(orders, start)
    return orders[place - 1] if place else -1


def replies(session: Session, prompts: list[Prompt]) -> list[Statement]:
    """Return every statement of the assistant's replies; those of the last reply before a prompt are `closing`."""
    starts = [prompt.order for prompt in prompts if not prompt.refusal]
    spoken = [(order, event) for order, event in enumerate(session.events) if event.kind == "reply" and not event.agent]
    orders = [order for order, _ in spoken]
    last = {_before(orders, start) for start in [*starts, len(session.events)]}
    choices = {_before(orders, prompt.order) for prompt in prompts if prompt.kind == "choice"}
    found: list[Statement] = []
    for order, event in spoken:
        asking = order in choices or bool(_CHOICE.search(event.text.rstrip()[-160:]))
        found.extend(
            replace(one, option=True) if asking and one.bullet else one
            for one in statements(event.text, event.turn, closing=order in last)
        )
    return found


def candidates(found: Iterable[Statement], limit: int = 28) -> list[Candidate]:
    """Return the statements that are worth a place, weighed; each is of the kind it reads most like."""
    tidied = [(one, text, _about(text)) for one in found if (text := tidy(one.text, limit + 4 * one.closing))]
    seen = Counter(term for _, _, about in tidied for term in about)
    most = max(seen.values(), default=1)
    return [
        Candidate(kind, _in_place(one, text), one.turn, one.raw, about, _score(one, text, about, seen, most), one)
        for one, text, about in tidied
        if (kind := _sort(one, text, len(about)))
    ]


@lru_cache(maxsize=2048)
def _about(text: str) -> frozenset[str]:
    return frozenset(terms(text))


@lru_cache(maxsize=2048)
def _sort(one: Statement, text: str, count: int) -> ItemKind | None:
    """Return the kind of a statement with so many terms, None where it is worth no place.

    Those of a reply are asked for at two lengths, and most of them are the same at both.
    """
    fit = (
        (is_standing(text) or _is_specific(text, count))
        and labelled(one.text)[0] is None
        and not _VERDICT.match(text)
        and not (one.thought and is_sketch(one.text))
        and not (text.endswith("?") and not (one.finding or one.bullet))
        and not _is_proposal(one, text)
        and not is_of_others(one, text)
    )
    return _kind(one, text) if fit else None


def _in_place(one: Statement, text: str) -> str:
    """Return a statement as it reads without what it stood under: what was so before is told so."""
    return dated(text, (one.label, one.heading.rpartition(" / ")[2], one.lead)) if one.bullet else text


def _is_specific(text: str, count: int) -> bool:
    """Say whether a statement is about something: it names things, or says enough without."""
    shown = signs(text)
    if CHANGE.match(text) or (shown.trouble and len(text.split()) >= _FEWEST):
        return count >= 2
    return count >= (3 if shown.identifiers else 4)


_FEWEST = 5


def _is_proposal(one: Statement, text: str) -> bool:
    """Say whether a bullet is a step or an option put to the user: what is not done yet is no fact."""
    if not one.bullet:
        ordered = _ORDERED.match(text) or (is_order(text) and not _NO_ORDER.match(text))
        return bool(ordered) and not (is_standing(text) or one.pasted)
    if _COULD.search(text) and not is_order(text):
        return False
    if (
        one.option
        or re.match(r"option\b", one.label, re.IGNORECASE)
        or _PROPOSAL.search(one.lead)
        or one.lead.endswith("?")
    ):
        return True
    return is_order(text) and not _RULE.search(text) and not REVIEW.search(one.heading)


def steps(found: Sequence[Statement], session: Session, limit: int = 20) -> list[Candidate]:
    """Return the steps that replies announce and take, and the instructions in them that edits followed."""
    turns, traces = acted(session), touched(session)
    orders = [(one.text, one.turn) for one in found if one.bullet and not one.thought]
    tidied = [
        *(
            (one, text, (one.turn,))
            for one in found
            if not one.thought
            and one.turn in turns
            and (text := announced(one.text, limit))
            and shows(one.text, one.turn, traces)
        ),
        *(
            (Statement(text, turn, text, bullet=True), text, tuple(dict.fromkeys((turn, shown))))
            for text, turn, shown in carried_out(orders, session, limit)
        ),
    ]
    about = [frozenset(terms(text)) for _, text, _ in tidied]
    seen = Counter(term for found_terms in about for term in found_terms)
    most = max(seen.values(), default=1)
    return [
        replace(
            Candidate("change", text, one.turn, one.raw, known, _score(one, text, known, seen, most) - _STEP_COST, one),
            turns=shown,
        )
        for (one, text, shown), known in zip(tidied, about, strict=True)
        if len(known) >= _TELLING
    ]


_TELLING = 3
_STEP_COST = 0.3
_NO_ORDER = re.compile(r"(?:keep|bear) in mind\b|(?:read|put|set|cut|split)\b.* (?:and|then) \w+ed\b", re.IGNORECASE)
_COULD = re.compile(r"^(?:the |an? )?(?:\S+ ){1,5}(?:could|should) (?:also |then )?(?!just\b|be\b)\w+", re.IGNORECASE)
_ORDERED = re.compile(
    r"^(?:verify|confirm|check|ensure|get|call|run) (?:the|that|a|an|all|both|if|whether|`)", re.IGNORECASE
)


def _kind(one: Statement, text: str) -> ItemKind:
    """Return what a statement reads like; what stands under a telling heading belongs there."""
    if is_standing(text) and not one.pasted:
        return "insight"
    if _DECIDED.match(text) and not one.pasted:
        return "decision"
    if is_open(one, text):
        return "next"
    if _RULE.search(text):
        return "insight"
    if is_change(one, text):
        return "change"
    said = _CODE.sub("``", text).lower()  # a command named `/drop` drops nothing
    decided = _DECISION.search(said) and not _WOULD.search(text) and not signs(text).cause
    return "decision" if decided else "discovery"


def _score(one: Statement, text: str, about: frozenset[str], seen: Counter[str], most: int) -> float:
    """Return how much a statement is worth: what the session keeps talking about, named things, causes, open ends.

    seen: how often each term was said; most: how often the one that was said most.
    """
    words, shown = len(text.split()), signs(text)
    counts = [seen[term] for term in about]
    often = max(counts, default=0)
    central = math.fsum(map(math.log, counts)) / (6 + len(about))
    score = 0.5 * central + 0.6 * often / most + 0.06 * min(10, len(about))
    score += 0.1 * min(4, shown.identifiers) + 0.15 * shown.cause + 0.1 * shown.trouble
    score += 0.1 * shown.open + 0.2 * bool(OPEN_HEADING.search(one.heading)) + 0.1 * one.closing
    score -= (
        _HUNG[looseness(text)]
        + 0.25 * text.endswith("…")
        + (0.3 if words < 7 else 0)
        + 0.25 * one.thought
        + 0.2 * text.endswith("?")
    )
    score += (
        0.5 * one.finding
        - 0.3 * bool(_PRAISE_HEADING.search(one.heading))
        - 0.6 * bool(_PRAISE.match(text) or (_TICKED.match(one.raw) and not CHANGE.match(text)))
        - 0.2 * bool(_PROPOSAL.search(one.lead))
    )
    return score - 0.3 * (not shown.identifiers and often < 3)


_HUNG = (0.0, 0.15, 0.8, 0.8)
"""What a statement loses by how much it hangs on what stood around it."""
_PROPOSAL = re.compile(
    r"\b(?:either|options?|ways? (?:to|of|out)|choices|would be|could|plan|steps?|approach(?:es)?|want me to|"
    r"alternatives?|proposal)\b",
    re.IGNORECASE,
)
_PRAISE = re.compile(
    r"(?:very |really )?(?:good|great|well[- ]\w+|solid|nice|excellent|thoughtful|thorough|impressive)\b|"
    r".{0,60}\b(?:is|are) (?:\w+ )?(?:thoughtful|well[- ]\w+|solid|excellent|clean|sound|thorough|nice|good)\b",
    re.IGNORECASE,
)
"""What a reviewer is pleased with: nobody has to do or know anything for it."""
_TICKED = re.compile(r"\W*(?:\(\d{1,3}\)\s*)?[✅✔☑]")
_PRAISE_HEADING = re.compile(r"\b(?:strengths?|what'?s good|positives?|done well)\b")
