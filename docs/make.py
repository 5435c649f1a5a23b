"""Write what is generated in the docs, from the commands themselves: `make docs`."""

from __future__ import annotations

import argparse
import inspect
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import click
from readme import fill

from session_journal.cli.group import FAMILIES, cli

ROOT = Path(__file__).resolve().parents[1]
HEAD = """# Commands

Generated from the commands by `make docs`; a test compares it with them. Every command answers `--help`.

Results go to stdout, talk goes to stderr. Exit codes: 0 ok, 1 expected failure (a message, then a
hint), 2 usage, 3 a bug, 130 interrupted.

"""


@cache
def pages() -> dict[Path, str]:
    """Return the generated pages with the text that each should have."""
    readme = ROOT / "README.md"
    return {ROOT / "docs" / "commands.md": reference(), readme: fill(readme.read_text(encoding="utf-8"))}


def reference() -> str:
    """Return the whole page."""
    return HEAD + "\n".join(_family(family, tuple(commands)) for family, commands in FAMILIES.items())


def _family(family: str, names: tuple[str, ...]) -> str:
    return f"## {family}\n\n" + "\n".join("\n".join(_pages(name)) for name in names)


def _pages(name: str) -> Iterator[str]:
    top = click.Context(cli, info_name="journal")
    command = cli.get_command(top, name)
    if command is None:
        raise LookupError(name)
    yield _page(command, click.Context(command, parent=top, info_name=name))
    if isinstance(command, click.Group):
        group = click.Context(command, parent=top, info_name=name)
        for inner, below in command.commands.items():
            if below.hidden:
                continue
            yield _page(below, click.Context(below, parent=group, info_name=inner))


def _page(command: click.Command, ctx: click.Context) -> str:
    lines = [f"### {ctx.command_path}", "", f"`{' '.join([ctx.command_path, *_pieces(command)])}`", ""]
    lines += [inspect.cleandoc(command.help or "").replace("\b\n", ""), ""]
    options = [param for param in command.params if isinstance(param, click.Option) and not param.hidden]
    if options:
        lines += ["| option | |", "|---|---|", *map(_row, options), ""]
    return "\n".join(lines)


def _pieces(command: click.Command) -> Iterator[str]:
    if any(isinstance(param, click.Option) for param in command.params):
        yield "[OPTIONS]"
    for param in command.params:
        if isinstance(param, click.Argument):
            yield _argument(param)
    if isinstance(command, click.Group):
        yield "COMMAND"


def _argument(param: click.Argument) -> str:
    name = param.metavar or (param.name or "").upper()
    if not param.required and not name.startswith("["):
        name = f"[{name}]"
    return name + ("..." if param.nargs == -1 and not name.endswith("...") else "")


def _row(option: click.Option) -> str:
    names = ", ".join([*option.opts, *option.secondary_opts])
    return f"| `{names}{_value(option)}` | {(option.help or '').replace('|', chr(92) + '|')} |"


def _value(option: click.Option) -> str:
    if option.is_flag:
        return ""
    if option.metavar:
        return f" {option.metavar}"
    if isinstance(option.type, click.Choice):
        return " " + "/".join(str(choice) for choice in option.type.choices if choice)
    return f" {option.type.name.upper()}"


def main() -> int:
    """Write the pages, or with --check name those that are not as they would be written."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--check", action="store_true", help="write nothing; exit 1 when a page is out of date")
    check = options.parse_args().check
    stale = [path for path, text in pages().items() if not path.exists() or path.read_text(encoding="utf-8") != text]
    for path in stale:
        if check:
            sys.stderr.write(f"{path.relative_to(ROOT)} is not what `make docs` writes: run it\n")
        else:
            path.write_text(pages()[path], encoding="utf-8")
            sys.stdout.write(f"{path.relative_to(ROOT)}\n")
    return int(check and bool(stale))


if __name__ == "__main__":
    sys.exit(main())
