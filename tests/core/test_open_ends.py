"""Open ends: one gap, action or question is one, however many lines state it, and the newest says how it stands."""

from __future__ import annotations

import random
from datetime import date

import pytest

from session_journal.core.blocks import replace
from session_journal.core.mentions import Mention, of_rollup, restated, task_of
from session_journal.core.open_ends import dated, doubtful, gather
from session_journal.core.patterns import Memory
from session_journal.core.text import age_in_words


def line(text, day=1, mark=" ", kind="gap", **more):
    path = more.pop("path", f"journal/sessions/2026/2026-11-{day:02}-a.md")
    when = date(2026, 11, day)
    return Mention(path, kind, text, when, (when.isoformat(), "", path, 0), mark, **more)


def texts(*lines):
    return [[one.text for one in end.mentions] for end in gather(lines)]


@pytest.mark.parametrize(("one", "other"), [
    ("How git rebase --onto works", "How `git rebase --onto` works"),
    ("How refresh token rotation works with several tabs", "How rotation of refresh tokens works with several tabs"),
    ("How leap seconds work", "How leap seconds work — explained"),
    ("Ask ops for the rotation date", "Ask ops for the rotation date (in a separate task)"),
    ("Write a test for two tabs.", "write a test for two tabs"),
    ("Delete the old branch", "Deleted the old branches"),
    ("Turn off the new cache", "Turn the new cache off"),
    ("Fix the broken link in the footer of the home page", "In the footer of the home page, fix the broken link"),
    ("Copy the users from prod to staging", "Copy users to staging from prod"),
    ("Ask Bo to send the invoice to Ann", "Ask Bo to send Ann the invoice"),
    ("Upgrade the Postgres cluster", "Upgrade the PostgreSQL cluster"),
    ("Why does the preview URL change on each push?", "Why does the URL of the preview change with every push?"),
    ("Restart the Pods after the rollout", "Restart the Pod after a rollout"),
    ("Set up a mail server", "Set Up A Mail Server"),
])  # fmt: skip
def test_the_same_thing_in_other_words_is_one(one, other):
    assert texts(line(one, 1), line(other, 2)) == [[one, other]]


@pytest.mark.parametrize(("one", "other"), [
    ("Release version 3.3.0", "Release version 3.3.1"),
    ("Read chapter 2 of the book", "Read chapter 3 of the book"),
    ("Add a test for `parse_date`", "Add a test for `parse_time`"),
    ("How asyncio schedules tasks", "How asyncio cancels tasks in a group"),
    ("Why the cache is not invalidated", "Why the cache is invalidated"),
    ("Document the import command", "Document the export command"),
    ("Fix the login test", "Fix the logout test"),
    ("Turn on the new cache", "Turn off the new cache"),
    ("Scale up the workers", "Scale down the workers"),
    ("Roll out the beta", "Roll back the beta"),
    ("Test the import before the deploy", "Test the import after the deploy"),
    ("Move the cron job to the worker", "Move the cron job from the worker"),
    ("Clean up the loft for the party", "Clean out the loft for the party"),
    ("Copy prod to staging", "Copy staging to prod"),
    ("Switch npm→pnpm", "Switch pnpm -> npm"),
    ("Merge the fix into main", "Merge main into the fix"),
    ("Replace the lamp with the mirror", "Replace the mirror with the lamp"),
    ("Does billing depend on shipping?", "Does shipping depend on billing?"),
    ("Remember to copy the shelf plan to the wiki", "Remember to copy the wiki to the shelf plan"),
    ("Archive the recipes in the blue folder", "Unarchive recipes of the blue folder"),
    ("Sync calendar A to calendar B", "Sync calendar B to calendar A"),
    ("Show the banner on the start page", "Hide the banner on the start page"),
    ("Call Ann about the contract", "Call Anne about the contract"),
    ("ask jan for the slides", "ask jane for the slides"),
    ("Send Oliver the slides", "Send Olive the slides"),
    ("Send Peter the minutes", "Send Pete the minutes"),
    ("Learn generics in C++", "Learn generics in C#"),
    ("Learn generics in C++", "Learn generics in C"),
    ("Write down plan A for the launch", "Write down plan B for the launch"),
])  # fmt: skip
def test_what_reads_alike_and_is_something_else_stays_two(one, other):
    assert texts(line(one, 1), line(other, 2)) == [[one], [other]]


@pytest.mark.parametrize(("question", "answer"), [
    ("Does the proxy retry a POST?", "Does the proxy retry a POST? No, only a GET."),
    ("Does the proxy retry a POST?", "Does the proxy retry a POST → only a GET"),
    ("Does the proxy retry a POST?", "Is the proxy retrying a POST? See https://example.org/?retry=no"),
    ("Is it slow? On which machine?", "Is it slow? On which machine? On the old one"),
    ("Is it slow? On which machine?", "Is it slow? On which machine?"),
])  # fmt: skip
def test_a_question_that_is_ticked_with_its_answer_is_the_question_that_was_open(question, answer):
    (end,) = gather([line(question, 1, kind="question"), line(answer, 2, "x", kind="question")])
    assert (end.state, end.newest.text) == ("answered", answer)
    assert answer.startswith(end.text)
    assert "No, " not in end.text


def test_what_stands_behind_an_open_question_or_a_done_action_is_part_of_it():
    assert len(gather([line("Why? And when?", 1, kind="question"), line("Why? And how?", 2, kind="question")])) == 2
    long = "Ask Ann: does it retry? And tell Bob about the new gateway"
    assert len(gather([line("Ask Ann: does it retry?", 1, kind="action"), line(long, 2, "x", kind="action")])) == 2


def test_two_wordings_in_one_file_are_two_and_a_third_elsewhere_joins_one_of_them():
    file = "journal/sessions/2026/2026-11-01-a.md"
    short, long = line("Ask Ann", 1, path=file), line("Ask Ann about the invoice", 1, path=file)
    assert texts(short, long) == [["Ask Ann"], ["Ask Ann about the invoice"]]
    again = texts(short, long, line("Ask Ann about an invoice", 2))
    assert again == [["Ask Ann"], ["Ask Ann about the invoice", "Ask Ann about an invoice"]]


def of_a_large_journal(count):
    """Return the lines of so many files; every fifth says in other words what an earlier one says."""
    chance = random.Random(5)
    words = [f"word{number}" for number in range(900)]
    said = []
    for number in range(count):
        again = chance.choice(said).split() if number % 5 == 4 else chance.choices(words, k=8)
        chance.shuffle(again)
        said.append(" ".join(again))
    return [
        line(text, 1 + number // 40, path=f"s/{number:04}.md", kind=("gap", "action", "question")[number % 2])
        for number, text in enumerate(said)
    ]


def test_in_a_large_journal_lines_of_the_same_words_still_find_each_other():
    lines = of_a_large_journal(700)
    found = gather(lines)
    several = [end for end in found if len(end.mentions) > 1]
    assert len(several) > 50
    for end in several:
        assert len({" ".join(sorted(one.text.split())) for one in end.mentions}) == 1
    said = [(end.kind, " ".join(sorted(end.text.split()))) for end in found]
    assert len(said) == len(set(said))


def test_what_was_compared_before_changes_nothing_however_the_journal_grows():
    lines, memory = of_a_large_journal(900), Memory(senses=False)
    for count in (500, 540, 540, 900):
        assert gather(lines[:count], memory) == gather(lines[:count])
        memory = Memory(memory.read, compared=memory.compared, senses=False)
    assert gather(lines, memory) == gather(lines)
    assert not memory.changed


def test_kinds_stay_apart_and_so_do_the_actions_of_two_projects():
    said = "Rotate the staging secret"
    lines = [
        line(said, 1, kind="gap"),
        line(said, 2, kind="action", project="a"),
        line(said, 3, kind="action", project="b"),
    ]
    assert [end.kind for end in gather(lines)] == ["gap", "action", "action"]
    assert len(gather([line(said, 1, project="a"), line(said, 2, project="b")])) == 1


def test_one_block_id_makes_one_of_different_words_and_two_ids_keep_the_same_words_apart():
    joined = line("Browser tabs", 1, block_id="a1b2c3"), line("How tabs share tokens", 2, block_id="a1b2c3")
    assert texts(*joined) == [["Browser tabs", "How tabs share tokens"]]
    apart = [line("Learn token rotation", 1, block_id="a1b2c3"), line("Learn rotation of tokens", 2, block_id="d4e5f6")]
    assert [end.id for end in gather(apart)] == ["a1b2c3", "d4e5f6"]


@pytest.mark.parametrize(("one", "other", "count"), [
    ("Tell the team about the new cache", "Write the blog post", 2),
    ("Fix the login page", "Fix the mail sender", 2),
    ("Write the summary", "Write to the tax office", 2),
    ("Update the config docs", "Refresh the configuration documentation", 1),
    ("Tell the team about the new cache", "The cache: what it is, in a mail to all", 1),
])  # fmt: skip
def test_an_id_that_was_copied_along_joins_no_words_that_share_nothing_telling(one, other, count):
    old, new = line(one, 1, kind="action", block_id="a1b2c3"), line(other, 2, "x", kind="action", block_id="a1b2c3")
    ends = gather([new, old])
    assert len(ends) == count
    assert (ends[0].id, ends[0].state) == ("a1b2c3", "open" if count == 2 else "done")
    assert gather([old, new]) == ends
    assert len({end.id for end in ends}) == count


def test_an_id_of_another_form_is_its_files_own_affair():
    assert len(gather([line("Tabs", 1, block_id="todo"), line("Rotation", 2, block_id="todo")])) == 2


def test_an_end_has_the_same_id_whatever_else_the_journal_holds():
    (alone,) = gather([line("How tabs share tokens", 5)])
    among = gather([line("How tabs share tokens", 5), line("How tabs share tokens", 9), line("Something else", 1)])
    assert alone.id in {end.id for end in among}
    assert len({end.id for end in among}) == 2
    assert alone.id[0].isalpha()
    assert any(char.isdigit() for char in alone.id)


@pytest.mark.parametrize(("marks", "state", "since"), [
    (" ", "open", 1), ("  ", "open", 1), (" x", "resolved", 1), (" /", "practising", 1), ("/x", "resolved", 1),
    ("x ", "open", 2), ("xx  ", "open", 3), (" x/", "practising", 3), (" x x", "resolved", 3),
])  # fmt: skip
def test_the_newest_line_says_how_it_stands_and_it_can_open_again(marks, state, since):
    (end,) = gather([line("How tabs share tokens", day, mark) for day, mark in enumerate(marks, 1)])
    assert (end.state, end.since.day) == (state, since)


@pytest.mark.parametrize(("days", "marks", "state"), [
    (range(1, 7), "x xx x", "habit"),
    (range(1, 7), " x x x", "habit"),
    (range(1, 13, 2), "xx x  ", "habit"),
    (range(1, 7), "      ", "open"),  # carried over
    (range(1, 7), "xxxxx ", "open"),  # every day until today
    (range(1, 7), "    xx", "done"),
    (range(1, 5), "x x ", "open"),  # too few days to tell
    (range(1, 29, 5), "x x x ", "open"),  # a chore of every week is to be done this week
])  # fmt: skip
def test_a_box_that_is_ticked_and_set_again_day_by_day_is_a_habit(days, marks, state):
    lines = [line("exercise", day, mark, "action") for day, mark in zip(days, marks, strict=True)]
    (end,) = gather(lines)
    assert (end.state, end.is_open) == (state, state == "open")


def test_what_drafts_say_day_by_day_is_no_habit():
    lines = [line("Run the tests", day, " x"[day % 2], "action", draft=True) for day in range(1, 9)]
    (end,) = gather(lines)
    assert end.state == "open"


def test_the_oldest_comes_first_and_says_its_age():
    ends = gather([line("Later thing", 9), line("Earlier thing", 2), line("Earlier thing", 12)])
    assert [(end.text, end.age(date(2026, 11, 23))) for end in ends] == [("Earlier thing", 21), ("Later thing", 14)]


@pytest.mark.parametrize(("days", "words"), [
    (-1, "today"), (0, "today"), (1, "1 day"), (13, "13 days"), (14, "2 weeks"), (59, "8 weeks"), (60, "2 months"),
    (729, "24 months"), (730, "2 years"),
])  # fmt: skip
def test_ages_are_said_in_words(days, words):
    assert age_in_words(days) == words


def test_a_persons_wording_goes_before_a_drafts_and_one_of_drafts_alone_is_marked():
    (end,) = gather([line("How tabs share tokens", 1), line("How tabs share the tokens", 2, draft=True)])
    assert (end.text, end.is_draft) == ("How tabs share tokens", False)
    assert gather([line("How tabs share tokens", 1, draft=True)])[0].is_draft


def test_a_closed_line_under_a_newer_open_one_is_doubtful_until_it_is_known_to_be_late():
    old, new = line("How tabs share tokens", 1, "x"), line("How tabs share tokens", 2)
    assert list(doubtful(gather([old, new]))) == [(old, new)]
    assert dated(gather([old, new]), [old], ())[0].state == "resolved"


def test_what_the_history_tells_of_a_line_or_a_copy_leaves_other_ends_as_they_are():
    old, new = line("How tabs share tokens", 1, "x"), line("How tabs share tokens", 2)
    page = rollup("- [ ] Rotation ([11-03](a.md))\n").replace(b"[ ]", b"[x]")
    (copy,) = [one for one in of_rollup(ROLLUP, page) if one.copied]
    ends = gather([old, new, line("Rotation", 3), line("Else", 4), copy])
    told = dated(ends, [old], [copy])
    assert [(end.text, end.state) for end in ends] == [
        ("How tabs share tokens", "open"), ("Rotation", "resolved"), ("Else", "open"),
    ]  # fmt: skip
    assert [(end.text, end.state) for end in told] == [
        ("How tabs share tokens", "resolved"), ("Rotation", "open"), ("Else", "open"),
    ]  # fmt: skip
    assert told[2] is ends[2]


ROLLUP = "journal/rollups/2026-W45.md"


def rollup(block, around=""):
    front = "---\ntitle: Week 2026-W45\ndate: 2026-11-02\nuntil: 2026-11-08\n---\n\n"
    return (front + replace("", "weekly", block) + around).encode()


def test_a_tick_in_a_managed_block_counts_by_id_by_words_and_by_words_that_were_cut():
    tabs = line("How rotation of refresh tokens works when there are several tabs", 3)
    known = gather([tabs])[0].id
    for text in (
        f"- [ ] Something shorter ([11-03](../sessions/a.md)) ^{known}",
        f"- [ ] {tabs.text} ([11-03](../sessions/2026/a (1).md))",
        "- [ ] How rotation of refresh tokens works when … ([11-03](../sessions/a.md))",
    ):
        page = rollup(f"## Open\n\n{text}\n").replace(b"- [ ]", b"- [X]")
        (end,) = gather([tabs, *of_rollup(ROLLUP, page)])
        assert end.state == "resolved"
        assert len(end.mentions) == 1


def test_an_open_task_in_a_managed_block_says_nothing_of_its_own():
    done = line("How tabs share tokens", 3, "x")
    (end,) = gather([done, *of_rollup(ROLLUP, rollup("- [ ] How tabs share tokens ([11-03](a.md))\n- [ ] Else\n"))])
    assert end.state == "resolved"


def test_what_a_person_writes_beside_the_block_is_an_end_like_any_other():
    (end,) = gather(of_rollup(ROLLUP, rollup("## Open actions\n\n- [ ] copied\n", "\n## Todo\n\n- [ ] call Ann\n")))
    assert (end.text, end.since, end.newest.path) == ("call Ann", date(2026, 11, 8), ROLLUP)


def test_what_a_person_writes_on_a_page_is_open_since_the_page_is_there():
    page = rollup("x\n", "\n## Todo\n\n- [ ] call Ann\n")
    for created, day in ((b"2026-11-04T10:00:00+01:00", 4), (b"2026-11-30T10:00:00+01:00", 8)):
        (end,) = gather(of_rollup(ROLLUP, page.replace(b"title:", b"created: " + created + b"\ntitle:")))
        assert end.since == date(2026, 11, day)


def test_a_line_that_tells_what_was_done_of_a_gap_is_read_without_it_and_brought_up_to_date():
    stated = "- [ ] How leap seconds work (practising: 2 sessions, last 11-10 with help) ([11-02](../a.md)) ^s1gtz0"
    assert task_of(stated).text == "How leap seconds work"
    assert "(resolved: 2 sessions, last 11-10 with help) (" in restated(stated, "resolved")
    assert "work (open) (" in restated(stated, "open")
    again = "- [ ] How leap seconds work (open again) ([11-02](../a.md)) ^s1gtz0"
    assert task_of(again).text == "How leap seconds work"
    assert (restated(again, "open"), restated(again, "resolved")) == (again, again.replace("open again", "resolved"))
