"""Whatever happens to a transcript, reading it gives sessions that hold together, or the error for it."""

import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reading import SAMPLES, assert_one_role_a_turn
from session_journal.errors import TranscriptError
from session_journal.readers import read_transcript

PIECES = [
    b"\0", b"\xff", b"\n", b"  \n", b"\r\n", b"```", b"#### ", b"> ", b"---\n", b"<summary>", b"</details></tool-use>\n",
    b"_**User**_\n", b'<tool-use data-tool-type="write" data-tool-name="x"><details>\n', b"**Input:**\n\n- a: `b`\n",
    b"<<<<<<< SEARCH\n", b"=======\n", b">>>>>>> REPLACE\n", b"<private>", b"<journal-context>",
    b"null", b"[]", b"{}", b'"', b"7", b"-1e999", b'"\\ud800"', b"[[[[", b"}}}}",
]  # fmt: skip
CHANGES = st.lists(
    st.tuples(st.floats(0, 1), st.integers(0, 40), st.sampled_from(PIECES)), min_size=1, max_size=12
)  # where (as a part of the file), how many bytes go, what comes


@pytest.mark.parametrize("name", ["aider.md", "specstory.md", "chatgpt.json", "claude_web.json"])
@given(changes=CHANGES)
@settings(max_examples=60)
def test_a_changed_transcript_is_read_or_refused(name, changes):
    data = bytearray((SAMPLES / name).read_bytes())
    for where, gone, come in changes:
        at = int(where * len(data))
        data[at : at + gone] = come
    try:
        sessions = list(read_transcript(io.BytesIO(bytes(data)), name))
    except TranscriptError:
        return
    for session in sessions:
        assert_one_role_a_turn(session)
        texts = [session.id, session.title, session.model, *(event.text + event.target for event in session.events)]
        assert "\0" not in "".join(texts)
        "".join(texts).encode()
