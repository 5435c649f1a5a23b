"""Knowledge gaps: what the user asked to have explained, named by the concept."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from session_journal.core import lazy_re as re
from session_journal.core.events import Session
from session_journal.core.insights.deeds import words
from session_journal.core.insights.goals import Prompt
from session_journal.core.insights.learning import Candidate, candidate
from session_journal.core.insights.prose import statements
from session_journal.core.insights.requests import FILLER, POLITE, PROBLEM
from session_journal.core.insights.wording import capital, trim

MOST = 2
"""How many gaps an entry names: each is something to learn."""
_LONGEST_PROMPT = 120
"""Words: what is longer is pasted, and its questions are somebody else's."""
_WORDS = 16
_SAME = 0.6
_SCORE, _AGAIN = 3.0, 0.4

_LEAD = re.compile(
    r"^(?:(?:sorry|just|wait|hm+|oh|ah|by the way|btw|out of curiosity|curious|quick question|one question|question|"
    r"actually|before (?:we|you) (?:go on|start|continue))[\s,.:;–—-]+)+",
    re.IGNORECASE,
)
_EXPLAIN = re.compile(
    r"^(?:(?:please )?(?:explain|walk me through|(?:help me (?:to )?)?understand|teach me|learn|clarify|remind me)|"
    r"i(?:'d| would)? (?:really )?(?:want|like|need|love) to (?:understand|learn)|i(?:'m| am) trying to understand|"
    r"i (?:still )?(?:don'?t|do not|can'?t|cannot) (?:really |quite |fully |yet )?(?:understand|grasp)|"
    r"i(?:'m| am) (?:still |a bit |a little |quite )*(?:confused|puzzled|unclear) (?:about|by|as to|on|over)|"
    r"i (?:don'?t|do not) (?:really )?know (?:much|anything|enough) about|"
    r"i(?:'m| am) (?:quite |fairly |totally )?new to|"
    r"i(?:'ve| have) never (?:really )?(?:understood|used|heard of|worked with))\s+"
    r"(?:to me\s+)?(?:again\s+)?(?P<about>.+)$",
    re.IGNORECASE,
)
"""What is explained may be named as it is."""
_UNSURE = re.compile(
    r"^(?:(?:i(?:'m| am) )?(?:still )?(?:not sure|unsure)(?: (?:i understand|about))?|(?:i have )?no idea|"
    r"i (?:still )?(?:don'?t|do not) (?:really |quite )?(?:get|follow|know))\s+"
    r"(?P<about>(?:how|why|what|when|the difference)\b.+)$",
    re.IGNORECASE,
)
_ASKED = re.compile(r"^(?P<about>(?:what(?:'?s| is| are| does| do)|how|why|when) .+)$", re.IGNORECASE)

_VERBS = """
    affect allocate allow apply authenticate authorize bind block build cache call capture catch check choose
    clone close collect combine communicate compare compile connect convert copy cost create deal decide decode
    depend detect determine differ discover drop emit encode encrypt ensure escape evaluate execute exist expect
    expire export extend find fit flush free get give guarantee handle happen hash have hold ignore implement
    import index infer influence inherit inject interact invalidate join keep know load lock look make map
    matter mean measure merge move need negotiate open override parse pass pick prefer prevent produce propagate
    publish query raise read rebase receive reduce refresh relate render replicate require resolve retry return
    rotate route run save scale schedule search send serialize share sign skip sort split start stop store
    subscribe support sync take talk throw track transform treat trigger update use validate verify wait want
    work wrap write
    """
_DOES = re.compile(
    r"^(?P<word>how|why|when) (?P<aux>does|do) (?P<subject>(?:[^\s,;?]+ ){0,5}?[^\s,;?]+) "
    rf"(?P<verb>{'|'.join(re.findall(r'[a-z]+', _VERBS))})\b(?P<rest>.*)$",
    re.IGNORECASE,
)
_MEANS = re.compile(
    r"^what (?P<aux>does|do) (?P<subject>.+?) (?:actually |really )?(?P<verb>mean|stand|do|refer)\b(?P<rest>.*)$",
    re.IGNORECASE,
)
_MEANT = re.compile(r"^what do you mean (?:by|with) (?P<subject>.+)$", re.IGNORECASE)
_RELATED = re.compile(
    r"^(?:what(?:'?s| is| are) )?(?:the )?(?P<kind>difference|distinction|relation(?:ship)?|trade-?offs?|purpose|point|"
    r"idea|meaning|advantages?|benefits?|drawbacks?|downsides?|role|semantics) (?P<rest>(?:between|of|behind|in) .+)$",
    re.IGNORECASE,
)
_IS = re.compile(r"^what(?P<verb>'?s| is| are) (?P<subject>[^,;?]+)$", re.IGNORECASE)
_HOW_TO = re.compile(
    r"^how (?:(?:do|can) i|to) (?P<rest>(?!(?:fix|solve|resolve|get rid|make|stop|undo|know|tell|do)\b).+)$",
    re.IGNORECASE,
)
_WHEN_TO = re.compile(
    r"^when (?:should|do|would) (?:i|you|one|we) "
    r"(?P<rest>(?:use|choose|prefer|pick) .+ (?:over|instead of|rather than|vs\.?|or) .+)$",
    re.IGNORECASE,
)
_OWN = re.compile(r"^how (?:do|can) i\b|^when (?:should|do|would) (?:i|you|one|we)\b", re.IGNORECASE)
_PERSONS = re.compile(r"\b(?:you|your|yours|we|us|i|me|my|mine|here|above|below|earlier|just now|yet)\b", re.IGNORECASE)
_POINTS = re.compile(
    r"^(?:\S+ ){0,3}(?:this|that|these|those|it|its|they|them|he|she|there)\b(?! \w+ (?:is|are|was)\b)",
    re.IGNORECASE,
)
_OF_THE_WORK = re.compile(
    r"\b(?:the|our|last|latest|current|next|new|each|every|all) (?:\w+ )?(?:error|failure|issue|bug|changes?|comments?|"
    r"diff|fix|problem|warning|plan|approach|output|results?|status|state|progress|steps?|tasks?|code|files?|lines?|"
    r"build|pr|branch|commit|review|feedback|tests?|logs?|codebase|repo|repository|project|app|application|script|"
    r"program)\b|\bline \d+|#\d+|"
    r"\b(?:in|to) (?:the |our )?(?:readme|docs?|changelog|users?|manual|handbook|comments?|commit message|help|text)\b|"
    r"\b(?:left|happen(?:ing|ed)|going on|wrong|good|better|best|right|at all|the heck|on earth|not|no longer|still|"
    r"status)\b|n't\b|\bso (?:slow|big|long|many|much)\b|[\"“][^\"”]{30}",
    re.IGNORECASE,
)
_LOCAL = re.compile(
    r"^(?:the|our|his|their|all|each|every)\b(?!.*(?:`|--\w|[a-z][A-Z]|\w_\w))|^(?:this|that|these|those|its)\b"
)
_VAGUE = re.compile(
    r"^(?:that|to|whether|if|in|on|at|for|all|everything|things?|stuff|details?|more|further|better|yourself|please)\b",
    re.IGNORECASE,
)
_CLEAR = re.compile(
    r"\b(?:i see|got it|gotcha|makes (?:more |total |perfect )?sense|understood|that helps|clear now|i get it|"
    r"now i (?:get|understand)|ah,? (?:ok|okay|right)|thanks|thank you|good explanation)\b",
    re.IGNORECASE,
)


def gaps(session: Session, asked: Sequence[Prompt]) -> list[Candidate]:
    """Return at most MOST concepts that the user asked to have explained, the ones asked about most often first."""
    found: list[tuple[str, list[int], bool]] = []
    for place, prompt in enumerate(asked):
        if place and prompt.text == asked[place - 1].text:
            continue  # said once, written down twice
        explained = _explained(session, asked, place)
        for about in _concepts(prompt):
            known = next((one for one in found if _are_one(one[0], about)), None)
            if known is None:
                found.append((about, [prompt.turn, *explained], bool(explained)))
            else:
                known[1].append(prompt.turn)
    ranked = sorted(found, key=lambda one: -(len(one[1]) - one[2]))[:MOST]
    return [_gap(about, turns, explained=explained) for about, turns, explained in ranked]


def _gap(about: str, turns: list[int], *, explained: bool) -> Candidate:
    text = capital(trim(about, _WORDS)) + (" — explained" if explained else "")
    places = tuple(sorted(dict.fromkeys(turns)))
    return candidate("gap", text, turns[0], score=_SCORE + _AGAIN * (len(places) - 1), turns=places[:3])


def _concepts(prompt: Prompt) -> Iterator[str]:
    """Yield what a prompt asks to have explained."""
    if len(prompt.text.split()) > _LONGEST_PROMPT:
        return
    for one in statements(prompt.text, prompt.turn):
        for part in _PARTS.split(one.text):
            about = _concept(part.strip())
            if about:
                yield about


_PARTS = re.compile(
    r"(?<=\?)\s+|(?:,|\s+and|,\s+and)\s+(?=(?:how|why|what) (?:is|are|does|do)\b)|,\s+(?=(?:can|could|would|please)\b)",
    re.IGNORECASE,
)


def _concept(said: str) -> str:
    """Return the concept that a sentence asks about, "" where it asks about none."""
    bare = said.rstrip(" ?.!")
    for pattern in (_LEAD, FILLER, POLITE, FILLER):
        bare = pattern.sub("", bare)
    found, explain = _EXPLAIN.match(bare) or _UNSURE.match(bare), True
    if found is None and (said.rstrip().endswith("?") or _leaves_out_the_mark(bare)):
        found, explain = _ASKED.match(bare), False
    about = found.group("about").strip() if found else ""
    named = _named(about) or (_plainly(about) if explain else "")
    return named if named and _is_concept(named) else ""


def _leaves_out_the_mark(bare: str) -> bool:
    """Say whether words without a question mark are a question."""
    return len(bare.split()) <= _SHORT and bool(re.match(r"(?:what|how|why) (?:is|are|does|do)\b", bare, re.IGNORECASE))


_SHORT = 14


def _named(about: str) -> str:
    """Return a question as the concept it is about: `how does X work` as `how X works`."""
    found = _MEANT.match(about)
    if found:
        return f"what {found.group('subject')} means"
    if _PERSONS.search(_OWN.sub("", about)):
        return ""
    for pattern, name in _NAMES:
        found = pattern.match(about)
        if found:
            return name(found)
    return ""


def _does(found: re.Match[str]) -> str:
    subject, word = found.group("subject"), found.group("word").lower()
    if word == "why" and re.match(r"(?:the|our|his|their)\b", subject, re.IGNORECASE):
        return ""  # why one place of the work does what it does is a question about the work
    verb = _inflected(found.group("verb").lower()) if found.group("aux").lower() == "does" else found.group("verb")
    return f"{word} {subject} {verb}{found.group('rest')}"


def _means(found: re.Match[str]) -> str:
    if _LOCAL.match(found.group("subject")):
        return ""
    verb = _inflected(found.group("verb")) if found.group("aux").lower() == "does" else found.group("verb")
    return f"what {found.group('subject')} {verb}{found.group('rest')}"


def _is(found: re.Match[str]) -> str:
    subject = found.group("subject")
    if _LOCAL.match(subject) or len(subject.split()) > _NAME:
        return ""
    return f"what {subject} {'are' if found.group('verb').strip().lower() == 'are' else 'is'}"


_NAME = 5
"""Words: a longer name describes something of the work."""
_NAMES: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], str]], ...] = (
    (_WHEN_TO, lambda found: f"when to {found.group('rest')}"),
    (_HOW_TO, lambda found: f"how to {found.group('rest')}"),
    (_DOES, _does),
    (_RELATED, lambda found: f"the {found.group('kind').lower()} {found.group('rest')}"),
    (_MEANS, _means),
    (_IS, _is),
)


def _inflected(verb: str) -> str:
    """Return a verb's third person: work → works."""
    if verb in {"do", "have"}:
        return {"do": "does", "have": "has"}[verb]
    if re.search(r"(?:s|sh|ch|x|z)$", verb):
        return f"{verb}es"
    return f"{verb[:-1]}ies" if re.search(r"[^aeiou]y$", verb) else f"{verb}s"


def _plainly(about: str) -> str:
    """Return what is to be explained as it stands, where it names something."""
    return "" if _VAGUE.match(about) or _PERSONS.search(about) else about


def _is_concept(about: str) -> bool:
    """Say whether a concept can be learned: it is of no passing state of the work and points at nothing unnamed."""
    if _POINTS.match(about) or _OF_THE_WORK.search(about) or PROBLEM.search(about):
        return False
    return len(about.split()) <= _WORDS + 4 and bool(words(about)) and about.count("`") % 2 == 0


def _are_one(one: str, other: str) -> bool:
    first, second = words(one), words(other)
    return len(first & second) >= _SAME * min(len(first), len(second))


def _explained(session: Session, asked: Sequence[Prompt], place: int) -> list[int]:
    """Return the turn of the reply that explained what a prompt asked, where the user's next words say so."""
    if place + 1 >= len(asked):
        return []
    after = asked[place + 1]
    if (
        len(after.text.split()) > 25
        or not _CLEAR.search(after.text)
        or re.search(r"\bbut\b|n't\b|\bnot\b|\?", after.text)
    ):
        return []
    replies = [
        event.turn
        for event in session.events[asked[place].order : after.order]
        if event.kind == "reply" and not event.agent
    ]
    return replies[-1:]
