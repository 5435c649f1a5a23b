"""What README and docs show is what the commands really print."""

from __future__ import annotations

import importlib
import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from session_journal.cli.group import FAMILIES

ROOT = Path(__file__).resolve().parents[1]
PAGES = sorted(
    path.relative_to(ROOT).as_posix()
    for path in [*ROOT.glob("*.md"), *ROOT.glob("docs/*.md"), *ROOT.glob("examples/*.md")]
)
COMMANDS = [name for commands in FAMILIES.values() for name in commands]
BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def read(page):
    return (ROOT / page).read_text(encoding="utf-8")


def make(*options, folder=ROOT):
    command = [sys.executable, str(folder / "docs" / "make.py"), *options]
    return subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False)


@pytest.fixture
def readme(monkeypatch):
    """Return the module that fills the README; it is no part of the package."""
    monkeypatch.syspath_prepend(str(ROOT / "docs"))
    return importlib.import_module("readme")


def test_every_page_is_what_make_docs_writes():
    checked = make("--check")
    assert checked.returncode == 0, checked.stderr


def test_a_page_that_says_something_else_is_named_and_mended(tmp_path):
    for folder in ("docs", "examples"):
        shutil.copytree(ROOT / folder, tmp_path / folder, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "README.md", tmp_path)
    page = tmp_path / "README.md"
    page.write_text(page.read_text(encoding="utf-8").replace("$ journal init", "$ journal brew"), encoding="utf-8")
    checked = make("--check", folder=tmp_path)
    assert (checked.returncode, "README.md is not what `make docs` writes" in checked.stderr) == (1, True)
    assert make(folder=tmp_path).stdout == "README.md\n"
    assert page.read_text(encoding="utf-8") == read("README.md")


def test_every_block_of_the_readme_is_marked_once_and_shows_commands(readme):
    marked = re.findall(r"<!-- made by make docs: ([a-z ]+) -->", read("README.md"))
    assert sorted(marked) == sorted([*readme.SHOWN, "commands"])
    consoles = [text for kind, text in BLOCK.findall(read("README.md")) if kind == "console"]
    assert [sum(line.startswith("$ ") for line in text.splitlines()) for text in consoles] == [
        len(parts) for parts in readme.SHOWN.values()
    ]


def test_ids_and_the_time_of_the_run_are_settled_and_nothing_else_is(readme):
    first = 'id: "4c05474bef3246b2820304487220e626" at 2026-11-20T21:24:20.400431+00:00, [4c05474b 2026-11-10], 60 MB'
    second = 'id: "0fbdc3a19d7746b2820304487220e626" at 2026-12-01T09:02:59.100000+00:00, [0fbdc3a1 2026-11-10], 60 MB'
    settled = readme.settle(first, {"2026-11-20"})
    assert settled == readme.settle(second, {"2026-12-01"})
    assert "2026-11-13T17:00" in settled
    assert settled.endswith("2026-11-10], 60 MB")


def test_two_ids_stay_two(readme):
    one, other = readme.settle("aaaaaaaa1 bbbbbbbb1", set()).split()
    assert one != other


@pytest.mark.parametrize(
    ("part", "expected"),
    [
        ({}, ["a", "b", "c", "d"]),
        ({"lines": 2}, ["a", "b", "…"]),
        ({"start": "b"}, ["…", "b", "c", "d"]),
        ({"start": "b", "stop": "d"}, ["…", "b", "c", "…"]),
        ({"start": "not there"}, ["a", "b", "c", "d"]),
    ],
)
def test_what_is_left_out_of_an_output_is_marked(readme, part, expected):
    assert list(readme._cut(readme.Part("journal", **part), ["a", "b", "c", "d"])) == expected


def test_the_readme_opens_with_the_two_commands():
    kind, first = BLOCK.findall(read("README.md"))[0]
    targets = [line.split("#")[0].split() for line in first.strip().splitlines()]
    makefile = read("Makefile")
    assert kind == "sh"
    assert read("README.md").index(first) < 80
    assert targets == [["make", "demo"], ["make", "test"]]
    assert all(re.search(rf"^{target}:", makefile, flags=re.MULTILINE) for _, target in targets)


@pytest.mark.parametrize("page", PAGES)
def test_every_link_leads_somewhere(page):
    links = re.findall(r"\]\((?!https?:|#)([^)#]+)", BLOCK.sub("", read(page)))
    assert [link for link in links if not os.path.exists((ROOT / page).parent / link)] == []


@pytest.mark.parametrize("page", PAGES)
def test_every_journal_command_named_in_a_page_exists(page):
    code = re.findall(r"`journal ([a-z]+)[^`]*`", read(page)) + re.findall(
        r"^\$? ?journal ([a-z]+)", read(page), flags=re.MULTILINE
    )
    assert sorted({name for name in code if name not in COMMANDS}) == []


def test_the_changelog_tells_of_unreleased_changes_or_of_this_version():
    from session_journal import __version__

    headings = re.findall(r"^## \[(.+?)\]", read("CHANGELOG.md"), flags=re.MULTILINE)
    assert headings[0] in {"Unreleased", __version__}


def test_the_package_says_the_licence_that_the_licence_file_gives():
    project = tomllib.loads(read("pyproject.toml"))["project"]
    assert project["license"] == "MIT"
    assert read("LICENSE").startswith("MIT License")
