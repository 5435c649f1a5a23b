"""The words of a text as search sees them: identifiers also in parts, scripts without spaces as pairs, stop words."""

from __future__ import annotations

import re
from functools import lru_cache

_STOP = """
    a about after again all also am an and any are aren aren't as at be because been before being between both but by
    can can't could couldn couldn't did didn didn't do does doesn doesn't doing don don't down during each few for
    from further get gets getting got had hadn hadn't has hasn hasn't have haven haven't having he her
    here hers herself him himself his how i if in into is isn isn't it it's its itself just me might more most
    much must my myself no nor not now of off on once only or other our ours ourselves out over own same shall
    she should shouldn shouldn't so some such than that that's the their theirs them themselves then there these
    they this those through to too under until up very was wasn wasn't we were weren weren't what what's when
    where which while who whom whose why will with won won't would wouldn wouldn't you your yours yourself yourselves
"""
STOP = frozenset(_STOP.split())
"""English words that carry no topic; a query made of nothing else keeps them."""

_TOKEN = re.compile(r"[^\W_]+")
_MIXED = re.compile(r"[^\W_]*(?:[^\W\d_]\d|\d[^\W\d_]|[a-z][A-Z]|[A-Z]{2}[a-z])[^\W_]*")
_PART = re.compile(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+|[A-Z]+|\d+|[^\W\d_A-Za-z]+")
_UNSPACED = re.compile(
    r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]{2,}"
)
_UNSAFE = re.compile(r"[\x00\ud800-\udfff]")


def clean(text: str) -> str:
    """Replace what SQLite cannot store: NUL and lone surrogates."""
    return _UNSAFE.sub(" ", text)


def tokens(text: str) -> list[str]:
    """Return the tokens that the index makes of a text, before stemming."""
    return [token.lower() for token in _TOKEN.findall(clean(text))]


def raw_tokens(text: str) -> list[str]:
    """Return the tokens of a text in the case they were written in."""
    return _TOKEN.findall(clean(text))


@lru_cache(maxsize=4096)
def split_identifier(token: str) -> tuple[str, ...]:
    """Return the parts of `InitializeSession` or `utf8Text`, lower case; nothing for a plain word."""
    if not _MIXED.fullmatch(token):
        return ()
    parts = tuple(part.lower() for part in _PART.findall(token))
    return parts if len(parts) > 1 else ()


def pairs(run: str) -> list[str]:
    """Return the overlapping pairs of characters of a run written without spaces."""
    return [run[at : at + 2] for at in range(len(run) - 1)]


def unspaced(text: str) -> list[str]:
    """Return the runs of a text in scripts that put no spaces between words."""
    return [] if text.isascii() else _UNSPACED.findall(text)


def parts(text: str) -> str:
    """Return what the index knows of a text beside its plain tokens: parts of identifiers and pairs of characters."""
    tokens = [token for token in _TOKEN.findall(text) if not (token.islower() and token.isalpha())]
    found = [" ".join(own) for token in tokens if (own := split_identifier(token))]
    found += [" ".join(pairs(run)) for run in unspaced(text)]
    return " . ".join(found)


def has_any(low: str, words: tuple[str, ...]) -> bool:
    """Tell whether a text in small letters has any of some words."""
    for word in words:  # noqa: SIM110 - `any` takes twice as long, over a hundred thousand statements
        if word in low:
            return True
    return False
