"""Review by a person: every answer is kept at once and adds to the one before, at a terminal and by options."""

import json
import threading
from collections.abc import Sequence
from pathlib import Path

import pytest

from brain.catalog import Catalog
from brain.embedding import Embedder
from brain.errors import BadInputError, CatalogError, NotFoundError
from brain.versions import Versions
from ingest.check import check_corpus
from ingest.decision_book import DecisionBook, drop_decisions
from ingest.review import Decision, Decisions, Named, load_decisions
from ingest.review_desk import Desk, Item, context_of, parse_changes
from ingest.review_session import Session, described
from tests.building import CORPUS, REPORTS, publish_tiny, tiny_content
from tests.ingest.working import REPORT, describe_folder, ingest, ingest_at_a_terminal, run_here

HARBOUR = {
    "companies/harbour.toml": 'name = "Harbour Robotics"\n[[competency]]\nid = "care"\nname = "Care"\nsummary = "s"\n'
    'listens_for = ["a"]\n',
    "roles/engineer.toml": 'name = "Engineer"\n',
    f"{CORPUS}/corpus.toml": 'title = "Harbour Robotics, engineer"\ncompany = "harbour"\nrole = "engineer"\n'
    'knowledge = ["interviewing"]\n[[track]]\nid = "engineer"\nname = "Engineer"\n[[track.section]]\nname = "Call"\n'
    'kinds = ["concept"]\n',
}
HASHING = "When does Zobrist hashing pay off in a game tree search?"
QUAY = "https://reports.example/robots-on-the-quay"


@pytest.fixture
def harbour(home: Path) -> Path:
    """A home whose overlay describes the tiny corpus."""
    for name, text in HARBOUR.items():
        path = home / "corpora" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    return home


@pytest.fixture
def served(harbour: Path, embedder: Embedder) -> Path:
    """The same with the tiny version, served."""
    publish_tiny(harbour, tiny_content(embedder), embedder)
    return harbour


def desk_of(home: Path) -> Desk:
    overlay = home / "corpora"
    return Desk(Catalog.of(overlay).corpus(CORPUS), Versions(home / "versions", CORPUS), overlay)


def id_of(desk: Desk, quote: str) -> str:
    return next(one.question.id for one in desk.items() if one.question.quote == quote)


def test_every_decision_is_on_disk_at_once_and_adds_to_the_one_before(served: Path) -> None:
    desk = desk_of(served)
    name = id_of(desk, HASHING)
    desk.decide(name, {"text": "When is Zobrist hashing worth it?"})
    desk.decide(name, {"kind": "coding"})
    desk.accept(name, 'Read twice: "yes" \\ 🎲')
    again = desk_of(served).item(name)
    assert again.decision is not None
    assert again.decision.corrections == {"text": "When is Zobrist hashing worth it?", "kind": "coding"}
    assert again.decision.note == 'Read twice: "yes" \\ 🎲'
    assert again.state == "corrected (text, kind)"
    assert "decisions, all right" in check_corpus(Catalog.of(served / "corpora").corpus(CORPUS))


def test_two_reviewers_lose_nothing_of_each_other(served: Path) -> None:
    first, second = desk_of(served), desk_of(served)
    names = [one.question.id for one in first.items()]
    threads = [
        threading.Thread(target=lambda desk=desk, part=part: [desk.accept(name) for name in part])
        for desk, part in ((first, names[:5]), (second, names[5:]))
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not desk_of(served).items(undecided=True)


def test_undo_takes_back_a_decision_and_its_merges(served: Path) -> None:
    desk = desk_of(served)
    one, other = (item.question.id for item in desk.items()[:2])
    assert desk.merge(one, other).merged_with == (other,)
    desk.reject(one)
    assert desk.item(other).state == "merged"
    assert desk.undo(one) == 2
    assert desk.item(one).undecided
    assert desk.item(other).undecided


def test_the_overlay_wins_over_a_shipped_decision_and_can_set_it_aside(served: Path, tmp_path: Path) -> None:
    shipped = tmp_path / "shipped"
    corpus = Catalog.of(served / "corpora").corpus(CORPUS)
    below = DecisionBook(corpus, shipped)
    first = Named(document=QUAY, quote="How would you fuse a camera and a lidar that disagree?")
    other = Named(document="https://reports.example/board-games-round", quote=HASHING)
    below.put(Decision(document=first.document, quote=first.quote, verdict="rejected"))
    below.merge(first, other)
    layered = corpus.model_copy(update={"decisions": (below.path,)})
    book = DecisionBook(layered, served / "corpora")
    assert len(book.decisions().decision) == len(book.decisions().merge) == 1
    book.put(Decision(document=first.document, quote=first.quote, text="How do you fuse two sensors?"))
    assert [one.verdict for one in book.decisions().decision] == ["accepted"]
    assert book.undo(first) == 2
    assert book.decisions() == Decisions()
    assert "rejected" in below.path.read_text("utf-8")


def test_a_decision_whose_question_is_gone_is_listed_and_can_be_taken_back(served: Path) -> None:
    corpus = Catalog.of(served / "corpora").corpus(CORPUS)
    old = Decision(document="https://old.example/", quote="Who are you?", verdict="rejected")
    DecisionBook(corpus, served / "corpora").put(old)
    desk = desk_of(served)
    (gone,) = desk.gone()
    assert "Who are you?" in gone.label
    assert desk.undo(gone.id) == 1
    assert desk.gone() == []


def test_an_id_may_be_shortened_but_must_name_one(served: Path) -> None:
    desk = desk_of(served)
    name = id_of(desk, HASHING)
    assert desk.item(name[:12]).question.id == desk.item(HASHING.lower().rstrip("?")).question.id == name
    for wrong in ("", "que", "nothing"):
        with pytest.raises(NotFoundError, match="have an id or words like"):
            desk.item(wrong)
    with pytest.raises(BadInputError, match="are the same question"):
        desk.merge(name, name)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"kind": "riddle"}, "kind='riddle'"),
        ({"text": "Who is jane.doe@example.org?"}, "personal data"),
        ({"note": "ask +1 415 555 0132"}, "personal data"),
        ({"topics": ("sailing",)}, "no 'sailing' among the topics"),
        ({"competencies": ("thrift",)}, "no 'thrift' among the competencies"),
        ({"company": "oakline"}, "no 'oakline' among the company"),
        ({"provenance": "inferred"}, "provenance='inferred'"),
    ],
)
def test_what_does_not_exist_is_refused(served: Path, changes: dict[str, object], said: str) -> None:
    desk = desk_of(served)
    with pytest.raises(BadInputError, match=said):
        desk.decide(id_of(desk, HASHING), changes)
    assert not desk.book.path.exists()


def test_changes_are_words_with_an_equals_sign() -> None:
    said = parse_changes(["kind=coding", "topics=a, b", "role-match=adjacent", "round=", "competencies="])
    assert said == {"kind": "coding", "topics": ["a", "b"], "role_match": "adjacent", "round": "", "competencies": []}
    for wrong in ("kind", "colour=red", "quote=x"):
        with pytest.raises(BadInputError, match="is no change of a question"):
            parse_changes([wrong])


def test_the_context_shows_what_stands_around_the_quote() -> None:
    text = "First paragraph.\n\nThen she asked: Why us? I said money.\n\nLast paragraph."
    start = text.index("Why us?")
    assert context_of(text, start, start + 7) == "Then she asked: «Why us?» I said money."


def walk(desk: Desk, items: Sequence[Item], *answers: str) -> tuple[int, str]:
    """A session with these answers, then the end of input."""
    left, shown = iter(answers), []

    def ask(prompt: str) -> str:
        shown.append(prompt)
        try:
            return next(left)
        except StopIteration:
            raise EOFError from None

    return Session(desk, ask, shown.append).walk(items), "\n".join(shown)


def test_a_session_decides_one_question_after_the_other(served: Path) -> None:
    desk = desk_of(served)
    items = desk.items()
    names = [item.question.id for item in items]
    answers = ["a", "r", "not a question", "w", "Better words?", "e", "kind=coding round=Phone screen", "s", "?", "q"]
    count, shown = walk(desk, items, *answers)
    assert count == 4
    states = [desk.item(name).state for name in names[:5]]
    assert states == ["accepted", "rejected", "corrected (text)", "corrected (kind, round)", "undecided"]
    assert desk.item(names[3]).decision is not None
    assert all(items[0].title in shown and item.url in shown for item in items[:5])


def test_a_session_survives_mistakes_and_ends_with_the_input(served: Path) -> None:
    desk = desk_of(served)
    items = desk.items()
    count, shown = walk(desk, items, "m", "no-such-id", "e", "kind=riddle", "w", "", "m", items[1].question.id)
    assert count == 1
    assert "No questions of" in shown
    assert "kind='riddle'" in shown
    assert desk.item(items[1].question.id).merged_with == (items[0].question.id,)


def test_nothing_of_a_page_steers_the_terminal(served: Path) -> None:
    item = desk_of(served).items()[0]
    hostile = item.model_copy(update={"title": "\x1b[2J\x1b]0;x\x07 title", "context": "a\x9bb"})
    assert all(line.isprintable() for line in described(hostile))


def test_decisions_of_forgotten_pages_can_be_dropped(served: Path) -> None:
    desk = desk_of(served)
    hashing, fuse = id_of(desk, HASHING), id_of(desk, REPORTS[4][2])
    desk.reject(hashing)
    desk.accept(fuse)
    desk.merge(hashing, fuse)
    assert drop_decisions(desk.book.path, {"https://reports.example/board-games-round/"}) == 2
    assert "Zobrist" not in desk.book.path.read_text("utf-8")
    assert desk_of(served).item(fuse).state == "accepted"
    assert drop_decisions(desk.book.path, {"https://reports.example/board-games-round"}) == 0


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('[[decision]]\ndocument = "https://a.example"\nquote = "Why?"\nkind = "riddle"\n', ":4: decision.0.kind"),
        (
            '[[decision]]\ndocument = "https://a.example"\nquote = "Why?"\nquote_hash = "0"\n',
            ":1: decision.0: .*not that",
        ),
        ('[[decision]]\ndocument = "https://a.example"\n', ":1: decision.0: .*named by its quote"),
        ('[[decision]]\ndocument = "http://a:b/"\nquote = "Why?"\n', ":1: decision.0: "),
        ('[[decision]]\ndocument = "https://a.example"\nquote = "Why?"\ntopics = ["sailing"]\n', ":4: .*sailing"),
        ('[[decision]]\ndocument = "a"\nquote = "Why?"\n[[decision]]\ndocument = "a"\nquote = "why"\n', ":3: .*twice"),
        ('[[merge]]\nsame = true\n[merge.one]\ndocument = "a"\nquote = "b"\n', ":1: merge.0.other: .*missing"),
    ],
)
def test_a_wrong_decisions_file_is_named_with_its_line(harbour: Path, text: str, said: str) -> None:
    path = harbour / "corpora" / CORPUS / "decisions.toml"
    path.write_text(text, "utf-8")
    with pytest.raises(CatalogError, match=said):
        check_corpus(Catalog.of(harbour / "corpora").corpus(CORPUS))


def test_loading_reads_what_the_book_wrote(served: Path) -> None:
    desk = desk_of(served)
    desk.decide(id_of(desk, HASHING), {"topics": [], "round": "", "level": "L5 🚢", "text": 'a "b" \\ \x7f\u2028 c'})
    (one,) = load_decisions(Catalog.of(served / "corpora").corpus(CORPUS)).decision
    assert one.corrections == {"topics": (), "round": "", "level": "L5 🚢", "text": 'a "b" \\ \x7f\u2028 c'}
    assert (one.document, one.quote) == ("https://reports.example/board-games-round", HASHING)


def test_the_command_lists_and_decides_without_a_terminal(served: Path) -> None:
    listed = json.loads(ingest(served, "review", CORPUS, "--list", "--json").stdout)["questions"]
    assert len(listed) == len(REPORTS)
    first, second, third = (one["id"] for one in listed[:3])
    done = ingest(served, "review", CORPUS, "--accept", first, "--reject", second, "--note", "not asked")
    assert done.returncode == 0, done.stderr
    assert f"`ingest run {CORPUS}` applies it" in done.stdout
    assert ingest(served, "review", CORPUS, "--set", third, "kind=design", "topics=regularization").returncode == 0
    assert ingest(served, "review", CORPUS, "--reword", third, "In other words?").returncode == 0
    assert ingest(served, "review", CORPUS, "--merge", first, third).returncode == 0
    again = {
        one["id"]: one for one in json.loads(ingest(served, "review", CORPUS, "--list", "--json").stdout)["questions"]
    }
    assert again[second]["decision"]["note"] == "not asked"
    assert again[third]["decision"]["text"] == "In other words?"
    assert again[third]["merged_with"] == [first]
    left = ingest(served, "review", CORPUS, "--undecided").stdout
    assert first not in left
    assert f"{len(REPORTS) - 3} questions, {len(REPORTS) - 3} undecided" in left
    assert ingest(served, "review", CORPUS, "--undo", second).stdout.startswith("1 decisions taken back")


def test_the_command_says_what_is_wrong(harbour: Path, served: Path) -> None:
    for arguments, code, said in (
        (["no-such"], 2, "There is no corpus"),
        ([CORPUS], 2, "There is no terminal"),
        ([CORPUS, "--accept", "nothing"], 2, "No questions of"),
        ([CORPUS, "--set", "q"], 2, "--set takes an id"),
        ([CORPUS, "kind=coding"], 2, "--set takes an id"),
        (["amazon-applied-scientist", "--list"], 3, "has not been ingested yet"),
    ):
        done = ingest(served, "review", *arguments)
        assert (done.returncode, said in done.stderr) == (code, True), done.stderr


def test_the_command_asks_at_a_terminal(served: Path) -> None:
    shown = ingest_at_a_terminal(served, "review", CORPUS, typed=b"a\nr\nsaid so\nq\n")
    assert "2 decided, kept in" in shown
    assert len(desk_of(served).items(undecided=True)) == len(REPORTS) - 2


def test_decisions_hold_when_the_page_and_its_ids_change(workplace: Path, embedder: Embedder) -> None:
    notes = describe_folder(workplace, "notes") / "notes" / "report.md"
    notes.parent.mkdir()
    notes.write_text(REPORT, "utf-8")
    run_here(workplace, embedder, corpus_id="notes")
    overlay = workplace / "corpora"

    def desk() -> Desk:
        return Desk(Catalog.of(overlay).corpus("notes"), Versions(workplace / "versions", "notes"), overlay)

    first = desk().items()
    why = next(item for item in first if "converges" in item.question.text)
    split = next(item for item in first if "split" in item.question.quote)
    desk().reject(why.question.id)
    desk().decide(split.question.id, {"level": "L5", "kind": "coding"})
    notes.write_text(f"It was a cold spring and the train was late again.\n\n{REPORT}", "utf-8")
    report = run_here(workplace, embedder, corpus_id="notes")
    assert (report.result, report.reviewed["rejected"], report.reviewed["corrected"]) == ("published", 1, 1)
    again = {item.question.quote: item.question for item in desk().items()}
    assert len(again) == len(first) - 1
    assert why.question.quote not in again
    now = again[split.question.quote]
    assert now.id != split.question.id
    assert (now.level, now.kind, now.reviewed) == ("L5", "coding", True)
    notes.write_text(REPORT.replace("how a decision tree picks its split", "what a kernel is"), "utf-8")
    report = run_here(workplace, embedder, corpus_id="notes")
    assert len(report.unmatched) == report.reviewed["unmatched"] == 1
    gone = {one.decision.quote for one in desk().gone() if isinstance(one.decision, Decision)}
    assert gone == {why.question.quote, split.question.quote}


def test_a_merge_alone_makes_a_new_version(workplace: Path, embedder: Embedder) -> None:
    notes = describe_folder(workplace, "notes") / "notes" / "report.md"
    notes.parent.mkdir()
    notes.write_text(REPORT, "utf-8")
    run_here(workplace, embedder, corpus_id="notes")
    overlay = workplace / "corpora"
    desk = Desk(Catalog.of(overlay).corpus("notes"), Versions(workplace / "versions", "notes"), overlay)
    one, other = (item.question.id for item in desk.items()[:2])
    desk.merge(one, other)
    assert run_here(workplace, embedder, corpus_id="notes").result == "published"
    assert run_here(workplace, embedder, corpus_id="notes").result == "unchanged"
    desk.undo(one)
    assert run_here(workplace, embedder, corpus_id="notes").result == "published"
