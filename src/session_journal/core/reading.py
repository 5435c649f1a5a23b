"""Reading: a markdown file of the journal as a page, whatever state the file is in."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from functools import lru_cache

from session_journal.core import document, entry, sections
from session_journal.core.formulas import ARROW
from session_journal.core.items import Item
from session_journal.core.key_blocks import STOP, in_one_go
from session_journal.core.pages import Page, Passage
from session_journal.core.redact import redact
from session_journal.core.text import clean
from session_journal.errors import DocumentError

TYPES = {"sessions": "session", "notes": "note", "rollups": "rollup", "playbooks": "playbook"}

_DATE = re.compile(r"(\d{4}-\d{2}-\d{2})")
_HEADING = re.compile(r"(#{1,6})[ \t]+(.+?)[ \t#]*$")
_BULLET = re.compile(r"\s{0,3}(?:[-*+]|\d{1,3}[.)])\s+")
_FENCE = re.compile(r"\s{0,3}(?:```|~~~)")
_TURNS = re.compile(r"\[(t\d+(?:, ?t\d+)*)\][.\s]*\Z")
_NUMBER = re.compile(r"\d{1,9}")
_WORDS = re.compile(r"\w+")
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_LEAD = re.compile(r"^\s*(?:(?:[-*+]|\d{1,3}[.)])\s+)?(?:\[[ xX/]\]\s+)?")


def read_page(path: str, data: bytes) -> Page:
    """Read a file of the journal; one that is broken is still its text, redacted like every other."""
    try:
        return _session(path, data) if _type_of(path) == "session" else _other(path, data)
    except DocumentError as error:
        return _broken(path, data, error.message)


def _session(path: str, data: bytes) -> Page:
    read = entry.read(data, path, lambda _: ())  # its items are found below, in the redacted body
    return Page(
        path, "session", safe(read.title), read.date.isoformat(), read.id, safe(read.kind), safe(read.project),
        safe(read.agent), read.status, read.visibility, safe(read.outcome),
        moment(read.created),
        "", tuple(map(safe, read.tags)), _passages(safe(read.body)),
    )  # fmt: skip


def moment(created: datetime | None) -> str:
    """Return a time in UTC, so that texts sort as times do."""
    if created is None:
        return ""
    return f"{created.astimezone(UTC) if created.tzinfo else created:%Y-%m-%dT%H:%M:%S}"


def _other(path: str, data: bytes) -> Page:
    document.refuse_conflict(data, path)
    doc = document.parse(data, path)
    fields = document.fields(doc, path)
    body = safe(doc.body)
    return Page(
        path, _type_of(path), headline(fields, body, path), _date(fields, path), _text(fields, "id"),
        _text(fields, "kind") or _type_of(path), _text(fields, "project"), _text(fields, "agent"),
        _text(fields, "status"), _text(fields, "visibility") or "self", "", "",
        "", _list(fields.get("tags")), _passages(body),
    )  # fmt: skip


def _broken(path: str, data: bytes, problem: str) -> Page:
    text = safe(data.decode("utf-8", "replace"))
    # An unreadable file may be anything: it reaches nobody but its owner, and nobody has reviewed it.
    return Page(
        path, _type_of(path), headline({}, text, path), _date({}, path),
        status="draft", visibility="self", passages=tuple(_blocks(text)), problem=problem,
    )  # fmt: skip


def safe(text: str) -> str:
    """Return text as pages hold it: no secrets, no control characters."""
    return clean(redact(text)[0])


def safe_all(texts: Sequence[str]) -> list[str]:
    """Return the same of many texts in one go, for a fraction of the work."""
    if any(STOP in text for text in texts):
        return list(map(safe, texts))
    shown = in_one_go(texts, lambda text: redact(text)[0])
    return list(map(safe, texts)) if shown is None else list(map(clean, shown))


def shown_by_text(texts: Iterable[str]) -> dict[str, str]:
    """Return each text with what is shown of it."""
    distinct = list(dict.fromkeys(texts))
    return dict(zip(distinct, safe_all(distinct), strict=True))


def _type_of(path: str) -> str:
    folder = path.removeprefix("journal/").split("/", 1)[0]
    return TYPES.get(folder, "page")


def _text(fields: Mapping[str, object], key: str) -> str:
    value = fields.get(key)
    return safe(str(value)) if isinstance(value, str | int | float) else ""


def _list(value: object) -> tuple[str, ...]:
    if isinstance(value, str):
        return tuple(part.strip() for part in safe(value).split(",") if part.strip())
    return tuple(safe(str(part)) for part in value if part is not None) if isinstance(value, list) else ()


def headline(fields: Mapping[str, object], body: str, path: str) -> str:
    """Return a page's title: of its front matter, else its first heading, else its file's name."""
    if title := _text(fields, "title").strip():
        return title
    for line in body.splitlines():
        if found := _HEADING.match(line):
            return found[2]
    return path.rsplit("/", 1)[-1].removesuffix(".md")


def _date(fields: Mapping[str, object], path: str) -> str:
    for text in (str(fields.get("last_seen", "")), str(fields.get("date", "")), path.rsplit("/", 1)[-1]):
        if found := _DATE.match(text):
            return found[1]
    return ""


@lru_cache(maxsize=2048)
def speakers(body: str) -> Mapping[int, str]:
    """Return who is quoted for each turn in the Evidence that a drafted entry ends in; many ask of one entry."""
    return {one.turn: one.role for one in sections.quotes(body)}


def _passages(body: str) -> tuple[Passage, ...]:
    items = {item.line: item for item in sections.items(body)}
    blocks = _numbered_blocks(body, items)
    quoted = sections.quotes(body)
    roles = {one.turn: one.role for one in quoted}
    said = [(one.role, _words(one.text)) for one in quoted]
    return tuple(_told(_of_item(passage, items.get(line), roles), said) for line, passage in blocks)


def _told(passage: Passage, said: Sequence[tuple[str, frozenset[str]]]) -> Passage:
    """Count a challenge that the assistant put into words as its own, though it rests on what a tool printed."""
    if passage.kind != "challenge" or not passage.roles or not set(passage.roles) <= {"tool", "system"}:
        return passage
    mine = _words(ARROW.split(passage.text)[0])
    sources = {role for role, words in said if mine and 4 * len(mine & words) >= 3 * len(mine)}
    return replace(passage, roles=tuple(sorted((*passage.roles, "assistant")))) if sources == {"assistant"} else passage


def _words(text: str) -> frozenset[str]:
    return frozenset(_WORDS.findall(text.casefold()))


def _of_item(passage: Passage, item: Item | None, roles: Mapping[int, str]) -> Passage:
    if passage.section == "Evidence":
        return replace(passage, kind="evidence")
    if item is None:
        found = _TURNS.search(passage.text)
        turns = tuple(map(int, _NUMBER.findall(found[1]))) if found else ()
        return replace(passage, turns=turns, roles=_roles(turns, roles))
    return replace(
        passage, text=item.text, kind=item.kind, mark=item.mark, turns=item.turns, roles=_roles(item.turns, roles),
        block_id=item.block_id,
    )  # fmt: skip


def _roles(turns: Iterable[int], roles: Mapping[int, str]) -> tuple[str, ...]:
    return tuple(sorted({roles[turn] for turn in turns if turn in roles}))


def _blocks(body: str) -> list[Passage]:
    return [passage for _, passage in _numbered_blocks(body)]


def _numbered_blocks(body: str, starts: Collection[int] = ()) -> list[tuple[int, Passage]]:
    """Cut a body into paragraphs and bullets, each with the line it starts on and the heading it stands under.

    starts: lines where something else begins, such as a task below a bullet.
    """
    found: list[tuple[int, Passage]] = []
    section, start, block, fenced = "", 0, list[str](), False
    for number, line in enumerate(_COMMENT.sub(_blank, body).splitlines()):
        heading = None if fenced else _HEADING.match(line)
        fenced ^= bool(_FENCE.match(line))
        if heading or not (line.strip() or fenced) or (not fenced and (number in starts or _BULLET.match(line))):
            found += _closed(start, block, section)
            block = []
        if heading:
            section = heading[2]
        elif line.strip():
            start = start if block else number
            block.append(line)
    return found + _closed(start, block, section)


def _blank(comment: re.Match[str]) -> str:
    return "\n" * comment[0].count("\n")


def _closed(start: int, block: list[str], section: str) -> list[tuple[int, Passage]]:
    text = _LEAD.sub("", "\n".join(block)).strip()
    return [(start, Passage(text, section=section))] if text else []
