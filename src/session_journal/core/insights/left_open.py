"""What a statement leaves to be done: a review's finding, an intention, what a closing reply leaves to its reader."""

from __future__ import annotations

from session_journal.core import lazy_re as re
from session_journal.core.insights.prose import Statement
from session_journal.core.insights.signs import CHANGE, OPEN_HEADING, signs

_DUTY = re.compile(
    r"\b(?:needs?|should|must|still open|consider|worth|could|follow-?up|todo|remain\w*|left to|not yet|"
    r"recommend\w*|suggest\w*|next step|to be (?:done|added|fixed|decided)|(?:for|until) later|out of scope|"
    r"not (?:actionable|in scope|part of (?:this|the (?:pr|task|scope|change|request|plan))))\b",
    re.IGNORECASE,
)
_LEFT_TO_DO = re.compile(
    r"\byou(?:'ll| will)? (?:still |also |now |then |just |only )?(?:need|have) to\b|"
    r"\bto (?:complete|finish|finali[sz]e|activate) (?:the|this|it)\b|"
    r"\byou (?:can|should|could) (?:then |also )?(?:re-?run|restart|redeploy|deploy|push|merge|rotate|delete)\b|"
    r"\b(?:isn't|aren't|not) (?:yet )?(?:configured|set up|deployed|enabled|tested|verified|covered|wired)\b|"
    r"\bonce .{3,60}, (?:you|we) (?:can|should|need)\b|\bneeds? (?:a )?(?:manual|human)\b",
    re.IGNORECASE,
)
"""What a closing reply leaves to its reader."""
_SETTLED = re.compile(
    r"\b(?:remain\w*|rest|left)\b.{0,80}\b(?:appropriate|correct|fine|ok(?:ay)?|untouched|unchanged|intact|the same)\b|"
    r"\b(?:hints?|suggestions?|diagnostics?|warnings?)\b.{0,60}\b(?:pre-existing|unrelated|untouched)\b|"
    r"\bpre-existing (?:\w+ ){0,3}(?:hints?|suggestions?|diagnostics?|warnings?)\b|\b0 (?:issues|errors)\b|"
    r"\b(?:remain|stay)s? (?:in|at|on) (?:its|their|the) (?:original|current|usual|same)\b|"
    r"\b(?:address|implement|complet|fulfil)(?:s|es|ed)(?: \w+)? (?:the|that|this) (?:todo|suggestion|concern)\b",
    re.IGNORECASE,
)
"""What is as it should be, or was there before, is nothing to be done."""
_IMPROVED = re.compile(
    r"(?:^|[.!?] )to \w+ |\b(?:main|key|following|these|several|some) improvements\b(?! (?:could|would))", re.IGNORECASE
)
"""A list of ways to do something, or of what has been improved."""
_QUOTED = re.compile(r"\"[^\"]*\"|“[^”]*”")
REVIEW = re.compile(
    r"\b(?:issues?|concerns?|findings?|suggestions?|problems?|nits?|risks?|improvements?|comments?|review)\b"
)
"""A heading under which a review says what it found."""


def is_open(one: Statement, text: str) -> bool:
    """Say whether a statement names what is still to be done: a review's finding, or an intention."""
    if one.finding and not one.pasted and REVIEW.search(one.heading):
        return True
    if one.thought or one.pasted:
        return False
    if one.closing and _LEFT_TO_DO.search(text) and not CHANGE.match(text):
        return not _SETTLED.search(text)
    if OPEN_HEADING.search(one.lead) and not _IMPROVED.search(one.lead):
        return not _SETTLED.search(text)
    said = _QUOTED.sub('""', text) if '"' in text or "\u201c" in text else text
    return bool(signs(said).open and _DUTY.search(said) and not (CHANGE.match(text) or _SETTLED.search(text)))
