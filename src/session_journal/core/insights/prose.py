"""Replies taken apart into statements: one plain sentence each, with the heading and label it stood under."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import lru_cache

from session_journal.core import lazy_re as re
from session_journal.core.records import record
from session_journal.core.text import one_line


@record(frozen=True, slots=True)
class Statement:
    """One sentence of a reply.

    raw: as it stood there, for quoting. lead: the words before the list it is a bullet of. place: its number within
    the reply. finding: it opens a numbered heading's part, and the heading stands in front of it. option: the user was
    to choose. pasted: the user gave it along with a request. opens: it is the first of its paragraph or bullet.
    """

    text: str
    turn: int
    raw: str = ""
    heading: str = ""
    label: str = ""
    bullet: bool = False
    place: int = 0
    closing: bool = False
    thought: bool = False
    lead: str = ""
    finding: bool = False
    option: bool = False
    pasted: bool = False
    opens: bool = False

    @property
    def words(self) -> int:
        """Return how many words the text has."""
        return len(self.text.split())


_LONGEST = 1_000
"""Nothing holds a longer sentence together: what is open then was never closed."""
_FENCE = re.compile(r"^\s*(```|~~~)")
_HEADING = re.compile(r"^\s{0,3}(#{1,6})\s+(.*)$")
_BULLET = re.compile(r"^(\s*)(?:[-*•+]|\d{1,2}[.)])\s+(?:\[[ xX/]\]\s*)?(.*)$")
_BOLD_LINE = re.compile(r"^\s*\*\*([^*]{2,90})\*\*:?\s*$")
_LABEL = re.compile(r"^\*\*([^*]{2,90}?):?\*\*\s*(?::|—|–|-{1,2}|→)?\s*(.*)$", re.DOTALL)
_LINK = re.compile(r"!?\[([^\]]{1,200})\]\((?:[^()\s]|\([^()\s]*\))*\)")
_EMPHASIS = re.compile(
    r"(?<![\w*])\*{1,3}(?=\S)([^*\n]+?)(?<=\S)\*{1,3}(?![\w*])|(?<![\w_])_(?=\S)([^_\n]+?)(?<=\S)_(?![\w_])"
)
_EMOJI = re.compile(
    "[\U0001f300-\U0001faff\u2600-\u26ff\u2705\u2713\u2714\u2717\u2718\u274c\u274e\u2b50\ufe0f\u200d]+\\s*"
)
_SENTENCE = re.compile(r"(?<=[.!?])(?:\*\*|[)\"'”’])?\s+(?=[\"'“‘(`*]?[A-Z0-9`\"“(/])")
_QUOTED = re.compile(r"^\s*(?:>\s*)+")
_NUMBERED = re.compile(r"\d+[.)]\s")
_NUMBER = re.compile(r"^\d+[.)]\s*|\s*\((?:[^()`]|`[^`]*`)*\)$")
_POINTS = re.compile(r"(?:this|it|that)\s", re.IGNORECASE)
_LETTER = re.compile(r"\w")
_ABBREVIATED = re.compile(r"(?:\b(?:e\.g|i\.e|etc|vs|cf|approx|resp|no|fig|ca)\.|\b[A-Z]\.|\b\d+\.)$", re.IGNORECASE)


@lru_cache(maxsize=256)
def statements(text: str, turn: int, *, closing: bool = False, thought: bool = False) -> tuple[Statement, ...]:
    """Return the sentences of a markdown text; code, tables and rules are left out.

    What is drafted from a session asks for those of a prompt or a reply again and again.
    """
    return tuple(_statements(text, turn, closing=closing, thought=thought))


def _statements(text: str, turn: int, *, closing: bool, thought: bool) -> Iterator[Statement]:
    place, opened = 0, ""
    for block in _blocks(text):
        begins = True
        for raw in _sentences(block.text):
            said = plain(raw[:_LONGEST])
            if not said:
                continue
            opens = bool(block.number) and block.number != opened
            opened = block.number
            for words, finding in _titled(block.number, said, opens=opens):
                yield Statement(
                    words,
                    turn,
                    one_line(raw[:_LONGEST]),
                    block.heading,
                    block.label,
                    block.bullet,
                    place,
                    closing,
                    thought,
                    block.lead,
                    finding,
                    opens=begins,
                )
                place, begins = place + 1, False


def _titled(title: str, said: str, *, opens: bool) -> Iterator[tuple[str, bool]]:
    """Yield a sentence under a numbered heading, with what the heading says in front or apart; True: it is that."""
    if not title:
        yield said, False
        return
    bare = _NUMBER.sub("", title)
    points = bool(_POINTS.match(said))
    fits = len(bare.split()) + len(said.split()) <= _TOGETHER
    if opens and not fits and len(bare.split()) >= _SAYS_IT:
        yield bare, True
    elif opens or (points and fits):
        yield (f"{bare}: {said.rstrip(':')}" if fits else bare), opens
        return
    yield said, False


_SAYS_IT = 6
"""Words from which a heading says by itself what was found."""
_TOGETHER = 24


def plain(text: str) -> str:
    """Return markdown as one plain line: links and emphasis dissolved, code spans kept."""
    if "](" in text:
        text = _LINK.sub(r"\1", text)
    if "*" in text or "_" in text:
        text = _EMPHASIS.sub(lambda found: found.group(1) or found.group(2), text).replace("**", "")
    return one_line(text if text.isascii() else _EMOJI.sub("", text))


@record(frozen=True, slots=True)
class _Block:
    text: str
    heading: str
    label: str
    bullet: bool
    lead: str
    number: str


def _blocks(text: str) -> Iterator[_Block]:
    """Yield each paragraph and bullet with what it stands under."""
    path, label, lead, number, lines, bullet = dict[int, str](), "", "", "", list[str](), False
    for line in [*_prose_lines(text), ""]:
        found, title = _BULLET.match(line), _title(line)
        if lines and (found or title or not line.strip()):
            block = " ".join(lines)
            if not bullet:
                lead = plain(block) if block.rstrip(" *_").endswith((":", "?")) else ""
            yield from _labelled(
                _Block(block, " / ".join(path.values()), label, bullet, lead if bullet else "", number)
            )
            lines, bullet = [], False
        if title:
            level, name, label = title
            path = {above: other for above, other in path.items() if above < level} | {level: name.lower()}
            lead, number = name, name if _NUMBERED.match(name) else ""
        elif found:
            lines, bullet = [found.group(2)], True
        elif line.strip():
            lines.append(line.strip())


def _title(line: str) -> tuple[int, str, str] | None:
    """Return the level, the words and the label that a title line sets."""
    if not line.lstrip().startswith(("#", "**")):
        return None
    found = _HEADING.match(line)
    if found:
        return len(found.group(1)), plain(found.group(2)), ""
    bold = _BOLD_LINE.match(line)
    name = plain(bold.group(1)).rstrip(":") if bold else ""
    return (7, name, name) if bold else None


def _labelled(block: _Block) -> Iterator[_Block]:
    found = _LABEL.match(block.text)
    if found and found.group(2):
        yield replace(block, label=plain(found.group(1)))
    elif block.text.strip():
        yield block


def _prose_lines(text: str) -> Iterator[str]:
    fenced = False
    for line in text.splitlines():
        if _FENCE.match(line):
            fenced = not fenced
            yield ""
        elif not fenced and not _is_noise(line):
            yield _QUOTED.sub("", line) if ">" in line else line


def _is_noise(line: str) -> bool:
    """Say whether a line is a table's row, a rule, a tree or a frame drawn in characters."""
    bare = line.strip()
    return (
        bare.startswith(("|", "├", "└", "│", "┌", "★", "```"))
        or (len(bare) > 2 and not _LETTER.search(bare))
        or "────" in bare
    )


def _goes_on(piece: str) -> bool:
    """Say whether a full stop does not end the sentence: after an abbreviation, within code or brackets."""
    return bool(_ABBREVIATED.search(piece[-12:])) or piece.count("`") % 2 == 1 or piece.count("(") > piece.count(")")


def _sentences(block: str) -> Iterable[str]:
    parts, start = [], 0
    for found in _SENTENCE.finditer(block):
        if found.start() - start < _LONGEST and _goes_on(block[start : found.start()]):
            continue
        parts.append(block[start : found.end()].strip())
        start = found.end()
    return [part for part in [*parts, block[start:].strip()] if part]
