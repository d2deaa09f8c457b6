"""Orders that take back what a model was told, or give it a new task, role or mode."""

RULES: tuple[tuple[str, str], ...] = (
    # Takes back what the model was told.
    (
        "command|direction|directive|guideline|instruction|order|programming|prompt|protocol|system message"
        "&ignore|disregard|override|bypass|abandon|discard|neglect|overlook|overwrite|stop|do",
        r"@START@(?:ignore|disregard|override|bypass|abandon|discard|neglect|overlook|overwrite"
        r"|stop\sfollowing|do\snot\s(?:follow|obey))\b[^.\n]{0,30}?\b(?:@OLD@|all|any|every"
        r"|everything|your|these|those|the\ssystem)\b[^.\n'’]{0,30}?\b@TOLD@\b",
    ),
    (
        "bypass|disregard|ignor|overrid",
        r"\b(?:ignor(?:e|ing)|disregard(?:ing)?|overrid(?:e|ing)|bypass(?:ing)?)\s(?:all\s"
        r"|any\s|the\s|your\s|of\s|these\s|every\s){0,3}@OLD@\s(?:\w+\s){0,2}?(?:@TOLD@|@GIVEN@)"
        r"\b",
    ),
    (
        "disregard|ignor",
        r"\b(?:ignor(?:e|ing)|disregard(?:ing)?)\s(?:all\s|any\s|the\s|your\s){0,2}(?:provided"
        r"\s|given\s)?(?:articles?|context|documents?|passages?|safety\s\w+)\b",
    ),
    (
        "disregard|forget|ignore",
        r"@START@(?:ignore|disregard|forget)\s(?:about\s)?(?:everything|all|anything|what"
        r"(?:ever)?)\b[^.\n]{0,30}?\b(?:@OLD@|said|told|discussed|learn(?:ed|t)|instructed"
        r"|asked\sof\syou|know)\b",
    ),
    (
        "forget",
        r"(?<!not\s)(?<!n't\s)\bforget\s(?:about\s)?(?:all\s(?:of\s)?)?(?:the\s|your\s|these"
        r"\s|those\s|about\s|all\s|any\s|previous\s|prior\s|earlier\s){1,3}(?:@TOLD@|assignments?"
        r"|tasks?|rules)\b",
    ),
    (
        "forget",
        r"(?:^|[.!?:;]\s?)(?:now\s|please\s)?forget\s(?:about\s)?everything\b",
    ),
    (
        "earlier|previous|prior",
        r"\b(?:leave|put)\s(?:all\s)?(?:the\s)?(?:previous|prior|earlier)\s(?:information"
        r"|instructions?|tasks?)\b",
    ),
    (
        "change|replace|update",
        r"\b(?:change|update|replace)\syour\s(?:instructions?|prompt|guidelines|rules)\b",
    ),
    # Gives it a new task, role or mode.
    (
        "your new|your real|your actual|your only|your true|your updated",
        r"\byour\s(?:new|real|actual|only|true|updated)\s(?:task|role|identity|instructions?"
        r"|goal|objective|purpose|job|mission|name)\s(?:is|are|:|will)\b",
    ),
    (
        "instruction|order|prompt|task",
        r"\byour\s(?:instructions?|prompt|task|orders?)\s(?:is|are)\snow\b",
    ),
    (
        "your instructions are to",
        r"\byour\sinstructions\sare\sto\b",
    ),
    (
        "directive|instruction|order",
        r"\b(?:new|updated|additional|further|real|actual|special|secret)\s(?:system\s)?(?:instructions?"
        r"|orders?|directives?)\s?(?:follow|are|is|:|-|for\s(?:the|you|any|all))",
    ),
    (
        "assignment|instruction|task",
        r"\b(?:new|next|further|other)\s(?:tasks?|assignments?|instructions?)\s(?:are\s)?"
        r"(?:now\s)?(?:follow|come|are\scoming)\b",
    ),
    (
        "start&new&task",
        r"\bstart\s(?:over\s)?with\sa\snew\stask\b",
    ),
    (
        "new task",
        r"\b(?:concentrate|focus)\s(?:only\s|now\s)?on\s(?:your|this|the)\snew\stask\b",
    ),
    (
        "me with",
        r"\b(?:help|assist)\sme\swith\s(?:the\sfollowing|another|a\snew)\s(?:task|question)"
        r"\b",
    ),
    (
        "from now on",
        r"\bfrom\snow\son,?\s(?:you|act|respond|answer|reply|ignore|pretend|behave|always"
        r"|only|every)\b",
    ),
    (
        "i want you to",
        r"\bi\swant\syou\sto\s(?:act|behave|respond|reply|answer|pretend|play|roleplay|imagine"
        r"\syou|ignore|forget|only)\b",
    ),
    (
        "act as|behave|pretend|simulate|imagine you|you are|you're|you’re",
        r"\b(?:you\sare|you['’]re|act\sas|behave\s(?:as|like)|pretend\s(?:to\sbe|(?:that\s)?you"
        r"\sare|(?:that\s)?you['’]re)|imagine\syou\sare|simulate)\s(?:now\s|from\snow\son"
        r"\s)?(?:an?\s|the\s)?(?:[\w-]+\s){0,3}?(?:@MODEL@|dan\b|\w+bot\b|superuser|root\suser"
        r"|language\smodel)\b(?!\s(?!\w+ing\b|(?:and|that|with|without|which|who|named|called|in|for"
        r"|designed|to|from)\b)[a-z])",
    ),
    (
        "mode|simulation|testing environment",
        r"\byou\sare\s(?:now\s)?(?:in\s|entering\s)(?:an?\s|the\s)?(?:\w+\s){0,2}?(?:mode"
        r"|testing\senvironment|simulation)\b",
    ),
    (
        "you are now",
        r"(?:^|[.!?:;]\s?)(?:ok(?:ay)?[.,]?\s)?(?:now,?\s)?you\sare\snow\b(?!\s(?:able|ready"
        r"|done|free|aware|in\sthe\s(?:final|next|last)|at\sthe))",
    ),
    (
        "now you are",
        r"(?:^|[.!?:;]\s?)now\syou\sare\s(?!(?:able|ready|done|free|given|asked|aware|at|in"
        r"|going|left|required|allowed|expected|working|trying))",
    ),
    (
        "jail|role|stay in character|uncensored|unfiltered|unrestricted&mode|ai|assistant|version|play|character",
        r"\b(?:role-?play(?:ing)?\sas|stay\sin\scharacter|(?:jail-?broken?|unfiltered|uncensored"
        r"|unrestricted)\s(?:mode|ai|model|assistant|version))\b",
    ),
    (
        "mode",
        r"\b(?:developer|debug|god|admin|jailbreak|unrestricted|maintenance|dan)\smode\s(?:is"
        r"\s)?(?:enabled|activated|on|active)\b",
    ),
    (
        "mode",
        r"\b(?:enable|activate|enter|switch\s(?:in)?to)\s(?:developer|debug|god|admin|jailbreak"
        r"|dan)\smode\b",
    ),
    (
        "filters|guidelines|limitations|restrictions",
        r"\b(?:you\s(?:have|has)|with)\s(?:no|zero)\s(?:programming\s|ethical\s|moral\s|safety"
        r"\s)?(?:guidelines|restrictions|limitations|filters)\b",
    ),
    (
        "free|not bound by|without",
        r"\b(?:without|free\s(?:of|from)|not\sbound\sby)\s(?:any\s)?(?:openai|safety|ethical"
        r"|content|moral)\s(?:\w+\s)?(?:restrictions?|guidelines?|polic(?:y|ies)|filters?"
        r"|rules?)\b",
    ),
    (
        "content|safety|security",
        r"\b(?:safety|security|content)\s(?:guidelines?|protocols?|filters?|restrictions?"
        r"|rules|polic(?:y|ies))\s(?:have\sbeen|has\sbeen|are|is)\s(?:now\s|temporarily\s"
        r"|hereby\s)?(?:suspended|disabled|lifted|removed|turned\soff|deactivated)\b",
    ),
    (
        "content|ethical|safety|security",
        r"\b(?:disregard|ignore|disable|turn\soff|bypass|override)\s(?:all\s|any\s|your\s|the\s){0,2}"
        r"(?:safety|security|content|ethical)\s(?:guidelines?|protocols?|filters?|restrictions?"
        r"|rules|measures|polic(?:y|ies))\b",
    ),
    (
        "ignore|disregard|forget|ignoring",
        r"\b(?:ignor(?:e|ing)|disregard|forget)\s(?:all\s|everything\s|the\s|anything\s){0,3}(?:above|before(?:\sthat)?)"
        r"\s?(?:and\b|[,.:;!]|$|instead|text|then)",
    ),
    (
        "instruction|prompt|order|task|training|guideline"
        "&drop|cancel|void|reset|remove|clear|erase|wipe|delete&your|previous|prior|earlier",
        r"@START@(?:drop|cancel|void|reset|remove|clear|erase|wipe|delete)\s(?:all\s(?:of\s)?|any\s){0,2}"
        r"(?:your|previous|prior|earlier)\s(?:\w+\s)?(?:instructions?|prompts?|orders?|tasks?|training|guidelines?)\b",
    ),
    (
        "previous|prior|earlier|above",
        r"\b(?:previous|prior|earlier|above)\s(?:information|instructions?|rules|prompts?|orders?|directives?)\b"
        r"[^.\n]{0,40}\b(?:is|are)\s(?:now\s)?(?:irrelevant|void|obsolete|no\slonger\s(?:valid|in\seffect)|outdated"
        r"|superseded|cancel+ed|revoked|invalid)\b",
    ),
    (
        "been told|were told|instructed",
        r"\b(?:despite|regardless\sof|whatever|no\smatter)\swhat(?:ever)?\syou(?:['’]ve|\shave)?\s(?:been\s|were\s)"
        r"(?:told|instructed)\b",
    ),
)
