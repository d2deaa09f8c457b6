"""The skeleton of a STAR answer. Blanks stand where only the candidate's own facts belong; the gates know each line."""

SCAFFOLD: dict[str, tuple[str, ...]] = {
    "Situation": (
        "In [month and year] I was [your role] on [team or project].",
        "What was at stake was [the consequence for users, the team or the business].",
    ),
    "Task": ("My own responsibility was [what you, not the team, had to achieve], by [deadline or target].",),
    "Action": (
        "First I [what you did], because [your reason].",
        "I considered [the alternative] and decided against it because [trade-off].",
        "When [obstacle] came up, I [what you did about it].",
    ),
    "Result": (
        "In the end [outcome], measured as [number before → number after].",
        "What I learned is [lesson], and I have used it since in [later situation].",
    ),
}

LINES = frozenset(line for lines in SCAFFOLD.values() for line in lines)
