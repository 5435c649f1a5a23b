"""The words of statements about software work: which say little, which are written short, which say nearly the same."""

from __future__ import annotations

_FILLER = """
    although always among already could else even ever every however into just let like may might near need needs
    one onto or others per rather really since still sure though throughout thus unless upon us use used uses using
    usually via want way well without within would yes yet
"""
FILLER = frozenset(_FILLER.split())

SHORT_FORMS = {
    "administrator": "admin", "application": "app", "argument": "arg", "asynchronous": "async", "attribute": "attr",
    "authentication": "auth", "boolean": "bool", "certificate": "cert", "cfg": "config", "character": "char",
    "column": "col", "command": "cmd", "configuration": "config", "context": "ctx", "credential": "cred",
    "database": "db", "dbs": "db", "dependency": "dep", "destination": "dest", "directory": "dir", "document": "doc",
    "documentation": "doc", "documented": "doc", "element": "elem", "environment": "env", "extension": "ext",
    "fn": "func", "function": "func", "identifier": "id", "information": "info", "integer": "int",
    "javascript": "js", "language": "lang", "length": "len", "library": "lib", "maximum": "max", "memory": "mem",
    "message": "msg", "minimum": "min", "mrs": "mr", "number": "num", "object": "obj", "parameter": "param",
    "password": "passwd", "performance": "perf", "permission": "perm", "pointer": "ptr", "postgresql": "postgres",
    "preference": "pref", "production": "prod", "prs": "pr", "repository": "repo", "service": "svc", "source": "src",
    "specification": "spec", "subdirectory": "subdir", "synchronize": "sync", "temporary": "temp", "tmp": "temp",
    "typescript": "ts", "uis": "ui", "utility": "util", "value": "val", "variable": "var", "vms": "vm",
}  # fmt: skip
"""What people write short as often as whole, and always mean the same by; search goes further (core/variants.py)."""

_FILE_ENDINGS = """
    bash cc cfg cjs conf cpp cs css csv dart exs go gradle gz hpp html ini ipynb java jpg js json jsonl jsx kt kts
    lua md mdx mjs pdf php plist png proto py pyi rb rs rst scala scss sh sql svelte svg swift tar tf tfvars toml ts
    tsx txt vue xml yaml yml zig zip zsh
"""
FILE_ENDINGS = frozenset(_FILE_ENDINGS.split())
"""What the name of a file ends in: it says of what kind the file is, not what is said of it."""

_EVERYDAY = """
    test code file change error fail run work make add set new check fix update function first time problem issue
    user project build create require
    three four five six seven eight nine ten dozen hundred minute hour day week month
"""
_COMMON = """
    actual agent allow api app approach argument ask assume automatic available back bad behavior better
    block branch break bug call case catch cause class clean clear cli client command comment commit common compile
    complete config configuration confirm consistent contain content context convert copy correct cover data database
    date debug default define delete depend dependency deploy describe design develop difference different direct
    directory doc document documentation edit empty end ensure environment example exist existing expect explicit
    export extra failure fall feature field find follow force format full generate git good group handle hard help
    hook id implement implementation import improve include incorrect index initial input install instance
    integration interface internal introduce item job keep key know large later lead learn leave length level library
    line link lint list load local log logic long look loop lose main manual mean match matter merge message method miss
    mock mode model module move multiple name network next note number object old open operation option order
    original output package page parse part pass path pattern place plan point possible prefer prevent previous print
    process production prompt proper provide public pull push put query question quick read real reason refactor
    reference release remain remember remove rename repeat replace repo repository request resolve response rest
    result return reuse review rule safe save schema script search second see separate sequence server service
    session setting setup share show side silent simple single skip slow small solution solve source specific stage
    start state step store string structure style suite support system table take task team think thing thread token
    tool track try turn two type understand unit unexpected unused url value variable verify version view wait
    warning whole wrong write
"""
EVERYDAY = frozenset(_EVERYDAY.split())
COMMON = frozenset(_COMMON.split())

_CARE = """
    careful carefully care attention attentive coordination coordinate coordinated ensure ensuring consistency
    thorough thoroughly diligence meticulous tedium tedious friction minor need needed require required avoid
    maintain balance balancing
"""
CARE = frozenset(_CARE.split())
"""Words that say no more of trouble than that work took care, as any work does."""

_SENSES = """
    fail failure error exception crash broke broken break
    stale outdated obsolete expired
    wrong incorrect misleading invalid mistaken
    verify check validate confirm verification
    build compile compilation compiler
    lint linter golangci eslint ruff flake8 pylint clippy shellcheck staticcheck errcheck gosec rubocop
    format formatter fmt gofmt prettier black rustfmt
    merge rebase
    delete remove drop purge prune discard
    clean cleanup tidy
    silent silently swallow suppress ignore
    log logger logging
    signature parameter argument arg param caller
    duplicate dedupe deduplicate deduplication duplication
    parallel concurrent concurrency parallelism simultaneous race
    review reviewer feedback
    convention standard practice guideline
    retry rerun again repeat
    deprecated legacy compat compatible compatibility backward backwards
    redundant unnecessary pointless unused dead needless superfluous
    helper utility util
    debug investigate diagnose trace troubleshoot
    initial first original
    missing absent lacking
    empty blank null nil none
    slow performance latency
    timeout hang hung stuck freeze
    secret token credential password
    permission denied forbidden unauthorized
    install setup bootstrap
    upgrade bump
    deploy deployment publish ship
    mock stub fake
    flaky flake intermittent nondeterministic unstable
    regex regexp
    render display show
    assume assumption guess
    agent subagent assistant
    docs readme documentation doc
    refactor restructure extract reorganize
    diagnostic lsp gopls pyright intellisense
    handle handler handling
    rename renamed
    simple simplify
    idempotent idempotency
    ci pipeline
    directory folder dir path
"""
SENSES = tuple(tuple(line.split()) for line in _SENSES.split("\n") if line.strip())
"""Words that tell of nearly the same in such work: a line each, its first word names the sense."""

_OPPOSITES = """
    large small; big small; fast slow; required optional; staging production; add remove
    client server; read write; input output; internal external; public private; local remote; local global; left right
    first last; minimum maximum; enable disable; enabled disabled; start stop; open close
    source target; parent child; sync async; synchronous asynchronous; encode decode; push pull; request response
    old new; true false; import export; upload download; backend frontend; upgrade downgrade
    increase decrease; lower raise; include exclude; allow deny; lock unlock; connect disconnect
    development production; debug release; light dark; manual automatic; sender receiver; producer consumer
"""
OPPOSITES = tuple(tuple(pair.split()) for line in _OPPOSITES.split("\n") for pair in line.split(";") if pair.strip())
"""Words that stand in one place of two statements which say two things."""
