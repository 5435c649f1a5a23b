"""Where a repository keeps itself, read from its files: the git directory of a worktree and the one all share."""

from __future__ import annotations

import os


def git_dir_of(root: str) -> str:
    """Return the git directory of the worktree whose top this is, "" where it is none."""
    dot_git = os.path.join(root, ".git")
    if os.path.isdir(dot_git):
        return dot_git
    link = read_text(dot_git)
    return os.path.normpath(os.path.join(root, link[7:].strip())) if link.startswith("gitdir:") else ""


def common_dir_of(git_dir: str) -> str:
    """Return the git directory that all worktrees of a repository share."""
    link = read_text(os.path.join(git_dir, "commondir"))
    return os.path.normpath(os.path.join(git_dir, link)) if link else git_dir


def read_text(path: str) -> str:
    """Return a small file's text without white space around it, "" where it does not exist."""
    try:
        with open(path, encoding="utf-8", errors="surrogateescape") as file:
            return file.read().strip()
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
        return ""
