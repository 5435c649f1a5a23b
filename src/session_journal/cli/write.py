"""The commands that write: start, new, note, edit."""

# ruff: noqa: FBT001  (click hands options over as plain arguments)

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from session_journal.cli.asking import offline_option, yes_option
from session_journal.cli.drafts import draft
from session_journal.cli.output import Context, on_terminal
from session_journal.cli.quick import is_piped
from session_journal.cli.redactions import show_option
from session_journal.cli.setup import allow_option, dry_run_option
from session_journal.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from session_journal.app.new import Wish, Written
    from session_journal.app.sheet import Desk
    from session_journal.store.journal import Journal


@click.command()
@click.argument("words", metavar="[GOAL]...", nargs=-1)
@click.option("--project", default="", help="The project (default: the one you are in).")
@click.option("--clear", is_flag=True, help="Drop the goals that wait; GOAL takes their place.")
@dry_run_option
@click.pass_obj
def start(ctx: Context, words: tuple[str, ...], project: str, clear: bool, dry_run: bool) -> None:
    """Note what you intend, and see what is open.

    The words are one goal; put each in quotes to note several.
    """
    from session_journal.app.start import digest, note_goals, waiting_goals

    journal = ctx.open()
    project = project or ctx.project(journal)
    new = words if any(" " in word for word in words) else (" ".join(words),)
    known = waiting_goals(journal, project, ctx.now())
    planned = (*(() if clear else known), *filter(None, new))
    goals = planned if dry_run else note_goals(journal, project, new, ctx.now(), clear=clear)
    # An assistant that runs this reads a pipe: without the frame its transcript would take our words for its own.
    ctx.write(digest(journal, project, goals, ctx.now(), framed=not on_terminal(sys.stdout)))
    of = f"the next session{f' of {project}' if project else ''}"
    _tell_goals(ctx, f"{'Would drop' if dry_run else 'Dropped'}, noted for {of}", known if clear else ())
    _tell_goals(ctx, f"{'Would wait' if dry_run else 'Waiting'} for {of}", goals)


def _tell_goals(ctx: Context, words: str, goals: Sequence[str]) -> None:
    if goals:
        ctx.say(f"{words}:")
    for goal in goals:
        ctx.say(f"- {goal}")


@click.command()
@click.argument("topic", nargs=-1)
@click.option("-m", "--message", metavar="TEXT", default=None, help="The entry's text; no editor is opened.")
@click.option("--no-edit", is_flag=True, help="Open no editor.")
@click.option("--from", "transcript", metavar="TRANSCRIPT", default="", help="Draft the entry from this transcript.")
@click.option("--last", is_flag=True, help="Draft it from the newest session on this machine.")
@click.option("--session", "number", type=int, default=None, help="With --from: which session of the file.")
@click.option("--date", "day", metavar="DAY", default="", help="2026-11-20, yesterday, 'last friday', '3 days ago'.")
@click.option("--project", default=None, help="The project (default: the one you are in).")
@click.option("--tag", "tags", multiple=True, help="A tag; may be given more than once.")
@click.option("--template", default="", metavar="NAME", help="A template: of journal/templates/, or shipped.")
@offline_option
@yes_option
@show_option
@allow_option
@dry_run_option
@click.pass_obj
def new(
    ctx: Context, topic: tuple[str, ...], message: str | None, no_edit: bool, transcript: str, last: bool,
    number: int | None, day: str, project: str | None, tags: tuple[str, ...], template: str, offline: bool,
    yes: bool, show: bool, allowed: tuple[str, ...], dry_run: bool,
) -> None:  # fmt: skip
    """Write an entry, or draft it from a transcript.

    Without text (-m, or from stdin with -) your editor opens on the template. An entry of the same day on the same
    topic is opened again, and text goes under it.
    """
    if transcript and last:
        raise UsageError("--from and --last do not go together", "journal new --last")
    own = {"-m": message is not None, "-": "-" in topic, "--date": bool(day), "--template": bool(template)}
    _check_options(own, {"--session": number is not None}, drafted=bool(transcript or last))
    if transcript or last:
        from session_journal.cli.drafts import new_from_transcript

        new_from_transcript(
            ctx, transcript, number, title=_words(topic), project=project or "", tags=tags, no_edit=no_edit,
            dry_run=dry_run, offline=offline, yes=yes, allowed=allowed, show=show,
        )  # fmt: skip
        return
    journal = ctx.open()
    journal.allowed.allow(allowed, remember=not dry_run)
    text = _given_text(message, dash="-" in topic)
    wish = _wish(ctx, journal, _words(topic), text or "", day, project, tags, template or "entry")
    if text is None and not no_edit and not dry_run:
        _write_in_editor(ctx, journal, wish)
        return
    from session_journal.app.new import create_entry

    written = create_entry(
        journal, wish.topic, wish.text, ctx.now(), wish.project, wish.tags,
        day=wish.day, template=wish.template, goals=wish.goals, dry_run=dry_run,
    )  # fmt: skip
    finish(ctx, written, dry_run=dry_run)


def _check_options(own: Mapping[str, bool], drafting: Mapping[str, bool], *, drafted: bool) -> None:
    """Refuse what would be ignored: options of an entry of one's own with a transcript, and the other way round."""
    why, hint = "needs a transcript", "journal new --from FILE --session 2"
    if drafted:
        why, hint = "and a transcript do not go together", "journal new --from FILE, then journal edit last"
    for name, is_given in (own if drafted else drafting).items():
        if is_given:
            raise UsageError(f"{name} {why}", hint)


def _words(topic: tuple[str, ...]) -> str:
    return " ".join(word for word in topic if word != "-")


def _wish(
    ctx: Context,
    journal: Journal,
    topic: str,
    text: str,
    day: str,
    project: str | None,
    tags: tuple[str, ...],
    template: str,
) -> Wish:
    from session_journal.app.dates import read_day
    from session_journal.app.new import Wish

    name = template if template.endswith(".md.j2") else f"{template.removesuffix('.md')}.md.j2"
    chosen = ctx.project(journal) if project is None else project
    return Wish(topic, text, chosen, tags, read_day(day, ctx.now()) if day else None, name)


def _given_text(message: str | None, *, dash: bool) -> str | None:
    """Return the text of -m or of a pipe, None where none was given."""
    if message is not None:
        if not message.strip():
            raise UsageError("-m needs some text", 'journal new -m "What I did and learned"')
        return message
    if not dash and not is_piped():
        return None
    text = read_stdin()
    if dash and not text.strip():
        raise UsageError("there was no text on stdin", 'journal new -m "What I did and learned"')
    return text if text.strip() else None


def read_stdin() -> str:
    """Read all of stdin as UTF-8, or say that it is something else."""
    data = sys.stdin.buffer.read()
    try:
        return data.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise UsageError(f"the text on stdin is not UTF-8 (line {line})", "iconv -t UTF-8, then try again") from None


def _write_in_editor(ctx: Context, journal: Journal, wish: Wish) -> None:
    from session_journal.app.edit import write_new

    written = write_new(journal, wish, desk(ctx, journal))
    if written is None:
        ctx.say("Nothing was written, so nothing was saved.")
        return
    finish(ctx, written)


def desk(ctx: Context, journal: Journal) -> Desk:
    """Return where the person writes."""
    from session_journal.app.editor import find_editor
    from session_journal.app.sheet import Desk
    from session_journal.store.settings import load

    editor = find_editor(ctx.env, load(ctx.env, journal.root).text("editor"), terminal=on_terminal(sys.stdin))
    return Desk(editor, ctx.env, ctx.now(), ctx.say)


def finish(ctx: Context, written: Written, *, dry_run: bool = False) -> None:
    """Print the path of what was written, and what there is to say about it."""
    from session_journal.app.new import remarks

    ctx.write(written.data.decode() if dry_run else written.path)
    for line in remarks(written, dry_run=dry_run):
        ctx.say(line)


@click.command()
@click.argument("words", metavar="TEXT", nargs=-1)
@allow_option
@dry_run_option
@click.pass_obj
def note(ctx: Context, words: tuple[str, ...], allowed: tuple[str, ...], dry_run: bool) -> None:
    """Add one line to today's notes (- reads it from stdin)."""
    from session_journal.app.note import add_note

    piped = words == ("-",) or (not words and is_piped())
    text = read_stdin() if piped else " ".join(words)
    journal = ctx.open()
    journal.allowed.allow(allowed, remember=not dry_run)
    written = add_note(journal, text, ctx.now(), dry_run=dry_run)
    finish(ctx, written, dry_run=dry_run)


@click.command()
@click.argument("entry")
@allow_option
@click.option("--dry-run", "-n", is_flag=True, help="Say which file would be opened.")
@click.pass_obj
def edit(ctx: Context, entry: str, allowed: tuple[str, ...], dry_run: bool) -> None:
    """Open an entry in your editor."""
    from session_journal.app.edit import edit_path, find_editable
    from session_journal.app.project import working_folder

    journal = ctx.open()
    path = find_editable(journal, entry, working_folder())
    if dry_run:
        ctx.write(path)
        return
    journal.allowed.allow(allowed)
    written = edit_path(journal, path, desk(ctx, journal))
    if written is None:
        ctx.say("Nothing was changed.")
        return
    finish(ctx, written)


COMMANDS: tuple[click.Command, ...] = (start, new, note, draft, edit)
