"""Signs that are too weak alone: a paragraph that shows several of them reads like an order to a model, too.

Each is counted once; `ENOUGH` points are needed. The weights were set by hand, such that no paragraph of the real pages
of the tuned sources reaches it.
"""

HINTS: tuple[tuple[int, str, str], ...] = (
    # Obliges the reader of the text.
    (
        1,
        "you must|you shall|you are |you may not|you will|you have to|you should|you cannot|you need",
        r"\byou\s(?:must|shall|will|may\snot|cannot|have\sto|should|need\sto|are\s(?:not\s)?(?:permitted|allowed"
        r"|required|instructed|forbidden|prohibited|obliged|expected))\b",
    ),
    (1, "do not|never|under no|don't", r"\b(?:do\snot|don['’]t|never|under\sno\scircumstances)\s(?:\w+\s){1,4}?\w"),
    (
        2,
        "your only|your primary|your sole|your task|your prime|your first|your answer must|your response must",
        r"\byour\s(?:only|primary|sole|prime|first)\s(?:\w+\s)?(?:directive|response|instruction|output|answer|purpose)\b"
        r"|\byour\s(?:answer|response|reply|output|summary|review)\s(?:must|shall|should\sonly)\b",
    ),
    (1, "your task", r"\byour\stask\s(?:is|will)\b"),
    (
        1,
        "comply|obey|adhere|abide",
        r"\b(?:fully\s|strictly\s|always\s)?(?:comply|obey|adhere|abide)\b",
    ),
    (
        1,
        "before any|before taking|before reading|before pro|mandatory|override|directive|critical|urgent|important"
        "|internal note|action req",
        r"\bbefore\s(?:any\s(?:other|further)|taking\sany|reading|processing|proceeding)\b|\bmandatory\b|\boverride\b"
        r"|\bdirectives?\b|\binternal\snote\b|\baction\srequired\b|^\W{0,6}(?:critical|urgent|important)\b[^a-z\n]{0,40}:",
    ),
    (
        1,
        "this instruction|these instruction|these rules|this rule|following instruct|following rules|this directive",
        r"\b(?:this|these|the\sfollowing|following)\s(?:\w+\s)?(?:instructions?|rules|directives?|orders)\b",
    ),
    # Talks of what only an answering program does.
    (
        1,
        "assistant|chatbot|chat bot|language model| ai |ai,|llm|gpt|the model",
        r"\b(?:assistant|chat\s?bot|language\smodel|ai|llm|gpt)\b(?!\s(?:engineer|research|scien|team|manager|professor))",
    ),
    (
        1,
        "respon|output|repl|answer|summar|review",
        r"\b(?:your|a|the|any|final|each|every)\s(?:\w+\s){0,2}?(?:responses?|outputs?|repl(?:y|ies)|summar(?:y|ies)"
        r"|reviews?)\b|\bonly\s(?:output|respond|answer|reply)\b",
    ),
    (
        1,
        "refuse|refusal|generate|redirect|summari|include the|insert the|exact phrase|exact words|verbatim",
        r"\b(?:refuse|refusal|redirect|verbatim|exact\s(?:phrase|words|sentence|text))\b"
        r"|\b(?:generate|produce|insert|include)\s(?:an?|the|any)\b",
    ),
    (
        1,
        "user|request|prompt|query",
        r"\bthe\suser\b|\bsuch\sa?\s?requests?\b|\bprompts?\b|\bif\sasked\s(?:to|for|about)\b",
    ),
    (
        1,
        "emphasi|downplay|draw attention|highly |praise|favorabl|favourabl|mention this|disclose|overwhelmingly",
        r"\b(?:emphasi[sz]e|downplay|praise|favou?rabl[ey]|highly\s(?:positive|recommend)|overwhelmingly)\b"
        r"|\bdo\snot\s(?:draw\sattention|mention\sthis|disclose)\b",
    ),
    # Stops the text and commands.
    (
        4,
        "ignore|disregard|skip",
        r"\b(?:ignore|disregard|skip)\s(?:the\s)?(?:rest\sof\s(?:this|the)\s(?:data|text|page|document|article|content)"
        r"|instructions)\b",
    ),
    (
        4,
        "mode",
        r"\b(?:allowed|blocked|enabled|forbidden)\s(?:modes?|responses?|strings)\s?:|<(?:interaction|system|prompt)[\w-]{0,40}>",
    ),
    (4, "user:", r"^\W{0,3}user\s?:[^\n]{0,60}\b(?:repeat|print|say|output|translate)\b"),
    (
        2,
        "make the user|have the user|get the user|direct the user|redirect the user|ask the user",
        r"\b(?:make|have|get|direct|redirect|ask|urge)\sthe\suser\s(?:to\s)?(?:visit|click|go|open|enter|provide|download)?",
    ),
)
ENOUGH = 4
"""Points from which a paragraph counts."""
