"""What statements mean, by the embedding model that the user's settings name: kept vectors, and new ones if agreed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from session_journal.app.endpoint import (
    EMBEDDING_MODEL,
    Preview,
    Voice,
    name_endpoint,
    preview_of,
    with_consent,
    with_key,
)
from session_journal.app.redaction import make_redactor
from session_journal.core.patterns import Sense, Vector
from session_journal.core.verbatim import visible
from session_journal.errors import JournalError
from session_journal.store.endpoints import Endpoints
from session_journal.store.journal import Journal
from session_journal.store.settings import load
from session_journal.store.vectors import keep, key_of, recall

TYPE_CHECKING = False
if TYPE_CHECKING:
    from session_journal.llm.request import Endpoint

_KEPT = "patterns/vectors"
_HINT = "journal patterns --offline"


def make_sense(journal: Journal, voice: Voice | None = None) -> Sense | None:
    """Return what gives the vectors of statements, None where no embedding model is set.

    voice: who is asked before any is sent; without one, only those that are kept are given.
    """
    settings = load(journal.env)
    if not (settings.text("llm.base_url") and settings.text(EMBEDDING_MODEL)):
        return None
    return _Meaning(journal, settings.text(EMBEDDING_MODEL), voice)


class _Meaning:
    """The vectors of one run."""

    def __init__(self, journal: Journal, model: str, voice: Voice | None) -> None:
        self._env, self._place, self._model, self._voice = journal.env, journal.cache(_KEPT), model, voice
        self._redactor = make_redactor(journal.env, journal.allowed, touch=False)

    def __call__(self, texts: Sequence[str]) -> Mapping[str, Vector]:
        keys = {text: key_of(text) for text in texts}
        kept = recall(self._place, self._model)
        if self._voice is not None:
            missing = (text for text, key in keys.items() if key not in kept)
            # What a redaction leaves nothing of is left to its words: some servers refuse an empty text.
            sent = {text: told for text in missing if (told := self._redactor.redact(visible(text)).strip())}
            if sent:
                self._fetch(sent, keys, kept, self._voice)
        return {text: kept[key] for text, key in keys.items() if key in kept}

    def _fetch(
        self, sent: Mapping[str, str], keys: Mapping[str, bytes], kept: dict[bytes, Vector], voice: Voice
    ) -> None:
        """Add the vectors of texts, as far as they are to be had; what came is kept whatever happens."""
        before = len(kept)
        try:
            for texts, vectors in self._asked(sent, voice):
                kept.update(zip(map(keys.__getitem__, texts), vectors, strict=True))
        except JournalError as error:
            hint = _HINT if error.hint.startswith("journal draft") else error.hint
            voice.say(f"Compared offline: {error.message.rstrip('.')}.", hint)
        except Exception as error:  # noqa: BLE001 - whatever a server sends, patterns must come out
            voice.say(f"Compared offline: this is a bug in journal ({type(error).__name__}).", "please report it")
        finally:
            if len(kept) > before:
                keep(self._place, self._model, kept)

    def _asked(self, sent: Mapping[str, str], voice: Voice) -> Iterator[tuple[Sequence[str], Sequence[Vector]]]:
        """Yield texts with their vectors, a batch at a time; nothing where its user does not agree."""
        from session_journal.llm.embedding import BATCH, embedding

        endpoint, endpoints = name_endpoint(self._env, EMBEDDING_MODEL), Endpoints(self._env)
        preview = self._preview(endpoint, [*sent.values()])
        if not with_consent(self._env, endpoints, endpoint, preview, voice):
            return
        texts = list(sent)
        with embedding(with_key(endpoint, self._env), voice.wait) as embed:
            for start in range(0, len(texts), BATCH):
                voice.progress(start, len(texts))
                some = texts[start : start + BATCH]
                yield some, embed([sent[text] for text in some])
            voice.progress(len(texts), len(texts))

    def _preview(self, endpoint: Endpoint, sent: Sequence[str]) -> Preview:
        from session_journal.llm.tokens import estimate_tokens

        preview = preview_of(self._env, endpoint, sum(map(estimate_tokens, sent)), 0)
        hidden = sum(self._redactor.counts.values())
        # What llm.price names is the price of the other model.
        return replace(preview, price=None, hidden=hidden, chunks=len(sent), purpose="meaning")
