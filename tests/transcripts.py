"""Large transcripts, made up line by line: true to their formats, of any size."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

OUTPUT = "\n".join(f"tests/test_tides_{number}.py::test_rounding PASSED" for number in range(60))
IMAGE = "iVBORw0KGgoAAAANSUhEUgAABQAAAALQCAIAAABAH0oB" * 1_000


def write(path: Path, lines: Iterator[str], size: int) -> None:
    """Write lines until the file has `size` bytes."""
    written = 0
    with path.open("w", encoding="utf-8") as stream:
        for line in lines:
            written += stream.write(f"{line}\n")
            if written >= size:
                return


def claude_code(image: bool = True) -> Iterator[str]:
    """Yield the lines of a session that never ends: a prompt, a command with its output, an edit, now and then an image."""
    number = 0
    while True:
        number += 1
        yield _claude(number, "user", f"Please round the heights of station {number}, and say what you found.")
        use = {
            "type": "tool_use",
            "id": f"toolu_{number}",
            "name": "Bash",
            "input": {"command": f"pytest -k s{number}"},
        }
        yield _claude(number, "assistant", [{"type": "text", "text": "I will run the tests first."}, use], "a")
        yield _claude(number, "user", [_result(f"toolu_{number}", OUTPUT)], "r")
        edit = {"file_path": f"/w/tides/station_{number}.py", "old_string": "round(x)", "new_string": "tenth(x)"}
        use = {"type": "tool_use", "id": f"toolu_e{number}", "name": "Edit", "input": edit}
        yield _claude(number, "assistant", [use], "e")
        done: object = "The file was updated."
        if image and number % 40 == 0:
            done = [{"type": "image", "source": {"type": "base64", "media_type": "image/png", "data": IMAGE}}]
        yield _claude(number, "user", [_result(f"toolu_e{number}", done)], "d")


def _result(call: str, content: object) -> dict[str, object]:
    return {"type": "tool_result", "tool_use_id": call, "content": content, "is_error": False}


def _claude(number: int, role: str, content: object, part: str = "p") -> str:
    return json.dumps({
        "parentUuid": f"{number:08}-7c1e-4b7e-9c53-0f3f6a1d2e44", "isSidechain": False, "userType": "external",
        "cwd": "/w", "sessionId": "5b1f0c52-7c1e-4b7e-9c53-0f3f6a1d2e44", "version": "2.1.150", "gitBranch": "main",
        "type": role, "message": {"role": role, "content": content, "id": f"msg_{number}{part}"},
        "uuid": f"{number:08}-{part}c1e-4b7e-9c53-0f3f6a1d2e44", "timestamp": _time(number),
    })  # fmt: skip


def _time(number: int) -> str:
    return (
        f"2026-11-{1 + number // 40_000 % 28:02}T{number // 3_600 % 24:02}:{number // 60 % 60:02}:{number % 60:02}.000Z"
    )


def codex() -> Iterator[str]:
    """Yield the lines of a Codex session that never ends, each thing told on both sides."""
    yield _codex(
        0, "session_meta", {"id": "019a0000-0000-7000-8000-000000000001", "cwd": "/w", "cli_version": "0.142.0"}
    )
    number = 0
    while True:
        number += 1
        text = f"Please round the heights of station {number}, and say what you found."
        said = {"type": "message", "role": "user", "content": [{"type": "input_text", "text": text}]}
        yield _codex(number, "response_item", said)
        yield _codex(number, "event_msg", {"type": "user_message", "message": text})
        given = json.dumps({"cmd": f"pytest -k s{number}"})
        call = {"type": "function_call", "name": "exec_command", "arguments": given, "call_id": f"call_{number}"}
        yield _codex(number, "response_item", call)
        text = f"Chunk ID: 1\nWall time: 1.0 seconds\nProcess exited with code 0\nOutput:\n{OUTPUT}"
        output = {"type": "function_call_output", "call_id": f"call_{number}", "output": text}
        yield _codex(number, "response_item", output)
        patch = f"*** Begin Patch\n*** Update File: tides/station_{number}.py\n@@\n-round(x)\n+tenth(x)\n*** End Patch"
        edit = {"type": "custom_tool_call", "name": "apply_patch", "input": patch, "call_id": f"call_e{number}"}
        yield _codex(number, "response_item", edit)


def _codex(number: int, kind: str, payload: dict[str, object]) -> str:
    return json.dumps({"timestamp": _time(number), "type": kind, "payload": payload})


def gemini() -> Iterator[str]:
    """Yield the lines of a Gemini CLI session that never ends, each message of the assistant told twice."""
    yield json.dumps({"sessionId": "s", "projectHash": "0" * 64, "startTime": _time(0), "kind": "main"})
    number = 0
    while True:
        number += 1
        message = {"id": f"u{number}", "timestamp": _time(number), "type": "user"}
        yield json.dumps({**message, "content": f"Please round the heights of station {number}."})
        message = {**message, "id": f"g{number}", "type": "gemini", "content": "I run the tests first."}
        yield json.dumps(message)
        response = {"output": f"Output: {OUTPUT}\nProcess Group PGID: 7"}
        call = {
            "id": f"c{number}",
            "name": "run_shell_command",
            "args": {"command": f"pytest -k s{number}"},
            "status": "success",
            "result": [{"functionResponse": {"response": response}}],
        }
        yield json.dumps({**message, "toolCalls": [call]})


def cursor() -> Iterator[str]:
    """Yield the lines of a conversation with Cursor that never ends."""
    number = 0
    while True:
        number += 1
        text = f"<user_query>Please round the heights of station {number}.</user_query>\n{OUTPUT}"
        yield json.dumps({"role": "user", "message": {"content": [{"type": "text", "text": text}]}})
        edit = {"path": f"/w/tides/station_{number}.py", "contents": OUTPUT}
        blocks = [
            {"type": "text", "text": "I write it anew."},
            {"type": "tool_use", "name": "Write", "input": edit},
            {"type": "tool_use", "name": "Shell", "input": {"command": f"pytest -k s{number}"}},
        ]
        yield json.dumps({"role": "assistant", "message": {"content": blocks}})


def write_long_line(path: Path, size: int) -> None:
    """Write a Claude Code session in which one line holds an image of `size` bytes, in pieces."""
    image = {"type": "image", "source": {"type": "base64", "data": "IMAGE"}}
    line = _claude(2, "user", [_result("toolu_1", [image, {"type": "text", "text": "after the picture"}])], "r")
    before, after = line.split("IMAGE")
    with path.open("w", encoding="utf-8") as stream:
        stream.write(_claude(1, "user", "Please look at the picture.") + "\n" + before)
        for _ in range(size // 1_000):
            stream.write("A" * 1_000)
        stream.write(after + "\n" + _claude(3, "user", "Thank you.") + "\n")


MEMORY = """
import resource, sys
import orjson
def peak():
    try:
        with open("/proc/self/status") as status:
            return next(int(line.split()[1]) for line in status if line.startswith("VmHWM")) / 1024
    except OSError:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1024 * 1024)
bare = peak()
from session_journal.readers import read_transcript
with open(sys.argv[1], "rb") as stream:
    for session in read_transcript(stream, sys.argv[1]):
        events, left_out = len(session.events), session.left_out
print(peak() - bare, events, left_out)
"""
"""A program that reads the file it is given and prints the megabytes it took over an interpreter with orjson.

Linux carries the memory of a parent over into `ru_maxrss`; what stands in /proc is the process's own.
"""
