"""The opening of a rollup by the user's language model: asked for once for what a page says, and left out else.

What an opening was made from stands on its page as a hash, so that a page whose lines are the same keeps its opening:
on every machine, whether a model is set there or not.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from session_journal.app.endpoint import (
    MODEL,
    TOKENS,
    Preview,
    Voice,
    make_tools,
    name_endpoint,
    preview_of,
    with_consent,
    with_key,
)
from session_journal.app.redaction import make_redactor
from session_journal.core import blocks
from session_journal.core.digest import sha256
from session_journal.core.document import fields, parse
from session_journal.core.records import record
from session_journal.core.redact import redact
from session_journal.errors import JournalError
from session_journal.rollups.opening import Fact, facts_of, key_of
from session_journal.store.endpoints import Endpoints
from session_journal.store.journal import Journal
from session_journal.store.openings import keep, recall
from session_journal.store.settings import load

TYPE_CHECKING = False
if TYPE_CHECKING:
    from session_journal.llm.finding import Tools
    from session_journal.llm.request import Endpoint, Request

_KEPT = "openings"
_LEAST = 5
"""Fewer lines are read as fast as what would be told of them."""


@record(frozen=True, slots=True)
class Opening:
    """A paragraph for the head of a page, "" for none; by: the model that wrote it; made_from: see `key_of`."""

    text: str = ""
    by: str = ""
    made_from: str = ""

    @property
    def keys(self) -> Mapping[str, object]:
        """Return what the page's front matter says of it."""
        if not self.text:
            return {"opening_by": None, "opening_from": None}
        return {"opening_by": self.by, "opening_from": f"{self.made_from}-{_hash(self.text)}"}


def _hash(text: str) -> str:
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def open_page(
    journal: Journal, values: Mapping[str, object], page: bytes | None, block: str, voice: Voice | None
) -> Opening:
    """Return the opening of a page that says these values: the one that it has, one that is kept, or a new one.

    page: its bytes as they are; block: the name of its managed block; voice: None where no model is to be asked.
    """
    facts = facts_of(values)
    model = load(journal.env).text(MODEL) if load(journal.env).text("llm.base_url") else ""
    standing = _standing(page, block)
    if standing.made_from != key_of(facts, standing.by):
        standing = Opening()
    if not model or len(facts) < _LEAST or model == standing.by:
        return standing
    key, openings = key_of(facts, model), recall(journal.cache(_KEPT))
    if key not in openings and voice is not None:
        text = _ask(journal, facts, voice)
        if text is not None:
            openings[key] = text
            keep(journal.cache(_KEPT), openings)
    text = redact(openings.get(key, ""))[0]
    return Opening(text, model, key) if text else standing


def _standing(page: bytes | None, block: str) -> Opening:
    """Return the opening that stands on a page as it was written there."""
    if page is None:
        return Opening()
    try:
        doc = parse(page)
        told = fields(doc)
        lines = (blocks.read(doc.body, block) or "").splitlines()
    except JournalError:
        return Opening()
    by, (made_from, _, mark) = str(told.get("opening_by", "")), str(told.get("opening_from", "")).partition("-")
    text = next((line for line in lines if mark and _hash(line) == mark), "")
    return Opening(text, by, made_from) if text else Opening()


def _ask(journal: Journal, facts: Sequence[Fact], voice: Voice) -> str | None:
    """Return what the model's opening comes to, "" where too little of it holds, None where it gives none."""
    try:
        return _opening(journal, facts, voice)
    except JournalError as error:
        hint = "journal weekly --offline" if error.hint.startswith("journal draft") else error.hint
        voice.say(f"Told offline: {error.message.rstrip('.')}.", hint)
    except Exception as error:  # noqa: BLE001 - whatever a server sends, the rollup must be written
        voice.say(f"Told offline: this is a bug in journal ({type(error).__name__}).", "please report it")
    return None


def _preview(env: Mapping[str, str], endpoint: Endpoint, request: Request, tools: Tools) -> Preview:
    """Return what would be sent at most: a reply that is no JSON is sent back once."""
    once = tools.count(request.instructions) + tools.count(request.content)
    return replace(preview_of(env, endpoint, 2 * once + request.longest, 2 * request.longest), purpose="opening")


def _opening(journal: Journal, facts: Sequence[Fact], voice: Voice) -> str | None:
    from session_journal.llm.cap import Purse
    from session_journal.llm.client import connect
    from session_journal.llm.opening import Line, ask_for, write_opening

    env, endpoints, endpoint = journal.env, Endpoints(journal.env), name_endpoint(journal.env)
    redactor = make_redactor(env, journal.allowed, touch=False)
    tools = make_tools(redactor, voice)
    request, given = ask_for([Line(fact.kind, fact.text) for fact in facts], endpoint, tools)
    preview = _preview(env, endpoint, request, tools)
    if not with_consent(env, endpoints, endpoint, replace(preview, hidden=sum(redactor.counts.values())), voice):
        return None
    voice.progress(0, 0)
    purse = Purse(load(env).number("llm.tokens", TOKENS))
    with connect(with_key(endpoint, env), endpoints, voice.wait, purse=purse) as ask:
        text = write_opening(request, given, replace(tools, ask=ask))
    if not text:
        voice.say("Told offline: too little of what the model wrote stands in the lines of the rollup.", "")
    return text
