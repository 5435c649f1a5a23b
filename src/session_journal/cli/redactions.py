"""What a command says of what it took out of transcripts: how much of which kind, and how to keep what is no secret."""

from __future__ import annotations

from collections.abc import Mapping

import click

from session_journal.cli.output import Context, align

show_option = click.option(
    "--show-redactions", "show", is_flag=True, help="Name what was taken out by its fingerprint, for --allow."
)


def say_redacted(
    ctx: Context, counts: Mapping[str, int], taken: Mapping[str, tuple[str, str]], *, show: bool = False
) -> None:
    """Say what was taken out, by kind and, to `show` it, each value by its mark and fingerprint; never a value."""
    from session_journal.app.new import tell_redacted

    if counts:
        ctx.say(tell_redacted(counts))
        if taken and not show:
            ctx.say("If any of it is no secret: --show-redactions names it, so that --allow can keep it")
    if show and taken:
        rows = [(kind, mark or "-", f"--allow {name}") for name, (kind, mark) in taken.items()]
        for line in align(sorted(rows)):
            ctx.say(f"  {line}")
        ctx.say("What is no secret stays in what is drafted from then on: journal capture --allow FINGERPRINT")
