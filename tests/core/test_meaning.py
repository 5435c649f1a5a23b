"""What vectors tell of statements that words leave open: little, only where a model knows anything, and no false merge."""

from __future__ import annotations

from datetime import date, timedelta
from math import inf, nan, sqrt

import pytest

from session_journal.core.patterns import Statement, find, pack
from session_journal.core.patterns.meaning import sharpen
from session_journal.core.patterns.memory import Edges
from session_journal.core.patterns.words import read_terms

PAIRS = 60
USUAL = 0.3


def expected(alike, shift=0.0, scale=1.0):
    """Return the cosine that a pair so much alike has with a model whose cosines lie where shift and scale say."""
    return shift + scale * (0.2 + alike)


def pairs(*, far=0, cosine=USUAL, alike=0.3, text="", other="", **model):
    """Return pairs whose words are more and more alike and whose cosines follow, with a small sway; one of them is
    as asked: its likeness, and its cosine or, with far, so far from what is expected.
    """
    edges, texts, vectors = Edges(), [], {}
    for number in range(PAIRS):
        likeness = 0.2 + 0.004 * number
        sway = 0.03 if number % 2 else -0.03
        found = expected(likeness + sway, **model)
        if number == PAIRS // 2:
            likeness = alike
            found = expected(alike + far, **model) if far else cosine
        one, two = f"statement {number} a", f"statement {number} b"
        if number == PAIRS // 2 and text:
            one, two = text, other
        edges.add([])
        edges.add([(2 * number, likeness)])
        texts += [one, two]
        vectors[one], vectors[two] = pack([1.0, 0.0]), pack([found, sqrt(1 - found**2)])
    return edges, texts, vectors


def change(edges, texts, vectors):
    """Return by how much the pair that is as asked was changed."""
    at = PAIRS // 2
    terms = [read_terms(text) for text in texts]
    return (
        sharpen(edges, texts, terms, lambda wanted: {text: vectors[text] for text in wanted}).alike[at]
        - edges.alike[at]
    )


@pytest.mark.parametrize("model", [{}, {"shift": 0.5, "scale": 0.5}, {"shift": -0.15, "scale": 1.0}])
def test_what_means_more_alike_than_its_words_is_brought_nearer_whatever_cosines_a_model_has(model):
    assert 0.02 < change(*pairs(far=0.15, **model)) <= 0.05


def test_what_means_no_more_alike_than_its_words_say_stays():
    for far in (0.001, 0.02, -0.02, -0.15):
        assert change(*pairs(far=far)) == 0


def test_other_numbers_and_a_denial_are_brought_no_nearer():
    for text, other in (
        ("Port 8080 is free before the start", "Port 9090 is free before the start"),
        ("Mock the network in these tests", "Do not mock the network in these tests"),
    ):
        assert change(*pairs(far=0.15, text=text, other=other)) == 0


def test_other_names_are_brought_nearer_but_to_no_pattern():
    text, other = "`findSession` swallows errors", "`readMetadata` ignores what fails"
    assert change(*pairs(far=0.15, alike=0.3, text=text, other=other)) == 0
    assert change(*pairs(far=0.15, alike=0.22, text=text, other=other)) == pytest.approx(0.03)


def test_what_words_make_clear_is_left_to_them():
    for alike in (0.05, 0.6):
        edges, texts, vectors = pairs(far=0.2, alike=alike)
        asked = []

        def sense(wanted, vectors=vectors, asked=asked):
            asked.extend(wanted)
            return {text: vectors[text] for text in wanted}

        assert sharpen(edges, texts, [read_terms(text) for text in texts], sense).alike[PAIRS // 2] == alike
        if alike < 0.1:
            assert texts[PAIRS] not in asked


def test_vectors_that_have_nothing_to_do_with_the_words_count_for_nothing():
    edges, texts, vectors = pairs()
    for number in range(PAIRS):
        found = 0.3 + (number * 7919 % 61) / 200
        vectors[f"statement {number} b"] = pack([found, sqrt(1 - found**2)])
    terms = [read_terms(text) for text in texts]
    assert sharpen(edges, texts, terms, lambda _: vectors).alike == edges.alike


def test_few_pairs_tell_nothing_of_a_model_and_it_is_not_asked():
    edges = Edges()
    edges.add([])
    edges.add([(0, 0.3)])

    def sense(_):
        raise AssertionError("asked")

    assert sharpen(edges, ["a b", "a c"], [read_terms("a b"), read_terms("a c")], sense) is edges


def test_a_statement_without_a_vector_or_with_one_of_another_length_is_left_to_its_words():
    edges, texts, vectors = pairs(far=0.15)
    assert change(edges, texts, {**vectors, texts[PAIRS]: pack([1.0, 0.0, 0.0])}) == 0
    terms = [read_terms(text) for text in texts]
    told = {text: vector for text, vector in vectors.items() if text != texts[PAIRS]}
    assert sharpen(edges, texts, terms, lambda _: told).alike[PAIRS // 2] == edges.alike[PAIRS // 2]
    assert sharpen(edges, texts, terms, lambda _: {}).alike == edges.alike


def test_a_vector_is_kept_in_a_byte_a_number_and_one_without_a_direction_is_none():
    assert list(pack([0.5, -0.25, 0.0])) == [127, -64, 0]
    assert [pack(values) for values in ([], [0.0, 0.0], [nan, 1.0], [inf, 1.0])] == [None] * 4


FORMS = (
    "The {} needs a deadline for slow disks",
    "Without a deadline the {} waits for slow disks",
    "Rotate the certificates of the {} at night",
    "The certificates of the {} expire at night",
    "Give the {} a smaller buffer",
)
# Names in code: of other things in one place, each statement would be one of its own.
SUBJECTS = tuple(
    f"{name}.go"
    for name in ["tracker", "trader", "trainer", "tracer", "translator", "trimmer", "trigger", "trawler", "tray"]
)
TOLD = "Tell customers about a planned outage at once"
MORE = "The newspaper wrote about our outage while customers of two distant regions slept soundly under blankets"


def journal(more):
    """Return statements of many sessions, of which two, far apart, speak of one point."""
    said = [*enumerate([form.format(subject) for form in FORMS] for subject in SUBJECTS), (2, [TOLD]), (7, [more])]
    return [
        Statement(f"e{n}", f"s/{n}.md", f"s{n}", date(2026, 1, 9) + timedelta(days=30 * n), "shop", "takeaway", text)
        for n, texts in said
        for text in texts
    ]


def knowing(texts):
    """Return vectors by the words of texts, and one thing more that all share which speak of an outage."""
    found = {}
    for text in texts:
        numbers = [0.05] * 64 + [100.0 * ("outage" in text)]
        for word in text.lower().split():
            numbers[sum(word.encode()) % 64] += 1.0
        found[text] = pack(numbers)
    return found


def test_a_point_that_words_just_miss_is_found_by_what_they_mean():
    words = MORE.split()
    longer = (" ".join(words[:count]) for count in range(8, len(words) + 1))
    missed = next(more for more in longer if not any(TOLD in str(one) for one in find(journal(more))))
    alone, found = (find(journal(missed), sense=sense) for sense in (None, knowing))
    (more,) = (one for one in found if one not in alone)
    assert [member.text for member in more.members] == [TOLD, missed]
    assert [one for one in found if one is not more] == list(alone)


def test_without_vectors_the_patterns_are_those_of_the_words():
    day = date(2026, 11, 9)
    texts = ["Run the linter before committing", "Always run the linter before a commit", "Index the orders table"]
    said = [
        Statement(f"e{n}", f"s/{n}.md", f"s{n}", day + timedelta(days=n), "shop", "takeaway", text)
        for n, text in enumerate(texts)
    ]
    assert find(said, sense=lambda _: {}) == find(said)
