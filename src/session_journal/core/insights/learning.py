"""What was learned: statements weighed and sorted into discoveries, decisions, challenges and open ends."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from session_journal.core.events import Session
from session_journal.core.insights.goals import Prompt
from session_journal.core.insights.prose import Statement, statements
from session_journal.core.insights.wording import dangles, terms, tidy
from session_journal.core.items import ItemKind


@dataclass(frozen=True, slots=True)
class Candidate:
    """A statement fit for the entry, with what it is about and how much it seems worth."""

    kind: ItemKind
    text: str
    turn: int
    raw: str
    terms: frozenset[str]
    score: float
    source: Statement


_CAUSE = re.compile(
    r"\b(?:root cause|because|turns? out|turned out|caused? by|due to|the (?:issue|problem|bug|cause|reason|culprit|catch) (?:is|was|here)|the (?:real|actual|underlying)|that'?s (?:why|the)|which (?:means|is why|causes?|triggers?)|"
    r"this (?:means|causes?|is because|happens)|relied on|relies on|silently|never |no longer|only (?:when|if|works|one|needed|used)|instead of|not (?:the|a)|rather than|by design|expects?|requires?|must|assum(?:es|ed|ption)|race condition|"
    r"regression|deprecated|signature|documented|convention|pattern|exact bug|process-global|caches?|cached|ignored|swallow|leftover|artifact|indirection)\b",
    re.I,
)
_DECISION = re.compile(
    r"\b(?:kept|keep(?:ing)?|chose|choose|decided|decision|went with|opted|prefer(?:red)?|trade-?off|intentional(?:ly)?|approach|option \w+|pragmatic|in favou?r of|took the|standardi[sz]ed|drop(?:ped)?|merged? both|"
    r"settled on|agreed|alternative|rather than|instead of|acceptable|worse|better|cleaner|simplest)\b",
    re.I,
)
_TROUBLE = re.compile(
    r"\b(?:fail(?:s|ed|ing|ures?)?|errors?|stale|conflicts?|reject(?:ed|s)?|lint(?:er)?\b.{0,30}\b(?:flag|catch|caught|complain|issue)|catches|caught|had to|cached|not found|doesn'?t exist|unexpected(?:ly)?|broken?|missing|mismatch|"
    r"blocked|timed? ?out|flaky|wrong|undefined|unused|duplicate|diagnostics?|passes locally|pollution|crash)\b",
    re.I,
)
_OPEN = re.compile(
    r"\b(?:follow-?up|worth|consider|could (?:also|be|use|explore|refactor|instead)|might (?:need|want)|may (?:need|eventually|be)|should (?:be|also|probably|investigate)|later|separate (?:pr|task|issue)|not (?:yet )?(?:addressed|implemented|handled|covered|done)|"
    r"remain(?:s|ing)|todo|limitation|known|fragile|risk|latent|footgun|future|eventually|would (?:conflict|need|require|lose|break)|if .{3,60} (?:lands|changes|fails|breaks)|suggestion|suggest(?:ed)?|recommend|concern|migration|next step|pending|still (?:need|use|open|has)|"
    r"obsolete|conflict with|edge case|nit\b|minor)\b",
    re.I,
)
_OPEN_HEADING = re.compile(r"\b(?:next|todo|follow|open|remaining|suggest|recommend|limitation|risk|consider|concern|future|issues?|nits?|improve|caveat|known|not done|minor|potential)\b", re.I)
_FINDING_HEADING = re.compile(r"\b(?:root cause|cause|finding|analysis|discover|learn|why|how it works|issue|problem|overview|key|observ|insight|explanation|background|strength|good)\b", re.I)
_CHANGE = re.compile(
    r"^(?:`[^`]+`[\s:—–-]*)?(?:added|updated|changed|fixed|moved|removed|replaced|extracted|refactored|renamed|created|implemented|merged|rewrote|wrote|documented|converted|made|inlined|dropped|split|resolved|simplified|"
    r"consolidated|switched|introduced|reverted|deleted|corrected|adjusted|improved|expanded|wired|imported?|extended|import|use|change|now)\b",
    re.I,
)
_VERDICT = re.compile(r"^(?:all|build|lint|tests?|everything|clean build|no (?:lint|conflict)|both|the build|\d+ tests?)\b.{0,60}\b(?:pass(?:es|ed|ing)?|green|clean|succeed(?:s|ed)?|0 issues|remain)\b|^(?:committed|pushed|merged|draft pr|pr created|merge complete)\b", re.I)
_IDENTIFIER = re.compile(r"`[^`]+`|\b[A-Za-z]+[a-z0-9][A-Z]\w*|\b\w+\(\)|\b[\w-]+/[\w./-]+|\b\w+\.\w{1,4}\b|\bv?\d+\.\d+")


def replies(session: Session, prompts: list[Prompt]) -> list[Statement]:
    """Return every statement of the assistant's replies; those of the last reply before a prompt are `closing`."""
    starts = [prompt.order for prompt in prompts if not prompt.refusal]
    spoken = [(order, event) for order, event in enumerate(session.events) if event.kind == "reply" and not event.agent]
    last = {max((order for order, _ in spoken if order < start), default=-1) for start in [*starts, len(session.events)]}
    found: list[Statement] = []
    for order, event in spoken:
        found.extend(statements(event.text, event.turn, closing=order in last))
    return found


def candidates(found: Iterable[Statement], limit: int = 28) -> list[Candidate]:
    """Return the statements that are worth a place, weighed; each is of the kind it reads most like."""
    tidied = [(one, text, frozenset(terms(text))) for one in found if (text := tidy(one.text, limit))]
    seen = Counter(term for _, _, about in tidied for term in about)
    return [
        Candidate(_kind(one, text), text, one.turn, one.raw, about, _score(one, text, about, seen), one)
        for one, text, about in tidied
        if len(about) >= 3 and not _VERDICT.match(text)
    ]


def _kind(one: Statement, text: str) -> ItemKind:
    """Return what a statement reads like; what stands under a telling heading belongs there."""
    if _OPEN_HEADING.search(one.heading) or (_OPEN.search(text) and not _CHANGE.match(text)):
        return "next"
    if _CHANGE.match(text):
        return "change"
    if _CAUSE.search(text):
        return "discovery"
    if _DECISION.search(text):
        return "decision"
    return "challenge" if _TROUBLE.search(text) else "insight"


def _score(one: Statement, text: str, about: frozenset[str], seen: Counter[str]) -> float:
    """Return how much a statement is worth: what the session keeps talking about, causes, names, closing words."""
    words = len(text.split())
    central = sum(math.log(seen[term]) for term in about) / (6 + len(about))
    score = central + 0.9 * bool(_CAUSE.search(text)) + 0.35 * bool(_DECISION.search(text)) + 0.3 * bool(_TROUBLE.search(text))
    score += 0.4 * bool(_OPEN.search(text)) + 0.3 * min(3, len(_IDENTIFIER.findall(text))) + 0.7 * one.closing
    score += 0.4 * bool(_FINDING_HEADING.search(one.heading)) + 0.2 * one.bullet
    score -= 0.5 * dangles(text) + 0.5 * text.endswith("…") + (0.6 if words < 8 else 0) + 0.6 * one.thought + 0.4 * text.endswith("?")
    return score


def choose(pool: list[Candidate], words: int, *, taken: set[str] | None = None, most: int = 99) -> list[Candidate]:
    """Return candidates within a number of words: each the best that still adds something new."""
    covered, chosen, left = set(taken or ()), list[Candidate](), words
    rest = list(pool)
    while rest and len(chosen) < most:
        best = max(rest, key=lambda one: (_gain(one, covered), -one.turn))
        rest.remove(best)
        size = len(best.text.split())
        if _gain(best, covered) <= 0.2:
            break
        if size <= left and len(best.terms & covered) <= 0.65 * len(best.terms):
            chosen.append(best)
            covered |= best.terms
            left -= size
    return chosen


def _gain(one: Candidate, covered: set[str]) -> float:
    fresh = len(one.terms - covered) / max(1, len(one.terms))
    return one.score * fresh
