"""The three-way merge: what comes out of two changed trees, the same whichever side is ours."""

from __future__ import annotations

import hashlib
import re
import subprocess

import pytest
from hypothesis import given
from hypothesis import strategies as st

from session_journal.core import blocks
from session_journal.core.archive_pages import archive_path, lines_of, make_page
from session_journal.core.chain import Record, encode, find_id, lane_file
from session_journal.core.document import fields, parse
from session_journal.core.events import Event, Session
from session_journal.core.merging import merge_trees
from session_journal.core.merging.lines import merge_lines
from session_journal.core.merging.ticks import merge_ticks
from session_journal.core.packing import pack
from session_journal.core.union import unite
from session_journal.errors import JournalError

A = "journal/sessions/2026/2026-11-20-a.md"
B = "journal/sessions/2026/2026-11-20-b.md"
NOTES = "journal/notes/2026-11-20.md"
WEEK = "journal/rollups/2026-W47.md"


class Memory:
    """File contents by their hash."""

    def __init__(self):
        self.known = {}

    def read(self, oid):
        return self.known[oid]

    def store(self, data):
        oid = hashlib.sha1(data).hexdigest()
        self.known[oid] = data
        return oid


@pytest.fixture
def merge_text(tmp_path):
    """Return git's own merge of one file."""

    def run(base, one, two):
        for name, data in (("one", one), ("base", base), ("two", two)):
            (tmp_path / name).write_bytes(data)
        command = ["git", "merge-file", "-p", "-q", "one", "base", "two"]
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, check=False)
        return done.stdout if done.returncode == 0 else None

    return run


@pytest.fixture
def merge(merge_text):
    """Return a function that merges path → bytes (or (mode, bytes)) both ways round and hands back what came of it."""

    def run(base, ours, theirs):
        memory = Memory()
        trees = [
            {
                path: ("100644", memory.store(what)) if isinstance(what, bytes) else (what[0], memory.store(what[1]))
                for path, what in files.items()
            }
            for files in (base, ours, theirs)
        ]
        merged = merge_trees(*trees, memory, merge_text)
        swapped = merge_trees(trees[0], trees[2], trees[1], memory, merge_text)
        assert merged == swapped, "two clones would not come out equal"
        again = merge_trees(trees[1], merged.tree, trees[1], memory, merge_text)
        assert again.tree == merged.tree, "what is merged would not stay merged"
        run.resolved = [(one.what, one.path, one.other) for one in merged.resolved]
        run.again = merged.again
        return {path: memory.read(oid) for path, (_, oid) in merged.tree.items()}

    return run


def entry(number, body="What happened.\n", **keys):
    """Return an entry whose id is made of a number."""
    values = {"title": "A session", "date": "2026-11-20", "created": f"2026-11-20T10:00:{number:02}+00:00", **keys}
    lines = "".join(f"{key}: {value}\n" for key, value in values.items())
    return f'---\nid: "{number:032x}"\n{lines}---\n\n{body}'.encode()


def note(number, *lines):
    return entry(number, "# Notes\n\n" + "".join(f"- {line}\n" for line in lines), title="Notes")


LONG = "".join(f"Line {number} of it.\n\n" for number in range(8))


# --- entries --------------------------------------------------------------------------------------------------------


def test_changes_of_one_side_are_taken(merge):
    base = {A: entry(1), B: entry(2)}
    assert merge(base, {A: entry(1, "mine\n"), B: entry(2)}, {A: entry(1)}) == {A: entry(1, "mine\n")}
    assert merge.resolved == []


def test_changes_in_different_places_of_one_entry_are_merged(merge):
    ours, theirs = LONG.replace("Line 0", "Mine 0"), LONG.replace("Line 7", "Theirs 7")
    out = merge({A: entry(1, LONG)}, {A: entry(1, ours)}, {A: entry(1, theirs)})
    assert out == {A: entry(1, ours.replace("Line 7", "Theirs 7"))}
    assert merge.resolved == [("merged", A, "")]


def test_front_matter_is_merged_key_by_key(merge):
    base = entry(1, LONG, updated="2026-11-20T10:00:00+00:00", tags="[x, gone]", kind="review")
    ours = entry(1, LONG, updated="2026-11-20T12:00:00+00:00", tags="[x, gone, mine]", kind="debugging")
    theirs = entry(1, LONG, updated="2026-11-20T11:00:00+00:00", tags="[x, theirs]", kind="review", phase="late")
    out = fields(parse(merge({A: base}, {A: ours}, {A: theirs})[A]))
    assert str(out["updated"]) == "2026-11-20 12:00:00+00:00"
    assert (out["kind"], out["phase"], sorted(out["tags"])) == ("debugging", "late", ["mine", "theirs", "x"])


@pytest.mark.parametrize(("key", "mine", "theirs", "kept"), [
    ("visibility", "public", "self", "self"),
    ("visibility", "team", "public", "team"),
    ("status", "draft", "final", "final"),
    ("turns", "12", "15", None),
])  # fmt: skip
def test_a_key_with_a_rule_of_its_own_is_settled_by_it(merge, key, mine, theirs, kept):
    base = entry(1, LONG, **{key: "1"})
    out = merge({A: base}, {A: entry(1, LONG, **{key: mine})}, {A: entry(1, LONG, **{key: theirs})})
    value = str(fields(parse(out[A]))[key])
    assert list(out) == [A]
    assert value == kept if kept else value in {mine, theirs}


@pytest.mark.parametrize(("mine", "theirs", "kept"), [
    (("retired", "established"), ("proven", "proven"), ("retired", "proven")),
    (("retired", "established"), ("proven", "established"), ("retired", "established")),
    (("proven", "candidate"), ("retired", "retired"), ("proven", None)),
    (("candidate", "candidate"), ("proven", "proven"), (None, None)),
])  # fmt: skip
@pytest.mark.parametrize("later", ["11", "12"])
def test_what_a_person_decided_of_a_playbook_outlives_what_was_counted_meanwhile(merge, mine, theirs, kept, later):
    path = "journal/playbooks/a.md"
    sides = [("established", "established", "10:00"), (*mine, "11:30"), (*theirs, f"{later}:00")]
    base, ours, yours = (
        entry(1, LONG, status=status, earned=earned, updated=f"2026-11-20T{clock}:00+00:00")
        for status, earned, clock in sides
    )
    out = merge({path: base}, {path: ours}, {path: yours})
    values = fields(parse(out[path]))
    assert list(out) == [path]
    assert [values["status"] if kept[0] else None, values["earned"] if kept[1] else None] == list(kept)


@pytest.mark.parametrize(("mine", "theirs", "kept"), [
    ("final  # agreed with Bob", "final", "final  # agreed with Bob"),
    ("final", "draft  # asked Bob", "final  # asked Bob"),
    ("final  # agreed with Bob", "draft  # was here", "final  # agreed with Bob"),
])  # fmt: skip
def test_a_comment_on_a_settled_key_that_one_side_wrote_stays(merge, mine, theirs, kept):
    base = entry(1, LONG, status="draft  # was here" if "was" in theirs else "draft", updated="2026-11-20")
    ours = entry(1, LONG, status=mine, updated="2026-11-21")
    out = merge({A: base}, {A: ours}, {A: entry(1, LONG, status=theirs, updated="2026-11-22")})
    assert list(out) == [A]
    assert f"status: {kept}\n".encode() in out[A]


def test_two_comments_on_a_settled_key_keep_both_versions(merge):
    ours, theirs = entry(1, visibility="public  # legal said yes"), entry(1, visibility="team  # keep")
    out = b"".join(versions(merge, entry(1, visibility="self"), ours, theirs)[::2])
    assert b"# legal said yes" in out
    assert b"# keep" in out


def versions(merge, base, ours, theirs):
    """Merge one entry that conflicts; return the winner's bytes and the other version's path and bytes."""
    out = merge({A: base}, {A: ours}, {A: theirs})
    ((_, path, other),) = [one for one in merge.resolved if one[0] == "both"]
    assert set(out) == {A, other}
    assert path == A
    return out[A], other, out[other]


@pytest.mark.parametrize("ours_later", [True, False])
def test_changes_in_the_same_place_keep_both_versions_side_by_side(merge, ours_later):
    early, late = "2026-11-20T11:00:00+00:00", "2026-11-20T12:00:00+00:00"
    ours = entry(1, "mine\n", updated=late if ours_later else early)
    theirs = entry(1, "theirs\n", updated=early if ours_later else late)
    winner, other, loser = versions(merge, entry(1), ours, theirs)
    assert winner == (ours if ours_later else theirs)
    values = fields(parse(loser))
    assert values["version_of"] == f"{1:032x}"
    assert values["id"] not in {"", f"{1:032x}"}
    assert re.fullmatch(A.removesuffix(".md") + r"-version-[0-9a-f]{8}\.md", other)
    assert parse(loser).body == parse(theirs if ours_later else ours).body


@pytest.mark.parametrize("change", [
    ("title: A session", "title: Mine", "title: Theirs"),
    ("title: A session", "title: A session # mine", "title: A session # theirs"),
    ("---\n\n", "# a comment of mine\n---\n\n", "# another comment\n---\n\n"),
])  # fmt: skip
def test_words_of_the_front_matter_are_never_dropped(merge, change):
    base = entry(1).decode()
    ours, theirs = (base.replace(change[0], new).encode() for new in change[1:])
    out = b"".join(merge({A: base.encode()}, {A: ours}, {A: theirs}).values())
    for word in (*change[1].split(), *change[2].split()):
        assert word.encode() in out


def test_one_changed_version_file_is_not_overwritten_by_the_same_conflict_again(merge):
    base, ours, theirs = entry(1), entry(1, "mine\n"), entry(1, "theirs\n")
    _, other, data = versions(merge, base, ours, theirs)
    edited = data + b"and an afterthought\n"
    out = merge({A: base}, {A: ours, other: edited}, {A: theirs})
    assert out[other] == edited
    assert len({find_id(page) for page in out.values()}) == len(out) == 3


def test_an_entry_renamed_here_and_edited_there_is_edited_at_its_new_name(merge):
    assert merge({A: entry(1)}, {B: entry(1)}, {A: entry(1, "edited\n")}) == {B: entry(1, "edited\n")}


def test_an_entry_renamed_on_both_sides_gets_one_name(merge):
    c = A.replace("-a.md", "-c.md")
    assert merge({A: entry(1)}, {B: entry(1)}, {c: entry(1, "edited\n")}) == {B: entry(1, "edited\n")}
    assert merge.resolved == [("merged", B, ""), ("renamed", B, "")]


@pytest.mark.parametrize("path", [A, NOTES, "journal/templates/entry.md.j2"])
def test_what_was_deleted_here_and_changed_there_stays(merge, path):
    assert merge({path: entry(1)}, {}, {path: entry(1, "changed\n")}) == {path: entry(1, "changed\n")}
    assert merge.resolved == [("kept", path, "")]


def test_two_entries_of_one_name_are_both_kept_the_older_one_at_its_name(merge):
    out = merge({}, {A: entry(2, "mine\n")}, {A: entry(1, "theirs\n")})
    assert out == {A: entry(1, "theirs\n"), A.replace(".md", "-2.md"): entry(2, "mine\n")}
    assert merge.resolved == [("suffix", A, A.replace(".md", "-2.md"))]


def test_a_suffix_that_is_taken_is_passed_over(merge):
    taken = A.replace(".md", "-2.md")
    out = merge({}, {A: entry(2), taken: entry(3)}, {A: entry(1)})
    assert out == {A: entry(1), taken: entry(3), A.replace(".md", "-3.md"): entry(2)}


def test_names_that_some_file_systems_take_for_one_are_told_apart(merge):
    out = merge({}, {A.replace("-a.md", "-É.md"): entry(2)}, {A.replace("-a.md", "-é.md"): entry(1)})
    assert out == {A.replace("-a.md", "-é.md"): entry(1), A.replace("-a.md", "-É-2.md"): entry(2)}


def test_names_that_one_side_has_both_are_left_alone(merge):
    upper = A.replace("-a.md", "-A.md")
    assert merge({}, {A: entry(1), upper: entry(2)}, {B: entry(3)}) == {A: entry(1), upper: entry(2), B: entry(3)}


def test_a_file_that_got_its_id_on_both_sides_keeps_one(merge):
    bare = entry(1, LONG).replace(f'id: "{1:032x}"\n'.encode(), b"")
    ours, theirs = entry(3, LONG), entry(2, LONG)
    ours, theirs = (page.replace(b"10:00:03", b"10:00:01").replace(b"10:00:02", b"10:00:01") for page in (ours, theirs))
    out = merge({A: bare}, {A: ours}, {A: theirs})
    assert (list(out), find_id(out[A])) == ([A], f"{2:032x}")


def test_an_entry_that_lost_its_id_line_on_one_side_is_still_the_same(merge):
    ours = entry(1, LONG.replace("Line 0", "Mine")).replace(f'id: "{1:032x}"\n'.encode(), b"")
    out = merge({A: entry(1, LONG)}, {A: ours}, {A: entry(1, LONG.replace("Line 7", "Theirs"))})
    assert (list(out), find_id(out[A])) == ([A], f"{1:032x}")


def test_front_matter_that_cannot_be_read_loses_nothing(merge):
    base, ours, theirs = (b"---\ntitle: [\n---\n\n" + text + b"\n" for text in (b"base", b"mine", b"theirs"))
    out = merge({A: base}, {A: ours}, {A: theirs})
    assert sorted(out.values()) == sorted([ours, theirs])
    assert [path.endswith(".txt") for path in sorted(out)] == [True, False]


TASKS = "## Action items\n\n- [ ] Call Ann\n- Write a test\n- [ ] Ask Bob\n"


@pytest.mark.parametrize(("ours", "theirs", "merged"), [
    (("[ ] Call Ann", "[ ] Call Ann ^abc123"), ("[ ] Call Ann", "[x] Call Ann"), "[x] Call Ann ^abc123"),
    (("[ ] Call Ann", "[ ] Call Ann ^abc123"), ("[ ] Call Ann", "[x] Call Ann ^abc123"), "[x] Call Ann ^abc123"),
    (("[ ] Call Ann", "[x] Call Ann"), ("Write a", "[x] Write a"), "[x] Call Ann\n- [x] Write a"),
])  # fmt: skip
def test_ticks_and_ids_of_two_sides_meet_in_one_entry(merge, ours, theirs, merged):
    out = merge({A: entry(1, TASKS)}, {A: entry(1, TASKS.replace(*ours))}, {A: entry(1, TASKS.replace(*theirs))})
    assert list(out) == [A]
    assert merged in out[A].decode()


@pytest.mark.parametrize(("ours", "theirs"), [
    ("[x] Call Ann", "[/] Call Ann"), ("[ ] Call Bea", "[ ] Call Carl"), ("[x] Call Ann", "[ ] Call Ann today"),
    ("[x] Call Ann", "[ ] Write to Ann ^abc123"),
])  # fmt: skip
def test_one_line_that_was_set_in_two_ways_keeps_both_versions(merge, ours, theirs):
    sides = [entry(1, TASKS.replace("[ ] Call Ann", line)) for line in (ours, theirs)]
    assert len(merge({A: entry(1, TASKS)}, {A: sides[0]}, {A: sides[1]})) == 2


def test_ticks_of_lines_that_say_the_same_go_to_the_same_of_them(merge):
    body = "- [ ] Again\n\ntext\n\n- [ ] Again\n"
    ours, theirs = "- [x] Again\n\ntext\n\n- [ ] Again\n", "- [ ] Again ^abc123\n\ntext\n\n- [ ] Again\n"
    out = merge({A: entry(1, body)}, {A: entry(1, ours)}, {A: entry(1, theirs)})
    assert out == {A: entry(1, "- [x] Again ^abc123\n\ntext\n\n- [ ] Again\n")}


@given(st.text(alphabet="-* [x]^abc123/\r\n.", max_size=60))
def test_a_text_taken_apart_into_words_and_ticks_is_whole_again(text):
    assert merge_ticks(text, text, text, lambda _, one, __: one) == text


# --- notes ----------------------------------------------------------------------------------------------------------


def test_notes_of_one_day_are_joined_in_the_order_of_their_times(merge):
    base = note(1, "09:00 both had this")
    ours = note(1, "09:00 both had this", "10:00 mine", "12:00 mine")
    theirs = note(1, "09:00 both had this", "11:00 theirs")
    out = merge({NOTES: base}, {NOTES: ours}, {NOTES: theirs})
    assert out == {NOTES: note(1, "09:00 both had this", "10:00 mine", "11:00 theirs", "12:00 mine")}
    assert merge.resolved == [("notes", NOTES, "")]


def test_notes_that_both_sides_began_become_one_page_with_the_older_id(merge):
    out = merge({}, {NOTES: note(2, "09:30 mine")}, {NOTES: note(1, "10:00 theirs")})
    assert out == {NOTES: note(1, "09:30 mine", "10:00 theirs")}
    assert merge.resolved == [("joined", NOTES, "")]


def test_a_line_taken_out_or_changed_on_one_side_does_not_come_back(merge):
    base = note(1, "09:00 first", "10:00 second", "11:00 third")
    ours = note(1, "09:00 first", "11:00 third, in other words")
    theirs = note(1, "09:00 first", "10:00 second", "11:00 third", "12:00 new")
    out = merge({NOTES: base}, {NOTES: ours}, {NOTES: theirs})
    assert out == {NOTES: note(1, "09:00 first", "11:00 third, in other words", "12:00 new")}


def test_text_below_a_note_stays_with_it(merge):
    base = note(1, "09:00 first")
    ours = base + b"  with more\n\n  and more\n"
    theirs = note(1, "09:00 first", "09:30 theirs")
    assert merge({NOTES: base}, {NOTES: ours}, {NOTES: theirs}) == {NOTES: ours + b"- 09:30 theirs\n"}


def test_notes_with_code_below_them_are_joined_each_whole():
    base = "# Notes\n\n- 09:00 a\n"
    ours = "- 10:00 mine\n  ```\n  make clean\n  ```\n\n  result: works\n"
    theirs = "- 11:00 theirs\n  ```\n# pasted\n- as it was\n  ```\n\n  result: works\n"
    assert merge_lines(base, f"{base}{ours}- 12:00 lunch\n", base + theirs) == f"{base}{ours}{theirs}- 12:00 lunch\n"


def test_a_note_that_both_sides_went_on_with_is_kept_twice():
    base, mine, theirs = "- 09:00 a\n- 10:00 b\n", "- 09:00 a\n  mine\n", "- 09:00 a\n  theirs\n"
    assert merge_lines(base, f"{mine}- 10:00 b\n", f"{theirs}- 10:00 b\n") == f"{mine}{theirs}- 10:00 b\n"


@pytest.mark.parametrize("sign", "\u2028\u2029\x85\x0b\x0c\x1c\r")
def test_a_sign_that_only_looks_like_the_end_of_a_line_stays_inside_its_note(sign):
    ours, theirs = f"- 09:00 a\n- 10:00 pasted{sign}- 08:00 web\n", "- 09:00 a\n- 11:00 b\n"
    assert merge_lines("- 09:00 a\n", ours, theirs) == f"{ours}- 11:00 b\n"


def test_a_code_block_that_is_never_closed_hides_no_note():
    base = "- 09:00 a\n  ```\n"
    merged = merge_lines(base, f"{base}- 11:00 mine\n", f"{base}- 10:00 theirs\n")
    assert merged == f"{base}- 10:00 theirs\n- 11:00 mine\n"


def test_line_endings_do_not_make_lines_different():
    merged = merge_lines("", "- 09:00 a\r\n- 10:00 b\r\n", "- 09:00 a\n- 11:00 c\n")
    assert merged.splitlines() == ["- 09:00 a", "- 10:00 b", "- 11:00 c"]


TIMES = st.lists(st.tuples(st.integers(0, 23), st.integers(0, 59), st.sampled_from("abc")), max_size=8)


def lines(notes):
    return "".join(f"- {hour:02}:{minute:02} {text}\n" for hour, minute, text in sorted(notes))


@given(TIMES, TIMES, TIMES)
def test_the_union_of_notes_is_symmetric_complete_in_order_and_repeatable(base, ours, theirs):
    before, one, two = lines(base), lines(base + ours), lines(base + theirs)
    merged = merge_lines(before, one, two)
    assert merged == merge_lines(before, two, one)
    times = [line[2:7] for line in merged.splitlines()]
    assert times == sorted(times)
    for line in {*one.splitlines(), *two.splitlines()}:
        counts = [text.splitlines().count(line) for text in (one, two, merged)]
        assert counts[2] == max(counts[:2])
    assert merge_lines(one, one, merged) == merged
    assert merge_lines(merged, merged, merged) == merged


TEXTS = st.lists(
    st.sampled_from(["", "a", "  b", "  ```", "c", "- 09:00 x", "- 09:00 x\n  more", "- 10:00 y", "# t"]), max_size=8
)


def items(text):
    """Return the bullets and headings of a text without code blocks, each with what stands below it."""
    return [part.strip() for part in re.split(r"^(?=[-#])", text, flags=re.MULTILINE)]


@given(TEXTS, TEXTS, TEXTS)
def test_a_union_never_loses_a_line_that_nobody_took_out(base, ours, theirs):
    texts = ["".join(f"{line}\n" for line in ["# Notes", *text]) for text in (base, ours, theirs)]
    merged = merge_lines(*texts)
    assert merged == merge_lines(texts[0], texts[2], texts[1])
    had, mine, yours = (text.splitlines() for text in texts)
    assert {*mine, *yours} - {*had} <= {*merged.splitlines()} <= {*mine, *yours}
    if "```" not in "".join(texts):
        had, mine, yours, kept = (set(items(text)) for text in (*texts, merged))
        assert (mine & yours) | ((mine | yours) - had) <= kept <= mine | yours


# --- generated pages ------------------------------------------------------------------------------------------------


def week(block, above="", below="", number=1, updated="2026-11-20T10:00:00+00:00"):
    body = blocks.replace(above, "weekly", block) + below
    return entry(number, body, title="Week 2026-W47", type="rollup", updated=updated)


ABOVE = "My week in my words.\n\nA second thought.\n"


def test_text_around_a_managed_block_is_merged_and_the_block_generated_again(merge):
    out = merge(
        {WEEK: week("old", ABOVE)},
        {WEEK: week("mine", ABOVE.replace("words", "own words"))},
        {WEEK: week("theirs", ABOVE, "\nBelow.\n", updated="2026-11-20T11:00:00+00:00")},
    )
    assert out == {
        WEEK: week("theirs", ABOVE.replace("words", "own words"), "\nBelow.\n", updated="2026-11-20T11:00:00+00:00")
    }
    assert merge.again == {WEEK}


def test_a_block_that_one_side_generated_is_taken_as_it_is(merge):
    assert merge({WEEK: week("old")}, {WEEK: week("mine")}, {WEEK: week("old", below="\nBelow.\n")}) == {
        WEEK: week("mine", below="\nBelow.\n")
    }
    assert merge.again == set()


def test_conflicting_text_around_a_block_stays_on_the_one_page(merge):
    out = merge({WEEK: week("x", "Old.\n")}, {WEEK: week("x", "Mine.\n")}, {WEEK: week("x", "Theirs.\n")})
    body = parse(out[WEEK]).body
    assert list(out) == [WEEK]
    assert ("Mine.\n" in body, "Theirs.\n" in body, "Old.\n" in body) == (True, True, False)
    assert blocks.read(body, "weekly") == "x\n"


def by_hand(page, text):
    return page.replace(b"<!-- /journal", text + b"\n<!-- /journal")


def test_lines_ticked_by_hand_on_two_sides_are_both_ticked_on_the_one_page(merge):
    old = week("- [ ] call\n- [ ] write\n")
    sides = [old.replace(f"[ ] {what}".encode(), f"[x] {what}".encode()) for what in ("call", "write")]
    out = merge({WEEK: old}, {WEEK: sides[0]}, {WEEK: sides[1]})
    assert out == {WEEK: old.replace(b"[ ]", b"[x]")}
    assert blocks.ticked(parse(out[WEEK]).body, "weekly")


def test_a_block_ticked_by_hand_outlives_a_generated_one(merge):
    old = week("- [ ] call\n- [ ] write\n")
    later = week("- [ ] call\n- new\n", updated="2026-11-21T10:00:00+00:00")
    out = merge({WEEK: old}, {WEEK: old.replace(b"[ ] call", b"[x] call")}, {WEEK: later})
    assert blocks.read(parse(out[WEEK]).body, "weekly") == "- [x] call\n- [ ] write\n"


@pytest.mark.parametrize("other", [week("generated"), week("generated", updated="2026-11-21T10:00:00+00:00")])
def test_a_block_edited_by_hand_outlives_a_generated_one(merge, other):
    ours = by_hand(week("old"), b"by hand")
    out = merge({WEEK: week("old")}, {WEEK: ours}, {WEEK: other})
    assert blocks.read(parse(out[WEEK]).body, "weekly") == "old\nby hand\n"
    assert merge.again == set()


def test_of_two_blocks_edited_by_hand_both_versions_are_kept(merge):
    base = week("old")
    out = merge({WEEK: base}, {WEEK: by_hand(base, b"mine")}, {WEEK: by_hand(base, b"theirs")})
    ((what, _, other),) = merge.resolved
    assert what == "both"
    assert (b"mine" in out[WEEK]) != (b"mine" in out[other])
    assert (b"theirs" in out[WEEK]) != (b"theirs" in out[other])
    assert b"journal:weekly" not in out[other]


@pytest.mark.parametrize("path", [WEEK, "journal/playbooks/check-first.md", "journal/learnings.md"])
def test_a_page_that_both_sides_generated_anew_is_one_page(merge, path):
    out = merge({}, {path: week("mine", number=2)}, {path: week("theirs", number=1)})
    assert (list(out), find_id(out[path]), merge.again) == ([path], f"{1:032x}", {path})


# --- the log and other files ----------------------------------------------------------------------------------------

LANE = "a" * 16


def record(place, **parts):
    return encode(Record(op="init", w=LANE, s=place, t=1, c="b" * 64, **parts)) + b"\n"


def test_log_files_are_joined_by_their_places():
    first, second, third = (record(place) for place in range(3))
    assert unite("x", first + third, first + second) == first + second + third
    assert unite("x", first, first + second) == first + second
    assert unite("x", b"", first) == first


def test_two_records_at_one_place_of_a_lane_stop_the_merge():
    with pytest.raises(JournalError, match=f"lane {LANE} .* place 1") as caught:
        unite("x", record(0) + record(1), record(0) + record(1, l=7))
    assert f"journal log abandon {LANE}" in caught.value.hint


def test_a_log_line_that_is_no_record_stops_the_merge():
    with pytest.raises(JournalError, match="a line that is no record"):
        unite("x", record(0) + b"torn", record(0) + record(1))


def test_a_log_never_shrinks(merge):
    path = lane_file(LANE, 0)
    assert merge({path: record(0) + record(1)}, {path: record(0)}, {path: record(0) + record(1)})[path] == record(
        0
    ) + record(1)
    assert merge({path: record(0)}, {}, {path: record(0)}) == {path: record(0)}


SETTINGS = "journal/journal.toml"


def test_settings_are_merged_where_that_is_clean(merge):
    lines = [f"k{number} = {number}\n" for number in range(9)]
    ours, theirs = ["a = 1\n", *lines], [*lines, "z = 1\n"]
    out = merge(*({SETTINGS: "".join(text).encode()} for text in (lines, ours, theirs)))
    assert out == {SETTINGS: "".join(["a = 1\n", *lines, "z = 1\n"]).encode()}


def test_settings_that_would_not_be_toml_any_more_keep_both_versions(merge):
    lines = [f"k{number} = {number}\n" for number in range(9)]
    ours, theirs = ["same = 1\n", *lines], [*lines, "same = 2\n"]
    texts = ["".join(text).encode() for text in (lines, ours, theirs)]
    out = merge(*({SETTINGS: text} for text in texts))
    ((what, path, other),) = merge.resolved
    assert (what, path) == ("settings", SETTINGS)
    assert {out[SETTINGS], out[other]} == set(texts[1:])
    assert re.fullmatch(r"journal/journal-version-[0-9a-f]{8}\.toml", other)


def test_a_file_and_a_folder_of_one_name_stop_the_merge(merge):
    with pytest.raises(JournalError, match="a folder on the other"):
        merge({}, {"x": b"file"}, {"x/y": b"in a folder"})


def test_a_link_that_both_sides_changed_stops_the_merge(merge):
    with pytest.raises(JournalError, match="no plain file"):
        merge({"x": ("120000", b"a")}, {"x": ("120000", b"b")}, {"x": ("120000", b"c")})


# --- everything at once ---------------------------------------------------------------------------------------------

WORDS = st.integers(0, 6).map(lambda number: f"word{number}")
PAGES = st.dictionaries(
    st.sampled_from([A, B, NOTES, WEEK]),
    st.builds(lambda number, text: entry(number, "".join(f"{word}\n" for word in text)), st.integers(1, 3), st.lists(WORDS, max_size=4)),
    max_size=4,
)  # fmt: skip


def as_git_would_not(base, one, two):
    """Stand for git where text conflicts whenever both sides changed it: the harder case."""


@given(PAGES, PAGES, PAGES)
def test_any_three_trees_merge_symmetrically_and_lose_no_new_word(base, ours, theirs):
    memory = Memory()
    trees = [{path: ("100644", memory.store(data)) for path, data in files.items()} for files in (base, ours, theirs)]
    merged = merge_trees(*trees, memory, as_git_would_not)
    assert merged == merge_trees(trees[0], trees[2], trees[1], memory, as_git_would_not)
    text = b"".join(memory.read(oid) for _, oid in merged.tree.values())
    old = b"".join(base.values())
    for side in (ours, theirs):
        for word in re.findall(rb"word\d", b"".join(side.values())):
            assert word in text or word in old


# --- decisions about patterns ---------------------------------------------------------------------------------------

DECIDED = "journal/patterns.toml"
HEAD = b'# Mine.\nvisibility = "self"\n'
IGNORE, MERGE, SPLIT = (b'\n# why\n[[%b]]\ntext = "%b"\n' % (verb, verb) for verb in (b"ignore", b"merge", b"split"))


def test_decisions_of_both_sides_stand_and_what_one_took_back_is_gone(merge):
    base = {DECIDED: HEAD + IGNORE}
    both = merge(base, {DECIDED: HEAD + IGNORE + MERGE}, {DECIDED: HEAD + SPLIT})
    assert both == {DECIDED: HEAD + MERGE + SPLIT}
    assert merge.resolved == [("merged", DECIDED, "")]


def test_files_of_decisions_that_were_begun_on_both_sides_become_one(merge):
    assert merge({}, {DECIDED: HEAD + MERGE}, {DECIDED: HEAD + IGNORE}) == {DECIDED: HEAD + IGNORE + MERGE}


def test_decisions_whose_beginnings_clash_keep_both_versions(merge):
    team, public = (HEAD.replace(b"self", level) for level in (b"team", b"public"))
    files = merge({DECIDED: HEAD}, {DECIDED: team + IGNORE}, {DECIDED: public + MERGE})
    assert sorted(files.values()) == sorted([team + IGNORE, public + MERGE])
    assert len(files) == 2


def told_by(*texts, **more):
    session = Session("codex", "s1", tuple(Event("reply", 1, "assistant", text) for text in texts), **more)
    return make_page(f"{1:032x}", "".join(f"{line}\n" for line in pack(session)))


EVENTS = archive_path(f"{1:032x}")


def test_of_a_sessions_events_the_longer_ones_stay_where_they_hold_the_shorter(merge):
    short, long = told_by("a", "b", title="one"), told_by("a", "b", "c", title="two")
    for base in ({}, {EVENTS: told_by("a")}):
        assert merge(base, {EVENTS: short}, {EVENTS: long}) == {EVENTS: long}
        assert merge.resolved == [("merged", EVENTS, "")]


def test_events_that_went_apart_both_stay_whole(merge):
    one, two = told_by("a", "b"), told_by("a", "x", "y")
    files = merge({EVENTS: told_by("a")}, {EVENTS: one}, {EVENTS: two})
    ((what, path, other),) = merge.resolved
    assert (what, path) == ("both", EVENTS)
    assert set(files) == {EVENTS, other}
    assert {tuple(lines_of(data)) for data in files.values()} == {tuple(lines_of(one)), tuple(lines_of(two))}
    assert len({find_id(data) for data in files.values()}) == 2


def test_events_stay_with_an_entry_that_one_side_deleted_and_the_other_changed(merge):
    base = {A: entry(1), EVENTS: told_by("a")}
    changed = {**base, A: entry(1, "Changed.")}
    assert merge(base, {}, changed) == changed


def test_events_go_with_an_entry_that_one_side_deleted_though_they_grew_on_the_other(merge):
    base = {A: entry(1), EVENTS: told_by("a")}
    assert merge(base, {}, {**base, EVENTS: told_by("a", "b")}) == {}
    assert merge.resolved == []
