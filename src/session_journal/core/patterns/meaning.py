"""How near two statements are in what they mean, by a model's vectors, where their words alone leave it open.

Models differ: of one all cosines lie near 0.8, of another near 0.2. So a cosine is held against what the journal's own
pairs of the same likeness have, and only what is far above it counts. A low one counts for nothing: tried on sessions
with known recurrences (MiniLM), that lost more than it saved.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Mapping, Sequence
from math import isfinite, sqrt
from operator import mul
from typing import TypeAlias

from session_journal.core.patterns.memory import Edges
from session_journal.core.patterns.words import Terms

Vector: TypeAlias = "array[int]"
"""A direction in whole numbers from -127 to 127; its length means nothing."""
Sense = Callable[[Sequence[str]], Mapping[str, Vector]]
"""Returns the vectors of texts, as far as it has them."""

NEAR, FAR = 0.15, 0.5
"""Below and above, the words of two statements say enough."""
_HOPEFUL = 0.2
"""A statement that is like none so much can join no pattern: nobody need ask what it means."""
_SURE = 1.0
"""Standard deviations that a cosine must lie above what is expected ..."""
_STEP = 0.03
"""... before each further one adds this ..."""
_MOST = 0.05
"""... up to this."""
_OTHERWISE_NAMED = 0.25
"""Two that name different things are brought no nearer than this: too little to make a pattern of them alone."""
_LEAST_PAIRS = 50
_LEAST_TELLING = 0.3
"""Where cosines and shared words have less to do with each other, the vectors tell nothing of such texts."""
_LARGEST = 127

Pair = tuple[int, int, int]


def pack(values: Sequence[float]) -> Vector | None:
    """Return a model's vector in a byte a number, None for one that has no direction."""
    largest = max(map(abs, values), default=0.0)
    if not all(map(isfinite, values)) or largest <= 0:
        return None
    return array("b", [round(value / largest * _LARGEST) for value in values])


def sharpen(edges: Edges, texts: Sequence[str], terms: Sequence[Terms], sense: Sense) -> Edges:
    """Return the likenesses of statements, larger where their vectors say so of a pair near the threshold.

    Statements with other numbers, or of which one denies, are brought no nearer, those with other names a little.
    """
    pairs = _open(edges)
    if len(pairs) < _LEAST_PAIRS:
        return edges
    vectors = sense([texts[place] for place in sorted({place for _, *both in pairs for place in both})])
    known = {place: vectors[texts[place]] for pair in pairs for place in pair[1:] if texts[place] in vectors}
    lengths = {place: sqrt(sum(map(mul, vector, vector))) for place, vector in known.items()}
    cosines = {
        (at, one, two): sum(map(mul, known[one], known[two])) / (lengths[one] * lengths[two])
        for at, one, two in pairs
        if lengths.get(one) and lengths.get(two) and len(known[one]) == len(known[two])
    }
    alike = array("d", edges.alike)
    for (at, one, two), surplus in _surpluses(edges, cosines).items():
        nearer = min(_MOST, _STEP * (surplus - _SURE), _nearest(terms[one], terms[two]) - alike[at])
        alike[at] += max(0.0, nearer)
    return Edges(edges.counts, edges.others, alike)


def _open(edges: Edges) -> list[Pair]:
    """Return the pairs that words leave open: where their likeness stands, and both statements."""
    near = [(at, one, two, alike) for at, (one, two, alike) in enumerate(edges) if alike >= NEAR]
    hopeful = {place for _, one, two, alike in near if alike >= _HOPEFUL for place in (one, two)}
    return [(at, one, two) for at, one, two, alike in near if alike <= FAR and one in hopeful and two in hopeful]


def _surpluses(edges: Edges, cosines: Mapping[Pair, float]) -> dict[Pair, float]:
    """Return by how many standard deviations each cosine is above what pairs so much alike have; {} if that is vague.

    What is expected is the straight line of least squares through all pairs.
    """
    if len(cosines) < _LEAST_PAIRS:
        return {}
    rows = {pair: (edges.alike[pair[0]], cosine) for pair, cosine in cosines.items()}
    mean_x, mean_y = (sum(row[side] for row in rows.values()) / len(rows) for side in (0, 1))
    spread_x, spread_y, both = (
        sum((row[a] - mean[a]) * (row[b] - mean[b]) for row in rows.values())
        for mean in ((mean_x, mean_y),)
        for a, b in ((0, 0), (1, 1), (0, 1))
    )
    if not spread_x or not spread_y or both / sqrt(spread_x * spread_y) < _LEAST_TELLING:
        return {}
    slope = both / spread_x
    left = {pair: y - mean_y - slope * (x - mean_x) for pair, (x, y) in rows.items()}
    deviation = sqrt(sum(value * value for value in left.values()) / len(left))
    return {pair: value / deviation for pair, value in left.items()} if deviation else {}


def _nearest(one: Terms, two: Terms) -> float:
    """Return up to where two statements may be brought nearer."""
    if one.denies != two.denies or (one.numbers and two.numbers and not one.numbers & two.numbers):
        return 0.0
    names, others = ({term for term in terms.weights if term[0] == "@"} for terms in (one, two))
    return _OTHERWISE_NAMED if names and others and not names & others else 1.0
