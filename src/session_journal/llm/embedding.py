"""Texts made into vectors by an endpoint's embedding model: sent in batches, and nothing taken that is no vector."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from session_journal.core.patterns import Vector, pack
from session_journal.errors import ModelError
from session_journal.llm import failures
from session_journal.llm.client import PATIENCE
from session_journal.llm.refusals import CutOffError, RejectedError
from session_journal.llm.request import Endpoint
from session_journal.llm.waiting import Patience, patiently

if TYPE_CHECKING:
    from session_journal.llm.wire import Wire

BATCH = 32
"""Texts that are sent at once: some servers take no more."""
_LONGEST = 600
"""Characters of a text that are sent: llama.cpp refuses what is longer than its batch, others cut it off."""
_SHORTEST = 100
_MOST_NUMBERS = 20_000
_TOO_MUCH = frozenset({400, 413, 422})

Embed = Callable[[Sequence[str]], list[Vector]]
"""Returns the vectors of up to BATCH texts, in their order; ModelError where not each has one."""


@contextmanager
def embedding(
    endpoint: Endpoint,
    say: Callable[[str], None],
    *,
    patience: float = PATIENCE,
    sleep: Callable[[float], None] = time.sleep,
) -> Iterator[Embed]:
    """Yield what asks this endpoint for vectors; ModelError where its address can't be used. See `connect`."""
    from session_journal.llm.wire import open_wire

    with open_wire(endpoint) as wire:
        yield _Embedding(endpoint, wire, Patience(patience, say, sleep)).vectors


class _Embedding:
    """Holds how many numbers the vectors of an endpoint have."""

    def __init__(self, endpoint: Endpoint, wire: Wire, patience: Patience) -> None:
        self._endpoint, self._wire, self._patience = endpoint, wire, patience
        self._place = failures.place_of(endpoint)
        self._size = 0

    def vectors(self, texts: Sequence[str]) -> list[Vector]:
        """Return a vector for each text; what is too much at once is sent in halves, of a single text the first."""
        sent = [text[:_LONGEST] for text in texts]
        try:
            answer = self._post(sent)
        except RejectedError as said:
            if not said.names_model and (said.is_context or said.status in _TOO_MUCH):
                if half := len(sent) // 2:
                    return [*self.vectors(sent[:half]), *self.vectors(sent[half:])]
                if len(sent[0]) > _SHORTEST:
                    return self.vectors([sent[0][: len(sent[0]) // 2]])
            raise self._explained(said, sent) from None
        except CutOffError:
            raise failures.broke_off(self._place) from None
        return self._read(answer, len(sent))

    def _post(self, texts: Sequence[str]) -> dict[str, Any]:
        body = {"model": self._endpoint.model, "input": list(texts)}
        return patiently(lambda: self._wire.post(body, "/embeddings"), self._patience, self._place.host)

    def _explained(self, said: RejectedError, sent: Sequence[str]) -> ModelError:
        host, model = self._place.host, self._endpoint.model
        if said.names_model:
            return ModelError(f"{host} has no model called {model}", "journal config set llm.embedding_model NAME")
        if said.status in {404, 405, 501}:
            return ModelError(
                f"{host} gives no embeddings of {model} ({said.status})", "journal config unset llm.embedding_model"
            )
        return failures.explain(said, self._place, "\n".join(sent))

    def _read(self, answer: dict[str, Any], count: int) -> list[Vector]:
        """Return the vectors of a response in the order of what was sent, which `index` names."""
        rows = answer.get("data")
        if not isinstance(rows, list) or len(rows) != count or not all(isinstance(row, dict) for row in rows):
            found = len(rows) if isinstance(rows, list) else "no list of them"
            raise self._unusable(f"sent {found} for {count} texts")
        places = [row.get("index", place) for place, row in enumerate(rows)]
        if not all(map(_is_number, places)) or sorted(places) != list(range(count)):
            raise self._unusable("does not say which is whose")
        ordered = dict(zip(places, rows, strict=True))
        return [self._vector(ordered[place].get("embedding")) for place in range(count)]

    def _vector(self, values: Any) -> Vector:
        if not isinstance(values, list) or not 1 < len(values) <= _MOST_NUMBERS or not all(map(_is_number, values)):
            raise self._unusable("sent something that is no vector")
        self._size = self._size or len(values)
        vector = pack(values)
        if vector is None or len(values) != self._size:
            raise self._unusable("sent a vector without a direction" if vector is None else "sent vectors of two sizes")
        return vector

    def _unusable(self, did: str) -> ModelError:
        return ModelError(f"the embeddings of {self._place.who} cannot be used: it {did}", failures.OFFLINE)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
