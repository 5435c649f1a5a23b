"""Values as YAML text: quoted exactly where a YAML 1.1 or 1.2 reader would take them for something else."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

KEY_ORDER = (
    "id", "title", "date", "created", "updated", "type", "status", "visibility", "project", "agent", "model", "kind",
    "phase", "duration", "goals", "plan", "outcome", "effectiveness", "tags", "checks", "source", "source_sha256",
    "turns", "skipped", "drafted_by", "verified",
)  # fmt: skip
TEXT_KEYS = frozenset({
    "id", "title", "type", "status", "visibility", "project", "agent", "model", "kind", "phase", "outcome", "source",
    "source_sha256", "drafted_by", "verified",
})  # fmt: skip
TEXT_LIST_KEYS = frozenset({"tags", "goals", "plan", "checks"})
DATE_KEYS = frozenset({"date", "created", "updated"})

_INDICATORS = frozenset("-?:,[]{}#&*!|>'\"%@`=<~")
_WORDS = frozenset({"y", "n", "yes", "no", "on", "off", "true", "false", "null"})
_ESCAPES = {
    "\\": "\\\\", '"': '\\"', "\n": "\\n", "\t": "\\t", "\r": "\\r", "\0": "\\0", "\x07": "\\a", "\x08": "\\b",
    "\x1b": "\\e",
}  # fmt: skip
_NUMBERS = (
    r"[-+]?(?:0b[01_]+|0x[0-9a-f_]+|0o?[0-7_]+)",
    r"[-+]?(?:\.[0-9_]+|[0-9][0-9_]*(?:\.[0-9_]*)?)(?:e[-+]?[0-9]+)?",
    r"[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?",
    r"[-+]?\.inf|\.nan",
    r"\d{4}-\d{1,2}-\d{1,2}(?:(?:t|[ \t]+)\d{1,2}:\d{2}:\d{2}(?:\.\d*)?[ \t]*(?:z|[-+][0-9:]{1,5})?)?",
)


def is_text_key(key: str) -> bool:
    """Tell whether a key's value is text whatever it looks like (ids, hashes, names)."""
    return key in TEXT_KEYS or key in TEXT_LIST_KEYS or is_quoted_key(key)


def is_quoted_key(key: str) -> bool:
    """Tell whether a key holds an id or a hash, which are always written in double quotes."""
    return key in {"id", "version_of"} or key.endswith(("_id", "_sha256"))


def as_text(key: str, value: object) -> object:
    """Return a value as its key holds it: text for a key of names, a list of text for a key of such lists."""
    if isinstance(value, (list, tuple)):
        return [_plainly(item) for item in value] if key in TEXT_LIST_KEYS else list(value)
    return _plainly(value) if is_text_key(key) else value


def ordered(keys: Iterable[str]) -> list[str]:
    """Sort keys into the order of an entry's front matter; unknown ones follow in the order given."""
    known = {key: place for place, key in enumerate(KEY_ORDER)}
    return sorted(keys, key=lambda key: known.get(key, len(known)))


def field(key: str, value: object, newline: str = "\n", indent: str = "") -> str:
    """Return the lines of one top-level key: block lists, dates unquoted, ids and hashes double-quoted."""
    name = f"{indent}{scalar(key)}:"
    value = as_text(key, value)
    if isinstance(value, list) and value:
        return name + newline + "".join(f"{indent}  - {flow(item, inside=False)}{newline}" for item in value)
    return f"{name} {inline(key, value)}{newline}"


def inline(key: str, value: object) -> str:
    """Return the text of one key's value that stands on the key's own line."""
    value = as_text(key, value)
    if isinstance(value, str):
        if is_quoted_key(key):
            return double_quoted(value)
        if key in DATE_KEYS and _is_iso(value):
            return value
    return flow(value, inside=False)


def flow(value: object, *, inside: bool = True) -> str:
    """Return a value on one line; `inside` a flow collection more characters need quotes."""
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(flow(item) for item in value) + "]"
    if isinstance(value, dict):
        return "{" + _pairs(value) + "}"
    text = scalar(value)
    if inside and isinstance(value, str) and not text.startswith('"') and not _OPEN.isdisjoint(text):
        return double_quoted(value)
    return text


def scalar(value: object) -> str:
    """Return one scalar: None, booleans, numbers and dates as YAML writes them, text quoted where it must be."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return value if is_plain(value) else double_quoted(value)
    if isinstance(value, float):
        return _float(value)
    stamp = getattr(value, "isoformat", None)
    return str(stamp()) if stamp is not None else str(value)


def is_plain(text: str) -> bool:
    """Tell whether text may stand without quotes and comes back as the same text."""
    return is_plain_line(text) and all(map(_is_shown, text))


def is_plain_line(text: str) -> bool:
    """Tell the same of text that is known to hold neither line breaks nor control characters."""
    if not text or text != text.strip() or text[0] in _INDICATORS or text.lower() in _WORDS:
        return False
    if ": " in text or text.endswith(":") or " #" in text or text.startswith("..."):
        return False
    return text[0] not in "+.0123456789" or not _is_number(text)


def double_quoted(text: str) -> str:
    """Return text in double quotes, with escapes for all that YAML does not carry as it is."""
    return '"' + "".join(_ESCAPES.get(char) or _escaped(char) for char in whole(text)) + '"'


def whole(text: str) -> str:
    """Return text without lone surrogates, which no UTF-8 file can hold."""
    if text.isascii() or not any("\ud800" <= char <= "\udfff" for char in text):
        return text
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def _plainly(value: object) -> object:
    return value if value is None or isinstance(value, (str, list, tuple, dict)) else str(value)


_OPEN = frozenset(",[]{}?:")


def _pairs(value: Mapping[object, object]) -> str:
    return ", ".join(f"{flow(key)}: {flow(item)}" for key, item in value.items())


def _escaped(char: str) -> str:
    if _is_shown(char):
        return char
    code = ord(char)
    if code <= 0xFF:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"


def _is_shown(char: str) -> bool:
    if char <= "~":
        return char >= " "
    return not ("\x7f" <= char <= "\x9f" or "\ud800" <= char <= "\udfff" or char in "\u2028\u2029\ufeff\ufffe\uffff")


def _is_number(text: str) -> bool:
    import re  # noqa: PLC0415  (only text that starts like a number pays for it)

    return any(re.fullmatch(pattern, text, re.IGNORECASE) for pattern in _NUMBERS)


def _float(value: float) -> str:
    text = repr(value)
    if text in {"inf", "-inf", "nan"}:
        return text.replace("inf", ".inf").replace("nan", ".nan")
    # YAML 1.1 wants a dot in the mantissa and a sign in the exponent: 1e16 would come back as text.
    mantissa, e, exponent = text.partition("e")
    if e and "." not in mantissa:
        mantissa += ".0"
    return mantissa + e + exponent if not e or exponent[0] in "+-" else f"{mantissa}e+{exponent}"


def _is_iso(text: str) -> bool:
    from datetime import datetime  # noqa: PLC0415  (strings in date keys are rare)

    if len(text) > 40 or not text.isascii() or len(text) < 10 or text[4:5] != "-" or text[7:8] != "-":
        return False
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return False
    return len(text) == 10 or _is_number(text)
