"""What goes wrong is told, and kept for a report, without secrets."""

from __future__ import annotations

import os
import re
from pathlib import Path

from session_journal.cli import main
from session_journal.store.settings import change

TOKEN = "ghp_" + "A1b2C3d4E5" * 4


def test_no_secret_stands_in_a_report_of_a_bug_or_in_a_message(capsys, isolated):
    change(os.environ, "redact.words", "Falcon")
    said = f"/home/mira/falcon holds {TOKEN}"
    main._report_bug(RuntimeError(said))
    told = capsys.readouterr().err
    report = Path(re.search(r"the details lie in (.*\.txt)", told)[1])
    kept = report.read_text(encoding="utf-8")
    report.unlink()
    assert "RuntimeError" in kept
    assert "holds [REDACTED:github-token]" in kept
    main._explain(f"{said} cannot be read", "", 1)
    told += capsys.readouterr().err
    assert not re.search(rf"mira|falcon\b|{TOKEN}", kept + told.replace("/home/mira", ""), re.IGNORECASE)
