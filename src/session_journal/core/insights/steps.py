"""Steps: what a reply announced and then did, told as done; what was only announced is left out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from session_journal.core import lazy_re as re
from session_journal.core.events import Session, failed_calls
from session_journal.core.insights.wording import trim

_LOOKS = frozenset({
    "analyze", "analyse", "check", "compare", "confirm", "debug", "dig_into", "examine", "explore", "find",
    "inspect", "investigate", "look_at", "look_for", "look_into", "measure", "read", "reproduce", "review", "run",
    "search", "see", "test", "trace", "try", "understand", "verify",
})  # fmt: skip
_CHANGES = frozenset({
    "add", "address", "adjust", "align", "allow", "apply", "bring", "build", "bump", "cache", "change", "clarify",
    "clean_up", "combine", "commit", "consolidate", "convert", "copy", "correct", "cover", "create", "delete",
    "disable", "document", "drop", "enable", "ensure", "expose", "extend", "extract", "fetch", "fix", "force",
    "guard", "handle", "implement", "improve", "inline", "install", "introduce", "keep", "make", "merge", "migrate",
    "move", "parse", "pass", "prevent", "pull", "push", "put", "rebase", "reduce", "refactor", "remove", "rename",
    "reorganize", "replace", "resolve", "restore", "restructure", "return", "revert", "rework", "rewrite", "set_up",
    "simplify", "skip", "split", "start_with", "store", "support", "switch", "tidy", "unify", "update", "upgrade",
    "use", "validate", "wire", "wrap", "write",
})  # fmt: skip
_PAST = {
    "bring": "brought", "build": "built", "dig into": "dug into", "find": "found", "keep": "kept", "make": "made",
    "put": "put", "read": "read", "run": "ran", "see": "saw", "set up": "set up", "understand": "worked out",
    "rewrite": "rewrote", "write": "wrote", "split": "split", "clean up": "cleaned up", "look at": "looked at",
    "look for": "looked for", "look into": "looked into", "drop": "dropped", "debug": "debugged", "apply": "applied",
    "try": "tried", "verify": "verified", "commit": "committed", "start with": "started with", "copy": "copied",
    "clarify": "clarified", "tidy": "tidied", "unify": "unified", "skip": "skipped",
    "simplify": "simplified", "reproduce": "reproduced", "wrap": "wrapped", "do": "did",
}  # fmt: skip
_ALL = sorted((name.replace("_", " ") for name in [*_LOOKS, *_CHANGES, "do"]), key=len, reverse=True)
_VERBS = "|".join(_ALL)
_FILLER = r"(?:now |also |first |just |quickly |then |re-)*"
_STEP = re.compile(
    r"^(?:(?:ok(?:ay)?|good|great|perfect|now|so|and|but|first|next|then|also|right|yes|clear|interesting)"
    r"[\s,.!:;—–-]+)*?"
    r"(?:let me\s+|(?:now|next|then)[\s,]+)"
    rf"{_FILLER}(?P<verb>{_VERBS})\s+(?P<rest>[^:?]{{12,}})",
    re.IGNORECASE,
)
_ORDER = re.compile(rf"^(?P<verb>{_VERBS})\s+(?P<rest>\S.{{8,}})$", re.IGNORECASE | re.DOTALL)
_ALSO = "activate|provide|include|improve|introduce|handle|ensure|print|register|expose|validate|support|define"
_NEXT = re.compile(rf"(?P<join>,? (?:and|then)|,) (?:then )?(?P<verb>{_VERBS}|{_ALSO})(?= (?!of\b)[\w`])")
_PURPOSE = re.compile(
    r"\b(?:to|if|whether|per|because|since|against|in case|before|after|what|how|why|which|where|when)\b"
)
_FIRST = re.compile(r"\b(?:i|me|my|i'll|let me)\b", re.IGNORECASE)
_CODE = re.compile(r"`([^`]{3,60})`")
_TAKES_AWAY = frozenset({"delete", "drop", "inline", "remove"})


def announced(text: str, limit: int) -> str:
    """Return an announced step ("Let me check if …", "Now rename …") as taken, "" when it is not worth telling."""
    found = _STEP.match(text.rstrip(" .!:"))
    if not found or _FIRST.search(found.group("rest")):
        return ""
    verb, rest = found.group("verb").lower(), found.group("rest")
    looks = verb.replace(" ", "_") in _LOOKS
    if not looks and _EITHER.search(rest):
        return ""
    if verb in {"do", "see", "read"} or not (_PURPOSE.search(rest) if looks else _CODE.search(rest)):
        return ""
    words = told(verb, rest, limit)
    return words if len(words.split()) >= _FEWEST and words.count("`") % 2 == 0 else ""


_FEWEST = 6


def told(verb: str, rest: str, limit: int) -> str:
    """Return a step in the past tense; what follows it in the same sentence too."""
    rest = re.sub(r"\byour\b|\bour\b", "the", rest)
    aim = re.search(r"\bto\b", rest)
    head, tail = (rest[: aim.start()], rest[aim.start() :]) if aim else (rest, "")
    head = _NEXT.sub(lambda found: f"{found.group('join')} {past(found.group('verb'))}", head)
    return trim(f"{past(verb).capitalize()} {head}{tail}", limit)


def past(verb: str) -> str:
    """Return the past tense of a verb that steps begin with."""
    verb = verb.lower()
    return _PAST.get(verb) or (f"{verb}d" if verb.endswith("e") else f"{verb}ed")


def in_past(text: str) -> str:
    """Return a sentence that begins with an order in the past tense, any other as it is."""
    found = _ORDER.match(text)
    return told(found.group("verb"), found.group("rest"), len(text.split())) if found else text


def shows(text: str, since: int, touched: Mapping[int, str]) -> bool:
    """Say whether an announced change left a trace: what it names in code stands in a later edit or command.

    What was only to be looked at leaves none.
    """
    found = _STEP.match(text)
    if found is None or found.group("verb").lower().replace(" ", "_") in _LOOKS:
        return True
    return any(_first(touched, name, since) for name in _CODE.findall(found.group("rest")))


def touched(session: Session) -> Mapping[int, str]:
    """Return what each turn's edits and commands wrote, took away and named; an edit that failed left no trace."""
    lines: dict[int, list[str]] = {}
    failed = failed_calls(session.events)
    for event in session.events:
        if event.kind in {"edit", "command", "tool"} and not event.agent:
            if event.kind == "edit" and event.call in failed:
                continue
            lines.setdefault(event.turn, []).extend((event.target, event.text))
    return {turn: "\n".join(found) for turn, found in lines.items()}


def acted(session: Session) -> frozenset[int]:
    """Return the turns in which something was run, read, searched or edited, and the turn before each."""
    turns = {
        event.turn
        for event in session.events
        if event.kind in {"command", "edit", "read", "search", "tool"} and not event.agent
    }
    return frozenset(turns | {turn - 1 for turn in turns})


def carried_out(orders: Iterable[tuple[str, int]], session: Session, limit: int) -> Iterator[tuple[str, int, int]]:
    """Yield instructions that edits followed, told as done: words, the turn that said so, the turn that did so.

    orders: texts ("Use `a` instead of `b`") with their turns. One counts as followed where a later edit wrote what it
    names in code, or took it away where that was asked.
    """
    added, removed = _edited(session, "+"), _edited(session, "-")
    for text, turn in orders:
        found = _ORDER.match(text.rstrip(" .:"))
        names = _CODE.findall(text)
        if not found or not names or _FIRST.search(text) or _EITHER.search(text):
            continue
        verb = found.group("verb").lower()
        shown = _first(removed if verb in _TAKES_AWAY else added, names[0], turn)
        words = told(verb, found.group("rest"), limit) if shown else ""
        if len(words.split()) >= _SHORTEST and words.count("`") % 2 == 0:
            yield words, turn, shown


_SHORTEST = 5
_EITHER = re.compile(
    r"\b(?:or|either|consider|such as|e\.g|for example|alternatively|ideally|might|could)\b|\blike `", re.IGNORECASE
)
"""What offers several ways was not followed because one of the names turned up."""


def _edited(session: Session, sign: str) -> Mapping[int, str]:
    """Return what each turn's edits wrote, or took away."""
    lines: dict[int, list[str]] = {}
    failed = failed_calls(session.events)
    for event in session.events:
        if event.kind == "edit" and not event.agent and event.call not in failed:
            lines.setdefault(event.turn, []).extend(line for line in event.text.splitlines() if line.startswith(sign))
    return {turn: "\n".join(found) for turn, found in lines.items()}


def _first(texts: Mapping[int, str], name: str, since: int) -> int:
    """Return the first turn from a turn on in which a name stands, 0 where it never does."""
    bare = re.sub(r"\(.*?\)$|^.*\.(?=\w+$)", "", name).strip("()")
    return next((turn for turn in sorted(texts) if turn >= since and bare and bare in texts[turn]), 0)
