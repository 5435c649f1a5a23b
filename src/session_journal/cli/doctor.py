"""The command that looks after everything the journal depends on: doctor."""

# ruff: noqa: FBT001  (click hands options over as plain arguments)

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from session_journal.cli.output import Context, on_terminal
from session_journal.cli.setup import dry_run_option, json_option
from session_journal.core.text import counted
from session_journal.errors import JournalError, UsageError

if TYPE_CHECKING:
    from session_journal.app.doctor import Finding, Patient

_STYLES = {"ok": "good", "warn": "draft", "fail": "bad"}


@click.command()
@click.option("--fix", is_flag=True, help="Put right what can be put right safely.")
@click.option("--secrets", is_flag=True, help="Look for secrets in all that the journal holds, the history included.")
@click.option("--endpoint", is_flag=True, help="Ask whether your language model answers; nothing of yours is sent.")
@json_option
@dry_run_option
@click.pass_obj
def doctor(ctx: Context, fix: bool, secrets: bool, endpoint: bool, as_json: bool, dry_run: bool) -> int:
    """Look whether everything the journal depends on is in order.

    Exit code 1 where something fails; warnings alone are no failure.
    """
    from session_journal.app.doctor import examine

    _check_options(fix=fix, secrets=secrets, endpoint=endpoint, dry_run=dry_run)
    if secrets:
        return _scan(ctx, as_json=as_json)
    if endpoint:
        return _ask_endpoint(ctx, as_json=as_json)
    patient = _patient(ctx)
    findings: list[Finding] = []
    for finding in examine(patient):
        findings.append(finding)
        if not as_json:
            _show(ctx, finding)
    if fix and _mend(ctx, findings, dry_run=dry_run):
        findings = list(examine(patient))
    if as_json:
        ctx.emit([_plain(finding) for finding in findings], as_json=True)
    else:
        _sum_up(ctx, findings)
    return int(any(finding.level == "fail" for finding in findings))


def _check_options(*, fix: bool, secrets: bool, endpoint: bool, dry_run: bool) -> None:
    if secrets and (fix or dry_run or endpoint):
        raise UsageError("--secrets only looks; what to do it says step by step", "journal doctor --secrets")
    if endpoint and (fix or dry_run):
        raise UsageError("--endpoint only asks whether the model answers", "journal doctor --endpoint")
    if dry_run and not fix:
        raise UsageError("doctor changes nothing without --fix", "journal doctor --fix --dry-run")


def _scan(ctx: Context, *, as_json: bool) -> int:
    """Print where secrets lie, never what they are, and how to get rid of them."""
    from session_journal.app.secrets_scan import scan
    from session_journal.store.archive import kept_texts

    journal = ctx.open()
    say = (lambda what: ctx.say(f"{what} …")) if on_terminal(sys.stderr) else lambda _: None
    found = scan(journal, kept_texts(journal), ctx.env, say)
    if as_json:
        ctx.emit(found.as_json(), as_json=True)
        return int(bool(found.leaks))
    for leak in found.leaks:
        by = f"  (found by {leak.by})" if leak.by != "journal" else ""
        ctx.write(f"{leak.kind}  {leak.place}{f'  {leak.fingerprint}' if leak.fingerprint else ''}{by}")
    for number, step in enumerate(found.steps, 1):
        ctx.write(f"{number}. {step.text}" + (f"\n   {step.command}" if step.command else ""))
    for note in found.notes:
        ctx.say(note)
    different = len({leak.fingerprint or leak.place for leak in found.leaks})
    ctx.say(f"{counted(different, 'secret')} in {counted(len(found.leaks), 'place')} of {journal.root}.")
    return int(bool(found.leaks))


def _ask_endpoint(ctx: Context, *, as_json: bool) -> int:
    """Print what the endpoint of the language model says when it is asked for its models."""
    from session_journal.app.doctor import Finding
    from session_journal.app.endpoint import check
    from session_journal.errors import ModelError

    try:
        finding = Finding("endpoint", "ok", check(ctx.env))
    except ModelError as error:
        finding = Finding("endpoint", "fail", error.message, error.hint)
    if as_json:
        ctx.emit([_plain(finding)], as_json=True)
    else:
        _show(ctx, finding)
    return int(finding.level == "fail")


def _mend(ctx: Context, findings: list[Finding], *, dry_run: bool) -> bool:
    """Put right what is safe, or say what would be; tell whether anything was done."""
    from session_journal.app.doctor import mend

    if dry_run:
        for finding in findings:
            if finding.fix:
                ctx.say(f"would {finding.fix.what} ({finding.check})")
        return False
    did = list(mend(findings))
    for finding, done, what in did:
        ctx.say(f"{'fixed' if done else 'not fixed'}  {finding.check}: {what}")
    return bool(did)


def _patient(ctx: Context) -> Patient:
    from session_journal.app.doctor import Patient

    say = ctx.say if on_terminal(sys.stderr) else lambda _: None
    journal, problem = None, None
    try:
        journal = ctx.open()
    except JournalError as error:
        problem = error
    return Patient(ctx.env, ctx.clock(), ctx.host(), journal, problem, ctx.journal_dir, say)


def _show(ctx: Context, finding: Finding) -> None:
    """Print one line as soon as it is known; some checks take their time."""
    level = ctx.style(f"{finding.level:<4}", _STYLES[finding.level])
    ctx.write(f"{level}  {finding.check:<12}  {finding.what}")
    if finding.hint and finding.level != "ok":
        ctx.write(f"{'':20}{finding.hint}")


def _sum_up(ctx: Context, findings: list[Finding]) -> None:
    kinds = (("fail", "failure"), ("warn", "warning"))
    parts = [counted(sum(finding.level == level for finding in findings), word) for level, word in kinds]
    ctx.say(f"{', '.join(parts)}.")


def _plain(finding: Finding) -> dict[str, object]:
    return {
        "check": finding.check, "level": finding.level, "what": finding.what, "hint": finding.hint,
        "fix": finding.fix.what if finding.fix else None,
    }  # fmt: skip


COMMANDS: tuple[click.Command, ...] = (doctor,)
