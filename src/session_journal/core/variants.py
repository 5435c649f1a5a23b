"""Other forms of a word that stemming does not join: irregular forms, developers' short forms, two spellings."""

from __future__ import annotations

import re

_IRREGULAR = """
    begin began begun; bind bound; break broke broken; bring brought; build built; buy bought; catch caught;
    choose chose chosen; come came; deal dealt; do did done; draw drew drawn; drink drank drunk; drive drove driven;
    eat ate eaten; fall fell fallen; feed fed; feel felt; fight fought; find found; fly flew flown;
    forget forgot forgotten; freeze froze frozen; get got gotten; give gave given; go went gone; grow grew grown;
    hang hung; hear heard; hide hid hidden; hold held; keep kept; know knew known; lead led; leave left; lend lent;
    lose lost; make made; mean meant; meet met; override overrode overridden; overwrite overwrote overwritten; pay paid;
    rebuild rebuilt; redo redid redone; rethink rethought; rewrite rewrote rewritten; ride rode ridden; ring rang rung;
    rise rose risen; run ran; rerun reran; say said; see saw seen; sell sold; send sent; shake shook shaken;
    shoot shot; show shown; shrink shrank shrunk; sing sang sung; sit sat; sleep slept; speak spoke spoken;
    spend spent; spin spun; stand stood; steal stole stolen; stick stuck; swim swam swum; take took taken;
    teach taught; tear tore torn; tell told; think thought; throw threw thrown; undo undid undone;
    understand understood; wake woke woken; wear wore worn; win won; withdraw withdrew withdrawn;
    write wrote written; child children; foot feet; half halves; index indices; leaf leaves; life lives; man men;
    matrix matrices; mouse mice; person people; vertex vertices; wife wives; woman women
"""
_SHORT = """
    admin administrator; app application; arg argument; async asynchronous; auth authentication authorization;
    char character; concurrency concurrent; config configuration; cred credential; db database; dep dependency;
    dependencies deps; dev development; dir directory folder; doc documentation; env environment; err error;
    exec execute; func function; gh github; impl implementation; info information; init initialize; js javascript;
    k8s kubernetes; lib library; libs libraries; max maximum; min minimum; msg message; num number; param parameter;
    perf performance; perm permission; postgres postgresql; prod production; py python; regex regexp;
    repo repository; repos repositories; spec specification; sync synchronize; temp tmp temporary; ts typescript;
    util utility; utils utilities; var variable; vuln vulnerability
"""
_ENDINGS = (("ies", "y"), ("es", "e"), ("es", ""), ("s", ""), ("ing", ""), ("ing", "e"), ("ed", ""), ("ed", "e"))
_SPELLINGS = (
    (re.compile(r"is(e[sdr]?|ing|ation|ations)$"), r"iz\1"),
    (re.compile(r"iz(e[sdr]?|ing|ation|ations)$"), r"is\1"),
    (re.compile(r"our(s|ed|ing|al)?$"), r"or\1"),
    (re.compile(r"or(s|ed|ing|al)?$"), r"our\1"),
)
_ISE = re.compile(
    r"(?<=\w\w\w)(?:(?<=[aeio][lnr])|(?<=im)|(?<=[eio]t)|(?<=ic)|(?<=as)|(?<=gn)|(?<=rd)|(?<=tom))"
    r"is(?=(?:e[sdr]?|ing|ations?)$)"
)
"""What verbs written in `-ise` or `-ize` have before that; `precise`, `promise` and `surprise` have not."""
_OUR = re.compile(r"(?<=\w[bdlmnv])our(?=(?:s|ed|ing|al|able|ite)?$)|(?<=avi)our")
_PLAIN = re.compile(r"\b[A-Za-z][a-z]+\b")
SAME, SHORTER = 1.0, 0.7


def _table(text: str) -> dict[str, tuple[str, ...]]:
    groups = [tuple(group.split()) for group in text.split(";")]
    return {word: group for group in groups for word in group}


_FORMS = _table(_IRREGULAR)
_BASES = {word: group[0] for word, group in _FORMS.items() if word != group[0]}
_SHORT_FORMS = _table(_SHORT)


def american(word: str) -> str:
    """Return a lower-case word in American spelling, itself where it is spelled in one way everywhere."""
    return _OUR.sub("or", word) if "our" in word else _ISE.sub("iz", word) if "is" in word else word


def forms(word: str) -> tuple[str, ...]:
    """Return the forms of a lower-case word that is inflected in no regular way, its base first; else nothing."""
    return _group(word, _FORMS)


def in_base_form(text: str) -> str:
    """Return a text with the base of each irregular form: `wrote`, `built` as `write`, `build`."""
    return _PLAIN.sub(lambda found: _BASES.get(found[0].lower(), found[0]), text)


def variants(word: str) -> tuple[tuple[str, float], ...]:
    """Return other forms of a lower-case word, each with how much it counts beside the word itself."""
    found: dict[str, float] = {}
    for table, weight in ((_FORMS, SAME), (_SHORT_FORMS, SHORTER)):
        for form in _group(word, table):
            found.setdefault(form, weight)
    if len(word) > 5:
        found |= {pattern.sub(by, word): SAME for pattern, by in _SPELLINGS if pattern.search(word)}
    found.pop(word, None)
    return tuple(found.items())


def _group(word: str, table: dict[str, tuple[str, ...]]) -> tuple[str, ...]:
    if word in table:
        return table[word]
    stems = [word.removesuffix(ending) + by for ending, by in _ENDINGS if word.endswith(ending)]
    doubled = [stem[:-1] for stem in stems if len(stem) > 3 and stem[-1] == stem[-2]]
    return next((table[stem] for stem in [*stems, *doubled] if stem in table), ())
