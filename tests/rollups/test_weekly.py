"""A week's rollup: what belongs in it, each thing once, the best first, and no more than a page."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest

from rolled import entry, roll, section, texts
from session_journal.core.entry import read
from session_journal.core.patterns import find, statements
from session_journal.rollups.recurring import recurred, reps, unsaid
from session_journal.rollups.span import Note, Span


def test_the_summary_counts_sessions_days_time_and_outcomes():
    values = roll(
        entry("a", outcome="done", duration=50, effectiveness=4),
        entry("b", day="2026-11-17", outcome="done", duration=75, effectiveness=5),
        entry("c", day="2026-11-17", outcome="partial"),
    )
    assert (
        values["summary"]
        == "3 sessions on 2 days · 2 h 05 min · 2 done, 1 partial · effectiveness 4.5 of 5 in 2 of them"
    )


def test_what_nothing_shows_of_a_draft_counts_as_unknown_and_not_as_middling():
    values = roll(
        entry("a", outcome="done", effectiveness=5, drafted_by="offline"),
        entry("b", outcome="unknown", effectiveness=3, drafted_by="offline"),
        entry("c", outcome="unknown", effectiveness=3, drafted_by="offline"),
    )
    assert values["summary"] == "3 sessions on 1 day · 1 done, 2 unknown · effectiveness 5.0 of 5 in 1 of them"
    assert roll(entry("d", outcome="unknown", effectiveness=3, drafted_by="offline"))["summary"] == "1 session on 1 day"


def test_sessions_stand_by_project_with_their_outcome_the_busiest_project_first():
    values = roll(entry("a", project="shop"), entry("b", project="site", outcome="done"), entry("c", project="site"))
    found = [(one.name, one.sessions, [(x.text, x.state) for x in one.lines]) for one in values["projects"]]
    assert found == [
        ("site", 2, [("About b", "done"), ("About c", "")]),
        ("shop", 1, [("About a", "")]),
    ]


def test_of_many_sessions_those_that_got_somewhere_are_named():
    many = [entry(f"s{number}", project="shop", outcome="abandoned") for number in range(20)]
    (project,) = roll(*many, entry("z", project="shop", outcome="done"))["projects"]
    assert ("About z", len(project.lines), project.more) == (project.lines[-1].text, 10, 11)


def changed(*paths):
    return section("Changes made", *(f"`{path}` — a line" for path in paths))


def test_a_busy_week_is_told_by_its_days_with_the_files_that_most_sessions_changed():
    days = [("2026-11-16", 9), ("2026-11-18", 12)]
    many = [
        entry(f"s{day[-2:]}{number:02}", changed("src/cart.py", f"src/x{number}.py"), day=day, project="shop")
        for day, count in days
        for number in range(count)
    ]
    (project,) = roll(*many, entry("z", day="2026-11-18", project="shop", outcome="done"))["projects"]
    assert [(part.label, len(part.lines)) for part in project.parts] == [
        ("11-16: 9 sessions; changed most: `cart.py` (9)", 5),
        ("11-18: 13 sessions; changed most: `cart.py` (12)", 5),
    ]
    assert "About z" in texts(project.parts[1].lines)
    assert [part.others[0] for part in project.parts] == ["About s1605", "About s1804"]
    assert project.more == 0


def test_a_busy_month_is_told_by_weeks_and_a_quarter_by_months():
    days = [date(2026, 10, 5) + timedelta(days=number) for number in range(80)]
    many = [entry(f"s{number}", day=day.isoformat(), project="shop") for number, day in enumerate(days)]
    for name, starts in (
        ("2026-11", ["", "11-02 to 11-08", "11-09 to 11-15", "11-16 to 11-22", "11-23 to 11-29", ""]),
        ("2026-Q4", ["10-05 to 10-31", "11-01 to 11-30", "12-01 to 12-23"]),
    ):
        own = [one for one in many if name == "2026-Q4" or one.date.month == 11]
        values = roll(*own, name=name)
        (project,) = values["projects"]
        assert [part.label.partition(": ")[0] for part in project.parts] == starts
        assert project.sessions == len(own)


def test_a_busy_quarter_of_one_month_is_told_by_weeks_and_a_month_of_one_week_by_days():
    days = [date(2026, 11, 2) + timedelta(days=number % 21) for number in range(63)]
    many = [entry(f"s{number}", day=day.isoformat(), project="shop") for number, day in enumerate(days)]
    for name, own, starts in (
        ("2026-Q4", many, ["11-02 to 11-08", "11-09 to 11-15", "11-16 to 11-22"]),
        ("2026-11", [one for one in many if one.date.day < 4] * 4, ["11-02", "11-03"]),
    ):
        (project,) = roll(*own, name=name)["projects"]
        assert [part.label.partition(": ")[0] for part in project.parts] == starts


def test_a_stretch_of_one_session_is_that_session():
    many = [entry(f"s{number:02}", day="2026-11-16", project="shop") for number in range(24)]
    (project,) = roll(*many, entry("z", day="2026-11-18", project="shop"))["projects"]
    assert [(part.label, len(part.lines)) for part in project.parts] == [("11-16: 24 sessions", 9), ("", 1)]


def test_a_stretch_names_sessions_about_the_files_that_most_of_it_changed():
    days = ["2026-11-16", "2026-11-17", "2026-11-18", "2026-11-19", "2026-11-20"]
    many = [
        entry(f"s{day[-2:]}{number}", changed("src/cart.py" if number > 3 else f"src/x{number}.py"), day=day)
        for day in days
        for number in range(8)
    ]
    (project,) = roll(*many)["projects"]
    named = {line.text[-1] for part in project.parts for line in part.lines}
    assert named == {"4", "5"}


def test_sessions_of_the_other_projects_have_the_lines_that_are_left():
    (*_, others) = roll(*[entry(f"s{number}", project=f"p{number}") for number in range(7)])["projects"]
    assert (others.name, texts(others.lines)) == ("Others: p4, p5, p6", ["About s4", "About s5", "About s6"])
    large = [entry(f"l{number:02}", project=f"large{number % 4}") for number in range(24)]
    (*_, others) = roll(*large, entry("s", project="small"))["projects"]
    assert (others.name, others.sessions, others.lines) == ("Others: small", 1, ())


def test_of_projects_with_as_many_sessions_the_one_with_more_to_tell_is_named():
    small = [entry(f"{name}1", project=name) for name in ("a", "b", "c", "d")]
    large = entry("z1", section("Decisions", "Keep SQLite", "Drop the cache"), project="z")
    assert "z" in [one.name for one in roll(*small, large)["projects"]]


def test_a_busy_week_of_one_day_is_told_as_before():
    (project,) = roll(*[entry(f"s{number:02}", project="shop") for number in range(25)])["projects"]
    assert [(part.label, len(part.lines)) for part in project.parts] == [("", 10)]
    assert project.more == 15


def test_a_large_project_has_more_lines_than_a_small_one_and_each_has_one():
    large = [entry(f"l{number:02}", project="large") for number in range(12)]
    small = [entry(f"{name}{number}", project=name) for name in ("mid", "few") for number in range(2)]
    found = {one.name: len(one.lines) for one in roll(*large, *small)["projects"]}
    assert found == {"large": 8, "few": 1, "mid": 1}


def test_items_stand_in_their_sections_with_a_link_to_their_entry():
    values = roll(
        entry("a", section("Decisions", "Keep SQLite") + section("Challenges", "Slow tests → froze the clock")
              + section("Questions", "Is WAL worth it?") + section("For next time", "Plan first"))
    )  # fmt: skip
    assert texts(values["decisions"]) == ["Keep SQLite"]
    assert texts(values["challenges"]) == ["Slow tests → froze the clock"]
    assert texts(values["questions"]) == ["Is WAL worth it?"]
    assert (texts(values["next"]), values["reps"]) == ([], ["Try: Plan first"])
    assert values["decisions"][0].link == "../sessions/2026/2026-11-16-a.md"


def test_a_surprise_is_not_told_as_a_plain_discovery():
    values = roll(entry("a", section("Discoveries", "The cache is per process #surprise", "Rows come unsorted")))
    assert texts(values["surprises"]) == ["The cache is per process"]
    assert texts(values["learned"]) == ["Rows come unsorted"]


def test_what_is_done_is_no_open_action_and_gaps_tell_their_state():
    body = section("Action items", "[ ] write the docs", "[x] tag the release")
    body += section("Knowledge gaps", "[ ] WAL mode", "[/] Window functions", "[x] Vacuum")
    values = roll(entry("a", body))
    assert texts(values["actions"]) == ["write the docs"]
    states = {line.text: line.state for line in values["gaps"]}
    assert states == {"WAL mode": "opened", "Window functions": "practising", "Vacuum": "resolved"}


def test_the_same_thing_said_twice_is_told_once():
    values = roll(
        entry("a", section("Key takeaways", "Freeze the clock in tests that compare dates")),
        entry("b", section("Key takeaways", "Tests that compare dates need a frozen clock")),
    )
    assert len(values["recurred"]) == 1
    assert values["learned"] == []


def test_what_recurred_is_new_or_growing_and_names_its_playbook():
    old = entry("old", section("Key takeaways", "Run the linter before committing"), day="2026-11-02")
    lint = entry(
        "a", section("Key takeaways", "Always run the linter before a commit", "Freeze the clock in date tests")
    )
    clock = entry("b", section("Insights", "Date tests need a frozen clock"))
    patterns = find(statements([old, lint, clock]))
    page = {
        one.key: ("journal/playbooks/lint.md", "Lint first", "candidate")
        for one in patterns
        if "linter" in one.statement
    }
    rows = roll(lint, clock, earlier=[old], pages=page)["recurred"]
    assert [(row.trend, row.text, row.link) for row in rows] == [
        ("growing", "Lint first", "../playbooks/lint.md"),
        ("new", "Freeze the clock in date tests", ""),
    ]


def test_a_playbook_that_was_quiet_this_week_is_remembered_for_a_month():
    old = [entry(f"o{n}", section("Key takeaways", "Run the linter first"), day=f"2026-11-0{n}") for n in (2, 3)]
    (pattern,) = find(statements(old))
    pages = {pattern.key: ("journal/playbooks/lint.md", "Lint first", "established")}
    assert [row.trend for row in roll(entry("a"), earlier=old, pages=pages)["recurred"]] == ["quiet"]
    assert roll(entry("a"), earlier=old)["recurred"] == []
    assert roll(entry("a", day="2026-12-28"), earlier=old, pages=pages, name="2026-W53")["recurred"] == []


def test_next_reps_practise_gaps_and_what_was_agreed_but_nothing_from_drafts():
    body = section("Knowledge gaps", "[ ] WAL mode") + section("For next time", "Plan first")
    assert roll(entry("a", body))["reps"] == ["Practise: WAL mode", "Try: Plan first"]
    assert roll(entry("a", body, status="draft"))["reps"] == ["Practise: WAL mode"]


def suggested(*entries):
    """Return how many points recurred, and what is suggested for them."""
    span = Span("2026-W47", entries, (), find(statements(entries)), {}, entries)
    shown = recurred(span, 5)
    return len(shown), reps(entries, shown, [])


def test_what_recurs_in_drafts_alone_is_no_next_rep():
    rules = ["Always run the linter before a commit", "Run the linter before committing"]
    drafts = [drafted(f"d{number}", "Insights", rule) for number, rule in enumerate(rules)]
    assert suggested(*drafts) == (1, [])
    assert suggested(drafts[0], entry("own", section("Key takeaways", rules[1]))) == (1, [f"Repeat: {rules[1]}"])


def test_reviewed_entries_come_before_drafts():
    draft = entry("a", section("Decisions", "Maybe Redis"), status="draft")
    final = entry("b", section("Decisions", "Keep SQLite"))
    values = roll(draft, final)
    assert texts(values["decisions"]) == ["Keep SQLite", "Maybe Redis"]
    assert values["drafts"] == 1


NOUNS = [
    "cache", "parser", "index", "socket", "widget", "ledger", "mailer", "router", "shader", "kernel", "driver", "codec",
    "tracer", "linker",
]  # fmt: skip


def test_a_section_is_short_and_no_session_has_it_to_itself():
    loud = entry("loud", section("Decisions", *(f"Rewrite {noun} module" for noun in NOUNS)))
    calm = entry("calm", section("Decisions", "Postpone the release"))
    values = roll(loud, calm)
    assert len(values["decisions"]) == 10
    assert "Postpone the release" in texts(values["decisions"])


def test_notes_of_the_week_stand_at_the_end_and_are_capped():
    notes = [Note(date(2026, 11, 16), f"note {number}") for number in range(16)]
    values = roll(entry("a"), notes=notes)
    assert [note.text for note in values["notes"]] == [f"note {number}" for number in range(14)]
    assert values["left"] == "2 notes"


def test_a_week_of_notes_alone_claims_no_sessions():
    values = roll(notes=[Note(date(2026, 11, 16), "tired")])
    assert values["summary"] == "no sessions"
    assert values["projects"] == []


def test_what_changed_is_told_in_few_words_beside_the_outcome():
    told = "## What happened\n\nDone: added `export.py`; tests (`make test`) passed after the last edit. [t3, t4]\n"
    (project,) = roll(entry("a", told, outcome="partial"))["projects"]
    (line,) = project.lines
    assert (line.state, line.gist) == ("partly done", "added `export.py`")


def test_where_a_person_tells_nothing_else_what_it_was_about_stands_beside_the_title():
    about = "## Context\n\nThe log under fire: hooks on commit, and a write path that survives kills.\n"
    (project,) = roll(entry("a", about))["projects"]
    assert project.lines[0].gist == "The log under fire: hooks on commit, and a write path that survives kills"
    (project,) = roll(entry("a", f"{about}\n## What happened\n\nAdded a lock.\n"))["projects"]
    assert project.lines[0].gist == "Added a lock"
    (project,) = roll(entry("a", about, status="draft", drafted_by="offline"))["projects"]
    assert project.lines[0].gist == ""


def test_a_title_that_is_the_accounts_beginning_is_not_told_twice():
    told = "## Summary\n\nMade the `parser` read every date that people write into headings. And more.\n"
    cut = entry("a", told).path
    data = f"---\nid: a\ntitle: Made the parser read every date that … (and 2 more)\ndate: 2026-11-16\n---\n{told}".encode()
    (project,) = roll(read(data, cut))["projects"]
    assert project.lines[0].gist == ""


def test_a_colon_inside_an_account_leaves_its_words_alone():
    told = "## Summary\n\nFound the limit of the Story system: the agent forgets.\n"
    (project,) = roll(entry("a", told))["projects"]
    assert project.lines[0].gist == "Found the limit of the Story system: the agent forgets"


def test_an_account_that_speaks_of_what_is_not_there_is_left_out_but_not_how_the_session_ended():
    told = "## What happened\n\nThis uses `sorted()`, which returns a list; made the list; it was interrupted. [t3]\n"
    (project,) = roll(entry("a", told))["projects"]
    assert project.lines[0].gist == "made the list; it was interrupted"
    (project,) = roll(entry("a", "## What happened\n\nIt involves the contents of all files. [t3]\n"))["projects"]
    assert project.lines[0].gist == ""


def test_a_decision_stands_without_the_words_that_merely_call_it_one():
    said = [
        "This commit documents the decision to move the tone of summaries into a later release, and adds more examples.",
        "The most significant technical decision was implementing a check of both fields.",
        "**Strategic Decision**: chose to defer the removal of the collector.",
        "This strategic decision eliminates the second command.",
        "Decided to keep the hook",
        "To fix this, we should set the colour explicitly",
    ]
    assert sorted(texts(roll(entry("a", section("Decisions", *said)))["decisions"])) == [
        "Chose to defer the removal of the collector.",
        "Decided to keep the hook",
        "Eliminate the second command.",
        "Implementing a check of both fields.",
        "Move the tone of summaries into a later release",
        "We should set the colour explicitly",
    ]


def test_a_long_account_is_cut_where_a_part_ends():
    told = "## What happened\n\n" + "; ".join(f"changed the module number {n} of the parser" for n in range(9))
    (project,) = roll(entry("a", told))["projects"]
    assert project.lines[0].gist == "; ".join(f"changed the module number {n} of the parser" for n in range(2))


def test_an_account_is_cut_before_an_aside_and_ends_in_no_dangling_word():
    told = "## What happened\n\nDone: {}. [t3]\n"
    aside = "removed the parallel mark of both tests (as the third test of that module and all of its helpers do it already)"
    (project,) = roll(entry("a", told.format(aside)))["projects"]
    assert project.lines[0].gist == "removed the parallel mark of both tests"
    words = (
        "updated the test of the second module to match the signature of the function that opens a session, which now"
    )
    (project,) = roll(entry("a", told.format(f"{words} takes the agent")))["projects"]
    assert project.lines[0].gist == words.removesuffix(", which now")


def test_a_users_rule_is_learned_and_a_corrected_fact_is_no_decision():
    said = [
        "The user's correction: that is wrong. always run the linter before a commit [t1]",
        "The user's correction: the third argument is the path [t2]",
        "The user's correction: gauges do that. fix the query, not the test [t3]",
        "The user's call instead of what was proposed: is there another way? [t4]",
        "Keep SQLite [t5]",
        "The parent of the request is feature/types [t6]",
        "Option 1 is the pragmatic choice [t7]",
    ]
    values = roll(entry("a", section("Decisions", *said)))
    assert texts(values["decisions"]) == [
        "Fix the query, not the test",
        "Keep SQLite",
        "Option 1 is the pragmatic choice",
    ]
    assert texts(values["learned"]) == ["Always run the linter before a commit"]


def test_what_was_learned_puts_rules_and_causes_first_and_leaves_fragments_of_drafts_out():
    found = [
        "Conflict markers are resolved [t1]",
        "Both tests now fail in setup with a missing table [t2]",
        "Git notes are attached to the hashes of commits [t3]",
        "Root cause: rows with equal timestamps come back in no defined order [t4]",
        "Used `gh run view` for the state of the pull request [t5]",
        "This should always make the second request of a page faster [t6]",
        "Get the tree from the last commit of that branch [t8]",
        "The `FirstPrompt` default and the `AgentType` default from the parent [t9]",
        "The file of the second request has been generated in its folder [t7]",
    ]
    assert texts(roll(entry("a", section("Discoveries", *found)))["learned"]) == [
        "Root cause: rows with equal timestamps come back in no defined order",
        "Git notes are attached to the hashes of commits",
    ]


def test_next_reps_are_things_to_do_and_never_findings():
    said = ["A tie-break on `id` makes the newer insert win [t1]", "Always measure before changing the query [t2]"]
    values = roll(entry("a", section("For next time", *said)))
    assert values["reps"] == ["Try: Always measure before changing the query"]
    assert texts(values["next"]) == []  # said once
    again = [entry(name, section("Challenges", "The merge left conflicts in the parser")) for name in "abc"]
    assert roll(*again)["reps"] == []


def test_a_lesson_that_recurs_is_repeated_before_it_has_a_playbook():
    said = [entry(name, section("Key takeaways", "Freeze the clock in date tests")) for name in "ab"]
    assert suggested(*said) == (1, ["Repeat: Freeze the clock in date tests"])


def test_what_the_page_tells_to_recur_it_does_not_suggest_in_the_same_words():
    said = [entry(name, section("Key takeaways", "Freeze the clock in date tests")) for name in "ab"]
    values = roll(*said, entry("c", section("For next time", "Plan first")))
    assert [row.text for row in values["recurred"]] == ["Freeze the clock in date tests"]
    assert values["reps"] == ["Try: Plan first"]
    assert unsaid(["Repeat: Pin the image"], values["recurred"]) == ["Repeat: Pin the image"]


def test_an_action_that_was_stated_and_then_done_did_not_recur():
    def recurring(*marks):
        days = [
            entry(f"s{day}", section("Action items", f"[{mark}] Ask Ann for the sizes"), f"2026-11-{16 + day}")
            for day, mark in enumerate(marks)
        ]
        return [row.text for row in roll(*days)["recurred"]]

    assert recurring(" ", "x") == []
    assert recurring(" ", " ") == ["Ask Ann for the sizes"]
    assert recurring(" ", "x", " ", "x") == ["Ask Ann for the sizes"]


def test_a_question_that_was_asked_and_then_answered_did_not_recur():
    def recurring(*bullets):
        days = [
            entry(f"s{day}", section("Questions", bullet), f"2026-11-{16 + day}") for day, bullet in enumerate(bullets)
        ]
        return [row.text for row in roll(*days)["recurred"]]

    asked = "How long does the oven keep its heat?"
    assert recurring(f"[ ] {asked}", f"[x] {asked} Three hours.") == []
    assert recurring(f"[ ] {asked}", f"[ ] {asked}") == [asked]


def test_what_the_drafting_counted_does_not_recur():
    counted = [
        entry(name, section("How it went", "Went well: every check passed the first time [t1]")) for name in "ab"
    ]
    assert roll(*counted)["recurred"] == []


def drafted(name, title, *bullets, **fields):
    told = [f"{bullet} [t{number}]" for number, bullet in enumerate(bullets, 1)]
    return entry(name, section(title, *told), status="draft", drafted_by="offline", **fields)


def test_of_a_draft_nothing_is_learned_from_words_to_its_reader_or_about_what_is_not_there():
    kept = [
        "The `--snapshot` flag skips version validation, so you don't need a git tag",
        "PR #162 is the only one that touches `send_mail()` because of the queue",
        "Because unicode61 indexes them at adjacent positions, a phrase query matches",
        "A phrase never spans two columns (`query.go:17`, finding 7)",
        "When calling `ask`, you can name a subject that stands before the question",
        "Since the folder was never ignored, it showed up as untracked files",
    ]
    talk = [
        "What specific topic or problem are you working on?",
        "If you have a free plan handy, `shop skills` should show the offer instead of an error",
        "You can press `ctrl + f` to focus into the shell and provide input",
        "Finally, we'll update the `find_name` function because it takes two arguments",
        "After making this change, the linter must always pass without a warning",
        "Reads the master end of the terminal because the child never writes to it",
        "Make sure it does, because nothing else tests the refresh",
        "The most impactful are #1 and #2 since they cover all the hooks",
        "Option 2 is cleaner architecturally but requires more changes",
        "The `newpy` command should be properly imported because the file exists",
        "The goal is a robust and extensible agent that never fails",
        "Always adds a newline after the names, because the prompt is long",
        'Do not elide code in a block with "# because it is lost',
        "That is why asking for the cause first was a good idea",
    ]
    assert sorted(texts(roll(drafted("a", "Discoveries", *kept, *talk))["learned"])) == sorted(kept)


def test_what_an_assistant_says_is_a_decision_where_it_is_worded_as_a_choice():
    told = {
        "assistant": ["Keep the file handle open", "Wir behalten die alte Tabelle und lesen nur die neue", "Uses `fork()` to create a terminal", "There is a better way to ask",
                      "The `find` function has been updated", "We should keep `strict` if that's what you want"],
        "user": ["The prompt goes before the names", "Shop reads prices in cents"],
    }  # fmt: skip
    said = [(role, text) for role, all_of in told.items() for text in all_of]
    body = section("Decisions", *(f"{text} [t{turn}]" for turn, (_, text) in enumerate(said, 1)))
    body += section("Evidence", *(f'[t{turn}] {role}: "{text}"' for turn, (role, text) in enumerate(said, 1)))
    values = roll(entry("a", body, status="draft", drafted_by="offline"))
    assert texts(values["decisions"]) == [*told["user"], *told["assistant"][:2]]


def test_what_an_assistant_tells_its_reader_to_see_to_is_nobodys_intention():
    advice = ["Make sure to import the modules at the top", "Don't forget to add the import of `base64`",
              "You would still need to add a `style` method to the class",
              "If the issue persists, we need to investigate the tree",
              "The loop already commits all formatting, which was left to do"]  # fmt: skip
    meant = ["Clear the descendants from the watched folders on a rename", "Be sure to ask for logs"]
    values = roll(drafted("a", "For next time", meant[0], *advice), entry("b", section("For next time", meant[1])))
    assert {*texts(values["next"]), *(text.removeprefix("Try: ") for text in values["reps"])} == set(meant)


def test_an_assistants_hope_that_something_helps_is_no_challenge():
    hope = "This should resolve the `TypeError`, as the method returns a tuple → left failing"
    real = "The prompt hung in CI → closed its input"
    assert texts(roll(drafted("a", "Challenges", hope, real))["challenges"]) == [real]


def test_what_drafts_repeat_is_learned_no_sooner_than_what_explains_more():
    facts = ["`SessionState` is an alias for `session.State`", "The `SessionState` is an alias for `session.State` now"]
    why = [
        "The mailer silently loses letters unless their queue is bounded",
        "Prices aren't compared while a currency is missing",
        "Ledger rows come unsorted, which means that a diff is never small",
        "A widget without a width isn't drawn, although its height is known",
        "The router ignores query strings, so the cache has only one page",
    ]
    drafts = [drafted(f"d{number}", "Discoveries", fact) for number, fact in enumerate(facts)]
    learned = texts(roll(*drafts, *[drafted(text[-9:-4].strip(), "Discoveries", text) for text in why])["learned"])
    assert set(learned[:5]) == set(why)


def test_what_was_made_is_no_lesson_unless_it_explains_something():
    made = ["Documented query patterns with graceful handling", "Added the index of headings"]
    kept = ["Fixed the race: rows come unsorted unless asked for", "Removed rows stay in the log"]
    assert sorted(texts(roll(entry("a", section("Discoveries", *made, *kept)))["learned"])) == kept


def test_an_exclamation_is_a_reflection_and_no_lesson():
    said = "Wow! Renaming a package is so much easier than it was last year, when every import broke."
    values = roll(entry("a", section("Insights", said)))
    assert (texts(values["learned"]), texts(values["reflections"])) == ([], [said])


READ = "7 files read before the first edit; check named in the first request"


def went_in(day, number, well, better="3 interruptions; next time, agree on a short plan first"):
    return [
        entry(f"{day[-2:]}s{one}", section("What went well", *well) + section("What to improve", better), day=day)
        for one in range(number)
    ]


def test_what_several_sessions_showed_to_improve_is_counted_and_own_words_are_told_beside():
    own = entry("o", section("What went well", "The pairing on the parser"), day="2026-11-17")
    values = roll(*went_in("2026-11-16", 4, [READ]), own)
    assert texts(values["well"]) == ["The pairing on the parser"]
    assert texts(values["improve"]) == [
        "the user had to interrupt in 4 of 5 sessions; next time, agree on a short plan first"
    ]
    assert values["improve"][0].link == "../sessions/2026/2026-11-16-16s3.md"


@pytest.mark.parametrize(
    ("before", "told"),
    [
        (([], 6), ["several files were read before the first edit in 5 of 5 sessions, before in 0 of 6",
                   "check named in the first request in 5 of 5 sessions, before in 0 of 6"]),
        ((["6 files read before the first edit"], 6), ["check named in the first request in 5 of 5 sessions, before in 0 of 6"]),
        (([READ], 6), []),
        (([], 4), []),
    ],
)  # fmt: skip
def test_what_went_well_is_counted_where_it_did_more_often_than_before(before, told):
    well, number = before
    end = "## How it went\n\nEffectiveness 4 of 5: checks passed after the last edit. [t1]\n\n"
    earlier = [entry(f"e{one}", end + section("What went well", *well), day="2026-11-03") for one in range(number)]
    values = roll(*went_in("2026-11-16", 5, [READ]), earlier=earlier)
    assert sorted(texts(values["well"])) == sorted(told)


def test_how_it_went_is_held_against_the_latest_sessions_from_before():
    end = "## How it went\n\nEffectiveness 4 of 5: checks passed after the last edit. [t1]\n\n"
    old = [entry(f"o{one}", end, day="2025-11-03") for one in range(60)]
    read = end + section("What went well", "6 files read before the first edit", "check named in the first request")
    late = [entry(f"l{one}", read, day="2026-11-03") for one in range(60)]
    week = went_in("2026-11-16", 5, [READ])
    assert texts(roll(*week, earlier=[*old, *late])["well"]) == []
    assert len(texts(roll(*week, earlier=[*old, *late[:3]])["well"])) == 2


def test_what_was_found_of_code_that_is_gone_is_not_learned():
    one = entry(
        "a", section("Discoveries", "The `carry` step drops an hour (`carry` removed since)", "The gauge is UTC")
    )
    assert texts(roll(one)["learned"]) == ["The gauge is UTC"]


def test_what_drafts_say_was_offered_does_not_recur():
    offered = [
        entry(name, section("Action items", "[ ] Offered and left open: commit and push these [t1]")) for name in "ab"
    ]
    assert roll(*offered)["recurred"] == []


def day_of(*accounts, title="A day", heading="## Summary", extra=""):
    body = "".join(f"{heading}\n\n{text}\n\n## Accomplishments\n\n- done\n\n" for text in accounts)
    path = "journal/sessions/2026/2026-11-16-a.md"
    (project,) = roll(read(f"---\ntitle: {title}\ndate: 2026-11-16\n---\n\n{body}{extra}".encode(), path))["projects"]
    (line,) = project.lines
    return line


DAY = [
    "Renamed the package from `tide` to `tidepool` and its imports.",
    "Renamed the package in the documentation, ensuring that nothing names the old one.",
    "Renamed the package in the configuration of the build.",
    "Fixed the parser that dropped the last reading of a day.",
    "Wrote the export of readings as CSV.",
]


def test_the_summary_counts_the_pieces_of_work_where_an_entry_is_a_day_of_many():
    told = "## Summary\n\nWrote the export.\n\n## Summary\n\nFixed the parser.\n"
    days = [entry("a", told), entry("b", told, day="2026-11-17"), entry("c", "", day="2026-11-18")]
    assert roll(*days)["summary"] == "3 sessions on 3 days · 5 pieces of work"
    assert roll(days[2])["summary"] == "1 session on 1 day"


def test_a_day_of_many_accounts_is_told_by_those_that_cover_it():
    line = day_of(*DAY)
    assert (line.text, line.gist) == ("A day", "5 pieces of work")
    assert line.pieces == (
        "Renamed the package from `tide` to `tidepool` and its imports",
        "Fixed the parser that dropped the last reading of a day",
        "Wrote the export of readings as CSV",
    )


def test_a_title_that_is_a_cut_account_gives_way_to_what_the_day_was_about():
    line = day_of(*reversed(DAY), title="Wrote the export … (and 4 more)")
    assert line.text == "Renamed the package from `tide` to `tidepool` and its imports"
    assert len(line.pieces) == 2


def test_accounts_stand_under_one_heading_whatever_the_time_in_it():
    told = "### 6:39 AM — Summary\n\nWrote the export.\n\n### 7:46 PM — Summary\n\nFixed the parser.\n\n"
    line = day_of(heading="", extra=told + "## Implementation details\n\nHash: 12ab\n")
    assert (line.pieces, line.gist) == (("Wrote the export", "Fixed the parser"), "2 pieces of work")


def test_a_title_that_was_cut_from_what_was_noted_is_told_whole():
    said = "## Challenges\n\nIf the hook runs in the background, who tells the user that it failed? I don't know.\n"
    line = day_of(extra=said, title="If the hook runs in the …")
    assert line.text == "If the hook runs in the background, who tells the user that it failed?"


def test_where_nobody_wrote_an_account_the_listed_changes_are_one():
    done = "## Done\n\n- Wrote the export of readings\n- `src/export.py` new\n- src/parser.py\n- [x] Fixed the parser\n- [ ] the docs\n"
    line = day_of(extra=done)
    assert (line.gist, line.pieces) == ("2 pieces of work", ("Wrote the export of readings", "Fixed the parser"))
    assert day_of(extra="## Done\n\n- Wrote the export of readings.\n").gist == "Wrote the export of readings"


def test_a_list_under_one_heading_is_as_many_accounts_but_for_its_open_tasks():
    today = "## Today\n\n- [x] Finish the invoice\n  - with its font\n- [ ] Reply to the auditor\n- Pair on the rounding\n\nLate.\n"
    line = day_of(extra=today, title="Finish the invoice")
    assert (line.text, line.gist, line.pieces) == ("Finish the invoice", "2 pieces of work", ("Pair on the rounding",))
    assert day_of(extra="## Today\n\nPaired on it.\n\n- with Noor\n- and Kim\n").gist == "Paired on it"


def test_a_long_account_loses_what_it_says_of_its_worth_before_it_is_cut():
    work = "Moved every function that collects the readings into a module of its own beside the parser"
    line = day_of(f"{work}, which makes the whole of it much easier to test and to understand.", DAY[3])
    assert line.pieces[0] == work
    short = "Today marked the end of step 27, moving every function that collects the readings into its own module"
    assert short in day_of(f"{short}.", DAY[3]).pieces


def test_a_piece_of_a_day_that_is_told_as_a_decision_is_told_once():
    line = day_of("We decided to keep the parser of readings as it is.", DAY[3])
    assert line.pieces == (DAY[3].rstrip("."),)


def test_an_aside_inside_of_code_is_none():
    told = "Gave the reader of the second repository its own option, `--read=all, ensuring order`"
    assert day_of(f"{told}.", DAY[3]).pieces[0] == told


def test_what_a_person_thinks_of_the_work_is_no_lesson():
    thoughts = (
        "## Reflections\n\nI'm disappointed by the hook. It never fires on a merge.\n\n"
        "A hook never fires on a merge because git runs another one.\n\nWhy does git run another hook on a merge?\n\n"
        "Is the hook too eager on a merge? I meant it to leave a merge alone. Watch this.\n"
    )
    values = roll(entry("a", thoughts))
    assert texts(values["reflections"]) == ["I'm disappointed by the hook. It never fires on a merge."]
    assert texts(values["learned"]) == ["A hook never fires on a merge because git runs another one."]
    assert texts(values["questions"]) == [
        "Why does git run another hook on a merge?",
        "Is the hook too eager on a merge?",
    ]


def test_a_lesson_that_explains_comes_before_a_bare_fact_and_a_fragment_is_none():
    found = ["The index is a table of its own [t1]", "The index is stale because nobody writes it on a merge [t2]"]
    values = roll(entry("a", section("Discoveries", *found) + section("Insights", "brainstorming content topics")))
    assert texts(values["learned"]) == [
        "The index is stale because nobody writes it on a merge",
        "The index is a table of its own",
    ]


def test_a_person_tells_a_surprise_in_words_and_a_draft_by_its_tag():
    said = "It turned out that the hook never fires on a merge"
    assert texts(roll(entry("a", section("Discoveries", said)))["surprises"]) == [said]
    assert roll(entry("a", section("Discoveries", f"{said} [t3]")))["surprises"] == []


def test_a_small_trouble_comes_after_a_real_one_that_nobody_solved():
    said = ["Minor tedium, quickly resolved", "Required care across all files", "The hook loses its lock on a merge"]
    assert texts(roll(entry("a", section("Challenges", *said)))["challenges"])[0] == said[2]


def test_a_grave_trouble_comes_first():
    said = [
        "The tests wait for the hook → started it earlier",
        "The cache was accidentally overwritten with an old one",
    ]
    more = ["The index lost a day of readings → wrote it twice", "Some confusion about names → asked"]
    more += ["**Test health**: Fixed four old tests"]
    values = roll(entry("a", section("Challenges", *more, *said)))
    assert texts(values["challenges"])[0] == more[0]
    assert set(texts(values["challenges"])[1:3]) == set(said)


def test_a_thought_that_only_points_or_hopes_is_no_lesson():
    said = ["This function runs in the background of the hook", "The hook can hopefully run in the background"]
    said += [
        "The hint above shows how the hook can be led astray",
        "I have some thoughts on it",
        "Git context - this is good as it is",
    ]
    values = roll(entry("a", section("Insights", *said)))
    assert values["learned"] == []
    assert values["reflections"] == []


def test_of_a_page_with_room_drafts_get_only_what_explains_something():
    facts = [f"The {noun} belongs to the second {other} of the module [t1]" for noun, other in pairwise(NOUNS)]
    causes = [f"The {noun} fails because the {other} is closed [t2]" for noun, other in pairwise(NOUNS)]
    assert len(roll(entry("a", section("Discoveries", *facts)))["learned"]) == 5
    assert len(roll(entry("a", section("Discoveries", *causes)))["learned"]) > 5


def test_a_long_statement_ends_with_a_sentence_that_fits():
    first = "The hook of the second repository loses its lock on every merge of two branches that touch the same file."
    values = roll(entry("a", section("Decisions", f"{first} {'And so on and on. ' * 9}")))
    (text,) = texts(values["decisions"])
    assert text.startswith(first)
    assert text.endswith("on.")
    assert len(text) <= 200


def test_a_decision_that_its_writer_calls_large_stands_first():
    told = "## Synopsis\n\nChose a shorter name. This led to a major design pivot from polling to events.\n"
    values = roll(entry("a", told), entry("b", "## Synopsis\n\nWe decided to drop the mailer.\n", day="2026-11-17"))
    assert texts(values["decisions"])[0] == "This led to a major design pivot from polling to events."


def test_a_day_told_in_a_few_lines_reaches_its_sections():
    told = (
        "# Tuesday\n\nSlow day, and I'm glad that it is over.\n\nDecided: no downtime window for it\n\n"
        "What surprised me: the old code rounded twice\n\nLearned: batches keep every lock short\n\n"
        "Question: should refunds be negative cents?\n\nNext: batches, then the rollout plan\n"
    )
    draft = entry("a", told, status="draft")
    values, nothing = roll(entry("a", told)), roll(draft)
    assert {name: texts(values[name]) for name in SAID} == SAID
    assert {name: texts(nothing[name]) for name in SAID} == {name: [] for name in SAID}


SAID = {
    "decisions": ["No downtime window for it"],
    "surprises": ["The old code rounded twice"],
    "learned": ["Batches keep every lock short"],
    "reflections": ["Slow day, and I'm glad that it is over."],
    "questions": ["Should refunds be negative cents?"],
    "next": ["Batches, then the rollout plan"],
}


def test_a_decision_that_was_taken_back_gives_its_place_to_one_that_holds():
    kept = entry("a", section("Decisions", *(f"Rewrite the {noun} module" for noun in NOUNS)))
    back = entry("b", section("Changes made", "Reverted the rewrite of the cache module"), day="2026-11-17")
    assert "Rewrite the cache module" not in texts(roll(kept, back)["decisions"])
    assert len(roll(kept, back)["decisions"]) == 10


def test_what_drafts_alone_share_recurs_where_it_teaches_and_in_the_words_that_do():
    asides = ["Then we'll make the same change to the price table", "We'll make the change to the price table"]
    race = [
        "This could be a race since the test uses `t.Parallel()` with `os.Chdir()`, which is process-global",
        "The test uses `t.Parallel()` with `os.Chdir()`, which is process-global and never safe",
        "A test uses `t.Parallel()` with `os.Chdir()`, which is process-global and not safe",
    ]
    days = ["2026-11-16", "2026-11-17", "2026-11-18"]
    found = zip(days, [*asides, asides[0]], race, strict=True)
    drafts = [drafted(f"d{day[-2:]}", "Discoveries", aside, told, day=day) for day, aside, told in found]
    (row,) = roll(*drafts)["recurred"]
    assert row.text in race[1:]
    assert row.evidence in {f"../sessions/2026/{day}-d{day[-2:]}.md" for day in days[1:]}
    own = [entry(f"o{number}", section("Discoveries", asides[number]), day=days[number]) for number in (0, 1)]
    assert len(roll(*own)["recurred"]) == 1


def test_checks_that_recurred_are_told_by_what_all_of_their_sessions_ran():
    runs = ("`lint` and `unit`", "`e2e`, `lint` and `unit`", "`lint` and `unit`")
    older, *drafts = (
        entry(f"e{number}", section("Insights", f"Checked with {run} [t1]"), day=f"2026-11-{day}", status="draft")
        for number, (run, day) in enumerate(zip(runs, (10, 16, 17), strict=True))
    )
    (row,) = roll(*drafts, earlier=[older])["recurred"]
    assert (row.text, row.sessions) == ("Checked with `lint` and `unit`", 3)
    (row,) = roll(older, drafts[0], earlier=[])["recurred"]
    assert (row.text, row.sessions) == ("Checked with `lint` and `unit`", 2)


def test_filler_leads_no_page_and_is_counted_only_where_nothing_else_recurred():
    care, rule = "Updates of several documents required careful attention", "Always freeze the clock in tests of expiry"
    large = "Robust gauges: enhanced stability and thorough reading provide reliable figures"
    first, second = (section("Challenges", care) + section("Takeaways", *more) for more in ([large, rule], [rule]))
    found = roll(entry("a", first, day="2026-11-16"), entry("b", second, day="2026-11-17"))
    assert texts(found["recurred"]) == [rule]
    alone = roll(entry("a", section("Takeaways", large, "`fill()` drops what is older than an hour"), day="2026-11-16"))
    assert texts(alone["learned"]) == ["`fill()` drops what is older than an hour", large]
    cared = roll(
        *(entry(name, section("Challenges", care), day=f"2026-11-1{day}") for name, day in (("a", 6), ("b", 7)))
    )
    assert texts(cared["recurred"]) == [care]
