"""What a script of Codex's code mode says by itself: calls that certainly run, values that are written out."""

import pytest

from session_journal.readers.codex_scripts import Call, calls_in


def commands(source):
    return [call.given["cmd"] for call in calls_in(source)]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ('const r = await tools.exec_command({cmd:"ls -l","workdir":"/w"}); text(r.output);', ["ls -l"]),
        ("text(await tools.exec_command({'cmd': 'echo \"a\"', max: 1_000}))", ['echo "a"']),
        ("await Promise.all([tools.exec_command({cmd:`a\nb`}), tools.exec_command({cmd:'c'})])", ["a\nb", "c"]),
        ('const cmd = "make"; await tools.exec_command({cmd, workdir: here()});', ["make"]),
        ('await tools.exec_command({cmd: "echo " + "tide"})', ["echo tide"]),
        ('await tools.exec_command({cmd: ["a", "b"].join("\\n")})', ["a\nb"]),
        ('await tools.exec_command({cmd: String.raw`grep "\\d"`})', ['grep "\\d"']),
        ('await tools.exec_command({cmd: "\\u0041\\x42\\u{43} \\ud83c\\udf0a"})', ["ABC 🌊"]),
        ('try { text(await tools.exec_command({cmd:"a"})) } catch (e) { text(e) }', ["a"]),
        ('text(x.replace(/"/g, "")); await tools.exec_command({cmd:"a"})', ["a"]),
        ('const r = await tools.exec_command({cmd:"a"})\nif (r.exit_code) text("b")\nconst s = 1', ["a"]),
        ('if (done) { text("x") }\nawait tools.exec_command({cmd:"a"})', ["a"]),
    ],
)
def test_a_call_is_read_however_it_is_written(source, expected):
    assert commands(source) == expected


@pytest.mark.parametrize(
    "source",
    [
        '// await tools.exec_command({cmd:"a"})',
        '/* tools.exec_command({cmd:"a"}) */ text("b")',
        "text('tools.exec_command({cmd:1})')",
        'if (wet) await tools.exec_command({cmd:"a"})',
        'if (wet) { await tools.exec_command({cmd:"a"}) }',
        'wet && await tools.exec_command({cmd:"a"})',
        'const r = wet ? await tools.exec_command({cmd:"a"}) : 0',
        'for (const one of all) { await tools.exec_command({cmd:"a"}) }',
        'const later = () => tools.exec_command({cmd:"a"});',
        'async function later() { await tools.exec_command({cmd:"a"}) }',
        'try { go() } catch (e) { await tools.exec_command({cmd:"a"}) }',
        'mine.tools.exec_command({cmd:"a"})',
        "",
        "tools",
    ],
)
def test_what_may_not_run_is_no_call(source):
    assert calls_in(source) == []


@pytest.mark.parametrize(
    "source",
    [
        "await tools.exec_command({cmd: made()})",
        "await tools.exec_command({cmd: `cd ${place}`})",
        'let cmd = "a"; cmd = "b"; await tools.exec_command({cmd})',
        'let cmd = "a"; cmd += "b"; await tools.exec_command({cmd})',
        'const given = {cmd: "a"}; given.cmd = "b"; await tools.exec_command(given)',
        'await tools.exec_command({cmd: "a".trim()})',
        "await tools.exec_command(",
        'await tools.exec_command({cmd: "a"',
        "await tools.exec_command(" + "[" * 10_000,
        "await tools.exec_command({cmd:" * 3_000,
    ],
)
def test_a_value_that_is_computed_or_torn_is_not_guessed(source):
    assert all(not (isinstance(call.given, dict) and call.given.get("cmd")) for call in calls_in(source))


def test_a_text_alone_can_be_what_a_tool_is_given():
    source = 'const patch = "*** Begin Patch\\n*** End Patch";\ntext(await tools.apply_patch(patch));'
    assert calls_in(source) == [Call("apply_patch", "*** Begin Patch\n*** End Patch")]
