"""jrnl's JSON export (`jrnl --format json`): title, body, date, time, tags and starred of each entry."""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date, datetime, time
from hashlib import sha256

from session_journal.core.scalars import whole
from session_journal.imports import Left, Original, Reading, files, markdown

_HEAD_BYTES = 100_000
_KNOWN = frozenset({"title", "body", "date", "time", "tags"})


def recognises(path: str) -> bool:
    """Tell whether a file is a JSON object with entries, or a folder holds such files and no notes."""
    if os.path.isdir(path):
        names = [name for name in files.walk(path) if isinstance(name, str)]
        exports = [name for name in names if name.endswith(".json")]
        notes = any(name.lower().endswith(files.TEXT) for name in names)
        return bool(exports) and not notes and recognises(os.path.join(path, exports[0]))
    if not os.path.isfile(path):
        return False
    with open(path, "rb") as file:
        head = file.read(_HEAD_BYTES).removeprefix(b"\xef\xbb\xbf").lstrip()
    return head.startswith(b"{") and any(name in head for name in (b'"entries"', b'"tags"'))


def read(path: str, reading: Reading) -> Iterator[Original | Left]:
    """Yield the entries of an export: of a file, or of a folder in which each has its own."""
    seen: Counter[str] = Counter()
    if not os.path.isdir(path):
        yield from _read_file(path, os.path.basename(path), seen)
        return
    for name in files.walk(path, reading.skip):
        if isinstance(name, Left):
            yield name
        elif name.endswith(".json"):
            yield from _read_file(os.path.join(path, name), name, seen)
        else:
            yield Left(files.shown(name), "no JSON")


def _read_file(path: str, name: str, seen: Counter[str]) -> Iterator[Original | Left]:
    name = files.shown(name)
    try:
        value = json.loads(files.decode(files.read_data(path)))
    except files.UnreadableError as error:
        yield Left(name, str(error))
    except json.JSONDecodeError as error:
        yield Left(f"{name}:{error.lineno}", f"no JSON: {error.msg}")
    except RecursionError:
        yield Left(name, "no JSON of jrnl: it is nested too deeply")
    else:
        yield from _read_entries(value, name, seen)


def _read_entries(value: object, name: str, seen: Counter[str]) -> Iterator[Original | Left]:
    found = value.get("entries") if isinstance(value, dict) else None
    if found is None and isinstance(value, dict) and "title" in value:
        yield _read(value, name, seen)
        return
    if not isinstance(found, list):
        yield Left(name, "it has no list of entries")
        return
    for number, entry in enumerate(found, 1):
        yield _read(entry, f"{name} entry {number}", seen)


def _read(entry: object, name: str, seen: Counter[str]) -> Original | Left:
    if not isinstance(entry, dict):
        return Left(name, "it is not an entry")
    day = _day(entry.get("date"))
    title, body = entry.get("title") or "", entry.get("body") or ""
    if day is None:
        return Left(name, "it has no day")
    if not isinstance(title, str) or not isinstance(body, str) or not (title.strip() or body.strip()):
        return Left(name, "it has no text")
    clock = _clock(entry.get("time"))
    doc = markdown.split_body(whole(body))
    return Original(
        key=_key(entry, day, clock, title, seen), name=name, day=day, doc=doc, sha256=_digest(entry),
        moment=datetime.combine(day, clock) if clock else None,
        title=" ".join(whole(title).split()),
        tags=_tags(entry.get("tags")), fields=_others(entry), attachments=markdown.attachments(body),
    )  # fmt: skip


def _key(entry: Mapping[str, object], day: date, clock: time | None, title: str, seen: Counter[str]) -> str:
    """Return jrnl's own id, else the moment and the title, which is all that tells entries apart."""
    own = entry.get("uuid")
    when = f"{day.isoformat()}{clock.strftime('T%H:%M') if clock else ''}"
    key = (
        own
        if isinstance(own, str) and own
        else f"{when}-{sha256(title.encode('utf-8', 'surrogatepass')).hexdigest()[:12]}"
    )
    seen[key] += 1
    return key if seen[key] == 1 else f"{key}#{seen[key]}"


def _digest(entry: Mapping[str, object]) -> str:
    return sha256(json.dumps(entry, sort_keys=True).encode()).hexdigest()


def _day(value: object) -> date | None:
    try:
        return date.fromisoformat(value.strip()) if isinstance(value, str) else None
    except ValueError:
        return None


def _clock(value: object) -> time | None:
    try:
        return time.fromisoformat(value.strip()) if isinstance(value, str) else None
    except ValueError:
        return None


def _tags(value: object) -> tuple[str, ...]:
    """Return tags without the sign that jrnl has before them."""
    found = value if isinstance(value, list) else []
    return tuple(dict.fromkeys(tag.lstrip("@#+&%") for tag in found if isinstance(tag, str) and tag.strip("@#+&% ")))


def _others(entry: Mapping[str, object]) -> dict[str, object]:
    """Return what else an entry holds, for its front matter; that it is not starred says nothing."""
    found: dict[str, object] = {}
    for key, value in entry.items():
        if isinstance(value, dict):  # what Day One adds about the device; front matter is flat
            found.update({f"{key}_{name}": part for name, part in value.items()})
        elif key not in _KNOWN and not (key == "starred" and value is False):
            found[key] = value
    return {key: value for key, value in found.items() if value not in (None, "", [], {})}
