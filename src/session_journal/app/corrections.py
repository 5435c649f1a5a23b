"""journal/patterns.toml: what a person decided about patterns, read, and edited in place."""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import partial

from session_journal.core.folders import CORRECTIONS as PATH
from session_journal.core.patterns import Correction, Quoted, Verb, key_of
from session_journal.errors import JournalError
from session_journal.store.files import read_bytes
from session_journal.store.journal import Change, Journal, Published

_OTHERS: dict[Verb, str] = {"merge": "with", "split": "apart", "ignore": "else"}
_BY_HAND = f"edit {PATH} in an editor, then journal seal"
_HEAD = """\
# What you decided about patterns (`journal patterns merge`, `split`, `ignore`); edit it as you like.
# It quotes your entries, so it stays with you as they do: visibility = "team" would let it go to shared remotes.
visibility = "self"
"""


def load_corrections(journal: Journal) -> tuple[list[Correction], list[str]]:
    """Return the decisions, and what is wrong with tables that are none; JournalError where the file is no TOML."""
    return read_corrections(read_bytes(journal.path(PATH)) or b"")


def ignored_keys(journal: Journal) -> frozenset[str]:
    """Return the keys of the statements by which a person ignores patterns."""
    ignored = [one for one in load_corrections(journal)[0] if one.verb == "ignore"]
    return frozenset(key_of(quote.text) for one in ignored for quote in (one.of, *one.others))


def split_keys(journal: Journal) -> tuple[tuple[str, frozenset[str]], ...]:
    """Return for each split the key of a statement that stays, and those of the statements that were split off."""
    split = [one for one in load_corrections(journal)[0] if one.verb == "split"]
    return tuple((key_of(one.of.text), frozenset(key_of(other.text) for other in one.others)) for one in split)


def read_corrections(data: bytes) -> tuple[list[Correction], list[str]]:
    """Return the same of the file's bytes."""
    corrections: list[Correction] = []
    problems: list[str] = []
    parsed = _parse(data)
    for verb in _OTHERS:
        for number, table in enumerate(_listed(parsed, verb), 1):
            found = _read(verb, table)
            if found:
                corrections.append(found)
            else:
                problems.append(
                    f"{PATH}: the {verb} table no. {number} names no statement by its `text`; it is left out"
                )
    return corrections, problems


def _listed(parsed: Mapping[str, object], verb: Verb) -> list[object]:
    found = parsed.get(verb, [])
    return found if isinstance(found, list) else [found]


def _parse(data: bytes) -> dict[str, object]:
    try:
        return tomllib.loads(data.decode("utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise JournalError(f"{PATH} cannot be read: {error}", _BY_HAND) from error


def _read(verb: Verb, table: object) -> Correction | None:
    of = _quoted(table)
    listed = table.get(_OTHERS[verb], []) if isinstance(table, Mapping) and _OTHERS[verb] else []
    others = tuple(filter(None, map(_quoted, listed if isinstance(listed, list) else [listed])))
    return Correction(verb, of, others) if of and (others or verb == "ignore") else None


def _quoted(table: object) -> Quoted | None:
    text, entry = (table.get(name) for name in ("text", "entry")) if isinstance(table, Mapping) else (None, None)
    if not isinstance(text, str) or not text.strip():
        return None
    return Quoted(text, entry if isinstance(entry, str) else "")


def save_corrections(
    journal: Journal, corrections: Sequence[Correction], message: str, now: datetime, *, dry_run: bool = False
) -> Published:
    """Write the decisions that are not in the file yet, and take out those of the file that are not among these."""
    old = read_bytes(journal.path(PATH))
    data = _edited(old, corrections)
    if dry_run:
        return Published("", (PATH,) if data != old else ())
    return journal.publish([Change(PATH, data, old)], f"patterns: {message}", now)


def _edited(old: bytes | None, corrections: Sequence[Correction]) -> bytes:
    from session_journal.core.merging import tables  # who only reads the decisions does not pay for it

    text = _HEAD if old is None else old.decode("utf-8")
    for number, known in reversed(_standing(text)):
        if known not in corrections:
            text = tables.take_out(text, number)
    standing = [known for _, known in _standing(text)]
    for one in corrections:
        if one not in standing:
            text = tables.add(text, _table(one))
    if not _holds(text, corrections):
        raise _odd()
    return text.encode()


def _holds(text: str, corrections: Sequence[Correction]) -> bool:
    try:
        return Counter(one for _, one in _standing(text)) == Counter(corrections)
    except JournalError:
        return False


def _odd() -> JournalError:
    return JournalError(f"{PATH} is laid out so that it can't be edited safely; nothing was changed", _BY_HAND)


def _standing(text: str) -> list[tuple[int, Correction]]:
    """Return the decisions as they stand in the file, each with the number of its table."""
    from session_journal.core.merging import tables

    parsed = _parse(text.encode())
    found = []
    for number, part in enumerate(tables.split(text)):
        try:
            alone = tomllib.loads(part.removeprefix("\ufeff"))
        except tomllib.TOMLDecodeError:
            alone = {}
        found += [
            (number, one) for verb in _OTHERS for one in filter(None, map(partial(_read, verb), _listed(alone, verb)))
        ]
    whole = [one for verb in _OTHERS for one in filter(None, map(partial(_read, verb), _listed(parsed, verb)))]
    if Counter(one for _, one in found) != Counter(whole):
        raise _odd()
    return found


def _table(one: Correction) -> str:
    import tomlkit

    others = "".join(f"  {_inline(other)},\n" for other in one.others)
    listed = f"{_OTHERS[one.verb]} = [\n{others}]\n" if others else ""
    text, entry = (tomlkit.item(value).as_string() for value in (one.of.text, one.of.entry))
    return f"[[{one.verb}]]\ntext = {text}\nentry = {entry}\n{listed}"


def _inline(one: Quoted) -> str:
    import tomlkit

    text, entry = (tomlkit.item(value).as_string() for value in (one.text, one.entry))
    return f"{{ text = {text}, entry = {entry} }}"
