"""What is ticked in one place shows in every other: entry, week, month, quarter, digest and command, by its block id."""

from __future__ import annotations

import os
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from journals import git, make_journal, read
from session_journal.app.capture import Capture
from session_journal.app.draft import Clock
from session_journal.app.learnings import plan
from session_journal.app.open_ends import find_ends, resolve_end, select
from session_journal.app.outcome import Wanted
from session_journal.app.rollup import Asked, roll_up
from session_journal.app.ticking import carry_out, plan_mark
from session_journal.app.verify import verify
from session_journal.core.events import Event, Session
from session_journal.store.journal import Change
from session_journal.store.settings import Settings

NOW = datetime(2026, 11, 20, 17, 0, tzinfo=UTC)
PERIODS = ("2026-W47", "2026-11", "2026-Q4")
ENTRY = "journal/sessions/2026/2026-11-16-shop.md"
OTHER = "journal/sessions/2026/2026-11-17-site.md"
DIGEST = "journal/learnings.md"
PAGES = tuple(f"journal/rollups/{name}.md" for name in PERIODS)
BODY = "## Todo\n\n- [ ] call Ann\n\n## Knowledge gaps\n\n- [ ] How tabs share tokens\n"


@pytest.fixture
def journal(tmp_path):
    made = make_journal(tmp_path / "journal")
    add(made, ENTRY, BODY)
    for name in PERIODS:
        roll(made, name)
    return made


def add(journal, path, body, now=NOW):
    day, _, project = path.rpartition("/")[2].removesuffix(".md").rpartition("-")
    front = f'id: "{path.encode().hex()[-32:]}"\ntitle: Work on {project}\ndate: {day}\nproject: {project}\n'
    journal.publish([Change(path, f"---\n{front}---\n\n{body}".encode())], f"entry: {project}", now)


def roll(journal, name="2026-W47", now=NOW, **options):
    return roll_up(journal, Asked(name, **options), now, Settings({}, {}))


def by_hand(journal, path, old, new):
    file = Path(journal.path(path))
    text = file.read_bytes().decode()
    assert text.count(old) == 1, text
    file.write_bytes(text.replace(old, new).encode())


def boxes(journal, path, words):
    """Return the mark of each task of a page whose line has these words."""
    return re.findall(rf"^[-*] \[(.)\] .*{words}", read(journal, path).decode(), re.MULTILINE)


def states(journal, kind="action"):
    return [(end.text, end.state) for end in select(find_ends(journal), kind, closed=True)]


def by_command(journal, kind, words, mark):
    carry_out(journal, plan_mark(journal, resolve_end(journal, find_ends(journal), kind, words, mark), mark), NOW)


def test_a_page_names_what_is_open_by_the_id_that_its_entry_has(journal):
    (end,) = select(find_ends(journal), "action")
    assert f"- [ ] call Ann ^{end.id}\n" in read(journal, ENTRY).decode()
    for page in PAGES:
        assert (
            f"- [ ] call Ann ([11-16](../sessions/2026/2026-11-16-shop.md)) ^{end.id}\n" in read(journal, page).decode()
        )
    assert verify(journal, int(NOW.timestamp())).findings == ()


@pytest.mark.parametrize("where", [ENTRY, *PAGES])
def test_an_action_ticked_in_any_place_shows_in_all(journal, where):
    by_hand(journal, where, "- [ ] call Ann", "- [x] call Ann")
    assert states(journal) == [("call Ann", "done")]
    roll(journal)
    assert [boxes(journal, page, "call Ann") for page in (ENTRY, *PAGES)] == [["x"]] * 4
    for name in PERIODS:
        roll(journal, name)
    head = git(journal, "rev-parse", "HEAD")
    for name in PERIODS:
        assert roll(journal, name, NOW + timedelta(hours=1)).changed == ()
    assert git(journal, "rev-parse", "HEAD") == head


@pytest.mark.parametrize("where", [ENTRY, DIGEST, *PAGES])
def test_a_gap_ticked_in_any_place_is_resolved_in_all(journal, where):
    by_hand(journal, where, "- [ ] How tabs", "- [x] How tabs")
    assert states(journal, "gap") == [("How tabs share tokens", "resolved")]
    for name in PERIODS:
        roll(journal, name)
    assert [boxes(journal, page, "How tabs") for page in (ENTRY, *PAGES)] == [["x"]] * 4
    assert "tabs" not in read(journal, DIGEST).decode()
    assert plan(journal, NOW) == ()


@pytest.mark.parametrize(("mark", "box"), [("x", "x"), ("/", "/"), (" ", " ")])
def test_what_a_command_sets_shows_in_all_at_once(journal, mark, box):
    by_command(journal, "gap", "tabs", "/" if mark == " " else mark)
    if mark == " ":
        by_command(journal, "gap", "tabs", mark)
    assert [boxes(journal, page, "How tabs") for page in (ENTRY, DIGEST, *PAGES)] == [[box]] * 5
    roll(journal)
    assert [boxes(journal, page, "How tabs") for page in (ENTRY, *PAGES)] == [[box]] * 4


def test_the_word_for_how_a_line_stands_goes_with_its_box_and_is_no_edit(journal):
    by_command(journal, "gap", "tabs", "x")
    assert all("share tokens (resolved) (" in read(journal, page).decode() for page in PAGES)
    by_command(journal, "gap", "tabs", " ")
    assert all("share tokens (open) (" in read(journal, page).decode() for page in PAGES)
    assert roll(journal).refused == ()


@pytest.mark.parametrize("where", [DIGEST, *PAGES])
def test_a_line_ticked_in_a_page_is_found_in_its_entry_after_its_words_were_edited_there(journal, where):
    by_hand(journal, ENTRY, "How tabs share tokens", "What the broadcast channel is for")
    by_hand(journal, where, "- [ ] How tabs", "- [x] How tabs")
    assert states(journal, "gap") == [("What the broadcast channel is for", "resolved")]
    roll(journal)
    assert boxes(journal, ENTRY, "What the broadcast") == ["x"]


def test_words_edited_in_a_page_are_still_the_same_line_and_stay(journal):
    by_hand(journal, PAGES[0], "- [ ] call Ann", "- [x] phone my sister")
    rolled = roll(journal)
    assert [error.message.split(":")[0] for error in rolled.refused] == [PAGES[0]]
    assert boxes(journal, PAGES[0], "phone my sister") == ["x"]
    assert [boxes(journal, page, "call Ann") for page in (ENTRY, *PAGES[1:])] == [["x"]] * 3


def test_a_line_deleted_in_a_page_closes_nothing(journal):
    text = read(journal, PAGES[0]).decode()
    by_hand(journal, PAGES[0], next(line for line in text.splitlines(keepends=True) if "call Ann" in line), "")
    assert [error.message.split(":")[0] for error in roll(journal).refused] == [PAGES[0]]
    assert states(journal) == [("call Ann", "open")]
    assert boxes(journal, PAGES[1], "call Ann") == [" "]


def test_the_same_words_in_two_projects_are_two_lines_that_are_ticked_apart(journal):
    add(journal, OTHER, BODY)
    roll(journal)
    page = read(journal, PAGES[0]).decode()
    assert ("call Ann (open, in shop)" in page, "call Ann (open, in site)" in page) == (True, True)
    by_hand(journal, PAGES[0], "- [ ] call Ann (open, in site)", "- [x] call Ann (open, in site)")
    roll(journal)
    assert (boxes(journal, ENTRY, "call Ann"), boxes(journal, OTHER, "call Ann")) == ([" "], ["x"])
    assert boxes(journal, PAGES[0], "call Ann") == [" ", "x"]


def test_what_is_ticked_does_not_come_back_when_its_page_is_written_anew(journal):
    by_hand(journal, PAGES[0], "- [ ] call Ann", "- [x] call Ann")
    add(journal, OTHER, "## Todo\n\n- [ ] write Bob\n")
    roll(journal)
    page = read(journal, PAGES[0]).decode()
    assert re.findall(r"- \[(.)\] (call Ann|write Bob)", page) == [(" ", "write Bob"), ("x", "call Ann")]


def test_an_action_that_a_later_entry_closes_is_ticked_in_the_page_of_the_week_before(journal):
    add(journal, "journal/sessions/2026/2026-11-24-shop.md", "## Todo\n\n- [x] call Ann\n")
    roll(journal, "2026-W48", NOW + timedelta(days=7))
    assert [boxes(journal, page, "call Ann") for page in PAGES] == [["x"]] * 3


def test_a_dry_run_names_what_is_open_and_gives_no_id(tmp_path):
    journal = make_journal(tmp_path / "fresh")
    add(journal, ENTRY, BODY)
    before = read(journal, ENTRY)
    assert "- [ ] call Ann (" in roll(journal, dry_run=True).text
    assert read(journal, ENTRY) == before
    assert git(journal, "status", "--porcelain") == ""


def test_a_draft_that_a_page_names_goes_on_with_its_session(tmp_path):
    journal = make_journal(tmp_path / "fresh")
    for turns in (6, 8):
        outcome = Capture(journal, Clock(NOW, UTC), Wanted()).take(session(turns), "s1.jsonl")
        assert outcome.action == ("added" if turns == 6 else "updated")
        roll(journal)
        (end,) = select(find_ends(journal), "question")
        assert f"^{end.id}\n" in read(journal, outcome.path).decode()
        assert f"^{end.id}\n" in read(journal, PAGES[0]).decode()
    by_hand(journal, outcome.path, "- Should the retry also", "- [x] Should the retry also")
    assert Capture(journal, Clock(NOW, UTC), Wanted()).take(session(10), "s1.jsonl").action == "edited"


SECRET = "ghp_" + "a1B2c3D4e5" * 3 + "f6G7h8"


@pytest.mark.parametrize("front", ["", f'id: "{"ab" * 16}"\n'])
@pytest.mark.parametrize("words", ["", f"{SECRET}\n"])
def test_a_file_that_a_person_is_at_work_on_hinders_no_rollup_and_is_not_committed_by_the_way(journal, front, words):
    text = f"---\n{front}title: Mine\ndate: 2026-11-18\nproject: site\n---\n\n## Todo\n\n- [ ] write Bob\n\n{words}"
    Path(journal.path("journal/sessions/2026/2026-11-18-mine.md")).write_text(text)
    roll(journal)
    assert boxes(journal, PAGES[0], "write Bob") == [" "]
    assert read(journal, "journal/sessions/2026/2026-11-18-mine.md").decode() == text
    assert "2026-11-18-mine.md" in git(journal, "status", "--porcelain")


def test_a_tick_whose_entry_cannot_be_stored_stays_where_it_is(journal):
    by_hand(journal, ENTRY, "## Todo", f"{SECRET}\n\n## Todo")
    by_hand(journal, PAGES[1], "- [ ] call Ann", "- [x] call Ann")
    for name in ("2026-W47", "2026-11", "2026-11"):
        refused = [error.message for error in roll(journal, name).refused]
        assert refused == [f"{PAGES[1]} stays as it is: what is ticked in it cannot be set in {ENTRY}"] * (
            name != "2026-W47"
        )
        assert states(journal) == [("call Ann", "done")]
    assert boxes(journal, PAGES[1], "call Ann") == ["x"]
    assert SECRET not in git(journal, "log", "-p", "--all")
    by_hand(journal, ENTRY, f"{SECRET}\n\n", "")
    roll(journal)
    assert boxes(journal, ENTRY, "call Ann") == ["x"]


def session(turns):
    """Make a session that leaves a question open, of so many messages."""
    start = datetime(2026, 11, 18, 9, 0, tzinfo=UTC)
    events = [Event("prompt", 1, "user", text="Add a retry to the upload", time=start)]
    for turn in range(2, turns, 2):
        call, path = f"c{turn}", f"src/file{turn}.py"
        events.append(Event("edit", turn, "assistant", target=path, text="+ x = 1", time=start, call=call))
        events.append(Event("result", turn + 1, "tool", text="ok", time=start, call=call))
    asked = "The upload is retried three times.\n\nShould the retry also cover downloads from the mirror?"
    events.append(Event("reply", turns, "assistant", text=asked, time=start))
    return Session(
        agent="claude-code", id="s1", events=tuple(events), cwd="/home/robin/shop", started=start,
        ended=start + timedelta(minutes=turns), sha256=f"{turns:064x}",
        uuids=frozenset(str(number) for number in range(turns)),
    )  # fmt: skip


THOUGHT = "## Reflections\n\nI like it so far. Which of the two caches should the nightly job fill first?\n"


def test_a_question_that_ends_a_thought_is_open_everywhere_and_gets_a_line_once_it_is_answered(journal):
    path = "journal/sessions/2026/2026-11-18-shop.md"
    add(journal, path, THOUGHT)
    (asked,) = select(find_ends(journal), "question")
    roll(journal)
    assert boxes(journal, PAGES[0], "nightly job") == [" "]
    assert read(journal, path).decode().endswith(THOUGHT)
    by_hand(journal, PAGES[0], f"- [ ] {asked.text}", f"- [x] {asked.text}")
    roll(journal)
    assert states(journal, "question") == [(asked.text, "answered")]
    assert read(journal, path).decode().endswith(f"{THOUGHT}\n## Questions\n\n- [x] {asked.text} ^{asked.id}\n")
    assert boxes(journal, PAGES[0], "nightly job") == ["x"]
    before = [read(journal, one) for one in (path, *PAGES)]
    roll(journal)
    assert [read(journal, one) for one in (path, *PAGES)] == before


def test_answering_a_thought_by_command_tells_the_lines_that_come_new(journal):
    path = "journal/sessions/2026/2026-11-18-shop.md"
    add(journal, path, THOUGHT)
    ends = find_ends(journal)
    ticked = plan_mark(journal, resolve_end(journal, ends, "question", "nightly job", "x"), "x")
    assert [new for where, _, old, new in ticked.lines if where == path and not old] == [
        "## Questions", f"- [x] {ticked.end.text} ^{ticked.end.id}",
    ]  # fmt: skip


TASKS = (
    "file the taxes", "paint the door", "post the parcel", "water the fern", "sweep the yard", "book the ferry",
    "mend the fence", "order new tyres", "renew the passport", "sell the piano", "clean the gutter", "ask the bank",
)  # fmt: skip


def test_what_was_ticked_in_a_crowded_page_stays_on_it_ticked_beside_what_is_open(journal):
    add(journal, OTHER, "## Todo\n\n" + "".join(f"- [ ] {task}\n" for task in TASKS))
    roll(journal)
    page = PAGES[0]
    shown = [line for line in read(journal, page).decode().split("\n") if line.startswith("- [ ] ")]
    for line in shown:
        by_hand(journal, page, line, line.replace("- [ ]", "- [x]"))
    roll(journal)
    text = read(journal, page).decode()
    assert all(f"- [x] {line[6:].partition(' (')[0]} (" in text for line in shown)
    assert "- [ ] " in text
    assert roll(journal, now=NOW + timedelta(hours=1)).changed == ()


def test_what_was_open_from_before_stays_ticked_on_the_page_that_reminded_of_it(journal):
    add(journal, "journal/sessions/2026/2026-11-24-shop.md", "## Key takeaways\n\n- Ask early\n")
    late = NOW + timedelta(days=7)
    roll(journal, "2026-W48", late)
    page = "journal/rollups/2026-W48.md"
    for words in ("call Ann", "How tabs"):
        by_hand(journal, page, f"- [ ] {words}", f"- [x] {words}")
    roll(journal, "2026-W48", late)
    assert boxes(journal, page, "call Ann") == boxes(journal, page, "How tabs") == ["x"]
    assert roll(journal, "2026-W48", late).changed == ()


@pytest.mark.parametrize(("day", "expected"), [(25, ["x"]), (20, [])], ids=["in the week", "before it"])
def test_a_gap_from_before_that_was_resolved_within_a_week_shows_in_that_week(journal, day, expected):
    gap = resolve_end(journal, find_ends(journal), "gap", "tabs", "x")
    carry_out(journal, plan_mark(journal, gap, "x"), NOW.replace(day=day))
    late = NOW.replace(day=26)
    add(journal, "journal/sessions/2026/2026-11-26-shop.md", "## Key takeaways\n\n- Ask early\n", late)
    roll(journal, "2026-W48", NOW.replace(day=27))
    page = "journal/rollups/2026-W48.md"
    assert boxes(journal, page, "How tabs") == expected
    assert roll(journal, "2026-W48", NOW.replace(day=28)).changed == ()


def test_a_gap_ticked_by_hand_in_its_entry_shows_this_week_before_it_is_committed(journal):
    late = NOW.replace(day=26)
    add(journal, "journal/sessions/2026/2026-11-26-shop.md", "## Key takeaways\n\n- Ask early\n", late)
    by_hand(journal, ENTRY, "- [ ] How tabs", "- [x] How tabs")
    os.utime(journal.path(ENTRY), (late.timestamp(), late.timestamp()))
    page = "journal/rollups/2026-W48.md"
    roll(journal, "2026-W48", NOW.replace(month=12, day=4))
    assert boxes(journal, page, "How tabs") == []
    roll(journal, "2026-W48", NOW.replace(day=27))
    assert boxes(journal, page, "How tabs") == ["x"]


def test_an_id_given_to_what_was_ticked_before_resolves_nothing_anew(journal):
    by_command(journal, "gap", "tabs", "x")
    path = journal.path(ENTRY)
    (end,) = select(find_ends(journal), "gap", closed=True)
    lines = Path(path).read_text()
    Path(path).write_text(lines.replace(f" ^{end.id}", ""))
    journal.publish([Change(ENTRY, Path(path).read_bytes(), read(journal, ENTRY))], "entry: no id", NOW)
    late = NOW.replace(day=25)
    again = Path(path).read_text().replace("- [x] How tabs share tokens", f"- [x] How tabs share tokens ^{end.id}")
    journal.publish([Change(ENTRY, again.encode(), read(journal, ENTRY))], "entry: an id", late)
    late = NOW.replace(day=26)
    add(journal, "journal/sessions/2026/2026-11-26-shop.md", "## Key takeaways\n\n- Ask early\n", late)
    roll(journal, "2026-W48", NOW.replace(day=27))
    assert boxes(journal, "journal/rollups/2026-W48.md", "How tabs") == []
