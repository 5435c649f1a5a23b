"""Headings: the one table of what people call the sections of an entry."""

from __future__ import annotations

import unicodedata
from functools import cache, lru_cache

from session_journal.core import lazy_re as re
from session_journal.core.items import ItemKind

ORDER = (
    "Context", "What happened", "Changes made", "Decisions", "Deviations from plan", "Challenges", "Discoveries",
    "Patterns", "Insights", "Questions", "Knowledge gaps", "Key takeaways", "For next time", "Action items",
    "How it went", "Timeline", "Related", "Evidence",
)  # fmt: skip
"""The titles of an entry's sections, in the order in which they are drafted."""

TITLES: dict[ItemKind, str] = {
    "change": "Changes made", "decision": "Decisions", "deviation": "Deviations from plan", "challenge": "Challenges",
    "discovery": "Discoveries", "pattern": "Patterns", "insight": "Insights", "question": "Questions",
    "gap": "Knowledge gaps", "takeaway": "Key takeaways", "next": "For next time", "action": "Action items",
    "went-well": "How it went", "improve": "How it went",
}  # fmt: skip

Meaning = tuple[str, ItemKind | None]
"""A section's title and the kind of its items (None where its bullets are no items of their own)."""

# Each line: the title, the kind of its items, and what else people write over such a section. Written as `_plain`
# makes headings: small letters, no punctuation, `and` for `&`. Words of _AROUND need not be repeated here.
_TABLE: tuple[tuple[str, ItemKind | None, str], ...] = (
    ("Context", None, """context; background; goal; goals; intent; intention; intentions; objective; objectives; aim;
        aims; plan; plans; the plan; motivation; task; tasks for today; scope; problem; problem statement; setup;
        starting point; where i started; today i want to; premise; situation; description; environment"""),
    ("What happened", None, """what happened; summary; overview; synopsis; tldr; tl dr; abstract; session;
        session summary; session notes; notes; log; work log; worklog; journal; diary; story; narrative; progress;
        status; update; updates; what i did; what we did; what i worked on; what we worked on; worked on; what was done;
        doing; today; yesterday; discussion; discussions; discussion notes; discussion context; discussion highlights;
        chat; activity; activities; process; approach;
        implementation; implementation details; implementation notes; steps; steps taken; solution; details;
        behind the commit; recap; events"""),
    ("Changes made", "change", """changes made; changes; change; change log; changelog; files changed; changed files;
        file changes; files modified; modified files; code changes; files touched; files created; files;
        work completed; completed; completed work; completed tasks; work done; done; done today; finished; shipped;
        accomplishments; accomplished; accomplishment; what i accomplished; what we accomplished; achievements;
        achieved; deliverables; delivered; output; outputs; built; what i built; what i changed; what changed;
        what was built; what got done; got done; fixes; fixed; bugs fixed; features; features added; added; removed;
        merged; released; results; result; outcome; outcomes"""),
    ("Decisions", "decision", """decisions; decision; decisions made; decision log; decided; what i decided;
        what we decided; choices; choice; choices made; design decisions; design choices; trade offs; tradeoffs;
        trade off; rationale; reasoning; adr; adrs; agreed; agreements; conclusions; resolutions; why; verdict"""),
    ("Deviations from plan", "deviation", """deviations from plan; deviations from the plan; deviations; deviation;
        changes of plan; change of plan; changes to the plan; changes to plan; plan changes; plan change; detours;
        detour; scope changes; scope change; scope creep; unplanned; unplanned work; off plan; off script; pivots;
        pivot; what changed from the plan; where i left the plan; sidetracks; side quests; interruptions;
        distractions"""),
    ("Challenges", "challenge", """challenges; challenge; challenges and solutions; problems; problems solved;
        problems and solutions; issues; issue; issues found; issues fixed; difficulties; difficulty; obstacles;
        obstacle; blockers; blocker; blocked; blocked by; blocked on; roadblocks; roadblock; frustrations; frustration;
        frustrations or roadblocks; friction; friction points; pain points; pain; struggles; struggle; hurdles;
        bugs; bug; errors; error; failures; failed; what failed; failed attempts; dead ends; debugging; troubleshooting;
        impediments; impediment; stuck; stuck on; where i got stuck; what got in the way; setbacks; trouble; troubles;
        headaches; hard parts; what was hard; mad; sad"""),
    ("Discoveries", "discovery", """discoveries; discovery; discovered; what i discovered; findings; finding; found;
        what i found; what we found; til; today i learned; today i learnt; gotchas; gotcha; pitfalls; pitfall; traps;
        caveats; caveat; quirks; root cause; root causes; root cause analysis; rca; cause; diagnosis; facts;
        did you know; tricks; tips; tips and tricks; tip; nuggets; unexpected; investigation; research;
        research notes"""),
    ("Discoveries", "discovery", "surprises; surprise; surprised; what surprised me; what surprised us; aha"),
    ("Patterns", "pattern", """patterns; pattern; recurring; recurring patterns; recurring themes; recurring issues;
        recurring problems; themes; theme; anti patterns; antipatterns; habits; trends; what keeps happening;
        best practices; practices; rules of thumb; heuristics; again"""),
    ("Insights", "insight", """insights; insight; observations; observation; thoughts; thought; reflections; reflection;
        reflect; realizations; realisations; realization; realisation; ideas; idea; musings; meta; analysis; remarks;
        what i noticed; noticed; noted"""),
    ("Questions", "question", """questions; question; q; open questions; unanswered; unanswered questions; unknowns;
        unknown; uncertainties; uncertainty; unclear; unresolved; unresolved questions; to clarify; to ask; ask;
        questions to ask; things i wonder; i wonder; curious about; doubts; puzzles; open points"""),
    ("Knowledge gaps", "gap", """knowledge gaps; knowledge gap; gaps; gap; skill gaps; skills gaps; learning gaps;
        gaps in knowledge; gaps in my knowledge; to learn; things to learn; need to learn; want to learn; learn more;
        learn next; learning goals; to study; study; to practise; to practice; practise; practice; to read up on;
        read up on; to understand; what i do not understand; what i dont understand; i dont understand;
        what i still do not understand; what i still dont understand; what i do not get; what i dont get;
        what i still do not get; what i still dont get;
        what i do not know; what i dont know; dont know; weak spots; weaknesses; blind spots; growth areas;
        areas for growth; skills to build"""),
    ("Key takeaways", "takeaway", """key takeaways; takeaways; takeaway; take aways; take away; take home; lessons;
        lesson; lessons learned; lessons learnt; lesson learned; learnings; learning; learned; learnt; what i learned;
        what i learnt; what i have learned; what ive learned; what we learned; what did i learn; what i learned today;
        things i learned; things learned; key points; key point; highlights of learning; remember; to remember;
        worth remembering; keep in mind; bottom line; moral; conclusion; knowledge"""),
    ("For next time", "next", """for next time; next time; next session; for the next session; for next session;
        notes for next time; note to self; notes to self; note to future self; advice; advice to myself; reminders;
        reminder; hand off; handoff; handover; hand over; do differently; what i would do differently;
        what id do differently; what to do differently; what i will do differently; differently; experiments;
        try next time; to try; try; prompting tips; prompt ideas"""),
    ("Action items", "action", """action items; action item; actions; action; action points; to do; things to do;
        stuff to do; todo; todos; to dos;
        to do list; todo list; tasks; open tasks; remaining; remaining work; remaining tasks; left to do; left;
        whats left; what is left; open; outstanding; outstanding work; pending; follow up; follow ups; followup;
        followups; next steps; next step; next actions; next action; next; next up; up next; whats next; what is next;
        what next; tomorrow; for tomorrow; plan for tomorrow; future work; future; later; backlog; open items;
        open ends; loose ends; unfinished; unfinished business; in progress; wip; still to do; chores; commitments;
        next tasks"""),
    ("How it went", None, """how it went; how did it go; retro; retrospective; session retro; review; assessment;
        evaluation; self assessment; collaboration; working with the assistant; working with ai; ai collaboration;
        how i worked; mood; tone; tone and mood; feelings; energy; feeling; how i felt; post mortem; postmortem"""),
    ("How it went", "went-well", """went well; what went well; what went right; what worked; what worked well; worked;
        worked well; wins; win; successes; success; positives; positive; highlights; highlight; good; the good; glad;
        keep; keep doing; liked; what i liked; celebrations; celebrate; proud of; grateful; gratitude; kudos; pluses;
        victories; strengths"""),
    ("How it went", "improve", """to improve; improve; improvements; improvement; what to improve; could be better;
        what could be better; what could be improved; what could have gone better; what could have been better;
        could have gone better; what went wrong; went wrong; what went badly; what did not go well; what didnt go well;
        what didnt work; what did not work; didnt work; did not work; went poorly; not so good; the bad; bad; lowlights;
        lowlight; negatives; negative; lacked; stop; stop doing; start; start doing; room for improvement;
        areas for improvement; areas to improve; mistakes; mistake; deltas; delta; minuses; regrets"""),
    ("Timeline", None, """timeline; time line; chronology; history; schedule; hours; time log; time spent; commits;
        commit log; terminal commands; terminal activity; commands; commands run; shell history"""),
    ("Related", None, """related; links; link; references; reference; refs; see also; resources; resource; sources;
        further reading; reading; related entries; related work; related files; people; tags; metadata;
        commit metadata; commit details"""),
    ("Evidence", None, "evidence; quotes; proof; transcript; excerpts; citations"),
)  # fmt: skip

SURPRISE = "#surprise"
_SURPRISES = frozenset({"surprises", "surprise", "surprised", "what surprised me", "what surprised us", "unexpected"})

# Words that change nothing about what a section is.
_AROUND_WORDS = """
    key main major minor notable important interesting some other more further additional
    technical my our your the a an all any new current open big small today todays this weeks
    week days day sprint session sessions personal general quick final initial brief made faced
    encountered overcome met hit so far also first top biggest potential possible immediate
    short long term yet manual engineering project code coding team urgent
"""
_AROUND = frozenset(_AROUND_WORDS.split())
_JOINTS = frozenset({"for", "from", "of", "in", "during", "on", "at", "with"})

_NUMBERING = re.compile(r"^(?:\(?(?:\d{1,2}|[ivx]{1,4}|[a-z])[.)]|\d{1,2}(?:\.\d{1,2})+\.?)\s+", re.IGNORECASE)
_LINK = re.compile(r"\[([^\]]*)\]\([^)]*\)")
_ASIDE = re.compile(r"\s*[(\[][^()\[\]]*[)\]]\s*$")
_PARTS = re.compile(r"\s*(?:[/|,+]|\s-\s|:\s|[–—]|\b(?:and|or|und|vs)\b)\s*")


def meaning(text: str) -> Meaning | None:
    """Return the section that a heading's text names, or None where it is none of an entry's sections."""
    return _meaning(text.strip())


def clean(text: str) -> str:
    """Return a heading's words: no emphasis, links, numbering, emoji at its ends, or colon."""
    text = _LINK.sub(r"\1", text).replace("`", "")
    text = re.sub(r"(?<!\w)[*_]{1,3}|[*_]{1,3}(?!\w)", "", text).strip()
    text = _NUMBERING.sub("", _trimmed(text), count=1)
    return _trimmed(text)


@lru_cache(maxsize=4096)
def is_surprise(text: str) -> bool:
    """Tell whether a heading announces surprises, whose items are discoveries that carry the tag `#surprise`."""
    return _plain(clean(text)) in _SURPRISES


@cache
def _meaning(text: str) -> Meaning | None:
    text = clean(text)
    plain = _plain(text)
    return _named(plain) or _named(_plain(_ASIDE.sub("", text))) or _partly(text)


def _partly(text: str) -> Meaning | None:
    """Read `Frustrations / Roadblocks` and `Decisions and rationale` by their first part that is known."""
    parts = [part for part in _PARTS.split(_ASIDE.sub("", text).casefold().replace("&", " and ")) if part]
    if len(parts) < 2 or len(parts) > 4:
        return None
    found = (_named(_plain(part)) for part in parts)
    return next((named for named in found if named), None)


def _named(plain: str) -> Meaning | None:
    table = _by_name()
    if plain in table or not plain:
        return table.get(plain)
    words = plain.split()
    while len(words) > 1 and words[0] in _AROUND:
        words = words[1:]
    while len(words) > 1 and (words[-1] in _AROUND or words[-1] in _JOINTS):
        words = words[:-1]
    return table.get(" ".join(words))


@cache
def _by_name() -> dict[str, Meaning]:
    return {" ".join(name.split()): (title, kind) for title, kind, names in _TABLE for name in names.split(";")}


def _plain(text: str) -> str:
    text = text.casefold().replace("&", " and ").replace("'", "").replace("’", "")
    return " ".join("".join(char if char.isalnum() else " " for char in text).split())


def _trimmed(text: str) -> str:
    """Take emoji, symbols and colons from both ends; brackets and quotes may belong to the words."""
    start, end = 0, len(text)
    while start < end and _is_ornament(text[start]):
        start += 1
    while end > start and (_is_ornament(text[end - 1]) or text[end - 1] == ":"):
        end -= 1
    return text[start:end]


def _is_ornament(char: str) -> bool:
    if char.isspace() or char in "-–—•·\u200d\ufe0f\u20e3":
        return True
    return char not in "+<>=$#@^~|" and unicodedata.category(char) in {"So", "Sk", "Cf", "Mn", "Me"}
