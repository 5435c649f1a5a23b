"""A git-backed markdown journal of work with AI assistants."""

__version__ = "0.1.0"
