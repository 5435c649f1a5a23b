"""In few words what an entry's own account tells; of a day with many accounts, those that the day was about."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from math import sqrt

from session_journal.core import lazy_re as re
from session_journal.core import sections
from session_journal.core.accounts import first_line
from session_journal.core.entry import Entry
from session_journal.core.excerpts import LIMITS, condensed, points, sentence, sentences
from session_journal.core.formulas import STAGED
from session_journal.core.items import Item, ItemKind
from session_journal.core.observations import read_clauses
from session_journal.core.patterns import distinct
from session_journal.core.patterns.words import read_terms
from session_journal.rollups.pieces import accounts, letters
from session_journal.rollups.prose import is_drafted
from session_journal.rollups.troubles import is_reversed, is_vain
from session_journal.rollups.unsettled import as_tried

_GIST, _ROOM = 110, 175
"""So long is a gist, and so long one that cannot be told in fewer parts."""
_ACCOUNT = 160
_LIMITED = 240
_VERDICT = re.compile(r"[A-Z][a-z]+(?: [a-z]+)?: ")
_CHECKED = re.compile(r"\bpassed after the last edit\b")
_DANGLING = re.compile(
    r"^(?:this|that|these|those|it(?! (?:was|ended)\b)|s?he|they)\b"
    r"|\b(?:this|that) (?:approach|way|fix|change|issue|problem|test|file|method|code)\b",
    re.IGNORECASE,
)
"""What a draft took over without what it speaks of."""
_POINTED = re.compile(r"(?<=\w )(?:these|those) (?=\w+s\b)", re.IGNORECASE)
_TEST = re.compile(r"^`?(?:Test|test_)\w+`?(?: |$)|\btests? (?:that|whether)\b")
"""What tells of one test, and not of the work that it checks."""
_ABOUT = "Context"
_PRAISE = re.compile(r",? (?:ensuring|making|establishing|enabling|demonstrating|improving) .*$")
_ASIDE = re.compile(r"(?<=[^\n]{60}), (?:\w+ing|where|which|so that|with) .*$")
"""What is said of the work beside what it was: what it is good for, and more of it."""
_AT_LENGTH = re.compile(
    r"^(?:(?:today|this|the|these)(?: \w+)? (?:marked|marks|represents?) the (?:successful )?(completion) of"
    r"|successfully(?= [a-z]+ed\b)) ",
    re.IGNORECASE,
)
"""How a deed is told in more words than it needs."""
_BESIDE = re.compile(r", (?:\w+ing|which|where|so that|with)\b")
_PLANNED = re.compile(
    r"(?:this|it|that|the \w+)(?: \w+)? (?:involv|mean|meant|consist|entail|includ|was done by|took)\w*(?: \w+){0,2}?"
    r" (?:creating|planning|writing|adding|defining|drafting|breaking)\b[^.]{0,60}?"
    r"\b(?:sub)?(?:tasks?|plans?|tickets?|issues?|stor(?:y|ies)|roadmap|proposal)\b",
    re.IGNORECASE,
)
PLANNED = "Planned: "
_DOING = {
    "built": "building", "rebuilt": "rebuilding", "made": "making", "wrote": "writing", "rewrote": "rewriting",
    "began": "beginning", "set": "setting", "put": "putting", "split": "splitting",
}  # fmt: skip
_DONE = re.compile(rf"(?:(?:we|i)(?:['\u2019]ve| have)? )?(\w+(?<!e)ed|{'|'.join(_DOING)})\b", re.IGNORECASE)
_KEY = re.compile(
    r"\b(?:complet\w+|finish\w+|clos(?:ed|ing)|wrapp\w+ up) (?:\w+ )?(?:task|epic|milestone|phase|project) #?\d+"
    r"(?![\d.]*\d)"
    r"|\b(?:breakthrough|pivot\w*|fundamental\w*|restor(?:ed|ing)|recover(?:ed|ing)|rescued)\b",
    re.IGNORECASE,
)
"""What a day was about whatever else was written on it."""
_TASKS = r"(?:sub)?(?:tasks?|tickets?|issues?|stor(?:y|ies)|epics?|milestones?)"
_KEPT_BOOKS = re.compile(
    r"^(?:successfully )?(?:marked|set|moved|updated) (?:the )?(?:sub)?tasks?\b.{1,120}? (?:as|to) "
    r"(?:in[ -]progress|done|completed?|pending|review)\b"
    r"|^(?:pushed|committed) (?:(?:a|the|all|some|batch|of|these) ){0,4}(?:changes|commits?|work)\b"
    r"|\b(?:added|wrote|creat(?:ed|ing)|made|generated) (?:the|a|an|this|another) (?:new )?journal entr(?:y|ies)\b"
    r"|^(?:successfully )?(?:(?:complet|finish|perform|start|initiat)\w+ )?(?:the |an? )?archiv(?:al|ed|ing) "
    rf"(?:(?:process|of|for|the|all|our|old|\d+|(?:finish|complet|clos)ed) )*{_TASKS}\b"
    r"|^(?:updated|changed|replaced|renamed) (?:all )?(?:(?:the|remaining|other) ){0,2}references? to\b"
    rf"|^(?:added|created|wrote|drafted|opened|filed|planned) (?:the |an? )?(?:new )?{_TASKS} #?\d"
    rf"|^(?:added|created|wrote|filed|moved) (?:\S+ ){{0,5}}{_TASKS} (?:in|on|to|into) (?:(?:the|our|my) )?(?:\S+ )?"
    r"(?:backlog|board|task ?master|tracker|roadmap|sprint|(?:task|to-?do) list|jira|linear)\b"
    r"|^(?:initiated|started|began|did|completed) (?:\w+ )?planning (?:for|of)\b",
    re.IGNORECASE,
)
_AT_END = re.compile(
    r"\bbefore the last edits?\b|\bnot (?:yet )?(?:committed|pushed|tested|checked)\b|^failed in the pipeline"
)
"""How a session was left, by which it is only partly done."""
_FEWEST = 2
_THOUGHTS: frozenset[ItemKind] = frozenset({"insight", "question", "next", "gap"})
_FEW_TERMS = 8
_TOLD_AGAIN = 0.2
"""What a word is worth in a second account: little, for the day was about it already."""


def gist_of(entry: Entry, unsettled: Collection[str] = (), *, followed: bool = False) -> str:
    """Return in few words what changed, "" where the title says it or nothing does.

    Where a person tells no more than what it was about, that stands for it. followed: a later session of its project
    saw to what a draft says was not committed yet. unsettled: see `pieces_of`.
    """
    told = accounts(entry)[:1]
    text = told[0].text if told else _subject(entry)
    text = as_tried(text) if _is_any(unsettled, text) else text
    text = text.replace(STAGED, "") if followed and is_drafted(entry) else text
    text = text.removeprefix(verdict[0] if (verdict := _VERDICT.match(text)) else "")
    reason = reason_of(entry)
    said = [_POINTED.sub("the ", part) for part in _clauses(text) if not reason or part.rstrip(".") != reason]
    parts = _main(entry, [part for part in said if not (_CHECKED.search(part) or _DANGLING.search(part))])
    gist = _clipped("; ".join(parts)).rstrip(".")
    return "" if is_told(gist, entry.title) or is_vain(text) else gist


def reason_of(entry: Entry) -> str:
    """Return why a draft says that its session ended as it did, in its own words, "" where it says it nowhere."""
    told = accounts(entry)[:1] if is_drafted(entry) else ()
    read = (pair for one in told for pair in read_clauses(_VERDICT.sub("", one.text, count=1)))
    found = [words for one, words in read if one.key == "no-check" or one.observation.sort == "ending"]
    return found[-1] if found else ""


def _clauses(text: str) -> list[str]:
    """Return the clauses of an account, with each the one that takes it back: `tried to drain it; that failed`."""
    found: list[str] = []
    for part in text.split("; "):
        if found and _DANGLING.search(part) and is_reversed(part):
            found[-1] = f"{found[-1]}; {part}"
        else:
            found.append(part)
    return found


def in_vain(entry: Entry) -> list[Item]:
    """Return the accounts of a person that tell of a try that failed, as challenges."""
    told = () if is_drafted(entry) else accounts(entry)
    return [Item("challenge", one.text) for one in told if is_vain(one.text)]


def _main(entry: Entry, parts: list[str]) -> list[str]:
    """Return as many parts of an account as fit, without tests, from the first that is about what the title says."""
    parts = [part for part in parts if not _TEST.search(part)] or parts
    about = read_terms(entry.title).weights.keys()
    first = next((place for place, part in enumerate(parts) if about & read_terms(part).weights.keys()), 0)
    parts = parts[first:]
    is_left = bool(parts) and _AT_END.search(parts[-1]) is not None
    while len(parts) > 1 and len("; ".join(parts)) > (_ROOM if is_left else _GIST):
        is_left = is_left and len(parts) > _FEWEST
        parts.pop(-2 if is_left else -1)
    return parts


def _subject(entry: Entry) -> str:
    parts = () if is_drafted(entry) else sections.split(entry.body)
    return next((first_line(part) for part in parts if part.title == _ABOUT), "")


def _clipped(text: str) -> str:
    """Return a long account without what stands beside its matter; with more room, where it would have to be cut."""
    short = condensed(text, _GIST)
    return condensed(text, _ROOM) if short.endswith("\u2026") else short


def pieces_of(entry: Entry, most: int, unsettled: Collection[str] = ()) -> tuple[list[str], int]:
    """Return what the day was about, the main thing first, and how many accounts it has.

    What its title begins with is among it, as far as there is room for more than one. unsettled: the sentences that
    call something solved that has yet to work.
    """
    told = accounts(entry)
    texts = [_stated(one.text if not _is_any(unsettled, one.text) else as_tried(one.text)) for one in told]
    kept = [place for place in distinct(texts) if texts[place] and not texts[place].endswith(":")]
    kept = [place for place in kept if not is_vain(told[place].text)] or kept
    kept = [place for place in kept if not _KEPT_BOOKS.search(texts[place])] or kept
    most = min(most, max(_FEWEST, (len(told) + 1) // 2))
    titled = [at for at, place in enumerate(kept) if _begins(told[place].text, entry.title)][: most - 1]
    keys = [any(map(_is_key, (texts[place], next(sentences(told[place].more), "")))) for place in kept]
    chosen = _covering([texts[place] for place in kept], [told[place].size for place in kept], keys, most, titled)
    order = sorted(chosen) if len(chosen) == len(kept) else [*chosen[:1], *sorted(chosen[1:])]
    return [_brief(texts[kept[place]]) for place in order], len(told)


def _is_any(sentences: Collection[str], text: str) -> bool:
    """Tell whether an account begins with one of some sentences."""
    return any(text.startswith(one.rstrip(".")) for one in sentences)


def _is_key(text: str) -> bool:
    aside = _BESIDE.search(text)
    return _KEY.search(text, 0, aside.start() if aside else len(text)) is not None


def _stated(text: str) -> str:
    """Return what an account begins with, as planned where it goes on to say that tasks were made for it."""
    first, *rest = [*points(text), ""]
    is_planned = any(map(_PLANNED.match, sentences(" ".join([*list(sentences(first))[1:], *rest[:1]]))))
    first = sentence(_AT_LENGTH.sub(lambda said: "Completed " if said[1] else "", first, count=1))
    told = _without(_PRAISE, first)
    return f"{PLANNED}{_as_meant(told)}" if is_planned else told


def _as_meant(text: str) -> str:
    """Return what is told as done as what is to be done: `We refactored the parser`, `refactoring the parser`."""
    found = _DONE.match(text)
    verb = found[1].lower() if found else ""
    doing = _DOING.get(verb) or (f"{verb[:-3]}ying" if verb.endswith("ied") else f"{verb[:-2]}ing")
    return f"{doing}{text[found.end() :]}" if found else text


def count_pieces(entry: Entry) -> int:
    """Return how many pieces of work an entry tells of: of a session one, of a day of notes many or none."""
    if is_drafted(entry):
        return 1
    return len(accounts(entry)) or int(not is_thought(entry))


def is_thought(entry: Entry) -> bool:
    """Tell whether a person wrote down only what they think and ask, which its title begins with: no accomplishment."""
    kinds = {item.kind for item in entry.items}
    if is_drafted(entry) or not kinds or not kinds <= _THOUGHTS:
        return False
    title = letters(entry.title.partition(" \u2026")[0])
    is_titled = any(letters(item.text).startswith(title) for item in entry.items)
    return is_titled and not accounts(entry) and not _subject(entry)


def _without(aside: re.Pattern[str], text: str) -> str:
    """Return a text without an aside at its end, unless that limits what it says; code stays whole."""
    short = aside.sub("", text)
    return text if short.count("`") % 2 or LIMITS.search(text, len(short)) else short


def _brief(text: str) -> str:
    if len(text) > _GIST:
        text = _without(_ASIDE, text)
    most = _LIMITED if LIMITS.search(text, _GIST) else _ACCOUNT
    return sentence(condensed(text, most)).rstrip(".")


def is_told(gist: str, title: str) -> bool:
    """Tell whether a title says what would stand behind it, or its beginning: one that was cut ends in `…`."""
    start, cut, _ = title.partition(" …")
    said = letters(gist)
    return said == letters(title) or (bool(cut) and said.startswith(letters(start)))


def is_cut(entry: Entry) -> bool:
    """Tell whether an entry's title is no more than one of its accounts, or the beginning of one."""
    return any(_begins(one.text, entry.title) for one in accounts(entry))


def _begins(text: str, title: str) -> bool:
    return is_told(text, title) or is_told(next(sentences(text), ""), title)


def whole_title(entry: Entry, unsettled: Collection[str] = ()) -> str:
    """Return an entry's title or, where it was cut from something that a person noted, the sentence that it begins.

    unsettled: see `pieces_of`.
    """
    if any(is_told(one, entry.title) for one in unsettled):
        return as_tried(entry.title)
    if " …" not in entry.title or is_drafted(entry):
        return entry.title
    said = (next(sentences(item.text), "") for item in entry.items)
    return next((_brief(text) for text in said if is_told(text, entry.title)), entry.title)


def _covering(
    texts: Sequence[str], sizes: Sequence[int], keys: Sequence[bool], most: int, titled: Sequence[int]
) -> list[int]:
    """Return the places of texts that together tell most of what was worked on; long accounts stand for long work.

    keys: which of them come first however long they are; titled: those that have to be among them.
    """
    terms = [frozenset(read_terms(text).weights) for text in texts]
    shared = Counter(term for one in terms for term in one)
    mean = sum(sizes) / len(sizes) if sizes else 1
    chosen: list[int] = []
    told: set[str] = set()

    def worth(place: int) -> float:
        gain = sum(shared[term] * (_TOLD_AGAIN if term in told else 1) for term in terms[place])
        return gain / (len(terms[place]) + _FEW_TERMS) * min(2.0, sqrt(sizes[place] / mean))

    while len(chosen) < min(most, len(texts)):
        wanted = [place for place in titled if place not in chosen]
        is_full = len(chosen) + len(wanted) >= most
        rest = (place for place in range(len(texts)) if place not in chosen)
        best = wanted[0] if wanted and is_full else max(rest, key=lambda place: (keys[place], worth(place)))
        chosen.append(best)
        told |= terms[best]
    return chosen
