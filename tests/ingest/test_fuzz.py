"""Three hundred mutated inputs of every kind: each gives a document or a reason. `make soak` tries ten thousand."""

from tests.soak.fuzz import fuzz


def test_mutated_input_gives_a_document_or_a_reason() -> None:
    told: list[str] = []
    outcomes = fuzz(300, 1, told.append)
    assert told == []
    assert sum(outcomes.values()) == 300
    assert sum(count for (_, outcome), count in outcomes.items() if outcome == "document") > 30
