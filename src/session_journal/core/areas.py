"""Looking again only around some places of a text, and from as far away as it takes to see each find whole."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from session_journal.core.rules import Rule

    Span = tuple[int, int, Rule]
    Part = tuple[int, int]

NEAR = 5_000
"""More than any rule reaches; only blocks of private keys, and tokens without an end, are longer."""
EDGE = 1_000
"""More than any rule looks at before and behind what it finds; what lies so close to a part's edge may be cut."""
FAR = 25_000
"""From how far a private key's first line can see its last."""
_WIDER = 5


def around(places: Iterable[Part], length: int, look: Callable[[int, int], list[Span]]) -> list[Span]:
    """Return what `look` finds in a text of this length around these parts of it; it is asked for one part at a time.

    Where something reaches over the edge of what was looked at, more is looked at: five times as much each time, so
    that all that is looked at grows with the text alone.
    """
    found: list[Span] = []
    sight = NEAR
    while parts := _joined(places, sight + EDGE, length):
        places = []
        for begin, end in parts:
            first, last = begin + EDGE if begin else -length - FAR, end - EDGE if end < length else 2 * length + FAR
            spans = look(begin, end)
            if any(_crosses(span, first, last) for span in spans):
                places.append((begin, end))
            else:
                found += [span for span in spans if first <= span[0] and span[1] <= last]
        sight *= _WIDER
    return found


def seen_from(span: Span) -> Part:
    """Return from where to where one has to look to see all that belongs to a find."""
    reach = FAR if span[2].finder else 0
    return span[0] - reach, span[1] + reach


def _crosses(span: Span, first: int, last: int) -> bool:
    begin, end = seen_from(span)
    return begin < last and end > first and not (first <= begin and end <= last)


def _joined(places: Iterable[Part], sight: int, length: int) -> list[Part]:
    """Return what can be seen around these parts, in order and apart."""
    areas: list[Part] = []
    for first, last in sorted(places):
        begin, end = max(0, first - sight), min(length, last + sight)
        if areas and begin <= areas[-1][1]:
            areas[-1] = areas[-1][0], max(areas[-1][1], end)
        else:
            areas.append((begin, end))
    return areas
