"""Each kind of foreign journal: what is recognised, what an original holds, and what is left out with a reason."""

from __future__ import annotations

import json
import os
from datetime import date, datetime, timedelta, timezone

import pytest

from session_journal.errors import NotFoundError, UsageError
from session_journal.imports import Left, Original, Reading, load_kind, recognise
from session_journal.imports.markdown import attachments, title_of
from session_journal.imports.obsidian import name_pattern

DAY = date(2025, 5, 19)


def put(root, files):
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return root


def read(kind, path, **reading):
    found = list(load_kind(kind).read(str(path), Reading(**reading)))
    return [one for one in found if isinstance(one, Original)], {
        one.name: one.why for one in found if isinstance(one, Left)
    }


def title(one):
    return one.title or title_of(one.doc, one.stem)


# --- recognition ------------------------------------------------------------------------------------------------------


def test_each_kind_is_recognised_by_its_content(tmp_path):
    put(tmp_path, {
        "a/export.json": '{"tags": {}, "entries": []}',
        "vault/.obsidian/app.json": "{}", "vault/daily/2025-05-19.md": "x",
        "log.md": "# My log\n\n## Session Log - 2025-05-19\n\nx\n", "folder/2025-05-19-a.md": "x", "2025-05-20.md": "# 2025-05-19\n",
    })  # fmt: skip
    assert recognise(str(tmp_path / "a/export.json")) == "jrnl"
    assert recognise(str(tmp_path / "vault")) == "obsidian"
    assert recognise(str(tmp_path / "vault/daily")) == "obsidian"
    assert recognise(str(tmp_path / "log.md")) == "one-file"
    assert recognise(str(tmp_path / "folder")) == "dated"
    assert recognise(str(tmp_path / "2025-05-20.md")) == "dated"


@pytest.mark.parametrize("text", ["", "just text\n", "# Heading\n", "\0\1\2", "[1, 2]", "{"])
def test_a_file_of_no_kind_is_an_error_with_a_hint(tmp_path, text):
    put(tmp_path, {"file.md": text})
    with pytest.raises(NotFoundError) as caught:
        recognise(str(tmp_path / "file.md"))
    assert "--from" in caught.value.hint
    with pytest.raises(UsageError):
        load_kind("diary")


# --- dated ------------------------------------------------------------------------------------------------------------


def test_a_folder_of_dated_notes_is_read_whole_and_in_order(tmp_path):
    put(tmp_path, {
        "2025-05-19-fix-auth.md": "It was the clock.\n", "work/2025-05-20.md": "# Cache keys\n\nText.\n",
        "2025/05/21.md": "x\n", "2025_05_22.md": "x\n", "Übung 2025-05-23 läuft.md": "x\n", "plain.md": "---\ndate: 2025-05-24\n---\nx\n",
    })  # fmt: skip
    originals, left = read("dated", tmp_path)
    assert left == {}
    assert [(one.name, one.day.day, title(one)) for one in originals] == [
        ("2025-05-19-fix-auth.md", 19, "Fix auth"), ("2025_05_22.md", 22, "x"), ("plain.md", 24, "Plain"),
        ("Übung 2025-05-23 läuft.md", 23, "Läuft"), ("2025/05/21.md", 21, "x"), ("work/2025-05-20.md", 20, "Cache keys"),
    ]  # fmt: skip
    assert originals[0].doc.text == "It was the clock.\n"


def test_what_cannot_be_an_entry_is_named_with_its_reason(tmp_path):
    put(tmp_path, {
        "2025-05-01.md": "", "2025-05-02.md": "\ufeff \r\n", "2025-05-03.md": b"caf\xe9\n", "2025-05-04.md": "x".encode("utf-16"),
        "2025-05-05.md": b"a\0b", "2025-05-06.md": "---\ntitle: [open\n---\nx\n", "2025-05-07.md": "---\ntitle: x\n",
        "notes.md": "no day\n", "a.png": b"\x89PNG", "b.pdf": b"%PDF", ".hidden.md": "x", ".git/2025-05-08.md": "x",
    })  # fmt: skip
    os.symlink(tmp_path, tmp_path / "loop")
    os.symlink(tmp_path / "nowhere.md", tmp_path / "2025-05-09.md")
    originals, left = read("dated", tmp_path)
    assert originals == []
    assert left.pop("2025-05-06.md").startswith("line 2: ")
    assert left == {
        "2025-05-01.md": "it is empty", "2025-05-02.md": "it is empty", "2025-05-03.md": "line 1 is not UTF-8 (byte 0xe9); save it as UTF-8",
        "2025-05-04.md": "it is UTF-16; save it as UTF-8", "2025-05-05.md": "it is not text",
        "2025-05-07.md": "line 1: the front matter is not closed", "2025-05-09.md": "cannot be read: No such file or directory",
        "notes.md": "no day in its name (2026-11-20-topic.md) nor in its front matter",
        "loop": "a link to a folder; import that folder itself", "2 other files": "no markdown or text: a.png, b.pdf",
    }  # fmt: skip


def test_a_name_that_can_be_read_two_ways_is_settled_by_another_name_or_asked_about(tmp_path):
    put(tmp_path, {"03-04-2025.md": "x\n", "log.md": "## 2025-05-19\na\n"})
    originals, left = read("dated", tmp_path)
    assert originals == []
    assert left == {
        "03-04-2025.md": "its day can be read two ways; say which: --day-first or --month-first",
        "log.md": "a log of several days; import it alone: journal import log.md",
    }
    put(tmp_path, {"25-04-2025.md": "x\n"})
    assert [one.day.isoformat() for one in read("dated", tmp_path)[0]] == ["2025-04-03", "2025-04-25"]


@pytest.mark.parametrize(
    "part", ["![[", "![](", "[[", "](", "[", "`a``", "1 ", "May 1 ", "#a", "**", "- ", "> ", "a. "]
)
def test_a_line_of_what_begins_and_never_ends_is_read_in_no_time(tmp_path, part):
    put(tmp_path, {".obsidian/app.json": "{}", "2025-05-19.md": f"---\ncreated: {part!r}\n---\nx {part * 200_000}\n"})
    originals, left = read("obsidian", tmp_path)
    assert (len(originals), left) == (1, {})
    assert len(title(originals[0])) <= 102


def test_the_local_files_a_text_shows_are_its_attachments():
    text = '![[a b.png|300]] ![[n#h]] ![x](p/q.jpg "T") ![y](<a (1).png>) ![z](https://x.org/z.png) ![](data:image/png;base64,AA) [no](link.md)'
    assert attachments(text) == ("a b.png", "n", "p/q.jpg", "a (1).png")


@pytest.mark.parametrize(
    "text",
    ["# 2025-05-19\n\n## Decisions\n\n- \n\n## TODO\n- [ ] \n---\n", "## Daily Log\n\n>\n", "---\nmood:\n---\n\n"],
)
def test_a_template_that_nobody_filled_in_is_left_out(tmp_path, text):
    put(
        tmp_path,
        {
            "2025-05-19.md": text,
            "2025-05-20.md": "# Fixed the clock\n",
            "log.md": "## 2025-05-21\n\n### Decisions\n\n## 2025-05-22\nx\n",
        },
    )
    originals, left = read("dated", tmp_path)
    assert [one.name for one in originals] == ["2025-05-20.md"]
    assert left["2025-05-19.md"] == "nothing is written in it"
    originals, left = read("one-file", tmp_path / "log.md")
    assert ([one.day.day for one in originals], left) == ([22], {"log.md:1-3": "nothing is written in it"})


@pytest.mark.skipif(os.name == "nt", reason="Windows forbids such names")
def test_a_name_of_control_characters_stays_on_its_line(tmp_path):
    put(tmp_path, {"2025-05-19 a\nb\x1b[31m.md": "x\n"})
    (one,), _ = read("dated", tmp_path)
    assert one.name == "2025-05-19 a\\x0ab\\x1b[31m.md"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_a_pipe_is_left_out_and_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "2025-05-19.md")
    assert read("dated", tmp_path) == ([], {"2025-05-19.md": "not a regular file"})


def test_a_rule_at_the_top_of_a_note_is_no_front_matter(tmp_path):
    text = "---\n### 2025-05-19 13:36 — Commit 810db78\n\n---\n\nText.\n"
    put(tmp_path, {"2025-05-19.md": text})
    (one,), _ = read("dated", tmp_path)
    assert (one.doc.body, one.doc.has_front, one.moment) == (text, False, datetime.fromisoformat("2025-05-19T13:36"))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("---\ntitle: My own\n---\n# Other\n", "My own"), ("# Journal for 2025-05-19\n\n## 7:02 AM - A trigger\n\nText", "A trigger"),
        ("# Daily Journal - May 19, 2025\n\n## Entry 1: Research is done\n", "Research is done"),
        ("### 4:18 PM — Commit df962a7\n\n## Summary\nWrote the *first* `test` of [it](x). More.\n", "Wrote the first test of it"),
        ("### 4:18 PM\n## Summary\nOne thing, and it worked.\n\n### 5 PM\n## Summary\nTwo.\n### 6 PM\n## Summary\nThree.\n", "One thing, and it worked (and 2 more)"),
        ("## Log\n- [ ] call [Anna](x)\n- [x] sleep\n", "call Anna"), ("- bought [[milk|oat milk]] v. 1.2\n", "bought oat milk v. 1.2"), ("```\ncode\n```\n", ""), ("- one\n- two\n", "one"),
        ("# " + "long " * 40, "long " * 19 + "long …"),
    ],
)  # fmt: skip
def test_a_title_is_the_notes_own_or_its_first_sentence(tmp_path, text, expected):
    put(tmp_path, {"2025-05-19-journal.md": text})
    (one,), _ = read("dated", tmp_path)
    assert title(one) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("### 2025-05-19 07:02:09 -0500 — Commit x\n", datetime(2025, 5, 19, 7, 2, 9, tzinfo=timezone(timedelta(hours=-5)))),
        ("---\ncreated: 2025-05-19T08:00:00\n---\n# 9:00\n", datetime.fromisoformat("2025-05-19T08:00")), ("# Notes\n## 4:18 PM\n", datetime.fromisoformat("2025-05-19T16:18")),
        ("# 2025-05-20 08:00 written later\n", None), ("At 10:15 I left.\n", None),
    ],
)  # fmt: skip
def test_a_note_was_begun_when_it_says_so_itself(tmp_path, text, expected):
    put(tmp_path, {"2025-05-19.md": f"{text}\nText.\n"})
    (one,), _ = read("dated", tmp_path)
    assert (one.moment, one.moment and one.moment.utcoffset()) == (expected, expected and expected.utcoffset())


# --- one file ---------------------------------------------------------------------------------------------------------

LOG = """\
# My session log 2025

How I keep it.

## Session Log - 2025-05-19

Fixed the clock.

### Summary

```
## Session Log - 2024-01-01
```

## Session Log - May 20, 2025, 14:30: cache keys

Text.

## Ideas

More of the same day.

## Session Log - someday

Lost?

## Session Log - 2025-05-19

A second one.
"""


def test_a_log_is_cut_at_its_headings_with_a_day(tmp_path):
    put(tmp_path / "log", {"log.md": LOG})
    originals, left = read("one-file", tmp_path / "log" / "log.md")
    assert [(one.key, one.day, one.moment, title(one)) for one in originals] == [
        ("log/log.md#2025-05-19", DAY, None, "Fixed the clock"),
        ("log/log.md#2025-05-20T14:30", date(2025, 5, 20), datetime.fromisoformat("2025-05-20T14:30"), "cache keys"),
        ("log/log.md#2025-05-19#2", DAY, None, "A second one"),
    ]
    assert (
        originals[1].doc.body
        == "## Session Log - May 20, 2025, 14:30: cache keys\n\nText.\n\n## Ideas\n\nMore of the same day.\n"
    )
    assert left == {
        "log.md:1-4": "text before the first heading with a day",
        "log.md:23-25": "no day in this heading; write it as 2026-11-20",
    }


def test_no_line_of_a_log_is_lost(tmp_path):
    put(tmp_path, {"log.md": LOG})
    originals, left = read("one-file", tmp_path / "log.md")
    taken = sum(len(one.doc.body.split()) for one in originals)
    reported = len("\n".join([*LOG.split("\n")[:4], *LOG.split("\n")[22:26]]).split())
    assert len(left) == 2
    assert taken + reported == len(LOG.split())


def test_the_days_of_a_log_are_its_outermost_headings_that_recur(tmp_path):
    text = "# Log 2025-01-01 to 2025-12-31\n## 2025-05-19\n### 2025-05-19 10:00\na\n### 2025-05-19 11:00\nb\n## 2025-05-20\n### 2025-05-20 09:00\nc\n"
    put(tmp_path, {"log.md": text})
    originals, left = read("one-file", tmp_path / "log.md")
    assert [one.name for one in originals] == ["log.md:2-6", "log.md:7-9"]
    assert left == {"log.md:1": "text before the first heading with a day"}


def test_a_heading_over_the_entries_of_a_month_belongs_to_none_of_them(tmp_path):
    may = "# 2025\n\n## May\n\n### 2025-05-30\n\n## Summary\n\na\n\n"
    put(tmp_path, {"log.md": may})
    (before,), _ = read("one-file", tmp_path / "log.md")
    put(tmp_path, {"log.md": f"{may}## June\n\n### 2025-06-02\n\nb\n"})
    (after, june), left = read("one-file", tmp_path / "log.md")
    assert after == before
    assert june.doc.body == "### 2025-06-02\n\nb\n"
    assert left == {
        "log.md:1-4": "text before the first heading with a day",
        "log.md:11-12": "a heading over entries, with no text of its own",
    }


def test_a_day_that_can_be_read_two_ways_asks_how_it_is_meant(tmp_path):
    put(tmp_path, {"log.md": "## 03/04/2025\na\n## 05/04/2025\nb\n", "sure.md": "## 03/04/2025\na\n## 25/04/2025\nb\n"})
    originals, left = read("one-file", tmp_path / "log.md")
    assert originals == []
    assert "--day-first" in left["log.md:1-2"]
    for name, reading in (("log.md", {"day_first": True}), ("sure.md", {})):
        originals, left = read("one-file", tmp_path / name, **reading)
        assert (originals[0].day, left) == (date(2025, 4, 3), {})


def test_windows_line_ends_and_a_byte_order_mark_stay_out_of_the_way(tmp_path):
    put(tmp_path, {"log.md": b"\xef\xbb\xbf## 2025-05-19 A title\r\n\r\nText.\r\n\r\n## 2025-05-20\r\n\r\nMore.\r\n"})
    assert recognise(str(tmp_path / "log.md")) == "one-file"
    originals, left = read("one-file", tmp_path / "log.md")
    assert [(title(one), one.doc.body) for one in originals] == [
        ("A title", "## 2025-05-19 A title\r\n\r\nText.\r\n"), ("More", "## 2025-05-20\r\n\r\nMore.\r\n"),
    ]  # fmt: skip
    assert left == {}


def test_an_entry_keeps_its_fingerprint_when_the_log_grows(tmp_path):
    put(tmp_path, {"log.md": "## 2025-05-19\na\n"})
    (before,), _ = read("one-file", tmp_path / "log.md")
    put(tmp_path, {"log.md": "## 2025-05-20\nb\n\n## 2025-05-19\na\n\n\n"})
    (_, after), _ = read("one-file", tmp_path / "log.md")
    assert after.sha256 == before.sha256


# --- jrnl -------------------------------------------------------------------------------------------------------------

JRNL = {
    "tags": {"@auth": 1},
    "entries": [
        {"title": "Fixed auth.", "body": "It was the clock.\n\n---\n", "date": "2025-05-19", "time": "09:30", "tags": ["@auth", "@Auth"], "starred": True},
        {"title": "Fixed auth.", "body": "", "date": "2025-05-19", "time": "09:30", "tags": [], "starred": False, "uuid": "ABC"},
        {"title": "Fixed auth.", "body": "again", "date": "2025-05-19", "time": "09:30", "tags": None},
        {"title": "", "body": "Only a body. More.", "date": "2025-05-20", "time": None, "creator": {"host_name": "mac"}},
        {"title": "No day", "body": "", "date": "yesterday"}, {"title": " ", "body": None, "date": "2025-05-19"},
        {"title": ["x"], "body": "y", "date": "2025-05-19"}, 7, None,
    ],
}  # fmt: skip


def test_every_entry_of_a_jrnl_export_is_read(tmp_path):
    put(tmp_path, {"export.json": json.dumps(JRNL, indent=2)})
    originals, left = read("jrnl", tmp_path / "export.json")
    assert [(title(one), one.day, one.moment, one.tags, one.fields, one.doc.body) for one in originals] == [
        ("Fixed auth.", DAY, datetime.fromisoformat("2025-05-19T09:30"), ("auth", "Auth"), {"starred": True}, "It was the clock.\n\n---\n"),
        ("Fixed auth.", DAY, datetime.fromisoformat("2025-05-19T09:30"), (), {"uuid": "ABC"}, ""),
        ("Fixed auth.", DAY, datetime.fromisoformat("2025-05-19T09:30"), (), {}, "again"),
        ("Only a body. More", date(2025, 5, 20), None, (), {"creator_host_name": "mac"}, "Only a body. More."),
    ]  # fmt: skip
    keys = [one.key for one in originals]
    assert keys[1] == "ABC"
    assert keys[2] == f"{keys[0]}#2"
    assert left == {
        "export.json entry 5": "it has no day", "export.json entry 6": "it has no text", "export.json entry 7": "it has no text",
        "export.json entry 8": "it is not an entry", "export.json entry 9": "it is not an entry",
    }  # fmt: skip


def test_half_a_character_in_an_export_costs_no_entry(tmp_path):
    put(tmp_path, {"x.json": '{"entries": [{"title": "a \\ud800 b", "body": "c \\ud83d d", "date": "2025-05-19"}]}'})
    (one,), left = read("jrnl", tmp_path / "x.json")
    assert (one.doc.body, left) == ("c \ufffd d", {})


def test_one_entry_that_jrnl_exported_alone_is_read(tmp_path):
    put(tmp_path, {"one.json": json.dumps(JRNL["entries"][0])})
    originals, _ = read("jrnl", tmp_path / "one.json")
    assert [title(one) for one in originals] == ["Fixed auth."]


def test_a_folder_in_which_jrnl_exported_each_entry_alone_is_read(tmp_path):
    put(tmp_path, {f"2025_05_19_{number}.json": json.dumps(entry) for number, entry in enumerate(JRNL["entries"][:2])})
    assert recognise(str(tmp_path)) == "jrnl"
    originals, left = read("jrnl", tmp_path)
    assert ([title(one) for one in originals], left) == (["Fixed auth.", "Fixed auth."], {})


@pytest.mark.parametrize(
    ("text", "why"),
    [("{", "no JSON"), ("[]", "no list of entries"), ('{"entries": {}}', "no list"), ("", "empty"), ("[" * 200_000, "no JSON"), (b"\xff", "not UTF-8")],
)  # fmt: skip
def test_a_broken_export_says_what_is_wrong(tmp_path, text, why):
    put(tmp_path, {"x.json": text})
    originals, left = read("jrnl", tmp_path / "x.json")
    assert originals == []
    assert why in next(iter(left.values()))


# --- obsidian ---------------------------------------------------------------------------------------------------------


def vault(tmp_path, settings, files, name="daily-notes.json"):
    return put(tmp_path / "vault", {f".obsidian/{name}": json.dumps(settings), **files})


def test_the_vaults_settings_tell_which_notes_are_daily(tmp_path):
    root = vault(tmp_path, {"folder": "/Journal/Daily/", "format": "YYYY/MM-MMMM/YYYY-MM-DD dddd", "template": "x"}, {
        "Journal/Daily/2025/05-May/2025-05-19 Monday.md": "---\ntags: [work]\naliases:\n  - The clock\n---\n# Clock\n\nSee [[Auth]] and ![[shot.png|300]] ![x](pics/a b.jpg) ![y](https://x.org/z.png) #bug/time, `#code` [x](#y) #42\n```\n#incode\n```\n",
        "Journal/Daily/2025/05-May/2025-06-20 Friday.md": "wrong month", "Journal/Daily/2025-05-21.md": "other form",
        "2025-05-22 Thursday.md": "elsewhere", "Auth.md": "a note", "shot.png": b"\x89",
    })  # fmt: skip
    originals, left = read("obsidian", root)
    (one,) = originals
    assert (one.name, one.day, title(one), one.tags) == (
        "Journal/Daily/2025/05-May/2025-05-19 Monday.md",
        DAY,
        "Clock",
        ("bug/time",),
    )
    assert one.attachments == ("shot.png", "pics/a b.jpg")
    assert "[[Auth]]" in one.doc.body
    form = "its name is no day as the vault writes it (YYYY/MM-MMMM/YYYY-MM-DD dddd)"
    assert left == {
        "Journal/Daily/2025-05-21.md": form, "Journal/Daily/2025/05-May/2025-06-20 Friday.md": form, "3 other files of the vault": "no daily notes",
    }  # fmt: skip


def test_a_vault_without_settings_keeps_its_days_as_obsidian_does(tmp_path):
    root = put(
        tmp_path, {".obsidian/app.json": "{}", "2025-05-19.md": "a", "deep/2025-05-20.md": "b", "2025-05-21 x.md": "no"}
    )
    originals, left = read("obsidian", root)
    assert [one.name for one in originals] == ["2025-05-19.md", "deep/2025-05-20.md"]
    assert left == {"1 other file of the vault": "no daily notes"}


def test_a_folder_of_a_vault_is_read_by_the_vaults_settings_and_names(tmp_path):
    root = vault(
        tmp_path,
        {"daily": {"folder": "d", "format": "DD.MM.YY"}},
        {"d/19.05.25.md": "a", "x.md": "b"},
        "plugins/periodic-notes/data.json",
    )
    originals, left = read("obsidian", root / "d")
    assert [(one.key, one.day) for one in originals] == [("vault/d/19.05.25.md", DAY)]
    assert left == {}


@pytest.mark.parametrize(
    ("spelling", "name"),
    [
        ("YYYY-MM-DD", "2025-05-19"), ("YYYYMMDD", "20250519"), ("MMMM Do, YYYY", "May 19th, 2025"), ("D. MMM YYYY", "19. Mai 2025"),
        ("[Day] YYYY-DDDD", "Day 2025-139"), ("gggg-[W]ww/YYYY-MM-DD", "2025-W21/2025-05-19"), ("dddd, D MMMM YYYY", "Monday, 19 May 2025"),
    ],
)  # fmt: skip
def test_a_date_format_reads_the_names_that_it_writes(tmp_path, spelling, name):
    root = vault(tmp_path, {"format": spelling}, {f"{name}.md": "a"})
    originals, _ = read("obsidian", root)
    assert [one.day for one in originals] == [DAY]


@pytest.mark.parametrize("spelling", ["", "[today]", "YYYY", "MM-DD", "YYYY-MM", "dddd"])
def test_a_format_that_names_no_day_is_none(spelling):
    assert name_pattern(spelling) is None


def test_settings_that_cannot_be_read_or_name_no_day_are_reported_or_replaced(tmp_path):
    root = put(tmp_path / "a", {".obsidian/daily-notes.json": "{broken", "2025-05-19.md": "a"})
    assert len(read("obsidian", root)[0]) == 1
    root = vault(tmp_path / "b", {"format": "YYYY-MM"}, {"2025-05.md": "a"})
    assert read("obsidian", root) == (
        [],
        {".obsidian/daily-notes.json": "its date format 'YYYY-MM' does not name a day"},
    )
