"""No format takes another's files."""

import importlib

import pytest

from reading import SAMPLES
from session_journal.readers import FORMATS

PATHS = sorted(path for path in SAMPLES.iterdir() if path.is_file() and path.name.startswith(FORMATS))


@pytest.mark.parametrize("path", PATHS, ids=[path.name for path in PATHS])
def test_a_sample_is_recognised_by_its_own_reader_alone(path):
    head = path.read_bytes()
    own = max((name for name in FORMATS if path.name.startswith(name)), key=len)
    others = [name for name in FORMATS if name != "plain"]  # which takes what nobody else does
    found = [name for name in others if importlib.import_module(f"session_journal.readers.{name}").recognises(head)]
    assert found == ([] if own == "plain" else [own])


@pytest.mark.parametrize("wrong", ["[]", "{}", "null", "7", '"x"', "[[1]]"])
def test_no_reader_fails_on_what_is_none_of_its_business(wrong):
    keys = ("type", "role", "id", "message", "payload", "data", "sessionId", "time", "info", "messages", "uuid", "$set")
    one = ("{" + ", ".join(f'"{key}": {wrong}' for key in keys) + "}").encode()
    for head in (one, one.replace(b": " + wrong.encode(), b": " + one), b"[" + one + b"]"):
        for name in FORMATS:
            importlib.import_module(f"session_journal.readers.{name}").recognises(head)
