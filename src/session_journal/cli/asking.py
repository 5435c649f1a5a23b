"""How a command that may ask a language model talks of it: consent before the first session is sent, and progress."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING

import click

from session_journal.cli.output import Context, on_terminal
from session_journal.core.text import counted

if TYPE_CHECKING:
    from session_journal.app.endpoint import Preview, Purpose, Voice
    from session_journal.core.drafting import Retell
    from session_journal.store.allowed import Allowed

offline_option = click.option("--offline", is_flag=True, help="Ask no language model, whatever is set.")
yes_option = click.option(
    "--yes", is_flag=True, help="Agree that the model in your settings is sent your sessions and entries."
)


def choose_retell(
    ctx: Context, *, offline: bool, yes: bool = False, allowed: Allowed | None = None, files: int = 1
) -> Retell | None:
    """Return what asks the model of the user's settings; None where none is set or none is wanted.

    allowed: what was taken for a secret and may be kept, and sent. files: how many this run looks at.
    """
    from session_journal.app.endpoint import is_set
    from session_journal.app.modelled import make_retell
    from session_journal.app.redaction import make_redactor

    if offline or not is_set(ctx.env):
        return None

    def progress(chunk: int, chunks: int) -> None:
        ctx.say(f"asking the model: chunk {chunk} of {chunks} \u2026" if chunks else "asking the model: title \u2026")

    voice = make_voice(ctx, yes=yes, files=files, progress=progress)
    return make_retell(ctx.env, make_redactor(ctx.env, allowed, touch=False), voice)


def make_voice(
    ctx: Context, *, yes: bool = False, files: int = 1, progress: Callable[[int, int], None] | None = None
) -> Voice:
    """Return how this command talks of a model; nobody is asked, and no progress shown, but on a terminal."""
    from session_journal.app.endpoint import Voice

    def say(why: str, hint: str) -> None:
        ctx.say(why)
        if hint:
            ctx.say(f"hint: {hint}")

    def agree(preview: Preview) -> bool:
        _show(ctx, preview, files)
        ctx.say(_LATER[preview.purpose])
        try:
            return click.confirm(f"Send it to {preview.host}?", default=False, err=True)
        except click.Abort:  # an exception like any other to those who draft offline whatever happens
            raise KeyboardInterrupt from None

    shown = on_terminal(sys.stderr)
    return Voice(
        say,
        agree if on_terminal(sys.stdin) and shown else None,
        lambda preview: _show(ctx, preview, files),
        ctx.say,
        progress if progress and shown else lambda _done, _all: None,
        yes,
    )


@contextmanager
def talking(ctx: Context, *, offline: bool, yes: bool) -> Iterator[Voice | None]:
    """Yield how patterns and rollups talk of models, with a bar for many statements; None where none is wanted."""
    if offline:
        yield None
        return
    with ExitStack() as stack:
        bars: list[Callable[[int, int], None]] = []

        def progress(done: int, every: int) -> None:
            if not every:
                ctx.say("asking the model: opening \u2026")
                return
            bars[:] = bars or [_open_bar(stack, every)]
            bars[0](done, every)

        yield make_voice(ctx, yes=yes, progress=progress)


def _open_bar(stack: ExitStack, every: int) -> Callable[[int, int], None]:
    """Show a bar and return what moves it."""
    from rich.console import Console
    from rich.progress import Progress

    shown = stack.enter_context(Progress(console=Console(stderr=True), transient=True))
    task = shown.add_task("asking the model", total=every)
    return lambda done, _: shown.update(task, completed=done)


def _show(ctx: Context, preview: Preview, files: int) -> None:
    """Say to whom how much is sent, now and in the rest of a run."""
    cost = "price unknown" if preview.price is None else f"at most about ${max(0.01, preview.price):.2f}"
    brief = "" if preview.whole else ", in brief, for it is long"
    ctx.say(f"{preview.model} at {preview.host} is to {_TASK[preview.purpose]}{brief}.")
    replies = f"replies: {preview.replies:,}; " if preview.replies else ""
    parts = counted(preview.chunks, _PART[preview.purpose])
    ctx.say(f"Sent: at most about {preview.tokens:,} tokens in {parts}, {replies}{cost}.")
    ctx.say(f"{_HOLDS[preview.purpose]}, {_taken_out(preview.hidden)}.")
    if files > 1:
        ctx.say(f"That is the first one: every new session in the {files} files of this run is sent as well.")
    if preview.open:
        ctx.say("The connection is not encrypted: whoever is between can read it.")


_TASK: Mapping[Purpose, str] = {
    "draft": "draft this session",
    "opening": "write the opening of this rollup",
    "meaning": "compare what your entries state",
}
_PART: Mapping[Purpose, str] = {"draft": "part", "opening": "part", "meaning": "statement"}
_HOLDS: Mapping[Purpose, str] = {
    "draft": "It holds what was said, commands, and the beginnings of edits and results",
    "opening": "It holds the lines of the rollup, from entries of every visibility",
    "meaning": "It holds statements of entries of every visibility",
}
_LATER: Mapping[Purpose, str] = {
    "draft": "It is asked about each session that you draft and each rollup that you write from now on.",
    "opening": "It is asked about each rollup that you write and each session that you draft from now on.",
    "meaning": "It is sent each new statement from now on.",
}


def _taken_out(hidden: int) -> str:
    return f"after {counted(hidden, 'redaction')}" if hidden else "in which no secret was found"
