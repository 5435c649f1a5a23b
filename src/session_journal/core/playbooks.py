"""Playbooks: patterns with enough evidence, as pages that a person or an assistant can follow."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from session_journal.core.entry import Entry
from session_journal.core.excerpts import sentence, shortened
from session_journal.core.patterns import (
    Pattern,
    Statement,
    distinct,
    is_rule,
    is_standing,
    key_of,
    mentions,
    rule_in,
    shared_words,
    telling_terms,
    trigger,
)

BLOCK = "playbook"
SESSIONS, DAYS = 3, 2
_MOST_EVIDENCE = 12
_MOST_STEPS = 4
_MOST_WARNINGS = 3
_LONGEST_TITLE = 90
_ARROW = re.compile(r"\s+(?:\u2192|->|=>)\s+")
_FORBIDS = re.compile(
    r"\s*(?:never|do not|don['\u2019]t|avoid)\b|.*\b(?:must not|should not|shouldn['\u2019]t|mustn['\u2019]t)\b",
    re.IGNORECASE,
)
_TAG = re.compile(r"\s*(?<!\S)#[A-Za-z][\w/-]*")
_QUOTED = re.compile(r"\u201c(.+)\u201d")
_OPEN = ("action", "question", "gap")
_CODE = re.compile(r"`[^`]+`")
_TAUGHT = ("takeaway", "insight", "pattern", "decision", "next", "discovery")
_FOUND = ("discovery", "insight", "next", "decision")
"""Kinds under which the drafting also puts plain findings: only the rules among them say what to do."""
_FAILED = re.compile(r"(`[^`]+`) failed\b")
_DONE = re.compile(r"(Checked|Tested) with\b")
_LESSONS = (*_TAUGHT, "improve", "went-well", "action")


@dataclass(frozen=True, slots=True)
class Playbook:
    """A page as it stands in the journal; keys: hashes of the statements it rests on."""

    path: str
    title: str
    status: str
    key: str
    keys: frozenset[str]


def read_playbook(path: str, values: Mapping[str, object], block: str | None) -> Playbook:
    """Read what identifies a playbook; its title, name and status may have been changed by a person."""
    key = str(values.get("pattern") or "")
    quoted = {key_of(_unescaped(match[1])) for match in _QUOTED.finditer(block or "")}
    status = str(values.get("status") or "candidate")
    return Playbook(path, str(values.get("title") or ""), status, key, frozenset({key, *quoted} - {""}))


def promotable(pattern: Pattern, sessions: int = SESSIONS, days: int = DAYS) -> bool:
    """Tell whether a pattern has the evidence that a playbook needs: enough members that teach, and something to do."""
    members = _teaching(pattern)
    if pattern.sessions < sessions or not _is_enough(members, sessions, days):
        return False
    narrow = support(pattern)
    return bool(_steps(narrow) or _warnings(narrow))


def support(pattern: Pattern) -> Pattern:
    """Return a pattern with the members alone that carry its lesson, told by the clearest of them."""
    members = tuple(_teaching(pattern)) or pattern.members
    sessions = min(pattern.sessions, len({one.session for one in members}))
    best = pattern.best if pattern.best in members else members[-1]
    narrow = Pattern(best.text, pattern.kind, members, sessions, best)
    best = _clearest(narrow)[0]
    return replace(narrow, best=best, statement=best.text)


def _is_enough(members: Sequence[Statement], sessions: int, days: int) -> bool:
    return len({one.session for one in members}) >= sessions and len({one.date for one in members}) >= days


def _teaching(pattern: Pattern) -> list[Statement]:
    """Return the members that carry a lesson.

    What is merely still open is none. What the drafting reports of how a session went is none either, and a failure
    it saw is one only where two sessions solved it in the same telling way. A command's name in common is no point
    in common.
    """
    if all(member.kind in _OPEN for member in pattern.members):
        return []
    solved = [one for one in pattern.members if _is_solved(one)]
    rules = [one.text for one in pattern.members if _rank(one) == 0]
    names = [(one.session, _names(one.text)) for one in pattern.members]
    return [
        one
        for one in pattern.members
        if (not one.turns or one.kind in _TAUGHT or (_is_solved(one) and _is_solved_alike(one, solved)))
        and (not one.turns or (_belongs(one, names) and _is_run_for(one, rules)))
    ]


def _belongs(one: Statement, names: Sequence[tuple[str, frozenset[str]]]) -> bool:
    mine = _names(one.text)
    return not _CODE.search(one.text) or any(mine & other for session, other in names if session != one.session)


def _is_run_for(one: Statement, rules: Sequence[str]) -> bool:
    """Tell whether a check is evidence for the rules beside it: it ran a command that one of them names."""
    spans = [span.strip("`") for span in _CODE.findall(one.text)]
    return not rules or not _DONE.match(one.text) or any(span in rule for span in spans for rule in rules)


def _names(text: str) -> frozenset[str]:
    """Return what a statement is about: its code, whole, and the telling words around it."""
    spans = frozenset(span.strip("`") for span in _CODE.findall(text))
    return spans | (frozenset() if _DONE.match(text) else telling_terms(_CODE.sub(" ", text)))


def _is_solved_alike(one: Statement, solved: Sequence[Statement]) -> bool:
    mine = telling_terms(_resolution(one))
    return any(mine & telling_terms(_resolution(other)) for other in solved if other.session != one.session)


def _resolution(one: Statement) -> str:
    return _ARROW.split(one.text, maxsplit=1)[1]


def match(patterns: Sequence[Pattern], playbooks: Sequence[Playbook]) -> dict[int, Playbook]:
    """Return which playbook belongs to which pattern (by place): same key first, then the most members in common."""
    bids = []
    for place, pattern in enumerate(patterns):
        keys = {key_of(member.text) for member in pattern.members}
        for number, playbook in enumerate(playbooks):
            common = len(keys & playbook.keys)
            if common:
                bids.append((playbook.key == pattern.key, common, -place, -number))
    taken: dict[int, Playbook] = {}
    given: set[int] = set()
    for _, _, place, number in sorted(bids, reverse=True):
        if -place not in taken and -number not in given:
            taken[-place] = playbooks[-number]
            given.add(-number)
    return taken


def status_of(pattern: Pattern, before: str = "candidate", sessions: int = SESSIONS, days: int = DAYS) -> str:
    """Return candidate until reviewed entries alone would carry it, then established; a person's word stays."""
    if before not in {"", "candidate"}:
        return before
    reviewed = [member for member in _teaching(pattern) if member.reviewed]
    enough = pattern.sessions >= sessions and _is_enough(reviewed, sessions, days)
    return "established" if enough else "candidate"


def front_matter(pattern: Pattern, status: str) -> dict[str, object]:
    """Return the keys that each run brings up to date."""
    pattern = support(pattern)
    return {
        "status": status, "first_seen": pattern.first, "last_seen": pattern.last,
        "sessions": pattern.sessions, "days": pattern.days,
    }  # fmt: skip


def title_of(pattern: Pattern) -> str:
    """Return what the clearest member says as a short title."""
    pattern = support(pattern)
    text = _plain(pattern.statement)
    if _is_solved(pattern.best) and len(text) > _LONGEST_TITLE:
        problem, resolution = _ARROW.split(text, maxsplit=1)
        text = resolution if 20 <= len(resolution) <= _LONGEST_TITLE else problem
    return shortened(_short_advice(text, pattern), _LONGEST_TITLE).rstrip(".,;: ")


def values_of(pattern: Pattern, status: str) -> dict[str, object]:
    """Return what the template of a playbook's managed block needs."""
    pattern = support(pattern)
    return {
        "status": status,
        "drafts_only": not any(member.reviewed for member in pattern.members),
        "reviewed": len({member.session for member in pattern.members if member.reviewed}),
        "sessions": pattern.sessions,
        "days": pattern.days,
        "first_seen": pattern.first,
        "last_seen": pattern.last,
        "applies": _applies(pattern),
        "steps": _steps(pattern),
        "warnings": _warnings(pattern),
        "evidence": [_evidence(member) for member in _newest_first(pattern)[:_MOST_EVIDENCE]],
        "more": max(0, len(pattern.members) - _MOST_EVIDENCE),
    }


def tags_of(pattern: Pattern, entries: Mapping[str, Entry]) -> list[str]:
    """Return the tags that at least half of the entries behind a pattern carry."""
    paths = {member.path for member in pattern.members}
    tags = Counter(tag for path in paths if path in entries for tag in set(entries[path].tags))
    return sorted(tag for tag, count in tags.items() if count * 2 >= len(paths) and count > 1)


def _applies(pattern: Pattern) -> str:
    """Say in one sentence where and when it applies, as far as its members tell."""
    names = [f"**{name}**" for name in pattern.projects[:4]]
    where = f"working on {_joined(names)}" if names else ""
    when = _when(pattern)
    told = ", ".join(part for part in (where, when) if part)
    return f"{told[0].upper()}{told[1:]}." if told else ""


def _when(pattern: Pattern) -> str:
    found = trigger([(one.session, rule_in(one.text)) for one in pattern.members if _is_rule(one)])
    if found:
        return found
    failed = Counter(match[1] for one in pattern.members if _is_solved(one) and (match := _FAILED.match(one.text)))
    commands = [command for command, count in failed.most_common(1) if count > 1]
    if commands:
        return f"when {commands[0]} fails"
    return "before a change counts as done" if _DONE.match(pattern.statement) else ""


def _joined(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def _steps(pattern: Pattern) -> list[str]:
    """Return what to do: the rules in their clearest form, then other lessons, then how a challenge was resolved."""
    clear = _clearest(pattern)
    lessons = [one.text for one in clear if _is_lesson(one) and not _forbids(one)]
    solved = [_resolution(one) for one in clear if _is_solved(one)]
    return _told([_advice(_plain(text), pattern) for text in (*lessons, *solved)], _MOST_STEPS)


def _warnings(pattern: Pattern) -> list[str]:
    """Return what not to do: what statements forbid, and the problem half of each challenge that teaches."""
    clear = _clearest(pattern)
    forbidden = [one.text for one in clear if _is_lesson(one) and _forbids(one)]
    problems = [_ARROW.split(one.text, maxsplit=1)[0] for one in clear if _is_solved(one)]
    seen = [f"Seen to go wrong: {text}" for text in _told(problems, _MOST_WARNINGS)]
    return [*_told(forbidden, _MOST_WARNINGS), *seen][:_MOST_WARNINGS]


def _is_lesson(one: Statement) -> bool:
    found = bool(one.turns) and one.kind in _FOUND
    return one.kind in _LESSONS and (not found or _is_rule(one) or _DONE.match(one.text) is not None)


def _is_rule(one: Statement) -> bool:
    """Tell whether a member is a rule; what a draft found is one only where it holds beyond its session."""
    return is_standing(one.text) if one.turns and one.kind in {"discovery", "insight"} else is_rule(one.text)


def _forbids(one: Statement) -> bool:
    return _FORBIDS.match(_plain(one.text)) is not None


def _is_solved(one: Statement) -> bool:
    return one.kind == "challenge" and _ARROW.search(one.text) is not None


def _clearest(pattern: Pattern) -> list[Statement]:
    """Return the members that hold most of what all of them share, the clearest first; the others are evidence only."""
    shared = shared_words([member.text for member in pattern.members])

    def order(one: Statement) -> tuple[int, bool, bool, int, int, int]:
        held = mentions(one.text, shared)
        return (
            _rank(one),
            one != pattern.best,
            not one.reviewed,
            -held,
            abs(len(one.text) - 90) // 30,
            -one.date.toordinal(),
        )

    def is_central(one: Statement) -> bool:
        held = mentions(one.text, shared)
        return one == pattern.best or held * (1 if _rank(one) else 3) * 2 > len(shared)

    return sorted(filter(is_central, pattern.members), key=order)


def _rank(one: Statement) -> int:
    """Put rules before other lessons, those before what was merely run, and that before what went wrong."""
    if _is_solved(one) or not _is_lesson(one):
        return 3
    return 2 if _DONE.match(one.text) else 0 if _is_rule(one) else 1


def _told(texts: Iterable[str], most: int) -> list[str]:
    plain = [text for text in map(_plain, texts) if text]
    return [sentence(plain[place]) for place in distinct(plain)[:most]]


def _newest_first(pattern: Pattern) -> list[Statement]:
    return sorted(pattern.members, key=lambda one: (-one.date.toordinal(), one.path))


def _evidence(one: Statement) -> dict[str, object]:
    turns = f" [{', '.join(f't{turn}' for turn in one.turns)}]" if one.turns else ""
    return {
        "date": one.date, "title": _link_text(one.title or str(one.date)), "link": relative_link(one.path),
        "quote": _TAG.sub("", one.text).strip() or one.text, "turns": turns, "draft": not one.reviewed,
    }  # fmt: skip


def relative_link(path: str) -> str:
    """Return a markdown target for a file of the journal as seen from a neighbouring folder."""
    target = "../" + path.removeprefix("journal/")
    return f"<{target}>" if re.search(r"[\s()]", target) else target


def _link_text(text: str) -> str:
    return text.replace("\\", "\\\\").replace("[", "\\[").replace("]", "\\]")


def _unescaped(text: str) -> str:
    return text.replace("&lt;!--", "<!--")


def _plain(text: str) -> str:
    return rule_in(_TAG.sub("", text).strip())


def _advice(text: str, pattern: Pattern, most: int = _MOST_STEPS) -> str:
    """Turn the drafting's report of a check into what to do: the commands that several sessions ran."""
    done = _DONE.match(text)
    if not done:
        return text
    runs = Counter(span for _, span in sorted({(m.session, span) for m in pattern.members for span in _spans(m.text)}))
    usual = [span for span, count in runs.most_common(most) if count > 1]
    verb = done[1].removesuffix("ed")
    return f"{verb} with {_joined(usual)}" if usual else f"{verb} with{text[done.end() :]}"


def _short_advice(text: str, pattern: Pattern) -> str:
    """Name as many of the commands as a title holds."""
    advised = [_advice(text, pattern, most) for most in (3, 2, 1)]
    return next((one for one in advised if len(one) <= _LONGEST_TITLE), advised[-1])


def _spans(text: str) -> set[str]:
    return set(_CODE.findall(text)) if _DONE.match(text) else set()
