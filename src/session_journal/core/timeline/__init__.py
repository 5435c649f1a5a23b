"""The retelling of a session: what was asked and done, turn by turn, in the room that a reader has."""

from session_journal.core.timeline.folding import fold
from session_journal.core.timeline.steps import Step, steps
from session_journal.core.timeline.wording import describe

__all__ = ["Step", "describe", "fold", "steps"]
