"""Words to whoever processes the page, and orders to give out what the model holds."""

RULES: tuple[tuple[str, str], ...] = (
    # Addresses whoever processes the page.
    (
        "attention|dear|directive|hallo|hello|hey|hi|important|"
        "instruction|message|note|notice|prompt|reminder|request|warning"
        "& ai|\nai|:ai|,ai|!ai|-ai|a.i.|llm|gpt|language|bot|assistant|automated|agent|crawler|scraper|summari|claude"
        "|gemini|copilot",
        r"\b(?:note|notice|message|instructions?|attention|important|reminder|request|hint"
        r"|warning|dear|hello|hallo|hi|hey|directive|prompt)[\s:,!-]{1,3}(?:to\s|for\s)?(?:any"
        r"\s|all\s|the\s|every\s){0,2}(?:@READER@)\b(?!\s(?:engineers?|research\w*|team|teams"
        r"|startups?|candidates?|interns?|roles?|positions?|courses?|applications?|based))",
    ),
    (
        "if you",
        r"\bif\syou(?:['’]re|\sare)\s(?:an?\s)?(?:\w+\s)?(?:@READER@)\b(?!\s(?:engineer|research"
        r"|scientist|developer|enthusiast|expert|startup|practitioner))",
    ),
    (
        "language model| an ai",
        r"(?:^|[.!?:;,]\s?)(?:as|being)\san?\s(?:ai|(?:large\s)?language\smodel)(?:\s(?:language"
        r"\smodel|assistant|model))?,\s?(?:you|please|your|i)\b",
    ),
    (
        "language model| ai",
        r"\byou,?\sas\s(?:an?\s)?(?:ai|(?:large\s)?language\smodel)\b",
    ),
    (
        "are you as a",
        r"\bare\syou\sas\san?\s(?:ai|language\smodel)\b",
    ),
    (
        "ai |llm|gpt|language model|model|bot|assistant|ais |"
        "automated|agent|crawler|scraper|summari|claude|gemini|copilot",
        r"\b@READER@\s(?:that\s|which\s|who\s)?(?:read|process|summari[sz]e|index|see|visit"
        r"|parse|crawl|analy[sz]e|evaluat|screen)(?:s|ing|es)?\b[^.\n]{0,60}\b(?:must|shall"
        r"|are\sinstructed|please|are\srequired|is\sinstructed|should\s(?:always|not|never"
        r"|ignore|say|praise|rate|rank|recommend|include|output))\b",
    ),
    (
        "ai,|assistant,|assistants,|gpt,|llm,|llms,|models,|model,|bot,|"
        "bots,|agent,|agents,|system,|systems,|a.i.,|tool,|tools,|gpt-",
        r"(?:^|[.!?:\])\n]\s?)(?:(?:dear|hey|hello|attention)\s)?(?:@MODEL@|assistants?),"
        r"\s(?:you\s(?:must|have|are|should|will|need)|please|your|do\snot|ignore|it\sis)"
        r"\b",
    ),
    (
        "are transparent|comply|disclose|obey|provide information about their|reveal|share|t hide",
        r"\b(?:ai\sassistants?|ais|helpful\sassistants?|best\sassistants?)\s(?:\w+\s){0,3}?"
        r"(?:share|disclose|reveal|comply|obey|don['’]t\shide|do\snot\shide|are\stransparent"
        r"|provide\sinformation\sabout\stheir)\b",
    ),
    (
        "when",
        r"\bwhen(?:ever)?\s(?:you\s(?:are\s)?)?(?:summari[sz]|process|index|read|cit|quot"
        r"|analy[sz]|translat|evaluat|rank|review|scor)\w{0,3}\s@PAGE@\b[^.\n]{0,50}\b(?:must"
        r"|always|include|mention|say|add|do\snot|never|recommend|praise|ignore|state|output"
        r"|rate|rank|give)\b",
    ),
    (
        "every time|when",
        r"\b(?:every\stime|whenever|when)\s(?:you|the\suser|someone|a\suser|i)\s(?:get|receive"
        r"|see|are\sasked|is\sasked|asks?|say|says)\b[^.\n]{0,50},?\s(?:you\s)?(?:must\s|should"
        r"\s|will\s|always\s|only\s)*(?:answer|respond|reply|say|output|print|write)\s(?:with"
        r"""|only|"|“|'|that)""",
    ),
    # Wants out what the model holds.
    (
        "api key|configuration|environment variables to|files in the user|guidelines|history|"
        "instructions|memory|private|prompt|rules|system message|the password",
        r"@START@(?:reveal|print|output|repeat|leak|show|display|tell|give|send|share|translate"
        r"|expose|disclose|recite|provide|dump|list|spell-?\s?check|write\s(?:out|down)|read"
        r"\sout|return|summari[sz]e|concentrate|focus)\b[^.\n]{0,60}?\b(?:(?:your|the|this"
        r"|all|its|full|entire|initial|original|hidden|above|previous|secret)\s(?:\w+\s)?"
        r"(?:system\s)?(?:system\sprompts?|system\smessage|prompts?(?:[\s-]texts?)?(?=\s?"
        r"""(?:[.!?,:"”]|$|above|verbatim|and\b|in\b|to\b|word|now))|initial\sinstructions|original"""
        r"\sinstructions)|system\sprompts?|above\sprompt|your\s(?:\w+\s){0,2}(?:instructions"
        r"|guidelines|rules|memory|configuration)|memory\sfiles?|memory\.md|api\skeys?|the"
        r"\spasswords?|(?:chat|conversation)\shistory|private\s(?:files|data)|files\sin\sthe"
        r"\suser['’]?s|environment\svariables\sto)\b",
    ),
    (
        "what",
        r"\bwhat\s(?:is|was|are|were)\s(?:written\s|said\s)?(?:your\s(?:system\s|initial\s"
        r"|original\s|hidden\s)?(?:prompt|instructions)\b|at\sthe\s(?:beginning|start|top)"
        r"\sof\sth(?:is|e)\sprompt)",
    ),
    (
        "answer|judg|summary|translation",
        r"\byour\s(?:translation|summary|judg(?:e)?ment|answer)\sis\s?:",
    ),
    (
        "share the contents of your",
        r"\bshare\sthe\scontents\sof\syour\b",
    ),
    (
        " above",
        r"@START@(?:print|repeat|show|output|spell-?\s?check|copy|return|display|reveal|recite)\b[^.\n]{0,40}?"
        r"\b(?:text|prompt|words|contents?|messages?|sentences?|instructions?)\s(?:written\s)?above\b",
    ),
    (
        "your embedding|your weight|your training data|your context|your memor",
        r"\b(?:return|print|output|show|reveal|give|send|dump)\b[^.\n]{0,20}\byour\s"
        r"(?:embeddings?|weights|training\sdata|context\swindow|memor(?:y|ies))\b",
    ),
    (
        "in the prompt|before the text|before this|the prompt above",
        r"\binformation\sin\sthe\sprompt\b|\bsentences?\sbefore\s(?:the|this)\s(?:text|prompt)\b",
    ),
    (
        "as the ai|as the llm|as the language model|as the assistant|as the chatbot",
        r"\bas\sthe\s(?:@MODEL@|assistant)\s\w+ing\s(?:this|the)\b",
    ),
    (
        "ai:|ai :|assistant:|assistants:|assistant :|gpt:|llm:|llms:|model:|models:|bot:|agent:|agents:",
        r"(?:^|[.!?\n<>*#-]\s?)(?:@MODEL@|assistants?)\s?:\s?(?:ignore|disregard|please|you\b|do\snot|approve|send|reveal"
        r"|follow|forget|say|rate|include|recommend|always|never)",
    ),
    (
        "the user",
        r"\bwithout\s(?:informing|telling|asking|notifying|alerting|mentioning\s(?:it|this)\sto)\sthe\suser\b",
    ),
)
