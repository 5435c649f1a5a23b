"""The part of `review` about sessions that went on after their entry was edited or accepted."""

from __future__ import annotations

from collections.abc import Sequence
from shlex import quote

import click

from session_journal.app.offers import Offer, dismiss_offer, take_offer
from session_journal.cli.output import Context, align
from session_journal.core.entry import Entry
from session_journal.core.text import counted
from session_journal.errors import NotFoundError
from session_journal.store.journal import Journal

Offers = Sequence[tuple[Entry, Offer]]


def of_project(entries: Sequence[Entry], project: str) -> list[Entry]:
    """Return the entries of a project, all where none is named."""
    return [entry for entry in entries if not project or entry.project.casefold() == project.casefold()]


def list_offers(ctx: Context, offers: Offers) -> None:
    """Name the entries that have something new waiting."""
    rows = [
        (entry.date.isoformat(), entry.id[:8], entry.project or "-", f"{new}: {entry.title}")
        for entry, offer in offers
        for new in (counted(offer.count, "new item"),)
    ]
    ctx.emit(align(rows))
    if offers:
        ctx.say(f"hint: journal review {offers[0][0].id[:8]} --add (or --dismiss) decides about new items")


def decide_offer(ctx: Context, journal: Journal, entry: Entry, offers: Offers, choice: str, *, dry_run: bool) -> None:
    """Add what is new to an entry, or leave it out for good."""
    offer = next((offer for _, offer in offers), None)
    if offer is None:
        raise NotFoundError(f"there is nothing new for {entry.path}", "journal review")
    for line in _lines(offer):
        ctx.write(line)
    if dry_run:
        ctx.say(f"Would {choice} {counted(offer.count, 'new item')}; nothing was changed.")
    elif choice == "dismiss":
        dismiss_offer(journal, offer)
        ctx.say(f"Dismissed {counted(offer.count, 'new item')}; {entry.path} is as it was.")
    else:
        waiting = take_offer(journal, entry, offer, ctx.now()).waiting
        ctx.say(f"Added {counted(offer.count, 'new item')} to {entry.path}. See it: journal show {quote(entry.id[:8])}")
        if waiting:
            ctx.say(f"The file is changed; its commit waits, for git is in the middle of {waiting}.")


def ask_offers(ctx: Context, journal: Journal, offers: Offers) -> None:
    """Ask on a terminal about each entry that has something new waiting."""
    for number, (entry, offer) in enumerate(offers, 1):
        said = "\n".join(_lines(offer))
        ctx.page(f"[{number}/{len(offers)}] {entry.path}: its session went on, and brought:\n\n{said}")
        answer = click.prompt(
            "(a)dd, (d)ismiss, (s)kip, (q)uit",
            type=click.Choice(list("adsq")),
            default="s",
            show_choices=False,
            err=True,
        )
        if answer == "q":
            return
        if answer in "ad":
            choice = {"a": "add", "d": "dismiss"}[answer]
            decide_offer(ctx, journal, entry, [(entry, offer)], choice, dry_run=False)


def _lines(offer: Offer) -> list[str]:
    return [
        f"{title}: {line.removeprefix('- ')}"
        for title, lines in offer.lines.items()
        for line in lines
        if title != "Evidence"
    ]
