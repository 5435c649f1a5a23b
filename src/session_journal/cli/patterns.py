"""patterns: what recurs, and the commands by which a person puts it right."""

# ruff: noqa: FBT001  (click hands options over as plain arguments)

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import click

from session_journal.cli.asking import offline_option, talking, yes_option
from session_journal.cli.output import Context
from session_journal.cli.read import say_problems
from session_journal.cli.setup import dry_run_option, json_option
from session_journal.core.text import counted
from session_journal.errors import UsageError

if TYPE_CHECKING:
    from session_journal.app.endpoint import Voice
    from session_journal.app.patterns import Decision, Found
    from session_journal.core.patterns import Pattern, Statement
    from session_journal.store.journal import Journal

_KEY = 8
undo_option = click.option("--undo", is_flag=True, help="Take back what was decided with this command about PATTERN.")


@click.group(invoke_without_command=True)
@click.option("--project", default="", help="Only what was seen in this project.")
@click.option("--since", default="", metavar="DAY", help="Only what was seen on this day or later: 2026-11, last week.")
@click.option("--sessions", default=2, show_default=True, type=click.IntRange(2), help="Seen in at least so many.")
@click.option("--all", "everything", is_flag=True, help="What you ignore, too.")
@offline_option
@yes_option
@json_option
@click.pass_context
def patterns(
    click_ctx: click.Context,
    project: str,
    since: str,
    sessions: int,
    everything: bool,
    offline: bool,
    yes: bool,
    as_json: bool,
) -> None:
    """List what recurs across entries, with its evidence, the best founded first.

    Where your settings name an embedding model, it compares what their words leave open; see docs/models.md.

    Each pattern and each member has a key before it, by which split, merge and ignore know it. What you decide with
    them stands in journal/patterns.toml.
    """
    if click_ctx.invoked_subcommand:
        return
    from session_journal.app.dates import read_span
    from session_journal.app.patterns import Wish, choose, summarise

    ctx: Context = click_ctx.obj
    now = ctx.now()
    wish = Wish(project, read_span(since, now)[0] if since else None, ignored=everything)
    with talking(ctx, offline=offline, yes=yes) as voice:
        found = _look(ctx, ctx.open(), sessions, voice)
    chosen = choose(found, wish)
    if as_json:
        ctx.emit([summarise(found, one, now.date()) for one in chosen], as_json=True)
    elif chosen:
        told = [_shown(ctx, found, one, one.course(now.date())) for one in chosen]
        ctx.page("\n\n".join(told))
        if any(found.status(one)[0] == "watching" for one in chosen):
            ctx.say("What is watched becomes a playbook by itself, or by hand: journal playbook promote KEY")
        if any(found.status(one)[0] == "deleted" for one in chosen):
            ctx.say("A playbook that you deleted is not made again; to have it back: journal playbook promote KEY")
    elif found.patterns:
        ctx.say("No pattern matches.")
    else:
        ctx.say("Nothing recurs yet: a pattern needs the same point in two sessions.")


def _look(ctx: Context, journal: Journal, least: int = 2, voice: Voice | None = None) -> Found:
    """Find what recurs, and say what could not be read on the way; without a voice no model is asked."""
    from session_journal.app.meaning import make_sense
    from session_journal.app.patterns import look_up
    from session_journal.app.playbook import read_bar
    from session_journal.store.settings import load as load_settings

    bar, sense = read_bar(load_settings(ctx.env, journal.root)), make_sense(journal, voice)
    found = look_up(journal, bar, least, ctx.say, sense)
    say_problems(ctx, found.problems)
    for problem in found.wrong:
        ctx.say(f"journal: {problem}")
    return found


def _shown(ctx: Context, found: Found, pattern: Pattern, trend: str) -> str:
    status, page = found.status(pattern)
    days = counted(pattern.days, "day")
    span = f"{pattern.first}" if pattern.first == pattern.last else f"{pattern.first} to {pattern.last}"
    why = found.why.get(pattern.key, "")
    told = f"{status} {page}".rstrip() + (f" ({why})" if why and page else f": {why}" if why else "")
    facts = [f"{pattern.kind}, {pattern.sessions} sessions on {days}, {span}", trend, told]
    if not any(member.reviewed for member in pattern.members):
        facts.append("unreviewed drafts alone")
    head = ctx.style(f"{pattern.key[:_KEY]}  {pattern.statement}", "bold")
    return "\n".join([head, f"  {' · '.join(facts)}", *(_row(ctx, one) for one in pattern.members)])


def _row(ctx: Context, one: Statement) -> str:
    from session_journal.core.patterns import key_of

    row = f"  {key_of(one.text)[:_KEY]}  {one.date}  {one.kind:10}  {one.text}"
    return row if one.reviewed else ctx.style(f"{row}  (draft)", "draft")


@patterns.command()
@click.argument("pattern")
@click.argument("members", nargs=-1, metavar="MEMBER...")
@undo_option
@dry_run_option
@click.pass_obj
def split(ctx: Context, pattern: str, members: tuple[str, ...], undo: bool, dry_run: bool) -> None:
    """Take members out of a pattern that they are no part of.

    What says the same as they do in nearly the same words goes with them.
    """
    from session_journal.app import patterns as app

    if undo == bool(members):
        raise UsageError("name the members to split off, or --undo alone", "journal patterns split --help")

    def decide(found: Found) -> Decision:
        return app.undo(found, "split", pattern) if undo else app.split(found, pattern, members)

    _decided(ctx, decide, "split", dry_run=dry_run)


@patterns.command()
@click.argument("pattern")
@click.argument("other", default="")
@undo_option
@dry_run_option
@click.pass_obj
def merge(ctx: Context, pattern: str, other: str, undo: bool, dry_run: bool) -> None:
    """Make one pattern of two that make the same point."""
    from session_journal.app import patterns as app

    if undo == bool(other):
        raise UsageError("name two patterns, or one and --undo", "journal patterns merge --help")

    def decide(found: Found) -> Decision:
        return app.undo(found, "merge", pattern) if undo else app.merge(found, pattern, other)

    _decided(ctx, decide, "merge", dry_run=dry_run)


@patterns.command()
@click.argument("pattern")
@undo_option
@dry_run_option
@click.pass_obj
def ignore(ctx: Context, pattern: str, undo: bool, dry_run: bool) -> None:
    """Keep a pattern out of sight, and out of rollups and playbooks to come."""
    from session_journal.app import patterns as app

    def decide(found: Found) -> Decision:
        return app.undo(found, "ignore", pattern) if undo else app.ignore(found, pattern)

    _decided(ctx, decide, "ignore", dry_run=dry_run)


def _decided(ctx: Context, decide: Callable[[Found], Decision], verb: str, *, dry_run: bool) -> None:
    from session_journal.app.corrections import save_corrections

    journal = ctx.open()
    done = decide(_look(ctx, journal))
    message = f"{verb} {' / '.join(done.about)}"
    published = save_corrections(journal, done.corrections, message, ctx.now(), dry_run=dry_run)
    ctx.emit(_told(done, verb, changed=bool(published.paths)))
    if done.page:
        _say_page(ctx, done)
    if dry_run:
        ctx.say("Nothing was changed (dry run).")
    elif published.waiting:
        ctx.say(f"The file is written; the commit waits: {published.waiting}")


def _say_page(ctx: Context, done: Decision) -> None:
    """Say which playbook a decision leaves without a pattern of its own."""
    name, heir = (path.rpartition("/")[2].removesuffix(".md") for path in (done.page, done.heir))
    if heir:
        ctx.say(f"Both have a playbook: {done.page} and {done.heir}")
        ctx.say(f"hint: journal playbook retire {name} --by {heir}")
    else:
        ctx.say(f"Its playbook stays: {done.page}")
        ctx.say(f"hint: journal playbook retire {name}, if nobody is to follow it")


def _told(done: Decision, verb: str, *, changed: bool) -> Sequence[str]:
    if done.undone:
        return [f"taken back ({verb}): {done.about[0]}"]
    if not changed:
        return [f"known already ({verb}): {done.about[0]}"]
    if done.off:
        return [f"stays: {done.about[0]}", *(f"split off: {text}" for text in done.off)]
    what = "merged" if verb == "merge" else "ignored"
    return [f"{what}: {text}" for text in done.about]


COMMANDS: tuple[click.Command, ...] = (patterns,)
