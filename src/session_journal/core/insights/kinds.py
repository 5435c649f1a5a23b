"""What kind of work a session was, in which languages, and whether it was any work at all."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from session_journal.core import lazy_re as re
from session_journal.core.events import Session
from session_journal.core.insights.goals import Prompt, prompts
from session_journal.core.insights.languages import is_english, tells_trouble
from session_journal.core.insights.requests import GREETING, IMPERATIVE, PROBLEM
from session_journal.core.insights.titles import title
from session_journal.core.insights.trails import Trail
from session_journal.core.terms import unspaced

_LANGUAGES = {
    "go": "go",
    "py": "python",
    "pyi": "python",
    "ipynb": "python",
    "ts": "typescript",
    "tsx": "typescript",
    "js": "javascript",
    "jsx": "javascript",
    "mjs": "javascript",
    "cjs": "javascript",
    "vue": "vue",
    "svelte": "svelte",
    "rs": "rust",
    "java": "java",
    "kt": "kotlin",
    "kts": "kotlin",
    "scala": "scala",
    "dart": "dart",
    "ex": "elixir",
    "exs": "elixir",
    "hs": "haskell",
    "lua": "lua",
    "jl": "julia",
    "zig": "zig",
    "r": "r",
    "rb": "ruby",
    "php": "php",
    "c": "c",
    "h": "c",
    "cpp": "cpp",
    "cc": "cpp",
    "hpp": "cpp",
    "cs": "csharp",
    "swift": "swift",
    "sh": "shell",
    "bash": "shell",
    "zsh": "shell",
    "ps1": "powershell",
    "sql": "sql",
    "html": "html",
    "css": "css",
    "scss": "css",
    "tf": "terraform",
    "md": "docs",
    "mdx": "docs",
    "rst": "docs",
}


def languages(trails: Sequence[Trail]) -> tuple[str, ...]:
    """Return the languages of the changed files, the most frequent first."""
    names = [trail.path.rsplit("/", 1)[-1].lower() for trail in trails if trail.changed]
    endings = [name.rsplit(".", 1)[-1] for name in names if "." in name]
    named = Counter(_LANGUAGES[ending] for ending in endings if ending in _LANGUAGES)
    return tuple(name for name, _ in named.most_common(3))


def is_trivial(session: Session, asked: Sequence[Prompt] | None = None) -> bool:
    """Say whether a session is not worth an entry: nobody asked for anything, or nothing was done.

    asked: its prompts, where they are known already.
    """
    asked = prompts(session) if asked is None else asked
    # A file that the user puts into the conversation is read by nobody yet.
    acts = {
        event.kind for event in session.events if event.kind in _ACTS and (event.kind, event.role) != ("read", "tool")
    }
    said = sum(_words(event.text) for event in session.events if event.kind == "reply")
    greeted = all(one.kind in {"consent", "continue"} or GREETING.match(one.text) for one in asked)
    worked = bool(acts - {"read"}) if greeted else bool(acts) or said >= _WORDS
    return not asked or not worked


def _words(text: str) -> int:
    """Count the words of a text; where a script puts no spaces between them, two characters are one."""
    return len(text.split()) + sum(len(run) for run in unspaced(text)) // 2


_ACTS = frozenset({"edit", "command", "read", "search", "tool"})
_WORDS = 60
"""An answer of so many words says something."""
_REVIEW = re.compile(
    r"^(?:(?:pr|code|security|design) )?review\b(?! (?:feedback|comments?|remarks?)\b)|\bcode review\b|"
    r"\breview (?:this|the|my|our|pr|pull|branch|#?\d)"
)
_OPERATIONS = re.compile(
    r"\bmerge conflicts?\b|^(?:merge|rebase|cherry-pick|deploy|release|upgrade|bump|install|configure|set ?up|publish|"
    r"provision|roll back|commit|push|tag|squash)\b"
)
_MACHINERY = re.compile(
    r"\b(?:ci|cd|pipelines?|gh actions?|github actions?|gitlab ci|docker\w*|kubernetes|k8s|terraform|helm|deploy\w*|"
    r"releases?|goreleaser|nginx|systemd)\b"
)
_MAKES = re.compile(
    r"^(?:add|implement|create|build|write|make|show|print|display|handle|support|introduce|extract|rename|document|test|"
    r"mock|log|report|detect|generate|move|translate|draft|design)\b"
)
_ASIDE = re.compile(r"(?:in|on|at|for|when|if|while|after|before) ")
_PLANS = re.compile(r"\b(?:brainstorm|plan|design|roadmap|strategy|propose)\b|\bhow (?:do|should|would) we\b")
_WRITES = re.compile(
    r"^(?:write|draft|outline|compose|rephrase|proofread|translate)\b|"
    r"\b(?:novel|short story|essay|blog post|newsletter|cover letter|poem)\b"
)
_LEARNS = re.compile(
    r"^(?:explain|teach|walk me through|help me (?:understand|learn)|what(?:'s| is| are| was| were| does| do)\b|who\b|"
    r"how (?:does|do|did|is|are)\b|why\b|when (?:did|does|was)\b)|\bdifference between\b"
)


def kind_of_work(session: Session, asked: Sequence[Prompt], goal: str, trails: Sequence[Trail]) -> str:
    """Return the kind of work: what the first goal orders, then what was done."""
    order, text = title(goal).lower(), goal[:300].lower()
    if _REVIEW.search(order):
        return "review"
    if _OPERATIONS.search(order):
        return "operations"
    if _is_trouble(order, text):
        return "debugging"
    if _MACHINERY.search(order) and not _MAKES.match(order) and not _ASIDE.match(order):
        return "operations"
    changed = [trail for trail in trails if trail.changed] or [trail for trail in trails if trail.reverted]
    if changed:
        written = all(trail.path.endswith((".md", ".mdx", ".rst", ".txt", ".adoc", ".tex")) for trail in changed)
        return "writing" if written else "implementation"
    return _talk(session, asked, order, text) if goal else "other"


def _is_trouble(order: str, text: str) -> bool:
    """Say whether something did not work: told as such, not as a word in what was to be made."""
    if not is_english(text):
        return tells_trouble(text)
    if re.match(r"(?:fix|debug|find out why|diagnose|reproduce|troubleshoot)\b", order):
        return True
    makes = _MAKES.match(order) or (IMPERATIVE.match(order) and not re.match(r"(?:check|investigate|look|find)", order))
    return bool(PROBLEM.search(text) or _FAULT.search(text)) and not makes and not _ASIDE.match(order)


_FAULT = re.compile(r"\b(?:does(?:n't| not)|is(?:n't| not)) (?:actually )?work\w*\b|\bwhy (?:did|does|is|are)\b")


def _talk(session: Session, asked: Sequence[Prompt], order: str, text: str) -> str:
    """Return the kind of a session that changed nothing."""
    if _PLANS.search(" ".join(one.text for one in asked[:1])[:600].lower()):
        return "planning"
    if _WRITES.search(order) or _WRITES.search(text):
        return "writing"
    looked = any(event.kind in {"read", "search", "command"} for event in session.events)
    return "learning" if _LEARNS.search(text) and not looked else "research"
