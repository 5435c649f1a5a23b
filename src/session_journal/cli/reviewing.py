"""The command review: a person decides what becomes of drafts."""

# ruff: noqa: FBT001  (click hands options over as plain arguments)

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from shlex import quote
from typing import TYPE_CHECKING

import click

from session_journal.app.review import Decision
from session_journal.cli.deciding import decide, discard_entry
from session_journal.cli.output import Context, on_terminal
from session_journal.cli.setup import dry_run_option
from session_journal.core.removals import read_numbers
from session_journal.core.text import clean, counted
from session_journal.errors import JournalError, UsageError

if TYPE_CHECKING:
    from session_journal.cli.offers import Offers
    from session_journal.core.entry import Entry
    from session_journal.store.journal import Journal


@click.command()
@click.argument("entry", default="")
@click.option("--accept", is_flag=True, help="Make the draft final.")
@click.option("--drop", metavar="ITEMS", default=None, help="Drop items by their numbers: 2,5-7.")
@click.option("--visibility", type=click.Choice(["self", "team", "public"]), default=None, help="Who it may reach.")
@click.option("--yes", "-y", is_flag=True, help="Let more people see it without being asked.")
@click.option("--discard", is_flag=True, help="Delete the draft.")
@click.option("--accept-all", is_flag=True, help="Make all drafts final.")
@click.option("--add", is_flag=True, help="Add the new items of a session that went on to its entry.")
@click.option("--dismiss", is_flag=True, help="Leave those new items out for good.")
@click.option("--project", default="", help="Only drafts of this project.")
@dry_run_option
@click.pass_obj
def review(
    ctx: Context, entry: str, accept: bool, drop: str | None, visibility: str | None, yes: bool, discard: bool,
    accept_all: bool, add: bool, dismiss: bool, project: str, dry_run: bool,
) -> None:  # fmt: skip
    """Accept or discard drafts, drop items, change who may see them; on a terminal one by one, without an option.

    --accept, --drop and --visibility go together. Where a session went on after its entry was edited or accepted, its
    new items are offered here, too. Elsewhere than on a terminal the drafts are listed, and ENTRY is shown with its
    items numbered.
    """
    from session_journal.app.offers import waiting_offers
    from session_journal.app.project import working_folder
    from session_journal.app.review import drafts_of
    from session_journal.cli.offers import decide_offer, of_project
    from session_journal.store.entries import load, resolve

    edits = {"--accept": accept, "--drop": drop is not None, "--visibility": visibility is not None}
    choice = _choice(
        {"--discard": discard, "--accept-all": accept_all, "--add": add, "--dismiss": dismiss}, edits, entry
    )
    journal = ctx.open()
    entries, _ = load(journal.root)
    chosen = [resolve(entries, entry, working_folder())] if entry else drafts_of(entries, project)
    offers = waiting_offers(journal, chosen if entry else of_project(entries, project))
    if choice in {"--add", "--dismiss"}:
        decide_offer(ctx, journal, chosen[0], offers, choice.removeprefix("--"), dry_run=dry_run)
    elif not chosen and not offers:
        _say_none(ctx, drafts_of(entries, ""), project)
    elif choice == "--accept-all":
        _accept_all(ctx, journal, chosen, dry_run=dry_run)
    elif choice == "--discard":
        discard_entry(ctx, journal, chosen[0], dry_run=dry_run)
    elif choice:
        numbers = read_numbers(drop or "", len(chosen[0].items))
        if drop is not None and not numbers:
            raise UsageError("--drop names no item", f"journal review {quote(entry)}")
        decide(ctx, journal, chosen[0], Decision(accept, numbers, visibility or ""), dry_run=dry_run, yes=yes)
    elif on_terminal(sys.stdin) and on_terminal(sys.stdout) and not dry_run:
        _ask(ctx, journal, chosen, offers, entry, project)
    else:
        _list(ctx, chosen, offers, named=bool(entry))


def _choice(alone: Mapping[str, bool], edits: Mapping[str, bool], entry: str) -> str:
    """Return what is to be done, `--accept` standing for what goes together; UsageError where it does not."""
    given = [name for names in (alone, edits) for name, wanted in names.items() if wanted]
    if given and given[0] in alone and len(given) > 1:
        raise UsageError(f"{given[0]} and {given[1]} do not go together", f"journal review ENTRY {given[0]}")
    if "--accept-all" in given and entry:
        raise UsageError("--accept-all takes no entry", "journal review --accept-all --project NAME")
    if given and not entry and "--accept-all" not in given:
        raise UsageError(f"{given[0]} needs an entry", f"journal review last {given[0]}")
    return "" if not given else given[0] if given[0] in alone else "--accept"


def _ask(ctx: Context, journal: Journal, chosen: Sequence[Entry], offers: Offers, entry: str, project: str) -> None:
    from session_journal.cli.offers import ask_offers
    from session_journal.cli.review_dialog import ask_each

    again = f"journal review {quote(entry)}" if entry else "journal review"
    if not chosen or ask_each(ctx, journal, chosen, f"{again} --project {quote(project)}" if project else again):
        ask_offers(ctx, journal, offers)


def _list(ctx: Context, chosen: Sequence[Entry], offers: Offers, *, named: bool) -> None:
    """Show the entry that was named, or name the drafts there are, for whom nobody can ask."""
    from session_journal.cli.draft_page import show
    from session_journal.cli.offers import list_offers

    if named:
        show(ctx, chosen[0])
    else:
        ctx.emit(ctx.table([(one.date.isoformat(), one.id[:8], one.project or "-", one.title) for one in chosen]))
    list_offers(ctx, offers)
    if named:
        name = chosen[0].id[:8] or quote(chosen[0].path)
        ways = "--accept (or --drop 2,5-7, --visibility team, --discard)"
        if chosen[0].status != "draft":
            ways = "--drop 2,5-7 (or --visibility team)"
        ctx.say(f"hint: journal review {name} {ways}")
    elif chosen:
        ctx.say("hint: journal review ENTRY --accept (or --discard), or journal review --accept-all")


def _say_none(ctx: Context, drafts: Sequence[Entry], project: str) -> None:
    """Say that there is nothing to review, and of which projects there would be something."""
    names = sorted({clean(draft.project) for draft in drafts if draft.project})
    if not project or not drafts:
        ctx.say("There is no draft to review.")
        return
    ctx.say(f"There is no draft of {project} to review; there are drafts of: {', '.join(names) or 'no named project'}.")
    ctx.say(f"hint: journal review --project {quote(names[0])}" if names else "hint: journal review")


def _accept_all(ctx: Context, journal: Journal, drafts: Sequence[Entry], *, dry_run: bool) -> None:
    """Accept drafts one by one; one that cannot be stored as it is stops no other."""
    failed: list[JournalError] = []
    for draft in drafts:
        try:
            decide(ctx, journal, draft, Decision(accept=True), dry_run=dry_run)
        except JournalError as error:
            ctx.say(f"failed: {error.message}")
            failed.append(error)
    if failed:
        raise JournalError(f"{len(failed)} of {counted(len(drafts), 'draft')} could not be accepted", failed[0].hint)


COMMANDS: tuple[click.Command, ...] = (review,)
