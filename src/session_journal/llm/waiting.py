"""How long an endpoint is waited for that asks for a rest: in sight of the user, and bounded."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from email.utils import parsedate_to_datetime
from typing import TypeVar

from session_journal.llm.refusals import CutOffError, RejectedError

T = TypeVar("T")

STEP = 5.0
"""Seconds after which the rest of a wait is told anew."""

PAUSES = (1.0, 3.0, 6.0, 10.0, 15.0, 20.0)
"""Seconds before each new try where the endpoint names none."""


class Patience:
    """Waits, and says so, until its seconds are used up."""

    def __init__(self, seconds: float, say: Callable[[str], None], sleep: Callable[[float], None]) -> None:
        self._left = seconds
        self._say = say
        self._sleep = sleep

    def wait(self, seconds: float, why: str) -> bool:
        """Wait so long and count down; False, at once, where that is longer than is left."""
        if seconds > self._left:
            return False
        self._left -= seconds
        while seconds > 0:
            self._say(f"{why}: trying again in {seconds:.0f} s")
            self._sleep(min(STEP, seconds))
            seconds -= STEP
        return True


def patiently(
    send: Callable[[], T], patience: Patience, host: str, is_final: Callable[[RejectedError], bool] = lambda _: False
) -> T:
    """Send a request, and again after a rest where that may help; what cannot be helped is raised."""
    for pause in PAUSES:
        try:
            return send()
        except RejectedError as said:
            if not said.may_pass or is_final(said):
                raise
            asked = rest_asked_for(said.headers)
            why = f"{host} is busy ({said.status})"
            if (pause > PAUSES[1] and not said.is_busy) or not patience.wait(asked or pause, why):
                raise
        except CutOffError:
            if pause > PAUSES[0] or not patience.wait(pause, f"{host} broke off"):
                raise
    return send()


def rest_asked_for(headers: Mapping[str, str]) -> float | None:
    """Return the seconds that an endpoint wants to be left alone, None where it does not say.

    Retry-After holds seconds or a date (RFC 9110), which is read against the server's own clock in `date`; OpenAI also
    sends retry-after-ms.
    """
    try:
        if "retry-after-ms" in headers:
            seconds = float(headers["retry-after-ms"]) / 1000
        else:
            seconds = float(headers["retry-after"])
    except KeyError:
        return None
    except ValueError:
        return _until(headers.get("retry-after", ""), headers.get("date", ""))
    return max(seconds, 0.0) if math.isfinite(seconds) else None


def _until(then: str, now: str) -> float | None:
    try:
        return max((parsedate_to_datetime(then) - parsedate_to_datetime(now)).total_seconds(), 0.0)
    except (ValueError, TypeError):
        return None
