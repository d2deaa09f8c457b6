"""A tiny version for tests: ten interview reports of a company that does not exist, in our own words.

content = tiny_content(HashEmbedder())
manifest = publish_tiny(home, content, embedder)  # a real version under home/versions/harbour-engineer
"""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from brain.catalog import Company, Role, Section, Topic, Track
from brain.embedding import Embedder
from brain.records import Cluster, Document, Passage, ReportedQuestion, Rights, content_id
from brain.store import Content, Context, OpenVersion, open_version, search_text
from brain.versions import Manifest, Versions
from ingest.publish import publish

CORPUS = "harbour-engineer"

# Title, what the round was about, and the question that was asked.
REPORTS: tuple[tuple[str, str, str], ...] = (
    (
        "Phone screen",
        "The first call took half an hour and stayed with the basics of training a model.",
        "How do you keep a model from memorising its training data?",
    ),
    (
        "Board games round",
        "One interviewer writes chess engines in his free time, and it showed.",
        "When does Zobrist hashing pay off in a game tree search?",
    ),
    (
        "Storage round",
        "We drew a key-value store on the whiteboard and broke it in every way we could think of.",
        "What happens to reads while a log-structured merge tree compacts?",
    ),
    (
        "Statistics round",
        "She wanted plain words, no formulas, and then she wanted the formulas.",
        "What does a p-value of 0.03 tell you, and what does it not?",
    ),
    (
        "Robots on the quay",
        "The team steers cranes, so they care about what sensors get wrong.",
        "How would you fuse a camera and a lidar that disagree?",
    ),
    (
        "Coding round",
        "An editor without autocompletion, forty minutes, one problem and its follow-up.",
        "Given a list of intervals, return the hours in which no crane is busy.",
    ),
    (
        "Design round",
        "We planned a service that tells truck drivers when to come.",
        "Design a queue that survives the loss of a data centre.",
    ),
    (
        "Last conversation",
        "The hiring manager asked about people rather than machines.",
        "Tell me about a time you changed your mind because of a colleague.",
    ),
    (
        "Second phone screen",
        "Another engineer repeated the machine learning part in more depth.",
        "Why do trees need no feature scaling while nearest neighbours do?",
    ),
    (
        "Lunch",
        "Nobody took notes, and still it felt like a round of its own.",
        "Why do you want to work in a harbour?",
    ),
)

CONTEXT = Context(
    id=CORPUS,
    title="Harbour Robotics, engineer",
    company=Company(id="harbour", name="Harbour Robotics"),
    role=Role(id="engineer", name="Engineer"),
    topics=(Topic(id="regularization", name="Regularization", aliases=("overfitting",)),),
    tracks=(Track(id="engineer", name="Engineer", section=(Section(name="Phone screen", kinds=("concept",)),)),),
)


def tiny_documents(reports: Sequence[tuple[str, str, str]] = REPORTS) -> list[Document]:
    """One document per report, sorted by id as ingest sorts them."""
    return sorted((_document(*report) for report in reports), key=lambda document: document.id)


def _document(title: str, about: str, question: str) -> Document:
    text = f"{about}\n\nThey asked: {question}"
    url = f"https://reports.example/{title.lower().replace(' ', '-')}"
    return Document(
        id=content_id("doc", url, text),
        url=url,
        title=title,
        source="reports.example",
        kind="interview_report",
        form="verbatim",
        account="first_person",
        company="harbour",
        role="engineer",
        text=text,
        published="2025-03",
        rights=Rights(basis="our own text", licence="Apache-2.0"),
    )


def passages_of(document: Document) -> list[Passage]:
    """One passage per paragraph."""
    found, start = [], 0
    for paragraph in document.text.split("\n\n"):
        end = start + len(paragraph)
        found.append(
            Passage(
                id=content_id("pas", document.id, str(start), str(end)),
                document_id=document.id,
                headings=(document.title,),
                start=start,
                end=end,
                text=paragraph,
            )
        )
        start = end + 2
    return found


def question_of(document: Document) -> ReportedQuestion:
    """The question that the document reports."""
    start = document.text.index("They asked: ") + len("They asked: ")
    quote = document.text[start:]
    return ReportedQuestion(
        id=content_id("que", document.id, str(start), quote),
        document_id=document.id,
        text=quote,
        quote=quote,
        start=start,
        end=start + len(quote),
        kind="concept",
        provenance="reported",
        account="first_person",
        role_match="exact",
    )


def tiny_content(embedder: Embedder, reports: Sequence[tuple[str, str, str]] = REPORTS) -> Content:
    """Everything that a version of these reports holds."""
    documents = tiny_documents(reports)
    passages = sorted((p for document in documents for p in passages_of(document)), key=lambda passage: passage.id)
    questions = sorted((question_of(document) for document in documents), key=lambda question: question.id)
    clusters = [Cluster(id=one.id, aliases=(), questions=(one.id,), reports=1, sources=1) for one in questions]
    return Content(
        CONTEXT,
        documents,
        passages,
        questions,
        clusters,
        embedder.embed([search_text(passage) for passage in passages]),
        embedder.embed([search_text(question) for question in questions]),
    )


def changed(title: str, question: str) -> list[tuple[str, str, str]]:
    """The reports with another question in the place of the one that `title` reports."""
    return [(name, about, question if name == title else asked) for name, about, asked in REPORTS]


def without_questions(content: Content) -> Content:
    """The same content, had nothing been asked."""
    return replace(content, questions=(), clusters=(), question_vectors=content.question_vectors[:0])


def versions_in(home: Path) -> Versions:
    """The versions of the tiny corpus under a home."""
    return Versions(home / "versions", CORPUS)


def publish_tiny(home: Path, content: Content, embedder: Embedder) -> Manifest:
    """Publish by the real way: write, audit, flush, switch."""
    versions = versions_in(home)
    with versions.working():
        return publish(versions, content, embedder, content.logical_hash(), home / "readers")


def open_tiny(home: Path, embedder: Embedder) -> OpenVersion:
    """Open the served version of the tiny corpus."""
    return open_version(versions_in(home), home, embedder_id=embedder.id)
