"""The shape that is sent is one that every server takes."""

from __future__ import annotations

from enum import StrEnum
from typing import Literal

import jsonschema
from pydantic import BaseModel, Field

from llm.asking import Notebook
from session_journal.llm.manners import LIMITS, RUNGS, Manners, plain_schema, remember, remembered
from session_journal.llm.request import Endpoint


class Role(StrEnum):
    USER = "user"
    TOOL = "tool"


class Quote(BaseModel):
    text: str = Field(max_length=200, min_length=1, pattern="x", description="verbatim")
    role: Role
    format: Literal["a", "b"] = "a"


class Page(BaseModel):
    title: str = Field(default="", max_length=80)
    properties: list[Quote] = Field(max_length=5)
    pattern: Quote | None = None
    score: int = Field(ge=0, le=10)


def keywords(node, *, names=False):
    """Return all keywords of a schema, at any depth."""
    if isinstance(node, list):
        return set().union(*map(keywords, node))
    if not isinstance(node, dict):
        return set()
    own = set() if names else set(node)
    return own.union(
        *(keywords(value, names=key in {"properties", "$defs"} and not names) for key, value in node.items())
    )


def test_a_schema_keeps_its_shape_and_loses_what_servers_refuse():
    plain = plain_schema(Page)
    assert keywords(plain) == {
        *("type", "properties", "required", "additionalProperties", "items", "enum", "anyOf", "$ref", "$defs"),
        "description",
    }
    jsonschema.Draft202012Validator.check_schema(plain)
    jsonschema.validate(
        {"title": "", "properties": [{"text": "t", "role": "user", "format": "a"}], "pattern": None, "score": 1}, plain
    )


def test_fields_called_like_keywords_are_fields():
    plain = plain_schema(Page)
    assert list(plain["properties"]) == ["title", "properties", "pattern", "score"]
    assert list(plain["$defs"]["Quote"]["properties"]) == ["text", "role", "format"]


def test_every_object_wants_all_its_fields_and_no_others():
    plain = plain_schema(Page)
    for node in (plain, plain["$defs"]["Quote"]):
        assert node["required"] == list(node["properties"])
        assert node["additionalProperties"] is False


def test_all_manners_can_be_remembered():
    memory, endpoint = Notebook(), Endpoint("http://localhost/v1", "tiny")
    for manners in (Manners(rung, limit, warm) for rung in RUNGS for limit in LIMITS for warm in (True, False)):
        remember(endpoint, memory, manners)
        assert remembered(endpoint, memory) == manners


def test_a_refusal_of_something_else_changes_no_manners():
    assert Manners().after(400, "messages must not be empty") is None
    assert Manners().after(401, "response_format is for others") is None
    assert Manners(rung="prompt", limit="no_limit", temperature=False).after(400, "response_format max_tokens") is None
