"""The core phrases of such orders in other languages."""

RULES: tuple[tuple[str, str], ...] = (
    # German
    (
        "ignorier|missachte|streiche|vergessen sie|vergesst|vergiss|verwirf|übergehe",
        r"\b(?:ignorier\w{0,3}|vergiss|vergesst|vergessen\ssie|missachte\w?|übergehe|verwirf"
        r"|streiche)\b[^.\n]{0,40}\b(?:alle[sn]?|bisherige\w*|vorherige\w*|vorangegangene\w*"
        r"|obige\w*|zuvor|vorher|davor|anweisung\w*|aufträge|aufgaben|regeln|prompt\w*)\b",
    ),
    (
        "bisherige|obige|vorangegangene|vorherige",
        r"\b(?:obige\w*|vorherige\w*|vorangegangene\w*|bisherige\w*)\s(?:ausführungen|anweisung\w*"
        r"|aufgaben|instruktionen|regeln|aufträge)\b[^.\n]{0,40}\b(?:ignorier\w*|vergess\w*"
        r"|streichen|missachte\w*|konzentrieren)",
    ),
    (
        "abweichend|entgegen",
        r"\b(?:abweichend|entgegen)\s(?:zu|von)\s(?:den\s)?(?:vorherigen|bisherigen)\s(?:anweisung\w*"
        r"|instruktion\w*)",
    ),
    (
        "nicht auf alles",
        r"\bhöre?\snicht\sauf\salles\b",
    ),
    (
        "folgen|kommen",
        r"\b(?:nun|jetzt)\s(?:folgen|kommen)\s(?:\w+\s){0,5}?(?:neue|weitere|andere|paar)"
        r"\s(?:anweisungen|aufgaben|aufträge)\b",
    ),
    (
        "wir fangen",
        r"\bwir\sfangen\s(?:\w+\s)?mit\seiner\sneuen\saufgabe\b",
    ),
    (
        "konzentrier",
        r"\bkonzentrier\w*\s(?:dich|sie\ssich)\b[^.\n]{0,30}\b(?:neue\w?|diese)\saufgabe\b",
    ),
    (
        "auf die neue aufgabe zu konzentrieren",
        r"\bauf\sdie\sneue\saufgabe\szu\skonzentrieren\b",
    ),
    (
        "hilfe bei",
        r"\bhilfe\sbei\s(?:einer\sweiteren|folgender)\s(?:aufgabe|frage)\b",
    ),
    (
        "bist du",
        r"\b(?:jetzt|nun|ab\sjetzt|ab\ssofort)\sbist\sdu\b",
    ),
    (
        "du bist",
        r"\bdu\sbist\s(?:jetzt|nun|ab\ssofort|ab\sjetzt|keine?\s\w+\ssondern)\b",
    ),
    (
        "ich&dass&will|möchte",
        r"\bich\s(?:will|möchte),?\sdass\sdu\s(?:als|dich|so\stust|wie)",
    ),
    (
        "zeig",
        r"\bzeige?n?\b[^.\n]{0,40}\bprompt(?:-text)?e?s?\b",
    ),
    (
        "prompt-text",
        r"\bprompt-texte?s?\b",
    ),
    (
        "system",
        r"\b(?:dein\w*|der|den)\ssystem-?prompt\b",
    ),
    (
        "du&wenn|falls",
        r"\b(?:wenn|falls)\sdu\s(?:eine?\s)?(?:ki|sprachmodell|chatbot|assistent)\b",
    ),
    (
        "achtung|anweisung|hinweis|nachricht",
        r"\b(?:hinweis|nachricht|anweisung|achtung)\s(?:an|für)\s(?:alle\s|die\s){0,2}(?:ki"
        r"|sprachmodelle?|assistenten|llms?)\b",
    ),
    (
        "antworte",
        r"\bantworte\w?\s(?:nur|ausschließlich|immer|im\sstil|mit\s\w+\s\w+\sund\snicht)\b",
    ),
    (
        "beantworte",
        r"\bbeantworte\w?\sdie\sfolgende\sfrage\sim\sstile?\b",
    ),
    (
        "folgende",
        r"\bsage?\s(?:nur\s|das\s)?folgendes?\b",
    ),
    (
        "hallo",
        r"\bhallo\s(?:chat)?gpt\b",
    ),
    # French
    (
        "ignore|ne t|oublie",
        r"\b(?:oubli(?:e|ez|er)|ignor(?:e|ez|er)|ne\s(?:tiens|tenez)\spas\scompte)\b[^.\n]{0,40}"
        r"\b(?:instructions?|consignes?|ordres?|précédent\w*|ci-dessus|tout\sce\sque?i?|règles)"
        r"\b",
    ),
    (
        "ce qui suit|seulement|uniquement",
        r"\b(?:dis|dites|réponds|répondez)\s(?:ce\squi\ssuit|uniquement|seulement)\b",
    ),
    (
        "tu es|vous êtes",
        r"\b(?:tu\ses|vous\sêtes)\s(?:maintenant|désormais)\b",
    ),
    (
        "à partir de maintenant",
        r"\bà\spartir\sde\smaintenant,?\s(?:tu|vous)\b",
    ),
    (
        "tu es|vous êtes",
        r"\bsi\s(?:tu\ses|vous\sêtes)\sune?\s(?:ia|intelligence\sartificielle|modèle\sde\slangage)",
    ),
    # Spanish, Portuguese, Italian
    (
        "desconsidere|dimentica|esque|haz caso omiso|ignor|olvid|trascura",
        r"\b(?:olvid(?:a|e|ad|en|ar|o)|ignor(?:a|e|ad|en)|haz\scaso\somiso|esque(?:ça|ce|cer)"
        r"|desconsidere|dimentica|ignorare|trascura)\b[^.\n]{0,40}\b(?:instruc\w+|instru\w+ões"
        r"|istruzioni|anterior\w*|previas?|precedenti|antes|órdenes|reglas|regras|todo\s(?:lo"
        r"\s)?que)\b",
    ),
    (
        "adesso sei|agora você é|ahora eres|ora sei",
        r"\b(?:ahora\seres|agora\svocê\sé|adesso\ssei|ora\ssei)\b",
    ),
    (
        "a partir de a",
        r"\ba\spartir\sde\s(?:ahora|agora),?\s(?:eres|responde|vas|você|tú)\b",
    ),
    (
        "lo siguiente",
        r"\b(?:di|diga|digan|dis)\slo\ssiguiente\b",
    ),
    (
        "solo",
        r"\bsolo\s(?:tienes\sque\s)?(?:decir|dices|responde)\b",
    ),
    (
        "si yo digo",
        r"\bsi\syo\sdigo\b[^.\n]{0,30}\btú?\sdices\b",
    ),
    (
        "si eres",
        r"\bsi\seres\s(?:una?\s)?(?:ia|inteligencia\sartificial|modelo\sde\slenguaje)\b",
    ),
    # Dutch, Polish, Czech, Croatian, Turkish
    (
        "negeer|vergeet",
        r"\b(?:negeer|vergeet)\b[^.\n]{0,40}\b(?:instructies|opdrachten|voorgaande|bovenstaande)"
        r"\b",
    ),
    (
        "pomiń|zapomnij|zignoruj",
        r"\b(?:zignoruj|zapomnij|pomiń)\b[^.\n]{0,40}\b(?:instrukcj\w+|polece\w+|poprzedni\w*)"
        r"\b",
    ),
    (
        "ignoruj|zapomeň",
        r"\b(?:ignoruj|zapomeň)\w*\b[^.\n]{0,40}\b(?:instrukc\w+|předchozí\w*|pokyn\w*)",
    ),
    (
        "zaboravi",
        r"\bzaboravi(?:te)?\b[^.\n]{0,30}\b(?:instrukcij\w*|upute|naredbe|prethodn\w*)\b",
    ),
    (
        "talimat",
        r"\b(?:önceki|tüm)\b[^.\n]{0,30}\btalimat\w*[^.\n]{0,30}\b(?:unut|yok\ssay|görmezden"
        r"|dikkate\salma)",
    ),
    # Russian, Ukrainian
    (
        "забуд|игнориру|отмени|ігнору",
        r"\b(?:забуд\w*|игнориру\w*|проигнориру\w*|отмени\w*|ігнору\w*)\b[^.\n]{0,40}\b(?:инструкци\w*"
        r"|указани\w*|предыдущ\w*|команд\w*|правил\w*|вышесказанн\w*|інструкці\w*|попередн\w*)",
    ),
    (
        "теперь",
        r"\b(?:ты|вы)\sтеперь\b",
    ),
    (
        "теперь ты",
        r"\bтеперь\sты\b",
    ),
    (
        "следующее|только",
        r"\b(?:скажи|скажите|ответь|отвечай)\b[^.\n]{0,20}\b(?:следующее|только)\b",
    ),
    (
        "системн",
        r"\bсистемн\w+\sпромпт\w*",
    ),
    (
        "если ты",
        r"\bесли\sты\s(?:ии|языковая\sмодель|нейросеть)",
    ),
    # Chinese, Japanese, Korean
    (
        "一切|上面|之前|以上|先前|前面|原有|所有",
        r"(?:忽略|无视|忘记|忘掉|无需理会|不要理会|無視|忽視|忘記).{0,12}(?:以上|之前|上面|先前|所有|一切|前面|原有).{0,12}(?:指令"
        r"|提示|要求|指示|规则|規則|内容|命令|设定|设置)",
    ),
    (
        "你现在",
        r"你现在(?:是|处于)",
    ),
    (
        "你現在是",
        r"你現在是",
    ),
    (
        "从现在",
        r"从现在(?:起|开始).{0,6}你",
    ),
    (
        "你的新身份",
        r"你的新身份",
    ),
    (
        "扮演",
        r"(?:你将|请你|你要)扮演",
    ),
    (
        "你的指令|你的提示|原有指示|提示词|系统提示",
        r"(?:输出|打印|显示|翻译|重复|概括).{0,10}(?:原有指示|你的提示|提示词|系统提示|你的指令)",
    ),
    (
        "你的",
        r"你的(?:翻译|概要|判断)是",
    ),
    (
        "作为专业的",
        r"作为专业的",
    ),
    (
        "你的提示词",
        r"你的提示词",
    ),
    (
        "系统提示词",
        r"系统提示词",
    ),
    (
        "提示注入",
        r"提示注入",
    ),
    (
        "执行以下",
        r"(?:理解并)?执行以下.{0,12}(?:指示|指令)",
    ),
    (
        "如果你是",
        r"如果你是.{0,6}(?:AI|人工智能|语言模型)",
    ),
    (
        "忘れ|無視",
        r"(?:以前|上記|これまで|前).{0,12}(?:指示|命令|プロンプト).{0,10}(?:無視|忘れ)",
    ),
    (
        "忘れ|無視",
        r"(?:無視|忘れ)て.{0,12}(?:指示|命令)",
    ),
    (
        "모든|위의|이전",
        r"(?:이전|위의|모든).{0,12}(?:지시|명령|지침).{0,12}(?:무시|잊)",
    ),
    # Hindi, also in Latin letters; Arabic
    (
        "आदेश|निर्देश|हिदायत",
        r"(?:पिछले|सभी|उपरोक्त|पूर्व|पहले).{0,25}(?:निर्देश|आदेश|हिदायत).{0,25}(?:अनदेखा|अनदेखी"
        r"|भूल|नज़रअंदाज|नजरअंदाज|ध्यान\sन)",
    ),
    (
        "अनदेखा कर|भूल जा",
        r"(?:भूल\sजा|अनदेखा\sकर).{0,25}(?:निर्देश|आदेश)",
    ),
    (
        "nirdesh|yaad",
        r"\b(?:pichh?le|sabhi|pahale|pehle)\b[^.\n]{0,40}\b(?:nirdesh\w*|yaad)\b[^.\n]{0,40}"
        r"\b(?:bhool|bhul|ignore|na\skaren?|nazar\s?andaz)\w*",
    ),
    (
        "yaad na kare",
        r"\byaad\sna\skaren?\b[^.\n]{0,40}\b(?:pahale|pehle)",
    ),
    (
        "أوامر|تعليمات|سابقة",
        r"(?:تجاهل|انس|انسى).{0,30}(?:التعليمات|الأوامر|السابقة)",
    ),
    # More of German
    (
        "dass du|dass sie",
        r"\bich\s(?:will|möchte),?\sdass\s(?:du|sie)\s(?:als\s|wie\sein)",
    ),
    (
        "du bist|sie sind",
        r"\b(?:du\sbist|sie\ssind)\s(?:eine?\s)?(?:\w+\s)?(?:ki|künstliche\sintelligenz|sprachmodell|chatbot)\b",
    ),
    (
        "vorherige|bisherige",
        r"\b(?:vorherigen|bisherigen)\s(?:informationen|anweisungen)\b[^.\n]{0,50}\b(?:irrelevant|ungültig|hinfällig"
        r"|nicht)\b",
    ),
    (
        "aufforderung|text",
        r"\b(?:drucken|zeigen|geben|wiederholen|überprüfen)\ssie\b[^.\n]{0,60}"
        r"\b(?:obige\w?\s(?:eingabeaufforderung|texte?s?|prompt)|eingabeaufforderung)\b",
    ),
    (
        "yo digo",
        r"\bsi\syo\sdigo\b[^.\n]{0,40}\bt[úu]\sdices\b",
    ),
)
