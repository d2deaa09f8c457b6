"""Which company, role and level a text is about."""

import re
from collections.abc import Sequence

from brain.catalog import Level


def level_of(text: str, levels: Sequence[Level]) -> str:
    """The id of the level whose longest name stands in the text as words of their own, or ""."""
    found = [
        (len(name), level.id)
        for level in levels
        for name in (level.name, *level.aliases)
        if re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text, re.IGNORECASE)
    ]
    return max(found, default=(0, ""))[1]
