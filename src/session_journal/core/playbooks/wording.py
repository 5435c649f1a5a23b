"""What a playbook says: its title, when it applies, what to do and what not, and on what evidence."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace

from session_journal.core.entry import Entry
from session_journal.core.excerpts import sentence, shortened
from session_journal.core.formulas import ARROW, CHECKED, FROM_BEFORE, VERIFIED, in_a_row
from session_journal.core.patterns import Pattern, Statement, distinct, rule_in, trigger
from session_journal.core.playbooks.members import (
    CODE,
    DONE,
    TAG,
    clearest,
    forbids,
    is_lesson,
    is_rule_of,
    is_solved,
    plain,
    resolution,
    support,
)
from session_journal.core.playbooks.operations import read_items
from session_journal.core.playbooks.page import Playbook, relative_link

MOST_STEPS = 4
MOST_WARNINGS = 3
_LONGEST_TITLE = 90
_SEEN = "Seen to go wrong: "
_EXCEPT = re.compile(r"\b(?:unless|(?:except|but not) (?:when|if|for|in|where|on)) [^.;()]{4,90}", re.IGNORECASE)
_FAILED = re.compile(r"(`[^`]+`) failed\b")


def title_of(pattern: Pattern) -> str:
    """Return what the clearest member says as a short title."""
    return _title(support(pattern))


def title_now(pattern: Pattern, page: Playbook) -> str:
    """Return the title of a page that is there: a person's own stays, and the tool's as long as its evidence says it.

    One that nothing says any more, as after a split, gives way; what the page was first called comes back before any
    other.
    """
    best = title_of(pattern)
    is_first = page.title == best and page.is_named_after(best)
    if is_first or not page.title or not _is_generated(page):
        return page.title or best
    narrow = support(pattern)
    texts = {one.text: one for one in (*pattern.members, *narrow.members)}
    said = dict.fromkeys(_title(replace(narrow, best=one, statement=text)) for text, one in texts.items())
    named = [title for title in said if page.is_named_after(title)]
    return named[0] if named else page.title if page.title in said else best


def _is_generated(page: Playbook) -> bool:
    """Tell whether the tool gave a page its title: it wrote that down, or took it and the file's name from the page."""
    if page.titled or not page.is_named_after(page.title):
        return page.title == page.titled
    lists = read_items(page.block)
    texts = (part for text in (*lists.steps, *lists.warnings, *page.quotes) for part in (text, *ARROW.split(text, 1)))
    return page.title in {_cut(plain(text)) for text in texts}


def _cut(text: str) -> str:
    return shortened(text, _LONGEST_TITLE).rstrip(".,;: ")


def _title(pattern: Pattern) -> str:
    text = plain(pattern.statement)
    if is_solved(pattern.best) and len(text) > _LONGEST_TITLE:
        problem, resolution = ARROW.split(text, maxsplit=1)
        text = resolution if 20 <= len(resolution) <= _LONGEST_TITLE else problem
    return _cut(_short_advice(text, pattern))


def tags_of(pattern: Pattern, entries: Mapping[str, Entry]) -> list[str]:
    """Return the tags that at least half of the entries behind a pattern carry."""
    paths = {member.path for member in pattern.members}
    tags = Counter(tag for path in paths if path in entries for tag in set(entries[path].tags))
    return sorted(tag for tag, count in tags.items() if count * 2 >= len(paths) and count > 1)


def applies(pattern: Pattern) -> str:
    """Say in one sentence where and when it applies, as far as its members tell."""
    names = [f"**{name}**" for name in pattern.projects[:4]]
    where = f"working on {in_a_row(names)}" if names else ""
    when = _when(pattern)
    told = ", ".join(part for part in (where, when) if part)
    return f"{told[0].upper()}{told[1:]}." if told else ""


def applies_not(pattern: Pattern, reasons: Iterable[str]) -> list[str]:
    """Return when it does not apply: the exceptions that members name, and why people marked it harmful."""
    named = [match[0] for one in pattern.members if (match := _EXCEPT.search(one.text))]
    return _told([*named, *reasons], MOST_WARNINGS)


def _when(pattern: Pattern) -> str:
    found = trigger([(one.session, rule_in(one.text)) for one in pattern.members if is_rule_of(one)])
    if found:
        return found
    failed = Counter(match[1] for one in pattern.members if is_solved(one) and (match := _FAILED.match(one.text)))
    commands = [command for command, count in failed.most_common(1) if count > 1]
    if commands:
        return f"when {commands[0]} fails"
    return "before a change counts as done" if DONE.match(pattern.statement) else ""


def said(pattern: Pattern) -> list[str]:
    """Return all that a page may say of a pattern, in every form in which its members say it."""
    texts = [_advice(plain(one.text), pattern) for one in pattern.members]
    told = [sentence(text) for text in texts if text]
    return [*told, *(text for one in pattern.members for text in forms(one)), *_besides(pattern)]


def forms(one: Statement) -> list[str]:
    """Return a statement as a page says it, alone or as a problem and its solution."""
    texts = [plain(one.text)]
    problem, *solution = ARROW.split(one.text, maxsplit=1) if is_solved(one) else ("",)
    told = [sentence(text) for text in (*texts, *map(plain, solution)) if text]
    return [*told, f"{_SEEN}{sentence(plain(problem))}"] if problem else told


def steps(pattern: Pattern) -> list[str]:
    """Return what to do: the rules in their clearest form, then other lessons, then how a challenge was resolved."""
    clear = clearest(pattern)
    lessons = [one.text for one in clear if is_lesson(one) and not forbids(one)]
    solved = [resolution(one) for one in clear if is_solved(one)]
    told = _told([_advice(plain(text), pattern) for text in (*lessons, *solved)], MOST_STEPS)
    return [*told, *_besides(pattern)][:MOST_STEPS]


def tells_what_to_do(pattern: Pattern) -> bool:
    """Tell whether a pattern has steps or warnings, which takes far less than to word them."""
    return bool(_besides(pattern)) or any(
        plain(one.text) and (is_lesson(one) or is_solved(one)) for one in clearest(pattern)
    )


def warnings(pattern: Pattern) -> list[str]:
    """Return what not to do: what statements forbid, and the problem half of each challenge that teaches."""
    clear = clearest(pattern)
    forbidden = [one.text for one in clear if is_lesson(one) and forbids(one)]
    problems = [ARROW.split(one.text, maxsplit=1)[0] for one in clear if is_solved(one)]
    seen = [f"{_SEEN}{text}" for text in _told(problems, MOST_WARNINGS)]
    return [*_told(forbidden, MOST_WARNINGS), *seen][:MOST_WARNINGS]


def _told(texts: Iterable[str], most: int) -> list[str]:
    bare = [text for text in map(plain, texts) if text]
    return [sentence(bare[place]) for place in distinct(bare, most)]


def newest_first(pattern: Pattern) -> list[Statement]:
    """Return the members, the newest first."""
    return sorted(pattern.members, key=lambda one: (-one.date.toordinal(), one.path))


def evidence(one: Statement) -> dict[str, object]:
    """Return what the page says of one member."""
    turns = f" [{', '.join(f't{turn}' for turn in one.turns)}]" if one.turns else ""
    return {
        "date": one.date, "title": link_text(one.title or str(one.date)), "link": relative_link(one.path),
        "quote": TAG.sub("", one.text).strip() or one.text, "turns": turns, "draft": not one.reviewed,
    }  # fmt: skip


_ADVISED = {CHECKED: "Check with", VERIFIED: "Verify before committing with", FROM_BEFORE: "Test with"}


def link_text(text: str) -> str:
    """Return a title as the text of a markdown link."""
    return text.replace("\\", "\\\\").replace("[", "\\[").replace("]", "\\]")


def _advice(text: str, pattern: Pattern, most: int = MOST_STEPS) -> str:
    """Turn the drafting's report of a check into what to do: the commands that all sessions ran, else its own."""
    done = DONE.match(text)
    if not done:
        return text
    shared = _shared(pattern)
    lead = _ADVISED[done[1]]
    return f"{lead} {in_a_row(shared[:most])}" if shared else f"{lead}{text[done.end() :]}"


def _shared(pattern: Pattern) -> list[str]:
    """Return the commands that every report of a pattern names, in the order of its best."""
    reports = [CODE.findall(one.text) for one in (pattern.best, *pattern.members) if DONE.match(one.text)]
    return [span for span in reports[0] if all(span in spans for spans in reports)] if reports else []


def _besides(pattern: Pattern) -> list[str]:
    """Say which commands several of its sessions ran beside those that all of them ran."""
    shared = set(_shared(pattern))
    runs = Counter(span for _, span in sorted({(m.session, span) for m in pattern.members for span in _spans(m.text)}))
    usual = [span for span, count in runs.most_common() if count > 1 and span not in shared]
    return [f"Several sessions ran {in_a_row(usual[:MOST_STEPS])} as well"] if shared and usual else []


def _short_advice(text: str, pattern: Pattern) -> str:
    """Name as many of the commands as a title holds."""
    advised = [_advice(text, pattern, most) for most in (3, 2, 1)]
    return next((one for one in advised if len(one) <= _LONGEST_TITLE), advised[-1])


def _spans(text: str) -> set[str]:
    return set(CODE.findall(text)) if DONE.match(text) else set()
