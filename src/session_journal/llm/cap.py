"""The cap on what one entry may cost: requests are counted before they are sent."""

from __future__ import annotations

from session_journal.errors import ModelError
from session_journal.llm.chunks import Count
from session_journal.llm.request import Ask, Reply, Request


def capped(ask: Ask, cap: int, count: Count) -> Ask:
    """Return an Ask that sends nothing more once the next request could take what was sent over `cap` tokens.

    What a server counts is believed only where it is more than the estimate: one that was asked twice for one reply
    tells of the second time alone.
    """
    spent = 0

    def asked(request: Request) -> Reply:
        nonlocal spent
        least = count(request.instructions) + count(request.content)
        if spent + least + request.longest > cap:
            raise ModelError(
                f"the entry would take more than the {cap:,} tokens of llm.tokens",
                f"journal config set llm.tokens {2 * cap}",
            )
        spent += least
        reply = ask(request)
        spent += max(0, (reply.prompt_tokens or 0) - least) + (reply.reply_tokens or request.longest)
        return reply

    return asked
