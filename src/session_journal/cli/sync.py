"""The command that keeps two machines' journals in step."""

from __future__ import annotations

import re
import sys
from dataclasses import asdict

import click

from session_journal.app.sync import Synced, Wish
from session_journal.cli.output import Context, on_terminal
from session_journal.core.merging import Resolution
from session_journal.core.text import counted

_VERSION = re.compile(r"-version-[0-9a-f]{8}\.md$")
_NAMED = 3
_WORDS = {
    "merged": "changed on both sides, merged",
    "notes": "notes of both sides, in the order of their times",
    "joined": "made on both sides, one page now",
    "both": "changed on both sides in the same place; the other version is {other}",
    "suffix": "two pages of this name; the later one is {other}",
    "kept": "deleted on one side and changed on the other; it stays",
    "renamed": "renamed on both sides; this name stays",
    "settings": "changed on both sides in the same place; the other version is {other}",
}


@click.command()
@click.option(
    "--remote", metavar="NAME", default="", help="The remote (default: the branch's upstream, or the only one)."
)
@click.option("--no-push", is_flag=True, help="Bring in what is there, push nothing.")
@click.option("--join", is_flag=True, help="Make one journal of two that began apart.")
@click.option("--dry-run", is_flag=True, help="Fetch, and show what would be merged and pushed; change nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print what was done as JSON.")
@click.pass_obj
def sync(context: Context, *, remote: str, no_push: bool, join: bool, dry_run: bool, as_json: bool) -> int:
    """Bring this journal in step with its remote.

    Records what lies here, fetches, merges, verifies and pushes. Notes of one day are joined line by line, generated
    pages are generated again, and where one entry was changed on both sides in the same place, both versions stay.
    Exit code 1 when something is left for you to do.
    """
    from session_journal.app.sync import sync as run

    ask = on_terminal(sys.stdin) and on_terminal(sys.stderr)
    wish = Wish(remote, push=not no_push, join=join, dry_run=dry_run, ask=ask)
    journal = context.open()
    done = run(journal, wish, context.env, context.now(), context.say)
    if as_json:
        context.emit({**asdict(done), "needs_you": done.needs_you}, as_json=True)
    else:
        context.write(_result(done, dry_run=dry_run))
        if done.rewritten:
            seen = f"{done.rewritten[:12]}, which this clone had seen there"
            context.say(f"{done.target} no longer has {seen}: its history was rewritten")
        _talk(context, done)
        _remind(context, journal.root, done)
    return int(done.needs_you)


def _result(done: Synced, *, dry_run: bool) -> str:
    lines = [_told(one) for one in done.resolved]
    lines += [f"{path}: came in without a record of the change; it has one now" for path in done.unrecorded]
    would = "would be " if dry_run else ""
    lines += [f"{would}recorded: {path}, changed by hand since its last record" for path in done.recorded]
    lines += [f"{would}recorded: {path}, deleted by hand" for path in done.deleted]
    if done.waiting:
        commits = "1 commit waits" if done.waiting == 1 else f"{done.waiting} commits wait"
        lines.append(f"{done.target}: {commits} here to be pushed: journal sync")
    if not (lines or done.received or done.sent or done.pushed or done.needs_you):
        return f"{done.target}: in step, nothing new on either side"
    lines.append(f"{done.target}: {would}received {len(done.received)}, {would}sent {counted(len(done.sent), 'file')}")
    return "\n".join(lines)


def _told(one: Resolution) -> str:
    return f"{one.path}: {_WORDS[one.what].format(other=one.other)}"


def _talk(context: Context, done: Synced) -> None:
    for path in done.named:
        context.say(f"{path} had no id; it has one now")
    for refused in done.refused:
        context.say(f"not recorded, and not sent: {refused.told}")
    for message in done.failed:
        context.say(f"not generated again: {message}")
    for finding in done.findings:
        context.say(f"{finding.level}  {finding.where}: {finding.message}")
    if done.findings:
        context.say("nothing was pushed")
    for hint in dict.fromkeys(finding.hint for finding in done.findings if finding.hint):
        context.say(f"hint: {hint}")


def _remind(context: Context, root: str, done: Synced) -> None:
    """Name the other versions of entries until somebody has taken over what they hold."""
    from session_journal.store.files import markdown_files

    versions = [path for path in markdown_files(root) if _VERSION.search(path)]
    versions += [one.other for one in done.resolved if one.what == "settings" and one.other]
    if versions:
        more = f" and {len(versions) - _NAMED} more" if len(versions) > _NAMED else ""
        context.say(f"other versions lie beside their entries: {', '.join(versions[:_NAMED])}{more}")
        context.say("hint: take over what you need from the other version, delete it, then journal sync")


COMMANDS = (sync,)
