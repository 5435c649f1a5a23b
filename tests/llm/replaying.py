"""Recorded replies, played back to the requests that are really sent: the marks and the ids stand in the request alone."""

from __future__ import annotations

import json
import re
from itertools import count
from pathlib import Path

from session_journal.llm.finding import Tools
from session_journal.llm.prompts import MEND, Found, Head
from session_journal.llm.request import Reply

RECORDED = Path(__file__).parent / "recorded"


def recorded(name):
    return json.loads((RECORDED / f"{name}.json").read_text(encoding="utf-8"))


def replay(told, content):
    """Return the recorded reply to a request, as JSON a server would send."""
    if "start mark: " not in content:
        return with_ids(told["head"], content)
    if MEND.strip()[:30] in content:
        return with_marks(told.get("mended", {"items": []}), content)
    return with_marks(chunk_of(told["chunks"], content), content)


def chunk_of(chunks, content):
    """Return the items of the turns that a request holds."""
    sent = {int(number) for number in re.findall(r"^<<\w+ t(\d+) ", content, flags=re.MULTILINE)}
    return {"items": [item for chunk in chunks for item in chunk["items"] if item["turn"] in sent]}


def with_marks(reply, content):
    start, end = (re.findall(rf"^{side} mark: (\w+)$", content, flags=re.MULTILINE) for side in ("start", "end"))
    return {"start_mark": start[0], **reply, "end_mark": end[-1]}


def with_ids(head, content):
    """Return the head with the ids of the statements that it names by their words."""
    lines = dict(re.findall(r"^(i\d+) (.*)$", content, flags=re.MULTILINE))

    def numbered(sentence):
        ids = [name for words in sentence["items"] for name, line in lines.items() if words in line]
        return {**sentence, "items": ids}

    return {
        "title": numbered(head["title"]),
        "context": [numbered(one) for one in head["context"]],
        "happened": [numbered(one) for one in head["happened"]],
        "worth": numbered({"items": head.get("worth", [])})["items"],
    }


class Model:
    """A model that answers from a record; `requests` are those that it was sent."""

    def __init__(self, told, seen=1.0):
        self.told, self.seen, self.requests = told, seen, []

    def __call__(self, request):
        self.requests.append(request)
        answer = replay(self.told, request.content)
        read = int(self.seen * tokens(request.instructions + request.content))
        schema = Found if "start_mark" in answer else Head
        assert request.schema is schema
        return Reply(schema.model_validate(answer), read, 100)


def tokens(text):
    return len(text) // 3


def tools(ask, hide=lambda text: text, progress=lambda _done, _all: None):
    numbers = count(1)
    return Tools(ask, tokens, hide, lambda: f"mark{next(numbers):04}", progress)
