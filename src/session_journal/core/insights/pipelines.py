"""Runs of a forge's pipelines (CI) that a session looked at, and whether they passed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from session_journal.core import lazy_re as re
from session_journal.core.events import Event, answers
from session_journal.core.insights.shell import segments, unwrapped
from session_journal.core.records import record


@record(frozen=True, slots=True)
class Run:
    """What one look at a pipeline showed.

    failed: the names of what failed, where they are told. whole: all of it was looked at, not one of its parts.
    """

    turn: int
    order: int
    passed: bool
    failed: tuple[str, ...] = ()
    whole: bool = True


_LOOKS = re.compile(r"(?:gh (?:run (?:view|watch|list)|pr (?:checks|status|view)|api)|glab (?:ci|pipeline|api))\b")
_LOGS = re.compile(r"\s--log(?:-failed)?\b|\bgh run list\b.*\s(?:--status|-s)\b")
"""What shows a log, or only runs of one state, says nothing of how it stands."""
_JSON = re.compile(r"\"(?:conclusion|bucket|state)\"\s*:\s*(?:\"(?P<word>\w*)\"|null)")
_JOB = re.compile(r"\{[^{}]*\}")
_NAME = re.compile(r"\"name\"\s*:\s*\"([^\"]{1,80})\"")
_ENDED = re.compile(r"\bcompleted with '(\w+)'")
_HEADER = re.compile(r"^([X✗✘✓✔*-]) \S.*?·\s*#?\d+", re.MULTILINE)
_MARKED = re.compile(r"^[ \t]*([X✗✘✓✔*-])[ \t]{1,4}(\S.*?)(?:\s{2,}|\s+in \d|\t|$)", re.MULTILINE)
_ROW = re.compile(r"^(?P<name>[^\t\n]+)\t(?P<word>pass|fail|pending|skipping|cancel)\t", re.MULTILINE)
_LISTED = re.compile(r"^completed\t(?P<word>\w+)\t|^(?:in_progress|queued|pending|waiting|requested)\t", re.MULTILINE)
_BARE = re.compile(r"\A\s*\"?(success|failure|timed_out|startup_failure)\"?\s*\Z")
_STATE = re.compile(r"^Pipeline (?:state|status): (\w+)", re.MULTILINE | re.IGNORECASE)
_BAD = frozenset({"failure", "fail", "failed", "timed_out", "startup_failure", "error"})
_GOOD = frozenset({"success", "pass", "passed", "skipped", "skipping", "neutral"})
_CROSS, _TICK = "X✗✘", "✓✔"


def runs(events: Sequence[Event]) -> Iterator[Run]:
    """Yield every look at a pipeline whose end it showed, in order; one that was still running shows none."""
    results = answers(events)
    for order, event in enumerate(events):
        result = results.get(event.call) if event.kind == "command" and event.call else None
        looks = [part for part in map(unwrapped, segments(event.target)) if _LOOKS.match(part)] if result else []
        if result is None or not looks or any(_LOGS.search(part) for part in looks):
            continue
        passed, failed = _shown(looks[-1], result.text)
        if passed is not None:
            yield Run(result.turn, order, passed, failed, whole='"' not in result.text)


def last(found: Sequence[Run], since: int) -> Run | None:
    """Return the run that tells how it stands after an order, None without one.

    A part that passed says nothing of another that failed, so only a look at the whole clears a failure.
    """
    stands: Run | None = None
    for one in found:
        if one.order > since and (stands is None or stands.passed or one.whole or not one.passed):
            stands = one
    return stands


def _shown(command: str, text: str) -> tuple[bool | None, tuple[str, ...]]:
    """Return whether what was looked at passed (None where it says nothing, or goes on), and what failed in it."""
    if re.match(r"gh run list\b", command) and '"' not in text:
        return _first_listed(text), ()
    told = _STATE.findall(text) or _ENDED.findall(text) or _BARE.findall(text)
    if told:
        return _verdict([told[-1].lower()]), _crossed(text)
    words = [(found.group("word") or "").lower() for found in _JSON.finditer(text)]
    if words:
        return _verdict(words[:1] if command.startswith("gh run list") else words), _named(text)
    rows = [(found.group("name"), found.group("word")) for found in _ROW.finditer(text)]
    if rows:
        return _verdict([word for _, word in rows]), tuple(name for name, word in rows if word in _BAD)[:3]
    header = _HEADER.search(text)
    if header and command.startswith("gh run"):
        return _marked(header.group(1)), _crossed(text)
    return None, ()


def _verdict(words: Sequence[str]) -> bool | None:
    """Return False where one word says that something failed, True where all say that it passed."""
    if any(word in _BAD for word in words):
        return False
    passed = all(word in _GOOD for word in words) and any(word[:4] in {"succ", "pass"} for word in words)
    return True if passed else None


def _marked(mark: str) -> bool | None:
    return False if mark in _CROSS else True if mark in _TICK else None


def _first_listed(text: str) -> bool | None:
    """Return how the newest run in a list ended: the ones below it are of earlier pushes."""
    row = _LISTED.search(text)
    if row:
        return _verdict([row.group("word") or ""])
    mark = _MARKED.search(text)
    return _marked(mark.group(1)) if mark else None


def _crossed(text: str) -> tuple[str, ...]:
    found = [name for mark, name in _MARKED.findall(text) if mark in _CROSS and "·" not in name]
    return tuple(dict.fromkeys(found))[:3]


def _named(text: str) -> tuple[str, ...]:
    """Return the names in the JSON objects that say that they failed."""
    objects = [one.group() for one in _JOB.finditer(text)]
    bad = [one for one in objects if any((f.group("word") or "").lower() in _BAD for f in _JSON.finditer(one))]
    names = [found.group(1) for one in bad if (found := _NAME.search(one))]
    return tuple(name.replace("\\u0026", "&") for name in dict.fromkeys(names))[:3]
