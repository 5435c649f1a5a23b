"""What the user says is no secret is remembered on this machine, without the value."""

from __future__ import annotations

import os
import stat
import subprocess
import sys

import pytest

from hooked import TOKEN
from journals import NOW, make_journal, page, where
from session_journal.errors import SecretError, UsageError
from session_journal.store.allowed import Allowed
from session_journal.store.guard import find_secrets
from session_journal.store.journal import Change


@pytest.fixture
def env(tmp_path):
    return {"JOURNAL_STATE": str(tmp_path / "state")}


def test_an_allowed_value_is_permitted_from_then_on_and_no_other(env):
    mark = Allowed(env).fingerprint(TOKEN)
    assert not Allowed(env).permits("github-token", TOKEN)
    Allowed(env).allow([mark])
    assert Allowed(env).permits("github-token", TOKEN)
    assert not Allowed(env).permits("github-token", TOKEN[:-1] + "x")


def test_what_is_allowed_for_one_run_is_not_remembered(env):
    allowed = Allowed(env)
    allowed.allow([allowed.fingerprint(TOKEN)], remember=False)
    assert allowed.permits("github-token", TOKEN)
    assert not Allowed(env).permits("github-token", TOKEN)


def test_the_files_are_the_users_alone_and_hold_no_secret(env, tmp_path):
    allowed = Allowed(env)
    allowed.allow([allowed.fingerprint(TOKEN)])
    files = {path.name: path for path in (tmp_path / "state").iterdir() if path.stat().st_size}
    assert set(files) == {"allowed", "redaction.key"}
    if os.name != "nt":
        assert {stat.S_IMODE(path.stat().st_mode) for path in files.values()} == {0o600}
    assert all(TOKEN.encode() not in path.read_bytes() for path in files.values())


def test_a_fingerprint_is_worth_nothing_on_another_machine(env, tmp_path):
    other = {"JOURNAL_STATE": str(tmp_path / "other")}
    assert Allowed(env).fingerprint(TOKEN) != Allowed(other).fingerprint(TOKEN)


def test_two_commands_at_once_make_one_key(env):
    code = f"import os; from session_journal.store.allowed import Allowed; print(Allowed(os.environ).fingerprint({TOKEN!r}))"
    started = [
        subprocess.Popen([sys.executable, "-c", code], env={**os.environ, **env}, stdout=subprocess.PIPE, text=True)
        for _ in range(6)
    ]
    assert len({one.communicate()[0] for one in started}) == 1


@pytest.mark.parametrize("typed", ["", "github-token", "abc", "0123456789abcdefff", "../../../etc/pass"])
def test_what_is_no_fingerprint_is_refused(env, typed):
    with pytest.raises(UsageError, match="no fingerprint"):
        Allowed(env).allow([typed])


def test_publish_takes_an_allowed_value_and_refuses_another_beside_it(tmp_path):
    journal = make_journal(tmp_path / "j")
    with pytest.raises(
        SecretError, match=r"a\.md:7 holds a secret \(github-token\), fingerprint [0-9a-f]{16}"
    ) as caught:
        journal.publish([Change(where("a"), page(1, TOKEN))], "entry: a", NOW)
    journal.allowed.allow([caught.value.hint.rpartition(" ")[2]])
    assert journal.publish([Change(where("a"), page(1, TOKEN))], "entry: a", NOW).commit
    with pytest.raises(SecretError):
        journal.publish([Change(where("b"), page(2, f"{TOKEN} ghp_{'Z9y8X7w6V5' * 4}"))], "entry: b", NOW)


def test_every_secret_is_found_with_its_line(env):
    allowed = Allowed(env)
    text = f"one\n{TOKEN}\nthree\nhttps://me:hunter2secret@example.org/x {TOKEN}\n"
    assert [(line, kind) for line, kind, _ in find_secrets("journal/a.md", text.encode(), allowed)] == [
        (2, "github-token"), (4, "github-token"), (4, "url-password"),
    ]  # fmt: skip


def test_a_private_key_is_known_by_all_of_it(env):
    allowed = Allowed(env)
    one, other = (
        f"-----BEGIN {'RSA'} PRIVATE KEY-----\n{body * 20}\n-----END {'RSA'} PRIVATE KEY-----\n" for body in "ab"
    )
    ((line, kind, mark),) = find_secrets("journal/a.md", f"x\n{one}".encode(), allowed)
    assert (line, kind) == (2, "private-key")
    allowed.allow([mark])
    assert find_secrets("journal/a.md", one.encode(), allowed) == []
    assert len(find_secrets("journal/a.md", other.encode(), allowed)) == 1


def test_without_a_state_folder_a_secret_is_still_refused(tmp_path):
    (tmp_path / "file").touch()
    allowed = Allowed({"JOURNAL_STATE": str(tmp_path / "file" / "state")})
    assert not allowed.permits("github-token", TOKEN)
    assert (find_secrets("journal/a.md", TOKEN.encode(), allowed), allowed.seen) == ([(1, "github-token", "")], [])
