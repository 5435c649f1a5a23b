"""What a markdown original says about itself: front matter, headings, attachments, tags, and a title for it."""

from __future__ import annotations

import re
from datetime import date, datetime, time

from session_journal.core import document, sections
from session_journal.core.document import Document
from session_journal.core.headings import meaning
from session_journal.core.sections import Section
from session_journal.errors import DocumentError
from session_journal.imports.days import after_day, day_of, find_day, find_time, moment_of, without

_EMPTY_LINE = re.compile(r"\s*(?:[-*+>](?:\s*\[ ?\])?|-{3,})?\s*")
_BULLETS = ("- ", "* ", "+ ")
_MOST_LINES, _MOST_HEADINGS, _LONGEST = 10, 50, 2000
BLANK = "nothing is written in it"
_NO_PROSE = ("```", "~~~", "|", "<", "#", "![")
TITLE_LENGTH = 100
SENTENCE_LENGTH = 80
_KEY = re.compile(
    r"(?:[ \t]*(?:#.*)?\r?\n)*[ \t]*(?:\{.*:|[\"']?[^\s:#\-\[\]{}>|*&!%@`\"'][^:\n]{0,80}:)(?:[ \t]|\r?\n|$)"
)
# Every repetition that could run over what begins the next match is bounded: a line may have millions of brackets.
_EMBEDS = re.compile(
    r"!\[\[([^\[\]\n|#]{1,300})[^\[\]\n]{0,300}\]\]"
    r"|!\[[^\[\]\n]{0,300}\]\((?:<([^<>\n]{1,300})>|([^()<>\n\"]{1,300}))(?:\"[^\"\n]{0,300}\")?\)"
)
_TAG = re.compile(r"(?<![^\s(\[,;])#([^\s#.,;:!?'\"`()\[\]{}<>|\\^&*+=%$@~…]+)")
_UNTAGGED = re.compile(r"(`{1,9})(?!`).{1,500}?(?<!`)\1(?!`)|\]\([^)\n]{0,500}\)")
_LINKED = re.compile(r"!?\[\[(?:[^\]|]{0,300}\|)?([^\]]{0,300})\]\]|!?\[([^\]]{0,300})\]\([^)]{0,500}\)")
_EMPHASIS = re.compile(r"`|(?<!\w)[*_]{1,3}(?=\S)|(?<=\S)[*_]{1,3}(?!\w)")
_SENTENCE = re.compile(r"(.{20,}?[.!?。])(?=\s|$)")
_HEXES = re.compile(r"[0-9a-f]{7,40}|\d+")
_GENERIC_WORDS = """
    journal journals diary log logs note notes entry entries day daily today record worklog work dev developer
    development engineering engineer coding personal project team standup session sessions for of the a my on from
    commit commits reflection reflections manual summary morning afternoon evening night week weekly untitled page
"""
_GENERIC = frozenset(_GENERIC_WORDS.split())


def split_front(text: str, path: str) -> Document:
    """Take a text apart; a rule of dashes at its top that no `key:` follows opens no front matter.

    Raises DocumentError for front matter that is broken.
    """
    doc_start = text.find("\n") + 1
    if text[:doc_start].rstrip() == "---" and not _is_front(text, doc_start):
        return split_body(text)
    doc = document.split(text, path)
    document.fields(doc, path)
    return doc


def explained(error: DocumentError, path: str) -> str:
    """Return what is wrong with a file's front matter, beginning with its line."""
    return "line " + error.message.removeprefix(f"{path}:")


def split_body(text: str) -> Document:
    """Return a text that has no front matter of its own, whatever it begins with."""
    return Document(body=text, newline="\r\n" if text.partition("\n")[0].endswith("\r") else "\n")


def _is_front(text: str, start: int) -> bool:
    return bool(_KEY.match(text, start) or re.match(r"[ \t]*(?:---|\.\.\.)[ \t]*(?:\r?\n|$)", text[start : start + 20]))


def moment_in(doc: Document, day: date) -> datetime | None:
    """Return when a day's note says it was begun: its front matter's time, else that of the first heading with one."""
    values = document.fields(doc)
    for key in ("created", "date"):
        moment = moment_of(values.get(key))
        if moment and moment.date() == day:
            return moment
    for section in sections.split(doc.body)[:_MOST_HEADINGS]:
        clock = clock_in(section.heading)
        if clock:
            found = find_day(section.heading)
            return datetime.combine(day, clock) if found is None or found.day == day else None
    return None


def clock_in(heading: str) -> time | None:
    """Return the time of day that a heading names beside its day."""
    found = find_day(heading)
    if found:
        heading = f"{heading[: found.start]} {after_day(heading, found)}"
    return find_time(heading)


def day_in(doc: Document) -> date | None:
    """Return the day that front matter gives."""
    values = document.fields(doc)
    days = (day_of(values.get(key)) for key in ("date", "day", "created"))
    return next((day for day in days if day), None)


def attachments(body: str) -> tuple[str, ...]:
    """Return the local files that a text shows."""
    found = ("".join(names).strip() for names in _EMBEDS.findall(body))
    return tuple(dict.fromkeys(name for name in found if name and not re.match(r"[a-z][a-z0-9+.-]+:", name)))


def inline_tags(body: str) -> tuple[str, ...]:
    """Return the `#tags` of a text outside code, each once; a number alone is none."""
    found: dict[str, None] = {}
    fence = ""
    for line in body.splitlines():
        mark = line.lstrip()[:3]
        if mark in {"```", "~~~"} and (not fence or mark == fence):
            fence = "" if fence else mark
        elif not fence and "#" in line:
            found.update(dict.fromkeys(tag for tag in _TAG.findall(_UNTAGGED.sub("", line)) if not tag.isdigit()))
    return tuple(tag.rstrip("/") for tag in found)


def is_blank(doc: Document) -> bool:
    """Tell whether nobody wrote anything into a note: it has at most the headings and bullets of a template."""
    parts = sections.split(doc.body)
    if any(not _EMPTY_LINE.fullmatch(line) for part in parts for line in part.lines):
        return False
    return not any(part.level and not part.known and title_in(part.heading) for part in parts)


def title_in(text: str, *, day_first: bool | None = None) -> str:
    """Return what a heading or a file name says beside its day and its time, "" where that names nothing."""
    parts = without(text, find_day(text, day_first=day_first))
    return next((_led(part) for part in reversed(parts) if not is_generic(part)), "")


def _led(text: str) -> str:
    """Take `Entry 1:` from the front of what an entry is about."""
    lead, colon, rest = text.partition(": ")
    return rest.strip() if colon and rest.strip() and is_generic(lead) else text


def is_generic(text: str) -> bool:
    """Tell whether words say no more than that this is a journal's page."""
    words = re.sub(r"[^\w]+", " ", text.casefold()).split()
    return all(word in _GENERIC or _HEXES.fullmatch(word) for word in words)


def title_of(doc: Document, name: str) -> str:
    """Return an original's title: its own, that of its first headings, of its file name, or its first sentence."""
    own = document.fields(doc).get("title")
    if isinstance(own, str) and own.strip():
        return " ".join(own.split())
    parts = sections.split(doc.body)
    return _headline(parts) or _spoken(title_in(name)) or _first_words(parts)


def _spoken(name: str) -> str:
    """Return a file name's words: `fix-flaky_test` as a person would say it."""
    words = name if " " in name else " ".join(name.replace("-", " ").replace("_", " ").split())
    return words[:1].upper() + words[1:]


def _headline(parts: tuple[Section, ...]) -> str:
    for section in parts[:_MOST_HEADINGS]:
        if section.level == 0:
            continue
        if section.level > 6 or section.known:
            return ""
        title = title_in(section.heading)
        if title:
            return "" if meaning(title) else cut(title)
    return ""


def _first_words(parts: tuple[Section, ...]) -> str:
    """Return the first summary's first sentence, and how many summaries follow it; else that of any text."""
    told = [
        (section.heading, words)
        for section in parts
        if section.title == "What happened" and (words := _sentence(section))
    ]
    if told:
        more = sum(heading == told[0][0] for heading, _ in told) - 1
        return told[0][1] + (f" (and {more} more)" if more else "")
    return next((words for section in parts if (words := _sentence(section))), "")


_BOX = re.compile(r"^\[[ xX/-]\]\s+")
"""A task's box."""


def _sentence(section: Section) -> str:
    """Return the first sentence of a section's first paragraph that is prose."""
    lines: list[str] = []
    code = False
    for line in section.lines:
        text = _BOX.sub("", line.strip().lstrip("-*+> ").strip())
        code ^= text.startswith(("```", "~~~"))
        is_prose = text and not code and not text.startswith(_NO_PROSE) and not text.rstrip("*").endswith(":")
        if lines and (not is_prose or line.lstrip().startswith(_BULLETS) or len(lines) == _MOST_LINES):
            break
        if is_prose:
            lines.append(text)
    words = _EMPHASIS.sub("", _LINKED.sub(lambda match: match[1] or match[2] or "", " ".join(lines)[:_LONGEST]))
    match = _SENTENCE.match(words)
    return cut((match[1] if match else words).rstrip(".。"), SENTENCE_LENGTH)


def cut(text: str, length: int = TITLE_LENGTH) -> str:
    """Cut a title to its length, at a word."""
    text = " ".join(text.split())
    return text if len(text) <= length else text[:length].rsplit(" ", 1)[0] + " …"
