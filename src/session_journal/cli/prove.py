"""The commands of the family "prove": log, verify, seal."""

from __future__ import annotations

from dataclasses import asdict

import click

from session_journal.app.verify import Verdict
from session_journal.cli.output import Context
from session_journal.store.journal import Change


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print the verdict as JSON.")
@click.pass_obj
def verify(context: Context, *, as_json: bool) -> int:
    """Check that nothing was changed behind the journal's back.

    Compares every file with its record in the log, the log with itself, and the working tree with the commit.
    Exit code 1 when anything fails; a warning alone is no failure.
    """
    from session_journal.app.verify import verify as run

    verdict = run(context.open(), int(context.now().timestamp()))
    if as_json:
        context.emit({**asdict(verdict), "failed": verdict.failed}, as_json=True)
    else:
        context.write(_verdict_text(verdict))
    return int(verdict.failed)


def _verdict_text(verdict: Verdict) -> str:
    lines = []
    for finding in verdict.findings:
        lines.append(f"{finding.level}  {finding.where}: {finding.message}")
        if finding.hint:
            lines.append(f"      hint: {finding.hint}")
    lines.append(_summary(verdict))
    head = ", ".join(head[:16] for head in verdict.heads) or "none"
    uncovered = f"{verdict.records - verdict.anchored} of {verdict.records} records"
    lines.append(f"    head {head}; no anchor outside this repository covers {uncovered}")
    if verdict.unlogged:
        lines.append(f"    {_count(verdict.unlogged, 'other file')} without records (settings, templates)")
    return "\n".join(lines)


def _summary(verdict: Verdict) -> str:
    fails = sum(finding.level == "FAIL" for finding in verdict.findings)
    warns = len(verdict.findings) - fails
    parts = [_count(number, word) for number, word in ((fails, "failure"), (warns, "warning")) if number]
    checked = f"{_count(verdict.files, 'file')} checked against {_count(verdict.records, 'record')}"
    ending = f" ({', '.join(parts)})" if parts else ""
    return f"{'FAIL' if fails else 'OK'}  {checked} in {_count(verdict.lanes, 'lane')}{ending}"


def _count(number: int, word: str) -> str:
    return f"{number} {word}{'' if number == 1 else 's'}"


@click.command()
@click.option("--dry-run", is_flag=True, help="Show what would be recorded, change nothing.")
@click.option("--quiet", is_flag=True, help="Say nothing when there is nothing to record.")
@click.pass_obj
def seal(context: Context, *, dry_run: bool, quiet: bool) -> int:
    """Record what was changed by hand: new, edited, renamed and deleted files."""
    from session_journal.app.seal import seal as run

    sealed = run(context.open(), context.now(), dry_run=dry_run, say=context.say)
    waiting = sealed.published.waiting if sealed.published else ""
    for change in sealed.changes:
        where = change.path or "an entry whose place another file has taken"
        context.write(f"{'would be ' if dry_run or waiting else ''}{_sealed_word(change)}: {where}")
    for path in sealed.named:
        context.say(f"{path} had no id; {'it would get' if dry_run else 'it has'} one now")
    for refused in sealed.refused:
        named = refused.message if refused.path in refused.message else f"{refused.path}: {refused.message}"
        context.say(f"not recorded: {named}")
    if waiting:
        context.say(f"git is busy with {waiting}; the commit waits for the next journal command")
    if not sealed.changes and not sealed.refused and not quiet:
        context.say("nothing to record: every file is as the log knows it")
    return int(bool(sealed.refused))


def _sealed_word(change: Change) -> str:
    if change.data is None:
        return "deleted"
    return f"renamed from {change.old_path}" if change.old_path else "recorded"


@click.command()
@click.option("--limit", default=30, show_default=True, help="At most so many records (0 for all).")
@click.option("--json", "as_json", is_flag=True, help="Print the records as JSON.")
@click.pass_obj
def log(context: Context, *, limit: int, as_json: bool) -> None:
    """Tell the story of the journal's log, newest first."""
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


COMMANDS = (log, verify, seal)
