"""The command group: families in its help, and no command module loaded before its command is called."""

from __future__ import annotations

import importlib
import sys

import click

from session_journal import __version__
from session_journal.cli.output import Context

# family → command → (module of cli that defines it, its help line)
FAMILIES: dict[str, dict[str, tuple[str, str]]] = {
    "set up": {
        "init": ("setup", "Make a journal (default: ~/journal)."),
        "config": ("setup", "Read and change your settings."),
        "hooks": ("hooks", "Let git record what you commit, and agents have sessions captured."),
        "doctor": ("doctor", "Look whether everything is in order."),
    },
    "write": {
        "start": ("write", "Note what you intend, and see what is open."),
        "new": ("write", "Write an entry, or draft it from a transcript."),
        "note": ("write", "Add one line to today's notes."),
        "draft": ("write", "Print the entry drafted from a transcript; touch nothing."),
        "capture": ("capturing", "Draft entries from sessions that are not in the journal yet."),
        "review": ("reviewing", "Accept or discard drafts."),
        "edit": ("write", "Open an entry in your editor."),
        "import": ("importing", "Bring in a journal kept elsewhere."),
    },
    "read": {
        "list": ("read", "List entries."),
        "show": ("read", "Show an entry."),
        "search": ("recall", "Find entries, notes and playbooks."),
        "timeline": ("timeline", "Retell the session of an entry, turn by turn."),
        "actions": ("open_ends", "List open actions, or tick one off."),
        "gaps": ("open_ends", "List open knowledge gaps, or say how one stands."),
        "questions": ("open_ends", "List open questions, or tick one off."),
        "handoff": ("before", "Show where a project stands, and what comes next."),
    },
    "learn": {
        "weekly": ("learn", "Roll a week up and promote what keeps recurring."),
        "monthly": ("learn", "Roll a month up from its entries."),
        "quarterly": ("learn", "Roll a quarter up: also what was mastered."),
        "patterns": ("patterns", "List what recurs across entries, with its evidence."),
        "playbook": ("playbook", "List, show, mark, promote and retire playbooks."),
        "reflect": ("reflecting", "Tell how you work: what goes well, and what to try."),
        "learnings": ("before", "Show the digest to read before the next session."),
    },
    "hand back": {
        "context": ("recall", "Print what matters for the next session, within a budget."),
    },
    "prove": {
        "log": ("log", "Tell the story of the journal's log."),
        "verify": ("log", "Check that nothing was changed behind the journal's back."),
        "seal": ("prove", "Record what was changed by hand."),
        "sync": ("sync", "Bring this journal in step with its remote."),
    },
}
_COMMANDS = {name: where for commands in FAMILIES.values() for name, where in commands.items()}


class FamilyGroup(click.Group):
    """A group that knows its commands by name and imports the module of the one that is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return all command names, family by family."""
        del ctx
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import and return one command."""
        del ctx
        if cmd_name not in _COMMANDS:
            return None
        module = importlib.import_module(f"session_journal.cli.{_COMMANDS[cmd_name][0]}")
        commands: tuple[click.Command, ...] = module.COMMANDS
        return next(command for command in commands if command.name == cmd_name)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command, or fail with the names that look like it."""
        if args and args[0] not in _COMMANDS and not args[0].startswith("-"):
            import difflib

            near = difflib.get_close_matches(args[0], _COMMANDS, 2)
            hint = f" Did you mean {' or '.join(near)}?" if near else ""
            raise click.UsageError(f"there is no command {args[0]!r}.{hint}", ctx)
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the commands by family without importing any."""
        del ctx
        width = max(map(len, _COMMANDS)) + 2
        for family, commands in FAMILIES.items():
            with formatter.section(family):
                formatter.write_dl([(name.ljust(width - 2), text) for name, (_, text) in commands.items()])


@click.group(cls=FamilyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--journal",
    "journal_dir",
    metavar="DIR",
    default="",
    help="The journal to use (else JOURNAL_HOME, the folder you are in, your default).",
)
@click.version_option(__version__, message="journal %(version)s")
@click.pass_context
def cli(ctx: click.Context, journal_dir: str) -> None:
    """Turn sessions with AI assistants into a journal you learn from."""
    ctx.obj = Context(journal_dir=journal_dir)


def run_click(argv: list[str]) -> int:
    """Run one command line through click and return its exit code."""
    try:
        result = cli.main(args=argv, prog_name="journal", standalone_mode=False)
    except click.exceptions.NoArgsIsHelpError as error:
        sys.stdout.write(f"{error.format_message()}\n")
        return 0
    except click.exceptions.Abort:
        raise KeyboardInterrupt from None
    except click.UsageError as error:
        return _explain_usage(error)
    except click.ClickException as error:
        sys.stderr.write(f"journal: {error.format_message()}\n")
        return error.exit_code
    finally:
        _tell_of_templates()
    return result if isinstance(result, int) else 0


def _tell_of_templates() -> None:
    """Say what was wrong with the journal's own templates, where any were used."""
    templates = sys.modules.get("session_journal.store.templates")
    for warning in templates.take_warnings() if templates else ():
        sys.stderr.write(f"journal: {warning}\n")


def _explain_usage(error: click.UsageError) -> int:
    path = error.ctx.command_path if error.ctx else "journal"
    sys.stderr.write(f"journal: {error.format_message()}\nhint: {path} --help\n")
    return 2
