"""Templates: the shipped ones and a journal's own, filled with values."""

from __future__ import annotations

import os

from session_journal.errors import JournalError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    import jinja2

_HERE = os.path.dirname(os.path.abspath(__file__))
# In the wheel the templates lie in the package; an editable install has them only at the repository's top.
_SHIPPED = (
    os.path.join(os.path.dirname(_HERE), "templates"),
    os.path.join(os.path.dirname(os.path.dirname(os.path.dirname(_HERE))), "templates"),
)
_compiled: dict[tuple[str, str, bool], jinja2.Template] = {}
_HINT = "correct the template, or delete it to use the shipped one"


class Rendered:
    """Filled-in markdown, and what was wrong with the journal's own template ("" if nothing)."""

    __slots__ = ("text", "warning")

    def __init__(self, text: str, warning: str = "") -> None:
        self.text = text
        self.warning = warning


class _Broken(Exception):  # noqa: N818  (a finding that ends as a warning or a JournalError)
    def __init__(self, line: int, message: str) -> None:
        super().__init__(message)
        self.line = line


def render(name: str, values: Mapping[str, object], journal_root: str = "") -> str:
    """Return a template's text with the values filled in; a broken one of the journal's own gives way to ours."""
    return render_with_warning(name, values, journal_root).text


def render_with_warning(name: str, values: Mapping[str, object], journal_root: str = "") -> Rendered:
    """Return the text, and a warning with file, line and hint where the journal's own template is broken.

    JournalError where there is no template of that name, or the journal's own is broken and none is shipped.
    """
    own = os.path.join(journal_root, "journal", "templates", _checked(name)) if journal_root else ""
    shipped = next((path for path in (os.path.join(folder, name) for folder in _SHIPPED) if os.path.isfile(path)), "")
    warning = ""
    if own and os.path.isfile(own):
        try:
            return Rendered(_filled(own, values, trusted=False))
        except _Broken as error:
            warning = f"journal/templates/{name}:{error.line}: {error}"
    if shipped:
        text = _shipped(shipped, name, values)
        return Rendered(text, f"{warning}; the shipped template was used instead ({_HINT})" if warning else "")
    if warning:
        raise JournalError(warning, _HINT)
    raise JournalError(f"there is no template {name}", f"put it into journal/templates/{name}")


def _checked(name: str) -> str:
    if not name or os.path.basename(name) != name or name.startswith(".") or "\\" in name or "\0" in name:
        raise JournalError(f"{name!r} is not the name of a template", "give a file name in journal/templates/")
    return name


def _shipped(path: str, name: str, values: Mapping[str, object]) -> str:
    try:
        return _filled(path, values, trusted=True)
    except _Broken as error:
        raise JournalError(f"{name}:{error.line}: {error}") from error


def _filled(path: str, values: Mapping[str, object], *, trusted: bool) -> str:
    source = _source(path)
    plain = _plainly(source, values)
    if plain is not None:
        return plain
    return _by_jinja(path, source, values, trusted=trusted)


def _source(path: str) -> str:
    try:
        with open(path, encoding="utf-8-sig") as file:
            return file.read()
    except UnicodeDecodeError as error:
        raise _Broken(1, f"not UTF-8 text ({error.reason})") from error
    except OSError as error:
        raise _Broken(1, f"cannot be read: {error.strerror}") from error


def _plainly(source: str, values: Mapping[str, object]) -> str | None:
    """Fill in a template that has only `{{ word }}`; None where it needs jinja2 (slower than a commit)."""
    if "{%" in source or "{#" in source:
        return None
    head, *parts = source.split("{{")
    out = [head]
    line = 1 + head.count("\n")
    for part in parts:
        word, closed, rest = part.partition("}}")
        word = word.strip()
        if not closed or not (word.isascii() and word.isidentifier()) or word in {"true", "false", "none"}:
            return None
        if word not in values:
            raise _Broken(line, f"`{word}` is not known here; known are {_known(values)}")
        out += [_text(values[word]), rest]
        line += part.count("\n")
    return "".join(out)


def _text(value: object) -> str:
    return str(value)


def _known(values: Mapping[str, object]) -> str:
    return ", ".join(sorted(values)) or "no words"


def _by_jinja(path: str, source: str, values: Mapping[str, object], *, trusted: bool) -> str:
    import jinja2

    try:
        known = (path, source, trusted)
        template = _compiled.get(known) or _compiled.setdefault(known, _compile(path, source, trusted=trusted))
        return str(template.render(dict(values)))
    except jinja2.TemplateSyntaxError as error:
        raise _Broken(error.lineno, error.message or "cannot be read") from error
    except jinja2.UndefinedError as error:
        raise _Broken(_line(error, path), f"{error.message}; known are {_known(values)}") from error
    except Exception as error:  # a template can fail in any way that Python can
        raise _Broken(_line(error, path), f"{type(error).__name__}: {error}") from error


def _compile(path: str, source: str, *, trusted: bool) -> jinja2.Template:
    import jinja2
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    make = jinja2.Environment if trusted else ImmutableSandboxedEnvironment
    environment = make(
        autoescape=False,  # what is made is markdown, not HTML
        undefined=jinja2.StrictUndefined,
        keep_trailing_newline=True,
        trim_blocks=True,
        lstrip_blocks=True,
        loader=jinja2.FileSystemLoader([os.path.dirname(path), *_SHIPPED]),
    )
    code = environment.compile(source, name=os.path.basename(path), filename=path)
    return jinja2.Template.from_code(environment, code, environment.make_globals(None))


def _line(error: BaseException, path: str) -> int:
    """Return the template's line from which an error came, as jinja2 writes it into the traceback."""
    line, trace = 1, error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == path:
            line = trace.tb_lineno
        trace = trace.tb_next
    return line
