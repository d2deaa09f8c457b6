"""What must not be stored or followed: personal data, and text that speaks to a language model."""

from brain.instructions import SOURCES as _INSTRUCTIONS
from brain.instructions import instruction_spans
from brain.personal import SOURCES as _PERSONAL
from brain.personal import remove_personal_data

REMOVING = ("brain.screening", *_PERSONAL)
"""The modules whose source decides what `remove_personal_data` removes."""
MARKING = ("brain.screening", *_INSTRUCTIONS)
"""The modules whose source decides what `instruction_spans` finds."""

__all__ = ["MARKING", "REMOVING", "instruction_spans", "remove_personal_data"]
