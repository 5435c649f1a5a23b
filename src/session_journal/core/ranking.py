"""How well pages answer a query: BM25 over the page and over its best passage, rare words more, recency last."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import log
from typing import NamedTuple

from session_journal.core.query import Term

COLUMN_WEIGHTS = (2.0, 2.0, 1.5, 1.0, 0.7)
"""title, tags, items, body, parts of identifiers."""
TYPE_WEIGHTS = {"rollup": 0.6}
"""A rollup repeats what entries say: the entry should come first."""
KIND_WEIGHTS = {"evidence": 0.7}
"""A quote says again what an item says better."""
PASSAGE_SHARE = 0.6
SECOND_SHARE = 0.3
COVERAGE = 0.3
"""How much more a row counts that has all of what is asked than one that has little of it."""
LOWEST_IDF = 1e-6

Hits = Mapping[int, float]
"""Row → saturated frequency of one phrase in it, without its rarity."""


class Rated(NamedTuple):
    """A row's score, and how many of the whole words asked for it has."""

    score: float
    matched: int


def idf(found: int, total: int) -> float:
    """Return how telling it is that `found` of `total` rows have a word; never zero, so that small journals rank."""
    return log(1 + (total - found + 0.5) / (found + 0.5))


def fts_idf(found: int, total: int) -> float:
    """Return the rarity that SQLite's bm25() has multiplied into its scores."""
    value = log((total - found + 0.5) / (found + 0.5))
    return value if value > 0 else LOWEST_IDF


def score_rows(terms: Sequence[Term], hits: Sequence[Sequence[Hits]], total: int) -> dict[int, Rated]:
    """Return the score of each row that has any term; hits[i][j] belong to phrase j of term i."""
    scores: dict[int, list[float]] = {}
    asked = 0.0
    for term, of_phrases in zip(terms, hits, strict=True):
        best = _best(term, of_phrases)
        rarity = idf(len(best), total) * term.weight
        asked += rarity
        for row, value in best.items():
            sums = scores.setdefault(row, [0.0, 0.0, 0])
            sums[0] += rarity * value
            sums[1] += rarity
            sums[2] += term.weight == 1.0
    return {
        row: Rated(score * (1 + COVERAGE * covered / asked), int(matched))
        for row, (score, covered, matched) in scores.items()
    }


def _best(term: Term, hits: Sequence[Hits]) -> dict[int, float]:
    """Forms of one word share one rarity: that of any of them standing there."""
    best: dict[int, float] = {}
    for phrase, rows in zip(term.phrases, hits, strict=True):
        for row, frequency in rows.items():
            best[row] = max(best.get(row, 0.0), phrase.weight * frequency)
    return best


def combine(
    pages: Mapping[int, Rated], passages: Mapping[int, Rated], places: Mapping[int, tuple[int, str]]
) -> tuple[dict[int, float], dict[int, int]]:
    """Return each page's score with its best passages added, and which passage is its best.

    places: for each passage that counts, its page and kind.
    """
    top: dict[int, list[tuple[float, int]]] = {}
    for passage, (page, kind) in places.items():
        top.setdefault(page, []).append((passages[passage].score * KIND_WEIGHTS.get(kind, 1.0), -passage))
    scores, best = {page: rated.score for page, rated in pages.items()}, {}
    for page, found in top.items():
        found.sort(reverse=True)
        best[page] = -found[0][1]
        second = found[1][0] if len(found) > 1 else 0.0
        scores[page] = scores.get(page, 0.0) + PASSAGE_SHARE * found[0][0] + SECOND_SHARE * second
    return scores, best
