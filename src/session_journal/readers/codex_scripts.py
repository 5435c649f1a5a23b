"""The scripts of Codex's code mode: JavaScript in which the model calls its tools.

Only what a script says by itself is taken: calls that certainly run, with values that are written out. A call in a
branch, a loop or a function is left alone, and so is a value that is computed.
"""

from __future__ import annotations

import re
from typing import Any, NamedTuple

from session_journal.core.records import record

LIMIT = 256 * 1024
"""How many characters of a script are read; a longer one is not understood."""

_TOKEN = re.compile(
    r"(?P<space>\s+|//[^\n]*|/\*.*?(?:\*/|\Z))"
    r"|(?P<text>\"[^\"\\\n]*(?:\\.[^\"\\\n]*)*\"|'[^'\\\n]*(?:\\.[^'\\\n]*)*'|`[^`\\]*(?:\\.[^`\\]*)*`)"
    r"|(?P<word>[A-Za-z_$][\w$]*)|(?P<number>\d[\w.]*)|(?P<sign>=>|&&|\|\||\?\?|\?\.|\.\.\.|.)",
    re.DOTALL,
)
_PATTERN = re.compile(r"/(?:[^/\\\n\[]|\\.|\[(?:[^\]\\\n]|\\.)*\])+/[a-z]*")
_BEFORE_PATTERN = frozenset("(,=:[!&|?{};") | {"", "return", "&&", "||", "=>"}
_ESCAPE = re.compile(r"\\(u\{[0-9a-fA-F]{1,6}\}|u[0-9a-fA-F]{4}|x[0-9a-fA-F]{2}|\r\n|.)", re.DOTALL)
_ESCAPED = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f", "v": "\v", "0": "\0", "\n": "", "\r\n": ""}
_DOUBTFUL = frozenset(
    {"if", "for", "while", "switch", "case", "else", "function", "catch", "do", "=>", "&&", "||", "??", "?"}
)
_DECLARING = frozenset({"const", "let", "var"})
_NAMED = {"true": True, "false": False, "null": None, "undefined": None}
_CLOSING = {"(": ")", "[": "]", "{": "}"}
_DEPTH = 40


class Token(NamedTuple):
    """One word, sign, number or text of a script; `text` is its value where it is a text that is written out."""

    kind: str
    text: str


class Call(NamedTuple):
    """A call of a tool: its name, and what it is given, None where that is not written out."""

    name: str
    given: Any


class _UnknownError(Exception):
    """A value that is not written out."""


def calls_in(source: str) -> list[Call]:
    """Return the calls of tools that a script certainly makes, in their order."""
    return _Script(_tokens(source)).calls() if "tools" in source[:LIMIT] and len(source) <= LIMIT else []


def _tokens(source: str) -> list[Token]:
    found: list[Token] = []
    at, last = 0, ""
    while at < len(source):
        match = _PATTERN.match(source, at) if source[at] == "/" and last in _BEFORE_PATTERN else None
        if match is not None and source[at : at + 2] not in {"//", "/*"}:
            found.append(Token("pattern", ""))
        else:
            match = _TOKEN.match(source, at)
            if match is None:
                break
            kind, text = match.lastgroup or "sign", match.group()
            if kind != "space":
                found.append(_text(text, found) if kind == "text" else Token(kind, text))
        at = match.end()
        last = found[-1].text if found and found[-1].kind in {"word", "sign"} else "x" if found else ""
    return found


def _text(raw: str, before: list[Token]) -> Token:
    """Return a text as what it says; one into which values are put says nothing by itself."""
    inner = raw[1:-1]
    if raw[0] == "`":
        if "${" in inner:
            return Token("dynamic", "")
        if [token.text for token in before[-3:]] == ["String", ".", "raw"]:
            del before[-3:]
            return Token("text", inner)
    return Token("text", _unescaped(inner) if "\\" in inner else inner)


def _unescaped(text: str) -> str:
    plain = _ESCAPE.sub(lambda found: _character(found.group(1)), text)
    return plain.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _character(name: str) -> str:
    if name[0] in "ux" and len(name) > 1:
        number = int(name[1:].strip("{}"), 16)
        return chr(number) if number <= 0x10FFFF else "\ufffd"
    return _ESCAPED.get(name, name)


@record(slots=True)
class _Level:
    """Where a token stands. sure: what stands here runs; doubt: this statement or element may not."""

    sure: bool = True
    doubt: bool = False
    statements: bool = True


class _Script:
    """The tokens of a script, and the values that its names are known to have."""

    def __init__(self, tokens: list[Token]) -> None:
        self._tokens = [*tokens, *[Token("end", "")] * 5]
        self._known: dict[str, Any] = {}

    def calls(self) -> list[Call]:
        """Return the calls that certainly run."""
        found: list[Call] = []
        levels = [_Level()]
        for at, token in enumerate(self._tokens):
            level = levels[-1]
            if token.kind == "word":
                self._take_word(at, level, found)
            elif token.kind == "sign":
                self._take_sign(at, levels)
        return found

    def _take_word(self, at: int, level: _Level, found: list[Call]) -> None:
        word, before = self._tokens[at].text, self._sign(at - 1)
        if before in {".", "?."}:
            return
        if word in _DECLARING:
            level.doubt = False
            self._declare(at)
        elif word in _DOUBTFUL:
            level.doubt = True
        elif word == "tools" and self._sign(at + 1) == "." and self._sign(at + 3) == "(":
            if level.sure and not level.doubt:
                found.append(Call(self._tokens[at + 2].text, self._given(at + 4)))
        elif word in self._known and before not in _DECLARING and self._is_changed(at + 1):
            del self._known[word]

    def _take_sign(self, at: int, levels: list[_Level]) -> None:
        sign, level = self._tokens[at].text, levels[-1]
        if sign in _CLOSING:
            before = self._sign(at - 1)
            statements = sign == "{" and before in {")", "=>", ";", "{", "}", "", "try", "else", "finally", "do"}
            levels.append(_Level(level.sure and not level.doubt, statements=statements))
        elif sign in _CLOSING.values():
            if len(levels) > 1:
                ended = levels.pop()
                levels[-1].doubt = levels[-1].doubt and not ended.statements
        elif sign in _DOUBTFUL:
            level.doubt = True
        elif sign == ";" or (sign == "," and not level.statements):
            level.doubt = False

    def _sign(self, at: int) -> str:
        """Return a word or sign, "" for anything else."""
        token = self._tokens[at] if at >= 0 else Token("end", "")
        return token.text if token.kind in {"word", "sign"} else "" if at < 0 else token.kind

    def _is_changed(self, at: int) -> bool:
        """Say whether a name is given another value here, or something within its value may be."""
        signs = [self._sign(at), self._sign(at + 1)]
        return (signs[0] == "=" and signs[1] != "=") or signs in (["+", "="], ["+", "+"]) or signs[0] in {".", "["}

    def _declare(self, at: int) -> None:
        name = self._tokens[at + 1]
        if name.kind != "word" or self._sign(at + 2) != "=":
            return
        self._known.pop(name.text, None)
        try:
            self._known[name.text] = self._value(at + 3)[0]
        except _UnknownError:
            return

    def _given(self, at: int) -> Any:
        try:
            return self._value(at)[0]
        except _UnknownError:
            return None

    def _value(self, at: int, depth: int = 0) -> tuple[Any, int]:
        """Return the value that is written out at a place, and the place behind it."""
        value, at = self._one(at, depth)
        while self._sign(at) == "+":
            more, at = self._one(at + 1, depth)
            if not isinstance(value, str) or not isinstance(more, str):
                raise _UnknownError
            value += more
        if self._sign(at) not in {",", ";", ")", "]", "}", "end"} and self._tokens[at].kind != "word":
            raise _UnknownError
        return value, at

    def _one(self, at: int, depth: int) -> tuple[Any, int]:
        token = self._tokens[at]
        if depth > _DEPTH:
            raise _UnknownError
        if token.kind == "text":
            return token.text, at + 1
        if token.kind == "number":
            return token.text, at + 1
        if token.kind == "word" and (token.text in _NAMED or token.text in self._known):
            return _NAMED[token.text] if token.text in _NAMED else self._known[token.text], at + 1
        if token.text == "[" and token.kind == "sign":
            return self._list(at + 1, depth + 1)
        if token.text == "{" and token.kind == "sign":
            return self._object(at + 1, depth + 1)
        raise _UnknownError

    def _list(self, at: int, depth: int) -> tuple[Any, int]:
        items: list[Any] = []
        while self._sign(at) != "]":
            item, at = self._value(at, depth)
            items.append(item)
            at += self._sign(at) == ","
            if self._tokens[at].kind == "end":
                raise _UnknownError
        joined = [self._sign(at + step) for step in (1, 2, 3)] == [".", "join", "("] and self._sign(at + 5) == ")"
        between = self._tokens[at + 4] if joined else Token("end", "")
        if between.kind == "text" and all(isinstance(item, str) for item in items):
            return between.text.join(items), at + 6
        return items, at + 1

    def _object(self, at: int, depth: int) -> tuple[Any, int]:
        """Return an object without the members whose values are not written out."""
        members: dict[str, Any] = {}
        while self._sign(at) != "}":
            key = self._tokens[at]
            if key.kind not in {"word", "text"}:
                raise _UnknownError
            short = self._sign(at + 1) in {",", "}"}
            if not short and self._sign(at + 1) != ":":
                raise _UnknownError
            try:
                members[key.text], at = self._value(at if short else at + 2, depth)
            except _UnknownError:
                at = self._behind(at + 1 if short else at + 2)
            at += self._sign(at) == ","
        return members, at + 1

    def _behind(self, at: int) -> int:
        """Return the place of the sign that ends a value which is not written out."""
        depth = 0
        while self._tokens[at].kind != "end":
            sign = self._sign(at)
            if depth == 0 and sign in {",", "}", "]", ")"}:
                return at
            depth += (sign in _CLOSING) - (sign in _CLOSING.values())
            at += 1
        raise _UnknownError
