"""Which remotes the user calls private: by their URLs, for `origin` is another place in each repository."""

from __future__ import annotations

import os

from session_journal.errors import UsageError
from session_journal.store.git import run_git
from session_journal.store.remote import without_login
from session_journal.store.settings import Settings

__all__ = ["PREFIX", "is_private", "open_remotes", "push_urls", "setting_names", "settle", "without_login"]

PREFIX = "remote."


def setting_names(name: str, root: str) -> list[str]:
    """Return the settings that a name stands for: `remote.origin` is one for each URL that origin is pushed to."""
    if not name.startswith(PREFIX):
        return [name]
    remote = name.removeprefix(PREFIX)
    urls = push_urls(root, remote) if root else []
    if not urls and not set(remote) & {"/", ":", "\\"}:
        raise UsageError(f"the journal has no remote that is called {remote}", "git remote -v")
    return [PREFIX + settle(url, root) for url in urls or [remote]]


def is_private(settings: Settings, root: str, url: str) -> bool:
    """Tell whether the user has marked the remote at this URL as private; a journal's own settings can't."""
    return settings.user.get(PREFIX + settle(url, root)) == "private"


def open_remotes(settings: Settings, root: str) -> list[str]:
    """Return the names of the remotes that the user has not marked as private, by any URL that they are pushed to."""
    names = run_git(["remote"], root, check=False).text.splitlines()
    return [name for name in names if not all(is_private(settings, root, url) for url in push_urls(root, name))]


def push_urls(root: str, remote: str) -> list[str]:
    """Return where a remote is pushed to, [] where there is no such remote."""
    output = run_git(["remote", "get-url", "--push", "--all", remote], root, check=False)
    return output.text.splitlines() if output.code == 0 else []


def is_one_place(root: str, remote: str) -> bool:
    """Tell whether a remote is pushed to where it is fetched from, and nowhere else."""
    output = run_git(["remote", "get-url", remote], root, check=False)
    fetched = output.text if output.code == 0 else remote
    return {settle(url, root) for url in push_urls(root, remote) or [remote]} == {settle(fetched, root)}


def settle(url: str, root: str) -> str:
    """Return one spelling of a remote's URL: no login, and a folder by its whole path."""
    url = without_login(url)
    is_path = "://" not in url and ":" not in url.partition("/")[0]
    return os.path.abspath(os.path.join(root, os.path.expanduser(url))) if is_path else url
