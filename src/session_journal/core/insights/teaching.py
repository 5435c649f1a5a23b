"""What the user taught in so many words: standing rules, corrections, lessons, and what is left for later."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

from session_journal.core import formulas
from session_journal.core import lazy_re as re
from session_journal.core.insights.goals import Prompt
from session_journal.core.insights.labels import is_standing, labelled
from session_journal.core.insights.learning import Candidate, candidate
from session_journal.core.insights.prose import Statement, plain, statements
from session_journal.core.insights.requests import goal_text, is_order
from session_journal.core.insights.wording import capital, lowered, terms, trim
from session_journal.core.items import ItemKind
from session_journal.core.signals import Signals

_LONGEST = 120
"""Words: what is longer is pasted, and its rules are somebody else's."""
_CLAUSE = re.compile(
    r"(?:^|[,;:–—]\s*|\b(?:and|but|so|please)\s+)(?P<rule>(?:always|never|make sure|from now on|remember to|"
    r"we (?:always|never|don'?t|prefer))\s+"
    r"(?!(?:on|in|at|for|with|by|the|an?|again|mind|been|had|\w+ed|\w+[^s]s)\b)(?P<what>.*))",
    re.IGNORECASE | re.DOTALL,
)
_LIMIT = re.compile(
    r"^(?:(?:and|but|please|also|just)\s+)*(?:don'?t|do not|no (?:new |more |other )?\w+|only|keep|leave|use|prefer|"
    r"avoid|without|stick to|check|run|never|always|make sure)\b",
    re.IGNORECASE,
)
_SHOULD = re.compile(r"\b(?:should (?:be|use|not|have|only|always|never)|instead of|rather than)\b", re.IGNORECASE)
_SUGGESTS = re.compile(r"\b(?:shouldn'?t|can(?:'t| ?not| we not)|why (?:not|don'?t)|don'?t we)\b", re.IGNORECASE)
_OFFERS = re.compile(r"\W*(?:or|maybe|perhaps|(?:how|what) about)\b(?! (?:not|later|no)\b)", re.IGNORECASE)
"""How a question begins with which a user puts something else in the place of what they refused."""
_PUSHBACK = re.compile(
    r"^(?:(?:no(?=[,.:!]|$)|"
    r"technically|actually|or|hmm+|nope|ah crap|crap|oops|ugh|damn|ehh?|wait|stop|but|well)[\s,.:]+)+",
    re.IGNORECASE,
)
_MOST = 30
_WORDS, _TERMS = 4, 2
"""What a rule has at least: "make sure it does" is none without the sentence before it."""


def rules(asked: Sequence[Prompt]) -> Iterator[Candidate]:
    """Yield each standing rule that the user gave, in the words of its own clause."""
    for prompt in asked:
        for said in _sentences(prompt):
            rule = _rule(said)
            if rule:
                yield candidate("insight", capital(trim(rule, _MOST)), prompt.turn, score=_RULE_SCORE)


_RULE_SCORE, _USERS, _TOLD = 3.0, 2.9, 2.4


def corrections(found: Signals) -> Iterator[Candidate]:
    """Yield what the user corrected: what to keep to as an insight, else the correction itself as a decision."""
    for one in found.corrections:
        if _POINTS_BACK.match(one.text):
            continue
        said = [part for part in _sentences(one) if not _rule(part)]
        kept = [part for part in said if _LIMIT.match(part) and not part.endswith("?")]
        if len(said) < len(_sentences(one)) and not kept:
            continue
        if kept:
            text = "; ".join([kept[0], *(lowered(part) for part in kept[1:3])])
            yield candidate("insight", capital(trim(text, _MOST)), one.turn, score=1.8)
            continue
        text = _PUSHBACK.sub("", trim(goal_text(one.text, 200), 26)).rstrip(" .…")
        asks = "?" in text and not (_SUGGESTS.search(text) or (one.refusal and _OFFERS.match(one.text)))
        if len(text.split()) >= 4 and not asks:
            told = f"{formulas.INSTEAD}: {lowered(text)}" if one.refusal else capital(text)
            yield candidate(_kind(text, is_refusal=one.refusal), told, one.turn, score=1.5)


_WANTED = re.compile(
    r"\b(?:want|wish|let'?s|should|instead|rather|use|keep|skip|leave|do(?:n'?t| not)|need|why|go with|"
    r"ca(?:n|n't|nnot) (?:we|you)|no more|nevermind|enough)\b",
    re.IGNORECASE,
)


def _kind(text: str, *, is_refusal: bool) -> ItemKind:
    """Return what a correction is: a rule, a decision, or where the user tells only how things are, a discovery."""
    if _SHOULD.search(text):
        return "insight"
    orders = any(is_order(part) for part in re.split(r"[.;,:]\s+", text))
    wanted = is_refusal or orders or _WANTED.search(text) or "?" in text
    return "decision" if wanted else "discovery"


def marked(found: Iterable[Statement], asked: Sequence[Prompt]) -> Iterator[Candidate]:
    """Yield what a label names: next steps, open questions, lessons, said by the user or the assistant."""
    given = [(said, prompt.turn) for prompt in asked for said in _sentences(prompt)]
    told = [(one.text, one.turn) for one in found if not one.thought and not one.option]
    for place, (text, turn) in enumerate([*given, *told]):
        kind, rest = labelled(text)
        if kind is None:
            continue
        words = capital(trim(plain(rest).rstrip(" ."), 26))
        if len(words.split()) >= 3 and words.count("`") % 2 == 0:
            yield candidate(kind, words, turn, score=_USERS if place < len(given) else _TOLD)


@lru_cache(maxsize=256)
def _sentences(prompt: Prompt) -> tuple[str, ...]:
    """Return the sentences of what the user said; sentences that begin small are told apart too."""
    if len(prompt.text.split()) > _LONGEST:
        return ()
    parts = [
        part
        for one in statements(prompt.text, prompt.turn)
        for part in re.split(r"(?<=[a-z)`][.!?])\s+(?=[a-z`])(?!e\.g|i\.e)", one.text)
    ]
    return tuple(bare for part in parts if (bare := _PUSHBACK.sub("", part).strip().rstrip(".")))


_OF_IT = re.compile(
    r"(?:make sure|remember to \w+)(?: that)? (?:it|they|them|these|those|this(?! \w+ (?:is|are))|he|she)\b",
    re.IGNORECASE,
)
"""A rule for what was named before it holds for nothing else."""
_POINTS_BACK = re.compile(
    r"\W*(?:(?:ok(?:ay)?|no|yes|so)[\s,.]+)*(?:do|try|use|keep|undo|revert) (?:that|this|it|them|those)\b[^.`]{0,60}$|"
    r"\W*never ?mind\b[^`]{0,60}$",
    re.IGNORECASE,
)
"""A correction that says only what to do with the last thing said."""


def _rule(said: str) -> str:
    """Return the clause of a sentence that states a rule, "" without one."""
    if said.endswith("?"):
        return ""
    found = _CLAUSE.search(said)
    if found and (len(terms(found["what"])) < _TERMS or _OF_IT.match(found["rule"])):
        return ""
    if found and len(found["rule"].split()) >= _WORDS:
        return found["rule"]
    return said if is_standing(said) else ""
