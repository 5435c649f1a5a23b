"""Importing: what an original becomes, that nothing of it is lost, and that nothing comes in twice."""

from __future__ import annotations

import json
import os
import subprocess
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path

import pytest

from journals import git, make_journal
from session_journal.app.draft import Clock
from session_journal.app.importing import Wanted, carry_out, plan_import
from session_journal.app.verify import verify
from session_journal.core.document import fields, parse
from session_journal.core.sections import split
from session_journal.errors import ConflictError, JournalError, NotFoundError
from session_journal.imports.days import find_time
from session_journal.store.entries import load
from session_journal.store.journal import Change
from session_journal.store.settings import change

NOW = datetime(2026, 11, 20, 14, 5, 33, tzinfo=UTC)
TOKEN = "ghp_" + "A1b2C3d4E5" * 4


@pytest.fixture
def journal(tmp_path):
    return make_journal(tmp_path / "journal")


@pytest.fixture
def old(tmp_path):
    folder = tmp_path / "old notes"
    folder.mkdir()
    return folder


def plan(journal, path, zone=UTC, **wanted):
    return plan_import(journal, Wanted(str(path), **wanted), Clock(NOW, zone))


def bring_in(journal, path, **wanted):
    made = plan(journal, path, **wanted)
    carry_out(journal, made, NOW)
    return made


def only(made):
    (planned,) = made.originals
    return planned


def values_of(planned):
    values = fields(parse(planned.data))
    assert len(str(values.pop("id"))) == 32
    assert len(str(values.pop("source_sha256"))) == 64
    return values


def test_a_note_becomes_a_final_entry_of_its_day_with_its_text_as_it_was(journal, old):
    (old / "2025-05-19-fix-auth.md").write_bytes(b"# Fix auth\n\nAt 10.\n\n## TODO\n\n- ring  \n")
    planned = only(bring_in(journal, old, project="web"))
    assert planned.path == "journal/sessions/2025/2025-05-19-fix-auth.md"
    assert values_of(planned) == {
        "title": "Fix auth", "date": date(2025, 5, 19), "type": "session", "status": "final", "visibility": "self",
        "project": "web", "source": "dated:old notes/2025-05-19-fix-auth.md", "imported": NOW,
    }  # fmt: skip
    assert Path(journal.path(planned.path)).read_bytes() == planned.data
    assert planned.data.endswith(b"---\n\n# Fix auth\n\nAt 10.\n\n## TODO\n\n- ring  \n")
    assert [item.kind for item in load(journal.root)[0][0].items] == ["action"]


def test_all_entries_come_in_one_commit_with_their_records(journal, old):
    for number in range(1, 21):
        (old / f"2025-05-{number:02}.md").write_text(f"Day {number}.\n")
    bring_in(journal, old)
    assert git(journal, "log", "--format=%s").splitlines() == ["import: 20 entries (dated)", "journal: begin"]
    assert git(journal, "status", "--short") == ""
    assert verify(journal, int(NOW.timestamp())).findings == ()


def test_originals_are_not_touched(journal, old):
    path = old / "2025-05-19.md"
    path.write_bytes(b"x\r\n")
    before = path.stat()
    bring_in(journal, old)
    after = path.stat()
    assert (after.st_mtime_ns, after.st_ino, path.read_bytes()) == (before.st_mtime_ns, before.st_ino, b"x\r\n")
    assert [one.name for one in old.iterdir()] == ["2025-05-19.md"]


def test_a_plan_writes_nothing(journal, old):
    (old / "2025-05-19.md").write_text("x\n")
    before = git(journal, "rev-parse", "HEAD")
    assert len(plan(journal, old).of("new")) == 1
    assert (git(journal, "rev-parse", "HEAD"), git(journal, "status", "--short")) == (before, "")


def test_what_front_matter_says_stays_and_its_own_keys_give_way(journal, old):
    front = '# mine\nid: 42\ntitle: "Own: title"\ndate: 2025-05-19T10:15:00+02:00\ntype: daily\nstatus: done\nvisibility: public\nsource: https://x.org\nmood: [good,  bad]   # keep\ntags: a, b\naliases:\n- x\n'
    (old / "2025-05-19.md").write_text(f"---\n{front}---\nText.\n")
    planned = only(plan(journal, old))
    values = values_of(planned)
    assert (values["title"], values["date"], values["type"], values["status"], values["visibility"]) == (
        "Own: title", date(2025, 5, 19), "session", "final", "self",
    )  # fmt: skip
    assert {key: value for key, value in values.items() if key.startswith("imported_")} == {
        "imported_id": "42", "imported_type": "daily", "imported_status": "done", "imported_visibility": "public", "imported_source": "https://x.org",
        "imported_date": datetime(2025, 5, 19, 10, 15, tzinfo=timezone(timedelta(hours=2))),
    }  # fmt: skip
    assert values["created"] == datetime(2025, 5, 19, 8, 15, tzinfo=UTC)
    for line in (b"# mine\n", b"mood: [good,  bad]   # keep\n", b"tags: a, b\n", b"aliases:\n- x\n"):
        assert line in planned.data


@pytest.mark.parametrize(
    "front",
    [
        "{title: T, mood: ok}\n",
        "  title: T\n  mood: ok\n",
        "# only\ntitle: T\nmood: ok # c\n",
        "mood: |\n  ok\n  id: x\ntitle: T\n",
    ],
)
def test_front_matter_of_any_shape_keeps_its_values(journal, old, front):
    (old / "2025-05-19.md").write_text(f"---\n{front}---\nText.\n")
    planned = only(bring_in(journal, old))
    values = values_of(planned)
    assert (values["title"], values["mood"].split("\n")[0], values["status"]) == ("T", "ok", "final")
    assert load(journal.root)[0][0].source == planned.source


def test_a_draft_that_a_tool_wrote_stays_a_draft(journal, old):
    (old / "2025-05-19.md").write_text("---\nstatus: draft\ndrafted_by: offline\n---\nText.\n")
    (old / "2025-05-20.md").write_text("---\nstatus: draft\n---\nText, mine.\n")
    assert [values_of(planned)["status"] for planned in plan(journal, old).originals] == ["draft", "final"]


def test_a_time_without_offset_is_that_of_the_day_in_the_readers_zone(journal, old):
    zone = pytest.importorskip("zoneinfo").ZoneInfo("Europe/Berlin")
    for day in ("2025-01-19", "2025-07-19"):
        (old / f"{day}.md").write_text(f"# {day} 08:30\n\nText of {day}.\n")
    (old / "2025-08-01.md").write_text("# 2025-08-01 08:30:00 -0500\n\nText.\n")
    created = [fields(parse(planned.data))["created"].isoformat() for planned in plan(journal, old, zone).originals]
    assert created == ["2025-01-19T08:30:00+01:00", "2025-07-19T08:30:00+02:00", "2025-08-01T08:30:00-05:00"]


def test_windows_line_ends_stay_and_a_byte_order_mark_goes(journal, old):
    (old / "2025-05-19.md").write_bytes(b"\xef\xbb\xbf# A\r\n\r\nText.\r\n")
    (old / "2025-05-20.md").write_bytes(b"---\r\ntitle: B\r\n---\r\nText.\r\n")
    first, second = bring_in(journal, old).originals
    assert first.data.endswith(b"---\r\n\r\n# A\r\n\r\nText.\r\n")
    assert all(planned.data.count(b"\n") == planned.data.count(b"\r\n") for planned in (first, second))
    assert first.data.startswith(b"---\r\nid:")


def test_importing_again_adds_nothing(journal, old):
    (old / "2025-05-19.md").write_text("x\n")
    bring_in(journal, old)
    head = git(journal, "rev-parse", "HEAD")
    again = bring_in(journal, old)
    assert [planned.state for planned in again.originals] == ["there"]
    assert git(journal, "rev-parse", "HEAD") == head


def test_an_original_that_was_moved_or_renamed_is_still_there(journal, old):
    (old / "2025-05-19.md").write_text("x\n")
    bring_in(journal, old)
    (old / "sub").mkdir()
    (old / "2025-05-19.md").rename(old / "sub" / "2025-05-19-better-name.md")
    assert [planned.state for planned in plan(journal, old).originals] == ["there"]


def test_an_original_that_changed_is_reported_and_its_entry_left_alone(journal, old):
    (old / "2025-05-19.md").write_text("x\n")
    path = only(bring_in(journal, old)).path
    before = Path(journal.path(path)).read_bytes()
    (old / "2025-05-19.md").write_text("x and more\n")
    planned = only(bring_in(journal, old))
    assert (planned.state, planned.path) == ("changed", path)
    assert Path(journal.path(path)).read_bytes() == before


def test_two_journals_may_have_notes_of_one_name(journal, old, tmp_path):
    (old / "2025-05-19.md").write_text("work\n")
    bring_in(journal, old)
    (tmp_path / "private").mkdir()
    (tmp_path / "private" / "2025-05-19.md").write_text("home\n")
    assert only(bring_in(journal, tmp_path / "private")).state == "new"
    assert len(load(journal.root)[0]) == 2


def test_one_file_of_a_folder_is_the_same_as_in_the_folder(journal, old):
    (old / "2025-05-19.md").write_text("work\n")
    bring_in(journal, old / "2025-05-19.md")
    (old / "2025-05-19.md").write_text("work, changed\n")
    assert only(plan(journal, old)).state == "changed"


def test_an_entry_that_was_edited_here_since_is_not_doubled(journal, old):
    (old / "2025-05-19.md").write_text("x\n")
    planned = only(bring_in(journal, old))
    journal.publish([Change(planned.path, planned.data + b"more\n", planned.data)], "edit", NOW)
    assert only(plan(journal, old)).state == "there"


def test_a_new_section_above_others_of_its_day_is_the_only_new_one(journal, old):
    log = old / "log.md"
    log.write_text("## Session Log - 2025-05-19\nfirst\n")
    bring_in(journal, log)
    log.write_text("## Session Log - 2025-05-19\nsecond\n\n## Session Log - 2025-05-19\nfirst\n")
    made = bring_in(journal, log)
    assert [planned.state for planned in made.originals] == ["new", "there"]
    assert [planned.state for planned in plan(journal, log).originals] == ["there", "there"]
    sources = [entry.source for entry in load(journal.root)[0]]
    assert len(sources) == len(set(sources)) == 2


def test_the_same_note_under_two_names_comes_in_once(journal, old):
    (old / "2025-05-19.md").write_text("x\n")
    (old / "2025-05-19 (copy).md").write_text("x\n")
    made = bring_in(journal, old)
    assert [planned.name for planned in made.originals] == ["2025-05-19 (copy).md"]
    assert [(left.name, left.why) for left in made.left] == [
        ("2025-05-19.md", "the same, byte for byte, as 2025-05-19 (copy).md")
    ]


def test_several_notes_of_a_day_with_one_title_are_several_entries(journal, old):
    for name in ("a", "b", "c"):
        (old / name).mkdir()
        (old / name / "2025-05-19.md").write_text(f"# Same\n{name}\n")
    made = bring_in(journal, old)
    assert [planned.path[-8:] for planned in made.originals] == ["-same.md", "ame-2.md", "ame-3.md"]
    assert len(load(journal.root)[0]) == 3


def test_secrets_are_taken_out_of_every_part_and_the_original_keeps_them(journal, old):
    name = f"2025-05-19 {TOKEN}.md"
    text = f"---\ntoken: {TOKEN}\nkeys:\n  - {TOKEN}\n---\n# Use {TOKEN}\n\nIt is `{TOKEN}` ![x]({TOKEN}.png)\n"
    (old / name).write_text(text)
    made = bring_in(journal, old)
    planned = only(made)
    assert planned.redacted == {"github-token": 5}
    assert TOKEN not in repr(made)
    packed = subprocess.run(
        ["git", "grep", "-l", TOKEN, "HEAD"], cwd=journal.root, capture_output=True, text=True, check=False
    )
    assert packed.stdout == ""
    assert TOKEN not in git(journal, "log", "--format=%B")
    assert (old / name).read_text() == text
    assert only(plan(journal, old)).state == "there"


def test_a_word_that_the_user_hides_is_taken_out_too(tmp_path, old):
    change(os.environ, "redact.words", "Falcon")
    journal = make_journal(tmp_path / "journal")
    (old / "2026-02-03 falcon.md").write_text("# Falcon\n\nThe falcon has landed.\n", encoding="utf-8")
    made = bring_in(journal, old)
    assert len(made.originals) == 1
    stored = b"".join(path.read_bytes() for path in Path(journal.root).rglob("*.md"))
    assert b"falcon" not in stored.lower()
    assert b"[REDACTED:hidden-word] has landed" in stored
    assert "falcon" not in repr(replace(only(made), data=b"")).lower()


def test_a_link_out_of_the_folder_is_left_out_and_one_within_it_is_followed(journal, old, tmp_path):
    (tmp_path / "other.md").write_text("not of this journal\n", encoding="utf-8")
    (old / "notes").mkdir()
    (old / "notes" / "kept.md").write_text("---\ndate: 2026-02-01\n---\nhello\n", encoding="utf-8")
    (old / "2026-02-03-other.md").symlink_to(tmp_path / "other.md")
    (old / "2026-02-04-kept.md").symlink_to(old / "notes" / "kept.md")
    made = plan(journal, old)
    assert [(left.name, left.why) for left in made.left if "elsewhere" in left.why] == [
        ("2026-02-03-other.md", "a link to a file elsewhere; import that file itself")
    ]
    assert b"hello" in made.originals[0].data
    assert not any(b"not of this" in one.data for one in made.originals)


def test_no_secret_is_told_in_a_name_of_what_was_left_out(journal, old):
    for name in (f"2025-05-19 {TOKEN}.md", f"{TOKEN}.png", f"{TOKEN}.md"):
        (old / name).write_text("")
    made = plan(journal, old)
    assert len(made.left) == 3
    assert TOKEN not in repr(made)


@pytest.mark.parametrize("length", range(60, 110, 7))
def test_no_part_of_a_secret_gets_into_a_title_or_a_name(journal, old, length):
    words = "w" * (length - 20) + "/"
    (old / "2025-05-19.md").write_text(f"{words}{TOKEN} is it.\n")
    (old / "2025-05-20.md").write_text(f"# {words}{TOKEN}\n\nText.\n")
    (old / "log.md").write_text(f"## 2025-05-21 {words}{TOKEN}\n\nText.\n")
    for path in (old, old / "log.md"):
        made = plan(journal, path)
        assert TOKEN[:12].lower() not in repr(made).lower()


def test_what_an_earlier_import_kept_is_kept_again(journal, old):
    (old / "2025-05-19.md").write_text('---\nid: "ab"\nimported_id: cd\nimported: 2024-01-01\n---\nText.\n')
    values = values_of(only(plan(journal, old)))
    assert (values["imported_id"], values["imported_id_before"], values["imported_imported"], values["imported"]) == (
        "cd", "ab", date(2024, 1, 1), NOW,
    )  # fmt: skip


def test_a_value_the_user_allows_stays(journal, old):
    (old / "2025-05-19.md").write_text(f"It is {TOKEN}\n")
    plan(journal, old)
    journal.allowed.allow(journal.allowed.seen)
    planned = only(bring_in(journal, old))
    assert (planned.redacted, TOKEN.encode() in planned.data) == ({}, True)


def test_what_may_not_be_stored_is_left_out_and_the_rest_comes_in(journal, old):
    (old / "2025-05-18.md").write_text("<<<<<<< a\nx\n=======\ny\n>>>>>>> b\n")
    (old / "2025-05-19.md").write_text("a line of some length\n" * 250_000)
    (old / "2025-05-20.md").write_text("fine\n")
    made = bring_in(journal, old)
    assert [planned.name for planned in made.originals] == ["2025-05-20.md"]
    assert [left.name for left in made.left] == ["2025-05-18.md", "2025-05-19.md"]
    assert "conflict markers" in made.left[0].why
    assert made.left[1].why == "too large for one entry (5.5 MB)"


def test_an_entry_that_appears_meanwhile_stops_the_whole_import(journal, old):
    for day in ("2025-05-19", "2025-05-20"):
        (old / f"{day}.md").write_text(f"# Of {day}\n\nText.\n")
    made = plan(journal, old)
    path = Path(journal.path(made.originals[1].path))
    path.parent.mkdir(parents=True)
    path.write_text("somebody's")
    head = git(journal, "rev-parse", "HEAD")
    with pytest.raises(ConflictError):
        carry_out(journal, made, NOW)
    assert (git(journal, "rev-parse", "HEAD"), path.read_text()) == (head, "somebody's")
    assert not Path(journal.path(made.originals[0].path)).exists()


def test_two_imports_at_once_bring_everything_in_once(journal, old):
    (old / "2025-05-19.md").write_text("x\n")
    first, second = plan(journal, old), plan(journal, old)
    carry_out(journal, first, NOW)
    with pytest.raises(ConflictError):
        carry_out(journal, second, NOW)


def test_a_journal_is_not_imported_into_itself(journal, tmp_path):
    with pytest.raises(NotFoundError):
        plan(journal, journal.path("journal"))
    with pytest.raises(NotFoundError):
        plan(journal, tmp_path / "nothing")
    journal.publish(
        [Change("journal/sessions/2025/2025-05-19-a.md", b'---\nid: "00000000000000000000000000000001"\n---\nx\n')],
        "a",
        NOW,
    )
    assert plan(journal, tmp_path).originals == []


def test_an_entry_of_jrnl_keeps_its_tags_star_and_moment(journal, old):
    (old / "x.json").write_text(json.dumps({"tags": {}, "entries": [
        {"title": "Fixed: auth.", "body": "Text.\n", "date": "2025-05-19", "time": "09:30", "tags": ["@Auth", "@me"], "starred": True, "visibility": "public"},
    ]}))  # fmt: skip
    planned = only(bring_in(journal, old / "x.json"))
    values = values_of(planned)
    assert (values["title"], values["tags"], values["starred"], values["created"]) == (
        "Fixed: auth.", ["Auth", "me"], True, datetime(2025, 5, 19, 9, 30, tzinfo=UTC),
    )  # fmt: skip
    assert (values["visibility"], values["imported_visibility"]) == ("self", "public")
    assert planned.data.endswith(b"---\n\nText.\n")


def test_tags_in_a_daily_notes_text_join_those_of_its_front_matter(journal, old):
    (old / ".obsidian").mkdir()
    (old / "2025-05-19.md").write_text("---\ntags:\n  - work\n---\nA #work day with #auth and ![[a.png]].\n")
    (old / "2025-05-20.md").write_text("---\ntags: 'work, #home'\n---\nA #auth day.\n")
    first, second = bring_in(journal, old).originals
    assert (values_of(first)["tags"], first.attachments) == (["work", "auth"], ("a.png",))
    assert values_of(second)["tags"] == ["work", "#home", "auth"]
    assert {tag for entry in load(journal.root)[0] for tag in entry.tags} == {"work", "home", "auth"}


def test_a_log_of_many_thousand_lines_is_read(journal, old):
    with (old / "log.md").open("w") as file:
        for number in range(200):
            file.write(f"## Session Log - {date(2020, 1, 1) + timedelta(days=number)}\n" + "- did a thing\n" * 999)
    made = plan(journal, old / "log.md")
    assert (len(made.of("new")), made.left) == (200, [])


def test_a_developers_real_journal_comes_in_whole(journal, shared_data):
    folder = shared_data / "journals" / "commit-story"
    made = bring_in(journal, folder)
    assert (len(made.originals), made.left) == (26, [])
    for planned in made.originals:
        text = (folder / planned.name).read_bytes()
        assert planned.data.endswith(b"\n\n" + text.lstrip(b"\n"))
        assert b"redacted" not in planned.data.lower() or b"redacted" in text.lower()
    entries, problems = load(journal.root)
    assert problems == []
    assert sum(len(entry.items) for entry in entries) > 1200
    untimed = [entry.date.isoformat() for entry in entries if not entry.created]
    assert untimed == []
    assert all(entry.created.date() == entry.date for entry in entries)
    parts = [part for entry in entries for part in split(entry.body) if part.level and not find_time(part.heading)]
    assert len([part for part in parts if part.known]) > 0.9 * len(parts)
    assert [planned.state for planned in bring_in(journal, folder).originals] == ["there"] * 26
    with pytest.raises(JournalError):
        carry_out(journal, made, NOW)
