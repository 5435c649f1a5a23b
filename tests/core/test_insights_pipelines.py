"""What a forge's pipelines showed of what was pushed, and what it does to the outcome."""

import pytest

from scripts import Script
from session_journal.core.insights.goals import prompts
from session_journal.core.insights.pipelines import runs
from session_journal.core.signals import judge, signals


def seen(command, output, code=0):
    script = Script()
    script.runs(command, output, code)
    return [(run.passed, run.failed) for run in runs(script.session().events)]


@pytest.mark.parametrize(
    ("command", "output", "found"),
    [
        ("gh run view 7", "X main CI · 7\nTriggered via push\n\nJOBS\n✓ lint in 5s (ID 1)\nX test in 9s (ID 2)", [(False, ("test",))]),
        ("gh run view 7", "✓ main CI · 7\n\nJOBS\n✓ lint in 5s (ID 1)", [(True, ())]),
        ("gh run view 7", "* main CI · 7\n\nJOBS\n* lint (ID 1)", []),
        ("gh run watch 7 --exit-status", "Run CI (7) has already completed with 'failure'", [(False, ())]),
        ("gh run watch 7", "✓ main CI · 7\n\n✓ Run CI (7) completed with 'success'", [(True, ())]),
        ("gh pr checks 3", "lint\tpass\t5s\thttps://x.example\t\ntest\tfail\t9s\thttps://x.example\t", [(False, ("test",))]),
        ("gh pr checks 3 --watch", "lint\tpass\t5s\thttps://x.example\t\ndocs\tskipping\t0\t\t", [(True, ())]),
        ("gh pr checks 3", "lint\tpass\t5s\thttps://x.example\t\ntest\tpending\t0\t\t", []),
        ("gh run list -L 2", "completed\tfailure\tFix it\tCI\tmain\tpush\t9\ncompleted\tsuccess\tOld\tCI\tmain\tpush\t8", [(False, ())]),
        ("gh run list -L 2", "in_progress\t\tFix it\tCI\tmain\tpush\t9\ncompleted\tfailure\tOld\tCI\tmain\tpush\t8", []),
        ("gh run view 7 --json conclusion --jq .conclusion", "failure\n", [(False, ())]),
        ("rtk proxy gh api repos/o/r/actions/runs/7", '{"name":"Sign","conclusion":"failure"}', [(False, ("Sign",))]),
        ("gh api repos/o/r/actions/runs/7/jobs", '{"name":"a","conclusion":"success"}\n{"name":"b","conclusion":null}', []),
        ("glab ci status", "Pipeline state: failed", [(False, ())]),
        ("gh run view 7 --log-failed", "X main CI · 7", []),
        ("gh run list --status failure", "completed\tfailure\tOld\tCI\tmain\tpush\t8", []),
        ("gh pr view 3 --json state", '{"state":"OPEN"}', []),
        ("cat ci.json", '{"conclusion":"failure"}', []),
    ],
)  # fmt: skip
def test_a_pipeline_passed_or_failed_only_where_its_end_is_shown(command, output, found):
    assert seen(command, output) == found


def pushed():
    script = Script()
    script.says("Sign the binaries")
    script.edits("ci.py")
    script.runs("pytest -q", "3 passed")
    script.runs("git commit -am x && git push", "[main 1234567] Sign\nTo example.org:o/r\n  1..2 main -> main")
    return script


def verdict(script):
    session = script.session()
    return judge(session, signals(session, prompts(session)))


def test_what_failed_in_the_pipeline_after_the_push_is_not_done():
    script = pushed()
    script.runs("gh run watch 7", "X Run CI (7) completed with 'failure'", 0)
    found = verdict(script)
    assert (found.outcome, found.reason) == ("partial", "the pipeline failed on what was pushed")


def test_a_pipeline_that_had_failed_before_the_push_says_nothing_of_it():
    script = Script()
    script.says("Find out why CI fails")
    script.runs("gh run view 7", "X main CI · 7\n\nJOBS\nX test in 9s (ID 2)")
    script.edits("ci.py")
    script.runs("pytest -q", "3 passed")
    script.runs("git commit -am x && git push", "[main 1234567] Fix\nTo example.org:o/r\n  1..2 main -> main")
    assert verdict(script).outcome == "done"


def test_a_pipeline_that_failed_and_was_mended_says_nothing_any_more():
    script = pushed()
    script.runs("gh run watch 7", "X Run CI (7) completed with 'failure'")
    script.edits("ci.py")
    script.runs("pytest -q", "3 passed")
    assert verdict(script).outcome == "done"


def test_one_part_that_passed_does_not_clear_another_that_failed():
    script = pushed()
    script.runs("gh api repos/o/r/actions/runs/7/jobs", '{"name":"a","conclusion":"failure"}')
    script.runs("gh api repos/o/r/actions/jobs/8", '{"name":"b","conclusion":"success"}')
    assert verdict(script).outcome == "partial"
    script.runs("gh run view 7", "✓ main CI · 7")
    assert verdict(script).outcome == "done"


def test_a_pipeline_that_passed_is_evidence_where_no_test_ran_here():
    script = Script()
    script.says("Sign the binaries")
    script.edits("ci.yml")
    script.runs("git commit -am x && git push", "[main 1234567] Sign\nTo example.org:o/r\n  1..2 main -> main")
    script.runs("gh pr checks", "test\tpass\t9s\thttps://x.example\t")
    assert verdict(script).reason == "the pipeline passed on what was pushed"
