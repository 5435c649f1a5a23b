"""The door to other machines: which remote and branch a journal is kept in step with, fetching and pushing."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping

from session_journal.core.records import record
from session_journal.errors import GitError, JournalError, UsageError
from session_journal.store.git import Output, run_git
from session_journal.store.repository import Repository

_FASTER = ("fetch first", "non-fast-forward", "cannot lock ref", "incorrect old value", "failed to update ref")

_LOGIN = re.compile(r"(?<=://)[^/\s'\"]+@")


def without_login(text: str) -> str:
    """Drop the user and password that a remote's URL may carry."""
    return _LOGIN.sub("", text)


@record(frozen=True, slots=True)
class Target:
    """Where a branch goes. remote: name or URL; ref: full name there; known: it is the branch's upstream already."""

    remote: str
    ref: str
    branch: str
    known: bool

    @property
    def name(self) -> str:
        """Return the remote for a person to read."""
        return without_login(self.remote)

    @property
    def label(self) -> str:
        """Return how a person names it; what git was given in place of a name may be a URL with a login."""
        return f"{self.name}/{self.ref.removeprefix('refs/heads/')}"


def find_target(repo: Repository, wanted: str = "") -> Target:
    """Return the current branch's upstream, else the branch of its name on the wanted or only remote."""
    branch = repo.branch()
    name = branch.removeprefix("refs/heads/")
    names = repo.git("remote").text.split("\n")
    known = [remote for remote in names if remote]
    remote, ref = (_config(repo, f"branch.{name}.{key}") for key in ("remote", "merge"))
    if remote and ref and remote != "." and wanted in {"", remote}:
        return Target(remote, ref, branch, known=True)
    if wanted and wanted not in known:
        raise UsageError(f"there is no remote {wanted}", "git remote -v")
    if not known:
        raise JournalError("this journal has no remote to sync with", "git remote add origin URL, then journal sync")
    if not wanted and len(known) > 1:
        raise JournalError(
            f"this branch has no upstream, and there are several remotes: {', '.join(known)}",
            f"journal sync --remote {known[0]}",
        )
    return Target(wanted or known[0], branch, branch, known=bool(remote and ref))


def _config(repo: Repository, key: str) -> str:
    return repo.git("config", "--get", key, check=False).text


def fetch(repo: Repository, target: Target, *, ask: bool) -> str:
    """Bring the remote branch's commits here and return its newest, "" where the branch does not exist yet."""
    env = _environment(repo, ask=ask)
    listed = run_git(["ls-remote", target.remote, target.ref], repo.root, check=False, extra_env=env)
    if listed.code:
        raise _unreachable(target, listed)
    found = [line.split("\t") for line in listed.text.splitlines()]
    commit = next((oid for oid, ref in found if ref == target.ref), "")
    if not commit or _has(repo, commit):
        return commit
    args = ["fetch", "--quiet", "--no-tags", "--no-recurse-submodules", target.remote, target.ref]
    fetched = run_git(args, repo.root, check=False, extra_env=env)
    if fetched.code:
        raise _unreachable(target, fetched)
    if not _has(repo, commit):
        raise GitError(f"{target.label} was rewritten while it was fetched", "journal sync")
    return commit


def _has(repo: Repository, commit: str) -> bool:
    return repo.git("cat-file", "-e", f"{commit}^{{commit}}", check=False).code == 0


def push(repo: Repository, target: Target, commit: str, *, ask: bool) -> bool:
    """Push a commit to the target; False where somebody else was faster, GitError in git's own words else."""
    args = ["push", "--porcelain", "--no-recurse-submodules", target.remote, f"{commit}:{target.ref}"]
    output = run_git(args, repo.root, check=False, extra_env=_environment(repo, ask=ask))
    if output.code == 0:
        if not target.known:
            _set_upstream(repo, target)
        return True
    refusal = [line for line in output.text.splitlines() if line.startswith("!\t")]
    if any(words in line for line in refusal for words in _FASTER):
        return False
    said = without_login("\n".join(line for line in output.err.strip().splitlines() if not line.startswith("hint:")))
    why = " ".join(line.split("\t")[-1] for line in refusal)
    raise GitError(
        f"{target.label} did not take the push: {why or 'git push failed'}\n{said}".strip(),
        _hint(target, said + why),
    )


def _hint(target: Target, said: str) -> str:
    if "checked out" in said:
        return "push to a bare repository: git init --bare"
    return f"git push {target.name}, which says more"


def _set_upstream(repo: Repository, target: Target) -> None:
    name = target.branch.removeprefix("refs/heads/")
    repo.git("config", f"branch.{name}.remote", target.remote)
    repo.git("config", f"branch.{name}.merge", target.ref)


def _unreachable(target: Target, output: Output) -> GitError:
    said = [line for line in output.err.strip().splitlines() if line.strip()]
    words = "\n".join(said[-4:]) or f"exit code {output.code}"
    return GitError(f"{target.name} cannot be reached:\n{without_login(words)}", f"git ls-remote {target.name}")


def _environment(repo: Repository, *, ask: bool) -> Mapping[str, str]:
    """Let git and ssh ask for a password where a person can answer, and never anywhere else."""
    if ask:
        return {"GIT_TERMINAL_PROMPT": "1"}
    env = {"GCM_INTERACTIVE": "never", "SSH_ASKPASS_REQUIRE": "never"}
    own = {"GIT_SSH", "GIT_SSH_COMMAND"} & set(os.environ) or _config(repo, "core.sshCommand")
    return env if own else {**env, "GIT_SSH_COMMAND": "ssh -o BatchMode=yes"}


def commits_outside(repo: Repository, have: str, commit: str, *inside: str) -> bool:
    """Tell whether commits that `have` lacks touch anything outside some paths."""
    since = [f"^{have}"] if have else []
    rest = [f":(exclude,top){path}" for path in inside]
    found = repo.git("rev-list", "--full-history", "-1", commit, *since, "--", ":(top)", *rest)
    return bool(found.text)
