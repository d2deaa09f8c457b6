"""`ingest why`: the story of one address is whole, right, and readable."""

import json
from pathlib import Path

import pytest

from brain.catalog import Catalog
from brain.errors import BadInputError, NotFoundError, UnknownCorpusError
from ingest.forget import carry_out, plan
from ingest.why import Place, Story, why
from tests.ingest.conftest import Crawled
from tests.ingest.remains import documents_at
from tests.ingest.working import describe_folder, ingest, versions_of
from tests.site.crawl_demo import CORPUS

ANA, COPY, INJECTED = "/reports/ana-2024.html", "/reports/copy-of-ana.html", "/reports/injected.html"


def place(home: Path, host: str = "") -> Place:
    return Place(home, Catalog.of(home / "corpora"), frozenset({host} if host else ()))


@pytest.fixture
def told(crawled: Crawled) -> "Telling":
    return Telling(crawled)


class Telling:
    """Tells stories of pages of the site."""

    def __init__(self, crawled: Crawled) -> None:
        self.crawled = crawled

    def __call__(self, path: str) -> Story:
        return why(f"http://{self.crawled.host}{path}", place(self.crawled.home, self.crawled.host))


def test_a_page_that_is_served(told: Telling, crawled: Crawled) -> None:
    story = told(ANA)
    assert (story.refusal, story.robots.partition(",")[0]) == ("", "allowed by robots.txt")
    (page,) = story.pages
    assert (page.media_type, page.size > 1_000) == ("text/html", True)
    assert [made.stage for made in story.made] == ["extract", "screen", "split", "mine"]
    (part,) = story.corpora
    assert (part.corpus, part.named_by) == (CORPUS, ("the source 'reports/ana-2024' (page)",))
    assert [(run.fetching, run.outcome) for run in part.runs] == [("fetched", "used")]
    assert part.copies == (f"http://{crawled.host}{COPY}",)
    (served,) = part.served
    (document,) = documents_at(versions_of(crawled.home), ANA)
    assert (served.id, served.words) == (document.id, len(document.text.split()))
    assert len(served.questions) > 5
    assert part.versions == (part.served_version,)


def test_a_near_copy_says_who_stands_for_it(told: Telling, crawled: Crawled) -> None:
    (part,) = told(COPY).corpora
    assert part.runs[0].near_copy_of == f"http://{crawled.host}{ANA}"
    assert part.served == ()


def test_a_page_with_instructions_counts_what_is_flagged(told: Telling) -> None:
    (served,) = told(INJECTED).corpora[0].served
    assert served.flagged >= 1


@pytest.mark.parametrize(
    ("path", "stage", "reason"),
    [
        ("/reports/noarchive.html", "screen", "asks not to be kept"),
        ("/reports/empty.html", "screen", "words of text"),
        ("/reports/chen-other-company.html", "screen", "Fernhill"),
    ],
)
def test_the_stage_that_left_a_page_out_is_named(told: Telling, path: str, stage: str, reason: str) -> None:
    story = told(path)
    (left_out,) = [made for made in story.made if made.left_out]
    assert left_out.stage == stage
    assert reason in left_out.said
    assert reason in story.corpora[0].runs[0].reason


def test_what_robots_forbids_was_never_fetched(told: Telling) -> None:
    story = told("/private/internal-notes.html")
    assert "disallows this path" in story.robots
    assert (story.pages, story.made) == ((), ())
    assert story.corpora[0].runs[0].fetching == "refused"


def test_a_page_that_is_gone(told: Telling) -> None:
    story = told("/reports/gone.html")
    assert "404" in story.corpora[0].runs[0].reason
    assert story.pages == ()


@pytest.mark.parametrize(
    ("address", "refusal"),
    [
        ("https://www.glassdoor.com/Interview/x", "never fetched"),
        ("https://leetcode.com/discuss/1", "never fetched"),
        ("http://127.0.0.1/admin", "not a public address"),
        ("http://example.org:8080/", "port 8080"),
        ("http://user:secret@example.org/", "user name or password"),
        ("https://example.org/a", ""),
    ],
)
def test_an_address_that_nobody_names_is_judged_by_its_spelling(tmp_path: Path, address: str, refusal: str) -> None:
    story = why(address, Place(tmp_path, Catalog.of(tmp_path), frozenset()))
    assert not story.known
    assert refusal in story.refusal
    assert bool(story.refusal) is bool(refusal)


def test_ids_of_documents_questions_and_passages_lead_to_the_page(crawled: Crawled) -> None:
    (document,) = documents_at(versions_of(crawled.home), ANA)
    by_document = why(document.id, place(crawled.home))
    question = by_document.corpora[0].served[0].questions[3]
    by_question = why(question.id, place(crawled.home))
    assert by_document.addresses == by_question.addresses == (document.url,)
    assert by_question.corpora == by_document.corpora
    with pytest.raises(NotFoundError, match="q_0000000000000000"):
        why("q_0000000000000000", place(crawled.home))


def test_a_card_is_found_by_its_name_and_by_its_file(crawled: Crawled) -> None:
    by_name = why("card:k-means", place(crawled.home))
    by_file = why("corpora/knowledge/small/k-means.md", place(crawled.home))
    assert by_name.corpora == by_file.corpora
    assert "card" in by_name.corpora[0].named_by[0]
    assert by_name.corpora[0].served[0].form == "own"


def test_a_domain_lists_its_addresses(crawled: Crawled) -> None:
    story = why(crawled.host, place(crawled.home, crawled.host))
    assert len(story.addresses) >= 10
    assert f"http://{crawled.host}/reports/gone.html" in story.addresses


def test_a_source_names_it_before_any_run(workplace: Path) -> None:
    folder = describe_folder(workplace, "files/mine.md")
    (folder / "files").mkdir()
    (folder / "files" / "mine.md").write_text("text", "utf-8")
    story = why("files/mine.md", place(workplace))
    assert [part.named_by for part in story.corpora] == [("the source 'files/mine.md' (file)",)]


def test_what_was_forgotten_says_so(crawled: Crawled, tmp_path: Path) -> None:
    home = crawled.copy(tmp_path / "home")
    catalog = Catalog.of(home / "corpora")
    address = f"http://{crawled.host}{ANA}"
    carry_out(plan(address, home, catalog, reason="Ana asked").stone, home, catalog)
    for spelling in (address, f"http://{crawled.host}{COPY}", documents_at(versions_of(crawled.home), ANA)[0].id):
        story = why(spelling, place(home))
        assert story.tombstone is not None
        assert story.tombstone.reason == "Ana asked"
        assert (story.pages, story.made) == ((), ())
    assert why(f"http://{crawled.host}{INJECTED}", place(home)).tombstone is None


@pytest.mark.parametrize(("asked", "error"), [("", BadInputError), ("http://host:port/", BadInputError)])
def test_what_means_nothing_is_refused(crawled: Crawled, asked: str, error: type[Exception]) -> None:
    with pytest.raises(error):
        why(asked, place(crawled.home))


def test_an_unknown_corpus_is_refused(crawled: Crawled) -> None:
    with pytest.raises(UnknownCorpusError):
        why("https://example.org/", place(crawled.home), corpus="fernhil")


def test_the_command_tells_it_to_people(crawled: Crawled) -> None:
    done = ingest(crawled.home, "why", f"http://{crawled.host}{ANA}", host=crawled.host)
    assert done.returncode == 0
    for part in ("robots: allowed", "page copy:", "extract", "named by the source", "stands for its near-copy", "•"):
        assert part in done.stdout
    unknown = ingest(crawled.home, "why", "https://example.org/interview")
    assert "if it were added, it would be asked" in unknown.stdout
    denied = ingest(crawled.home, "why", "https://www.glassdoor.com/x")
    assert "if it were added, it would be refused" in denied.stdout
    domain = ingest(crawled.home, "why", crawled.host)
    assert "left out: a near-copy of" in domain.stdout


def test_the_command_tells_it_to_machines(crawled: Crawled) -> None:
    done = ingest(crawled.home, "why", f"http://{crawled.host}{COPY}", "--json", "--corpus", CORPUS, host=crawled.host)
    story = json.loads(done.stdout)
    assert story["corpora"][0]["runs"][0]["near_copy_of"].endswith(ANA)
