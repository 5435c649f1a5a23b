"""Changed files: edits, shell commands, merges; what was put back or declined is told apart."""

import pytest

from scripts import Script
from session_journal.core.events import REMOVED, Event, Session
from session_journal.core.insights.changes import change_items, put_back
from session_journal.core.insights.files import changed_files
from session_journal.core.insights.prose import statements


def changed(script):
    return sorted(trail.path for trail in changed_files(script.session()) if trail.changed)


def reverted(script):
    return sorted(trail.path for trail in changed_files(script.session()) if trail.reverted)


def test_edits_count_only_where_they_were_made():
    script = Script()
    script.edits("a.py")
    script.calls_tool("edit", "b.py", text="+ x", output="String to replace not found", failed=True)
    script.declines("c.py", "no, leave it")
    assert changed(script) == ["a.py"]
    assert [trail.path for trail in changed_files(script.session()) if trail.declined] == ["c.py"]


@pytest.mark.parametrize(
    ("command", "paths"),
    [
        ("sed -i 's/a/b/' src/x.py src/y.py", ["src/x.py", "src/y.py"]),
        ("sed -i.bak -e 's/a/b/' x.py", ["x.py"]),
        ("sed -i '' 's/a/b/' src/x.py", ["src/x.py"]),
        ("sed -i .bak 's/a/b/' x.py", ["x.py"]),
        ("sed -n '1,3p' x.py", []),
        ("awk '$1 > 5 {print}' x.txt", []),
        ("jq '.[] | select(.a > 3)' x.json", []),
        ('git commit -m "tidy; rm a.py and b.py"', []),
        ("echo 'x' > \"notes.md\"", ["notes.md"]),
        ("bash -lc 'cd src && sed -i s/a/b/ x.py'", ["src/x.py"]),
        ("# don't touch\nrm x.py\n# it's gone", ["x.py"]),
        ("perl -pi -e 's/a/b/' x.py", ["x.py"]),
        ("cat > src/new.py <<'EOF'\nprint('> not.this')\nEOF", ["src/new.py"]),
        ("cat <<EOF > src/new.py\ntext\nEOF\npytest", ["src/new.py"]),
        ("echo hello >> notes.md", ["notes.md"]),
        ("make 2>/dev/null >&2", []),
        ("git log --format='%h -> %s' | head", []),
        ("printf x | tee -a log.txt", ["log.txt"]),
        ("touch  one.txt\ttwo.txt", ["one.txt", "two.txt"]),
        ("touch the\\ one.txt", ["the one.txt"]),
        ("touch 'the one.txt' a\"b\"c.txt", ["abc.txt", "the one.txt"]),
        ("cd src && sed -i 's/a/b/' x.py", ["src/x.py"]),
        ("cp a.py b.py", ["b.py"]),
        ("python3 - <<'EOF'\nopen('conf.toml', 'w').write('x')\nEOF", ["conf.toml"]),
        ("git -C /home/mira/code/tidepool mv old.py new.py", ["new.py", "old.py"]),
        ("echo x > /tmp/scratch.txt", []),
        ("echo x > $HOME/x.txt", []),
        ("sed -i s/a/b/ ~/.bashrc", []),
        ("echo x > /home/mira/code/other/x.py", []),
        ("echo x > /home/mira/code/tidepool/in.py", ["in.py"]),
    ],
)
def test_shell_commands_that_write(command, paths):
    script = Script()
    script.runs(command)
    assert changed(script) == paths


@pytest.mark.parametrize(
    ("command", "paths"),
    [
        ("del src\\x.py", ["src/x.py"]),
        ("Remove-Item -Recurse -Force src\\x.py", ["src/x.py"]),
        ("Move-Item -Path a.py -Destination src\\b.py", ["a.py", "src/b.py"]),
        ("Set-Content -Path src\\x.py -Value 'y.py'", ["src/x.py"]),
        ("'text' | Out-File -Encoding utf8 C:\\Users\\mira\\tidepool\\in.md", ["in.md"]),
        ("rm src\\x.py", ["src/x.py"]),
    ],
)
def test_commands_on_windows_that_write(command, paths):
    script = Script("C:\\Users\\mira\\tidepool")
    script.runs(command)
    assert changed(script) == paths


def test_a_failing_chain_counts_for_all_but_its_last_command():
    script = Script()
    script.runs("sed -i s/a/b/ x.py && pytest", "1 failed", code=1)
    script.runs("sed -i s/a/b/ missing.py", "no such file", code=1)
    assert changed(script) == ["x.py"]


def test_formatters_count_by_what_they_say():
    script = Script()
    script.runs("black src", "reformatted src/x.py\n1 file reformatted, 3 files left unchanged.")
    assert changed(script) == ["src/x.py"]


def test_an_edit_that_is_undone_leaves_no_change():
    script = Script()
    script.edits("a.py", "one", "two")
    script.edits("a.py", "two", "three")
    script.edits("a.py", "three", "one")
    assert changed(script) == []
    assert reverted(script) == ["a.py"]


@pytest.mark.parametrize(
    "command", ["git checkout -- a.py", "git restore a.py", "git checkout a.py", "git checkout .", "git reset --hard"]
)
def test_what_git_restores_is_unchanged(command):
    script = Script()
    script.edits("a.py", "one", "two")
    script.runs(command)
    assert changed(script) == []


def test_what_was_committed_is_not_undone_by_a_later_restore():
    script = Script()
    script.edits("a.py", "one", "two")
    script.runs("git commit -am x", "[main 1234567] x")
    script.edits("a.py", "two", "three")
    script.runs("git checkout -- a.py")
    assert changed(script) == ["a.py"]


def test_a_file_made_and_removed_again_is_no_change():
    script = Script()
    script.calls_tool("edit", "probe.py", text="+ x", output="File created successfully at: probe.py")
    script.runs("rm probe.py")
    assert changed(script) == []


def test_files_in_conflict_count_when_they_are_resolved():
    script = Script()
    script.runs(
        "git merge main", "CONFLICT (content): Merge conflict in a.go\nCONFLICT (content): Merge conflict in b.go", 1
    )
    script.runs("git checkout --theirs a.go && git add a.go")
    assert changed(script) == ["a.go"]
    script.runs("git commit --no-edit", "[main 1234567] Merge")
    assert changed(script) == ["a.go", "b.go"]


def test_a_merge_that_is_given_up_resolves_nothing():
    script = Script()
    script.runs("git merge main", "CONFLICT (content): Merge conflict in a.go", 1)
    script.runs("git merge --abort")
    script.runs("git commit -m other", "[x 1234567] other")
    assert changed(script) == []


def test_what_a_sub_agent_edits_counts():
    script = Script()
    script.calls_tool("edit", "a.py", text="+ x", output="updated", agent="a1")
    assert changed(script) == ["a.py"]


def events_of(*events):
    return Session("cursor", "s", events)


def test_where_no_call_has_a_result_edits_and_commands_count_as_made():
    write = Event("edit", 2, "assistant", "+ x", "a.py", call="1")
    run = Event("command", 2, "assistant", "", "rm old.py", call="2")
    trails = {trail.path: trail for trail in changed_files(events_of(Event("prompt", 1, "user", "go"), write, run))}
    assert sorted(path for path, trail in trails.items() if trail.changed) == ["a.py", "old.py"]
    assert not trails["a.py"].created


def test_a_change_without_a_call_counts_and_a_call_that_others_like_it_were_answered_does_not():
    read = Event("read", 2, "assistant", "", "b.py", call="1")
    answer = Event("result", 3, "tool", "text", call="1")
    noted = Event("edit", 2, "assistant", "", "cache.txt")
    running = Event("edit", 4, "assistant", "+ x", "a.py", call="2")
    assert [trail.path for trail in changed_files(events_of(read, noted, answer, running))] == ["cache.txt"]


def test_a_file_that_an_edit_took_away_was_deleted_not_created():
    script = Script()
    script.calls_tool("edit", "old.py", text=REMOVED, output="Success. Updated the following files:\nD old.py")
    (trail,) = changed_files(script.session())
    assert (trail.deleted, trail.created, trail.changed) == (True, False, True)


@pytest.mark.parametrize(
    ("output", "created"),
    [
        ("File created successfully at: a.py", True),
        ("Successfully created and wrote to new file: a.py.", True),
        ("Success. Updated the following files:\nA a.py", True),
        ("The file a.py has been updated.", False),
        ("Successfully overwrote file: a.py.", False),
        ("Wrote file successfully.", False),
        ("", False),
    ],
)
def test_a_file_was_made_only_where_the_result_says_so(output, created):
    write = Event("edit", 2, "assistant", "+ x", "a.py", call="1")
    (trail,) = changed_files(events_of(write, Event("result", 3, "tool", output, call="1")))
    assert trail.created is created


@pytest.mark.parametrize(
    ("output", "created"),
    [("1 line inserted into a.py", False), ("The file a.py has been updated", False), ("File created: a.py", True)],
)
def test_a_file_counts_as_new_only_where_the_tool_does_not_say_otherwise(output, created):
    script = Script()
    script.calls_tool("edit", "a.py", text="+ x", output=output)
    (trail,) = changed_files(script.session())
    assert trail.created == created


def bullets(script, *said):
    statement = [one for text in said for one in statements(text, script.turn + 1, closing=True)]
    items, _ = change_items(changed_files(script.session()), statement, 60)
    return [item.text for item in items]


@pytest.mark.parametrize("command", ["git mv old.py new.py", "mv old.py new.py"])
def test_a_moved_file_is_told_once_with_where_it_came_from(command):
    script = Script()
    script.runs(command)
    assert bullets(script) == ["`new.py` — moved from `old.py`"]


def test_a_file_keeps_its_edits_and_its_first_name_over_several_moves():
    script = Script()
    script.edits("a.py", "x = 1", "def tide(): ...")
    script.runs("git mv a.py b.py && git mv b.py src/")
    assert bullets(script) == ["`src/b.py` — moved from `a.py`; added tide"]


def test_a_file_that_is_moved_back_is_no_change():
    script = Script()
    script.runs("git mv a.py b.py")
    script.runs("git mv b.py a.py")
    assert changed(script) == []


def test_a_file_made_here_and_moved_is_a_new_file():
    script = Script()
    script.calls_tool("edit", "draft.py", text="+ x", output="File created successfully at: draft.py")
    script.runs("mv draft.py tides.py")
    assert bullets(script) == ["`tides.py` — created"]


def test_several_files_are_moved_into_a_folder():
    script = Script()
    script.runs("git mv a.py b.py lib")
    assert bullets(script) == ["`lib/a.py` — moved from `a.py`", "`lib/b.py` — moved from `b.py`"]


def test_a_folder_that_is_removed_takes_what_the_session_made_in_it_along():
    script = Script()
    script.calls_tool("edit", "probe/x.py", text="+ x", output="File created successfully at: probe/x.py")
    script.edits("lib/y.py")
    script.runs("rm -rf probe .cache && git rm -r lib")
    assert changed(script) == ["lib/y.py"]
    assert bullets(script) == ["`lib/y.py` — deleted"]


def test_every_deleted_file_is_told_as_deleted_however_many_there_are():
    script = Script()
    script.runs("rm " + " ".join(f"f{number}.py" for number in range(9)))
    assert all(text.endswith("— deleted") for text in bullets(script))


def test_what_is_added_and_taken_away_again_is_neither():
    script = Script()
    script.edits("a.py", "x = 1", "def probe(): ...")
    script.edits("a.py", "def probe(): ...", "def tide(): ...")
    assert bullets(script) == ["`a.py` — added tide"]


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("Created `a.py` with a tide table for each port.", "`a.py` — created with a tide table for each port"),
        ("`a.py` / `b.py` — the table now shows every port.", "`a.py` — the table now shows every port"),
        ("- **Skip the prompt (`lib/a.py`)** when a port is given", "`a.py`"),
        ("- Staged `a.py`.", "`a.py`"),
    ],
)
def test_a_description_does_not_repeat_the_file_and_tells_a_change(said, told):
    script = Script()
    script.edits("a.py")
    assert bullets(script, said) == [told]


def test_what_was_put_back_is_told_apart_from_what_was_made_and_removed():
    script = Script()
    script.edits("a.py", "one", "two")
    script.edits("a.py", "two", "one")
    script.calls_tool("edit", "probe.py", text="+ x", output="File created successfully at: probe.py")
    script.runs("rm probe.py")
    told = [item.text for item in put_back(changed_files(script.session()))]
    assert told == ["Changed and put back: `a.py`", "Made and removed again: `probe.py`"]


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("Updated `src/a.py:50` — the port table now shows every port of the coast.",
         "`src/a.py` — the port table now shows every port of the coast"),
        ("Updated `a.py:50` to show every port of the coast.", "`src/a.py` — updated to show every port of the coast"),
        ("`web/a.py:12` now shows every port of the coast.", "`src/a.py`"),
    ],
)  # fmt: skip
def test_a_file_is_described_without_its_name_and_never_by_another_of_that_name(said, told):
    script = Script()
    script.edits("src/a.py", "x", "y")
    assert bullets(script, said) == [told]
