"""What the user wanted: requests, questions, corrections and consent, told apart prompt by prompt."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from session_journal.core.events import Event, Session
from session_journal.core.insights.prose import plain, statements
from session_journal.core.insights.wording import capital
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
_AIDER = re.compile(
    r"^/(?:add|drop|read-only|ls|load|save|web|tokens|diff|undo|map|map-refresh|reset|settings|paste|copy|models?|"
    r"editor-model|weak-model|reasoning-effort|think-tokens|editor|edit|ex|exit|quit|multiline-mode|chat-mode|report|"
    r"git|voice|clear)(?:\s|$)"
)
"""Commands to aider itself: other tools' users name skills so."""
_AIDER_MODE = re.compile(r"^/(?:ask|code|architect|context|help)\s+")
"""How aider is told to answer what follows."""
_CONSENT = re.compile(
    r"^(?:(?:yes|yep|yeah|yup|y|ok|okay|k|sure|correct|right|exactly|agreed|perfect|great|nice|"
    r"awesome|excellent|amazing|lgtm|good|cool|fine|done|thanks|thank you|thx|ty|👍|"
    r"sounds good|looks good|that works|works|it works|go ahead|go for it|do it|let'?s do (?:it|that|"
    r"this)|please do|proceed|approved?|ship it|yes please|makes sense|love it|"
    r"job|work|to me|now|so|and|then|please|very|much|all|that|it|is|this|looks|works|for me|i like it)[\s,.!:)-]*)+$",
    re.IGNORECASE,
)
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
    (_CHOICE, "choice", 12),
    (_CONSENT, "consent", 12),
    (_PUBLISH, "publish", 14),
)
_PLAN = re.compile(r"^\s*implement the following plan:?\s*", re.IGNORECASE)


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
    if agent == "aider":
        return "" if _AIDER.match(event.text) else _AIDER_MODE.sub("", event.text)
    return event.text


def is_praise(text: str) -> bool:
    """Say whether the user said that it is good."""
    return len(text.split()) <= 25 and bool(_PRAISE.search(text)) and not re.search(r"\bbut\b|\bnot\b|n't\b", text)


def _kind(text: str, *, refusal: bool) -> PromptKind:
    bare = one_line(text)
    count = len(bare.split())
    if " → " in text and text.count(" → ") >= text.count("\n") + 1 and "?" in text:
        return "answer"
    for pattern, kind, most in _SHORT:
        if count <= most and len(bare) <= 160 and pattern.match(bare):
            return kind
    asks = bare.rstrip(" )😅🙂").endswith("?")
    if count <= 60 and (refusal or _CORRECTION.search(bare) or (count <= 30 and not asks and _TEACHES.search(bare))):
        return "correction"
    return "question" if asks and count <= 60 else "request"


def goals(found: list[Prompt], limit: int = 5) -> list[tuple[str, int]]:
    """Return what was wanted as (goal, turn): the first request, then the later ones that set new work."""
    chosen: list[tuple[str, int]] = []
    known: set[str] = set()
    skip = -1
    for place, prompt in enumerate(found):
        if prompt.refusal or place == skip or not _sets_work(prompt, first=not chosen):
            continue
        goal = goal_text(prompt.text)
        following = found[place + 1].text if place + 1 < len(found) else ""
        if goal.startswith("/") and len(goal.split()) == 1 and not chosen:
            goal = goal.lstrip("/").replace("-", " ").capitalize()
            if 0 < len(following.split()) <= 3:
                goal, skip = f"{goal} {following.strip()}", place + 1
        if goal and goal not in known:
            known.add(goal)
            chosen.append((goal, prompt.turn))
    if not chosen and found:
        chosen = [(shorten(one_line(found[0].text), 120), found[0].turn)]
    return chosen if len(chosen) <= limit else [*chosen[: limit - 1], chosen[-1]]


def _sets_work(prompt: Prompt, *, first: bool) -> bool:
    words = len(prompt.text.split())
    if not first and _LEAVES.search(prompt.text[:200]):
        return False
    if prompt.kind == "request":
        return first or (words > 1 and (words > 40 or bool(_ASKS.search(prompt.text))))
    if prompt.kind == "question":
        return first or (words >= 6 and bool(_ASKS.search(prompt.text)))
    return first and prompt.kind in {"correction", "publish"}


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
POLITE = re.compile(
    r"^(?:(?:hi|hey|hello|ok|okay|so|now|and|well|hmm+|yes|yeah|yep|ehh?|i mean|ah|oh|also|alright|"
    r"great|nice|cool|perfect|thanks|please|quick question|follow[- ]up|brainstorm|question|"
    r"task)[\s,.:!;-]+)*"
    r"(?:(?:can|could|would|will) (?:you|we)(?: please)?(?: help me)?(?: to)?|i(?:'d| would)? (?:want|"
    r"like|need)(?: you)? to|we (?:need|want|have|should) to|we should|let'?s|please|help me(?: to)?|"
    r"i think we should|you should)\s+(?!be\b)",
    re.IGNORECASE,
)
FILLER = re.compile(
    r"^(?:(?:and|ok|okay|ehh?|hmm+|so|well|yeah|yep|yes|now|also|ah|oh|then|i mean|hey|hi|"
    r"hello)[\s,.:!-]+)+(?=\S)|^(?:brainstorm|question|task|todo|follow[- ]up)\s*:\s*",
    re.IGNORECASE,
)
_URL = re.compile(r"https?://\S+")


_LONGEST = 8_000
"""What stands further down in a pasted text is no longer the request."""


def goal_text(text: str, limit: int = 190) -> str:
    """Return a request in one line: of a pasted plan its title, of a long text its first sentences."""
    text = text[:_LONGEST]
    planned = _PLAN.match(text)
    if planned or (len(text) > 600 and re.match(r"\s*#\s", text)):
        rest = text[planned.end() :] if planned else text
        title = next((line for line in rest.splitlines() if line.strip()), "")
        named = re.sub(r"^(?:Implementation )?Plan:\s*", "", plain(title.lstrip("# ")))
        return f"Implement the plan: {shorten(named, limit)}"
    said = [one.text for one in statements(_short_urls(text), 0)] or [plain(_short_urls(text))]
    while len(said) > 1 and _CONSENT.match(said[0]):
        said = said[1:]
    wished = _first_wish(said)
    said = said[wished:] if sum(len(one.split()) for one in said[: wished + 1]) > 34 else said
    goal = POLITE.sub("", FILLER.sub("", said[0]))
    for more in said[1:]:
        if len(goal) + len(more) > limit:
            break
        goal = f"{goal} {more}" if len(goal.split()) < 24 else goal
    goal = re.sub(r"\s*(?::\(|:\)|:-\)|😅|🙂|,? please)\W*$", "", goal).strip(" -–—,")
    return shorten(capital(goal), limit)


_WISH = re.compile(
    r"\b(?:can|could|would|will) (?:you|we)\s+(?!not\b)(?:please |help me (?:to )?)?(?=[a-z])|(?<=[;,.] "
    r")let'?s\s+|\bplease\s+(?=[a-z])",
    re.IGNORECASE,
)


def _first_wish(said: list[str]) -> int:
    """Return the place of the first sentence that asks for something, where the ones before only tell."""
    for place, sentence in enumerate(said[:4]):
        bare = POLITE.sub("", FILLER.sub("", sentence))
        if IMPERATIVE.match(bare) or sentence.rstrip().endswith("?") or (place == 0 and PROBLEM.search(sentence)):
            return place
    return 0


def wish(text: str) -> str:
    """Return the clause of a sentence that asks, where it begins with something else; else the sentence."""
    bare = POLITE.sub("", FILLER.sub("", text))
    found = None if IMPERATIVE.match(bare) or QUESTION.match(bare) else _WISH.search(bare)
    clause = bare[found.end() :] if found else ""
    return capital(clause) if len(clause.split()) >= 4 else text


QUESTION = re.compile(
    r"(?:what|which|who|whose|when|where|why|how|is|are|was|were|does|do|did|has|have|should)\b", re.IGNORECASE
)


def _short_urls(text: str) -> str:
    """Return text with addresses reduced to what they point at."""

    def name(found: re.Match[str]) -> str:
        address = re.split(r"(?<=.)https?://", found.group())[0]
        tail = re.search(r"/(pull|issues|merge_requests)/(\d+)", address)
        return f"#{tail.group(2)}" if tail else ""

    return _URL.sub(name, text)


PROBLEM = re.compile(
    r"\b(?:fail(?:s|ed|ing|ures?)?|errors?|crash(?:es|ed|ing)?|bugs?|broken|broke|flaky|issues?)\b", re.IGNORECASE
)
IMPERATIVE = re.compile(
    r"^(?:add|address|adjust|allow|analy[sz]e|answer|apply|audit|automate|bring|build|bump|change|"
    r"check|clean|clarify|compare|complete|configure|consolidate|convert|copy|create|cut|debug|delete|"
    r"deploy|"
    r"describe|design|detect|diagnose|disable|document|draft|drop|enable|ensure|evaluate|examine|"
    r"explain|explore|extend|extract|figure|find|finish|fix|format|generate|give|go|handle|help|hide|"
    r"implement|"
    r"improve|include|inline|inspect|install|integrate|introduce|investigate|keep|learn|list|look|"
    r"make|map|measure|merge|migrate|mock|move|open|optimi[sz]e|plan|port|prepare|prevent|profile|"
    r"propose|put|"
    r"read|rebase|refactor|release|remove|rename|reorgani[sz]e|replace|report|reproduce|research|"
    r"resolve|restore|restructure|retry|revert|review|rewrite|run|save|set|setup|show|simplify|solve|"
    r"sort|speed|split|"
    r"start|stop|store|study|suggest|summari[sz]e|support|switch|tell|test|tidy|track|translate|trim|"
    r"try|tune|turn|understand|unify|update|upgrade|use|validate|verify|wire|work|write)\b",
    re.IGNORECASE,
)
