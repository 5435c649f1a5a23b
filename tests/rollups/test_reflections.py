"""What a person thought: each reflection as a whole, in the words that sum it up."""

from __future__ import annotations

from rolled import entry, roll, section, texts

LONG = (
    "## Reflection\n\nWow, the helper was tiresome today! I asked two of them about the export and both said yes.\n\n"
    "One wanted eleven new tools for the export of a single gauge. The other wanted to keep all of it in one place, "
    "which is how it had come to be so large in the first place, long before any of this began.\n\n"
    "Both praised my own plan at once. But I want to remember that a helper has no common sense.\n"
)


def test_a_reflection_is_told_once_and_by_what_sums_it_up():
    (text,) = texts(roll(entry("a", LONG))["reflections"])
    assert text == "Both praised my own plan at once. But I want to remember that a helper has no common sense."


def test_what_sums_something_up_stands_before_what_is_merely_felt():
    felt = entry("b", "## Reflection\n\nI am tired of the pump and its noise today.\n", day="2026-11-18")
    assert "remember" in texts(roll(felt, entry("a", LONG))["reflections"])[0]


def test_a_report_on_the_implementation_is_no_reflection():
    report = (
        "## Reflections\n\nThis implementation represents the power of disciplined testing. By writing tests first, "
        "we found a race.\n\nThe decision to reuse the store demonstrates mature practice in our team.\n"
    )
    values = roll(entry("a", report))
    assert (values["reflections"], values["learned"]) == ([], [])


def test_bullets_are_thoughts_of_their_own():
    said = ["I like the new export of the gauges very much", "I would rather not look at the pump again for a week"]
    assert sorted(texts(roll(entry("a", section("Thoughts", *said)))["reflections"])) == said


def test_a_question_stands_among_the_questions_and_not_as_what_sums_a_thought_up():
    said = (
        "If I read the pump at night, what should I show by day?\n\nThe pump is worth it, I think, for its log alone.\n"
    )
    values = roll(entry("a", f"## Reflection\n\n{said}"))
    assert texts(values["reflections"]) == ["The pump is worth it, I think, for its log alone."]
    assert texts(values["questions"]) == ["If I read the pump at night, what should I show by day?"]


def test_half_of_a_balance_stands_for_no_thought():
    said = (
        "The night job could read the pump without a daemon.\n\nBut I don't think this is a pump tool anymore.\n\n"
        "But I was attached to the idea of the daemon, and I will think about the two of them.\n"
    )
    (text,) = texts(roll(entry("a", f"## Reflection\n\nI like the job. {said}"))["reflections"])
    assert "anymore" not in text
    (text,) = texts(
        roll(entry("a", "## Reflection\n\nBut I will never again read the pump at night.\n"))["reflections"]
    )
    assert text == "I will never again read the pump at night."


def test_half_of_a_balance_and_what_points_at_a_story_left_behind_are_not_quoted_alone():
    torn = "## Reflection\n\nA pump may ring by itself.\n\nBut I don't think this is a harbour any more.\n\n"
    assert texts(
        roll(entry("a", f"{torn}I was happy with the log of the gauges today, I think.\n"))["reflections"]
    ) == ["I was happy with the log of the gauges today, I think."]
    told = "## Reflection\n\nReally I want to save this to remember my mistake. I may tell this story one day.\n"
    assert roll(entry("a", told))["reflections"] == []
    assert texts(roll(entry("a", "## Reflection\n\nAlthough I was tired, I love the new gauge.\n"))["reflections"])
