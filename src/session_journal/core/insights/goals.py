"""What the user wanted: requests, questions, corrections and consent, told apart prompt by prompt."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from session_journal.core.events import Event, Session
from session_journal.core.insights.languages import (
    CONSENTED,
    CONTINUED,
    GREETED,
    is_english,
    units,
)
from session_journal.core.insights.pastes import spoken
from session_journal.core.insights.requests import CONSENT, ORDERS, goal_text, without_courtesy
from session_journal.core.insights.wording import terms
from session_journal.core.text import one_line, shorten

PromptKind = Literal["request", "question", "correction", "consent", "publish", "choice", "answer", "continue"]


@dataclass(frozen=True, slots=True)
class Prompt:
    """One thing the user said. order: its place among the session's events; refusal: it was said to stop a call."""

    text: str
    turn: int
    order: int
    kind: PromptKind
    refusal: bool = False


_BUILT_IN = re.compile(
    r"^/(?:add-dir|agents|bashes|bug|clear|compact|config|context|copy|cost|doctor|effort|exit|export|"
    r"extra-usage|fast|feedback|help|hooks|ide|"
    r"install-github-app|install-slack-app|keybindings|login|logout|mcp|memory|mobile|model|"
    r"output-style|passes|permissions|plan|plugin|"
    r"privacy-settings|quit|rate-limit-options|release-notes|reload-plugins|remote-control|remote-env|"
    r"rename|resume|rewind|sandbox|skills|"
    r"stats|status|statusline|stickers|tasks|teleport|terminal-setup|theme|todos|upgrade|usage|vim|"
    r"voice)(?:\s+\S+)?\s*$"
)
_AIDER = re.findall(
    r"\S+",
    """
    add drop read-only ls load save web tokens diff undo map map-refresh reset settings paste copy model models
    editor-model weak-model reasoning-effort think-tokens editor edit ask help exit quit multiline-mode chat-mode report
    git voice clear copy-context ok
    """,
)
"""Commands to aider itself, which takes their beginnings too: other tools' users name skills so."""
_AIDER_HELP = re.compile(r"# Question:\s*(.*?)\s*\n# Relevant docs:\n", re.DOTALL)
"""How aider asks about itself: what follows is its manual."""
_AIDER_MODE = re.compile(r"^/(?:ask|code|architect|context|help)\s+")
"""How aider is told to answer what follows."""
_PRAISE = re.compile(
    r"\b(?:thanks|thank you|perfect|great|awesome|excellent|lgtm|looks good|works now|it works|that "
    r"works|nice|love it|well done|good job|ship it)\b",
    re.IGNORECASE,
)
_PUBLISH = re.compile(
    r"^(?:(?:ok|okay|now|yes|and|then|please|can you|could you|let'?s|great|good|nice|perfect|go "
    r"ahead and|also|just)[\s,]+)*"
    r"(?:commit|push|merge|open|create|make|complete|finish|continue|raise|submit|ship|squash|amend|"
    r"tag|release)\b(?:\W+(?:\w+\W+){0,9}?"
    r"(?:commit|push|pr|prs|pull request|merge|draft|it|this|that|them|changes|everything|main|branch|"
    r"origin|remote))*\W*$",
    re.IGNORECASE,
)
_CORRECTION = re.compile(
    r"^(?:no\b(?! problem)|nope|not\b|wait|stop|hmm+,? (?:no|but)|ehh?\b|actually|technically|don'?t|"
    r"do not|never|instead|wrong|undo|revert|why did you|why are you|you (?:forgot|missed|should|"
    r"didn'?t|broke)|but\b|ah crap|still\b)"
    r"|\b(?:that'?s (?:wrong|not)|not what i|i (?:said|meant|asked|told you)|(?:remove|undo|revert) "
    r"(?:this|that|it|the [\w -]{3,40}) again|can'?t we|shouldn'?t (?:we|it|this|that)|why (?:did|"
    r"are) you|please don'?t)\b",
    re.IGNORECASE,
)
_TEACHES = re.compile(
    r"\b(?:instead of|rather than|should (?:be|have|use|not)|shouldn'?t|is (?:wrong|incorrect|"
    r"misleading)|still (?:fail|broken|not|have|see)|always|never|we (?:use|prefer|don'?t))\b",
    re.IGNORECASE,
)
_CONTINUE = re.compile(
    r"^(?:continue|go on|keep going|resume|retry|try again|next|proceed|again)[\s.!]*(?:please)?$", re.IGNORECASE
)
_CHOICE = re.compile(
    r"^\W*(?:option\s*)?(?:[0-9]{1,2}|[a-e])(?:(?:\s*(?:,|and|&|\+)\s*|\s+)(?:[0-9]{1,2}|[a-e]))*\W*$", re.IGNORECASE
)
_SHORT: tuple[tuple[re.Pattern[str], PromptKind, int], ...] = (
    (_CONTINUE, "continue", 4),
    (CONTINUED, "continue", 8),
    (_CHOICE, "choice", 12),
    (CONSENT, "consent", 12),
    (CONSENTED, "consent", 12),
    (GREETED, "consent", 4),
    (_PUBLISH, "publish", 14),
)
_NUMBERED = re.compile(r"\s*$|\d{1,2}[.):]\s+\S+(?:\s+\S+){0,24}$")
"""A line of answers to questions that were numbered."""


def prompts(session: Session) -> list[Prompt]:
    """Return what the user said to the assistant, in order; the tool's own slash commands are left out."""
    found: list[Prompt] = []
    before: Event | None = None
    for order, event in enumerate(session.events):
        text = _to_the_assistant(session.agent, event)
        if text:
            refusal = before is not None and before.kind == "error" and before.role == "tool"
            stopped = before is not None and before.kind == "interruption" and bool(found)
            kind = _kind(text, refusal=refusal or stopped)
            found.append(Prompt(text, event.turn, order, kind, refusal))
        before = event
    return found


def _to_the_assistant(agent: str, event: Event) -> str:
    """Return what the user said to the assistant, "" for any other event and for commands to the tool."""
    if event.kind != "prompt" or event.role != "user" or event.agent or _BUILT_IN.match(event.text):
        return ""
    return _to_aider(event.text) if agent == "aider" else event.text


def _to_aider(text: str) -> str:
    """Return what was asked of the model behind aider, "" for a command to aider."""
    command = re.match(r"/([a-z-]+)(?:\s+|$)", text)
    if command and any(name.startswith(command.group(1)) for name in _AIDER) and not _AIDER_MODE.match(text):
        return text[command.end() :].strip() if command.group(1) == "copy-context" else ""
    asked = _AIDER_HELP.match(text)
    return asked.group(1) if asked else _AIDER_MODE.sub("", text)


def is_praise(text: str) -> bool:
    """Say whether the user said that it is good."""
    return len(text.split()) <= 25 and bool(_PRAISE.search(text)) and not re.search(r"\bbut\b|\bnot\b|n't\b", text)


def _kind(text: str, *, refusal: bool) -> PromptKind:
    bare = one_line(spoken(text))
    count = units(bare)
    if not bare:
        return "request"
    if " → " in text and text.count(" → ") >= text.count("\n") + 1 and "?" in text:
        return "answer"
    for pattern, kind, most in _SHORT:
        if count <= most and len(bare) <= 160 and pattern.match(bare):
            return kind
    if count <= 60 and re.match(r"1[.):]\s", text) and all(_NUMBERED.match(line) for line in text.splitlines()):
        return "answer"
    asks = bare.rstrip(" )😅🙂").endswith(("?", "？"))
    if count <= 60 and (refusal or _CORRECTION.search(bare) or (count <= 30 and not asks and _TEACHES.search(bare))):
        return "correction"
    return "question" if asks and count <= 60 else "request"


def goals(found: list[Prompt], limit: int = 5) -> list[tuple[str, int]]:
    """Return what was wanted as (goal, turn): the first request, then the later ones that set new work."""
    chosen: list[tuple[str, int]] = []
    skip = -1
    for place, prompt in enumerate(found):
        following = found[place + 1].text if place + 1 < len(found) else ""
        if prompt.refusal or place == skip or _is_sent_again(prompt.text, following):
            continue
        if not _sets_work(prompt, first=not chosen):
            continue
        goal = goal_text(prompt.text)
        if goal.startswith("/") and len(goal.split()) < 5 and not chosen:
            taken = len(goal.split()) == 1 and 0 < len(following.split()) <= 3
            goal, skip = _named(f"{goal} {following.strip()}" if taken else goal), place + 1 if taken else skip
        if goal and not any(_is_same(goal, known) for known, _ in chosen):
            chosen.append((goal, prompt.turn))
    if len(chosen) > 1 and not terms(chosen[0][0]) and is_english(chosen[0][0]):
        del chosen[0]  # "What is this?": it names nothing, and what came next does
    if not chosen and found:
        chosen = [(shorten(one_line(found[0].text), 120), found[0].turn)]
    return chosen if len(chosen) <= limit else [*chosen[: limit - 1], chosen[-1]]


def _named(command: str) -> str:
    """Return a skill that was called by its name as words: `/pr-review 12` as `PR review 12`."""
    name, _, rest = command.lstrip("/").partition(" ")
    words = re.sub(r"[-_:]+", " ", name)
    return re.sub(r"^pr\b", "PR", f"{words[:1].upper()}{words[1:]} {rest}".strip(), flags=re.IGNORECASE)


def _is_sent_again(text: str, following: str) -> bool:
    """Say whether a prompt was broken off and sent again, the same or with more words."""
    return len(text) >= 8 and following.strip().startswith(text.strip())


def _is_same(goal: str, known: str) -> bool:
    """Say whether a goal asks for what one before it asked for, in nearly the same words."""
    new, old = terms(goal), terms(known)
    return goal == known or (len(new) >= 4 and len(new & old) >= 0.8 * len(new | old))


def _sets_work(prompt: Prompt, *, first: bool) -> bool:
    """Say whether a prompt is a goal of its own rather than a remark on the one before."""
    text = spoken(prompt.text)
    if first:
        return prompt.kind in {"request", "question", "correction", "publish"}
    words = units(text)
    if re.fullmatch(r"/[\w:-]{3,}", text):
        return True  # a skill, called by its name
    if not text or _LEAVES.search(text[:200]) or prompt.kind not in {"request", "question"}:
        return False
    if not is_english(text):
        return words >= 5
    if prompt.kind == "question":
        return words >= 6 and _is_asking(text)
    return words > 1 and (words > 40 or _is_asking(text)) and not _BACK.match(text)


def _is_asking(text: str) -> bool:
    """Say whether words that ask stand outside what is quoted."""
    bare = _QUOTED.sub('""', text)
    return bool(_ASKS.search(bare) or ORDERS.match(without_courtesy(bare)))


_QUOTED = re.compile(r"\"[^\"\n]*\"|“[^”\n]*”")
_BACK = re.compile(
    r"^(?:please |ok(?:ay)?,? |yes,? |now |then )*(?:implement|do|fix|apply|try|make|use|run|add|take|go with)\s+"
    r"(?:(?:it|that|this|again|instead|too|now|please|them|these|those|all|both|everything|option|#?\d+|and|or|of|"
    r"the (?:first|second)|,)[\s,.!]*)+$",
    re.IGNORECASE,
)
"""The user takes up what the assistant listed: read on its own, it says nothing."""
_LEAVES = re.compile(
    r"\b(?:i have to go|i(?:'ve| have)? got to go|gotta go|leave it (?:here|there|at that)|(?:let'?s )?stop here|"
    r"enough for (?:today|now)|that'?s it for (?:today|now)|call it a (?:day|night))\b",
    re.IGNORECASE,
)
"""The user ends the session: what follows is for the next one."""
_ASKS = re.compile(
    r"(?:^|[.!,;:\n-]\s*)(?:(?:and|ok|okay|so|now|also|then|but|well|hmm+|ehh?|in this[^,]*|for "
    r"[^,]{3,40}),?\s+)*(?:/\w|please\b|can (?:you|we)|could (?:you|we)|would it|let'?s|i(?:'d| "
    r"would)? (?:want|like|need)|we (?:need|want|should|have to)|"
    r"why|how|what|where|does|do we|is there|is it|are there|should we|implement|add|fix|"
    r"remove|update|change|make|write|create|check|run|look|explain|review|test|refactor|rename|move|"
    r"merge|document|investigate|find|help|use|try|show|tell|improve|clean)\b",
    re.IGNORECASE,
)
