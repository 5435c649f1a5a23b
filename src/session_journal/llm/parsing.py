"""From what a model wrote to the value that was asked for, whatever it wrote around it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from pydantic import BaseModel, ValidationError

MOST_CHARACTERS = 500_000
"""Characters of a text that is looked at: many times a reply's, thoughts included."""
MOST_BRACKETS = 500
MOST_COMMAS = 50
"""Places at which a value is looked for, and commas that are taken out of one: no text may take for ever."""

_THOUGHT = re.compile(r"\s*<(think|thinking|reasoning)>", re.IGNORECASE)
_THOUGHT_END = re.compile(r"</(?:think|thinking|reasoning)>", re.IGNORECASE)
_OPENING = re.compile(r"[{\[]")
_NAME = re.compile(r"[A-Za-z_]\w{0,40}")
# Small models put real line breaks into strings.
_DECODER = json.JSONDecoder(strict=False)


class UnreadableError(Exception):
    """Say what is wrong with a reply, in words that may be sent back. is_json: a value was found, but no right one."""

    def __init__(self, problem: str, *, is_json: bool) -> None:
        super().__init__(problem)
        self.problem = problem
        self.is_json = is_json


def read_value(text: str, schema: type[BaseModel]) -> BaseModel:
    """Return the last value in a model's text that fits the schema; UnreadableError where there is none."""
    if len(text) > MOST_CHARACTERS:
        raise UnreadableError("it is far too long", is_json=False)
    problem = ""
    for found in _found(text):
        for value in _meant(found, schema):
            try:
                return schema.model_validate_json(_dumped(value))
            except ValidationError as error:
                problem = problem or _problems(error)
            except RecursionError:
                problem = problem or "it is nested too deep"
        problem = problem or f"it has none of the fields {', '.join(sorted(_fields(schema)))}"
    if not problem:
        raise UnreadableError("it holds no JSON object", is_json=False)
    raise UnreadableError(problem, is_json=True)


def _found(text: str) -> Iterator[Any]:
    """Yield the values in a text, the last first; none from within the model's thoughts."""
    text = text.strip().removeprefix("\ufeff")
    if text[:1] in {"{", "[", '"'}:
        whole, end = _decoded(text, 0)
        if end and not text[end:].strip():
            yield whole
            return
    text = _spoken(text)
    values = list(_values(text))
    ends = (mark.start() for mark in _THOUGHT_END.finditer(text))
    # A mark within a value is text that the value holds; one outside ends thoughts whose opening was left out.
    outside = (at for at in ends if not any(start < at < end for start, end, _ in values))
    spoken_from = max(outside, default=-1)
    yield from (value for start, _, value in reversed(values) if start > spoken_from)


def _spoken(text: str) -> str:
    """Return what follows thoughts that stand at the front; ones that are never closed are as good as spoken."""
    if not _THOUGHT.match(text):
        return text
    end = _THOUGHT_END.search(text)
    return text[end.end() :] if end else text


def _values(text: str) -> Iterator[tuple[int, int, Any]]:
    """Yield the objects and lists that stand in a text with their places, none from within another one."""
    at, commas = 0, MOST_COMMAS
    for _ in range(MOST_BRACKETS):
        opening = _OPENING.search(text, at)
        if not opening:
            return
        value, end = _decoded(text, opening.start(), commas)
        if not end:
            commas = commas // 2 or 1  # each copies the text: what cannot be mended is not tried for ever
        if end and value:
            yield opening.start(), end, value
        at = end or opening.end()


def _decoded(text: str, at: int, commas: int = MOST_COMMAS) -> tuple[Any, int]:
    """Return the value that begins here, commas before a closing bracket forgiven, and where it ends; 0 for none."""
    for _ in range(commas):
        try:
            return _DECODER.raw_decode(text, at)
        except json.JSONDecodeError as error:
            comma = _spare_comma(text, error.pos)
            if comma < 0:
                return None, 0
            text = f"{text[:comma]} {text[comma + 1 :]}"
        except (ValueError, RecursionError):
            return None, 0
    return None, 0


def _spare_comma(text: str, at: int) -> int:
    """Return where the comma is that made the decoder stop here, before a closing bracket; -1 for another cause."""
    comma = at if text[at : at + 1] == "," else len(text[:at].rstrip()) - 1
    after = text[comma + 1 : at + 100].lstrip()[:1]
    return comma if comma >= 0 and text[comma] == "," and after in {"}", "]"} else -1


def _meant(value: Any, schema: type[BaseModel]) -> Iterator[Any]:
    """Yield what a value may have been meant as: itself, what its only key wraps, its only item, a bare list."""
    if isinstance(value, str):
        inner, end = _decoded(value.strip(), 0)
        value = inner if end else value
    if isinstance(value, list):
        if len(schema.model_fields) == 1:
            yield {next(iter(schema.model_fields)): value}
        value = value[0] if len(value) == 1 else None
    if isinstance(value, dict) and len(value) == 1 and not _fields(schema) & value.keys():
        value = next(iter(value.values()))
    # Keys that nobody asked for are ignored, so that an object of nothing else would count as an empty answer.
    if isinstance(value, dict) and (not value or _fields(schema) & value.keys()):
        yield value


def _fields(schema: type[BaseModel]) -> set[str]:
    return {field.alias or name for name, field in schema.model_fields.items()}


def _dumped(value: Any) -> bytes:
    """Return a value as JSON; half of a character that was cut in two becomes a question mark."""
    return json.dumps(value, ensure_ascii=False).encode("utf-8", "replace")


def _problems(error: ValidationError) -> str:
    """Name the first problems: where and what, but nothing of what the model wrote."""
    found = [
        f"{'.'.join(_place(part) for part in each['loc']) or 'the value'}: {each['msg']}"
        for each in error.errors(include_url=False, include_input=False, include_context=False)[:5]
    ]
    return "; ".join(found)


def _place(part: str | int) -> str:
    return str(part) if isinstance(part, int) or _NAME.fullmatch(part) else "?"
