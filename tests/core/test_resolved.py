"""Resolved: a challenge is over once a later entry of its project says so, in words that mean that one."""

from __future__ import annotations

import pytest

from session_journal.core.entry import read
from session_journal.core.resolved import Resolutions, resolved_in

LOOP = "Login loops on Safari"
SEED = "The seed script fails on an empty database"
SIGNED = "Signature check fails behind the proxy"
UPLOADS = "Uploads over 20 MB return 413"
TOTALS = "Order totals are off by one cent in exports"
HEADINGS = {
    "met": "Challenges", "told": "What happened", "made": "Changes made", "todo": "Action items", "next": "For next time",
}  # fmt: skip


def entry(day, heading, text, project="shop", status="final"):
    mark = "" if heading == "told" else "- "
    front = f"id: s{day}\ntitle: Day {day}\ndate: 2026-11-{day}\nstatus: {status}\nproject: {project}\n"
    body = f"---\n{front}---\n\n## {HEADINGS[heading]}\n\n{mark}{text}\n"
    return read(body.encode(), f"journal/sessions/2026/2026-11-{day}-{heading}.md")


def is_over(challenge, heading, text, day=18, project="shop", status="final"):
    first, other = entry(16, "met", challenge), entry(day, heading, text, project, status)
    return Resolutions([other, first]).of(first, first.items[0]) is not None


@pytest.mark.parametrize(("challenge", "heading", "text"), [
    (SIGNED, "met", f"{SIGNED} \u2192 the proxy re-encoded the body; turned that off"),
    (TOTALS, "met", f"{TOTALS} -> do not round before summing"),
    (UPLOADS, "met", f"{UPLOADS} => raised client_max_body_size"),
    ("The export job dies with out of memory on big tenants", "met",
     "Export job out of memory on big tenants \u2192 stream the rows"),
    ("Import of large CSV files from S3 fails", "met", "Import of large CSV files fails \u2192 read them in chunks"),
    (LOOP, "told", "Fixed the login loop on Safari: the cookie was not sent."),
    (LOOP, "told", "Long day. Ann fixed the login loop on Safari by setting SameSite, so we can ship."),
    ("Numpy wheel does not build on ARM", "told", "Pinned meson, which fixed the numpy wheel build on ARM."),
    ("The heatmap is empty for leap years", "told", "The empty heatmap for leap years is fixed now."),
    ("Terraform plan hangs on the DNS module", "told", "Terraform plan hang on the DNS module: solved."),
    ("Socket timeouts in the mobile client", "told", "Socket timeouts in the mobile client are gone since the upgrade."),
    ("Mails to Outlook arrive twice", "told", "The mails to Outlook no longer arrive twice."),
    ("Page does not load on Safari", "told", "The page loads on Safari again."),
    ("Import fails: CSV files with a BOM", "told", "Fixed the import of CSV files with a BOM."),
    ("Emails land in spam", "told", "Emails no longer land in spam since DKIM is set."),
    ("Server does not start on Windows", "told", "The server starts on Windows now."),
    ("Memory leak in the image worker", "told", "Found and fixed the memory leak in the image worker."),
    (SEED, "made", "Fixed the seed script on an empty database"),
    (SEED, "made", "fix(db): seed script on an empty database"),
    (SEED, "todo", "[x] Fix the seed script on an empty database"),
])  # fmt: skip
def test_a_challenge_is_over_when_a_later_entry_says_so(challenge, heading, text):
    assert is_over(challenge, heading, text)


@pytest.mark.parametrize(("challenge", "heading", "text"), [
    (LOOP, "told", "Tried to fix the login loop on Safari."),
    (LOOP, "told", "Still have not fixed the login loop on Safari."),
    (LOOP, "told", "Fixed the login loop on Safari, but it came back after the deploy."),
    (LOOP, "told", "The login loop on Safari will be fixed by Bob."),
    (LOOP, "told", "Asked whether Ann fixed the login loop on Safari."),
    (LOOP, "told", "Once the login loop on Safari is fixed we can ship; it should be soon."),
    (LOOP, "told", "Fixed the login loop on Firefox."),
    (LOOP, "told", "Fixed the login loop on Safari in private mode."),
    (LOOP, "told", "Fixed the test of the login loop on Safari."),
    (LOOP, "next", "Fix the login loop on Safari"),
    (LOOP, "todo", "[ ] Fix the login loop on Safari"),
    (LOOP, "met", f"{LOOP} \u2192 left failing"),
    (LOOP, "met", f"{LOOP} \u2192 maybe the cookie"),
    (LOOP, "met", "Login loops on Firefox \u2192 cleared the cookie"),
    (SEED, "made", "Fixed the seed script docs on an empty database"),
    (UPLOADS, "met", "Uploads over 50 MB return 413 \u2192 raised client_max_body_size"),
    (TOTALS, "met", f"{TOTALS} \u2192 ask Mia next time"),
    (SIGNED, "met", "Signature check fails behind the firewall \u2192 open port 443"),
    ("Login fails with a proxy on Linux", "met", "Login fails without a proxy on Linux \u2192 set NO_PROXY"),
    ("Search tests fail before the deploy", "met", "Search tests fail after the deploy \u2192 wait for the index"),
    ("Copy from staging to prod fails", "met", "Copy from prod to staging fails \u2192 granted the role"),
    ("Server does not start on Windows", "told", "The server starts on Windows again and again."),
    ("Server starts twice on Windows", "told", "The server starts twice on Windows again."),
    ("Deploy runs the migrations twice", "told", "Deploy now runs the migrations twice."),
    ("Memory leak in the image worker", "told", "Fixed one memory leak in the image worker."),
    ("Memory leak in the image worker", "told", "Read how others fixed a memory leak in the image worker."),
    ("Memory leak in the image worker", "todo", "[x] Write down how we fixed the memory leak in the image worker"),
    ("Login does not work on Safari", "told", "The login no longer works on Safari."),
    ("The build fails", "told", "Fixed the build."),
])  # fmt: skip
def test_a_try_a_wish_or_another_thing_ends_no_challenge(challenge, heading, text):
    assert not is_over(challenge, heading, text)


def test_only_what_the_same_project_says_later_ends_a_challenge():
    text = "Fixed the login loop on Safari."
    assert is_over(LOOP, "told", text, project="Shop")
    assert not is_over(LOOP, "told", text, project="site")
    assert not is_over(LOOP, "told", text, day=14)
    assert not is_over(LOOP, "told", text, status="draft")


def test_a_box_beside_a_challenge_may_have_been_ticked_later():
    body = f"## Challenges\n\n- {LOOP}\n- {SEED}\n\n## Action items\n\n- [x] Fix the login loop on Safari\n"
    one = read(f"---\ntitle: Day\ndate: 2026-11-16\n---\n\n{body}".encode(), "journal/sessions/2026/a.md")
    assert resolved_in([one]) == {(one.path, LOOP)}
