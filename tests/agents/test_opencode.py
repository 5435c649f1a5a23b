"""Where opencode keeps its sessions."""

import json
import os

from session_journal.agents import Host, opencode


def write(path, record=None):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(record if record is not None else {}), encoding="utf-8")
    return str(path)


def session(path, key, folder="/w", **more):
    return write(path, {"id": key, "directory": folder, "time": {"created": 1}, **more})


def test_the_data_folder_is_the_same_on_every_system_and_can_be_moved():
    default = os.path.join("/h", ".local", "share", "opencode")
    assert opencode.homes(Host({"HOME": "/h"}, platform="darwin")) == [default]
    assert opencode.homes(Host({"HOME": "/h", "XDG_DATA_HOME": "/x"})) == [os.path.join("/x", "opencode"), default]
    windows = Host({"USERPROFILE": "/h", "LOCALAPPDATA": "/l", "APPDATA": "/a"}, platform="win32")
    assert opencode.homes(windows) == [default, os.path.join("/l", "opencode"), os.path.join("/a", "opencode")]


def test_databases_and_the_files_of_sessions_are_transcripts_but_not_those_of_sub_agents(tmp_path):
    host = Host({"HOME": str(tmp_path)})
    home = tmp_path / ".local" / "share" / "opencode"
    wanted = [
        write(home / "opencode.db"),
        write(home / "opencode-dev.db"),
        session(home / "storage" / "session" / "p" / "ses_a.json", "ses_a"),
        session(home / "project" / "q" / "storage" / "session" / "info" / "ses_b.json", "ses_b", "/v"),
    ]
    session(home / "storage" / "session" / "p" / "ses_c.json", "ses_c", parentID="ses_a")
    write(home / "opencode.db-wal")
    write(home / "auth.json")
    write(home / "project" / "q" / "storage" / "session" / "message" / "ses_b" / "m.json")
    assert sorted(opencode.transcripts(host)) == sorted(wanted)
    assert list(opencode.in_folder(host, "/w")) == [wanted[2]]
    assert list(opencode.in_folder(host, "/v")) == [wanted[3]]
    assert list(opencode.transcripts(Host({"HOME": str(tmp_path / "none")}))) == []


def test_the_database_can_be_named(tmp_path):
    home = tmp_path / "opencode"
    write(home / "opencode.db")
    other, away = write(home / "other.db"), write(tmp_path / "away.db")
    for given, found in (("other.db", other), (away, away)):
        assert list(opencode.transcripts(Host({"XDG_DATA_HOME": str(tmp_path), "OPENCODE_DB": given}))) == [found]
    host = Host({"XDG_DATA_HOME": str(tmp_path), "OPENCODE_DB": ":memory:"})
    assert list(opencode.transcripts(host)) == [str(home / "opencode.db")]


def test_the_parts_are_the_messages_by_time_each_with_its_parts_and_then_those_of_sub_agents(tmp_path):
    top = tmp_path / "storage"
    main = session(top / "session" / "p" / "ses_a.json", "ses_a")
    child = session(top / "session" / "p" / "ses_b.json", "ses_b", parentID="ses_a")
    session(top / "session" / "p" / "ses_c.json", "ses_c", parentID="ses_b")
    late = write(top / "message" / "ses_a" / "m1.json", {"id": "m1", "role": "user", "time": {"created": 9}})
    early = write(top / "message" / "ses_a" / "m2.json", {"id": "m2", "role": "user", "time": {"created": 5}})
    inner = write(top / "message" / "ses_b" / "m3.json", {"id": "m3", "role": "user"})
    one, two = (
        write(top / "part" / "m2" / "p1.json", {"id": "p1"}),
        write(top / "part" / "m2" / "p2.json", {"id": "p2"}),
    )
    loose = write(top / "part" / "p3.json", {"id": "p3", "messageID": "m1"})
    found = opencode.parts(main)
    assert [path for _, path in found][:7] == [early, one, two, late, loose, child, inner]
    assert [name for name, _ in found] == ["m2", "m2", "m2", "m1", "m1", "ses_b", "m3", "ses_c"]
    assert opencode.parts(str(tmp_path / "opencode.db")) == []


def test_sessions_that_began_each_other_end(tmp_path):
    top = tmp_path / "storage" / "session" / "p"
    first = session(top / "a.json", "a", parentID="b")
    session(top / "b.json", "b", parentID="a")
    assert [name for name, _ in opencode.parts(first)] == ["b"]


def test_an_id_that_leads_elsewhere_is_not_followed(tmp_path):
    top = tmp_path / "storage"
    main = session(top / "session" / "p" / "ses_a.json", "ses_a")
    message = write(top / "message" / "ses_a" / "m.json", {"id": "../../outside", "role": "user"})
    write(tmp_path / "outside" / "p.json", {"id": "p"})
    assert [path for _, path in opencode.parts(main)] == [message]


def test_a_session_added_later_is_found(tmp_path):
    host, top = Host({"XDG_DATA_HOME": str(tmp_path)}), tmp_path / "opencode" / "storage" / "session" / "p"
    first = session(top / "a.json", "a")
    assert list(opencode.transcripts(host)) == [first]
    os.utime(top, ns=(1, 1))
    second = session(top / "b.json", "b")
    assert list(opencode.transcripts(host)) == [first, second]
