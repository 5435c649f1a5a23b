"""What an entry says happened: the facts, and the closing words that speak for the whole."""

import pytest

from scripts import Script
from session_journal.core.insights import story


def happened(script, **more):
    return " ".join(text for text, _ in story.tell(script.session(**more), ()).happened)


@pytest.mark.parametrize(
    ("command", "told"),
    [
        ("git merge origin/main 2>&1", "merged `origin/main`, conflicts resolved in `a.go`"),
        ("git rebase main", "rebased onto `main`, conflicts resolved in `a.go`"),
        ("git stash pop", "restored the stash, conflicts resolved in `a.go`"),
        ("git pull", "merged a branch, conflicts resolved in `a.go`"),
    ],
)
def test_what_was_brought_in_is_named_as_git_was_told(command, told):
    script = Script()
    script.says("Bring the branch up to date")
    script.runs(command, "CONFLICT (content): Merge conflict in a.go", 1)
    script.edits("a.go", "<<<<<<<", "x")
    script.runs("git add a.go && git commit --no-edit", "[main 1234567] Merge")
    assert told in happened(script)
