"""The words for a step, in one line without marks: what a person would say of it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from session_journal.core.insights.prose import statements
from session_journal.core.text import clean, counted, one_line, shorten
from session_journal.core.timeline.steps import Step

LENGTH = 240
"""How many characters of what someone said are told."""

_HEADING = re.compile(r"^\s{0,3}#{1,6}\s+", re.MULTILINE)
_COMMAND, _DETAIL, _NAMES, _FEW = 90, 150, 4, 3


def describe(step: Step, length: int = LENGTH) -> str:
    """Return what a step says, in at most about `length` characters of quoted speech."""
    if step.kind in {"folded", "left out"}:
        return clean(_several(step, length))
    words = {
        "asked": _quoted, "decided": _decided, "said": _said, "planned": _planned, "looked": _looked,
        "edited": _edited, "ran": _ran, "used": _used, "failed": _failed, "declined": _declined,
        "interrupted": _interrupted, "summarised": _summarised, "delegated": _delegated,
    }[step.kind]  # fmt: skip
    return clean(words(step, length))


def _quoted(step: Step, length: int) -> str:
    return f'"{shorten(one_line(_HEADING.sub("", step.text[:20_000])), length)}"'


def _said(step: Step, length: int) -> str:
    """Return the reply's first sentences that say something; of one that is a table or code alone, its beginning."""
    told = ""
    for one in statements(step.text[:8_000], step.turn):
        if one.text.endswith(":") or one.words < _FEW:
            continue  # it announces what follows, or is polite
        told = f"{told}{' ' if told.endswith(('.', '!', '?')) else '; ' if told else ''}{one.text}"
        if len(told) > length:
            break
    return f'"{shorten(told or one_line(step.text[:4_000]), length)}"'


def _decided(step: Step, length: int) -> str:
    return shorten("; ".join(one_line(line) for line in step.text.splitlines()), 2 * length)


def _planned(step: Step, length: int) -> str:
    lines = [line for line in step.text.splitlines() if line.strip()]
    if step.name == "plan":
        title = next((line.strip().lstrip("#").strip() for line in lines), "")
        return f"proposed a plan: {shorten(one_line(title), length)}" if title else "proposed a plan"
    done = sum(line.startswith("[x] ") for line in lines)
    if not done:
        return f"planned {counted(len(lines), 'step')}: {shorten('; '.join(map(one_line, lines)), length)}"
    if done == len(lines):
        return f"all {counted(done, 'step')} of the plan done" if done > 1 else "the plan's one step done"
    return f"{done} of {counted(len(lines), 'step')} of the plan done"


def _looked(step: Step, length: int) -> str:
    del length
    if step.name:
        return f"read {step.name}"
    return f"looked: {_code(step.text)}" if step.exit_code is not None else f"searched {_code(step.text)}"


def _edited(step: Step, length: int) -> str:
    del length
    return f"edited {step.name or 'a file'}{_size([step])}{_unknown([step])}"


def _ran(step: Step, length: int) -> str:
    del length
    who = "you ran " if step.by_user else ""
    if step.landed:
        return f"{who}{shorten(step.detail, _DETAIL)}"
    code = f" (exit {step.exit_code})" if step.exit_code else ""
    detail = f": {shorten(step.detail, _DETAIL)}" if step.detail else ""
    return f"{who}{_code(step.text)}{code}{_again(step)}{detail}"


def _again(step: Step) -> str:
    if step.ok is False:
        return f", again ({_ordinal(step.nth)} time)" if step.nth > 1 else ""
    return f", passes now after failing {times(step.nth)}" if step.nth else ""


def _used(step: Step, length: int) -> str:
    given = shorten(one_line(step.text), min(length, _COMMAND))
    return f"used {step.name}" + (f" ({given})" if given else "")


def _failed(step: Step, length: int) -> str:
    del length
    return _cause(step) if step.text else f"error: {_cause(step)}"


def _cause(step: Step) -> str:
    what = shorten(one_line(step.text), _COMMAND)
    return ": ".join(part for part in (what, shorten(step.detail, _DETAIL)) if part) or "for no reason given"


def _declined(step: Step, length: int) -> str:
    del length
    return f"declined: {shorten(one_line(step.text), _COMMAND) or 'a call'}"


def _interrupted(step: Step, length: int) -> str:
    del step, length
    return "interrupted"


def _summarised(step: Step, length: int) -> str:
    del step, length
    return "the conversation was summarised to save room"


def _delegated(step: Step, length: int) -> str:
    task = shorten(one_line(step.text), length // 2)
    said = [one for one in step.steps if one.kind == "said"]
    work = "; ".join(_work(step.steps)) or (_said(said[-1], length // 2) if said else "nothing is known of its work")
    return f'a sub-agent for "{task}": {work}' if task else f"a sub-agent: {work}"


def _several(step: Step, length: int) -> str:
    flat = list(flatten(step.steps))
    said = [one for one in flat if one.kind == "said"]
    work = "; ".join(_work(flat)) or (_said(said[-1], length) if said else "nothing was done")
    if step.kind == "folded":
        return work
    asked = sum(one.kind in {"asked", "decided"} for one in flat)
    return f"left out: {counted(asked, 'prompt') + '; ' if asked else ''}{work}"


def flatten(found: Iterable[Step]) -> Iterator[Step]:
    """Yield steps with those that are told as one taken apart; a sub-agent's work stays one."""
    for step in found:
        if step.kind in {"folded", "left out"}:
            yield from flatten(step.steps)
        else:
            yield step


def _work(found: Sequence[Step]) -> Iterator[str]:
    """Yield what was done in numbers, with names where they are few."""
    read = [step.name for step in found if step.kind == "looked" and step.name]
    searched = sum(step.kind == "looked" and not step.name and step.exit_code is None for step in found)
    listed = sum(step.kind == "looked" and not step.name and step.exit_code is not None for step in found)
    if read:
        yield _files("read", list(dict.fromkeys(read)))
    if searched:
        yield f"searched {times(searched)}"
    if listed:
        yield f"looked around with {counted(listed, 'command')}"
    yield from _changes([step for step in found if step.kind == "edited"])
    yield from _commands([step for step in found if step.kind == "ran"])
    yield from _others(found)


def _changes(edits: Sequence[Step]) -> Iterator[str]:
    names = list(dict.fromkeys(step.name or "a file" for step in edits))
    if len(names) == 1:
        yield f"edited {names[0]}{f' {times(len(edits))}' if len(edits) > 1 else ''}{_size(edits)}{_unknown(edits)}"
    elif names:
        yield _files("edited", names, _size(edits) + _unknown(edits))


def _unknown(edits: Sequence[Step]) -> str:
    """Say where nothing tells that an edit was made: its call alone is recorded."""
    missing = sum(step.ok is None for step in edits)
    return "" if not missing else ", no result recorded" if missing == len(edits) else f", {missing} without a result"


def _commands(ran: Sequence[Step]) -> Iterator[str]:
    """Yield what was run: what worked or does not tell by its number, what failed by what failed last."""
    bad = [step for step in ran if step.ok is False]
    fine = [step for step in ran if step.ok is not False and not step.landed]
    if fine:
        names = list(dict.fromkeys(_code(step.text, 40) for step in fine))
        more = f" and {len(names) - 3} more" if len(names) > 3 else ""
        told = f"ran {counted(len(fine), 'command')}" if len(fine) > 1 else "ran"
        yield f"{told}{': ' if len(fine) > 1 else ' '}{', '.join(names[:3])}{more}"
    yield from (f"{_code(step.text, 40)} passed after failing {times(step.nth)}" for step in fine if step.nth)
    yield from (shorten(step.detail, 80) for step in ran if step.landed)
    if bad:
        last = bad[-1]
        which = f"{'the last ' if len(bad) > 1 else ''}{_code(last.text, 50)}"
        detail = f": {shorten(last.detail, 80)}" if last.detail else ""
        yield f"{counted(len(bad), 'command')} failed, {which}{detail}"


def _others(found: Sequence[Step]) -> Iterator[str]:
    tools = [step.name for step in found if step.kind == "used"]
    if tools:
        names = list(dict.fromkeys(tools))
        told = [f"{name}{f' {times(tools.count(name))}' if tools.count(name) > 1 else ''}" for name in names]
        yield f"used {', '.join(told[:_NAMES])}{f' and {len(told) - _NAMES} more tools' if len(told) > _NAMES else ''}"
    failed = [step for step in found if step.kind == "failed"]
    if failed:
        yield (
            f"{counted(len(failed), 'call')} failed, the first {_cause(failed[0])}"
            if len(failed) > 1
            else _failed(failed[0], 0)
        )
    for kind, word in (("declined", "declined"), ("interrupted", "interrupted"), ("delegated", "sent a sub-agent")):
        number = sum(step.kind == kind for step in found)
        if number:
            yield f"{word} {times(number)}"


def _files(verb: str, names: Sequence[str], size: str = "") -> str:
    """Return which files, one with its path, several by their names alone."""
    if len(names) == 1:
        return f"{verb} {names[0]}{size}"
    short = list(dict.fromkeys(name.rstrip("/").rpartition("/")[2] for name in names))
    shown = short if len(short) == len(names) else list(names)
    more = f" and {len(names) - _NAMES} more" if len(names) > _NAMES else ""
    return f"{verb} {counted(len(names), 'file')}{size}: {', '.join(shown[:_NAMES])}{more}"


def _size(edits: Sequence[Step]) -> str:
    added, removed = sum(step.added for step in edits), sum(step.removed for step in edits)
    told = " ".join(part for part in (f"+{added}" if added else "", f"−{removed}" if removed else "") if part)
    more = " and more" if any(step.clipped for step in edits) else ""
    return f" ({told}{more})" if told else ""


def _code(text: str, limit: int = _COMMAND) -> str:
    return f"`{shorten(one_line(text), limit)}`"


def times(number: int) -> str:
    """Return how often: once, twice, 3 times."""
    return {1: "once", 2: "twice"}.get(number, f"{number:,} times")


def _ordinal(number: int) -> str:
    ending = "th" if 10 < number % 100 < 14 else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"
