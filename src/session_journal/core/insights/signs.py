"""What a statement's words show: a cause, a trouble, a change, something open, things it names."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from session_journal.core import lazy_re as re
from session_journal.core.insights.prose import Statement

# These three run on small letters: so they take a third of the time that they take with `re.IGNORECASE`.
_CAUSE = re.compile(
    r"\b(?:root cause|because|turns? out|turned out|caused? by|due to|the (?:issue|problem|bug|cause|"
    r"reason|culprit|catch) (?:is|was|here)|the (?:real|actual|underlying)|that'?s (?:why|the)|which "
    r"(?:means|is why|causes?|triggers?)|"
    r"this (?:means|causes?|is because|happens)|relied on|relies on|silently|never |no longer|only "
    r"(?:when|if|works|one|needed|used)|instead of|not (?:the|a)|rather than|by design|expects?|"
    r"requires?|must|assum(?:es|ed|ption)|race condition|"
    r"regression|deprecated|signature|documented|convention|pattern|exact bug|process-global|caches?|"
    r"cached|ignored|swallow|leftover|artifact|indirection)\b"
)
_TROUBLE = re.compile(
    r"\b(?:fail(?:s|ed|ing|ures?)?|errors?|stale|conflicts?|reject(?:ed|s)?|"
    r"lint(?:er)?\b.{0,30}\b(?:flag|catch|caught|complain|issue)|catches|caught|had to|cached|not "
    r"found|doesn'?t exist|unexpected(?:ly)?|broken?|missing|mismatch|"
    r"blocked|timed? ?out|flaky|wrong|undefined|unused|duplicate|diagnostics?|passes locally|"
    r"pollution|crash|complain\w*)\b"
)
_OPEN = re.compile(
    r"\b(?:follow-?up|worth (?:considering|noting|\w+ing|a)|consider|could (?:also|use|explore|"
    r"refactor|instead|clean|simplif\w+|improve|benefit|extend|share|reuse|replace|remove|be \w+ed)|"
    r"might (?:need|want)|may (?:need|eventually|be)|should (?:be (?:added|done|"
    r"fixed|handled|tested|checked|addressed|documented|parallelized|moved|investigated)|also|"
    r"probably|"
    r"investigate)|later|separate (?:pr|task|issue)|not (?:yet )?(?:addressed|implemented|handled|"
    r"covered|done)|"
    r"remain(?:s|ing)|todo|limitation|known (?:issue|limitation|bug)|fragile|risk|latent|footgun|"
    r"future|eventually|would (?:conflict|need|require|lose|break)|if .{3,60} (?:lands|changes|fails|"
    r"breaks)|suggestion|suggest(?:ed)?|recommend|concern|migration|next step|pending|still (?:needs?|"
    r"use|open|has)|"
    r"obsolete|conflict with|edge case|nit\b|minor|out of scope|pre-existing|not (?:actionable|in scope|part of)|"
    r"known (?:edge case|concurrent\S*))\b"
)
OPEN_HEADING = re.compile(
    r"\b(?:next steps?|todo|follow[- ]?ups?|open (?:items?|questions?|points?)|remaining|suggest\w*|"
    r"recommend\w*|limitations?|future|caveats?|not done|improvements?)\b",
    re.IGNORECASE,
)
CHANGE = re.compile(
    r"^(?:`[^`]+`[\s:—–-]*(?:is (?:now|gone)|now )|(?:`[^`]+`\s*[:—–-]+\s*|"
    r"[\w./-]+\.\w{1,5}\s*[:—–-]+\s*|the fix was |fix: )?(?:(?<=was )\w+ing|added|adding|updated|changed|fixed|moved|"
    r"removed|replaced|extracted|refactored|renamed|created|implemented|merged|rewrote|wrote|"
    r"documented|converted|made|inlined|dropped|split|resolved|simplified|"
    r"consolidated|switched|introduced|reverted|deleted|corrected|adjusted|improved|expanded|wired|"
    r"imported|extended|took|wrapped|standardi[sz]ed)\b)",
    re.IGNORECASE,
)
IDENTIFIER = re.compile(r"`[^`]+`|\b(?:[A-Za-z]+[a-z0-9][A-Z]\w*|\w++\(\)|[\w-]++/[\w./-]+|\w++\.\w{1,4}\b|v?\d+\.\d+)")


def is_change(one: Statement, text: str) -> bool:
    """Say whether a statement tells what was changed: by its verb, or by the list it stands in."""
    if _tells_change(one, text):
        return True
    return (
        one.bullet
        and one.closing
        and not one.pasted
        and bool(_CHANGES.search(one.lead) or _CHANGED.search(one.heading))
        and not _OTHERS.search(one.lead)
    )


def is_of_others(one: Statement, text: str) -> bool:
    """Say whether a bullet tells what was changed by others than its session: `main brought:`, `Renamed the port`."""
    return one.bullet and bool(_OTHERS.search(one.lead)) and _tells_change(one, text)


def _tells_change(one: Statement, text: str) -> bool:
    bare = text.removeprefix(one.label).lstrip(" :—–-") if one.label else text
    return bool(CHANGE.match(text) or CHANGE.match(bare))


_OTHERS = re.compile(
    r"(?<!\bi )(?<!\bwe )\b(?:introduc(?:es?|ed)|brought|brings?|ships?|shipped|comes? with|came with)\b[^:.]{0,60}:$",
    re.IGNORECASE,
)
_CHANGES = re.compile(
    r"\bwhat (?:was|i|we|got|has been|has)\b[^:]{0,20}\b(?:add|chang|d[io]|fix|implement|buil|creat|updat|wr)\w+|"
    r"\bhere'?s what (?:changed|happened)\b|\b(?:changes|updates?|edits|fixes)(?: (?:made|done|applied|include))?:$|"
    r"\bha(?:s|ve) been (?!no\b)\w+ed:$|^(?:implemented|added|updated|fixed|done)\b[^:]*:$",
    re.IGNORECASE,
)
_CHANGED = re.compile(
    r"\b(?:what (?:changed|was (?:done|changed|added))|changes(?: made)?|implemented|new files?|modified)\b"
)


class Signs(NamedTuple):
    """What stands in a statement: how many named things, and whether a cause, a trouble, something open."""

    identifiers: int
    cause: bool
    trouble: bool
    open: bool


@lru_cache(maxsize=32768)
def signs(text: str) -> Signs:
    """Return what a statement's words show; most statements are weighed several times."""
    lowered = text.lower()
    return Signs(
        len(IDENTIFIER.findall(text)),
        bool(_CAUSE.search(lowered)),
        bool(_TROUBLE.search(lowered)),
        bool(_OPEN.search(lowered)),
    )
