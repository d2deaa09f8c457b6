"""Orders that dictate the answer, send data away, or pose as the operator."""

RULES: tuple[tuple[str, str], ...] = (
    # Dictates the answer.
    (
        "answer|output|repl|response|summar&your|every|each|any&in|add|put|mention|place|embed|append",
        r"\b(?:in|include|add|insert|put|mention|place|embed|append)\b[^.\n]{0,60}\b(?:in"
        r"(?:to)?|to)\s(?:your|every|each|any)\s(?:answers?|responses?|repl(?:y|ies)|summar"
        r"(?:y|ies)|outputs?)\b",
    ),
    (
        "answer|output|repl|response|summar&with&begin|start|end|finish|close&your|every|each|all",
        r"\b(?:begin|start|end|finish|close)\s(?:your|every|each|all)\s(?:answers?|responses?"
        r"|repl(?:y|ies)|summar(?:y|ies)|outputs?)\swith\b",
    ),
    (
        "answer|output|reply|respond",
        r"\b(?:answer|respond|reply|output)\s(?:me\s|back\s|the\squestion\s)?(?:only|exclusively"
        r"|solely|just)\s(?:with|by|in|as|using)\b",
    ),
    (
        "answer|reply|respond",
        r"\bonly\s(?:answer|respond|reply)\s(?:with|in|as|by)\b",
    ),
    (
        "break character|reply with|say|write explanations",
        r"\b(?:do\snot|don['’]t)\s(?:write\sexplanations|reply\swith|break\scharacter|say"
        r"""\s(?:you\s(?:are\san\sai|can['’]?not)|["“']i['’]m\ssorry))""",
    ),
    (
        "answer by your own knowledge",
        r"\banswer\sby\syour\sown\sknowledge\b",
    ),
    (
        "repeat after me",
        r"\brepeat\safter\sme\b",
    ),
    (
        "the following",
        r"\bsay\s(?:exactly\s)?the\sfollowing\b",
    ),
    (
        "that you",
        r"\b(?:say|state|write|tell\s(?:me|them|everyone))\sthat\syou\s(?:hate|love|like|adore)\b",
    ),
    (
        "spell",
        r"\bspell-?\s?check\sand\s(?:print|display|output|show|write)\b",
    ),
    (
        "instruction|prompt|user",
        r"\bdo\snot\s(?:tell|mention|reveal|disclose|inform|alert)\b[^.\n]{0,60}\b(?:users?"
        r"|instructions?|prompt)\b",
    ),
    (
        "advise|convince|inform|persuade|tell",
        r"(?:^|[.!?:;]\s?|\b(?:always|must|should)\s)(?:tell|inform|advise|persuade|convince)"
        r"\s(?:the|every|any|all|your)\s(?:users?|candidates?|readers?|applicants?|recruiters?)"
        r"\s(?:that|to\s(?!me\b)|about\sthis)",
    ),
    (
        "assign|give|grade|rank|rate|score"
        "&10|ten|5|five|highest|top|maximum|best|full|perfect|highly|first|above"
        "&company|candidate|page|site|applicant|resume|cv|application|answer|source|article|product|profile",
        r"\b(?:rate|rank|score|grade|give|assign)\s(?:this|the|our|my)\s(?:company|candidate"
        r"|page|site|website|applicant|resume|cv|application|answer|source|article|product"
        r"|profile)\b[^.\n]{0,40}(?:\b(?:10|ten|5|five|100)\s?(?:/|out\sof|%|stars?|points)"
        r"|\b(?:highest|top|maximum|best|full|perfect|highly|first|above)\b)",
    ),
    (
        "recommend|praise|prefer|hire|shortlist|select|approve|endorse|promote"
        "&applicant|candidate|company|page|product|profile|site|source&this",
        r"(?:^|[.!?:;]\s?|\b(?:always|must|should|only)\s)(?:recommend|praise|prefer|hire"
        r"|shortlist|select|approve|endorse|promote)\sthis\s(?:company|candidate|page|site"
        r"|applicant|product|profile|source)\b",
    ),
    (
        "treat |consider |regard |trust ",
        r"\b(?:treat|consider|regard|trust)\s@PAGE@\sas\s(?:\w+\s){0,2}?(?:authoritative|trusted"
        r"|verified|the\sonly|system|instructions?|ground\struth)\b",
    ),
    (
        "hacked|haha|i have been|prompt injection|pwned",
        r"""\b(?:output|print|say|write|respond\swith|reply\swith)\s["“”'‘](?:prompt\sinjection"""
        r"|pwned|haha|hacked|i\shave\sbeen)",
    ),
    (
        "prompt injection",
        r"\bprompt\sinjection\s(?:succe\w+|attempt|test|challenge)\b",
    ),
    (
        "command|instruction|order|stop",
        r"\b(?:instruction|order|command|stop)s?\s?[:\-]\s?(?:blame|forget|ignore|say|write"
        r"|print|answer|respond|reply|output|@SAY@)\b",
    ),
    (
        "additional instruction",
        r"\badditional\sinstruction\b",
    ),
    # Sends data away through the address of a link or picture.
    (
        "http",
        r"!?\[[^\]\n]{0,100}\]\(\s?https?://[^\s()]{1,200}[?&/=](?:[^\s()]{0,100}[=/])?(?:\{"
        r"|\[|%7b|%5b|\$\{|<)[^\s()]{0,60}",
    ),
    (
        "http",
        r"!\[[^\]\n]{0,100}\]\(\s?https?://[^\s()]{1,200}[?&](?:prompt|secret|history|conversation"
        r"|context|leak|exfil\w*|data|stolen|token|password|memory)=",
    ),
    (
        "answer|conversation|history|message|prompt|secret|summary|user&url|link|image|query",
        r"\b(?:append|add|replace|substitute|insert|encode|put|send)\b[^.\n]{0,80}\b(?:to"
        r"|in|into|at\sthe\send\sof|of)\s(?:the|this|that)\s(?:url|link|image\s(?:url|link)"
        r"|query\s(?:string|parameter))\b[^.\n]{0,60}\b(?:prompt|conversation|user|secret"
        r"|message|answer|summary|history)",
    ),
    (
        "chat history|conversation|memory.md|system prompt|user",
        r"\b(?:send|post|submit|upload|forward|email|exfiltrate)\b[^.\n]{0,60}\b(?:memory\.md"
        r"|system\sprompt|conversation|chat\shistory|user['’]?s?\s(?:data|messages?|files))"
        r"\b[^.\n]{0,40}\b(?:to|at)\b",
    ),
    # Poses as the operator.
    (
        "admin|developer|security|system&override|alert|update|notice",
        r"\b(?:admin|system|developer|security)\s(?:override|alert|update|notice)\s?[:\]!-]",
    ),
    (
        "emergency s",
        r"\bemergency\s(?:security|system)\supdate\b",
    ),
    (
        "system:|system :|system]|system>|message:|prompt:|note:|instruction:|"
        "instructions:|override:|command:|commands:|override]|prompt]|message]|message>|prompt>",
        r"(?:^|[\[<({#*!-]\s{0,2})system\s?(?:message|prompt|note|instruction|override|command)?s?\s?[:\]>]\s?"
        r"[^\n]{0,80}?\b(?:you|your|ignore|disregard|must|be\s\w+|respond|answer|output|always"
        r"|never|new)\b",
    ),
    (
        "by&authori|approved",
        r"\[?(?:authori[sz]ed|approved)\sby\s[^\n\]]{1,40}(?:\]|owner|admin|operator|developer)[^\n]{0,10}:?\s?"
        r"[^\n]{0,60}\b(?:assistant|ai|you)\b",
    ),
    (
        "pre&request|action&approved|authori",
        r"\b(?:request|action)\s(?:has\sbeen|is)\spre-?(?:approved|authori[sz]ed)\b",
    ),
    (
        "compliance is mandatory",
        r"\bcompliance\sis\smandatory\b",
    ),
    (
        "assistant|begin_of_text|endoftext|eot_id|im_end|im_start|start_header_id|system",
        r"<\|?(?:im_start|im_end|endoftext|start_header_id|eot_id|system|assistant|begin_of_text)\|?>",
    ),
    (
        "inst]",
        r"\[/?INST\]",
    ),
    (
        "sys>>",
        r"<</?SYS>>",
    ),
    (
        "assistant|system|tool|user",
        r"</?(?:system|assistant|user|tool)(?:_|-)?(?:message|prompt|instructions?|query|result"
        r"|call)s?>",
    ),
    (
        "<system>",
        r"<system>",
    ),
    (
        "assistant|human|instruction|response|system",
        r"^\#{2,4}\s?(?:instruction|system|human|assistant|response)s?\s?:",
    ),
    (
        "human:|user:|assistant:|ai:|system:|human :|user :|assistant :",
        r"^(?:human|user|assistant|ai|system)\s?:\s[^\n]{0,300}\n\s?(?:human|user|assistant"
        r"|ai|system)\s?:\s",
    ),
    (
        "begin|end|start&---|===|--=|==-|=-|-=",
        r"[=\-]{3,}\s?(?:end|begin|start)(?:\sof)?(?:\s(?:prompt|instructions?|context|document"
        r"|system|input))?\s?[.=\-]",
    ),
    (
        "do not |don't |don’t |don'nt ",
        r"\bdo(?:\snot|n['’]t|n['’]nt)\s(?:answer|look\sin)\s(?:to\s)?(?:this|the|any|these)\s"
        r"(?:questions?|documents?|articles?|context)\b",
    ),
    (
        "just ",
        r"\bjust\s(?:output|answer|respond|reply)\s[\"“'‘]",
    ),
    (
        "answer every|answer all|answer any|answer each|respond to a|respond to every|reply to a|reply to every",
        r"\b(?:answer|respond\sto|reply\sto)\s(?:every|all|any|each)\s(?:questions?|prompts?|messages?|requests?)\s"
        r"(?:with|by\ssaying|as\sif)\b",
    ),
    (
        "i say",
        r"\b(?:if|when|whenever)\si\ssay\b[^.\n]{0,40}\byou\s(?:must\s|will\s)?(?:say|answer|reply|respond)\b",
    ),
    (
        "at all times|no relevant answer",
        r"\byou\s(?:are|['’]re)\s(?:supposed|required|obliged)\sto\s(?:answer|comply|respond)\sat\sall\stimes\b",
    ),
    (
        "system:|admin]|admin:|system]|developer:|developer]|root:",
        r"(?:^|[\[<(#*!-]\s{0,2})(?:system|admin|developer|root)\s?[:\]]\s?[^\n]{0,60}?\b(?:the\suser|proceed|skip|approved"
        r"|grant(?:ed)?|authori[sz]ed|escalation|without\sconfirmation)\b",
    ),
)
