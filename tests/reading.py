"""How tests read transcripts, and what they look at in them."""

import io
import json
from pathlib import Path

from session_journal.readers import read_transcript

SAMPLES = Path(__file__).parent / "readers" / "samples"


def one(data, name="x"):
    """Return the only session of bytes, or of a sample by its name."""
    if isinstance(data, str):
        data, name = (SAMPLES / data).read_bytes(), data
    (session,) = read_transcript(io.BytesIO(data), name)
    return session


def lines(*records):
    """Return records as JSON lines."""
    return "".join(json.dumps(record) + "\n" for record in records).encode()


def told(session):
    """Return the events of a session without their times and calls, one a tuple."""
    return [
        (
            event.turn,
            event.role,
            event.kind,
            event.target,
            event.text,
            *(() if event.exit_code is None else (event.exit_code,)),
        )
        for event in session.events
    ]


def essence(session):
    """Return what the expected values of real files hold."""
    prompts = [event.text for event in session.events if event.kind == "prompt" and event.role == "user"]
    calls = {event.call: event.target for event in session.events if event.kind == "command"}
    answered = {event.call: event.exit_code for event in session.events if event.kind in {"result", "error"}}
    return {
        "prompts": len(prompts),
        "first": prompts[0][:60] if prompts else "",
        "last": prompts[-1][:60] if prompts else "",
        "commands": [[target[:60], answered.get(call)] for call, target in calls.items()],
        "edited": sorted({event.target for event in session.events if event.kind == "edit"}),
    }


def assert_one_role_a_turn(session):
    """Assert that turns are numbered without a gap and that each has one role."""
    roles = {}
    for event in session.events:
        assert roles.setdefault(event.turn, event.role) == event.role
    assert list(roles) == list(range(1, len(roles) + 1))
