"""The command `capture`: which transcripts it reads, and what it says of each session."""

# ruff: noqa: FBT001  (click hands options over as plain arguments)

from __future__ import annotations

import os
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from typing import TYPE_CHECKING

import click

from session_journal.agents import AGENTS
from session_journal.cli.asking import choose_retell, offline_option, yes_option
from session_journal.cli.output import Context, align, on_terminal
from session_journal.cli.redactions import say_redacted, show_option
from session_journal.cli.setup import allow_option, dry_run_option
from session_journal.core.text import counted
from session_journal.errors import NotFoundError, UsageError

if TYPE_CHECKING:
    from session_journal.app.capture import Capture
    from session_journal.app.outcome import Outcome

_DAYS = 14
_NAMED = 8
"""So many sessions of one kind are named; a dry run names all."""
_PROJECTS = 20
_MEANING = {
    "added": "added", "updated": "updated",
    "known": "already in the journal", "beginning": "the beginning of a longer one",
    "edited": "left as they are (reviewed or edited)", "discarded": "discarded before",
    "trivial": "with nothing worth an entry",
    "older": "too old", "elsewhere": "of other projects", "failed": "failed",
}  # fmt: skip
_PLANNED = {
    "added": "would add", "updated": "would update", "known": "in the journal", "beginning": "in the journal",
    "edited": "edited", "discarded": "discarded", "trivial": "trivial", "failed": "not readable",
}  # fmt: skip


@click.command()
@click.argument("files", metavar="[FILE|FOLDER]...", nargs=-1)
@click.option("--since", default="", metavar="DAY", help="Sessions from this day on (default: of the last 14 days).")
@click.option("--agent", default="", metavar="NAME", help="Only sessions of this tool: claude-code, codex, ...")
@click.option("--project", default="", help="Only sessions of this project.")
@click.option("--all", "everything", is_flag=True, help="Sessions of any age.")
@click.option(
    "--hook",
    metavar="AGENT",
    expose_value=False,  # a command line that has it is met before click is loaded: cli/hook_capture.py
    help="What `journal hooks install AGENT` has the agent run: reads its JSON on stdin and returns at once.",
)
@offline_option
@yes_option
@show_option
@allow_option
@dry_run_option
@click.pass_obj
def capture(
    ctx: Context, files: tuple[str, ...], since: str, agent: str, project: str, everything: bool, offline: bool,
    yes: bool, show: bool, allowed: tuple[str, ...], dry_run: bool,
) -> None:  # fmt: skip
    """Draft entries from sessions that are not in the journal yet.

    Without FILE: the sessions on this machine of the last 14 days. A FOLDER stands for every transcript in it, however
    deep. Stop it whenever you like; the next run goes on.
    """
    from session_journal.app.capture import Capture
    from session_journal.app.dates import read_span
    from session_journal.app.new import add_counts
    from session_journal.app.outcome import Wanted
    from session_journal.app.sources import transcripts
    from session_journal.store.settings import load

    if since and everything:
        raise UsageError("--since and --all do not go together", "journal capture --all")
    if not files:
        _check_agent(agent)
    journal = ctx.open()
    journal.allowed.allow(allowed, remember=not dry_run)
    first = read_span(since or f"{_DAYS} days ago", ctx.now())[0] if since or not (files or everything) else None
    aliases = load(ctx.env, journal.root).projects()
    wanted = Wanted(since=first, project=project, agent=agent, aliases=aliases, dry_run=dry_run)
    if any(map(os.path.isdir, files)) and on_terminal(sys.stderr):
        ctx.say("looking for transcripts …")
    named = _named(files) if files else dict.fromkeys(transcripts(ctx.host(), wanted.since, agent), True)
    retell = choose_retell(ctx, offline=offline or dry_run, yes=yes, allowed=journal.allowed, files=len(named))
    run = Capture(journal, ctx.clock(), wanted, retell)
    outcomes = _take_all(ctx, run, named, bar=retell is None)
    _report(ctx, outcomes, first, files, dry_run=dry_run)
    say_redacted(ctx, add_counts(*(outcome.redacted for outcome in outcomes)), run.taken, show=show)
    _tell_next(ctx, outcomes, dry_run=dry_run)
    ctx.say_unkept(run.archivist.unkept, run.archivist.uncommitted)
    _tell_elsewhere(ctx, run, outcomes, "" if agent or project else journal.root)


def _tell_elsewhere(ctx: Context, run: Capture, outcomes: Sequence[Outcome], root: str) -> None:
    """Say where sessions that are not kept here would belong. root: of the journal, "" where a filter left them out."""
    if run.others and all(outcome.action in {"elsewhere", "older", "failed"} for outcome in outcomes):
        ctx.say(f"Projects seen: {', '.join(sorted(filter(None, run.others))[:_PROJECTS]) or 'none with a name'}")
    if root and outcomes and all(outcome.action == "elsewhere" for outcome in outcomes):
        ctx.say(f"The journal in {root} keeps the sessions of its own repository alone.")
        ctx.say("hint: journal --journal DIR capture")


def _check_agent(agent: str) -> None:
    known = [name.replace("_", "-") for name in AGENTS]
    if agent and agent not in known:
        raise UsageError(
            f"nobody knows where {agent!r} keeps its transcripts; known are {', '.join(known)}",
            "journal capture FILE --agent NAME",
        )


def _named(files: Sequence[str]) -> dict[str, bool]:
    """Return the files that are meant, with True for those that were named and False for those found in a folder."""
    from session_journal.app.sources import below

    named = {os.path.normpath(path): True for path in files if not os.path.isdir(path)}
    found = {os.path.normpath(path): False for folder in files if os.path.isdir(folder) for path in below(folder)}
    return {**found, **named}


def _take_all(ctx: Context, run: Capture, named: Mapping[str, bool], *, bar: bool) -> list[Outcome]:
    """Capture file after file; of those found in a folder, what is no transcript is passed over and counted.

    bar: False where the user may be asked something, or is told of slower work.
    """
    from session_journal.app.sources import is_transcript

    outcomes: list[Outcome] = []
    passed_over = 0
    try:
        with _progress(list(named), run, bar=bar) as paths:
            for path in paths:
                if named[path] or is_transcript(path):
                    outcomes += run.take_file(path)
                else:
                    passed_over += 1
    except KeyboardInterrupt:
        ctx.say(f"{counted(run.stored, 'session')} captured so far. To go on: journal capture, as before")
        raise
    if passed_over:
        ctx.say(f"passed over: {counted(passed_over, 'file')} without a transcript")
    return outcomes


@contextmanager
def _progress(paths: Sequence[str], run: Capture, *, bar: bool) -> Iterator[Iterator[str]]:
    """Show a bar on a terminal, nothing elsewhere; a file can hold a thousand sessions, so they are counted, too."""
    if not (bar and on_terminal(sys.stderr)):
        yield iter(paths)
        return
    from rich.console import Console
    from rich.progress import Progress, ProgressColumn, Task
    from rich.text import Text

    class Seen(ProgressColumn):
        def render(self, task: Task) -> Text:
            del task
            return Text(counted(run.seen, "session"))

    with Progress(*Progress.get_default_columns(), Seen(), console=Console(stderr=True), transient=True) as shown:
        yield iter(shown.track(paths, description="reading transcripts"))


def _report(
    ctx: Context, outcomes: Sequence[Outcome], first: date | None, files: Sequence[str], *, dry_run: bool
) -> None:
    if not outcomes and files:
        raise NotFoundError(f"no transcript was found in {', '.join(files)}", "journal capture --all --dry-run")
    if not outcomes:
        ctx.say(_nothing(first))
        return
    if dry_run:
        ctx.emit(ctx.table(list(filter(None, map(_row, outcomes)))))
    else:
        _tell_done(ctx, outcomes)
    _sum_up(ctx, outcomes, dry_run=dry_run)
    if all(outcome.action == "failed" for outcome in outcomes):
        raise NotFoundError("none of the files could be read", "journal capture FILE")


def _nothing(first: date | None) -> str:
    since = f" since {first.isoformat()}" if first else ""
    return f"No session was found{since}. Of any age: journal capture --all; from elsewhere: journal capture FILE"


def _row(outcome: Outcome) -> tuple[str, ...]:
    """Return a session's line in the table of what would be done, () where the filters left it out."""
    if outcome.action not in _PLANNED:
        return ()
    last = outcome.title or outcome.name
    if outcome.action == "failed":
        last = f"{outcome.name}: {outcome.why.removeprefix(f'{outcome.name}: ')}"
    return _PLANNED[outcome.action], outcome.day or "-", outcome.agent or "-", outcome.project or "-", last


def _tell_done(ctx: Context, outcomes: Sequence[Outcome]) -> None:
    new = [outcome for outcome in outcomes if outcome.action in {"added", "updated"}]
    ctx.emit(align([(outcome.action, outcome.path, outcome.title) for outcome in new]))
    for outcome in outcomes:
        if outcome.action in {"failed", "edited"}:
            place = outcome.path or outcome.name
            more = f"; {counted(outcome.offered, 'new item')} to add: journal review" if outcome.offered else ""
            ctx.say(f"{outcome.action}: {place}: {outcome.why.removeprefix(f'{place}: ')}{more}")
    for outcome in new:
        if outcome.left_out:
            ctx.say(f"too long to be kept whole: {outcome.name}: {counted(outcome.left_out, 'event')} left out")
    for action in ("beginning", "trivial"):
        _tell_left(ctx, action, [outcome for outcome in outcomes if outcome.action == action and not outcome.again])


def _tell_left(ctx: Context, action: str, left: Sequence[Outcome]) -> None:
    """Name what got no entry of its own, file by file."""
    files: dict[str, list[Outcome]] = {}
    for outcome in left:
        files.setdefault(outcome.name, []).append(outcome)
    for name, found in list(files.items())[:_NAMED]:
        one = f"goes on in {found[0].path}" if action == "beginning" else found[0].title
        told = counted(len(found), "session") if len(found) > 1 else one
        ctx.say(f"{action}: {name}" + (f": {told}" if told else ""))
    if len(files) > _NAMED:
        ctx.say(f"{action}: {counted(len(files) - _NAMED, 'more file')}; all are named by journal capture --dry-run")


def _sum_up(ctx: Context, outcomes: Sequence[Outcome], *, dry_run: bool) -> None:
    counts: Counter[str] = Counter(outcome.action for outcome in outcomes)
    words = {**_MEANING, "added": "to be added", "updated": "to be updated"} if dry_run else _MEANING
    said = ", ".join(f"{counts[action]} {text}" for action, text in words.items() if counts[action])
    ctx.say(f"{counted(len(outcomes), 'session')}: {said}.{' Nothing was changed (dry run).' if dry_run else ''}")


def _tell_next(ctx: Context, outcomes: Sequence[Outcome], *, dry_run: bool) -> None:
    counts: Counter[str] = Counter(outcome.action for outcome in outcomes)
    waiting = next((outcome.waiting for outcome in outcomes if outcome.waiting), "")
    new = counts["added"] + counts["updated"]
    if waiting:
        ctx.say(f"The files are written; their commit waits, for git is in the middle of {waiting}.")
    elif new and not dry_run:
        ctx.say("Next: journal review")
    elif not new and counts["older"]:
        ctx.say("Next: journal capture --all takes sessions of any age")


COMMANDS: tuple[click.Command, ...] = (capture,)
