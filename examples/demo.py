"""The whole job on the sample transcripts: every command shown is really run, in a HOME of its own."""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterable
from pathlib import Path

HERE = Path(__file__).resolve().parent
TRANSCRIPTS = HERE / "transcripts"
CLAUDE = ".claude/projects/-home-robin-code-tidepool"
GITCONFIG = "[user]\n\tname = Robin\n\temail = robin@example.org\n[init]\n\tdefaultBranch = main\n"
FOREIGN = ("GIT_", "JOURNAL_", "XDG_", "CLAUDE_", "VISUAL", "EDITOR", "PAGER", "PYTHONUNBUFFERED")


class Stage:
    """An empty HOME with Robin's transcripts in it, and the record of what was run there."""

    def __init__(self, folder: Path, *, quiet: bool) -> None:
        clear(folder)
        self.home = folder / "home"
        self.record = folder / "session.txt"
        self.quiet = quiet
        self.env = {name: value for name, value in os.environ.items() if not name.startswith(FOREIGN)}
        self.env |= {"HOME": str(self.home), "USERPROFILE": str(self.home), "TZ": "UTC", "GIT_CONFIG_NOSYSTEM": "1"}
        self.env["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), self.env.get("PATH", "")])
        # The demo lies inside a repository that is itself a journal: walking up would find that one, and `init` rightly
        # refuses a journal inside a foreign repository. So this HOME is a repository of its own.
        self.env["JOURNAL_HOME"] = str(self.home / "journal")
        folder.mkdir(parents=True, exist_ok=True)
        self.record.touch()
        (self.home / CLAUDE).mkdir(parents=True)
        (self.home / ".gitconfig").write_text(GITCONFIG, encoding="utf-8")
        for transcript in sorted(TRANSCRIPTS.glob("*.jsonl")):
            shutil.copy(transcript, self.home / CLAUDE)

        subprocess.run(["git", "init", "--quiet", str(self.home)], env=self.env, check=True)

    def tell(self, *lines: str) -> None:
        """Say what comes next."""
        if not self.quiet:
            sys.stdout.write("".join(f"{line}\n" for line in lines))
            sys.stdout.flush()

    @property
    def journal(self) -> Path:
        """Return the folder of the journal's files."""
        return self.home / "journal" / "journal"

    def find(self, pattern: str) -> Path:
        """Return the one file of the journal that the next step is about."""
        found = sorted(self.journal.glob(pattern))
        insist(bool(found), f"no file fits {pattern} in {self.journal}")
        return found[0]

    def lies(self, what: str, folder: str) -> None:
        """Say where the files lie that the last command wrote."""
        place = self.journal / folder
        count = sum(path.is_file() for path in place.rglob("*"))
        insist(count > 0, f"{place} is empty")
        self.tell(f"  → {what}: {os.path.relpath(place)}{os.sep} ({count} file{'s' * (count != 1)})")

    def snapshot(self) -> dict[str, bytes]:
        """Return every file of the journal with its bytes."""
        return {str(path): path.read_bytes() for path in self.journal.rglob("*") if path.is_file()}

    def run(self, line: str, *, show: int = 12, code: int = 0) -> str:
        """Run one command line as a shell would, show its first lines, and insist on its exit code."""
        done = subprocess.run(  # noqa: S602 - the lines stand below, and are shown as they are typed
            line, shell=True, cwd=self.home, env=self.env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL, text=True, encoding="utf-8", check=False,
        )  # fmt: skip
        output = done.stdout.replace(str(self.home.resolve()), "~").replace(str(self.home), "~")
        with self.record.open("a", encoding="utf-8") as record:
            record.write(f"$ {line}\n{output}")
        self.tell(f"\n$ {line}", *_shorten(output, show))
        insist(done.returncode == code, f"exit code {done.returncode} instead of {code}: {line}\n{output}")
        return output


def clear(folder: Path) -> None:
    """Remove what an earlier run left there, and nothing else."""
    earlier = (folder / "session.txt").is_file()
    insist(earlier or not folder.exists() or not any(folder.iterdir()), f"{folder} is not empty and not of this demo")
    shutil.rmtree(folder, ignore_errors=True)


def insist(fact: bool, otherwise: str) -> None:  # noqa: FBT001
    """Stop the demo where it would claim what is not so."""
    if not fact:
        raise SystemExit(f"the demo failed: {otherwise}")


def _shorten(output: str, limit: int) -> Iterable[str]:
    lines = output.rstrip("\n").splitlines()
    yield from lines[:limit]
    if len(lines) > limit:
        yield f"  … {len(lines) - limit} more lines"


def after_work(stage: Stage) -> None:
    """Make a journal, draft the week's sessions into it, accept them."""
    stage.tell("", "── After work: sessions become entries ──")
    stage.run("journal init")
    stage.run("journal capture --all", show=20)
    stage.lies("the entries", "sessions/2026")
    stage.run("journal list")
    entry = stage.find("sessions/2026/2026-11-10-*.md").stem
    stage.run(f"journal show {entry}", show=70)
    stage.run(f"journal review {entry} --accept")
    stage.run("journal review --accept-all --project tidepool")
    kept = b"".join(path.read_bytes() for path in stage.journal.rglob("*.md"))
    insist(b"ghp_tide" not in kept, "a token that a tool printed was stored")


def lesson(stage: Stage) -> Path:
    """Return the playbook that holds what Robin learned four times that week; without it the demo has failed."""
    for path in sorted((stage.journal / "playbooks").glob("*.md")):
        advice = path.read_text(encoding="utf-8").partition("## What to do")[2].partition("## Evidence")[0]
        if "migration" in advice:
            return path
    raise SystemExit("the demo failed: no playbook says to check the migrations before the tests")


def on_friday(stage: Stage) -> None:
    """Roll the week up, promote what recurs."""
    stage.tell("", "── On Friday: the week, and what keeps coming back ──")
    stage.run("journal weekly --date 2026-11-13")
    stage.lies("the week", "rollups")
    stage.run("cat journal/journal/rollups/2026-W46.md", show=60)
    stage.run("journal patterns", show=20)
    stage.run("journal playbook list")
    playbook = lesson(stage)
    stage.lies("what to do next time", "playbooks")
    stage.run(f"journal playbook show {playbook.stem}", show=50)
    before = stage.snapshot()
    stage.run("journal weekly --date 2026-11-13")
    insist(stage.snapshot() == before, "rolling the week up twice changed something")


def before_the_next_session(stage: Stage) -> None:
    """Hand back what matters for the next task."""
    stage.tell("", "── Before the next session: what matters for it ──")
    stage.run('journal context --project tidepool --task "run the tests after a rebase"', show=40)
    stage.run("journal search stale schema")


def proof(stage: Stage) -> None:
    """Verify, then change an entry behind the journal's back, on a copy."""
    stage.tell("", "── Can it be trusted? ──")
    stage.run("journal log --limit 3")
    stage.lies("the hash-chained log", "log")
    stage.run("journal verify")
    entry = stage.find("sessions/2026/2026-11-10-*.md").relative_to(stage.journal.parent).as_posix()
    stage.tell("", "Somebody rewrites an entry, in a copy of the journal, and commits it:")
    stage.run("cp -R journal copy")
    stage.run(f"sed -i.bak 's/export.py/queue.py/' copy/{entry} && rm copy/{entry}.bak")
    stage.run('git -C copy commit -q -am "Nothing to see here"')
    stage.run("journal --journal copy verify", code=1)


def main() -> None:
    """Play all acts and say where the files lie."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--into", type=Path, default=HERE.parent / ".demo", help="the folder, removed and made again")
    options.add_argument("--quiet", action="store_true", help="print nothing unless something fails")
    chosen = options.parse_args()
    began = time.monotonic()
    stage = Stage(chosen.into.resolve(), quiet=chosen.quiet)
    for act in (after_work, on_friday, before_the_next_session, proof):
        act(stage)
    where = os.path.relpath(stage.home)
    journal = os.path.relpath(Path(sys.executable).parent / "journal", stage.home / "journal")
    stage.tell(
        "", f"── All of it took {time.monotonic() - began:.0f} seconds. Where the files lie ──", "",
        f"  {where}/journal/journal/sessions/    the entries",
        f"  {where}/journal/journal/rollups/     the week",
        f"  {where}/journal/journal/playbooks/   what to do next time",
        f"  {where}/journal/journal/log/         the hash-chained log",
        f"  {os.path.relpath(stage.record)}      all of the above, unshortened",
        "", f"Try it yourself: cd {where}/journal && {journal} list",
    )  # fmt: skip


if __name__ == "__main__":
    main()
