"""What a person decides about patterns: it holds in every later run, and stands in a file that they may edit."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from journals import git, make_journal
from session_journal.app.corrections import load_corrections, save_corrections
from session_journal.app.patterns import (
    Wish,
    choose,
    find_member,
    find_pattern,
    find_patterns,
    ignore,
    look_up,
    merge,
    recurring,
    split,
    summarise,
    undo,
)
from session_journal.app.playbook import load_shelf
from session_journal.app.rollup import Asked, roll_up
from session_journal.core.folders import CORRECTIONS
from session_journal.core.patterns import Correction, Quoted, key_of
from session_journal.core.playbooks import Bar
from session_journal.errors import JournalError, NotFoundError, SecretError, UsageError
from session_journal.store.entries import load
from session_journal.store.journal import Change
from session_journal.store.settings import Settings

NOW = datetime(2026, 11, 20, 17, 0, tzinfo=UTC)
LINT = ("Run the linter before committing", "Always run the linter before a commit", "Run the linter before you commit")
CLOCK = ("Freeze the clock in date tests", "Date tests need a frozen clock")


def write(journal, number, lessons, status="final"):
    bullets = "\n".join(f"- {text}" for text in lessons)
    head = f'---\nid: "{number:032x}"\ndate: 2026-11-{number}\nproject: shop\nstatus: {status}\n---\n\n'
    path = f"journal/sessions/2026/2026-11-{number}-s.md"
    old = Path(journal.path(path)).read_bytes() if Path(journal.path(path)).exists() else None
    journal.publish([Change(path, f"{head}## Key takeaways\n\n{bullets}\n".encode(), old)], "entry: s", NOW)


@pytest.fixture
def journal(tmp_path):
    """Two patterns: the linter in three sessions, the clock in two of them."""
    made = make_journal(tmp_path / "journal")
    write(made, 16, [LINT[0], CLOCK[0]])
    write(made, 17, [LINT[1], CLOCK[1]])
    write(made, 18, [LINT[2]])
    return made


def look(journal):
    return look_up(journal, Bar())


def texts(journal):
    return [[member.text for member in one.members] for one in recurring(journal, load(journal.root)[0])]


def save(journal, decision):
    return save_corrections(journal, decision.corrections, "decided", NOW)


def test_a_pattern_tells_programs_its_members_as_written(journal):
    found = look(journal)
    told = summarise(found, found.patterns[0], NOW.date())
    assert [member["text"] for member in told["members"]] == list(LINT)
    assert (told["sessions"], told["days"], told["first"], told["projects"]) == (3, 3, date(2026, 11, 16), ["shop"])
    assert (told["status"], told["trend"], told["playbook"]) == ("earned", "new", "")
    assert find_patterns(load(journal.root)[0], project="other") == ()


def test_a_pattern_with_a_playbook_is_promoted_and_one_below_the_bar_is_watched(journal):
    roll_up(journal, Asked("2026-W47"), NOW, Settings({}, {}))
    found = look(journal)
    assert [found.status(one)[0] for one in found.patterns] == ["promoted", "watching"]
    assert [summarise(found, one, NOW.date())["why"] for one in found.patterns] == ["", "2 sessions, 3 make a playbook"]
    page = found.status(found.patterns[0])[1]
    assert Path(journal.path(page)).is_file()
    retired = Path(journal.path(page)).read_text().replace("status: established", "status: retired")
    Path(journal.path(page)).write_text(retired)
    assert look(journal).status(found.patterns[0]) == ("retired", page)


def test_unreviewed_drafts_count_and_are_marked(journal):
    write(journal, 18, [LINT[2]], status="draft")
    found = look(journal)
    told = summarise(found, found.patterns[0], NOW.date())
    assert (told["sessions"], told["reviewed"]) == (3, 2)
    assert [member["draft"] for member in told["members"]] == [False, False, True]


def test_an_ignored_pattern_is_gone_from_lists_and_rollups_and_can_come_back(journal):
    save(journal, ignore(look(journal), LINT[0]))
    assert texts(journal) == [list(CLOCK)]
    rolled = roll_up(journal, Asked("2026-W47", dry_run=True), NOW, Settings({}, {}))
    assert not rolled.new_playbooks
    found = look(journal)
    assert [found.status(one)[0] for one in choose(found, Wish(ignored=True))] == ["ignored", "watching"]
    assert len(choose(found, Wish())) == 1
    save(journal, undo(found, "ignore", LINT[0]))
    assert texts(journal) == [list(LINT), list(CLOCK)]


def test_what_is_ignored_stays_so_when_the_entry_that_was_quoted_is_gone(journal):
    write(journal, 19, [LINT[1]])
    write(journal, 20, ["Run the linter before each commit"])
    save(journal, ignore(look(journal), LINT[0]))
    (correction,), _ = load_corrections(journal)
    for number in (16, 17, 18, 19, 20):
        path = f"journal/sessions/2026/2026-11-{number}-s.md"
        if correction.of.entry == f"{number:032x}":
            journal.publish([Change(path, None, Path(journal.path(path)).read_bytes())], "entry: gone", NOW)
    assert not any("linter" in text for members in texts(journal) for text in members)
    save(journal, undo(look(journal), "ignore", LINT[1]))
    assert any("linter" in text for members in texts(journal) for text in members)


def test_who_ignores_a_promoted_pattern_is_told_of_the_page_that_stays(journal):
    assert ignore(look(journal), LINT[0]).page == ""
    (page,) = roll_up(journal, Asked("2026-W47"), NOW, Settings({}, {})).new_playbooks
    decision = ignore(look(journal), LINT[0])
    assert decision.page == page
    save(journal, decision)
    assert ignore(look(journal), LINT[0]).page == ""


def test_who_merges_two_promoted_patterns_is_told_of_the_page_that_is_one_too_many(journal):
    write(journal, 19, [CLOCK[0]])
    roll_up(journal, Asked("2026-W47"), NOW, Settings({}, {}))
    write(journal, 20, [LINT[0]])
    decision = merge(look(journal), CLOCK[0], LINT[0])
    assert (decision.page, decision.heir) == tuple(
        look(journal).status(find_pattern(look(journal), text))[1] for text in (CLOCK[0], LINT[0])
    )
    assert "" not in {decision.page, decision.heir}


def test_two_patterns_merged_stay_one_when_evidence_is_added(journal):
    save(journal, merge(look(journal), LINT[0], CLOCK[0]))
    write(journal, 19, ["Freeze the clock for tests of dates"])
    (members,) = texts(journal)
    assert sorted(members) == sorted([*LINT, *CLOCK, "Freeze the clock for tests of dates"])
    save(journal, undo(look(journal), "merge", LINT[0]))
    assert [len(one) for one in texts(journal)] == [3, 3]


def test_what_is_split_off_stays_out_with_what_says_the_same(journal):
    save(journal, split(look(journal), LINT[0], [LINT[2]]))
    assert sorted(texts(journal)) == [list(CLOCK), list(LINT[:2])]
    write(journal, 19, [LINT[2] + "!"])
    assert sorted(map(sorted, texts(journal))) == sorted(map(sorted, [LINT[:2], CLOCK, [LINT[2], LINT[2] + "!"]]))


@pytest.mark.parametrize("ref", [key_of(CLOCK[0])[:8], key_of(CLOCK[1]), CLOCK[1], "in date tests", "frozen"])
def test_a_split_that_leaves_no_pattern_can_be_undone(journal, ref):
    save(journal, split(look(journal), CLOCK[0], CLOCK[1:]))
    assert texts(journal) == [list(LINT)]
    decision = undo(look(journal), "split", ref)
    assert (decision.corrections, decision.undone) == ((), 1)
    save(journal, decision)
    assert texts(journal) == [list(LINT), list(CLOCK)]


def test_words_that_several_decisions_quote_take_none_back(journal):
    save(journal, split(look(journal), CLOCK[0], CLOCK[1:]))
    save(journal, split(look(journal), LINT[0], LINT[2:]))
    with pytest.raises(JournalError, match="2 decisions match"):
        undo(look(journal), "split", "the")
    with pytest.raises(NotFoundError, match="no such pattern"):
        undo(look(journal), "merge", CLOCK[0])


def page_of(journal, part):
    (page,) = (one for one in load_shelf(journal.root).playbooks if part in one.name)
    return page


def test_a_playbook_stays_with_what_stays_and_says_of_no_statement_that_it_is_said_no_longer(journal):
    save(journal, merge(look(journal), LINT[0], CLOCK[0]))
    roll_up(journal, Asked("2026-W47"), NOW, Settings({}, {}))
    (page,) = load_shelf(journal.root).playbooks
    correction = Correction("split", Quoted(CLOCK[0]), tuple(map(Quoted, LINT)))
    save_corrections(journal, (*look(journal).corrections, correction), "split", NOW)
    rolled = roll_up(journal, Asked("2026-W47"), NOW, Settings({}, {}))
    after = next(one for one in load_shelf(journal.root).playbooks if one.path == page.path)
    assert (sorted(after.quotes), after.key) == (sorted(CLOCK), key_of(CLOCK[0]))
    assert "no longer said" not in after.block
    assert [sorted(one.quotes) for one in load_shelf(journal.root).playbooks if one.path != page.path] == [sorted(LINT)]
    assert len(rolled.new_playbooks) == 1
    assert roll_up(journal, Asked("2026-W47"), NOW, Settings({}, {})).changed == ()


def test_a_playbook_of_which_one_statement_is_left_tells_that_alone(journal):
    roll_up(journal, Asked("2026-W47"), NOW, Settings({}, {}))
    save(journal, split(look(journal), LINT[0], LINT[:2]))
    roll_up(journal, Asked("2026-W47"), NOW, Settings({}, {}))
    page = page_of(journal, "linter")
    assert (page.quotes, page.status) == ((LINT[2],), "candidate")
    assert "no longer said" not in page.block
    assert roll_up(journal, Asked("2026-W47"), NOW, Settings({}, {})).changed == ()


def test_what_was_split_off_can_be_merged_again(journal):
    save(journal, split(look(journal), LINT[0], LINT[1:2]))
    write(journal, 19, [LINT[1]])
    found = look(journal)
    decision = merge(found, LINT[0], LINT[1])
    assert [one.verb for one in decision.corrections] == ["merge"]
    save(journal, decision)
    assert sorted(texts(journal)[0]) == sorted([*LINT, LINT[1]])


def test_a_decision_holds_for_an_item_whose_words_were_mended(journal):
    save(journal, split(look(journal), LINT[0], [LINT[1]]))
    write(journal, 17, ["Always run the linter before any commit", CLOCK[1]])
    assert texts(journal) == [[LINT[0], LINT[2]], list(CLOCK)]


def test_hand_made_comments_and_tables_survive_and_a_second_run_changes_nothing(journal):
    save(journal, ignore(look(journal), LINT[0]))
    path = Path(journal.path(CORRECTIONS))
    mine = path.read_text() + "\n# why: we have a hook for it\n\n[[ignore]] # not mine\nnote = 'no text'\n"
    path.write_text(mine)
    corrections, problems = load_corrections(journal)
    assert problems == [f"{CORRECTIONS}: the ignore table no. 2 names no statement by its `text`; it is left out"]
    assert save_corrections(journal, corrections, "again", NOW).paths == ()
    save(journal, ignore(look(journal), CLOCK[0]))
    assert path.read_text().startswith(mine)
    save(journal, undo(look(journal), "ignore", CLOCK[0]))
    assert path.read_text().strip() == mine.strip()


def test_what_is_decided_is_committed_and_a_dry_run_writes_nothing(journal):
    decision = ignore(look(journal), LINT[0])
    assert save_corrections(journal, decision.corrections, "x", NOW, dry_run=True).paths == (CORRECTIONS,)
    assert not Path(journal.path(CORRECTIONS)).exists()
    save(journal, decision)
    assert git(journal, "status", "--porcelain") == ""
    assert git(journal, "log", "-1", "--format=%s") == "patterns: decided\n"


def test_a_broken_file_is_named_and_never_written_over(journal):
    path = Path(journal.path(CORRECTIONS))
    path.write_text("[[ignore]\ntext = ")
    with pytest.raises(JournalError, match=r"patterns\.toml cannot be read"):
        look(journal)
    path.write_text('ignore = [{ text = "Run the linter before committing" }]\n')
    decision = ignore(look(journal), CLOCK[0])
    with pytest.raises(JournalError, match="can't be edited safely"):
        save(journal, decision)
    assert path.read_text() == 'ignore = [{ text = "Run the linter before committing" }]\n'


@pytest.mark.parametrize(
    "text", ['say "hi" \\ and \u007f', "tab\there", "''' [[split]]", "# no comment", "日本語\u2028x"]
)
def test_any_words_come_back_from_the_file(journal, text):
    wanted = [Correction("merge", Quoted(text, "e"), (Quoted(text + "2"),)), Correction("ignore", Quoted(text))]
    save_corrections(journal, wanted, "x", NOW)
    assert sorted(load_corrections(journal)[0], key=lambda one: one.verb) == wanted[::-1]


def test_a_secret_is_not_stored_with_a_decision(journal):
    token = "ghp_" + "a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8"
    with pytest.raises(SecretError):
        save_corrections(journal, [Correction("ignore", Quoted(f"never print {token}"))], "x", NOW)
    assert not Path(journal.path(CORRECTIONS)).exists()


def test_patterns_and_members_are_known_by_key_or_words(journal):
    found = look(journal)
    lint = found.patterns[0]
    assert find_pattern(found, lint.key[:6]) is lint
    assert find_pattern(found, key_of(LINT[1])[:8]) is lint
    assert find_pattern(found, "frozen clock").members[0].text == CLOCK[0]
    assert find_member(lint, "always run").text == LINT[1]
    assert find_member(lint, f"{18:032x}").text == LINT[2]
    with pytest.raises(JournalError, match="linter: 3 match"):
        find_member(lint, "linter")
    with pytest.raises(NotFoundError):
        find_pattern(found, "nothing of the kind")


def test_what_makes_no_sense_is_refused(journal):
    found = look(journal)
    with pytest.raises(UsageError, match="the same pattern"):
        merge(found, LINT[0], LINT[1])
    with pytest.raises(UsageError, match="none of its members"):
        split(found, LINT[0], list(LINT))
    with pytest.raises(JournalError, match="nothing was decided"):
        undo(found, "split", LINT[0])


def test_a_project_and_a_day_narrow_what_is_shown(journal):
    found = look(journal)
    assert len(choose(found, Wish(project="SHOP"))) == 2
    assert choose(found, Wish(project="other")) == []
    assert [one.sessions for one in choose(found, Wish(since=date(2026, 11, 18)))] == [3]
