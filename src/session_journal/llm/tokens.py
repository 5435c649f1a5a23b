"""What a request weighs and costs: a plain estimate of tokens, and a price where the user has named one."""

from __future__ import annotations

import math

from session_journal.errors import ModelError

BYTES_A_TOKEN = 3


def estimate_tokens(text: str) -> int:
    """Estimate the tokens of a text from above: one for every three bytes of UTF-8, rounded up.

    Tokenizers of common models take about four bytes of English prose to a token and about three of code; a letter of
    Chinese or Japanese (three bytes) is about one. So prose is overestimated by a third; long runs of digits or hashes
    may be underestimated. No tokenizer is downloaded for it.
    """
    return -(-len(text.encode("utf-8", "replace")) // BYTES_A_TOKEN)


def price(override: str, prompt_tokens: int, reply_tokens: int) -> float | None:
    """Return what so many tokens cost in USD; None where no price is known, which is never guessed.

    override: the user's setting llm.price, `in/out` in USD for a million tokens each: `0.15/0.60`.
    """
    if not override.strip():
        return None
    first, slash, second = override.partition("/")
    try:
        rates = float(first), float(second)
    except ValueError:
        rates = (-1.0, -1.0)
    if not slash or not all(math.isfinite(rate) and rate >= 0 for rate in rates):
        raise ModelError(
            f"llm.price holds no two prices: {override}",
            "journal config set llm.price 0.15/0.60  (in/out, USD per million)",
        )
    return (prompt_tokens * rates[0] + reply_tokens * rates[1]) / 1_000_000
