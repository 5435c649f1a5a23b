"""The set words in which drafts put what they find; by them whoever reads entries knows what is no person's point."""

from __future__ import annotations

from collections.abc import Sequence

from session_journal.core import lazy_re as re

ARROW = re.compile(r"\s+(?:\u2192|->|=>)\s+")
"""What stands between a challenge and how it was met."""
OFFERED = "Offered and left open"
TO_CHOOSE = "Left open, to be chosen"
INSTEAD = "Instead of what was proposed"
CHOSE = "The user chose"
DROPPED = "Dropped from the list"
DROPPED_AT_WORD = "Dropped at the user's word"
NOT_DONE = "Planned, not done"
NO_TRACE = "Planned, no trace of it"
NOT_CHANGED = "Planned, not changed"
ADDED = "Added along the way"
BEYOND = "Changed beyond the plan's files"
PUT_BACK = "Changed and put back"
REMOVED_AGAIN = "Made and removed again"
SEARCHED = "Searched several times for"
CHECKED = "Checked with"
VERIFIED = "Verified before committing with"
TO_PUSH = "Push what is left"
TO_COMMIT = "Commit what is left"
UNCOMMITTED = "which is not committed yet"
STAGED = " into the working tree, not committed"
"""How a draft says that what its session merged was left for the next one to commit."""
UNVERIFIED = "Not verified"
UNTESTED = "Not tested"
NOT_RUN = "Not run"
REPORTED = "Reported by the user"
FROM_BEFORE = "Tested with"
"""What earlier drafts wrote for CHECKED."""

_LEADS = (
    OFFERED, TO_CHOOSE, INSTEAD, CHOSE, DROPPED, DROPPED_AT_WORD, NOT_DONE, NO_TRACE, NOT_CHANGED, ADDED, BEYOND,
    PUT_BACK, REMOVED_AGAIN, REPORTED, UNVERIFIED, UNTESTED, NOT_RUN,
)  # fmt: skip
LEAD = re.compile(rf"(?:{'|'.join(map(re.escape, _LEADS))}): |{SEARCHED} |`[^`]+` failed: (?=\S)")
"""What stands before the point itself; which command failed is the same for all that it checks."""
CHECK = re.compile(rf"(?:{CHECKED}|{VERIFIED}|{FROM_BEFORE}) (?=`)")
"""How a report begins of the commands that checked the work."""
AFTER_EDITING = "passed after editing"
AFTER_A_FIX = "passed after a fix"
LATER = "passed later"
PASSED = re.compile(rf" \u2192 (?:`[^`]+` )?(?:(?:{AFTER_A_FIX}|{LATER})$|{AFTER_EDITING} `[^`]+`$)")
"""How a draft says that what had failed came to pass."""
LEFT_OVER = re.compile(rf"(?:{TO_PUSH}|{TO_COMMIT}): |.*, {UNCOMMITTED}$")
"""How a draft says in which state its session left the repository: it passes, and is no point that recurs."""
OUTDATED = re.compile(r" \(`[^`]+` removed since\)$")
"""How a draft ends what it found of code that its own session took away: true then, and no fact any more."""


def outdated(text: str, name: str) -> str:
    """Return what was found of code with a word that it was removed since."""
    return f"{text} (`{name}` removed since)"


def in_a_row(names: Sequence[str]) -> str:
    """Return names as a sentence has them: `a`, `b` and `c`."""
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def report(commands: Sequence[str]) -> str:
    """Return the report of commands that checked the work."""
    return f"{CHECKED} {in_a_row([f'`{command}`' for command in commands])}"
