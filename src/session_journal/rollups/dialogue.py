"""What was decided in a conversation that a person wrote down: their own words, or a proposal that they accepted."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from session_journal.core import lazy_re as re
from session_journal.core.entry import Entry
from session_journal.core.excerpts import in_sentences, sentence, sentences
from session_journal.core.items import Item
from session_journal.core.pointing import STANDS, looseness
from session_journal.rollups import prose
from session_journal.rollups.praise import is_praise

_LINE = re.compile(r"[\s>*_-]*\b(human|user|me|agent|ai|assistant)\b[*_]*\s?:[*_]*\s*(\S.*)", re.IGNORECASE)
_LEFT_OUT = re.compile(r":?\s*\[(?:\.\.\.|\u2026)\]")
"""Where whoever quoted a conversation left something out."""
_PERSON = frozenset({"human", "user", "me"})
_FENCES = ("```", "~~~")
_COMPARED = r"(?:(?:a lot|much|way|far|a (?:little|bit)|slightly|more|less)\b|\w+er\b(?! than))"
"""How a wish goes on: `the tone should be a lot friendlier` says what somebody thinks of it, not how it is to be."""
_RULED = re.compile(
    r"\bi(?:['\u2019]ve| have)? (?:already )?decided\b"
    r"|\b(?:let['\u2019]?s|(?:we|i)['\u2019]ll) (?:use|keep|drop|postpone|remove|defer|go with|stay with|stick"
    r"|leave|skip|move)\b|^(?:instead of|rather than) \w"
    r"|\b(?:stick with|go with|get rid of)\b|\b(?:i|we)(?:['\u2019]d| would)? (?:prefer|rather)\b"
    r"|\bi (?:don['\u2019]t )?want to (?:remove|keep|use|drop|move|avoid|stick|replace|refactor)\b"
    r"|\bmakes more sense\b|\b(?:is|seems) (?:the )?(?:right|better|simpler|cleaner|safer) (?:approach|choice)\b"
    rf"|\bshould (?:use|be(?! {_COMPARED})|stay|keep|live|go)\b|\bbetter approach\b"
    r"|\b(?:adds?|too much) (?:unnecessary|needless) \w+"
    r"|^(?:use|keep|drop|accept|remove|delete|move|detect|store|call|write|replace)\b"
    r"(?=.*\b(?:because|since|instead|rather|approach|over|so that)\b)",
    re.IGNORECASE,
)
"""How somebody says how it is to be, or why one thing is better than another."""
_OPENS = re.compile(
    r"(?:is|are|was|were|do|does|did|can|could|would|should|will|what|why|how|where|when|who|which|here['\u2019]s)\b",
    re.IGNORECASE,
)
"""How a question begins, or what only announces something."""
_CHORE = re.compile(
    r"\bjournal entr(?:y|ies)\b|\bmark\w* .{0,40}\b(?:done|complete)|\b(?:as|to|is|are) (?:done|complete)\b"
    r"|\b(?:run|pass(?:ing)?)\b.{0,30}\btests?\b|\bif needed\b|\bmake the edits\b|\bgit status\b"
    r"|\bcommit (?:it|this|now)\b|\b(?:tackle|do|work on|start) (?:\w+ )?next\b"
    r"|\bdo (?:it|this|that)\b|\bproceed\b|\bfollow (?:these|this|the|step)\b|\bstep \d",
    re.IGNORECASE,
)
"""What is asked for in any session and decides nothing about the work."""
_TOLD = re.compile(
    r"(?:the )?(?:user|human)\b|you(?:['\u2019]re| are) (?:absolutely |completely |so )?right\b", re.IGNORECASE
)
"""What was told of somebody, or in the assistant's manner, under the name of the one who asked."""
_LEAD = re.compile(
    r"(?:(?:ok(?:ay)?|yes|no|yeah|and|also|so|well|next|please|just a reminder that|tbh|hmm|actually|great)\b"
    r"[,.!:]*\s+)+",
    re.IGNORECASE,
)
_NUMBERED = re.compile(r"(?:\d{1,2}[.)] )?[^.?!]{3,80}\?\s+")
"""A question that the answer repeats."""
_POINTS = re.compile(r"\b(?:this|that|these|those|it|they|them)\b", re.IGNORECASE)
_ACCEPTED = re.compile(
    r"(?:(?:ok(?:ay)?|yes|yeah|yep|sure|perfect|great|awesome|sounds good|agreed|approved|i agree|good idea"
    r"|i like (?:it|that)|this is great|(?:please )?do it|let['\u2019]?s (?:do (?:it|that)|implement)|go ahead"
    r"|go with (?:it|that))\b[\W_]*){1,4}",
    re.IGNORECASE,
)
_OPTION = re.compile(
    r"\W*(?:(?:let['\u2019]?s (?:do|go with)|i (?:like|choose|prefer|want)|go with) )?option #?([1-9a-d])\b\W*",
    re.IGNORECASE,
)
_PROPOSED = re.compile(
    r"\b(?:i(?:['\u2019]d| would)? (?:suggest|propose|recommend)|my recommendation|recommended"
    r"|we (?:could|should)|(?:should|shall) (?:we|i)|how about)\b",
    re.IGNORECASE,
)
_FEWEST = 5
_MOST = 45
_LONGEST = 240
_LONGEST_LINE = 4000


def agreed(entry: Entry) -> list[Item]:
    """Return what a person's entry quotes of its writer's decisions; sooner one is missed than made up."""
    if prose.is_drafted(entry):
        return []
    lines = list(_spoken(entry.body))
    found = [(number, text) for number, who, said in lines if who in _PERSON and (text := _decided(said))]
    for (_, who, proposal), (number, answerer, said) in pairwise(lines):
        if who not in _PERSON and answerer in _PERSON and (text := _accepted(proposal, said)):
            found.append((number, text))
    return [Item("decision", text, line=number) for number, text in sorted(found)]


def _spoken(body: str) -> Iterator[tuple[int, str, str]]:
    """Yield who said what in a conversation, with the line's number."""
    fenced = False
    for number, line in enumerate(body.splitlines()):
        if line.lstrip().startswith(_FENCES):
            fenced = not fenced
        elif not fenced and ":" in line[:40] and len(line) < _LONGEST_LINE and (match := _LINE.match(line)):
            said = _LEFT_OUT.split(match[2].strip(" *_\"'\u201c\u201d"), maxsplit=1)[0]
            yield number, match[1].casefold(), said


def _decided(said: str) -> str:
    """Return the sentence in which somebody decides, with the reason that follows; "" where they don't."""
    if _TOLD.match(said):
        return ""
    said = _NUMBERED.sub("", said, count=1) if _NUMBERED.match(said) else said
    told = [*sentences(said), ""]
    for one, reason in pairwise(told):
        text = _bare(one)
        if _decides(text):
            more = "" if reason.endswith(("?", ":")) else reason
            return _started(in_sentences(f"{text} {more}".strip(), _LONGEST))
    return ""


def _started(text: str) -> str:
    """Return spoken words with a capital letter, unless they begin with a name of code."""
    return text[:1].upper() + text[1:] if re.match(r"[a-z]+['\u2019]?[a-z]* ", text) else text


def _decides(text: str) -> bool:
    is_said = _FEWEST <= len(text.split()) <= _MOST and not text.endswith(("?", ":"))
    is_other = any(one.match(text) for one in (_POINTS, _OPENS)) or _CHORE.search(text) or is_praise(text)
    return is_said and not is_other and looseness(text) == STANDS and _RULED.search(text) is not None


def _bare(text: str) -> str:
    lead = _LEAD.match(text)
    return text[lead.end() :] if lead else text


def _accepted(proposal: str, said: str) -> str:
    """Return what an assistant proposed right before somebody said yes to it, or the option that they named."""
    if option := _OPTION.fullmatch(said):
        ends = r"(?=[,;]?\s(?:or )?(?:option )?[1-9a-d][.):]\s|$)"
        found = re.search(rf"(?:option |^|\s){option[1]}[.):]\s*(.+?){ends}", proposal, re.IGNORECASE)
        return sentence(next(sentences(found[1]), "")) if found else ""
    if not _ACCEPTED.fullmatch(said):
        return ""
    proposed = (one for one in sentences(proposal) if _PROPOSED.search(one) and not one.endswith(":"))
    text = next((one for one in proposed if len(one.split()) >= _FEWEST and not _CHORE.search(one)), "")
    return f"Agreed: {text}" if text else ""
