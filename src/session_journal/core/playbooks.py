"""Playbooks: patterns with enough evidence, as pages that a person or an assistant can follow."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from session_journal.core.entry import Entry
from session_journal.core.patterns import Pattern, Statement, distinct, key_of, mentions, shared_words, telling_terms

BLOCK = "playbook"
SESSIONS, DAYS = 3, 2
_MOST_EVIDENCE = 12
_MOST_STEPS = 4
_MOST_WARNINGS = 3
_LONGEST_TITLE = 90
_ARROW = re.compile(r"\s+(?:\u2192|->|=>)\s+")
_CUT = re.compile(r"\s+[-\u2013\u2014]\s+|;\s|\.\s|\s\(|:\s")
_FORBIDS = re.compile(
    r"\s*(?:never|do not|don['\u2019]t|avoid)\b|.*\b(?:must not|should not|shouldn['\u2019]t|mustn['\u2019]t)\b",
    re.IGNORECASE,
)
_TAG = re.compile(r"\s*(?<!\S)#[A-Za-z][\w/-]*")
_QUOTED = re.compile(r"\u201c(.+)\u201d")
_OPEN = ("action", "question", "gap")
_CODE = re.compile(r"`[^`]+`")
_TAUGHT = ("takeaway", "insight", "pattern", "decision", "next", "discovery")
_REPORTED = re.compile(r"The user's (?:correction|call instead of what was proposed): ")
_DONE = re.compile(r"(Checked|Tested) with\b")
_LESSONS = ("takeaway", "insight", "pattern", "decision", "next", "improve", "went-well", "discovery", "action")


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
    """Tell whether a pattern has the evidence that a playbook needs: enough members that teach something."""
    return pattern.sessions >= sessions and _is_enough(_teaching(pattern), sessions, days)


def _is_enough(members: Sequence[Statement], sessions: int, days: int) -> bool:
    return len({one.session for one in members}) >= sessions and len({one.date for one in members}) >= days


def _teaching(pattern: Pattern) -> list[Statement]:
    """Return the members that carry a lesson.

    What is merely still open is none. What the drafting reports of how a session went is none either, and a failure
    it saw is one only where two sessions solved it in the same telling way.
    """
    if all(member.kind in _OPEN for member in pattern.members):
        return []
    solved = [one for one in pattern.members if _is_solved(one)]
    return [
        one
        for one in pattern.members
        if not one.turns or one.kind in _TAUGHT or (_is_solved(one) and _is_solved_alike(one, solved))
    ]


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
    return {
        "status": status, "first_seen": pattern.first, "last_seen": pattern.last,
        "sessions": pattern.sessions, "days": pattern.days,
    }  # fmt: skip


def title_of(pattern: Pattern) -> str:
    """Return the pattern's statement as a short title."""
    text = _plain(pattern.statement)
    if _is_solved(pattern.best) and len(text) > _LONGEST_TITLE:
        problem, resolution = _ARROW.split(text, maxsplit=1)
        text = resolution if 20 <= len(resolution) <= _LONGEST_TITLE else problem
    return shortened(_short_advice(text, pattern), _LONGEST_TITLE).rstrip(".,;: ")


def values_of(pattern: Pattern, status: str, entries: Mapping[str, Entry]) -> dict[str, object]:
    """Return what the template of a playbook's managed block needs; entries by path."""
    return {
        "status": status,
        "drafts_only": not any(member.reviewed for member in pattern.members),
        "reviewed": len({member.session for member in pattern.members if member.reviewed}),
        "sessions": pattern.sessions,
        "days": pattern.days,
        "first_seen": pattern.first,
        "last_seen": pattern.last,
        "applies": _applies(pattern, entries),
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


def _applies(pattern: Pattern, entries: Mapping[str, Entry]) -> list[str]:
    lines = []
    if pattern.projects:
        lines.append(f"In {_joined(pattern.projects[:4])}.")
    paths = sorted({member.path for member in pattern.members})
    kinds = Counter(entries[path].kind for path in paths if path in entries and entries[path].kind)
    usual = [kind for kind, count in kinds.most_common(2) if count * 3 >= len(paths)]
    if usual:
        lines.append(f"Mostly in sessions of {_joined(usual)}.")
    words = shared_words([member.text for member in pattern.members])
    if words:
        lines.append(f"When it is about: {', '.join(words)}.")
    return lines


def _joined(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def _steps(pattern: Pattern) -> list[str]:
    """Return what to do: the lessons in their clearest form, then how a challenge was resolved."""
    teaching = _teaching(pattern)
    clear = [one for one in _clearest(pattern) if one in teaching]
    lessons = [one.text for one in clear if one.kind in _LESSONS and not _FORBIDS.match(one.text)]
    solved = [_resolution(one) for one in clear if _is_solved(one)]
    return _told([_advice(text, pattern) for text in (*lessons, *solved)], _MOST_STEPS)


def _warnings(pattern: Pattern) -> list[str]:
    """Return what not to do: what statements forbid, and the problem half of each challenge that teaches."""
    teaching = _teaching(pattern)
    clear = [one for one in _clearest(pattern) if one in teaching]
    forbidden = [one.text for one in clear if one.kind in _LESSONS and _FORBIDS.match(one.text)]
    problems = [_ARROW.split(one.text, maxsplit=1)[0] for one in clear if _is_solved(one)]
    seen = [f"Seen to go wrong: {text}" for text in _told(problems, _MOST_WARNINGS)]
    return [*_told(forbidden, _MOST_WARNINGS), *seen][:_MOST_WARNINGS]


def _is_solved(one: Statement) -> bool:
    return one.kind == "challenge" and _ARROW.search(one.text) is not None


def _clearest(pattern: Pattern) -> list[Statement]:
    """Return the members that hold most of what all of them share, the clearest first; the others are evidence only."""
    shared = shared_words([member.text for member in pattern.members])

    def order(one: Statement) -> tuple[bool, bool, int, int]:
        return one != pattern.best, not one.reviewed, abs(len(one.text) - 90) // 30, -one.date.toordinal()

    def is_central(one: Statement) -> bool:
        return one == pattern.best or 2 * mentions(one.text, shared) > len(shared)

    return sorted(filter(is_central, pattern.members), key=order)


def _told(texts: Iterable[str], most: int) -> list[str]:
    plain = [text for text in map(_plain, texts) if text]
    return [_sentence(plain[place]) for place in distinct(plain)[:most]]


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
    return _REPORTED.sub("", _TAG.sub("", text).strip(), count=1)


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


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:] if text[:1].islower() and text.split(" ", 1)[0].isalpha() else text


def shortened(text: str, limit: int) -> str:
    """Return a statement in at most `limit` characters: cut where a clause ends, or between words; code stays whole."""
    if len(text) <= limit:
        return _sentence(text)
    cuts = [
        found.start()
        for found in _CUT.finditer(text)
        if limit // 4 < found.start() <= limit and _closed(text[: found.start()])
    ]
    if cuts:
        return _sentence(text[: cuts[-1]])
    return _sentence(cut_short(text, limit))


def cut_short(text: str, limit: int) -> str:
    """Return text in at most `limit` characters, cut between words; code stays whole."""
    if len(text) <= limit:
        return text
    short = text[: limit - 1].rpartition(" ")[0] or text[: limit - 1]
    if not _closed(short):
        short = short.rpartition("`")[0].rstrip() or short
    return short.rstrip(" ,;:") + "\u2026"


def _closed(text: str) -> bool:
    return text.count("`") % 2 == 0
