"""Hooks in the settings of agents: what is added, what is never touched, and how it is taken out again."""

from __future__ import annotations

import json
import os
import stat
import sys
from pathlib import Path

import pytest

from session_journal.agents import Host
from session_journal.app.agent_hooks import find_tool, install, status, uninstall
from session_journal.errors import JournalError
from session_journal.store.foreign import BACKUP

CLAUDE, CODEX = find_tool("claude-code"), find_tool("codex")
PROGRAM = Path(sys.executable).parent / ("journal.exe" if os.name == "nt" else "journal")
COMMAND = f"{PROGRAM} capture --hook claude-code"
USERS = """{
    "model": "opus",
    "permissions": {"allow": ["Bash(make test:*)"], "zebra": null},
    "hooks": {
        "Stop": [
            {"matcher": "", "hooks": [{"type": "command", "command": "say done", "timeout": 5}]}
        ],
        "PreToolUse": []
    },
    "env": { "A" : "\\u00e9\\/" }
}
"""
LAYOUTS = {
    "as written": USERS,
    "no last line end": USERS.rstrip("\n"),
    "tabs": USERS.replace("    ", "\t"),
    "windows": USERS.replace("\n", "\r\n"),
    "byte order mark": "\ufeff" + USERS,
    "one line": json.dumps(json.loads(USERS)) + "\n",
    "no blanks": json.dumps(json.loads(USERS), separators=(",", ":")),
    "no hooks": '{\n  "model": "opus"\n}\n',
    "empty hooks": '{\n  "hooks": {}\n}\n',
    "nothing": "{}\n",
}
NO_JSON = {
    "a comment": b'{\n  // mine\n  "model": "opus"\n}\n',
    "a comma too many": b'{"model": "opus",}',
    "cut off": USERS.encode()[:200],
    "empty": b"",
    "utf-16": USERS.encode("utf-16"),
    "latin-1": b'{"a": "\xe9"}',
    "a bomb": b"[" * 200_000,
    "two of them": b"{} {}",
}
WRONG_SHAPES = ["[]", '"text"', "null", '{"hooks": []}', '{"hooks": null}']


@pytest.fixture
def host(isolated):
    return Host(os.environ, sys.platform, str(isolated))


@pytest.fixture
def settings(isolated):
    """Return a function that writes Claude Code's user settings and returns their path."""
    path = isolated / ".claude" / "settings.json"
    path.parent.mkdir()

    def write(text):
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    return write


def everything(folder):
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def commands(path, event="Stop"):
    groups = json.loads(path.read_text("utf-8-sig"))["hooks"].get(event, [])
    return [handler["command"] for group in groups for handler in group["hooks"]]


def states(tool, host):
    return {one.hook: one.state for one in status(tool, host, os.environ)}


# --- what is added --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", LAYOUTS.values(), ids=LAYOUTS)
def test_every_event_gets_one_hook_and_all_else_stays_as_it_was(settings, host, text):
    path = settings(text)
    before, after = json.loads(text.removeprefix("\ufeff")), None
    install(CLAUDE, host, os.environ)
    after = json.loads(path.read_text("utf-8-sig"))
    ours = {"hooks": [{"type": "command", "command": COMMAND, "timeout": 10}]}
    for event in ("SessionStart", "Stop", "SessionEnd"):
        assert after["hooks"].pop(event) == [*before.get("hooks", {}).pop(event, []), ours]
    assert after | {"hooks": {}} == before | {"hooks": {}}
    assert after["hooks"] == before.get("hooks", {})
    assert list(before) == [key for key in after if key in before]


@pytest.mark.parametrize("text", LAYOUTS.values(), ids=LAYOUTS)
def test_install_and_uninstall_leave_the_same_bytes(settings, host, text):
    path = settings(text)
    install(CLAUDE, host, os.environ)
    assert path.read_bytes() != text.encode()
    uninstall(CLAUDE, host, os.environ)
    assert everything(path.parent) == {path: text.encode()}


def test_every_line_that_was_there_is_there_still(settings, host):
    path = settings(USERS)
    install(CLAUDE, host, os.environ)
    lines = iter(path.read_text().splitlines())
    assert all(any(line.rstrip(",") == wanted.rstrip(",") for line in lines) for wanted in USERS.splitlines())


def test_a_second_install_writes_nothing(settings, host):
    path = settings(USERS)
    install(CLAUDE, host, os.environ)
    before = path.read_bytes(), path.stat().st_mtime_ns, path.stat().st_ino
    assert install(CLAUDE, host, os.environ) is None
    assert (path.read_bytes(), path.stat().st_mtime_ns, path.stat().st_ino) == before


def test_a_dry_run_shows_the_change_and_makes_none(settings, host, isolated):
    settings(USERS)
    before = everything(isolated)
    diff = install(CLAUDE, host, os.environ, dry_run=True).diff
    assert everything(isolated) == before
    assert len([line for line in diff.splitlines() if line.startswith("+") and COMMAND in line]) == 3
    install(CLAUDE, host, os.environ)
    installed = everything(isolated)
    back = uninstall(CLAUDE, host, os.environ, dry_run=True).diff
    assert everything(isolated) == installed
    assert len([line for line in back.splitlines() if line.startswith("-") and COMMAND in line]) == 3


def test_without_settings_they_are_made_for_the_user_alone_and_taken_away_again(host, isolated):
    path = isolated / ".claude" / "settings.json"
    install(CLAUDE, host, os.environ)
    assert commands(path) == [COMMAND]
    assert path.read_bytes().endswith(b"}\n")
    if os.name != "nt":
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    uninstall(CLAUDE, host, os.environ)
    assert not path.exists()


def test_settings_that_we_made_stay_once_they_hold_more_than_ours(host, isolated):
    path = isolated / ".claude" / "settings.json"
    install(CLAUDE, host, os.environ)
    path.write_text(path.read_text().replace("{", '{\n  "model": "opus",', 1))
    uninstall(CLAUDE, host, os.environ)
    assert json.loads(path.read_text()) == {"model": "opus"}


def test_the_settings_lie_where_the_environment_says(isolated):
    env = {**os.environ, "CLAUDE_CONFIG_DIR": str(isolated / "c"), "CODEX_HOME": str(isolated / "x")}
    host = Host(env, sys.platform, str(isolated))
    install(CLAUDE, host, env)
    install(CODEX, host, env)
    assert commands(isolated / "c" / "settings.json") == [COMMAND]
    assert commands(isolated / "x" / "hooks.json") == [f"{PROGRAM} capture --hook codex"]


def test_codex_gets_no_longer_time_than_it_allows(host, isolated):
    install(CODEX, host, os.environ)
    hooks = json.loads((isolated / ".codex" / "hooks.json").read_text())
    assert list(hooks) == ["hooks"]  # Codex refuses a file with any other key
    times = {event: groups[0]["hooks"][0]["timeout"] for event, groups in hooks["hooks"].items()}
    assert times == {"SessionStart": 10, "Stop": 10, "SessionEnd": 3}


# --- what is refused ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("act", [install, uninstall])
@pytest.mark.parametrize("data", NO_JSON.values(), ids=NO_JSON)
def test_settings_that_do_not_parse_are_left_alone(settings, host, isolated, act, data):
    path = settings(data)
    before = everything(isolated)
    with pytest.raises(JournalError, match="nothing was changed") as caught:
        act(CLAUDE, host, os.environ)
    assert str(path) in caught.value.message
    assert caught.value.hint
    assert everything(isolated) == before


@pytest.mark.parametrize("act", [install, uninstall])
@pytest.mark.parametrize("text", WRONG_SHAPES)
def test_settings_of_another_shape_are_left_alone(settings, host, isolated, act, text):
    settings(text)
    before = everything(isolated)
    with pytest.raises(JournalError, match="nothing was changed"):
        act(CLAUDE, host, os.environ)
    assert everything(isolated) == before


def test_an_event_that_is_no_array_is_left_alone_and_other_keys_may_be_what_they_like(settings, host):
    path = settings('{"hooks": {"Stop": {}}}')
    with pytest.raises(JournalError, match="nothing was changed"):
        install(CLAUDE, host, os.environ)
    assert path.read_text() == '{"hooks": {"Stop": {}}}'
    path.write_text('{"hooks": {"enabled": true, "Other": [7, {"hooks": 1}, {"hooks": ["x", {"command": 2}]}]}}')
    before = path.read_text()
    install(CLAUDE, host, os.environ)
    assert commands(path) == [COMMAND]
    uninstall(CLAUDE, host, os.environ)
    assert path.read_text() == before


@pytest.mark.parametrize("act", [install, uninstall])
@pytest.mark.skipif(os.name == "nt", reason="links need rights on Windows")
def test_a_link_is_refused_and_what_it_leads_to_stays(host, isolated, act):
    real = isolated / "dotfiles.json"
    real.write_text(USERS)
    (isolated / ".claude").mkdir()
    (isolated / ".claude" / "settings.json").symlink_to(real)
    with pytest.raises(JournalError, match="is a link to") as caught:
        act(CLAUDE, host, os.environ)
    assert "--dry-run" in caught.value.hint
    assert real.read_text() == USERS


@pytest.mark.skipif(os.name == "nt", reason="links need rights on Windows")
def test_a_dry_run_shows_what_would_be_changed_behind_a_link(host, isolated):
    real = isolated / "dotfiles.json"
    real.write_text(USERS)
    (isolated / ".claude").mkdir()
    (isolated / ".claude" / "settings.json").symlink_to(real)
    assert COMMAND in install(CLAUDE, host, os.environ, dry_run=True).diff
    assert real.read_text() == USERS


# --- what is kept ---------------------------------------------------------------------------------------------------


def test_the_version_before_the_first_install_is_kept_and_never_written_over(settings, host):
    path = settings(USERS)
    install(CLAUDE, host, os.environ)
    path.write_text(path.read_text().replace("opus", "sonnet"))
    uninstall(CLAUDE, host, os.environ)
    install(CLAUDE, host, os.environ)
    assert path.with_name("settings.json" + BACKUP).read_bytes() == USERS.encode()


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such modes")
def test_the_settings_keep_their_mode_and_so_does_what_is_kept_of_them(settings, host):
    path = settings(USERS)
    path.chmod(0o640)
    install(CLAUDE, host, os.environ)
    kept = path.with_name("settings.json" + BACKUP)
    assert [stat.S_IMODE(one.stat().st_mode) for one in (path, kept)] == [0o640, 0o640]


# --- taking out -----------------------------------------------------------------------------------------------------


def test_only_hooks_of_ours_are_taken_out(settings, host):
    path = settings(USERS)
    install(CLAUDE, host, os.environ)
    document = json.loads(path.read_text())
    others = [f"NICE=1 {COMMAND}", "/usr/bin/journal capture --hook codex", "/usr/bin/diary capture --hook claude-code"]
    for command in others:
        document["hooks"]["Stop"].append({"hooks": [{"type": "command", "command": command}]})
    document["hooks"]["Stop"][0]["hooks"].append({"type": "command", "command": COMMAND})
    path.write_text(json.dumps(document, indent=4))
    uninstall(CLAUDE, host, os.environ)
    assert commands(path) == ["say done", *others]
    assert json.loads(path.read_text())["hooks"]["Stop"][0]["matcher"] == ""
    assert commands(path, "SessionEnd") == []


def test_hooks_are_taken_out_without_a_memory_of_putting_them_in(settings, host, isolated):
    path = settings(USERS)
    install(CLAUDE, host, os.environ)
    for file in (isolated / ".local/state/session-journal/hooks/installed").iterdir():
        file.write_text("{ broken")
    uninstall(CLAUDE, host, os.environ)
    assert commands(path) == ["say done"]


def test_an_empty_array_of_the_users_stays_an_array(settings, host):
    path = settings('{"hooks": {"Stop": [], "SessionEnd": []}}')
    install(CLAUDE, host, os.environ)
    uninstall(CLAUDE, host, os.environ)
    assert path.read_text() == '{"hooks": {"Stop": [], "SessionEnd": []}}'


def test_where_nothing_of_ours_is_nothing_is_taken_out(settings, host, isolated):
    settings(USERS)
    before = everything(isolated)
    assert uninstall(CLAUDE, host, os.environ) is None
    assert everything(isolated) == before


# --- how they stand -------------------------------------------------------------------------------------------------


def test_status_tells_what_is_there_what_is_off_and_what_was_taken_out(settings, host):
    path = settings(USERS)
    assert set(states(CLAUDE, host).values()) == {"not installed"}
    install(CLAUDE, host, os.environ)
    assert set(states(CLAUDE, host).values()) == {"active"}
    installed = path.read_text()
    path.write_text(installed.replace("{", '{"disableAllHooks": true,', 1))
    assert set(states(CLAUDE, host).values()) == {"inactive: disableAllHooks is set"}
    document = json.loads(installed)
    del document["hooks"]["Stop"]
    path.write_text(json.dumps(document))
    assert states(CLAUDE, host) == {"SessionStart": "active", "Stop": "taken out by hand", "SessionEnd": "active"}
    path.write_text("{")
    assert set(states(CLAUDE, host).values()) == {"unknown: the settings are not JSON"}
    assert path.read_text() == "{"


def test_a_hook_whose_program_has_moved_is_told_and_led_to_it(settings, host):
    path = settings(USERS)
    install(CLAUDE, host, os.environ)
    path.write_text(path.read_text().replace(str(PROGRAM), "/old/bin/journal").replace('"timeout": 10', '"timeout": 7'))
    assert set(states(CLAUDE, host).values()) == {"inactive: /old/bin/journal is gone"}
    before = path.read_text()
    install(CLAUDE, host, os.environ)
    assert path.read_text() == before.replace("/old/bin/journal", str(PROGRAM))


def test_codex_is_said_to_run_them_once_its_user_trusts_them(host, isolated):
    install(CODEX, host, os.environ)
    assert set(states(CODEX, host).values()) == {"inactive: Codex waits for you to trust it there: /hooks"}
    key = f"{isolated / '.codex' / 'hooks.json'}"
    config = isolated / ".codex" / "config.toml"
    trusted = "".join(
        f"[hooks.state.'{key}:{name}:0:0']\ntrusted_hash = 'sha256:1'\n"
        for name in ("session_start", "stop", "session_end")
    )
    config.write_text(trusted)
    assert set(states(CODEX, host).values()) == {"active"}
    config.write_text(trusted.replace("stop:0:0']\n", "stop:0:0']\nenabled = false\n"))
    assert states(CODEX, host)["Stop"] == "inactive: turned off in Codex"
    config.write_text("[features]\nhooks = false\n" + trusted)
    assert set(states(CODEX, host).values()) == {"inactive: features.hooks is false in config.toml"}


def test_hooks_that_codex_trusts_keep_their_place(host, isolated):
    path = isolated / ".codex" / "hooks.json"
    path.parent.mkdir()
    path.write_text('{"hooks": {"Stop": [{"hooks": [{"type": "command", "command": "mine"}]}]}}')
    install(CODEX, host, os.environ)
    assert commands(path) == ["mine", f"{PROGRAM} capture --hook codex"]
