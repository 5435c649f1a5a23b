"""Short ways to write down a session for the tests of insights."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from session_journal.core.events import Event, Session

START = datetime(2026, 11, 18, 23, 30, tzinfo=UTC)


class Script:
    """Write a session step by step; each method is one message and returns its turn."""

    def __init__(self, cwd="/home/mira/code/tidepool"):
        self.events = []
        self.turn = 0
        self.calls = 0
        self.cwd = cwd

    def _add(self, kind, role, **more):
        self.events.append(Event(kind, self.turn, role, time=START + timedelta(minutes=self.turn), **more))

    def says(self, text):
        self.turn += 1
        self._add("prompt", "user", text=text)
        return self.turn

    def replies(self, text):
        self.turn += 1
        self._add("reply", "assistant", text=text)
        return self.turn

    def stops(self):
        self.turn += 1
        self._add("interruption", "user", text="[Request interrupted by user]")
        return self.turn

    def plans(self, *steps):
        self.turn += 1
        self._add("plan", "assistant", target="todo", text="\n".join(steps))
        return self.turn

    def calls_tool(self, kind, target, text="", output="", code=None, *, failed=False, agent=""):
        self.turn += 1
        self.calls += 1
        call = f"c{self.calls}"
        self._add(kind, "assistant", target=target, text=text, call=call, agent=agent)
        self.turn += 1
        self._add("error" if failed else "result", "tool", text=output, call=call, exit_code=code, agent=agent)
        return self.turn

    def runs(self, command, output="", code=0):
        return self.calls_tool("command", command, output=output, code=code, failed=code != 0)

    def edits(self, path, old="", new="x = 1"):
        text = "\n".join([*(f"- {line}" for line in old.splitlines()), *(f"+ {line}" for line in new.splitlines())])
        return self.calls_tool("edit", path, text=text, output=f"The file {path} has been updated successfully.")

    def declines(self, path, reason=""):
        output = "The user doesn't want to proceed with this tool use."
        self.calls_tool("edit", path, text="+ x", output=output, failed=True)
        return self.says(reason) if reason else self.stops()

    def session(self, **more):
        return Session("claude-code", "s-1", tuple(self.events), cwd=self.cwd, started=START, sha256="0" * 64, **more)
