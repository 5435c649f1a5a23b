"""What people call the sections of an entry."""

import pytest

from session_journal.core.headings import ORDER, TITLES, clean, meaning

CASES = {
    "Decisions": ["Decisions", "decisions made", "Key Decisions", "🎯 Decisions", "1. Decisions", "2) Decisions:", "**Decisions**", "DECISIONS",
                  "Decisions & rationale", "Technical decisions (so far)", "Design decisions", "What we decided", "Trade-offs"],
    "Challenges": ["Frustrations or Roadblocks", "Frustrations / Roadblocks", "Blockers", "Challenges and Solutions", "Challenges Overcome",
                   "Issues encountered", "🚧 Roadblocks", "Pain points", "Problems", "Bugs", "Where I got stuck", "Dead ends"],
    "Discoveries": ["Notable Discoveries", "TIL", "Today I Learned", "Gotchas", "Root cause", "Root Cause Analysis", "Findings", "Surprises", "💡 Aha!"],
    "Key takeaways": ["Lessons Learned", "Lessons learnt", "What I learned", "What I've learned", "Learnings", "Lessons of the week", "Learnings from this session", "Key Takeaways", "Takeaways:", "Lessons",
                      "What we learned today"],
    "Action items": ["TODO", "To-do", "To Do:", "Follow-up", "Follow ups", "Next steps", "➡️ Next Steps", "Action Items", "What's next?", "What’s next",
                     "Open items", "Next Up", "Tomorrow"],
    "For next time": ["For next time", "Next time", "What I'd do differently", "Note to self", "Next session", "Hand-off"],
    "Changes made": ["Work Completed", "Accomplishments", "Changes", "What I changed", "Files changed", "Done", "Shipped", "✅ Completed"],
    "How it went": ["Wins", "What went well", "Retro", "Retrospective", "What didn't go well", "Could be better", "Tone/Mood", "Tone + Mood (inferred)"],
    "What happened": ["Summary", "What I did", "Overview", "Technical Synopsis", "Discussion Notes (from chat)", "Technical Discussions", "TL;DR", "Session notes"],
    "Questions": ["Open Questions", "Questions", "❓ Questions", "Unanswered questions", "Unknowns"],
    "Knowledge gaps": ["Knowledge Gaps", "Gaps", "Things to learn", "What I don't understand", "To learn"],
    "Patterns": ["Patterns", "Recurring themes", "Anti-patterns"],
    "Insights": ["Insights", "Reflections", "Observations", "Technical Insights", "4:27 PM — Reflection"],
    "Deviations from plan": ["Deviations from plan", "Scope creep", "Plan changes", "Detours"],
    "Context": ["Context", "Goal", "Goals for today", "Background", "Plan", "Objective"],
    "Timeline": ["Timeline", "Terminal Commands (AI Session)", "Terminal Activity"],
    "Related": ["Related", "Links", "See also", "Commit Metadata", "Commit Details"],
    "Evidence": ["Evidence"],
}  # fmt: skip


@pytest.mark.parametrize(("title", "text"), [(title, text) for title, texts in CASES.items() for text in texts])
def test_what_people_write_over_a_section_names_it(title, text):
    found = meaning(text)
    assert found is not None
    assert found[0] == title


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2026-11-20",
        "Recipe for soup",
        "4:18 PM — Commit df962a7",
        "Fix the flaky auth test",
        "🎉",
        "!!",
        "Decisive",
        "The cache layer",
        "Commit Details 2",
    ],
)
def test_other_headings_name_no_section(text):
    assert meaning(text) is None


def test_every_title_of_an_entry_means_itself():
    for title in ORDER:
        assert meaning(title)[0] == title
    for kind, title in TITLES.items():
        if title != "How it went":
            assert meaning(title) == (title, kind)


def test_wins_and_losses_are_kinds_of_their_own():
    assert meaning("Wins") == ("How it went", "went-well")
    assert meaning("What went wrong") == ("How it went", "improve")
    assert meaning("How it went") == ("How it went", None)


def test_a_heading_keeps_its_words_without_ornament():
    assert clean("**🎯 1. [Key](x) `Decisions`:** ") == "Key Decisions"
    assert clean("snake_case_name") == "snake_case_name"


def test_numbers_and_letters_inside_a_heading_are_no_numbering():
    assert clean("2.1 Upgrade to 3.11 and to vitamin. Then rest") == "Upgrade to 3.11 and to vitamin. Then rest"
