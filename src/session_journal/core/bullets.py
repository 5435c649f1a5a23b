"""Bullets of a section's lines: what stands in each, below which other, and how a problem was met."""

from __future__ import annotations

from collections.abc import Sequence

from session_journal.core import lazy_re as re
from session_journal.core.records import record

_BULLET = re.compile(r"([ \t]*)([-*+•]|\d{1,3}[.)])([ \t]+)(.*)")
_DASHES = frozenset({"", "-", "*", "_"})
RULE = re.compile(r"\s*(?:[-*_][ \t]*){3,}")
MARK = re.compile(r"\[([ xX/>~-])\](?:[ \t]+|$)")
_SOLUTION = re.compile(
    r"[*_]{0,3}(?:solution|resolution|resolved|solved|fix|fixed|workaround)(?: [a-z]+)?[*_]{0,3}:[*_]{0,3}\s+(?=\S)",
    re.IGNORECASE,
)


@record(slots=True)
class Bullet:
    """A bullet while it is read."""

    line: int
    indent: int
    text: list[str]
    parent: Bullet | None = None
    children: bool = False
    answer: Bullet | None = None

    @property
    def joined(self) -> str:
        """Return the bullet's text in one line."""
        return self.text[0].strip() if len(self.text) == 1 else " ".join(" ".join(self.text).split())

    @property
    def label(self) -> str:
        """Return what leads the bullets below it, or "" where it is an item itself."""
        if not self.children:
            return ""
        text = self.joined.replace("**", "").replace("__", "")
        return text if text.endswith(":") else ""

    @property
    def met(self) -> str:
        """Return what a bullet below it gives as the problem's solution, "" where none does."""
        return _SOLUTION.sub("", self.answer.joined, count=1) if self.answer else ""

    @property
    def counts(self) -> bool:
        """Tell whether it is an item: at the top, below a label, or a task."""
        return self.parent is None or bool(self.parent.label) or bool(MARK.match(self.joined))

    @property
    def led(self) -> str:
        """Return its text, led by the label that it stands below."""
        text = self.joined
        label = self.parent.label if self.parent else ""
        if not label:
            return text
        mark = MARK.match(text)
        head, rest = (text[: mark.end()], text[mark.end() :]) if mark else ("", text)
        return f"{head}{label} {rest}"


def bullets(lines: Sequence[str]) -> list[Bullet]:
    """Return the bullets of some lines, in order."""
    found: list[Bullet] = []
    last: Bullet | None = None
    blank = False
    for number, line in enumerate(lines):
        if not line or line.isspace():
            blank = True
            continue
        match = _BULLET.fullmatch(line)
        if match and not (match[4][:1] in _DASHES and RULE.fullmatch(line)):
            last = _opened(match, number, last)
            if last:
                found.append(last)
                _join(last)
        elif last and not blank and not line.lstrip().startswith((">", "|", "![")):
            last.text.append(line)
        elif last and _indent(line) <= last.indent:
            last = None
        blank = False
    return found


def _join(bullet: Bullet) -> None:
    """Tell a bullet where it is answered: by the first one below it that says so."""
    if bullet.parent and not bullet.parent.answer and _SOLUTION.match(bullet.joined):
        bullet.parent.answer = bullet


def _opened(match: re.Match[str], number: int, last: Bullet | None) -> Bullet | None:
    indent = _indent(match[1])
    if last is None and indent >= 4:
        return None  # an indented code block
    while last and indent < last.indent + 2:
        last = last.parent
    if last:
        last.children = True
    return Bullet(number, indent, [match[4]], last)


def _indent(line: str) -> int:
    if not line.startswith((" ", "\t")):
        return 0
    line = line.expandtabs(4)
    return len(line) - len(line.lstrip(" "))
