"""Examples for the OpenAPI page; the tests send each of them."""

from fastapi.openapi.models import Example

SET_EXAMPLES: dict[str, Example] = {
    "twelve": {
        "summary": "Twelve questions with answers",
        "value": {"corpus": "amazon-applied-scientist", "count": 12, "seed": 7},
    },
    "intern": {
        "summary": "An internship interview, concepts and behavior only",
        "value": {
            "corpus": "amazon-applied-scientist",
            "count": 6,
            "track": "intern",
            "kinds": ["concept", "behavioral"],
        },
    },
    "topic": {
        "summary": "Questions on two topics, without answers",
        "value": {
            "corpus": "amazon-applied-scientist",
            "count": 5,
            "topics": ["clustering", "decision trees"],
            "answers": False,
        },
    },
}

ANSWER_EXAMPLES: dict[str, Example] = {
    "concept": {
        "summary": "A concept",
        "value": {"corpus": "amazon-applied-scientist", "question": "What is overfitting, and how do you prevent it?"},
    },
    "behavioral": {
        "summary": "A behavioral question",
        "value": {
            "corpus": "amazon-applied-scientist",
            "question": "Tell me about a time you disagreed with your manager.",
        },
    },
}

SEARCH_EXAMPLES: dict[str, Example] = {
    "metrics": {
        "summary": "What is there on imbalanced classes?",
        "value": {"corpus": "amazon-applied-scientist", "query": "metrics for imbalanced classes", "limit": 5},
    },
}
