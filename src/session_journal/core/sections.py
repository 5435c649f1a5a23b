"""Sections of an entry's body, and the items that stand in them.

What counts as an item: each bullet under a heading that carries items (headings.py), with its indented continuation
lines. A bullet that ends in a colon is a label: the bullets nested below it are the items, each led by the label.
Other nested bullets are details of their parent and no items, unless they are tasks (`- [ ]`); how a challenge was met
(`Solution: …` below it) joins it. Where such a section has no bullet at all, each paragraph is an item, and where it
has nothing but a quote, the quote's; insights stand in both at once. Under a heading that is none of an entry's
sections, and before the first one, each task is an action. Code blocks, comments, other quotes and tables never are.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import pairwise

from session_journal.core import lazy_re as re
from session_journal.core.bullets import MARK, RULE, Bullet, bullets
from session_journal.core.headings import ORDER, SURPRISE, TITLES, Meaning, clean, is_surprise, meaning
from session_journal.core.items import Item, ItemKind, Quote
from session_journal.core.records import record

__all__ = ["ORDER", "Section", "heading", "items", "quotes", "render_item", "render_quote", "split"]

_HEADING = re.compile(r" {0,3}(#{1,6})(?:[ \t]+(.*?))?(?:[ \t]+#+)?[ \t]*")
_BOLD = re.compile(r" {0,3}(\*\*|__)(?!\s)(.{1,60}?)\1[ \t]*:?[ \t]*")
_UNDERLINE = re.compile(r" {0,3}(=+|-{2,})[ \t]*")
_FENCE = re.compile(r"\s{0,12}(?:[-*+]\s+|\d+[.)]\s+)?(`{3,}|~{3,})(.*)")
_BLANKED = ("```", "~~~", "<!--")
_COMMENT = re.compile(r"(`+)(?!`).+?(?<!`)\1(?!`)|<!--.{0,2000}?-->")
_EVIDENCE = re.compile(r"\[(t\d{1,7}(?:\s*,\s*t?\d{1,7})*)\]([.!?]?)\s*", re.IGNORECASE)
_NUMBER = re.compile(r"[0-9]+")
_BLOCK_ID = re.compile(r"(?:^|\s)\^([A-Za-z0-9][A-Za-z0-9-]{3,})\s*$")
_NOTHING = re.compile(
    r"[\W_]*(?:n/?a|nil|tbd|todo|no|none|nothing|(?:none|nothing|no \w+) "
    r"(?:yet|so far|today|identified|noted|this time))?[\W_]*",
    re.IGNORECASE,
)
_LONGEST_NOTHING = 40
# `None encountered; the update was straightforward`, but neither `None of the tests ran` nor `No issues, but …`.
_QUALIFIED = r"(?: (?:encountered|significant|major|notable|noted|identified|found|reported|explicitly|worth noting))"
_NONE = re.compile(
    r"[\W_]*(?:none|no (?:(?:major|significant|notable|real|new|particular|serious|other) )?"
    r"(?:issues?|problems?|frustrations?|roadblocks?|blockers?|challenges?|difficulties|obstacles?|surprises?))"
    rf"(?:{_QUALIFIED}*(?:[.;:,!)]| [-\u2013\u2014] )|{_QUALIFIED}+ (?:during|in|for|at|with|by|this|today|so far)\b)",
    re.IGNORECASE,
)
_AFTER_ALL = re.compile(r"\b(?:but|except|apart from|other than|however|although|though|besides)\b", re.IGNORECASE)
_QUOTE = re.compile(r"\s{0,3}>[ \t]?")
_QUOTES = re.compile(r"^\s{0,3}[-*+]\s+\[t\d", re.MULTILINE)
_QUOTED = re.compile(r'\s{0,3}[-*+]\s+\[t(\d{1,9})\]\s+(user|assistant|tool|system)\b:?\s*"?(.*?)"?\s*')
_TASK = re.compile(r"\s*(?:[-*+\u2022]|\d{1,3}[.)])\s+\[[ xX/>~-]\]")
_LONGEST_HEADING = 500
_VERDICTS: tuple[tuple[ItemKind, str, re.Pattern[str]], ...] = (
    (
        "went-well",
        "Went well: ",
        re.compile(r"\*{0,2}(?:what )?went (?:well|right)\*{0,2}\s*:\*{0,2}\s*", re.IGNORECASE),
    ),
    (
        "improve",
        "To improve: ",
        re.compile(
            r"\*{0,2}(?:(?:to )?improve"
            r"|(?:what )?(?:could (?:be|have (?:been|gone)) better|went (?:wrong|badly|poorly)))\*{0,2}\s*:\*{0,2}\s*",
            re.IGNORECASE,
        ),
    ),
)


@record(frozen=True, slots=True)
class Section:
    """A heading and the lines up to the next heading of any level.

    title: the entry section it is (`Decisions`), or its own words where it is none. heading: its own words.
    level: 1 to 6, 7 for a line in bold, 0 for what stands before the first heading. start: line of the heading, end:
    the line after its last one; lines: those between. kind: of its items; a heading below a known one inherits it.
    """

    title: str
    kind: ItemKind | None
    level: int
    start: int
    end: int
    lines: tuple[str, ...]
    heading: str = ""
    known: bool = False

    @property
    def first(self) -> int:
        """Return the number of the first of `lines`."""
        return self.end - len(self.lines)


def heading(kind: ItemKind) -> str:
    """Return the title of the section in which items of a kind stand."""
    return TITLES[kind]


def split(body: str) -> tuple[Section, ...]:
    """Return a body's sections in order, each line in exactly one; what stands before the first has no title."""
    return tuple(section for section, _ in _sections(body))


def items(body: str) -> tuple[Item, ...]:
    """Return the items of a body in order: bullets under a heading that carries items, and tasks under one unknown."""
    found: list[Item] = []
    within: list[Section] = []
    for section, bare in _sections(body):
        within = [*(one for one in within if one.level < section.level), section]
        if section.kind is not None or section.title == "How it went":
            found.extend(sorted(_items(section, bare), key=lambda item: item.line))
        elif not section.known and not any(one.known and one.level > 1 for one in within):
            found.extend(_tasks(section, bare))
    return tuple(found)


def quotes(body: str) -> tuple[Quote, ...]:
    """Return what a drafted entry quotes in the Evidence that it ends in."""
    if not _QUOTES.search(body):
        return ()
    start = body.find("\n## Evidence") + 1  # to part a whole page takes ten times as long
    lines = (line for section in split(body[start:]) if section.title == "Evidence" for line in section.lines)
    return tuple(Quote(int(one[1]), one[2], one[3]) for one in map(_QUOTED.fullmatch, lines) if one)


def render_quote(quote: Quote) -> str:
    """Return a quote's line: `- [t12] user: "the clock is wrong"`."""
    return f'- [t{quote.turn}] {quote.role}: "{quote.text}"'


def render_item(item: Item) -> str:
    """Return an item's line: `- [ ] text [t12, t15] ^a1b2c3`."""
    mark = f"[{item.mark}] " if item.mark else ""
    verdict = next((prefix for kind, prefix, _ in _VERDICTS if kind == item.kind), "")
    turns = " [" + ", ".join(f"t{turn}" for turn in item.turns) + "]" if item.turns else ""
    block_id = f" ^{item.block_id}" if item.block_id else ""
    return f"- {mark}{verdict}{' '.join(item.text.split())}{turns}{block_id}"


def _sections(body: str) -> Iterator[tuple[Section, list[str]]]:
    """Yield each section with its lines in which code and comments are blanked."""
    lines = body.removesuffix("\n").split("\n")
    if "\r" in body:
        lines = [line.rstrip("\r") for line in lines]
    bare = _bare(lines) if any(mark in body for mark in _BLANKED) else lines
    marks = [*_headings(bare), (len(lines), 0, 0, "")]
    first = marks[0][0]
    if first:
        yield Section("", None, 0, 0, first, tuple(lines[:first])), bare[:first]
    above: list[Section] = []
    for (start, below, level, text), (end, *_) in pairwise(marks):
        above = [section for section in above if section.level < level]
        words, named = _read_heading(text)
        title, kind = named or (words, above[-1].kind if above else None)
        section = Section(title, kind, level, start, end, tuple(lines[below:end]), words, known=named is not None)
        above.append(section)
        yield section, bare[below:end]


@lru_cache(maxsize=4096)
def _read_heading(text: str) -> tuple[str, Meaning | None]:
    return clean(text), meaning(text)


def _bare(lines: list[str]) -> list[str]:
    """Return the lines with code blocks and comments blanked; what is opened and never closed is plain text."""
    bare: list[str] = []
    closed = _Closings(lines)
    while len(bare) < len(lines):
        number = len(bare)
        end = closed.end_of_code(number) or closed.end_of_comment(number)
        if end:
            bare += [""] * (end - number)
        else:
            line = lines[number]
            bare.append(_COMMENT.sub(lambda match: match[0] if match[1] else "", line) if "-->" in line else line)
    return bare


class _Closings:
    """Finds where code blocks and comments end, looking at no line in vain twice."""

    def __init__(self, lines: list[str]) -> None:
        self.lines = lines
        self.unclosed: set[str] = set()
        self.last_comment = max((number for number, line in enumerate(lines) if "-->" in line), default=-1)

    def end_of_code(self, start: int) -> int:
        """Return the line after a code block that is opened here, 0 if none is."""
        opening = _FENCE.fullmatch(self.lines[start])
        if not opening or opening[1] in self.unclosed or (opening[1][0] == "`" and "`" in opening[2]):
            return 0
        for number in range(start + 1, len(self.lines)):
            closing = _FENCE.fullmatch(self.lines[number])
            if closing and closing[1].startswith(opening[1]) and not closing[2].strip():
                return number + 1
        self.unclosed.add(opening[1])
        return 0

    def end_of_comment(self, start: int) -> int:
        """Return the line after a comment of several lines that is opened here, 0 if none is."""
        line = self.lines[start].lstrip()
        if not line.startswith("<!--") or "-->" in line or start >= self.last_comment:
            return 0
        return next(number for number in range(start, len(self.lines)) if "-->" in self.lines[number]) + 1


def _headings(lines: Sequence[str]) -> Iterator[tuple[int, int, int, str]]:
    """Yield for each heading its line, the first line below it, its level and its text."""
    for number, line in enumerate(lines):
        if len(line) > _LONGEST_HEADING:
            continue
        if "#" in line and (match := _HEADING.fullmatch(line)):
            yield number, number + 1, len(match[1]), match[2] or ""
        elif line.rstrip().endswith(("**", "__", ":")) and (match := _BOLD.fullmatch(line)) and meaning(match[2]):
            yield number, number + 1, 7, match[2]
        elif line and lines[number + 1 : number + 2] and _is_underlined(lines, number):
            yield number, number + 2, 1 if "=" in lines[number + 1] else 2, line


def _is_underlined(lines: Sequence[str], number: int) -> bool:
    if lines[number + 1].lstrip()[:2] not in {"--", "=="}:
        return False
    alone = number == 0 or not lines[number - 1].strip()
    return alone and bool(_UNDERLINE.fullmatch(lines[number + 1])) and meaning(lines[number]) is not None


def _items(section: Section, bare: Sequence[str]) -> Iterator[Item]:
    listed = bullets(bare)
    surprise = is_surprise(section.heading)
    for bullet in listed:
        if bullet.label or not bullet.counts:
            continue
        met = bullet.met if section.kind == "challenge" else ""
        yield from _item(section, bullet.line, bullet.led, met, surprise=surprise)
    if not listed:
        for number, text in _paragraphs(bare) or _paragraphs(_unquoted(bare)):
            yield from _item(section, number, text, surprise=surprise)
    elif section.kind == "insight":
        for number, text in _paragraphs(_beside(bare, listed)):
            if not text.endswith(":"):
                yield from _item(section, number, text, surprise=surprise)


def _tasks(section: Section, bare: Sequence[str]) -> Iterator[Item]:
    """Yield the tasks of a section that is none of an entry's: what is to be done, whatever stands above it."""
    if not any(_TASK.match(line) for line in bare):
        return
    section = replace(section, kind="action")
    for bullet in bullets(bare):
        if MARK.match(bullet.joined) and not bullet.label:
            yield from _item(section, bullet.line, bullet.led, surprise=False)


def _beside(lines: Sequence[str], listed: Sequence[Bullet]) -> list[str]:
    """Return what stands beside the bullets: in what people think of the work, both say something."""
    taken = {number for bullet in listed for number in range(bullet.line, bullet.line + len(bullet.text))}
    return ["" if number in taken or line[:1].isspace() else line for number, line in enumerate(lines)]


def _unquoted(lines: Sequence[str]) -> list[str]:
    """Return a quote's lines as text, but for a heading in it: some write what they think as a quotation."""
    bare = [_QUOTE.sub("", line, count=1) for line in lines]
    return ["" if _BOLD.fullmatch(line) else line for line in bare]


def _paragraphs(lines: Sequence[str]) -> list[tuple[int, str]]:
    found: list[tuple[int, str]] = []
    start = 0
    parts: list[str] = []
    for number, line in enumerate([*lines, ""]):
        text = line.strip()
        if parts and any(pattern.match(text) for _, _, pattern in _VERDICTS):
            found.append((start, " ".join(parts)))
            parts = []
        if text and not RULE.fullmatch(line) and not line.startswith(("    ", "\t")):
            start, parts = (start, [*parts, text]) if parts else (number, [text])
            continue
        if parts and not parts[0].startswith((">", "|", "![", "<")):
            found.append((start, " ".join(parts)))
        parts = []
    return found


def _item(section: Section, number: int, text: str, met: str = "", *, surprise: bool) -> Iterator[Item]:
    mark = MARK.match(text) if text.startswith("[") else None
    state = mark[1].lower() if mark else ""
    text, turns, block_id = _ending(text[mark.end() :] if mark else text)
    kind, text = _verdict(section.kind, text.strip())
    if mark and kind == "pattern" and "habit" in section.heading.casefold():
        kind = "action"  # a checklist tells nothing that was seen to recur
    if kind is None or _says_nothing(text):
        return
    text = f"{text} \u2192 {_ending(met)[0]}" if met else text
    if surprise and SURPRISE not in text:
        text = f"{text} {SURPRISE}"
    # Obsidian's [-] is a dropped task, which is as closed as a done one; [>] and [~] are still open.
    state = {"-": "x", ">": " ", "~": "/"}.get(state, state)
    yield Item(kind, text, turns, state, block_id, section.first + number)


def _says_nothing(text: str) -> bool:
    """Tell whether a bullet says that there is nothing to say here."""
    if len(text) <= _LONGEST_NOTHING and _NOTHING.fullmatch(text):
        return True
    return _NONE.match(text) is not None and not _AFTER_ALL.search(text)


def _ending(text: str) -> tuple[str, tuple[int, ...], str]:
    """Take evidence and block id off a text's end, in whichever order they stand."""
    turns: tuple[int, ...] = ()
    block_id = ""
    for _ in range(2):
        if not block_id and "^" in text and (match := _BLOCK_ID.search(text)):
            block_id, text = match[1], text[: match.start()]
        if not turns and (place := text.rfind("[")) >= 0 and (match := _EVIDENCE.fullmatch(text, place)):
            turns, text = _turns(match[1]), text[:place].rstrip() + match[2]
    return text, turns, block_id


def _verdict(kind: ItemKind | None, text: str) -> tuple[ItemKind | None, str]:
    """Read `Went well:` and `To improve:`, which tell the two kinds of one section apart."""
    if kind in {None, "went-well", "improve"}:
        for verdict, _, pattern in _VERDICTS:
            if kind in {None, verdict} and (match := pattern.match(text)):
                return verdict, text[match.end() :].strip()
    return kind, text


def _turns(text: str) -> tuple[int, ...]:
    return tuple(dict.fromkeys(map(int, _NUMBER.findall(text))))
