"""What a statement asks for: whether it is a rule to follow or a cause to know, and when it applies."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache

from session_journal.core import lazy_re as re
from session_journal.core.patterns.words import read_terms

REPORTED = re.compile(r"The user's (?:correction|call instead of what was proposed): ")
_LEAD = re.compile(
    r"(?:what (?:we|i) learn(?:ed|t)|understood|learn(?:ed|t)|lessons?(?: learn(?:ed|t))?|takeaways?|rules?|notes?|so"
    r"|remember|on the way|tl;?dr|in short|(?:for )?next time|from now on|in future|going forward)"
    r"(?: that\s+|\s*[:,\u2013\u2014]\s*)",
    re.IGNORECASE,
)
_DIVIDE = re.compile(r"(?<=[.!?;])\s+(?=\S)|\s+[\u2013\u2014-]\s+")
_VERBS = """
    add always apply ask assert assume avoid back batch begin break build bump cache call catch change check choose
    clean clear close commit compare compile configure confirm consider consult copy create cut declare define
    delete deploy derive disable do document don't double-check drop edit enable ensure escape exclude expect export
    extract fetch filter find fix flag follow force format freeze generate give go grep guard handle hold ignore
    import include inform inject inspect install introduce invalidate investigate isolate join keep kill leave let
    limit link lint list load lock log look make mark match measure mention merge migrate mock move name never
    normalise normalize  open order pass patch pick pin place plan practise practice prefer prepare preserve
    prevent print profile pull push put quote raise re-run read rebase rebuild record redact reduce refactor refresh
    register reject release reload remember remove rename replace reproduce rerun reset resolve restart restore
    restrict retry return reuse revert review revisit rotate run save scan search seed select send separate
    serialise serialize set share show sign skip sort specify split squash stage start state stop store strip study
    sync tag take teach tell test think tidy time trace track treat trim try turn type understand undo unset update
    upgrade use validate verify wait warn watch wire wrap write
"""
_IMPERATIVE = frozenset(_VERBS.split())
_SOFT = frozenset({"please", "first", "simply", "just", "better"})
_DO_FIRST = re.compile(
    r"(?:before|after|when|whenever|once|if|in|on|for|to|as soon as)\b[^,.;]{3,80}, (.+)", re.IGNORECASE
)
_NORM = re.compile(
    r"(?:^|[:;,] )(?:(?:always|never)(?! (?:on|in|at|for|to|with|the|an?|been|is|was|were)\b)|avoid|prefer"
    r"|make sure|do not|don['\u2019]t)\b"
    r"|\b(?:(?:we|you|they|one) (?:always|never)|must(?:n['\u2019]t)?|should(?:n['\u2019]t)?(?! (?:also |now )?be an? )"
    r"|ought to|needs? to|ha(?:s|ve) to)\b",
    re.IGNORECASE,
)
_STANDING = re.compile(
    r"\b(?:always|never|must(?:n['\u2019]t)?|should(?:n['\u2019]t)?|do(?: not|n['\u2019]t)|avoid|prefer|make sure"
    r"|ensure|only|no new|before|after|when(?:ever)?|wherever|every|each|instead of)\b",
    re.IGNORECASE,
)
_ALREADY = re.compile(
    r"\b(?:should|must|needs? to|ha(?:s|ve) to|ought to)\b.*\b(?:already|have been|be fine)\b", re.IGNORECASE
)
_STATIVE = frozenset({"is", "are", "was", "were", "has", "of", "failed", "fails", "passes", "passed"})
_HEDGE = re.compile(r"\b(?:probably|might|may be|perhaps|seems?|appears?|as they should|as it should)\b", re.IGNORECASE)
_CAUSE = re.compile(
    r"\b(?:(?:root )?cause\b|because\b|caused by|due to|turn(?:s|ed) out|the reason|(?:that|this|which) is why)",
    re.IGNORECASE,
)
_WHEN = re.compile(
    r"\b(before|after|when(?:ever)?|once|while|as soon as) ((?:(?!\b(?:before|after|when|once|while|and|but|so|then)\b)"
    r"[^,.;:()\u2192])+)",
    re.IGNORECASE,
)
_VAGUE = re.compile(
    r"(?:it|that|this|all|them|the (?:first|second|last))\b|(?:the )?(?:fix|edit|last edit)\s*$", re.IGNORECASE
)
_NAMED = re.compile(
    r"(?:\b(?:named|naming)\b[^,.;:()]{0,40}|\b(?:modell?ed|patterned|looks?|looked|looking) "
    r"|(?:^|[,.;:] |\b(?:always|never|to|and|should|must|please|we|i) )name\b[^,.;:()]{0,40})\Z",
    re.IGNORECASE,
)
"""Words by which what stands after `after` is no time."""
_LONGEST_TRIGGER = 60


def point(text: str) -> str:
    """Return a statement without the words that merely announce it."""
    text = REPORTED.sub("", text.strip(), count=1)
    while (cut := _LEAD.match(text)) and len(text) - cut.end() > 12:
        text = text[cut.end() :]
    return text


@lru_cache(maxsize=65536)
def is_rule(text: str) -> bool:
    """Tell whether a statement says what to do or not to do."""
    return any(map(_asks, (point(text), *_DIVIDE.split(point(text)))))


def _asks(text: str) -> bool:
    if text.rstrip().endswith("?") or _HEDGE.search(text) or _ALREADY.search(text):
        return False
    inner = _DO_FIRST.match(text)
    return _is_imperative(text) or bool(inner and _is_imperative(inner[1])) or _NORM.search(text) is not None


@lru_cache(maxsize=65536)
def is_standing(text: str) -> bool:
    """Tell whether a rule holds beyond the one change that it was said of."""
    return is_rule(text) and _STANDING.search(point(text)) is not None


def is_cause(text: str) -> bool:
    """Tell whether a statement says why something is so."""
    return _CAUSE.search(text) is not None


@lru_cache(maxsize=4096)
def rule_in(text: str) -> str:
    """Return the sentence of a statement that is the rule, the whole of it where none is one by itself."""
    text = point(text)
    parts = [part for part in _DIVIDE.split(text) if len(part) > 12]
    rules = [part for part in parts if _asks(part)]
    if not rules or len(parts) < 2 or parts[0] in rules:
        return text
    return next((part for part in rules if _STANDING.search(part)), rules[0])


def _is_imperative(text: str) -> bool:
    words = [word.strip(",.:;!*_").casefold().replace("\u2019", "'") for word in text.split()[:4]]
    while words and words[0] in _SOFT:
        words = words[1:]
    return len(words) > 1 and words[0] in _IMPERATIVE and not _STATIVE.intersection(words[1:3])


def trigger(texts: Sequence[tuple[str, str]]) -> str:
    """Return when a rule applies, as at least two sessions say it, in its shortest words; texts: (session, text)."""
    found = [(session, *one) for session, text in texts for one in _triggers(text)]
    best: tuple[int, int, str] = (1, 0, "")
    for _, word, about, phrase in found:
        backing = {session for session, other, terms, _ in found if other == word and about <= terms}
        best = max(best, (len(backing), -len(phrase), phrase))
    return best[2] if best[0] > 1 else ""


def _triggers(text: str) -> Iterable[tuple[str, frozenset[str], str]]:
    for match in _WHEN.finditer(text):
        rest = match[2].strip()
        terms = frozenset(term for term in read_terms(rest).weights if term[0] != "@")
        is_time = match[1].lower() != "after" or not _NAMED.search(text, 0, match.start())
        if terms and is_time and not _VAGUE.match(rest) and len(rest) <= _LONGEST_TRIGGER and rest.count("`") % 2 == 0:
            yield match[1].lower(), terms, f"{match[1].lower()} {rest}"
