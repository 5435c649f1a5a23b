"""What every test shares: an empty HOME, a fixed git identity, no network, and the real data where it exists."""

from __future__ import annotations

import os
import signal
import socket
import threading
from pathlib import Path

import pytest
from hypothesis import settings

# A busy machine is no fault of the code under test.
settings.register_profile("journal", deadline=None)
settings.load_profile("journal")

for name in ("SIGINT", "SIGHUP"):  # a shell has its background jobs ignore them, and they would hand that on
    if hasattr(signal, name) and threading.current_thread() is threading.main_thread():
        signal.signal(getattr(signal, name), signal.default_int_handler if name == "SIGINT" else signal.SIG_DFL)

SHARED = Path(os.environ.get("JOURNAL_TEST_DATA", Path(__file__).resolve().parents[2] / "shared" / "data"))


OWN_FAMILIES = ("GIT_", "JOURNAL_", "XDG_", "CLAUDE_", "CODEX_", "OPENAI_")


@pytest.fixture(autouse=True)
def isolated(tmp_path_factory, monkeypatch):
    """Give each test an empty HOME, its own git config and state, and no way out to a network."""
    home = tmp_path_factory.mktemp("home")
    for name in list(os.environ):
        if name.startswith(OWN_FAMILIES) or name in {"VISUAL", "EDITOR", "NO_COLOR"} or name.lower().endswith("_proxy"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("USERPROFILE", str(home))
    monkeypatch.setenv("TZ", "UTC")
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    (home / ".gitconfig").write_text(
        "[user]\n\tname = Test Person\n\temail = person@example.org\n[init]\n\tdefaultBranch = main\n", encoding="utf-8"
    )
    real = socket.socket.connect

    def connect(self, address):
        if self.family in {socket.AF_INET, socket.AF_INET6} and address[0] not in {"127.0.0.1", "::1", "localhost"}:
            raise AssertionError(f"a test tried to reach {address}")
        return real(self, address)

    monkeypatch.setattr(socket.socket, "connect", connect)
    return home


@pytest.fixture
def shared_data():
    """Return the folder of real transcripts and journals, or say why the test is skipped."""
    if not SHARED.is_dir():
        pytest.skip(f"the shared data is not on this machine ({SHARED}; JOURNAL_TEST_DATA names another place)")
    return SHARED


@pytest.fixture
def model_server():
    """Return a running server on the loopback that answers as an endpoint does, by a script."""
    from llm.server import serving

    with serving() as running:
        yield running
