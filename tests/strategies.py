"""Values for property tests."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from typing import get_args

from hypothesis import strategies as st

from session_journal.core.events import Event, EventKind, Role, Session

TIMES = st.none() | st.datetimes(
    min_value=datetime(1990, 1, 1),  # noqa: DTZ001
    max_value=datetime(2100, 1, 1),  # noqa: DTZ001
    timezones=st.sampled_from([UTC, timezone(timedelta(hours=-3))]),
)
EVENTS = st.builds(
    Event,
    kind=st.sampled_from(get_args(EventKind)),
    turn=st.integers(1, 10**20),
    role=st.sampled_from(get_args(Role)),
    text=st.text(),
    target=st.text(),
    time=TIMES,
    call=st.text(max_size=4),
    exit_code=st.none() | st.integers(-(10**20), 10**20),
    agent=st.text(max_size=4),
)
SESSIONS = st.builds(
    Session,
    agent=st.text(),
    id=st.text(),
    events=st.lists(EVENTS, max_size=5).map(tuple),
    cwd=st.text(),
    branch=st.text(),
    model=st.text(),
    title=st.text(),
    version=st.text(),
    started=TIMES,
    ended=TIMES,
    skipped=st.integers(0, 9),
    sha256=st.text(),
    links=st.lists(st.text(), max_size=3).map(tuple),
)
