"""How the user took what the assistant did: set it right, was content with it, answered what it asked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from session_journal.core import lazy_re as re
from session_journal.core.events import Session
from session_journal.core.insights.goals import Prompt, is_praise
from session_journal.core.insights.pastes import spoken

_OWN_MISTAKE = re.compile(
    r"\bi (?:messed|screwed|forgot|broke|mistyped|pasted the wrong)\b|\bmy (?:bad|mistake|fault)\b", re.IGNORECASE
)


def corrects(prompt: Prompt) -> bool:
    """Say whether the user set the course right: a mere question after a stop doesn't, nor the user's own mistake."""
    if (prompt.kind != "correction" and not prompt.refusal) or _lets_be(prompt.text):
        return False
    return prompt.refusal or not (_only_asks(prompt.text) or _OWN_MISTAKE.search(prompt.text))


_ASKS = re.compile(
    r"^(?:(?:so|and|ok(?:ay)?|hmm+|wait|well|but|actually)[\s,.]+)*(?:how|what|which|where|when|who|is|are|does|do|did|"
    r"was|were|will|has|have|(?:can|could|would) you)\b(?!n't)",
    re.IGNORECASE,
)


_REDIRECTS = re.compile(r"\b(?:instead|again|rather|not|undo|revert|back)\b|n't\b", re.IGNORECASE)


def _only_asks(text: str) -> bool:
    """Say whether a prompt is one open question: `can't we …?`, `why did you …?` and `… instead?` are none."""
    bare = text.strip()
    if _REDIRECTS.search(bare):
        return False
    return bare.endswith("?") and bare.count("?") == 1 and "." not in bare.rstrip("?")[:-1] and bool(_ASKS.match(bare))


_LETS_BE = re.compile(
    r"\b(?:(?:let['\u2019]?s not|we (?:do not|don['\u2019]t) (?:need|have) to|no need to) worry\b"
    r"|not worth (?:it|the (?:effort|trouble|time))\b|no big deal\b|bigger fish\b)"
    r"|^(?:ah|oh|argh|ugh|damn|crap|shit|hmm+)\b[^.?!]{0,20}\b(?:we|there['\u2019]?s|there (?:is|are)) still\b"
    r"[^.?!]{0,60}\?",
    re.IGNORECASE,
)
"""The user leaves it at that, or is surprised by how things stand."""
_TURNS = re.compile(
    r"\b(?:instead|rather|again|undo|revert|back|remove|wrong|not what|please|should(?:n['\u2019]t)?|use)\b"
    r"|^\W*(?:no|nope|stop)\b",
    re.IGNORECASE,
)


def _lets_be(text: str) -> bool:
    """Say whether the user lets something be: what says what to do in its place does not."""
    found = _LETS_BE.search(text)
    return found is not None and not _TURNS.search(f"{text[: found.start()]} {text[found.end() :]}")


_DOUBTS = re.compile(
    r"but\b"
    r"(?=.*(?:\?|\b(?:would|could|might|may|wo|ca)(?:n['\u2019]?t)?\b))",
    re.IGNORECASE | re.DOTALL,
)
_REPROACHES = re.compile(
    r"\bi (?:said|asked|told|meant|wanted)\b|\byou (?:said|forgot|missed|broke|didn['\u2019]t|changed|deleted)\b",
    re.IGNORECASE,
)


def doubts(text: str) -> bool:
    """Say whether the user holds something against what was proposed, and neither orders nor reproaches."""
    return _DOUBTS.match(text.strip()) is not None and not (_TURNS.search(text) or _REPROACHES.search(text))


_SATISFIED = re.compile(
    r"(?:^|[.!]\s+)(?:(?:ok(?:ay)?|yes|yep|great|nice|cool|perfect|awesome|thanks|thank you)[\s,.!]+)*"
    r"(?:(?:it|that|this|everything|all)\s+(?:now\s+)?)?(?:looks? (?:good|great|right)|works?(?=\s*[.,!]|$| now\b| "
    r"(?:great|fine|well|perfectly)\b)|lgtm\b|well done\b|good job\b|solved\b|love it\b)|"
    r"^(?:great|nice|perfect|awesome|good)\b[^.?!]{0,80}\b(?:reads?|looks?|works?|runs?) "
    r"(?:good|great|right|well|fine|nicely|perfectly)\b",
    re.IGNORECASE,
)


_THANKS = re.compile(r"[.!]\s+(?:many )?(?:thanks|thank you)(?: (?:a lot|so much))?[\s.!]*$", re.IGNORECASE)
"""Thanks with which a message of other words ends; what they answer has been told before them."""


def accepts(session: Session, prompt: Prompt) -> bool:
    """Say whether the user was content with the result: thanks before the next request are manners, no verdict."""
    if welcomes(prompt):
        return True
    if not is_praise(prompt.text) or asked_before(session, prompt):
        return False
    if prompt.kind in {"consent", "publish"}:
        return True
    return "?" not in prompt.text and bool(_SATISFIED.search(prompt.text) or _THANKS.search(prompt.text))


_HEAD = re.compile(r"[^.!?\n]{4,90}[.!](?=\s+[A-Z`])")
_PRAISES = re.compile(
    r"(?:(?:oh|wow|ah|yes|yeah|ok(?:ay)?|thanks|thank you)[\s,!]+)*(?:(?:that|this|it|these|those|they|everything)"
    r"(?:'s| is|'re| are| looks?| works?| worked| was| reads?)\s+(?:\w+ly |just |so |very |pretty |all )*"
    r"(?:great|perfect(?:ly)?|excellent|amazing|awesome|fantastic|wonderful|brilliant|beautiful(?:ly)?|lovely|"
    r"exactly (?:what|right)|spot on|good|helpful)\b|"
    r"i (?:really |absolutely )?(?:love|like) (?:it|this|that|these|the)\b)",
    re.IGNORECASE,
)


_TAKES_BACK = re.compile(r"\s*(?:but|however|though|only|except|except that|just)\b", re.IGNORECASE)


def welcomes(prompt: Prompt) -> bool:
    """Say whether a prompt opens with praise of what was done, and goes on with something else."""
    head = _HEAD.match(prompt.text)
    if head is None or not _PRAISES.match(head.group()) or not is_praise(f"{head.group()} great"):
        return False
    return not is_praise(prompt.text[head.end() :]) and not _TAKES_BACK.match(prompt.text[head.end() :])


def troubled(prompts: Sequence[Prompt]) -> bool:
    """Say whether a later prompt tells of a trouble, or asks again for what was asked for: it is no smooth course."""
    said: set[str] = set()
    for place, prompt in enumerate(prompts):
        text = prompt.text.strip()
        if text in said or (place and (_TROUBLE.search(text[:300]) or spoken(text) != text)):
            return True
        said.add(text)
    return False


_TROUBLE = re.compile(
    r"\b(?:broke|breaks|odd|weird|wrong|still|undo|revert|hmm+|(?:is|are|does|do|did|was|were|ca|wo)n'?t|not working|"
    r"no longer|fails?\b(?! (?:on purpose|gracefully)))\b",
    re.IGNORECASE,
)


def answered(session: Session, prompts: Sequence[Prompt], until: int = -1) -> Iterator[int]:
    """Yield the turns in which the user answered what the assistant had asked, before an event where one is given.

    Who asks back or corrects has not answered.
    """
    for prompt in prompts[1:]:
        if 0 <= until < prompt.order:
            return
        told = not prompt.refusal and prompt.kind != "correction" and "?" not in prompt.text
        if prompt.kind == "answer" or (told and asked_before(session, prompt)):
            yield prompt.turn


def asked_before(session: Session, prompt: Prompt) -> bool:
    """Say whether a prompt follows a reply that ends with a question."""
    for place in range(prompt.order - 1, -1, -1):
        event = session.events[place]
        if event.agent or event.kind == "thought":
            continue
        return event.kind == "reply" and is_asking(event.text)
    return False


def is_asking(reply: str) -> bool:
    """Say whether a reply ends with a question."""
    return "?" in reply.rstrip().rsplit("\n", 1)[-1]


_REFUSES = re.compile(
    r"(?:(?:(?:i(?:'m| am) )?(?:very |really |so )?sorry|apologies|i apologi[sz]e|unfortunately|no|"
    r"as an? [^,.]{2,40})[,.!—–-]*\s+(?:but |that )?)*"
    r"i(?: (?:don't|do not) have access to\b|(?: can(?:'t|not| not)| won't| will not|(?:'m| am) (?:un|not )able to|"
    r" must decline to) (?:really |actually |currently |directly )?(?:access|answer|assist|comply|create|describe|"
    r"discuss|do (?:that|this)|engage|fulfil+|generate|help|identify|open|produce|provide|see|share|view|write)\b)",
    re.IGNORECASE,
)
_SHORT_WORD = 60
"""Words: a longer reply says more than that it does not help."""


def declines(reply: str) -> bool:
    """Say whether a reply refuses what was asked, or cannot do it, and says nothing besides."""
    text = reply.strip().replace("\u2019", "'")
    denies = any(part in text for part in ("n't ", "not ", "unable ", "decline "))
    return denies and len(text.split()) <= _SHORT_WORD and _REFUSES.match(text) is not None


_OFFERS = re.compile(
    r"\b(?:want me to|would you like|do you want|should i|shall i|(?:anything|something) else|"
    r"any (?:other|more|further|questions?)|let me know|(?:can|may) i help)\b",
    re.IGNORECASE,
)
_CHOICES = re.compile(r"\b(?:which|prefer|options?)\b|\b(?:should|shall) (?:i|we)\b.*\bor\b", re.IGNORECASE)


def is_offer(reply: str) -> bool:
    """Say whether the question that a reply ends with only offers to go on: what was asked is answered without it."""
    asked = reply.rstrip().rsplit("\n", 1)[-1]
    question = re.split(r"(?<=[.!?])\s+", asked)[-1]
    return len(reply.split()) >= _FEWEST and bool(_OFFERS.search(question)) and not _CHOICES.search(question)


_FEWEST = 30
"""Words: a shorter reply that ends with an offer has answered nothing yet."""
