"""The cap on what one entry may cost: each request is counted before it is sent, also one that is sent again."""

from __future__ import annotations

import sys

from session_journal.errors import ModelError
from session_journal.llm.completions import Completion
from session_journal.llm.tokens import estimate_tokens

_WORDY = 2
"""The estimate is from above; a reply has at least half as many tokens, whatever its server says."""


class Purse:
    """The tokens that one entry may take still.

    A request is booked with the longest reply that it allows, and what was not used of that given back afterwards. What
    a server counts is believed where it is more than the estimate, or little enough to be true.
    """

    def __init__(self, cap: int = sys.maxsize) -> None:
        self._cap, self._spent = cap, 0

    def book(self, prompt: int, longest: int) -> None:
        """Count a request; ModelError, before it is sent, where it could take more than is left."""
        if self._spent + prompt + longest > self._cap:
            raise ModelError(
                f"the entry would take more than the {self._cap:,} tokens of llm.tokens",
                f"journal config set llm.tokens {2 * self._cap}",
            )
        self._spent += prompt + longest

    def give_back(self, prompt: int, longest: int) -> None:
        """Take back a request that was refused before anything was made of it."""
        self._spent -= prompt + longest

    def settle(self, prompt: int, longest: int, found: Completion) -> None:
        """Put what a request took in the place of what was booked for it."""
        self._spent += max(0, (found.prompt_tokens or 0) - prompt)
        if found.reply_tokens:
            self._spent += max(found.reply_tokens, estimate_tokens(found.text) // _WORDY) - longest
