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
_warnings: list[str] = []
_SUFFIX = ".md.j2"
_LONGEST = 200_000
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
    made = render_with_warning(name, values, journal_root)
    if made.warning and made.warning not in _warnings:
        _warnings.append(made.warning)
    return made.text


def take_warnings() -> list[str]:
    """Return what was wrong with templates that `render` filled in since it was last asked, once each.

    An entry, a rollup and a playbook are made deep inside a use case, dozens in one run; the command tells it at its
    end.
    """
    taken = list(_warnings)
    _warnings.clear()
    return taken


def render_with_warning(name: str, values: Mapping[str, object], journal_root: str = "") -> Rendered:
    """Return the text, and a warning with file, line and hint where the journal's own template is broken.

    JournalError where there is no template of that name, or the journal's own is broken and none is shipped.
    """
    own = os.path.join(journal_root, "journal", "templates", _checked(name)) if journal_root else ""
    shipped = next((path for path in (os.path.join(folder, name) for folder in _SHIPPED) if os.path.isfile(path)), "")
    warning = ""
    if own and os.path.lexists(own):
        try:
            _refuse_foreign(own, journal_root)
            return Rendered(_filled(own, values, trusted=False))
        except _Broken as error:
            warning = f"journal/templates/{name}:{error.line}: {error}"
    if shipped:
        text = _shipped(shipped, name, values)
        return Rendered(text, f"{warning}; the shipped template was used instead ({_HINT})" if warning else "")
    if warning:
        raise JournalError(warning, _HINT)
    known = ", ".join(template_names(journal_root))
    raise JournalError(f"there is no template {name}; there are: {known}", f"put it into journal/templates/{name}")


def template_names(journal_root: str = "") -> list[str]:
    """Return the names of the templates, the journal's own and those shipped, as `--template` takes them."""
    own = os.path.join(journal_root, "journal", "templates") if journal_root else ""
    found = {name.removesuffix(_SUFFIX) for folder in (own, *_SHIPPED) for name in _listed(folder)}
    return sorted(found)


def _listed(folder: str) -> list[str]:
    try:
        return [name for name in os.listdir(folder) if name.endswith(_SUFFIX) and not name.startswith(".")]
    except OSError:
        return []


def _refuse_foreign(path: str, journal_root: str) -> None:
    """Refuse what is no file of the journal: a link could make any file of this machine part of an entry."""
    top = os.path.realpath(journal_root) + os.sep
    if not os.path.realpath(path).startswith(top):
        raise _Broken(1, "a symbolic link that leads out of the journal")
    if not os.path.isfile(path):
        raise _Broken(1, "not a file")


def _checked(name: str) -> str:
    if not name or os.path.basename(name) != name or name.startswith(".") or "\\" in name or "\0" in name:
        raise JournalError(f"{name!r} is not the name of a template", "give a file name in journal/templates/")
    return name


def _shipped(path: str, name: str, values: Mapping[str, object]) -> str:
    try:
        return _filled(path, values, trusted=True)
    except _Broken as error:
        raise JournalError(f"{name}:{error.line}: {error}", "it is for another command: docs/templates.md") from error


def _filled(path: str, values: Mapping[str, object], *, trusted: bool) -> str:
    source = _source(path)
    plain = _plainly(source, values)
    if plain is not None:
        return plain
    return _by_jinja(path, source, values, trusted=trusted)


def _source(path: str) -> str:
    try:
        with open(path, encoding="utf-8-sig") as file:
            source = file.read(_LONGEST + 1)
    except UnicodeDecodeError as error:
        raise _Broken(1, f"not UTF-8 text ({error.reason})") from error
    except OSError as error:
        raise _Broken(1, f"cannot be read: {error.strerror}") from error
    if len(source) > _LONGEST:
        raise _Broken(1, f"longer than {_LONGEST:,} characters")
    return source


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

    from session_journal.store.sandbox import render_bounded

    try:
        known = (path, source, trusted)
        template = _compiled.get(known) or _compiled.setdefault(known, _compile(path, source, trusted=trusted))
        return str(template.render(dict(values))) if trusted else render_bounded(template, values)
    except jinja2.TemplateSyntaxError as error:
        line, message = error.lineno, error.message or "cannot be read"
        included = error.name not in {None, os.path.basename(path)}
        raise _Broken(
            *(_line(error, path), f"{error.name}:{line}: {message}") if included else (line, message)
        ) from error
    except jinja2.UndefinedError as error:
        raise _Broken(_line(error, path), f"{error.message}; known are {_known(values)}") from error
    except Exception as error:  # a template can fail in any way that Python can
        raise _Broken(_line(error, path), f"{type(error).__name__}: {error}") from error


def _compile(path: str, source: str, *, trusted: bool) -> jinja2.Template:
    import jinja2

    from session_journal.store.sandbox import BoundedEnvironment, InsideLoader

    make, loader = (jinja2.Environment, jinja2.FileSystemLoader) if trusted else (BoundedEnvironment, InsideLoader)
    environment = make(
        autoescape=False,  # what is made is markdown, not HTML
        undefined=jinja2.StrictUndefined,
        keep_trailing_newline=True,
        trim_blocks=True,
        lstrip_blocks=True,
        loader=loader([os.path.dirname(path), *_SHIPPED]),
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
