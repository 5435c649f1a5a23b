"""The settings that exist: their names, what each may hold, and who may set it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from difflib import get_close_matches

from session_journal.core.records import record
from session_journal.core.redact import redact
from session_journal.errors import UsageError

Value = str | int
SECRET_NAMES = ("key", "token", "password", "passwd", "secret", "credential", "credentials")


@record(frozen=True, slots=True)
class Key:
    """One setting. A name that ends in `.*` stands for every name below it.

    words: the only values it may hold (none: any). form: the pattern of those that it may hold, and an example.
    shared: a journal's own journal.toml may hold it too. What starts a program or sends something never is: a journal
    that was cloned must not decide that. tightest: the one value that it may hold nevertheless, for it lets less out of
    the user's hands; there it counts more than the user's own.
    """

    name: str
    help: str
    number: bool = False
    shared: bool = False
    words: tuple[str, ...] = ()
    form: tuple[str, str] = ("", "")
    below: int = 1
    above: int = 1_000_000
    tightest: str = ""


KEYS = (
    Key("default", "the journal used when none is named and none lies around the working directory"),
    Key("editor", "the command that opens an entry, with its arguments: code --wait"),
    Key(
        "projects.*", "the project that a folder or remote name belongs to: projects.webshop-v2 = webshop", shared=True
    ),
    Key(
        "patterns.sessions",
        "sessions that must show a pattern before it becomes a playbook (3)",
        number=True,
        shared=True,
        below=2,
        above=100,
    ),
    Key("patterns.days", "days on which they must lie (2)", number=True, shared=True, above=100),
    Key(
        "playbooks.proven",
        "reviewed sessions and helpful marks, less what speaks against it, that make a playbook proven (5)",
        number=True,
        shared=True,
        above=100,
    ),
    Key("playbooks.half_life", "days after which a playbook's evidence counts half (180)", number=True, shared=True),
    Key(
        "playbooks.harmful",
        "harmful marks, more than helpful ones, that retire a playbook (2)",
        number=True,
        shared=True,
        above=100,
    ),
    Key(
        "llm.base_url",
        "an OpenAI-compatible endpoint that drafts entries (unset: none is asked): http://localhost:11434/v1",
        form=(r"https?://[^\s/@?#]+(?:/[^\s@?#]*)?", "http://localhost:11434/v1"),
    ),
    Key("llm.model", "the model that it is asked for", form=(r"\S(?:.*\S)?", "qwen3:8b")),
    Key(
        "llm.embedding_model",
        "the model whose embeddings sharpen patterns (unset: none is asked)",
        form=(r"\S(?:.*\S)?", "nomic-embed-text"),
    ),
    Key(
        "llm.key_env",
        "the environment variable that holds the endpoint's key",
        form=(r"[A-Za-z_][A-Za-z0-9_]*", "OPENAI_API_KEY"),
    ),
    Key("llm.key_command", "the command that prints the key, run without a shell: keyring get openai journal"),
    Key(
        "llm.context",
        "tokens that a request and its reply may have together (8192)",
        number=True,
        below=4_096,
        above=4_000_000,
    ),
    Key("llm.timeout", "seconds that a reply may take (300)", number=True, below=5, above=3_600),
    Key("llm.tokens", "tokens that one entry may take at most (200000)", number=True, below=4_096, above=100_000_000),
    Key(
        "llm.price",
        "what the model costs, in/out in USD per million tokens",
        form=(r"\d+(?:\.\d+)?/\d+(?:\.\d+)?", "0.15/0.60"),
    ),
    Key(
        "llm.consent", "ask: once for each endpoint, before the first session is sent; yes: never", words=("ask", "yes")
    ),
    Key(
        "redact.words", "words that are taken out before anything is stored, separated by commas: Acme, Project Falcon"
    ),
    Key(
        "archive.commit",
        "yes: what happened in each captured session is committed with its entry, redacted (no: kept on this machine)",
        words=("no", "yes"),
        tightest="no",
    ),
    Key(
        "remote.*",
        "private: what only you may read may be pushed there; shared: it may not (a remote of the journal, or a URL)",
        words=("private", "shared"),
    ),
)


def find(name: str) -> Key:
    """Return the setting of this name; an unknown one names its nearest neighbours."""
    for key in KEYS:
        if key.name == name or (key.name.endswith(".*") and name.startswith(key.name[:-1]) and name != key.name[:-1]):
            return key
    if _last_word(name) in SECRET_NAMES:
        raise UsageError(
            f"settings hold no secrets, so there is no setting {name}",
            "journal config set llm.key_env NAME_OF_A_VARIABLE"
            if name.startswith("llm")
            else "put the secret into an environment variable; settings only ever name the variable",
        )
    raise UsageError(f"no setting is called {name}", _suggest(name))


def _last_word(name: str) -> str:
    return name.lower().replace("-", "_").replace(".", "_").rsplit("_", 1)[-1]


def _suggest(name: str) -> str:
    near = get_close_matches(name, [key.name for key in KEYS], n=1, cutoff=0.5)
    return f"journal config get {near[0]}" if near else "journal config list"


def read_value(name: str, text: str) -> Value:
    """Turn what was typed into the value of a setting, or say what is wrong with it."""
    key = find(name)
    if redact(text)[1]:
        raise UsageError(
            f"the value for {name} looks like a secret and was not stored",
            "put it into an environment variable instead",
        )
    if not text and (key.words or key.form[0]):
        raise UsageError(f"{name} cannot be empty", f"journal config unset {name}")
    if key.words and text not in key.words:
        raise UsageError(
            f"{name} is {' or '.join(key.words)}, not {text!r}", f"journal config set {name} {key.words[0]}"
        )
    if key.form[0] and not re.fullmatch(key.form[0], text):
        raise UsageError(f"{name} cannot be {text!r}", f"journal config set {name} {key.form[1]}")
    if not key.number:
        return text
    if not (text.isascii() and text.isdigit() and key.below <= int(text) <= key.above):
        raise UsageError(
            f"{name} is a number from {key.below} to {key.above}, not {text!r}", f"journal config get {name}"
        )
    return int(text)


def split_words(value: object) -> tuple[str, ...]:
    """Return the words of a setting that holds several, separated by commas, or a list of them."""
    given = value.split(",") if isinstance(value, str) else value if isinstance(value, list) else []
    return tuple(dict.fromkeys(" ".join(str(word).split()) for word in given if len(str(word).strip()) > 1))


def flatten(table: Mapping[str, object], prefix: str = "") -> dict[str, object]:
    """Turn nested tables into dotted names."""
    flat: dict[str, object] = {}
    for name, value in table.items():
        if isinstance(value, Mapping):
            flat.update(flatten(value, f"{prefix}{name}."))
        else:
            flat[prefix + name] = value
    return flat


def known(flat: Mapping[str, object], *, shared_only: bool = False) -> dict[str, Value]:
    """Keep the settings that exist and hold what they may; in a journal's own file, those it may decide."""
    kept: dict[str, Value] = {}
    for name, value in flat.items():
        try:
            key = find(name)
        except UsageError:
            continue
        if _fits(key, value) and (key.shared or not shared_only or is_tightest(name, value)):
            kept[name] = value  # type: ignore[assignment]  # _fits has looked
    return kept


def is_tightest(name: str, value: object) -> bool:
    """Tell whether a journal's own file may hold this value of a setting that is the user's otherwise."""
    return any(key.name == name and key.tightest == value for key in KEYS if key.tightest)


def _fits(key: Key, value: object) -> bool:
    if key.number:
        return isinstance(value, int) and not isinstance(value, bool) and key.below <= value <= key.above
    if not isinstance(value, str) or (key.words and value not in key.words):
        return False
    return not key.form[0] or re.fullmatch(key.form[0], value) is not None
