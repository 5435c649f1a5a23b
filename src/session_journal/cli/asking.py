"""How a command that may ask a language model talks of it: consent before the first session is sent, and progress."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from session_journal.cli.output import Context, count, on_terminal

if TYPE_CHECKING:
    from session_journal.app.endpoint import Preview
    from session_journal.core.drafting import Retell
    from session_journal.store.allowed import Allowed

offline_option = click.option("--offline", is_flag=True, help="Ask no language model, whatever is set.")
yes_option = click.option("--yes", is_flag=True, help="Agree that the model in your settings is sent sessions.")


def choose_retell(
    ctx: Context, *, offline: bool, yes: bool = False, allowed: Allowed | None = None, files: int = 1
) -> Retell | None:
    """Return what asks the model of the user's settings; None where none is set or none is wanted.

    allowed: what was taken for a secret and may be kept, and sent. files: how many this run looks at.
    """
    from session_journal.app.endpoint import Voice, is_set
    from session_journal.app.modelled import make_retell
    from session_journal.app.redaction import make_redactor

    if offline or not is_set(ctx.env):
        return None

    def say(why: str, hint: str) -> None:
        ctx.say(why)
        if hint:
            ctx.say(f"hint: {hint}")

    def agree(preview: Preview) -> bool:
        _show(ctx, preview, files)
        ctx.say("It is asked about each session that you draft from now on.")
        try:
            return click.confirm(f"Send it to {preview.host}?", default=False, err=True)
        except click.Abort:  # an exception like any other to those who draft offline whatever happens
            raise KeyboardInterrupt from None

    def progress(chunk: int, chunks: int) -> None:
        ctx.say(f"asking the model: chunk {chunk} of {chunks} \u2026" if chunks else "asking the model: title \u2026")

    voice = Voice(
        say,
        agree if on_terminal(sys.stdin) and on_terminal(sys.stderr) else None,
        lambda preview: _show(ctx, preview, files),
        ctx.say,
        progress if on_terminal(sys.stderr) else lambda _chunk, _chunks: None,
        yes,
    )
    return make_retell(ctx.env, make_redactor(ctx.env, allowed, touch=False), voice)


def _show(ctx: Context, preview: Preview, files: int) -> None:
    """Say to whom how much is sent, now and in the rest of a run."""
    cost = "price unknown" if preview.price is None else f"at most about ${max(0.01, preview.price):.2f}"
    brief = "" if preview.whole else ", in brief, for it is long"
    ctx.say(f"{preview.model} at {preview.host} is to draft this session{brief}.")
    ctx.say(
        f"Sent: at most about {preview.tokens:,} tokens in {count(preview.chunks, 'part')}, "
        f"replies: {preview.replies:,}; {cost}."
    )
    ctx.say(f"It holds what was said, commands, and the beginnings of edits and results, {_taken_out(preview.hidden)}.")
    if files > 1:
        ctx.say(f"That is the first one: every new session in the {files} files of this run is sent as well.")
    if preview.open:
        ctx.say("The connection is not encrypted: whoever is between can read it.")


def _taken_out(hidden: int) -> str:
    return f"after {count(hidden, 'redaction')}" if hidden else "in which no secret was found"
