"""What generation works with: one opened version, its retriever, and what is derived from it once."""

from functools import cached_property

from brain.catalog import Topic
from brain.embedding import Embedder
from brain.records import Interval
from brain.retrieval import Retriever
from brain.store import OpenVersion
from brain.topics import Namer, competency_namer, topic_namer
from service.generation.knowledge import Knowledge


class Workspace:
    """One version, ready for requests. Safe for several threads; close it when the last request is done."""

    def __init__(self, version: OpenVersion, embedder: Embedder) -> None:
        self.version = version
        self.retriever = Retriever(version, embedder)
        self.knowledge = Knowledge(version)
        self.topics: Namer = topic_namer(version.context.topics)
        self.competencies: Namer = competency_namer(version.context.company.competency)

    @cached_property
    def topic_by_id(self) -> dict[str, Topic]:
        """The taxonomy by id."""
        return {topic.id: topic for topic in self.version.context.topics}

    @cached_property
    def reports(self) -> Interval | None:
        """From when to when the dated first-person reports of the corpus are."""
        dates = [cluster.reported for cluster in self.version.clusters if cluster.reported and cluster.reports]
        if not dates:
            return None
        return Interval(first=min(one.first for one in dates), last=max(one.last for one in dates))

    def level(self, name: str) -> str:
        """A level by any of its names: its id where the role knows it, else the name itself."""
        said = name.strip().casefold()
        for level in self.version.context.role.level:
            if said in {one.casefold() for one in (level.id, level.name, *level.aliases)}:
                return level.id
        return said

    def below(self, topic: str) -> set[str]:
        """A topic and all that stand below it in the taxonomy."""
        found = {topic}
        while grown := {one.id for one in self.version.context.topics if one.parent in found} - found:
            found |= grown
        return found

    def close(self) -> None:
        """Let go of the version."""
        self.version.close()
