"""Choices: the options that were put to the user, which one was taken, over what, and why."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from session_journal.core import formulas
from session_journal.core import lazy_re as re
from session_journal.core.events import Event, Session
from session_journal.core.insights.goals import Prompt
from session_journal.core.insights.learning import Candidate, candidate
from session_journal.core.insights.own_work import writing
from session_journal.core.insights.prose import plain
from session_journal.core.insights.wording import capital, lowered, terms, trim

_ITEM = re.compile(r"^\s{0,3}(?:[-*]\s+)?(?:#+\s*)?\**(?:Option\s+)?(\d|[A-Ea-e])[.):]\**\s*(\S.*)$", re.MULTILINE)
_NUMBER = re.compile(
    r"^\W*(?:(?:ok(?:ay)?|yes|yeah|let'?s|go|do|with|for|i|like|prefer|take|use|the|option|number)\W+)*"
    r"([1-9]|[a-e])(?=\W|$)(?![./]\w|'|\s*(?:tests?|files?|lines?)\b)(?P<rest>.*)",
    re.IGNORECASE | re.DOTALL,
)
_NAMED = re.compile(
    r"^(?:(?:ok(?:ay)?|yes|yeah|good|hmm+|i(?:'d| would)?|then)[\s,.]+)*(?:"
    r"(?:go(?:ing)? (?:with|for)|let'?s (?:do|use|go with|take)|take|use|prefer|pick|choose)\s+(?:the\s+)?"
    r"(?P<name>[^.,;:\n]{3,60})|(?P<fine>[^.,;:\n]{3,40}?)\s+(?:is|are|sounds?|looks?|feels?)\s+"
    r"(?:fine|good|ok(?:ay)?|enough|best|better|great|most)\b)(?P<rest>.*)",
    re.IGNORECASE | re.DOTALL,
)
_TAKES_IT = re.compile(
    r"^(?:(?:ok(?:ay)?|yes|yeah|good|great|right|sure|then)[\s,.]+)*(?:let'?s )?(?:do|go with|take|use) "
    r"(?:that|it|this)\b\s*[:,.—–-]+\s*(?P<rest>\S.*)",
    re.IGNORECASE | re.DOTALL,
)
_OTHERWISE = re.compile(r"(?:rather|instead|not|but|because|since|so)\b", re.IGNORECASE)
"""What stands behind "do that": no choice, but what it is not, or why."""
_WAYS = re.compile(
    r"\b(?:two|2) (?:ways?|options?|approaches)\b[^:.\n]{0,30}:\s*(.{8,160}?),? or (.{8,160}?)(?=[.?\n]|$)",
    re.IGNORECASE,
)


def choices(session: Session, asked: Sequence[Prompt]) -> Iterator[Candidate]:
    """Yield a decision for each prompt that takes one of the options offered before it."""
    wrote = writing(session)
    last = {question: place for place, prompt in enumerate(asked) for question, _ in _replies(prompt)}
    for place, prompt in enumerate(asked):
        if prompt.kind == "answer":
            yield from _answers(prompt, {question for question, later in last.items() if later > place})
            continue
        offer = replied_before(session, prompt.order)
        earlier = asked[place - 1].text if place else ""
        if offer is None or prompt.kind == "publish":
            continue
        text = _decided(offer.text, prompt.text, earlier, offers=_asks(offer) or offer.turn not in wrote)
        if text:
            yield candidate("decision", text, prompt.turn, score=2.8, turns=(offer.turn, prompt.turn))


def _asks(reply: Event) -> bool:
    """Say whether a reply ends in a question; one that changed files and asks nothing lists what it did, no options."""
    return "?" in reply.text.rstrip()[-200:]


def options(reply: str) -> dict[str, str]:
    """Return the last list of a reply that is numbered or lettered, from its mark to its words."""
    found: dict[str, str] = {}
    for one in _ITEM.finditer(reply):
        key = one.group(1).lower()
        if key in {"1", "a"}:
            found = {}
        found[key] = plain(one.group(2))
    return found if len(found) >= 2 else {}


def replied_before(session: Session, order: int) -> Event | None:
    """Return the reply that a prompt answers."""
    for place in range(order - 1, -1, -1):
        event = session.events[place]
        if event.kind == "reply" and not event.agent:
            return event
        if event.kind == "prompt" and event.role == "user":
            return None
    return None


def _decided(reply: str, said: str, earlier: str, *, offers: bool) -> str:
    """Return what was chosen over what, and the reason given."""
    given = options(reply) if offers else {}
    key, rest = _choice(given, said) if given and len(said.split()) <= 80 else ("", "")
    if key:
        over = [_name(text) for other, text in given.items() if other != key]
        chosen, asked = _name(given[key], 16), ""
        if len(chosen.split()) <= _SHORT:
            chosen, asked = trim(given[key].strip(" .:"), 16), _question(reply)
        return _told(chosen, over[:3], _reason(rest), asked)
    taken = _TAKES_IT.match(said)
    if taken is None:
        return ""
    text = re.split(r"(?<=[.!?])\s", taken.group("rest").strip())[0].rstrip(". ")
    ways = _WAYS.search(earlier) or _WAYS.search(reply)
    over = [min((plain(way) for way in ways.groups()), key=lambda way: len(terms(way) & terms(text)))] if ways else []
    if len(text.split()) < 4 or "?" in text or _OTHERWISE.match(text):
        return ""
    return _told(trim(text, 22), [trim(one, 10) for one in over], "")


def _choice(given: dict[str, str], said: str) -> tuple[str, str]:
    """Return the mark of the option that the user took and what they said besides, ("", "") without one."""
    if len(re.findall(r"^\s*\d[.)]\s", said, re.MULTILINE)) >= 2:
        return "", ""
    number = _NUMBER.match(said)
    if number and number.group(1).lower() in given:
        return number.group(1).lower(), number.group("rest")
    named = _NAMED.match(said)
    if named is None:
        return "", ""
    words = terms(named.group("name") or named.group("fine"))
    shared = {key: len(words & terms(text)) for key, text in given.items()}
    best = max(shared, key=lambda key: shared[key])
    alone = list(shared.values()).count(shared[best]) == 1
    return (best, named.group("rest")) if shared[best] and alone else ("", "")


def _name(text: str, words: int = 9) -> str:
    """Return an option's first sentence or title."""
    first = re.split(r"\s[—–-]\s|(?<=[\w`)])[.:;]\s|:$", text.strip())[0].strip(" .:*")
    return trim(first, words)


def _reason(rest: str) -> str:
    """Return why, in the user's words: what was said besides the choice, where it is no question."""
    said = [one for one in re.split(r"(?<=[.!?])\s+|\n+", rest.strip(" .,;:–—-\n")) if one]
    kept = [one.rstrip(".") for one in said[:2] if not one.endswith("?") and len(one.split()) >= 4]
    return trim(plain("; ".join(kept)), 18)


_SHORT = 3
"""An option's name of so few words says nothing without its question."""
_QUESTION = re.compile(r"(?:^|(?<=[.!?:] ))[^\n.!?:]{8,140}\?", re.MULTILINE)


def _question(reply: str) -> str:
    """Return what was asked with the options of a reply, the question before them first; "" without one."""
    first = _ITEM.search(reply)
    place = first.start() if first else len(reply)
    asked = _QUESTION.findall(reply[:place]) or _QUESTION.findall(reply[place:])
    return trim(plain(asked[-1]).strip(" ?*"), 14) if asked else ""


def _told(chosen: str, over: Sequence[str], reason: str, asked: str = "") -> str:
    instead = f", over {' and '.join(f'“{lowered(one)}”' for one in over)}" if over else ""
    beside = [f"asked: {lowered(asked)}?"] * bool(asked) + [reason] * bool(reason)
    why = f" ({'; '.join(beside)})" if beside else ""
    return f"{formulas.CHOSE}: {capital(chosen)}{instead}{why}"


def _answers(prompt: Prompt, again: Collection[str]) -> Iterator[Candidate]:
    """Yield what was chosen; who asks back chose nothing yet, nor who is asked the same again."""
    for question, answer in _replies(prompt):
        if question not in again and "?" not in answer:
            asked = trim(plain(question).rstrip("?"), 14)
            text = f"{formulas.CHOSE}: {capital(trim(plain(answer), 16))} (asked: {asked}?)"
            yield candidate("decision", text, prompt.turn, score=2.4)


def _replies(prompt: Prompt) -> list[tuple[str, str]]:
    """Return the questions that were put to the user, as a tool asks them, each with the answer."""
    lines = prompt.text.splitlines()[:4] if prompt.kind == "answer" else []
    pairs = (line.partition(" → ") for line in lines)
    return [(question, answer) for question, _, answer in pairs if answer.strip()]
