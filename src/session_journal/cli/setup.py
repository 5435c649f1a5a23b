"""The commands that set things up: init and config."""

# ruff: noqa: FBT001  (click hands options over as plain arguments)

from __future__ import annotations

import os

import click

from session_journal.cli.output import Context, align

dry_run_option = click.option("--dry-run", "-n", is_flag=True, help="Say what would be done; change nothing.")
_NEXT = """Next:
  journal new -m "What I did and learned"
  journal capture        (drafts entries from your last sessions)
  journal list
  journal hooks install git   (records what you commit by hand)"""

allow_option = click.option(
    "--allow",
    "allowed",
    metavar="FINGERPRINT",
    multiple=True,
    help="Keep a value that was taken for a secret; remembered on this machine.",
)
json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


@click.command()
@click.argument("folder", metavar="[DIR]", default="")
@click.option("--here", is_flag=True, help="Inside the repository you are in, beside its code.")
@click.option("--shared", is_flag=True, help="With --here: everyone who can read the repository may read the journal.")
@click.option("--join", is_flag=True, help="Make one of two journals whose histories git has merged.")
@dry_run_option
@click.pass_obj
def init(ctx: Context, folder: str, here: bool, shared: bool, join: bool, dry_run: bool) -> None:
    """Make a journal (default: ~/journal)."""
    from session_journal.app.init import begin, find_top
    from session_journal.app.project import working_folder

    if join:
        _join(ctx, folder, dry_run=dry_run)
        return
    named = folder or ctx.journal_dir or ctx.env.get("JOURNAL_HOME", "")
    top = find_top(named or working_folder()) if here else named or os.path.join("~", "journal")
    begun = begin(top, ctx.env, ctx.now(), here=here, shared=shared, dry_run=dry_run)
    ctx.write(begun.root)
    if begun.existed:
        ctx.say("It is a journal already; nothing was changed.")
    else:
        ctx.say(("Would make" if dry_run else "Made") + f" a journal with {', '.join(begun.files)}.")
    if not dry_run:
        _say_default(ctx, begun.root, begun.default)
    if not begun.existed and not dry_run:
        ctx.say(_NEXT)


def _join(ctx: Context, folder: str, *, dry_run: bool) -> None:
    from session_journal.app.repair import join_roots
    from session_journal.store.journal import open_journal

    journal = open_journal(folder, env=ctx.env) if folder else ctx.open()
    if join_roots(journal, ctx.now(), dry_run=dry_run):
        ctx.write(f"{'would be ' if dry_run else ''}joined: the beginnings of the log in {journal.root}")
    else:
        ctx.say("the log has one beginning, or its beginnings are joined already")


def _say_default(ctx: Context, root: str, default: str) -> None:
    if default == root:
        ctx.say("It is your default journal.")
    elif default:
        ctx.say(f"Your default journal stays {default}. To change that: journal config set default {root}")


class KeyGroup(click.Group):
    """Let `config KEY` and `config KEY VALUE` stand for `config get KEY` and `config set KEY VALUE`."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Put the missing word in front of what looks like a setting."""
        if args and args[0] not in self.commands and not args[0].startswith("-"):
            words = [arg for arg in args if not arg.startswith("-")]
            args = ["get" if len(words) == 1 else "set", *args]
        return super().resolve_command(ctx, args)


@click.group(cls=KeyGroup)
def config() -> None:
    """Read and change your settings."""


@config.command("get")
@click.argument("key")
@json_option
@click.pass_obj
def config_get(ctx: Context, key: str, as_json: bool) -> None:
    """Print one setting."""
    from session_journal.app.config import get

    ctx.emit(get(ctx.env, key, ctx.root()), as_json)


@config.command("set")
@click.argument("key")
@click.argument("value")
@dry_run_option
@click.pass_obj
def config_set(ctx: Context, key: str, value: str, dry_run: bool) -> None:
    """Change one of your settings."""
    from session_journal.app.config import put
    from session_journal.app.project import working_folder
    from session_journal.store.places import config_file

    stored = put(ctx.env, key, value, working_folder(), ctx.root(), dry_run=dry_run)
    for name, kept in stored.items():
        ctx.say(f"{'Would set' if dry_run else 'Set'} {name} = {kept} in {config_file(ctx.env)}")


@config.command("unset")
@click.argument("key")
@dry_run_option
@click.pass_obj
def config_unset(ctx: Context, key: str, dry_run: bool) -> None:
    """Take one of your settings out: the default holds again."""
    from session_journal.app.config import take_out
    from session_journal.store.places import config_file

    for name in take_out(ctx.env, key, ctx.root(), dry_run=dry_run):
        ctx.say(f"{'Would unset' if dry_run else 'Unset'} {name} in {config_file(ctx.env)}")


@config.command("list")
@json_option
@click.pass_obj
def config_list(ctx: Context, as_json: bool) -> None:
    """Print every setting with its value and meaning."""
    from session_journal.app.config import settings_list

    found = settings_list(ctx.env, ctx.root())
    if as_json:
        ctx.emit(found, as_json=True)
        return
    ctx.emit(
        align([(setting.key, str(setting.value) or "-", setting.source or "-", setting.help) for setting in found])
    )


@config.command("path")
@click.pass_obj
def config_path(ctx: Context) -> None:
    """Print where your settings lie."""
    from session_journal.store.places import config_file

    ctx.write(config_file(ctx.env))


COMMANDS: tuple[click.Command, ...] = (init, config)
