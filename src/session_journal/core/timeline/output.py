"""What calls did and said, in a line: the command as one would name it, the line of its output that decides."""

from __future__ import annotations

import re
from collections import Counter
from difflib import SequenceMatcher

from session_journal.core.insights.shell import segments
from session_journal.core.text import one_line

_FOLDER = re.compile(r"^(?:cd\s+(?:\"[^\"]*\"|'[^']*'|[^\s;&|]+)\s*(?:&&|;)\s*)+")
_LOOKING = re.compile(
    r"(?:\w+=\S*\s+)*(?:ls|cat|bat|head|tail|less|grep|egrep|fgrep|rg|ag|find|fd|wc|pwd|which|whereis|file|stat|tree|"
    r"sed\s+-n|awk|jq|yq|sort|uniq|cut|tr|nl|column|xxd|strings|echo|printf|cd|true|du|df|ps|env|printenv|type|date|"
    r"uname|whoami|command\s+-v|test|\[|diff|cmp|man|xargs\s+(?:grep|rg|ls|cat|wc|head)|Get-ChildItem|Get-Content|"
    r"Select-String|dir|"
    r"git\s+(?:-C\s+\S+\s+|--no-pager\s+)*(?:status|log|diff|show|branch(?:\s+(?:-[avr]+|--show-current|--list))*$|"
    r"remote(?:\s+-v)?$|rev-parse|rev-list|blame|ls-files|ls-tree|grep|describe|reflog|shortlog|cat-file|"
    r"merge-base|stash\s+list|worktree\s+list)|"
    r"(?:gh|glab)\s+(?:pr|mr|issue|run|repo|release|workflow)\s+(?:view|list|diff|checks|status))(?![\w.-])"
)
_QUOTED = re.compile(r"'[^']*'|\"(?:[^\"\\$`]|\\.|\$(?!\())*\"")
_PLUMBING = re.compile(r"\s*2>&1\b")
_ACTS = re.compile(r"(?<![<>&\d])\d?>{1,2}(?!\s*(?:/dev/null|&))|\s-(?:delete|exec\s+(?!grep|ls|cat))|\bsed\s.*-i")
_ASKS_BY_CODE = re.compile(r"(?:grep|egrep|fgrep|rg|ag|diff|cmp|test|\[|git\s+(?:diff|grep))\b|which\b|command\s+-v")
_HIDES = re.compile(
    r"(?<!\|)\|\s*(?:tail|head|grep|tee|sed|awk|cat|wc|sort|uniq|jq)\b|\|\|\s*(?:true|echo)\b|;\s*(?:echo|true)\b"
)
_DECIDES = (
    re.compile(r"^\s*(?:E\s+)?(?:[\w.]*(?:Error|Exception|Failure)\b(?:\s*\[\w+\])?:\s*\S.*|panic: .*)$"),
    re.compile(r"^(?:\S+: )*(?:fatal|error|FAIL|FAILED|ERR!?|npm ERR!|CONFLICT)\b.*$", re.IGNORECASE),
    re.compile(r"\b(?:error|fatal|failed|failure|denied|refused|cannot|can't|could not|couldn't|not found|no such|"
               r"unknown|invalid|unable|undefined|unexpected|missing|timed? ?out|killed|conflict)\b", re.IGNORECASE),
)  # fmt: skip
_CODE = re.compile(r"^(?:Exit code|exit status|Process exited with code):?\s*-?\d+\s*$", re.IGNORECASE)
_REFUSED = re.compile(
    r"\b(?:the )?user (?:doesn't want|does not want|rejected|declined|denied|refused|cancell?ed|chose not)|"
    r"\b(?:rejected|declined|denied|refused|cancell?ed) by (?:the )?user\b|tool use was rejected",
    re.IGNORECASE,
)
_LONG = 4_000
_MANY = 250_000
"""How many pairs of lines are compared at most: each takes its time, and a session has many edits."""
_CONFLICT = re.compile(r"^CONFLICT \(", re.MULTILINE)
_CLIPPED = re.compile(r"^(?:[-+] )?… \d+ characters …$", re.MULTILINE)


def command_line(target: str) -> str:
    """Return a command in one line, without the folder it went to and the text that was fed to it."""
    lines = _FOLDER.sub("", target.strip()).strip().splitlines()
    if len(lines) < 2:
        return _bare("".join(lines))
    joined, rest = lines[0], lines[1:]
    while joined.endswith("\\") and rest:
        joined = joined[:-1] + rest.pop(0)
    return _bare(joined) + (" …" if rest else "")


def _bare(line: str) -> str:
    return one_line(_PLUMBING.sub("", line))


def is_looking(target: str) -> bool:
    """Say whether a command only looks: every part of it reads, and none of it writes."""
    if len(target) > _LONG:
        return False
    bare = _QUOTED.sub("''", target)  # what stands in quotes is looked for, not run
    parts = segments(bare)
    hidden = "$(" in bare or "`" in bare  # a command within the command
    return bool(parts) and not (hidden or _ACTS.search(bare)) and all(_LOOKING.match(part) for part in parts)


def asks_by_exit_code(target: str) -> bool:
    """Say whether a command answers no by exiting with 1, as a search without a hit does."""
    parts = segments(_QUOTED.sub("''", target))
    return bool(parts) and any(_ASKS_BY_CODE.match(part) for part in parts[-2:])


def hides_exit_code(target: str) -> bool:
    """Say whether a command's exit code is that of something behind it, as of the pipe that shortens its output."""
    return bool(_HIDES.search(target))


def decisive_line(text: str) -> str:
    """Return the line of a failed call's output that says what went wrong: what names an error, else the last one."""
    lines = [line for line in text[:200_000].splitlines() if line.strip() and not _CODE.match(line.strip())]
    for pattern in _DECIDES:
        found = next((line for line in lines if pattern.search(line[:2_000])), "")
        if found:
            return one_line(found)
    return one_line(lines[-1]) if lines else ""


def has_conflicts(text: str) -> bool:
    """Say whether git stopped at conflicts, whatever the exit code of what stands behind it."""
    return bool(_CONFLICT.search(text))


def is_refusal(text: str) -> bool:
    """Say whether an error means that the user did not allow the call."""
    return bool(_REFUSED.search(text[:400]))


def lines_changed(text: str) -> tuple[int, int, bool]:
    """Return how many lines an edit added and removed, and whether its text was clipped so that there were more.

    What stands on both sides of a replacement is neither: tools give whole passages of which little changed.
    """
    added = removed = 0
    old: list[str] = []
    new: list[str] = []
    for line in [*text.splitlines(), "- "]:
        if line.startswith("-") and new:
            kept = _kept(old, new)
            added, removed = added + len(new) - kept, removed + len(old) - kept
            old, new = [], []
        if line.startswith(("-", "+")):
            (old if line[0] == "-" else new).append(line[1:])
    return added, removed + max(0, len(old) - 1), bool(_CLIPPED.search(text))


def _kept(old: list[str], new: list[str]) -> int:
    """Return how many lines of the old text stand in the new one: in order, or in any where there are very many."""
    if not old:
        return 0
    if len(old) * len(new) > _MANY:
        return (Counter(old) & Counter(new)).total()
    return sum(block.size for block in SequenceMatcher(None, old, new, autojunk=False).get_matching_blocks())
