"""What must not be stored or followed: personal data, and text that speaks to a language model."""

import re
from collections.abc import Iterator

# The part before the @ is bounded (RFC 5321, 4.5.3.1.1), else a long row of dots takes quadratic time; a top-level
# domain has two letters or more, which keeps products of matrices such as `W@x.T`.
_EMAIL = re.compile(
    r"\b[\w.+-]{1,64}(?:@|\s?[\[(]at[\])]\s?)[\w-]+(?:\.[\w-]+)*\.(?:xn--[\w-]+|[^\W\d_]{2,})\b", re.IGNORECASE
)
# A call is no handle; decorators and annotations without one are known by name.
_HANDLE = re.compile(r"(?<![\w/.@`])@([A-Za-z_][\w-]{2,38})\b(?!(?:\.\w+)*\()")
_DECORATORS = re.compile(
    "abc|abstractmethod|cache|cached_property|classmethod|contextlib|contextmanager|dataclass|dataclasses|final|"
    "functools|jit|njit|overload|override|property|pytest|singledispatch|staticmethod|total_ordering|wraps|"
    "Autowired|Bean|Component|Deprecated|Entity|Injectable|NotNull|Nullable|Override|RestController|Service|Test|"
    "Transactional"
)
_NORTH_AMERICAN = re.compile(r"(?<![\d.,-])(?:1[-. ])?(?:\(\d{3}\)\s?|\d{3}[-. ])\d{3}[-. ]\d{4}(?![\d.,-]\d)")
_FENCE = re.compile(r"^(```|~~~).*?^\1", re.MULTILINE | re.DOTALL)

_INSTRUCTION = re.compile(
    r"""
      \b(?:ignore|disregard|forget|override)\b[^.\n]{0,40}\b(?:previous|prior|above|earlier|preceding|all|any|your)\b
        [^.\n'’]{0,40}\b(?:instruction|prompt|rule|direction|guideline|command)s?\b
    | \b(?:you\s+are|act\s+as|pretend\s+to\s+be)\s+(?:now\s+)?an?\s+(?:\w+\s+){0,3}
        (?:language\s+model|ai\s+(?:assistant|model|agent)|llm|chatbot)\b
    | \b(?:system|developer)\s+(?:prompt|message|override)\b
    | \b(?:ai|llm|language)\s+(?:models?|assistants?|agents?|systems?)\s+(?:that\s+)?
        (?:read|process|summari[sz]|index|see)[^.\n]{0,60}\b(?:must|should|shall|are\s+instructed|please)\b
    | \b(?:note|message|instructions?|attention)\s+(?:to|for)\s+(?:any\s+|all\s+)?
        (?:ai|llms?|language\s+models?|assistants?)\b
    | \b(?:reveal|print|output|repeat|leak)\b[^.\n]{0,40}
        \b(?:system\s+prompt|api\s+key|your\s+instructions|hidden\s+prompt|password)
    | \bdo\s+not\s+(?:tell|mention|reveal)\b[^.\n]{0,60}\b(?:user|instruction|prompt)
    | <\|?(?:im_start|im_end|system|endoftext)\|?>
    | \[/?INST\]
    """,
    re.IGNORECASE | re.VERBOSE,
)


def remove_personal_data(text: str) -> str:
    """Replace e-mail addresses, phone numbers and handles by a word that says what stood there."""
    spans = [*_contacts(text), *_handles(text)]
    for start, end, word in sorted(_without_overlaps(spans), reverse=True):
        text = f"{text[:start]}[{word} removed]{text[end:]}"
    return text


def _contacts(text: str) -> Iterator[tuple[int, int, str]]:
    from phonenumbers import Leniency, PhoneNumberMatcher

    yield from ((match.start(), match.end(), "e-mail") for match in _EMAIL.finditer(text))
    yield from ((match.start(), match.end(), "phone number") for match in _NORTH_AMERICAN.finditer(text))
    # Without a region only numbers written with their country code match, so that array sizes and dates stay.
    for match in PhoneNumberMatcher(text, None, leniency=Leniency.POSSIBLE):
        yield match.start, match.end, "phone number"


def _handles(text: str) -> Iterator[tuple[int, int, str]]:
    code = [(match.start(), match.end()) for match in _FENCE.finditer(text)]
    for match in _HANDLE.finditer(text):
        if not _DECORATORS.fullmatch(match[1]) and not any(start <= match.start() < end for start, end in code):
            yield match.start(), match.end(), "handle"


def _without_overlaps(spans: list[tuple[int, int, str]]) -> Iterator[tuple[int, int, str]]:
    reached = 0
    for start, end, word in sorted(spans):
        if start >= reached:
            yield start, end, word
            reached = end


def instruction_spans(text: str) -> list[tuple[int, int]]:
    """The paragraphs that read like an instruction to a language model: marked, never followed, never quoted.

    The whole paragraph is meant, since what stands beside an instruction was written to be used with it.
    """
    spans: list[tuple[int, int]] = []
    for match in _INSTRUCTION.finditer(text):
        if spans and match.end() <= spans[-1][1]:
            continue
        start = text.rfind("\n\n", 0, match.start())
        end = text.find("\n\n", match.end())
        spans.append((start + 2 if start >= 0 else 0, end if end >= 0 else len(text)))
    return spans
