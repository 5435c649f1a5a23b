"""Run `python -m session_journal` as the command `journal`."""

from session_journal.cli.main import main

main()
