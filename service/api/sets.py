"""Question sets that were given out, kept in a small SQLite file so that their address stays good."""

import sqlite3
import threading
from pathlib import Path

from brain.errors import NotFoundError
from service.generation.records import QuestionSet

_SCHEMA = """
CREATE TABLE IF NOT EXISTS question_sets (
    id TEXT PRIMARY KEY, corpus TEXT NOT NULL, version TEXT NOT NULL, body TEXT NOT NULL,
    created TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP
)
"""


class SetStore:
    """Question sets by id. Safe for several threads and processes."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._lock = threading.Lock()
        self._db = sqlite3.connect(path, timeout=10, isolation_level=None, check_same_thread=False)
        self._db.execute("PRAGMA journal_mode=WAL")
        self._db.execute(_SCHEMA)

    def keep(self, made: QuestionSet) -> None:
        """Store a set; the same id holds the same set, so that a second time changes nothing."""
        row = (made.id, made.corpus, made.version, made.model_dump_json())
        with self._lock:
            self._db.execute("INSERT OR IGNORE INTO question_sets (id, corpus, version, body) VALUES (?, ?, ?, ?)", row)

    def get(self, set_id: str) -> QuestionSet:
        """The set of that id. Raises NotFoundError."""
        with self._lock:
            row = self._db.execute("SELECT body FROM question_sets WHERE id = ?", (set_id,)).fetchone()
        if row is None:
            raise NotFoundError(
                f"There is no question set {set_id!r}.", next_step="Make one with POST /v1/question-sets."
            )
        return QuestionSet.model_validate_json(row[0])

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._db.close()
