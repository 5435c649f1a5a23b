"""Secrets planted into the samples of every format: in each text, in each name, in each id."""

import io
import json
import re
import sqlite3
import uuid
import zipfile
from contextlib import closing

from reading import SAMPLES

STRUCTURE = {
    "type",
    "role",
    "kind",
    "status",
    "tool",
    "toolName",
    "recipient",
    "content_type",
    "sender",
    "mime",
    "state",
}
"""Keys whose values say what a record is; with another value it would not be read at all."""
IDS = {
    "id",
    "uuid",
    "parentUuid",
    "sessionId",
    "sessionID",
    "parentID",
    "messageID",
    "call_id",
    "toolCallId",
    "parentId",
}
FORMATS = (
    "claude_code_rounding.jsonl", "codex_rounding.jsonl", "codex_older.jsonl", "copilot_rounding.jsonl",
    "cursor_plot.jsonl", "cursor_plot.txt", "gemini_rounding.json", "gemini_plot.jsonl", "opencode_export.json",
    "aider.md", "chatgpt.json", "claude_web.json", "specstory.md",
)  # fmt: skip
_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_MARKUP = re.compile(r"#(?!###)|\*\*\*|<|```|---|=======|>>>>>>>|_\*\*|(?:user|assistant):$|\[|\*\*|\s*$")


def planted(sample):
    """Return a function that writes the sample as a session of some name with secrets in every text of it."""
    path = SAMPLES / sample

    def write(name, secrets):
        text, said = path.read_text(encoding="utf-8"), " ".join(secrets)
        if path.suffix == ".jsonl":
            return "".join(json.dumps(_plant(json.loads(line), "", name, said)) + "\n" for line in text.splitlines())
        if path.suffix == ".json":
            return json.dumps(_plant(json.loads(text), "", name, said))
        text = _UUID.sub(lambda found: str(uuid.uuid5(uuid.NAMESPACE_OID, f"{found[0]} {name}")), text)
        return _in_lines(text, said)

    write.__name__ = sample
    return write


def _plant(value, key, name, said):
    if isinstance(value, dict):
        return {key: _plant(inner, key, name, said) for key, inner in value.items()}
    if isinstance(value, list):
        return [_plant(inner, key, name, said) for inner in value]
    if key in {"cwd", "workdir"} and ("\\" in said or "//" in said):  # no folder is called so
        return value
    is_tool = key == "name" and isinstance(value, str) and value.isidentifier()
    if not isinstance(value, str) or key in STRUCTURE or is_tool or re.match(r"\d{4}-\d\d-\d\dT", value):
        return value
    return f"{value}-{name} {said}" if key in IDS else _in_text(value, name, said)


def _in_text(text, name, said):
    """Add secrets to each line of a text, and to each text of the JSON in it."""
    try:
        return json.dumps(_plant(json.loads(text), "", name, said)) if text.startswith("{") else _in_lines(text, said)
    except ValueError:
        return _in_lines(text, said)


def _in_lines(text, said):
    return "\n".join(_in_line(line, said) for line in text.split("\n"))


def _in_line(line, said):
    """Add secrets to a line of text; what they are broken into stands behind the line's own sign."""
    sign = next((sign for sign in ("#### ", "> ", "+", "-") if line.startswith(sign)), "")
    if not sign and _MARKUP.match(line):
        return line
    return line.rstrip() + " " + said.replace("\n", "\n" + sign)


SCHEMA = """
CREATE TABLE session (id text, project_id text, parent_id text, slug text, directory text, title text, version text,
  share_url text, revert text, time_created integer, time_updated integer);
CREATE TABLE message (id text, session_id text, time_created integer, time_updated integer, data text);
CREATE TABLE part (id text, message_id text, session_id text, time_created integer, time_updated integer, data text);
"""


def opencode_database(name, secrets):
    """Return a database that holds the exported session, with secrets in every text of its rows."""
    export = json.loads(planted("opencode_export.json")(name, secrets))
    info = export["info"]
    with closing(sqlite3.connect(":memory:")) as database:
        database.executescript(SCHEMA)
        at = info["time"]["created"]
        row = (info["id"], "p", None, "s", info["directory"], info["title"], info["version"], None, None, at, at)
        database.execute(f"INSERT INTO session VALUES ({','.join('?' * len(row))})", row)
        for message in export["messages"]:
            key = message["info"]["id"]
            at = message["info"]["time"]["created"]
            database.execute(
                "INSERT INTO message VALUES (?,?,?,?,?)", (key, info["id"], at, at, json.dumps(message["info"]))
            )
            for part in message["parts"]:
                row = (part["id"], key, info["id"], at, at, json.dumps(part))
                database.execute("INSERT INTO part VALUES (?,?,?,?,?,?)", row)
        return database.serialize()


def chatgpt_zip(name, secrets):
    """Return an export as it arrives: zipped, in a folder whose name holds secrets."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        folder = "".join(char for char in secrets[0] if char.isalnum() or char in "_-")
        archive.writestr(f"{folder}/conversations.json", planted("chatgpt.json")(name, secrets))
    return packed.getvalue()
