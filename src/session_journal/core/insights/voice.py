"""What the user taught and how the work was done: corrections, conventions, and the habits that commands show."""

from __future__ import annotations

import re

from session_journal.core.events import Event, Session
from session_journal.core.insights.goals import Prompt, goal_text
from session_journal.core.insights.learning import Candidate, candidate
from session_journal.core.insights.prose import plain
from session_journal.core.insights.shell import segments
from session_journal.core.insights.wording import lowered, trim
from session_journal.core.items import ItemKind
from session_journal.core.signals import Signals
from session_journal.core.text import shorten

_RULE = re.compile(
    r"\b(?:always|never|we (?:use|prefer|don'?t|do not|always|never|should)|should (?:be|use|not)|"
    r"prefer|convention|make sure|don'?t|do not|instead)\b",
    re.IGNORECASE,
)


def corrections(found: Signals) -> list[Candidate]:
    """Return what the user corrected or refused, as a decision, or an insight where it is a rule."""
    made = []
    for one in found.corrections:
        if one is found.prompts[0]:
            continue
        text = re.sub(
            r"^(?:technically|actually|hmm+|no|ah crap|crap|oops|ugh|damn|ehh?|wait|but|well)[\s,.:]+",
            "",
            trim(goal_text(one.text, 200), 26),
            flags=re.IGNORECASE,
        ).rstrip(" .…")
        if len(text.split()) < 4:
            continue
        kind: ItemKind = "insight" if _RULE.search(text) and not text.endswith("?") else "decision"
        lead = "The user's call instead of what was proposed" if one.refusal else "The user's correction"
        made.append(candidate(kind, f"{lead}: {lowered(text)}", one.turn, score=1.5))
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
        made.append(
            candidate(
                "insight",
                f"Checked with {_listed(names)}",
                max(commands[name] for name in names),
                score=1.1,
                turns=tuple(sorted({commands[name] for name in names}))[:3],
            )
        )
    looked: dict[str, int] = {}
    for event in session.events:
        for part in segments(event.target) if event.kind == "command" and not event.agent else []:
            name = re.match(
                r"(?:gh|glab) (?:pr|issue|run|api|release|mr) ?(?:list|view|diff|checks|create|comment)?", part
            )
            if name:
                looked.setdefault(name.group().strip(), event.turn)
    if len(looked) >= 2:
        made.append(
            candidate(
                "insight",
                f"Used {_listed(list(looked)[:4])} for the pull request's state, diff and comments",
                min(looked.values()),
                score=0.9,
            )
        )
    return made


def agreements(session: Session, asked: list[Prompt]) -> list[Candidate]:
    """Return what the user agreed to or chose: the offer or the option, with the turns of both."""
    made = []
    for prompt in asked:
        offer = _before(session, prompt.order)
        if offer is None or prompt.kind not in {"consent", "choice"}:
            continue
        text = _offered(offer.text) if prompt.kind == "consent" else _chosen(offer.text, prompt.text)
        if len(text.split()) >= 4:
            lead = "Agreed to" if prompt.kind == "consent" else "The user chose"
            made.append(
                candidate(
                    "decision", f"{lead} {trim(text, 20)}", prompt.turn, score=1.2, turns=(offer.turn, prompt.turn)
                )
            )
    return made


def open_ends(session: Session) -> list[Candidate]:
    """Return what the last reply asked or offered and nobody answered."""
    last = next(
        (event for event in reversed(session.events) if event.kind in {"reply", "prompt"} and not event.agent), None
    )
    if last is None or last.kind != "reply" or "?" not in last.text.rstrip().rsplit("\n", 1)[-1]:
        return []
    options = [plain(found.group(2)) for found in _OPTION.finditer(last.text)]
    if len(options) >= 2:
        return [
            candidate(
                "question",
                f"Left open, to be chosen: {'; '.join(trim(one, 9) for one in options[:4])}",
                last.turn,
                score=3.0,
            )
        ]
    offer = _offered(last.text)
    return (
        [candidate("action", f"Offered and left open: {trim(offer, 22)}", last.turn, score=2.0)]
        if len(offer.split()) >= 3
        else []
    )


_OPTION = re.compile(r"^\s*(?:[-*]\s+)?\*\*(Option \w+|\d)[.:)]?\s*:?\s*([^*\n]{4,120})\*\*", re.MULTILINE)
_OFFER = re.compile(
    r"(?:want me to|would you like me to|should i|shall i|do you want me to|should we|shall we|ready "
    r"to|want to)\s+([^?]{6,200})\?",
    re.IGNORECASE,
)


def _before(session: Session, order: int) -> Event | None:
    """Return the reply that a prompt answers."""
    for event in reversed(session.events[:order]):
        if event.kind == "reply" and not event.agent:
            return event
        if event.kind == "prompt" and event.role == "user":
            return None
    return None


def _offered(reply: str) -> str:
    """Return what the last question of a reply offers to do."""
    found = _OFFER.findall(reply[-600:])
    text = plain(found[-1]) if found else ""
    return re.sub(r"^(?:go ahead and|proceed (?:with|and)|go ahead)\b\s*", "", text)


def _chosen(reply: str, choice: str) -> str:
    """Return the words of the option whose number the user named."""
    number = re.search(r"\d+|[a-eA-E]\b", choice)
    found = (
        re.search(rf"^\s*(?:[-*]\s+)?\**(?:Option )?{number.group()}[.):]\**\s*(.+)$", reply, re.MULTILINE)
        if number
        else None
    )
    text = plain(found.group(1)) if found else ""
    return re.split(r"\s[—–-]\s", text)[0] if len(text.split()) > 16 else text


def _short(command: str) -> str:
    words = command.removesuffix(" --").split()
    return shorten(" ".join(words[:4] if len(words) > 5 else words), 40).rstrip("…- ").strip()


def _listed(names: list[str]) -> str:
    marked = [f"`{name}`" for name in names]
    return marked[0] if len(marked) == 1 else f"{', '.join(marked[:-1])} and {marked[-1]}"
