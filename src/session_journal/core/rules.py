"""What a rule of redaction is: what it is found by, what its value looks like, and one example for and against it."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    import re
    from collections.abc import Callable

    Check = Callable[[re.Match[str]], bool]
    Finder = Callable[[str, int], tuple[int, int] | None]

# A token begins where no letter or digit stands before it; the letter of an escape such as \n does not count.
NOT_BEFORE = r"(?:(?<![A-Za-z0-9_])|(?<=\\[nrtbf])|(?<=\\u00[0-7][0-9a-f]))"
NOT_AFTER = r"(?![A-Za-z0-9_])"


class Rule:
    """One kind of what is taken out: keywords that any text holding it must contain, and the pattern that finds it.

    Where the pattern has a group named `secret`, that group alone is replaced. `before` is how many characters a match
    can begin before its keyword, `reach` how many it can end after it; the pattern is tried around keywords only, never
    over the whole text. Keywords are lower case and found in any case; a `token`'s stand at the beginning of a long run
    of letters and digits, in their own case. `shapes` are looked up in the text with its digits written as d (see
    core/rule_index.py); `seen` is a quick pattern that begins with one fixed character. `assigned` rules want a sign
    such as `=` after the keyword, one of `after` follows it at once (in lower case), `near` within reach. `check` has
    the last word on what the pattern found; `finder` is asked instead of the pattern. `instead` stands for a value that
    gets no `[REDACTED:kind]`.
    `example` and `counterexample` are tested.
    """

    __slots__ = (
        "_sight", "after", "assigned", "before", "check", "compiled", "counterexample", "example", "finder", "group",
        "ignore_case", "instead", "keywords", "kind", "near", "pattern", "reach", "seen", "shapes", "token",
    )  # fmt: skip

    def __init__(
        self,
        kind: str,
        keywords: tuple[str, ...],
        pattern: str,
        example: tuple[str, ...],
        counterexample: str,
        *,
        before: int = 0,
        reach: int = 600,
        ignore_case: bool = False,
        token: bool = False,
        assigned: bool = False,
        shapes: tuple[bytes, ...] = (),
        seen: bytes = b"",
        near: bytes = b"",
        after: tuple[bytes, ...] = (),
        check: Check | None = None,
        finder: Finder | None = None,
        instead: str = "",
    ) -> None:
        self.kind = kind
        self.keywords = keywords
        self.pattern = pattern
        self.example = "".join(example)
        self.counterexample = counterexample
        self.before, self.reach = before, reach
        self.ignore_case = ignore_case
        self.token, self.assigned = token, assigned
        self.shapes, self.seen, self.near, self.after = shapes, seen, near, after
        self.check, self.finder = check, finder
        self.instead = instead
        self.compiled: re.Pattern[str] | None = None
        self.group = 0
        self._sight: re.Pattern[bytes] | None = None

    def regex(self) -> re.Pattern[str]:
        """Return the compiled pattern; it is compiled when a keyword is met for the first time."""
        if self.compiled is None:
            import re  # noqa: PLC0415 - most texts hold no keyword, and a commit must not wait for this

            self.compiled = re.compile(self.pattern, re.IGNORECASE if self.ignore_case else 0)
            self.group = self.compiled.groupindex.get("secret", 0)
        return self.compiled

    def sight(self) -> re.Pattern[bytes]:
        """Return the compiled form of `seen`."""
        if self._sight is None:
            import re  # noqa: PLC0415 - only rules for transcripts are found so

            self._sight = re.compile(self.seen)
        return self._sight


def token(kind: str, prefixes: tuple[str, ...], body: str, example: tuple[str, ...], counterexample: str) -> Rule:
    """Return the rule of a provider's tokens: one of these prefixes, then a body of a known alphabet."""
    quoted = "|".join(prefix.replace(".", r"\.") for prefix in prefixes)
    body = body.replace(",}", ",4000}")  # what goes on for longer is no token, and no text may take long
    return Rule(kind, prefixes, f"{NOT_BEFORE}(?:{quoted}){body}", example, counterexample, token=True)
