"""The house keeps its rules, and each rule has been seen to break."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "src" / "session_journal"
CONFIG = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
CONTRACTS = [contract["name"] for contract in CONFIG["tool"]["importlinter"]["contracts"]]
LAYERS, PURE, GITPYTHON, OPENAI, SQL = (
    "imports go down only",
    "core is pure: no disk, clock, environment, processes or network",
    "only store/git.py knows GitPython",
    "only llm knows openai",
    "only store/index.py knows the index's SQL, and one reader the database of another tool",
)
LONGEST_MODULE = 350
HEAVY = {
    "click",
    "dataclasses",
    "dateparser",
    "frontmatter",
    "git",
    "importlib.metadata",
    "jinja2",
    "logging",
    "orjson",
    "pathlib",
    "platformdirs",
    "rich",
    "sqlite3",
    "subprocess",
    "tomlkit",
    "typing",
    "yaml",
}


def run(*command, cwd=ROOT, **extra):
    env = {name: value for name, value in os.environ.items() if not name.startswith("COVERAGE")} | extra
    return subprocess.run(command, cwd=cwd, env=env, capture_output=True, text=True, encoding="utf-8", check=False)


def tool(name):
    return str(Path(sys.executable).parent / name)


def lint_imports(folder):
    return run(tool("lint-imports"), "--no-cache", cwd=folder, PYTHONPATH=str(folder / "src"), COLUMNS="200")


@pytest.fixture
def copy(tmp_path):
    """Return a copy of the package and its rules, to break them in."""
    shutil.copytree(ROOT / "src", tmp_path / "src", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def plant(folder, module, line):
    path = folder / "src" / "session_journal" / module
    path.parent.mkdir(exist_ok=True)
    path.write_text(f"{line}\n" + (path.read_text(encoding="utf-8") if path.exists() else ""), encoding="utf-8")
    (path.parent / "__init__.py").touch()


# --- import contracts -----------------------------------------------------------------------------------------------

VIOLATIONS = [
    (LAYERS, "planted.py", "X = 1"),
    (LAYERS, "errors.py", "import session_journal.core.events"),
    (LAYERS, "core/planted.py", "import session_journal.readers"),
    (LAYERS, "readers/planted.py", "import session_journal.store"),
    (LAYERS, "agents/planted.py", "import session_journal.readers"),
    (LAYERS, "imports/planted.py", "import session_journal.store"),
    (LAYERS, "store/planted.py", "import session_journal.app"),
    (LAYERS, "app/planted.py", "import session_journal.cli"),
    (PURE, "core/planted.py", "import os"),
    (PURE, "core/planted.py", "import subprocess"),
    (PURE, "core/planted.py", "def late():\n    import time"),
    (GITPYTHON, "app/planted.py", "from git import Repo"),
    (OPENAI, "store/planted.py", "import openai"),
    (SQL, "app/planted.py", "import sqlite3"),
]


def test_every_import_contract_holds():
    result = lint_imports(ROOT)
    assert result.returncode == 0, result.stdout + result.stderr


def test_every_import_contract_is_proven_by_a_violation():
    assert {contract for contract, _, _ in VIOLATIONS} == set(CONTRACTS)


@pytest.mark.parametrize(("contract", "module", "line"), VIOLATIONS)
def test_a_planted_import_breaks_its_contract(copy, contract, module, line):
    plant(copy, module, line)
    result = lint_imports(copy)
    broken = re.findall(r"^(.*?) BROKEN\b", result.stdout, flags=re.MULTILINE)
    assert result.returncode == 1, result.stdout + result.stderr
    assert [name.strip() for name in broken] == [contract]


# --- sizes ----------------------------------------------------------------------------------------------------------


def test_no_module_is_too_long():
    lengths = {
        path.relative_to(PACKAGE).as_posix(): len(path.read_bytes().splitlines()) for path in PACKAGE.rglob("*.py")
    }
    assert {name: length for name, length in lengths.items() if length > LONGEST_MODULE} == {}


def test_every_module_says_what_it_owns():
    silent = [
        path.relative_to(PACKAGE).as_posix()
        for path in PACKAGE.rglob("*.py")
        if not path.read_text(encoding="utf-8").startswith(('"""', 'r"""'))
    ]
    assert silent == []


# --- the clock ------------------------------------------------------------------------------------------------------

READS_OF_THE_CLOCK = {
    "datetime.datetime.now": "import datetime\nX = datetime.datetime.now(datetime.UTC)",
    "datetime.datetime.today": "from datetime import datetime\nX = datetime.today()",
    "datetime.date.today": "from datetime import date\nX = date.today()",
    "time.time": "from time import time\nX = time()",
}


def banned(folder, module):
    result = run(
        tool("ruff"), "check", "--no-cache", "--select", "TID251", "--output-format", "concise", module, cwd=folder
    )
    return re.findall(r"TID251 `([\w.]+)`", result.stdout)


def test_every_banned_call_is_proven_by_a_violation():
    assert set(READS_OF_THE_CLOCK) == set(CONFIG["tool"]["ruff"]["lint"]["flake8-tidy-imports"]["banned-api"])


@pytest.mark.parametrize("layer", ["core", "readers", "agents", "imports", "rollups", "store", "app"])
@pytest.mark.parametrize("call", sorted(READS_OF_THE_CLOCK))
def test_a_planted_clock_is_reported(copy, layer, call):
    plant(copy, f"{layer}/planted.py", READS_OF_THE_CLOCK[call])
    assert banned(copy, f"src/session_journal/{layer}/planted.py") == [call]


def test_cli_may_read_the_clock(copy):
    plant(copy, "cli/planted.py", READS_OF_THE_CLOCK["datetime.datetime.now"])
    assert banned(copy, "src/session_journal/cli/planted.py") == []


# --- the quick path -------------------------------------------------------------------------------------------------

LOADED = """
import sys
before = set(sys.modules)
from session_journal.cli.main import run
code = run(sys.argv[1:])
print(*sorted(set(sys.modules) - before), file=sys.stderr)
sys.exit(code)
"""


def loaded(*argv, cwd):
    """Return the modules that one command loads, beyond what Python itself had."""
    result = run(sys.executable, "-c", LOADED, *argv, cwd=cwd)
    assert result.returncode == 0, result.stdout + result.stderr
    return set(result.stderr.splitlines()[-1].split())


@pytest.fixture
def journal(tmp_path):
    result = run(sys.executable, "-m", "session_journal", "init", str(tmp_path / "journal"), cwd=tmp_path)
    assert result.returncode == 0, result.stderr
    return tmp_path / "journal"


def test_the_version_loads_nothing_heavy_and_no_command(tmp_path):
    modules = loaded("--version", cwd=tmp_path)
    assert modules & HEAVY == set()
    assert {name for name in modules if name.startswith("session_journal")} <= {
        "session_journal",
        "session_journal.cli",
        "session_journal.cli.main",
        "session_journal.errors",
    }


def test_a_new_entry_loads_nothing_heavy(journal):
    modules = loaded("new", "Fix the flaky test", "--no-edit", cwd=journal)
    assert modules & HEAVY == set()
    assert len(list((journal / "journal" / "sessions").rglob("*fix-the-flaky-test.md"))) == 1


@pytest.mark.parametrize("command", ["context", "start", "review", "list", "reflect"])
def test_a_command_that_drafts_nothing_loads_no_rules_of_drafting(journal, command):
    assert not {name for name in loaded(command, cwd=journal) if name.startswith("session_journal.core.insights")}


@pytest.mark.parametrize("name", ["pre-commit", "post-commit"])
def test_a_hook_of_git_does_not_load_the_command_line(journal, name):
    modules = loaded("hooks", "run", name, cwd=journal)
    assert modules & {"click", "dateparser", "git", "jinja2", "rich", "sqlite3", "subprocess", "yaml"} == set()


# --- what other tools read ------------------------------------------------------------------------------------------


def test_pre_commit_uses_local_hooks_only():
    repos = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text(encoding="utf-8"))["repos"]
    assert {repo["repo"] for repo in repos} == {"local"}
    assert {hook["language"] for repo in repos for hook in repo["hooks"]} == {"system"}


def test_every_hook_offered_to_others_is_a_command():
    hooks = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
    for hook in hooks:
        program, *arguments = hook["entry"].split()
        assert program == "journal"
        result = run(sys.executable, "-m", "session_journal", *arguments, "--help")
        assert result.returncode == 0, result.stderr


def test_ci_runs_what_make_test_runs():
    script = ROOT / ".ci" / "run"
    assert os.access(script, os.X_OK)
    assert script.read_text(encoding="utf-8").rstrip().endswith("make test")
    assert run("bash", "-n", str(script)).returncode == 0
