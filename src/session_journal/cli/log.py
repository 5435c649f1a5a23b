"""The commands that read the log: verify, and log with what belongs to it."""

from __future__ import annotations

import sys
from dataclasses import asdict
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from session_journal.cli.output import Context, on_terminal
from session_journal.cli.setup import json_option
from session_journal.core.text import counted

if TYPE_CHECKING:
    from session_journal.app.verify import Progress, Verdict


@click.command()
@click.option(
    "--anchor", "anchor_file", metavar="FILE", help="A text that names a head noted before; it must be there."
)
@click.option("--full", is_flag=True, help="Check everything again, also what was found sound before.")
@json_option
@click.pass_obj
def verify(context: Context, *, anchor_file: str | None, full: bool, as_json: bool) -> int:
    """Check that nothing was changed behind the journal's back.

    Compares every file with its record in the log, the log with itself and with its history, and the working tree
    with the commit. Exit code 1 when anything fails; a warning alone is no failure.
    """
    from session_journal.app.grown import read_anchor
    from session_journal.app.verify import verify as run

    anchors = read_anchor(anchor_file) if anchor_file else ()
    verdict = run(context.open(), int(context.now().timestamp()), full=full, anchors=anchors, progress=_progress())
    if as_json:
        context.emit({**asdict(verdict), "failed": verdict.failed}, as_json=True)
    else:
        context.write(verdict_text(verdict, anchor_file or ""))
    return int(verdict.failed)


def verdict_text(verdict: Verdict, anchor_file: str = "") -> str:
    """Return a verdict in words: findings with their hints, then what was checked and what an anchor covers."""
    lines = []
    for finding in verdict.findings:
        lines.append(f"{finding.level}  {finding.where}: {finding.message}")
        if finding.hint:
            lines.append(f"      hint: {finding.hint}")
    lines.append(_summary(verdict))
    lines += [f"    head {head}" for head in verdict.heads]
    lines.append(f"    {_covered(verdict, anchor_file)}")
    if verdict.unlogged:
        lines.append(f"    {counted(verdict.unlogged, 'other file')} without records (settings, templates)")
    return "\n".join([*lines, *(f"    not checked: {what}" for what in verdict.unchecked)])


def _summary(verdict: Verdict) -> str:
    fails = sum(finding.level == "FAIL" for finding in verdict.findings)
    warns = len(verdict.findings) - fails
    parts = [counted(number, word) for number, word in ((fails, "failure"), (warns, "warning")) if number]
    checked = f"{counted(verdict.files, 'file')} checked against {counted(verdict.records, 'record')}"
    ending = f" ({', '.join(parts)})" if parts else ""
    return f"{'FAIL' if fails else 'OK'}  {checked} in {counted(verdict.lanes, 'lane')}{ending}"


def _covered(verdict: Verdict, anchor_file: str) -> str:
    """Say how many records nobody outside this repository could miss, and what would miss them first."""
    anchors = [anchor_file] if anchor_file else []
    if verdict.seen_at:
        seen = datetime.fromtimestamp(verdict.seen_at, UTC).astimezone()
        anchors.append(f"what this machine had seen by {seen:%Y-%m-%d %H:%M}")
    left = verdict.records - verdict.anchored
    records = counted(verdict.records, "record")
    if not anchors:
        return f"no anchor covers these {records} yet"
    told = f"{left} of {records} have no anchor yet" if left else "every record has an anchor"
    return f"{told} ({'; '.join(anchors)})"


def _progress() -> Progress:
    """Return what tells the steps of long work: on a terminal alone, each in the place of the one before."""
    if not on_terminal(sys.stderr):
        return lambda _: None

    def tell(step: str) -> None:
        sys.stderr.write(f"\r\x1b[K{step} …" if step else "\r\x1b[K")
        sys.stderr.flush()

    return tell


@click.group(invoke_without_command=True)
@click.option("--diff", is_flag=True, help="Show what differs from what was recorded.")
@click.option("--limit", default=30, show_default=True, help="At most so many records (0 for all).")
@json_option
@click.pass_context
def log(ctx: click.Context, *, diff: bool, limit: int, as_json: bool) -> None:
    """Tell the story of the journal's log, newest first."""
    if ctx.invoked_subcommand:
        return
    context: Context = ctx.obj
    if diff:
        _show_differences(context, as_json=as_json)
    else:
        _tell_story(context, limit, as_json=as_json)


def _tell_story(context: Context, limit: int, *, as_json: bool) -> None:
    from session_journal.app.story import tell

    told = tell(context.open(), limit)
    if as_json:
        context.emit([{**asdict(line), "time": line.time.isoformat()} for line in told], as_json=True)
        return
    rows = [
        f"{line.time:%Y-%m-%d %H:%M}  {line.record[:12]}  {line.what:<14}  {line.path or _pathless(line.op)}"
        for line in told
    ]
    context.page("\n".join(rows))


def _pathless(op: str) -> str:
    return "the log" if op == "init" else "an entry that is gone"


def _show_differences(context: Context, *, as_json: bool) -> None:
    from session_journal.app.differences import find_differences, unified

    found = find_differences(context.open())
    if as_json:
        context.emit([{"path": one.path, "what": one.what, "diff": unified(one)} for one in found], as_json=True)
    elif not found:
        context.say("no file differs from what was recorded")
    else:
        context.page("\n".join(_coloured(context, line) for one in found for line in unified(one).splitlines()))


def _coloured(context: Context, line: str) -> str:
    style = {"+": "good", "-": "bad", "@": "dim"}.get(line[:1], "")
    return context.style(line, style) if style else line


@log.command()
@click.option("--dry-run", is_flag=True, help="Show what would be put right, change nothing.")
@click.pass_obj
def repair(context: Context, *, dry_run: bool) -> int:
    """Put the log's files right: after a conflict, or where a commit took records away.

    In the middle of a merge, rebase, cherry-pick or revert it resolves the log's files and stages them; otherwise it
    brings back the records that the history had, in a commit of its own.
    """
    from session_journal.app.repair import repair as run

    done = run(context.open(), context.now(), dry_run=dry_run)
    for path, what in done.repaired:
        context.write(f"{'would be ' if dry_run else ''}{what}: {path}")
    for path in done.left:
        context.say(f"not put right: {path}: two different records stand in one place of this lane")
        context.say(f"hint: journal log --diff; journal log abandon {path.split('/')[2]}")
    if not done.repaired and not done.left:
        context.say("the log's files are in order; what else is wrong: journal verify")
    elif done.next_step and not dry_run:
        context.say(f"hint: {done.next_step}")
    return int(bool(done.left))


@log.command()
@click.argument("lane")
@click.option("--dry-run", is_flag=True, help="Show what would be let go, change nothing.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.pass_obj
def abandon(context: Context, *, lane: str, dry_run: bool, yes: bool) -> None:
    """Let go of records that are gone for good: after a reset, or with a branch that was deleted.

    Nothing in the repository changes. This machine no longer expects them; others that have seen them still do.
    """
    from session_journal.app.repair import let_go, lost_of

    journal = context.open()
    lost = lost_of(journal, lane)
    for what in lost.told:
        context.write(f"{'let go' if yes else 'would be let go'}: {what}")
    if dry_run or (not yes and not _agreed(context)):
        return
    let_go(journal, lost)


def _agreed(context: Context) -> bool:
    if on_terminal(sys.stdin):
        return click.confirm("Let them go on this machine?", err=True)
    context.say("hint: the same with --yes lets them go")
    return False


COMMANDS = (log, verify)
