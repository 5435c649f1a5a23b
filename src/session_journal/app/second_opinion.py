"""Further secret scanners where they are installed: asked without network, their findings as plain places."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

_TIME_LIMIT = 600
# Both can ask the secrets' issuers whether they are valid: that is switched off, and a proxy that nobody listens at
# keeps them from the network whatever their version's defaults are.
_NO_NETWORK = {
    name: "http://127.0.0.1:9"
    for proxy in ("http_proxy", "https_proxy", "all_proxy")
    for name in (proxy, proxy.upper())
} | {"no_proxy": "", "NO_PROXY": "", "KF_NO_UPDATE_CHECK": "1"}

Place = tuple[str, str, int, str]
"""Kind, path relative to the journal's root, line, commit ("" for a file as it is)."""


@dataclass(frozen=True, slots=True)
class Opinion:
    """What one scanner found, or what kept it from looking."""

    tool: str
    leaks: tuple[Place, ...] = ()
    notes: tuple[str, ...] = field(default=())


def second_opinions(root: str, env: Mapping[str, str], tell: Callable[[str], None]) -> Iterator[Opinion]:
    """Yield what each installed scanner finds in the journal's files and history."""
    for tool, arguments, places in _TOOLS:
        program = shutil.which(tool, path=env["PATH"]) if env.get("PATH") else None
        for words in arguments(root) if program else ():
            tell(f"asking {tool}")
            yield _ask(tool, [str(program), *words], root, env, places)


def _ask(
    tool: str, command: list[str], root: str, env: Mapping[str, str], places: Callable[[Any], Iterator[Place]]
) -> Opinion:
    try:
        done = subprocess.run(
            command, cwd=root, env={**env, **_NO_NETWORK}, stdin=subprocess.DEVNULL, capture_output=True,
            timeout=_TIME_LIMIT, check=False,
        )  # fmt: skip
    except (OSError, subprocess.TimeoutExpired) as error:
        return Opinion(tool, notes=(f"{tool} could not look at the journal ({type(error).__name__})",))
    report = _read(done.stdout)
    if report is None or (not done.stdout.strip() and done.returncode):
        return Opinion(tool, notes=(f"{tool} gave no report that can be read (exit code {done.returncode})",))
    found = (_inside(root, place) for place in places(report))
    return Opinion(tool, tuple(dict.fromkeys(place for place in found if place)))


def _read(out: bytes) -> Any:
    """Return the report in a scanner's output, which may be one object a line; None where there is none."""
    text = out.decode("utf-8", "replace").strip()
    try:
        return json.loads(text or "[]")
    except ValueError:
        pass
    try:
        return [json.loads(line) for line in text.splitlines() if line.strip()]
    except ValueError:
        return None


def _inside(root: str, place: Place) -> Place | None:
    """Return a finding with its path seen from the root; None where it lies outside the journal's own folder."""
    kind, path, line, commit = place
    whole = os.path.normpath(os.path.join(root, path))
    relative = os.path.relpath(whole, root).replace(os.sep, "/")
    return (kind, relative, line, commit) if relative.startswith("journal/") else None


def _betterleaks(root: str) -> Iterator[list[str]]:
    options = [
        "--no-banner",
        "--no-color",
        "--redact",
        "--exit-code",
        "0",
        "--report-format",
        "json",
        "--report-path",
        "-",
    ]
    yield ["dir", os.path.join(root, "journal"), *options]
    yield ["git", root, "--log-opts=--all -- journal", *options]


def _betterleaks_places(report: Any) -> Iterator[Place]:
    """Yield the findings of a report: a list of objects, whose names have another case since version 2."""
    for finding in report if isinstance(report, list) else []:
        if isinstance(finding, dict):
            low = {str(name).lower(): value for name, value in finding.items()}
            where = _table(low.get("location"))
            source = _table(low.get("attributes"))
            path = low.get("file") or source.get("path") or source.get("fs.path") or source.get("git.path")
            line = low.get("startline") or where.get("startLine")
            commit = low.get("commit") or source.get("git.sha") or source.get("git.commit")
            yield _place(low.get("ruleid"), path, line, commit)


def _kingfisher(root: str) -> Iterator[list[str]]:
    yield ["scan", root, "--no-validate", "--no-update-check", "--redact", "--format", "json"]


def _kingfisher_places(report: Any) -> Iterator[Place]:
    """Yield the findings of a report: objects with `rule` and `finding`, alone in a list or in an envelope."""
    envelopes = report if isinstance(report, list) else [report]
    records = [record for one in envelopes for record in (_table(one).get("findings") or [one])]
    for record in records:
        rule, finding = _table(_table(record).get("rule")), _table(_table(record).get("finding"))
        commit = _table(_table(finding.get("git_metadata")).get("commit")).get("id")
        path = finding.get("path") or _table(_table(finding.get("git_metadata")).get("file")).get("path")
        if rule or finding:
            yield _place(rule.get("id") or rule.get("name"), path, finding.get("line"), commit)


def _table(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _place(kind: Any, path: Any, line: Any, commit: Any) -> Place:
    number = line if isinstance(line, int) and not isinstance(line, bool) else 0
    return str(kind or "unknown"), str(path or ""), number, str(commit or "")


_TOOLS = (
    ("betterleaks", _betterleaks, _betterleaks_places),
    ("kingfisher", _kingfisher, _kingfisher_places),
)
