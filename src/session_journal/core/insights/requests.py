"""A request in one line: what is wanted, in the user's words, without courtesies and without what was pasted."""

from __future__ import annotations

from functools import lru_cache

from session_journal.core import lazy_re as re
from session_journal.core.insights.languages import CONSENTED, COURTEOUS, GREETED, SENTENCE, is_english, units
from session_journal.core.insights.pastes import pasted_line, spoken
from session_journal.core.insights.prose import plain, statements
from session_journal.core.insights.wording import capital, terms
from session_journal.core.text import shorten

CONSENT = re.compile(
    r"^(?:(?:yes|yep|yeah|yup|y|ok|okay|k|sure|correct|right|exactly|agreed|perfect|great|nice|"
    r"awesome|excellent|amazing|lgtm|good|cool|fine|done|thanks|thank you|thx|ty|👍|"
    r"sounds good|looks good|that works|works|it works|go ahead|go for it|do it|let'?s do (?:it|that|"
    r"this)|please do|proceed|approved?|ship it|yes please|makes sense|love it|"
    r"job|work|to me|now|so|and|then|please|very|much|all|that|it|is|this|looks|works|for me|i like it)[\s,.!:)-]*)+$",
    re.IGNORECASE,
)
GREETING = re.compile(
    r"\s*(?:(?:hi|hello|hey|hallo|hola|bonjour|yo|ok(?:ay)?|thanks|thank you|good (?:morning|afternoon|evening)|"
    r"how are you(?: doing)?|pardon|ping|start|test(?:ing)?|are you there|what'?s up)"
    r"(?:[\s,]+(?:there|again|claude|aider|codex|copilot|gemini|cursor))?[\s,.!?]*)+$",
    re.IGNORECASE,
)
_PLAN = re.compile(r"^\s*implement the following plan:?\s*", re.IGNORECASE)
POLITE = re.compile(
    r"^(?:(?:hi|hey|hello|ok|okay|so|now|and|well|hmm+|yes|yeah|yep|ehh?|i mean|ah|oh|also|alright|"
    r"great|nice|cool|perfect|thanks|please|quick question|follow[- ]up|brainstorm|question|"
    r"task)[\s,.:!;-]+)*"
    r"(?:(?:can|could|would|will) (?:you|we)(?: please)?(?: help me)?(?: to)?|i(?:'d| would)? (?:want|"
    r"like|need)(?: you)? to|we (?:need|want|have|should) to|we should|let'?s|please|help me(?: to)?|"
    r"i think we should|you should)\s+(?!be\b)",
    re.IGNORECASE,
)
FILLER = re.compile(
    r"^(?:(?:and|ok|okay|ehh?|hmm+|so|well|yeah|yep|yes|now|also|ah|oh|then|i mean|hey|hi|"
    r"hello|thanks|thank you|thx|great|nice|cool|perfect|awesome|interesting|btw|by the way|right now|currently|"
    r"at the moment)[\s,.:!-]+)+(?=\S)|^(?:brainstorm|question|task|todo|follow[- ]up)\s*:\s*",
    re.IGNORECASE,
)
_URL = re.compile(r"https?://\S+")


_LONGEST = 8_000
"""What stands further down in a pasted text is no longer the request."""


@lru_cache(maxsize=256)
def goal_text(text: str, limit: int = 190) -> str:
    """Return a request in one line: of a pasted plan its title, of a long text its first sentences."""
    text = text[:_LONGEST].strip()
    titled = _titled(text, limit)
    if titled:
        return titled
    typed = _without_skill(spoken(text))
    if not typed:
        return pasted_line(text)
    said = _asked(typed)
    wished = _first_wish(said)
    said = said[wished:] if sum(units(one) for one in said[: wished + 1]) > 34 else said
    goal = without_courtesy(said[0])
    for more in said[1:]:
        if len(goal) + len(more) > limit or units(goal) >= 24:
            break
        goal = f"{goal} {more}" if _ENDED.search(goal) else f"{goal}. {more}"
    goal = re.sub(r"\s*(?::\(|:\)|:-\)|😅|🙂|,? please)\W*$", "", goal).strip(" -–—,")
    return shorten(capital(goal), limit)


_ENDED = re.compile(r"[.!?:;。！？][\"”)]*$")


def _titled(text: str, limit: int) -> str:
    """Return the title of a plan or of a long text with headings, "" for anything else."""
    planned = _PLAN.match(text)
    if not planned and not (len(text) > 600 and re.match(r"#\s", text) and re.search(r"^##\s", text, re.MULTILINE)):
        return ""
    rest = text[planned.end() :] if planned else text
    title = next((line for line in rest.splitlines() if line.strip()), "")
    named = re.sub(r"^(?:Implementation )?Plan:\s*", "", plain(title.lstrip("# ")))
    return (
        shorten(named, limit)
        if IMPERATIVE.match(named) and not planned
        else f"Implement the plan: {shorten(named, limit)}"
    )


def _without_skill(text: str) -> str:
    """Return a request without the skill named before it, where it says itself what is wanted."""
    named = re.match(r"/[\w:-]+\s+", text)
    rest = text[named.end() :] if named else ""
    return rest if units(rest) >= 4 else text


def _asked(text: str) -> list[str]:
    """Return the sentences of a request, without what only opens it."""
    text = _BREAK.sub(r"\1.\n", _short_urls(text))
    found = [one.text for one in statements(text, 0)] or [plain(text)]
    said = [part.strip() for one in found for part in SENTENCE.split(one) if part.strip()] or found
    while len(said) > 1 and _only_opens(said[0]):
        said = said[1:]
    if len(said) > 1 and re.fullmatch(r"(?:PR |MR |Issue )?#\d+\.?", said[0]):
        said = [f"{said[0].rstrip('.')}: {said[1]}", *said[2:]]
    return said


_BREAK = re.compile(
    r"^(?!\s*(?:[-*+#>|]|\d+[.)]))([^\n]{8,60}[^\W_])[^\S\n]*\n"
    r"(?!(?:where|which|that|who|and|or|but|with|without|to|in|on|at|for|when|if|so|because|from|by|as|is|are|of|the|a|an)\b)"
    r"(?=[^\W\d_])",
    re.MULTILINE,
)
"""A short line that is followed by another: the user ended a thought there, without a full stop."""


def _only_opens(sentence: str) -> bool:
    """Say whether a sentence asks for nothing: it agrees, greets, gives a role, or led up to what was pasted."""
    if sentence.endswith(":"):
        return not IMPERATIVE.match(without_courtesy(sentence))
    return any(pattern.match(sentence) for pattern in (_OPENS, CONSENT, CONSENTED, GREETED))


_OPENS = re.compile(
    r"(?:you(?:'re| are)\s+(?:an?|the|my|our|working|operating|acting|now)\b|(?:please )?act as\b|"
    r"your (?:role|job) is\b|(?:your|the) task(?: is)?(?: to)?:?$|\w+(?: \w+)?!$)",
    re.IGNORECASE,
)
"""Who the assistant is to be, and cheers: what is wanted comes after."""


def without_courtesy(text: str) -> str:
    """Return a sentence without the words that only ask nicely, and without the question mark that is left of them."""
    bare = COURTEOUS.sub("", FILLER.sub("", text)) or text
    asked = POLITE.sub("", bare)
    if asked != bare and re.match(r"(?:with|about|on|in|by|for)\b", asked, re.IGNORECASE):
        asked = f"help {asked}"
    return re.sub(r"\s*\?+$", "", asked) if asked != bare else asked


_WISH = re.compile(
    r"\b(?:can|could|would|will) (?:you|we)\s+(?!not\b)(?:please |help me (?:to )?)?(?=[a-z])|"
    r"(?<=[;,.] )let'?s\s+|\bplease\s+(?=[a-z])|\byour (?:job|task|goal) is to\s+|"
    r"(?<=[;,:.] )(?:i|we)(?:'d| would)? (?:want|like|need)(?: you)? to\s+",
    re.IGNORECASE,
)


_WANTS = re.compile(r"(?:so |and |now |but )*(?:i|we)(?:'d| would)? (?:want|need|like)\b", re.IGNORECASE)


def _first_wish(said: list[str]) -> int:
    """Return the place of the first sentence that asks for something, where the ones before only tell."""
    for place, sentence in enumerate(said[:30]):
        bare = without_courtesy(sentence)
        asks = IMPERATIVE.match(bare) or _WANTS.match(sentence) or sentence.rstrip().endswith("?")
        if asks or (place == 0 and PROBLEM.search(sentence)):
            return place
    return 0


def wish(text: str) -> str:
    """Return the clause of a sentence that asks, where it begins with something else; else the sentence."""
    bare = without_courtesy(text)
    found = None if IMPERATIVE.match(bare) or QUESTION.match(bare) else _WISH.search(bare)
    clause = without_courtesy(bare[found.end() :]) if found else ""
    if found and found.group().lower().startswith(("can", "could", "would", "will")):
        clause = clause.rstrip(" ?")
    stands_alone = len(clause.split()) >= 4 and len(terms(clause)) >= 2
    return capital(clause) if stands_alone and is_english(text) else text


QUESTION = re.compile(
    r"(?:what|which|who|whose|when|where|why|how|is|are|was|were|does|do|did|has|have|should)\b", re.IGNORECASE
)


def _short_urls(text: str) -> str:
    """Return text with addresses reduced to what they point at: an issue's number, else the site."""

    def name(found: re.Match[str]) -> str:
        address = re.split(r"(?<=.)https?://", found.group())[0]
        tail = re.search(r"/(pull|issues|merge_requests)/(\d+)", address)
        if tail is None:
            site, *path = re.sub(r"^https?://(?:www\.)?", "", address).rstrip(".,;:)\"'>").split("/")
            return "/".join(path[:2]) if site in {"github.com", "gitlab.com"} and len(path) > 1 else site
        kind = {"pull": "PR ", "issues": "Issue ", "merge_requests": "MR "}[tail.group(1)]
        alone = (
            text[: found.start()].rpartition("\n")[2].strip() == text[found.end() :].partition("\n")[0].strip() == ""
        )
        return f"{kind if alone else ''}#{tail.group(2)}"

    return _URL.sub(name, text)


PROBLEM = re.compile(
    r"\b(?:fail(?:s|ed|ing|ures?)?|errors?|crash(?:es|ed|ing)?|bugs?|broken|broke|flaky|"
    r"issues?(?! (?:a|an|the|each|it|them)\b))\b",
    re.IGNORECASE,
)
IMPERATIVE = re.compile(
    r"^(?:add|address|adjust|allow|analy[sz]e|answer|apply|audit|automate|bring|build|bump|change|"
    r"check|clean|clarify|compare|complete|configure|consolidate|convert|copy|create|cut|debug|delete|"
    r"deploy|"
    r"describe|design|detect|diagnose|disable|document|draft|drop|enable|ensure|evaluate|examine|"
    r"explain|explore|extend|extract|figure|find|finish|fix|format|generate|give|"
    r"go(?= (?:to|with|for|through|back|ahead|over|on|into)\b)|handle|help|hide|"
    r"implement|"
    r"improve|include|inline|inspect|install|integrate|introduce|investigate|keep|learn|list|look|"
    r"make|map|measure|merge|migrate|mock|move|open|optimi[sz]e|plan|port|prepare|prevent|profile|"
    r"propose|put|"
    r"read|rebase|refactor|release|remove|rename|reorgani[sz]e|replace|report|reproduce|research|"
    r"resolve|restore|restructure|retry|revert|review|rewrite|run|save|set|setup|show|simplify|solve|"
    r"sort|speed|split|"
    r"start|stop|store|study|suggest|summari[sz]e|support|switch|tell|test|tidy|track|translate|trim|"
    r"try|tune|turn|understand|unify|update|upgrade|use|validate|verify|wire|work|write)\b",
    re.IGNORECASE,
)
_NOUN = re.compile(
    r"^[a-z]+ (?!(?:the|an?|it|them|these|those|that|this|whether|if|how|why|what|which|where|all|each|every|any|both|"
    r"its|our|my|your|only)\b)(?:(?!(?:that|which|who|to|if|when|where|so|and|until|while)\b)[\w`./'-]+ ){0,4}?"
    r"(?:is|are|was|were|has|have|had|does|did|fails|failed|needs|returns|uses|exists|shows|means|takes|took|breaks|"
    r"broke|ran|passes|passed|comes|came|cannot|can|will|would|must|should)\b",
    re.IGNORECASE,
)


def is_order(text: str) -> bool:
    """Say whether a sentence tells somebody to do something: `Test failures are hidden` does not."""
    return bool(IMPERATIVE.match(text)) and not _NOUN.match(text)


ORDERS = re.compile(
    r"(?!(?:in|on|at|for|with|from|of|to|by|as|is|are|was|were|does|do|did|has|have|had|what|which|who|when|where|why|"
    r"how|and|but|so|like|about|after|before|if|not|only|all|both|also|then|now|because|since|that|this|per|into|than|"
    r"don't|here|there|got|see|one|two|three|each|every|any|some|no|yes|still|just|it|we|i|you|they|most|many|few)\b)"
    r"[a-z]+ (?:the|an?|it|them|these|those|each|every|our|my|its|only)\b",
    re.IGNORECASE,
)
"""A verb and what it is done to: an order in whatever words."""
