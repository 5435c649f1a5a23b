"""Where aider keeps its chat histories."""

from session_journal.agents import Host, aider


def write(path):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("# aider chat started at 2026-11-18 09:00:00\n", encoding="utf-8")
    return str(path)


def test_histories_lie_in_the_working_directory_above_it_and_at_home(tmp_path):
    above = write(tmp_path / "code" / ".aider.chat.history.md")
    here = write(tmp_path / "code" / "tidepool" / ".aider.chat.history.md")
    home = write(tmp_path / "home" / ".aider.chat.history.md")
    write(tmp_path / "other" / ".aider.chat.history.md")
    host = Host({"HOME": str(tmp_path / "home")}, cwd=str(tmp_path / "code" / "tidepool"))
    assert list(aider.transcripts(host)) == [here, above, home]
    assert list(aider.transcripts(Host({}, cwd=str(tmp_path / "none")))) == []
    assert list(aider.transcripts(Host({}))) == []


def test_the_environment_can_name_another_file(tmp_path):
    named = write(tmp_path / "home" / "chats.md")
    relative = write(tmp_path / "code" / "notes.md")
    home, cwd = str(tmp_path / "home"), str(tmp_path / "code")
    for value, path in ((named, named), ("notes.md", relative), ("~/chats.md", named)):
        host = Host({"AIDER_CHAT_HISTORY_FILE": value, "HOME": home}, cwd=cwd)
        assert list(aider.transcripts(host)) == [path]
        assert list(aider.in_folder(host, cwd)) == []


def test_a_folder_s_history_is_its_own_alone(tmp_path):
    here = write(tmp_path / "code" / ".aider.chat.history.md")
    assert list(aider.in_folder(Host({}), str(tmp_path / "code"))) == [here]
    assert list(aider.in_folder(Host({}), str(tmp_path))) == []
    assert aider.parts(here) == []
