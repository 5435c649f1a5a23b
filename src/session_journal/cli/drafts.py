"""The commands around drafts: draft, `new --from`, review."""

# ruff: noqa: FBT001  (click hands options over as plain arguments)

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from shlex import quote
from typing import TYPE_CHECKING

import click

from session_journal.cli.asking import choose_retell, offline_option, yes_option
from session_journal.cli.output import Context, LocalZone, align, on_terminal
from session_journal.cli.setup import dry_run_option
from session_journal.errors import JournalError, NotFoundError, UsageError

if TYPE_CHECKING:
    from session_journal.core.entry import Entry
    from session_journal.core.events import Session
    from session_journal.store.journal import Journal

_DRY = " Nothing was changed (dry run)."


@click.command()
@click.argument("transcript")
@click.option("--session", "number", type=int, default=None, help="Which session of a file that holds many, from 1.")
@offline_option
@yes_option
@click.pass_obj
def draft(ctx: Context, transcript: str, number: int | None, offline: bool, yes: bool) -> None:
    """Print the entry drafted from a transcript; touch nothing.

    Where your settings name a language model, it drafts; every claim is checked. See docs/models.md.
    """
    from session_journal.app.draft import compose_draft, make_draft
    from session_journal.app.redaction import make_redactor
    from session_journal.store.settings import load

    session = _pick(ctx, transcript, number)
    aliases = load(ctx.env, _root(ctx)).projects()
    redactor, retell = make_redactor(ctx.env, touch=False), choose_retell(ctx, offline=offline, yes=yes)
    made = make_draft(session, ctx.clock(), aliases=aliases, redactor=redactor, retell=retell)
    ctx.write(compose_draft(made, ctx.now(), _root(ctx)).decode())


def _root(ctx: Context) -> str:
    try:
        return ctx.open().root
    except JournalError:
        return ""  # a draft needs no journal; where one is, its templates are used


def _pick(ctx: Context, transcript: str, number: int | None, command: str = "journal draft") -> Session:
    """Return the session that is meant; a file of many is listed where none is named."""
    from session_journal.app.draft import ManySessionsError, pick_session, read_sessions
    from session_journal.app.redaction import make_redactor

    hider = make_redactor(ctx.env, touch=False)
    try:
        return pick_session(read_sessions(transcript), number, transcript, LocalZone(), hider, command)
    except ManySessionsError as error:
        ctx.emit(align(error.rows))
        raise


def new_from_transcript(
    ctx: Context, transcript: str, number: int | None, *, title: str, project: str, no_edit: bool, dry_run: bool,
    offline: bool, yes: bool,
) -> None:  # fmt: skip
    """Draft one session into the journal because a person asked for it, trivial or not."""
    from session_journal.app.capture import Capture
    from session_journal.app.draft import newest_session, read_sessions
    from session_journal.app.outcome import Wanted
    from session_journal.store.settings import load

    journal = ctx.open()
    path = transcript or _newest(ctx)
    last = None if transcript or number is not None else newest_session(read_sessions(path))
    session = last or _pick(ctx, path, number, "journal new --from")
    aliases = load(ctx.env, journal.root).projects()
    wanted = Wanted(aliases=aliases, trivial=True, title=title, named=project, dry_run=dry_run)
    run = Capture(journal, ctx.clock(), wanted, choose_retell(ctx, offline=offline or dry_run, yes=yes))
    outcome = run.take(session, path)
    if outcome.action == "failed":
        raise JournalError(outcome.why, f"journal draft {quote(path)}")
    if outcome.path:
        ctx.write(outcome.path)
    why = f": {outcome.why}" if outcome.why else ""
    ctx.say(f"{_ALONE[outcome.action]}{why}.{_DRY if dry_run else ''}")
    ctx.say_unkept(run.unkept)
    if outcome.path and not (no_edit or dry_run) and on_terminal(sys.stdin) and on_terminal(sys.stdout):
        _edit(ctx, journal, outcome.path)


_ALONE = {
    "added": "Drafted", "updated": "Drafted again from the longer transcript",
    "known": "This session is in the journal already",
    "beginning": "This is the beginning of a session that is in the journal", "edited": "Its entry was left as it is",
    "discarded": "This session was discarded before", "trivial": "Nothing notable happened in it",
    "older": "It is too old", "elsewhere": "It belongs to another project, which this journal does not keep",
}  # fmt: skip


def _newest(ctx: Context) -> str:
    from session_journal.app.sources import newest

    found = newest(ctx.host())
    if not found:
        raise NotFoundError("no session was found on this machine", "journal new --from FILE")
    return found


def _edit(ctx: Context, journal: Journal, path: str) -> None:
    from session_journal.app.edit import edit_path
    from session_journal.cli.write import desk, finish

    written = edit_path(journal, path, desk(ctx, journal))
    if written is not None:
        finish(ctx, written)


@click.command()
@click.argument("entry", default="")
@click.option("--accept", "choice", flag_value="accept", help="Make the draft final.")
@click.option("--discard", "choice", flag_value="discard", help="Delete the draft.")
@click.option("--accept-all", "choice", flag_value="accept-all", help="Make all drafts final.")
@click.option("--add", "choice", flag_value="add", help="Add the new items of a session that went on to its entry.")
@click.option("--dismiss", "choice", flag_value="dismiss", help="Leave those new items out for good.")
@click.option("--project", default="", help="Only drafts of this project.")
@dry_run_option
@click.pass_obj
def review(ctx: Context, entry: str, choice: str | None, project: str, dry_run: bool) -> None:
    """Accept or discard drafts; without an option, one by one on a terminal.

    Where a session went on after its entry was edited or accepted, its new items are offered here, too.
    """
    from session_journal.app.offers import waiting_offers
    from session_journal.app.project import working_folder
    from session_journal.app.review import drafts_of
    from session_journal.cli.offers import ask_offers, decide_offer, list_offers, of_project
    from session_journal.store.entries import load, resolve

    _check_choice(choice, entry)
    journal = ctx.open()
    entries, _ = load(journal.root)
    chosen = [resolve(entries, entry, working_folder())] if entry else drafts_of(entries, project)
    offers = waiting_offers(journal, chosen if entry else of_project(entries, project))
    if choice in {"add", "dismiss"}:
        decide_offer(ctx, journal, chosen[0], offers, choice, dry_run=dry_run)
    elif not chosen and not offers:
        _say_none(ctx, drafts_of(entries, ""), project)
    elif choice:
        _carry_out(ctx, journal, chosen, choice, dry_run=dry_run)
    elif on_terminal(sys.stdin) and on_terminal(sys.stdout):
        if _ask_each(ctx, journal, chosen, dry_run=dry_run):
            ask_offers(ctx, journal, offers, dry_run=dry_run)
    else:
        ctx.emit(align([(draft.date.isoformat(), draft.id[:8], draft.project or "-", draft.title) for draft in chosen]))
        list_offers(ctx, offers)
        if chosen:
            ctx.say("hint: journal review ENTRY --accept (or --discard), or journal review --accept-all")


def _check_choice(choice: str | None, entry: str) -> None:
    if choice == "accept-all" and entry:
        raise UsageError("--accept-all takes no entry", "journal review --accept-all --project NAME")
    if choice not in {None, "accept-all"} and not entry:
        raise UsageError(f"--{choice} needs an entry", f"journal review last --{choice}")


def _say_none(ctx: Context, drafts: Sequence[Entry], project: str) -> None:
    """Say that there is nothing to review, and of which projects there would be something."""
    names = sorted({draft.project for draft in drafts if draft.project})
    if not project or not drafts:
        ctx.say("There is no draft to review.")
        return
    ctx.say(f"There is no draft of {project} to review; there are drafts of: {', '.join(names) or 'no named project'}.")
    ctx.say(f"hint: journal review --project {names[0]}" if names else "hint: journal review")


def _carry_out(ctx: Context, journal: Journal, chosen: Sequence[Entry], choice: str, *, dry_run: bool) -> None:
    act = _discard if choice == "discard" else _accept
    for entry in chosen:
        act(ctx, journal, entry, dry_run=dry_run)


def _accept(ctx: Context, journal: Journal, entry: Entry, *, dry_run: bool) -> None:
    from session_journal.app.review import accept

    if entry.status == "final":
        ctx.say(f"{entry.path} is final already.")
        return
    if not dry_run:
        _say_waiting(ctx, accept(journal, entry, ctx.now()).waiting)
    ctx.write(f"{'would accept' if dry_run else 'accepted'}  {entry.path}  {entry.title}")


def _discard(ctx: Context, journal: Journal, entry: Entry, *, dry_run: bool) -> None:
    from session_journal.app.review import discard

    verb = "would delete" if dry_run else "deleted"
    done = None if dry_run else discard(journal, entry, ctx.now())
    if done:
        _say_waiting(ctx, done.waiting)
    ctx.write(f"{verb}  {entry.path}  {entry.title}")
    if done:
        edits = ", with your edits" if done.saved else ""
        ctx.say(f"git still has it{edits}: git -C {quote(journal.root)} show {quote(f'{done.last[:12]}:{entry.path}')}")


def _say_waiting(ctx: Context, waiting: str) -> None:
    if waiting:
        ctx.say(f"The file is changed; its commit waits, for git is in the middle of {waiting}.")


def _ask_each(ctx: Context, journal: Journal, chosen: Sequence[Entry], *, dry_run: bool) -> bool:
    """Ask about each draft; False when the person has had enough."""
    from session_journal.store.entries import load
    from session_journal.store.files import read_bytes

    for number, entry in enumerate(chosen, 1):
        data = read_bytes(journal.path(entry.path)) or b""
        ctx.page(f"[{number}/{len(chosen)}] {entry.path}\n\n{data.decode('utf-8-sig', 'replace')}")
        answer = click.prompt(
            "(a)ccept, (e)dit, (d)iscard, (s)kip, (q)uit",
            type=click.Choice(list("aedsq")),
            default="s",
            show_choices=False,
            err=True,
        )
        if answer == "q":
            return False
        if answer == "e":
            _edit(ctx, journal, entry.path)
            fresh = next((one for one in load(journal.root)[0] if one.id == entry.id), None)
            if fresh and click.confirm("accept it now?", default=True, err=True):
                _accept(ctx, journal, fresh, dry_run=dry_run)
        elif answer in _ANSWERS:
            _ANSWERS[answer](ctx, journal, entry, dry_run=dry_run)
    return True


_ANSWERS: dict[str, Callable[..., None]] = {"a": _accept, "d": _discard}
