"""What the user taught and how the work was done: corrections, conventions, and the habits that commands show."""

from __future__ import annotations

import re

from session_journal.core.events import Session
from session_journal.core.insights.goals import goal_text
from session_journal.core.insights.learning import Candidate, candidate
from session_journal.core.insights.shell import segments
from session_journal.core.insights.wording import trim
from session_journal.core.signals import Signals
from session_journal.core.text import shorten

_RULE = re.compile(r"\b(?:always|never|we (?:use|prefer|don'?t|do not|always|never|should)|should (?:be|use|not)|prefer|convention|make sure|don'?t|do not|instead)\b", re.I)


def corrections(found: Signals) -> list[Candidate]:
    """Return what the user corrected or refused, as a decision, or an insight where it is a rule."""
    made = []
    for one in found.corrections:
        text = re.sub(r"^(?:technically|actually|hmm+|no|ehh?|wait|but|well)[\s,.:]+", "", trim(goal_text(one.text, 200), 26), flags=re.I).rstrip(" .…")
        if len(text.split()) < 4:
            continue
        kind = "insight" if _RULE.search(text) and not text.endswith("?") else "decision"
        lead = "The user's call instead of what was proposed" if one.refusal else "The user's correction"
        made.append(candidate(kind, f"{lead}: {text[:1].lower() + text[1:] if text[1:2].islower() else text}", one.turn, score=1.5))
    return made


def habits(session: Session, found: Signals) -> list[Candidate]:
    """Return how the work was checked and looked up, as an insight for the next session in this project."""
    made = []
    commands: dict[str, int] = {}
    for check in found.checks:
        if check.passed is not None:
            commands.setdefault(_short(check.command), check.turn)
    if len(commands) >= 2:
        names = list(commands)[:4]
        made.append(candidate("insight", f"Checked with {_listed(names)}", max(commands[name] for name in names), score=1.1, turns=tuple(sorted({commands[name] for name in names}))[:3]))
    looked: dict[str, int] = {}
    for event in session.events:
        for part in segments(event.target) if event.kind == "command" and not event.agent else []:
            name = re.match(r"(?:gh|glab) (?:pr|issue|run|api|release|mr) ?(?:list|view|diff|checks|create|comment)?", part)
            if name:
                looked.setdefault(name.group().strip(), event.turn)
    if len(looked) >= 2:
        made.append(candidate("insight", f"Used {_listed(list(looked)[:4])} for the pull request's state, diff and comments", min(looked.values()), score=0.9))
    return made


def _short(command: str) -> str:
    words = command.split()
    return shorten(" ".join(words[:4] if len(words) > 5 else words), 40).rstrip("…").strip()


def _listed(names: list[str]) -> str:
    marked = [f"`{name}`" for name in names]
    return marked[0] if len(marked) == 1 else f"{', '.join(marked[:-1])} and {marked[-1]}"
