"""Document: a markdown file with front matter, kept byte for byte apart from what an edit must change."""

from __future__ import annotations

from session_journal.core.scalars import field, ordered, whole
from session_journal.errors import DocumentError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

_BOM = "\ufeff"


class Document:
    """A markdown file in its parts; joined again they are the file's own bytes.

    front: the raw text between the fences. body: all after the closing fence. opening, closing: the fence lines as
    they stand ("" without front matter). newline: how the first line ends, used for lines that are added.
    """

    __slots__ = ("_values", "body", "bom", "closing", "front", "newline", "opening")

    bom: bool
    newline: str
    opening: str
    front: str
    closing: str
    body: str

    def __init__(
        self,
        *,
        body: str,
        opening: str = "",
        front: str = "",
        closing: str = "",
        newline: str = "\n",
        bom: bool = False,
    ) -> None:
        put = object.__setattr__
        put(self, "bom", bom)
        put(self, "newline", newline)
        put(self, "opening", opening)
        put(self, "front", front)
        put(self, "closing", closing)
        put(self, "body", body)
        put(self, "_values", None)

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"a Document is immutable: {name}")

    @property
    def has_front(self) -> bool:
        """Tell whether the file has front matter, even an empty one."""
        return bool(self.opening)

    @property
    def text(self) -> str:
        """Return the whole file as text, without a byte order mark."""
        return self.opening + self.front + self.closing + self.body

    def _parts(self) -> tuple[bool, str, str, str, str, str]:
        return self.bom, self.newline, self.opening, self.front, self.closing, self.body

    def __eq__(self, other: object) -> bool:
        return self._parts() == other._parts() if isinstance(other, Document) else NotImplemented

    def __hash__(self) -> int:
        return hash(self._parts())

    def __repr__(self) -> str:
        return f"Document({self.text[:60]!r}, newline={self.newline!r}, bom={self.bom})"


def parse(data: bytes, path: str = "") -> Document:
    """Read a file; DocumentError with path:line if it is not UTF-8, empty, or its front matter cannot be read."""
    doc = split(decode(data, path), path)
    if doc.front:
        object.__setattr__(doc, "_values", _read(doc.front, path))
    return doc


def decode(data: bytes, path: str = "") -> str:
    """Return the text of a file's bytes, byte order mark included."""
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise DocumentError(
            f"{place(path, line)}: not UTF-8 text (byte 0x{data[error.start]:02x})", "save the file as UTF-8"
        ) from None
    if not text.strip(_BOM + " \t\r\n"):
        raise DocumentError(f"{place(path, 1)}: the file is empty", "write something into it, or delete it")
    return text


def split(text: str, path: str = "") -> Document:
    """Take a file's text apart without reading the front matter's YAML."""
    bom = text.startswith(_BOM)
    text = text[1:] if bom else text
    end = text.find("\n") + 1
    newline = "\r\n" if text[:end].endswith("\r\n") else "\n"
    if text[: end or len(text)].rstrip(" \t\r\n") != "---":
        return Document(body=text, newline=newline, bom=bom)
    start, after = _closing(text, end or len(text), path)
    front, closing, body = text[end:start], text[start:after], text[after:]
    return Document(opening=text[:end], front=front, closing=closing, body=body, newline=newline, bom=bom)


def dump(doc: Document) -> bytes:
    """Return the file's bytes: those that were parsed, apart from what was changed."""
    return ((_BOM if doc.bom else "") + doc.text).encode("utf-8")


def fields(doc: Document, path: str = "") -> dict[str, object]:
    """Return the front matter's values: dates as dates, ids and names as text; a double key is a DocumentError."""
    if not doc.front:
        return {}
    values: dict[str, object] | None = doc._values  # type: ignore[attr-defined]  # noqa: SLF001  (set by parse)
    if values is None:
        values = _read(doc.front, path)
        object.__setattr__(doc, "_values", values)
    return {key: list(value) if isinstance(value, list) else value for key, value in values.items()}


def set_fields(doc: Document, values: Mapping[str, object | None]) -> Document:
    """Return the document with these keys set (None removes one); only the lines that must change do."""
    if not doc.has_front:
        fence = "---" + doc.newline
        present = {key: value for key, value in values.items() if value is not None}
        if not present:
            return doc
        front = _front(present, doc.newline)
        return _with(doc, opening=fence, front=front, closing=fence)
    from session_journal.core.edits import edit  # noqa: PLC0415  (reads YAML: not for the quick path)

    return _with(doc, front=edit(doc.front, fields(doc), values, doc.newline))


def set_body(doc: Document, body: str) -> Document:
    """Return the document with another body; in a file of CRLF lines its lines end so too."""
    body = whole(body)
    if doc.newline == "\r\n" and "\n" not in doc.text.replace("\r\n", ""):
        body = body.replace("\r\n", "\n").replace("\n", "\r\n")
    ended = not doc.closing or doc.closing.endswith("\n") or not body
    return _with(doc, body=body, closing=doc.closing if ended else doc.closing + doc.newline)


def compose(values: Mapping[str, object], body: str) -> Document:
    """Return a new document: keys in an entry's order (None leaves one out), a blank line, then the body."""
    present = {key: value for key, value in values.items() if value is not None}
    text = whole(body)
    gap = "" if not text or text.startswith(("\n", "\r\n")) else "\n"
    return Document(opening="---\n", front=_front(present, "\n"), closing="---\n", body=gap + text)


def conflict_line(data: bytes) -> int:
    """Return the line in which an unresolved conflict of a merge begins, 0 where there is none."""
    lines = data.split(b"\n") if b"<<<<<<< " in data and b">>>>>>> " in data else []
    marker = next((number for number, line in enumerate(lines, 1) if line.startswith(b"<<<<<<< ")), 0)
    return marker if marker and any(line.startswith(b">>>>>>> ") for line in lines[marker:]) else 0


def refuse_conflict(data: bytes, path: str = "") -> None:
    """Refuse a file with an unresolved conflict: nobody can tell which of its two sides it says."""
    if line := conflict_line(data):
        raise DocumentError(
            f"{place(path, line)}: a merge left an unresolved conflict here",
            "keep one side, and delete the marker lines",
        )


def place(path: str, line: int) -> str:
    """Return `path:line` as error messages name a place."""
    return f"{path}:{line}" if path else f"line {line}"


def _front(values: Mapping[str, object], newline: str) -> str:
    return "".join(field(key, values[key], newline) for key in ordered(values))


def _with(doc: Document, **parts: str) -> Document:
    kept = {"body": doc.body, "front": doc.front, "opening": doc.opening, "closing": doc.closing} | parts
    if all(getattr(doc, name) == part for name, part in kept.items()):
        return doc
    return Document(**kept, newline=doc.newline, bom=doc.bom)


def _closing(text: str, start: int, path: str) -> tuple[int, int]:
    while start < len(text):
        end = text.find("\n", start) + 1 or len(text)
        if text[start:end].rstrip(" \t\r\n") in {"---", "..."}:
            return start, end
        start = end
    raise DocumentError(f"{place(path, 1)}: the front matter is not closed", "end it with a line of three dashes: ---")


def _read(front: str, path: str) -> dict[str, object]:
    from session_journal.core import flat  # noqa: PLC0415  (only reading needs it: not for the quick path)

    values = flat.read(front)
    if values is not None:
        return values
    from session_journal.core.front import read  # noqa: PLC0415  (imports yaml, which takes longer than a commit)

    return read(front, path)
