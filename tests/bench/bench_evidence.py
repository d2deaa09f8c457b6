"""Does the service answer what it can and abstain from what it cannot? Questions of our own, in evidence.toml.

    python -m tests.bench.bench_evidence

The even questions chose the thresholds of service/generation/evidence.py; the odd ones judge them. Answered means that
the answer's scope is `direct` or, for questions on telling one's own story, `approach`.
"""

import sys
import tomllib
from pathlib import Path

from service.generation.pipeline import answer_question
from service.generation.records import AnswerRequest
from tests.bench.corpus import flagship

QUESTIONS = Path(__file__).with_name("evidence.toml")
PERSONAL = {"behavioral", "experience", "motivation", "candidate_question"}


def main() -> int:
    """Print how many of each group were answered, on both halves, and each mistake."""
    groups = tomllib.loads(QUESTIONS.read_text("utf-8"))
    mistakes = []
    with flagship() as workspace:
        for group, questions in groups.items():
            answered = []
            for question in questions:
                made = answer_question(workspace, AnswerRequest(corpus="amazon-applied-scientist", question=question))
                answered.append(made.answer.scope == "direct" or (made.kind in PERSONAL and group == "answerable"))
                if answered[-1] != (group == "answerable"):
                    mistakes.append(f"  {group}: {question} ({made.kind}, {made.answer.scope})")
            tune, test = answered[::2], answered[1::2]
            halves = f"{sum(tune)}/{len(tune)} of the tuning half, {sum(test)}/{len(test)} of the test half"
            print(f"{group:<11} answered {halves}")
    print("\n".join(["mistakes:", *mistakes]) if mistakes else "no mistakes")
    return 0


if __name__ == "__main__":
    sys.exit(main())
