"""The command "hooks": put hooks in place, take them away, see how they stand; and what the hooks themselves run."""

# ruff: noqa: FBT001  (click hands options over as plain arguments)

from __future__ import annotations

from dataclasses import asdict

import click

from session_journal.cli.output import Context, align
from session_journal.cli.setup import dry_run_option, json_option
from session_journal.core.hook_scripts import NAMES
from session_journal.errors import NotFoundError, UsageError

_LATER = ("claude-code", "codex", "gemini", "copilot", "cursor")
_DONE = {"write": "wrote", "move": "moved", "remove": "removed", "git": "ran git"}
_targets = click.argument("targets", metavar="[TARGET]...", nargs=-1)
_force = click.option("--force", is_flag=True, help="Also what was edited by hand since.")


@click.group()
def hooks() -> None:
    """Let git check and record what you commit by hand.

    TARGET is git: before a commit the journal's files are checked, after it they are recorded in the log, and before a
    push the log is verified. Hooks that are there already go on running, before the journal's.
    """


@hooks.command("install")
@_targets
@_force
@dry_run_option
@click.pass_obj
def install(ctx: Context, targets: tuple[str, ...], force: bool, dry_run: bool) -> None:
    """Put hooks in place, or bring them up to date."""
    from session_journal.app import git_hooks

    _check(targets or (_ask("install"),))
    done = git_hooks.install(ctx.open(), force=force, dry_run=dry_run)
    _report(ctx, done, "the hooks are in place already", dry_run=dry_run)


@hooks.command("uninstall")
@_targets
@_force
@dry_run_option
@click.pass_obj
def uninstall(ctx: Context, targets: tuple[str, ...], force: bool, dry_run: bool) -> None:
    """Take the journal's hooks away and put back what was there before."""
    from session_journal.app import git_hooks

    _check(targets or (_ask("uninstall"),))
    done = git_hooks.uninstall(ctx.open(), force=force, dry_run=dry_run)
    _report(ctx, done, "there are no hooks of the journal", dry_run=dry_run)


@hooks.command("status")
@_targets
@json_option
@click.pass_obj
def status(ctx: Context, targets: tuple[str, ...], as_json: bool) -> None:
    """Tell which hooks are active."""
    from session_journal.app import git_hooks

    _check(targets)
    states = git_hooks.status(ctx.open())
    if as_json:
        ctx.emit([{"target": "git", **asdict(state)} for state in states], as_json=True)
        return
    ctx.emit(align([("git", state.hook, state.state) for state in states]))
    for hint in dict.fromkeys(state.hint for state in states if state.hint):
        ctx.say(f"hint: {hint}")


def _ask(verb: str) -> str:
    raise UsageError("name the target of the hooks", f"journal hooks {verb} git")


def _check(targets: tuple[str, ...]) -> None:
    for target in targets:
        if target in _LATER:
            raise NotFoundError(f"hooks for {target} are not available yet", "journal hooks install git")
        if target != "git":
            raise UsageError(f"no hooks are known for {target}", "journal hooks install git")


def _report(ctx: Context, done: list[str], nothing: str, *, dry_run: bool) -> None:
    for line in done:
        verb, _, rest = line.partition(" ")
        ctx.write(f"would {'run ' if verb == 'git' else ''}{line}" if dry_run else f"{_DONE.get(verb, verb)} {rest}")
    if not done:
        ctx.say(nothing)


@hooks.command("run", hidden=True)
@click.argument("name", type=click.Choice((*NAMES, "seal")))
@click.argument("args", nargs=-1, type=click.UNPROCESSED)
def run(name: str, args: tuple[str, ...]) -> int:
    """Do what a hook of git asks for, in the repository that git is working in.

    Exit code 10, and no other, means that git must not go on. seal stands for all that follows a commit; it finds out
    by itself which hook it is.
    """
    from session_journal.cli.hook_run import run_hook

    return run_hook(name, args)


COMMANDS: tuple[click.Command, ...] = (hooks,)
