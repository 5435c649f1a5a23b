"""The command "hooks": put hooks in place, take them away, see how they stand; and what the hooks themselves run."""

# ruff: noqa: FBT001  (click hands options over as plain arguments)

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import timedelta
from typing import TYPE_CHECKING

import click

from session_journal.cli.output import Context, align
from session_journal.cli.setup import dry_run_option, json_option
from session_journal.core.hook_scripts import NAMES
from session_journal.core.text import counted
from session_journal.errors import JournalError, NotFoundError, UsageError

if TYPE_CHECKING:
    from session_journal.app.agent_hooks import Edit
    from session_journal.app.git_hooks import HookState

_GIT = "git"
_AGENTS = ("claude-code", "codex")
_LATER = ("gemini", "copilot", "cursor")
_LATE = 7
"""Days."""
_DONE = {"write": "wrote", "move": "moved", "remove": "removed", "git": "ran git"}
_targets = click.argument("targets", metavar="[TARGET]...", nargs=-1)
_force = click.option("--force", is_flag=True, help="Also hooks of git that were edited by hand since.")


@click.group()
def hooks() -> None:
    """Let git record what you commit, and agents have their sessions captured.

    TARGET git: before a commit the journal's files are checked, after it they are recorded in the log, and before a
    push the log is verified. Hooks that are there already go on running, before the journal's.

    TARGET claude-code or codex: when a session ends, a draft of it is captured, without any command of yours. What is
    added to the agent's own settings: --dry-run shows it, uninstall takes it out again.
    """


@hooks.command("install")
@_targets
@_force
@dry_run_option
@click.pass_obj
def install(ctx: Context, targets: tuple[str, ...], force: bool, dry_run: bool) -> None:
    """Put hooks in place, or bring them up to date."""
    from session_journal.app import agent_hooks, git_hooks

    for target in _check(targets, "install"):
        if target == _GIT:
            done = git_hooks.install(ctx.open(), force=force, dry_run=dry_run)
            _report(ctx, done, "the hooks are in place already", dry_run=dry_run)
            continue
        tool = agent_hooks.find_tool(target)
        edit = agent_hooks.install(tool, ctx.host(), ctx.env, dry_run=dry_run)
        _report_edit(ctx, edit, f"the hooks of {target} are in place already", dry_run=dry_run)
        if edit and not dry_run:
            ctx.say(tool.note(ctx.host()))
            _say_journal(ctx)


@hooks.command("uninstall")
@_targets
@_force
@dry_run_option
@click.pass_obj
def uninstall(ctx: Context, targets: tuple[str, ...], force: bool, dry_run: bool) -> None:
    """Take the journal's hooks away and put back what was there before."""
    from session_journal.app import agent_hooks, git_hooks

    for target in _check(targets, "uninstall"):
        if target == _GIT:
            done = git_hooks.uninstall(ctx.open(), force=force, dry_run=dry_run)
            _report(ctx, done, "there are no hooks of the journal", dry_run=dry_run)
            continue
        edit = agent_hooks.uninstall(agent_hooks.find_tool(target), ctx.host(), ctx.env, dry_run=dry_run)
        _report_edit(ctx, edit, f"there are no hooks of the journal in {target}", dry_run=dry_run)


@hooks.command("status")
@_targets
@json_option
@click.pass_obj
def status(ctx: Context, targets: tuple[str, ...], as_json: bool) -> None:
    """Tell which hooks are active."""
    states = [
        (target, state)
        for target in _check(targets or (_GIT, *_AGENTS), "status")
        for state in _states(ctx, target, named=bool(targets))
    ]
    if as_json:
        ctx.emit([{"target": target, **asdict(state)} for target, state in states], as_json=True)
        return
    ctx.emit(align([(target, state.hook, state.state) for target, state in states]))
    for hint in dict.fromkeys(state.hint for _, state in states if state.hint):
        ctx.say(f"hint: {hint}")
    _say_failure(ctx)


def _say_failure(ctx: Context) -> None:
    """Tell the last thing that hooks of agents failed at, if that was of late: they themselves say nothing."""
    from session_journal.store.failures import failures

    since = (ctx.now() - timedelta(days=_LATE)).isoformat(sep=" ")
    failed = [failure for failure in failures(ctx.env) if failure.when >= since]
    if failed:
        last = failed[-1]
        ctx.say(f"Hooks of agents failed {counted(len(failed), 'time')}, last {last.when[:16]}: {last.what}")
        ctx.say(f"hint: {last.hint}" if last.hint else "hint: journal capture")


def _states(ctx: Context, target: str, *, named: bool) -> Sequence[HookState]:
    """Return how a target's hooks stand; without a journal there is nothing to say of git, unless it was asked for."""
    from session_journal.app import agent_hooks, git_hooks

    if target != _GIT:
        return agent_hooks.status(agent_hooks.find_tool(target), ctx.host(), ctx.env)
    try:
        return git_hooks.status(ctx.open())
    except NotFoundError:
        if named:
            raise
        return ()


def _check(targets: tuple[str, ...], verb: str) -> tuple[str, ...]:
    """Return the targets that are meant, each once; refuse what is none."""
    if not targets:
        known = ", ".join((_GIT, *_AGENTS))
        raise UsageError(f"name the target of the hooks: {known}", f"journal hooks {verb} claude-code")
    for target in targets:
        if target in _LATER:
            raise NotFoundError(f"hooks for {target} are not available yet", f"journal hooks {verb} claude-code")
        if target not in {_GIT, *_AGENTS}:
            raise UsageError(f"no hooks are known for {target}", f"journal hooks {verb} claude-code")
    return tuple(dict.fromkeys(targets))


def _report(ctx: Context, done: list[str], nothing: str, *, dry_run: bool) -> None:
    for line in done:
        verb, _, rest = line.partition(" ")
        ctx.write(f"would {'run ' if verb == 'git' else ''}{line}" if dry_run else f"{_DONE.get(verb, verb)} {rest}")
    if not done:
        ctx.say(nothing)


def _report_edit(ctx: Context, edit: Edit | None, nothing: str, *, dry_run: bool) -> None:
    if edit is None:
        ctx.say(nothing)
    elif dry_run:
        ctx.write(edit.diff)
    else:
        ctx.write(f"{'removed' if edit.new is None else 'wrote'} {edit.path}")


def _say_journal(ctx: Context) -> None:
    """Say so where there is no journal that sessions could go to."""
    try:
        ctx.open()
    except JournalError as error:
        ctx.say(f"Nothing can be captured yet: {error.message}.\nhint: {error.hint}")


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


@hooks.command("publish", hidden=True)
def publish() -> int:
    """Capture the sessions that hooks of agents found to be over. Hooks start this by themselves."""
    from session_journal.cli.hook_capture import run_hook_work

    return run_hook_work("publish")


@hooks.command("wait", hidden=True)
def wait() -> int:
    """Wait until the sessions that hooks of agents have seen are quiet, then capture them. Hooks start this, too."""
    from session_journal.cli.hook_capture import run_hook_work

    return run_hook_work("wait")


COMMANDS: tuple[click.Command, ...] = (hooks,)
