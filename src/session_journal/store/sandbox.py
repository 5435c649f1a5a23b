"""What a journal's own template may do: fill in values, within bounds, for a cloned journal may have brought it.

jinja2's sandbox keeps a template from Python's internals, and `range` from more than 100,000 steps. It does not keep
nested loops, powers, widths and doubled texts from taking all time and memory there is; these bounds do.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import wraps
from types import FrameType
from typing import Any

import jinja2
from jinja2.exceptions import SecurityError
from jinja2.runtime import Context, markup_join, str_join
from jinja2.sandbox import ImmutableSandboxedEnvironment

LONGEST_TEXT = 1_000_000
_STEPS = 1_000_000
_MOST_MADE = 20 * LONGEST_TEXT
_made = [0]  # how much all steps of the template that is rendered now have made
_LARGEST_ARGUMENT = 10_000
_LARGEST_ITERATOR = 100_000
_LARGEST_PRODUCT = 10_000_000
_LARGEST_NUMBER = 10**15
_DIGITS = 50
_JOINS = {markup_join.__code__, str_join.__code__}
_WIDTH = re.compile(r"\d{5,}|\*")


class BoundedEnvironment(ImmutableSandboxedEnvironment):
    """A sandbox in which no single step can take for ever; the sum of steps is bounded by `bounded`."""

    intercepted_binops = frozenset({"*", "**", "%", "+"})

    def __init__(self, **options: Any) -> None:
        super().__init__(finalize=_printable, **options)
        self.filters = {name: _guarded(function) for name, function in self.filters.items()}
        del self.globals["lipsum"]  # text by chance: the same entry would never look the same

    def call(self, context: Context, obj: Any, /, *args: Any, **kwargs: Any) -> Any:  # noqa: D102 - jinja2's own
        if obj is not self.globals["range"]:  # which jinja2 bounds
            owner = getattr(getattr(obj, "__wrapped__", obj), "__self__", None)  # the text that is formatted
            _weigh(owner, args, kwargs, is_format=getattr(obj, "__name__", "") in {"format", "format_map"})
        return _short(super().call(context, obj, *args, **kwargs))

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:  # noqa: D102 - jinja2's own
        if operator == "**" and not (_are_numbers(left, right) and abs(right) * len(str(abs(left))) <= _DIGITS):
            raise SecurityError("the power is too big")
        if operator == "*" and (isinstance(left, list | tuple) or isinstance(right, list | tuple)):
            raise SecurityError("a list cannot be repeated")
        if operator == "*" and _size(left, 1) * _size(right, 1) > _LARGEST_NUMBER:
            raise SecurityError("the product is too large")
        if operator == "*" and not _are_numbers(left, right) and _size(left, 1) * _size(right, 1) > LONGEST_TEXT:
            raise SecurityError("the text is too long")
        if operator == "%":
            _weigh(left, (right,), {}, is_format=isinstance(left, str))
        return _short(super().call_binop(context, operator, left, right))


class InsideLoader(jinja2.FileSystemLoader):
    """Finds templates in the journal's folder (the first) and among those shipped, and follows no link out of it."""

    def get_source(self, environment: jinja2.Environment, template: str) -> Any:  # noqa: D102 - jinja2's own
        folder = os.path.realpath(self.searchpath[0]) + os.sep
        path = os.path.join(folder, template)
        if os.path.isfile(path) and not os.path.realpath(path).startswith(folder):
            raise SecurityError(f"{template} is a symbolic link that leads out of its folder")
        return super().get_source(environment, template)


def render_bounded(template: jinja2.Template, values: Mapping[str, object]) -> str:
    """Return what a template makes of values; SecurityError where that takes too many steps or becomes too long."""
    parts, length = [], 0
    with _bounded():
        for part in template.generate(dict(values)):
            parts.append(part)
            length += len(part)
            if length > LONGEST_TEXT:
                raise SecurityError(f"it writes more than {LONGEST_TEXT:,} characters")
    return "".join(parts)


@contextmanager
def _bounded() -> Iterator[None]:
    """Count the lines of Python that run, and end what runs too long.

    A clock would end a slow machine's good templates, a thread cannot be ended, and a process for each entry is slow.
    """
    left = _STEPS
    _made[0] = 0

    def watch(frame: FrameType, event: str, value: Any) -> Any:
        nonlocal left
        if frame.f_code.co_filename == __file__:
            return None  # what bounds the others looks at what it returns itself
        left -= 1
        if left < 0:
            raise SecurityError(f"it takes more than {_STEPS:,} steps")
        if event == "return":
            _short(value)
        if event == "call" and frame.f_code in _JOINS:
            for part in frame.f_locals["seq"]:
                _printable(part)
        return watch

    before = sys.gettrace()
    sys.settrace(watch)
    try:
        yield
    finally:
        sys.settrace(before)


def _short(value: Any) -> Any:
    """Return a value that is not too long yet."""
    if isinstance(value, (str, list, tuple)):
        _made[0] += len(value)
        if len(value) > LONGEST_TEXT or _made[0] > _MOST_MADE:
            raise SecurityError("a value in it becomes too long")
    return value


def _guarded(function: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(function)
    def guarded(*args: Any, **kwargs: Any) -> Any:
        _weigh(None, args, kwargs, is_format=function.__name__ == "do_format")
        return _short(function(*args, **kwargs))

    return guarded


def _weigh(owner: Any, args: tuple[Any, ...], kwargs: Mapping[str, Any], *, is_format: bool) -> None:
    """Refuse arguments that would make one call of a text or a list as large as the machine."""
    given = [owner, *args, *kwargs.values()]
    if any(_is_number(one) and abs(one) > _LARGEST_ARGUMENT for one in given[1:]):
        raise SecurityError("a number in it is too big")
    for one in given:
        _printable(one)
    largest = sorted((_size(one, 0) for one in given), reverse=True)[:2]
    if len(largest) == 2 and largest[0] * largest[1] > _LARGEST_PRODUCT:
        raise SecurityError("the text is too long")
    text = owner if isinstance(owner, str) else next((one for one in args if isinstance(one, str)), "")
    if is_format and _WIDTH.search(text):
        raise SecurityError("a width in it is too big")


def _size(value: Any, otherwise: int) -> int:
    if _is_number(value):
        return int(abs(value))
    if isinstance(value, (str, bytes, range)):
        return len(value)
    if isinstance(value, (list, tuple, dict, set, frozenset)):
        return _nodes(value)
    return _LARGEST_ITERATOR if isinstance(value, Iterator) else otherwise


def _nodes(value: Any) -> int:
    """Count what is in a value and in what that holds, up to a limit: lists in lists grow by powers."""
    count, left = 0, [value]
    while left and count <= _LARGEST_ITERATOR:
        one = left.pop()
        count += 1
        if isinstance(one, dict):
            left += [*one, *one.values()]
        elif isinstance(one, (list, tuple, set, frozenset)):
            left += one
    return count


def _printable(value: Any) -> Any:
    """Refuse to print what is too long to be printed."""
    if isinstance(value, (list, tuple, dict)) and _nodes(value) > _LARGEST_ITERATOR // 2:
        raise SecurityError("a value in it is too long to be printed")
    return value


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and value == value  # noqa: PLR0124 - not a number is none


def _are_numbers(left: Any, right: Any) -> bool:
    return _is_number(left) and _is_number(right)
