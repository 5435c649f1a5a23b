"""What a session was about and what came of it, in two or three sentences."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence

from session_journal.core import lazy_re as re
from session_journal.core.asides import is_courtesy
from session_journal.core.events import Session
from session_journal.core.formulas import STAGED
from session_journal.core.insights.languages import is_english, units
from session_journal.core.insights.learning import Candidate
from session_journal.core.insights.prose import Statement, plain
from session_journal.core.insights.requests import IMPERATIVE, wish, without_courtesy
from session_journal.core.insights.shell import Check
from session_journal.core.insights.signs import CHANGE, signs
from session_journal.core.insights.titles import fitted, order, title, with_subject
from session_journal.core.insights.trails import Trail
from session_journal.core.insights.vcs import Merge
from session_journal.core.insights.wording import lowered, terms, trim
from session_journal.core.items import ItemKind
from session_journal.core.observations import ANSWERED, words
from session_journal.core.pointing import dangles
from session_journal.core.signals import Signals, Verdict
from session_journal.core.text import shorten

Line = tuple[str, tuple[int, ...]]

_REPORT = re.compile(
    r"^#{1,2}\s+(.*(?:review|analysis|investigation|report|plan|design|comparison)\b.*)$", re.IGNORECASE | re.MULTILINE
)


def _is_generic(heading: str) -> bool:
    """Say whether a report's heading names no subject: only what kind of report it is."""
    return not terms(heading) - terms(
        "code review analysis investigation report plan design comparison summary overview proposal implementation "
        "final quick root cause initial detailed full complete current proposed high level deep"
    )


def subject(session: Session) -> str:
    """Return what a report of the session names as its subject in its heading, "" without one."""
    for event in session.events:
        if event.kind != "reply" or event.agent:
            continue
        found = _REPORT.search(event.text)
        if found and not _is_generic(plain(found.group(1))):
            text = re.sub(
                r"^(?:code |pr )?(?:review|analysis)(?: of)?\s*[:—–-]\s*",
                "",
                plain(found.group(1)),
                flags=re.IGNORECASE,
            )
            text = re.sub(r"\s+(?:code )?(?:review|analysis|report)(?=\s*[:—–-]\s)", "", text, flags=re.IGNORECASE)
            return shorten(text, 110)
    return ""


def context(session: Session, wanted: list[tuple[str, int]], about: str) -> list[Line]:
    """Return what was asked for, in the order in which it was asked, and where."""
    if not wanted:
        return []
    first, turn = wanted[0]
    where = f" Branch: `{session.branch}`." if session.branch not in {"", "main", "master", "trunk", "develop"} else ""
    text = with_subject(first.rstrip(" .!…"), about)
    if about and about not in text and len(terms(text) & terms(about)) < 2:
        text = f"{text} ({about})"
    if units(text) < 9 and len(text) <= 70 and not about:
        text = f"{title(text)}?" if text.endswith("?") and title(text) in text else title(text)
    if first.endswith("…"):
        text = fitted(text, len(text) - 1)
    lines: list[Line] = [(f"{_ended(trim(text, 34))}{where}", (turn,))]
    later = [(_short(goal), turn) for goal, turn in wanted[1:4]]
    if later:
        listed = "; ".join(lowered(goal) for goal, _ in later)
        lines.append((f"Then: {_ended(listed)}", tuple(turn for _, turn in later)))
    return lines


def _short(goal: str) -> str:
    """Return the sentence of a later goal that asks, a question with its mark."""
    if re.fullmatch(r"/[\w:-]+", goal):
        return f"run `{goal}`"
    said = [part.strip() for part in _SENTENCES.split(wish(order(goal))) if part.strip()] or [goal]
    first = next(
        (one for one in said[:4] if one.endswith(("?", "？")) or IMPERATIVE.match(without_courtesy(one))), said[0]
    )
    return fitted(first.rstrip(" .!…:"), 150)


_SENTENCES = re.compile(r"(?<=[A-Za-z)`\"'\]])(?<!\beg)(?<!\bie)(?<!etc)[.!]\s+|(?<=[?。！？])\s*(?=\S)")


def _ended(text: str) -> str:
    """Return a sentence with its full stop, unless it is a question."""
    return text if text.endswith(("?", "。", "？", "！")) else f"{text}."


_WORDS = {
    "done": "Done",
    "partial": "Partly done",
    "blocked": "Blocked",
    "abandoned": "Abandoned",
    "unknown": "Not confirmed",
}


def happened(
    pool: list[Candidate],
    done: Sequence[Candidate],
    found: Signals,
    verdict: Verdict,
    trails: Sequence[Trail],
    said: Sequence[Statement] = (),
) -> list[Line]:
    """Return what was done and how it was left: the closing words about the change (`headline`), then the facts.

    said: what replies said, of which the last is the answer where nothing else is told of it.
    """
    since = _declined_since(found, trails)
    heads = [(f"{_proposed(one, since)}{_bare(one, len(done))}", (one.turn,)) for one in done]
    told = [*_merged(found), *_reviewed(pool), *heads]
    told = [*(told or _touched(trails)), *_facts(found)]
    is_answer = verdict.reason in {words(key) for key in ANSWERED}
    if is_answer and not told:
        told = _answer(said)
    if (verdict.outcome != "done" or not told) and not is_answer:
        told.append((verdict.reason, verdict.turns))
    turns = tuple(dict.fromkeys(turn for _, shown in told for turn in shown))[:6]
    turns = turns or verdict.turns or tuple(one.turn for one in found.prompts[-1:])
    opening = "Answered" if is_answer else _WORDS[verdict.outcome]
    text = "; ".join(text for text, _ in told)
    return [(f"{opening}: {lowered(text)}." if text else f"{opening}.", turns)] if turns else []


def _answer(said: Sequence[Statement]) -> list[Line]:
    """Return the first sentence of the last reply that says something, and is no word on the talk or the work."""
    last = max((one.turn for one in said), default=0)
    for one in said:
        text = one.text.rstrip(" .!")
        plain_words = one.turn == last and not one.bullet and is_english(text) and not text.endswith((":", "?"))
        if plain_words and len(text.split()) >= _SHORTEST and not (_is_of_the_talk(text) or dangles(text)):
            return [(trim(text, 30), (one.turn,))]
    return []


_SHORTEST = 5
_OF_THE_TALK = re.compile(
    r"\b(?:I|I'm|I'll|I've|I'd|[Mm]y|me|[Pp]lease|[Yy]ou|feel free)\b|^[A-Z]?[a-z]+ing\b|^(?i:here (?:is|are)\b[^:]*$|"
    r"(?:let's|we'll|hello|hi|thanks?|sorry|sure|certainly|of course|no changes)\b)"
)
"""What the assistant says of itself, to whom it talks, or of what it is about to do."""


def _is_of_the_talk(text: str) -> bool:
    return is_courtesy(text) or _OF_THE_TALK.search(text.replace("\u2019", "'")) is not None


def _declined_since(found: Signals, trails: Sequence[Trail]) -> float:
    """Return the turn from which on an edit was spoken of that was declined, with none made after it, else infinity."""
    last = any(one.key == "declined" for one in found.unmet)
    turns = [turn for trail in trails for turn in trail.declined if turn > found.last_edit_turn]
    if not last or not turns:
        return math.inf
    asked = max((one.turn for one in found.prompts if one.turn < min(turns)), default=0)
    return max(asked, found.last_edit_turn) + 1


_PROPOSES = re.compile(
    r"^(?:(?:the|a|one|my|its) )?(?:[\w-]+ )?(?:fix|solution|remedy|change|way|answer)\b.{0,40}? "
    r"(?:is|would be) to\b",
    re.IGNORECASE,
)


def _proposed(one: Candidate, since: float) -> str:
    """Return what stands before a statement of what was to be done by an edit that the user declined."""
    meant = one.kind == "change" or _PROPOSES.search(one.text)
    return "proposed, not done — " if meant and one.turn >= since else ""


def _merged(found: Signals) -> list[Line]:
    """Return what was merged and did not go by itself, as a fact; what was not committed is told so."""
    landed = [one for one in found.merges if one.landed and one.paths]
    staged = [one for one in found.merges if not one.landed]
    return [
        *_told_merges(landed, ""),
        *_told_merges([one for one in staged if one.what.startswith("stash")], ""),
        *_told_merges([one for one in staged if one.what.startswith("rebase")], ", not finished"),
        *_told_merges([one for one in staged if not one.what.startswith(("stash", "rebase"))], STAGED),
    ]


def _told_merges(merges: Sequence[Merge], state: str) -> list[Line]:
    if not merges:
        return []
    sources = " and ".join(dict.fromkeys(_source(one.what) for one in merges)) + state
    turns = (merges[-1].turn,)
    files = list(dict.fromkeys(path.rsplit("/", 1)[-1] for one in merges for path in one.paths))
    if not files:
        return [(sources, turns)]
    resolved = "resolved" if all(one.resolved for one in merges) else "left"
    names = ", ".join(f"`{name}`" for name in files[:2]) + (f" and {len(files) - 2} more" if len(files) > 2 else "")
    return [(f"{sources}, conflicts {resolved} in {names}", turns)]


def _source(what: str) -> str:
    """Return what was brought in, from the verb and the target of git's command."""
    verb, _, target = what.partition(" ")
    done = {"rebase": "rebased onto", "cherry-pick": "picked", "stash": "restored", "revert": "reverted"}
    name = "the stash" if verb == "stash" else f"`{target}`" if target else "a branch"
    return f"{done.get(verb, 'merged')} {name}"


def _reviewed(pool: list[Candidate]) -> list[Line]:
    """Return how many findings a review named, as a fact."""
    turns = Counter(one.source.turn for one in pool if one.source.finding and one.kind == "next")
    most = turns.most_common(1)
    return [(f"reviewed with {most[0][1]} findings", (most[0][0],))] if most and most[0][1] >= 3 else []


def _touched(trails: Sequence[Trail]) -> list[Line]:
    """Return which files were changed, or that what was changed was put back."""
    paths = [trail.path for trail in trails if trail.changed]
    undone = [trail for trail in trails if trail.reverted and trail.turns]
    removed = all(trail.created and trail.deleted for trail in undone)
    done = "changed" if paths else "made and removed again" if removed else "changed and put back"
    paths = paths or [trail.path for trail in undone]
    names = ", ".join(f"`{path.rsplit('/', 1)[-1]}`" for path in paths[:4])
    return [(f"{done} {names}{f' and {len(paths) - 4} more' if len(paths) > 4 else ''}", ())] if paths else []


def headline(pool: list[Candidate], found: Signals) -> list[Candidate]:
    """Return the closing statements that say best what was done: one a reply, or a list's first ones together."""
    changes = [one for one in _telling(pool, "change") if one.turn >= found.first_edit_turn]
    closing = [one for one in changes if one.source.closing and not one.text.endswith("?")]
    done = [one for one in closing if len(one.text.split()) >= 5] or [
        one for one in changes if len(one.text.split()) >= 6
    ]
    if not done and found.last_edit < 0 and not found.taken:
        facts = [one for one in _telling(pool, "discovery") if not one.text.lower().startswith("option")]
        done = sorted(facts, key=lambda one: -one.score - 0.6 * signs(one.text).cause)[:1]
    if not done and any(one.paths for one in found.merges):
        done = [one for one in _telling(pool, "decision") if _RESOLVED.search(one.text)]
    ranked = sorted(done, key=lambda one: -_weight(one))
    best = ranked[:1]
    listed = bool(best) and best[0].source.bullet
    for one in ranked[1:]:
        apart = all(len(one.terms & other.terms) < 0.4 * len(one.terms) for other in best)
        if apart and len(best) < (3 if listed else 2) and (listed or one.turn != best[0].turn):
            best.append(one)
    return sorted(best, key=lambda one: (one.turn, one.source.place))


def _telling(pool: Sequence[Candidate], kind: ItemKind) -> list[Candidate]:
    return [one for one in pool if one.kind == kind and not (is_courtesy(one.text) or _SAYS_NOTHING.search(one.text))]


def _bare(one: Candidate, count: int) -> str:
    """Return a statement for a list of several: without the file's name in front, and short."""
    text = re.sub(r"^`?[\w./-]+\.\w{1,5}(?::[\d–-]+)?`?\s*[:—–-]+\s*", "", one.text)
    text = trim(text, {1: 30, 2: 22}.get(count, 14))
    return lowered(text)


_SAYS_NOTHING = re.compile(
    r"\b(?:any questions|need (?:any )?(?:help|assistance)|made a mistake|"
    r"(?:you'll need to|you can) (?:add|provide|share|paste)|"
    r"(?:haven't|have not|didn't|did not) (?:made|make|given|give|provided?|specified|specify) any)\b|"
    r"^(?:no changes|nothing) (?:is|are|was|were)? ?(?:needed|required|to do)\b",
    re.IGNORECASE,
)
"""What is said to the user in passing speaks for no session."""
_RESOLVED = re.compile(r"\b(?:kept|keep|took|dropped?|both sides|merged?)\b", re.IGNORECASE)


def _weight(one: Candidate) -> float:
    """Return how well a statement speaks for the whole: a paragraph's sentence rather than one file's bullet."""
    return (
        one.score
        - 0.04 * min(10, one.source.place)
        + 0.3 * (not one.source.bullet)
        - 0.4 * (not CHANGE.match(one.text))
        - 0.3 * bool(re.match(r"`?[\w./-]+\.\w{1,5}\b", one.text))
    )


def _facts(found: Signals) -> list[Line]:
    """Return the checks that passed, the commits, the pull requests."""
    facts: list[Line] = []
    passed = [check for check in found.checks if check.passed and check.order > found.last_edit >= 0]
    if passed:
        facts.append((f"{_named(passed)} passed after the last edit", tuple(check.turn for check in passed[-2:])))
    commits = [act for act in found.acts if act.kind == "commit"]
    if commits:
        last = commits[-1].order
        pushed = " and pushed" if any(act.kind == "push" and act.order >= last for act in found.acts) else ""
        since = " before the last edits" if last < found.last_edit and not commits[-1].automatic else ""
        names = ", ".join(dict.fromkeys(act.name for act in commits[-3:] if act.name))
        facts.append((f"committed {names}".rstrip() + pushed + since, (commits[-1].turn,)))
    if found.pipeline is not None and found.pipeline.failed:
        facts.append((f"failed in the pipeline: {', '.join(found.pipeline.failed)}", (found.pipeline.turn,)))
    facts.extend((f"opened {act.name}", (act.turn,)) for act in found.acts if act.kind == "pull-request")
    return facts


def _named(passed: list[Check]) -> str:
    """Return `tests and lint (`mise run test`)`: the kinds of checks and the command of the broadest."""
    kinds = dict.fromkeys({"test": "tests", "lint": "lint", "build": "build"}[check.kind] for check in passed)
    ordered = [name for name in ("build", "lint", "tests") if name in kinds]
    best = max(passed, key=lambda check: (check.kind == "test", not check.narrow, not check.hook, check.order))
    return f"{' and '.join(ordered)} (`{shorten(best.command, 60)}`)"
