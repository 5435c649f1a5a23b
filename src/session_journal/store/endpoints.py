"""What this machine knows of language models' endpoints: which their user agreed to, and how each wants to be asked."""

from __future__ import annotations

import os
from collections.abc import Mapping

from session_journal.errors import JournalError
from session_journal.store.files import read_bytes, write_atomic
from session_journal.store.places import state_dir

_AGREED = "agreed "


class Endpoints:
    """Words kept by key in the state folder; a folder that can't be written keeps nothing, and nothing depends on it.

    A consent lies here and nowhere a copied journal could bring it from.
    """

    def __init__(self, env: Mapping[str, str]) -> None:
        self._path = os.path.join(state_dir(env), "endpoints.tsv")
        self._words = self._stored()

    def _stored(self) -> dict[str, str]:
        lines = (read_bytes(self._path) or b"").decode("utf-8", "replace").splitlines()
        return {fields[0]: fields[1] for line in lines if len(fields := line.split("\t")) == 2}

    def read(self, key: str) -> str:
        """Return what is kept under a key, "" where nothing is."""
        return self._words.get(_plain(key), "")

    def write(self, key: str, value: str) -> None:
        """Keep a value; what other commands have kept or taken back meanwhile, a consent above all, stays so."""
        self._words = {**self._stored(), _plain(key): _plain(value)}
        text = "".join(f"{name}\t{words}\n" for name, words in sorted(self._words.items()))
        try:
            os.makedirs(os.path.dirname(self._path), mode=0o700, exist_ok=True)
            write_atomic(self._path, text.encode("utf-8", "replace"))
        except (JournalError, OSError):
            return

    def has_agreed(self, base_url: str, model: str) -> bool:
        """Tell whether the user agreed that this model at this address is sent their sessions."""
        return self.read(_agreed(base_url, model)) == "yes"

    def agree(self, base_url: str, model: str) -> None:
        """Remember that the user agreed."""
        self.write(_agreed(base_url, model), "yes")


def _agreed(base_url: str, model: str) -> str:
    return f"{_AGREED}{base_url.rstrip('/')} {model}"


def _plain(text: str) -> str:
    return " ".join(text.split())
