"""Forgetting: nothing of it is left in any file of the home, nothing brings it back, and the receipt says what went."""

import shutil
from pathlib import Path

import pytest

from brain.catalog import Catalog
from brain.embedding import Embedder
from brain.errors import BusyError, NotFoundError
from brain.fakes import HashEmbedder
from brain.shelf import Shelf
from brain.store import OpenVersion, open_version
from ingest.forget import Receipt, carry_out, plan
from ingest.republish import republish_without
from ingest.review import Decision
from ingest.tombstones import Tombstones
from service.api.sets import SetStore
from service.generation.pipeline import generate
from service.generation.records import QuestionSetRequest
from service.generation.workspace import Workspace
from tests.building import publish_tiny, tiny_content, versions_in
from tests.ingest.conftest import Crawled
from tests.ingest.remains import documents_at, remaining, traces
from tests.ingest.working import corpus_of, describe_site, ingest, run_here, versions_of
from tests.loopback import LoopbackServer, page, redirect, text
from tests.site.crawl_demo import CORPUS

ANA, COPY, BEN = "/reports/ana-2024.html", "/reports/copy-of-ana.html", "/reports/ben-2025.html"
SECONDS = 0.5


@pytest.fixture(scope="module")
def busy(crawled: Crawled, embedder: Embedder, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with two versions, their reports and cache, and question sets that the service gave out. Read only."""
    home = crawled.copy(tmp_path_factory.mktemp("busy") / "home")
    describe_site(home, crawled.host, without=("injected",))
    run_here(home, embedder, host=crawled.host)
    opened = open_version(versions_of(home), home, embedder_id=embedder.id)
    workspace, sets = Workspace(opened, embedder), SetStore(home / "service.sqlite")
    for seed in range(3):
        sets.keep(generate(workspace, QuestionSetRequest(corpus=CORPUS, seed=seed, count=20)))
    sets.close()
    workspace.close()
    return home


@pytest.fixture
def own(busy: Path, tmp_path: Path) -> Path:
    """A copy of that home to change."""
    return Path(shutil.copytree(busy, tmp_path / "home", symlinks=True))


def forget(home: Path, what: str, *, corpus: str = "", reason: str = "") -> Receipt:
    catalog = Catalog.of(home / "corpora")
    return carry_out(plan(what, home, catalog, corpus=corpus, reason=reason).stone, home, catalog, patience=SECONDS)


def by_id(home: Path) -> str:
    return documents_at(versions_of(home), ANA)[0].id


@pytest.mark.parametrize("named", ["address", "domain", "id"])
def test_no_file_of_the_home_holds_it_afterwards(own: Path, crawled: Crawled, named: str) -> None:
    what = {"address": f"http://{crawled.host}{ANA}", "domain": crawled.host, "id": by_id(own)}[named]
    gone = ("/reports/", "/jobs/") if named == "domain" else (ANA, COPY)
    looked_for = traces(versions_of(own), gone) | {"words": traces(versions_of(own), (ANA, COPY))["words"]}
    before = remaining(own, looked_for)
    assert all(len(pieces) > 5 for pieces in looked_for.values())
    assert any("cache/" in path for path in before["vectors"])
    assert any("service.sqlite" in path for path in before["lines"])
    assert any("bm25" in path for path in before["words"])
    receipt = forget(own, what)
    assert remaining(own, looked_for) == {"lines": set(), "words": set(), "vectors": set()}
    assert (receipt.held, receipt.found_again) == ((), ())
    assert receipt.searched > 20
    assert receipt.question_sets
    (changed,) = receipt.corpora
    assert len(changed.deleted) == 2
    assert changed.after == versions_of(own).current() not in changed.deleted


def test_what_is_served_goes_on_without_it(own: Path, crawled: Crawled, embedder: Embedder) -> None:
    versions = versions_of(own)
    before = versions.manifest(versions.require_current())
    receipt = forget(own, f"http://{crawled.host}{BEN}", reason="Ben asked")
    after = versions.manifest(versions.require_current())
    assert after.counts["documents"] == before.counts["documents"] - 1
    assert after.tombstones == (receipt.tombstone.id,)
    opened = open_version(versions, own, embedder_id=embedder.id)
    assert not any(BEN in document.url for document in opened.documents.values())
    assert any(ANA in document.url for document in opened.documents.values())
    opened.close()


def test_the_next_run_finds_nothing_to_do_and_says_why(own: Path, crawled: Crawled, embedder: Embedder) -> None:
    forget(own, f"http://{crawled.host}{ANA}", reason="Ana asked")
    report = run_here(own, embedder, host=crawled.host)
    assert report.result == "unchanged"
    reasons = {item.address.removeprefix(f"http://{crawled.host}"): item.reason for item in report.left_out}
    assert reasons[ANA].endswith("Ana asked")
    assert reasons[COPY].endswith("Ana asked")


def test_near_copies_go_with_their_original(own: Path, crawled: Crawled) -> None:
    receipt = forget(own, f"http://{crawled.host}{ANA}")
    assert receipt.tombstone.addresses == (f"http://{crawled.host}{COPY}",)
    assert receipt.cache.pages == 2


def test_the_original_of_a_forgotten_copy_stays_and_the_receipt_says_so(own: Path, crawled: Crawled) -> None:
    receipt = forget(own, f"http://{crawled.host}{COPY}")
    assert receipt.kept == (f"http://{crawled.host}{ANA} stays, although near-copies of it were forgotten",)
    assert documents_at(versions_of(own), ANA)
    assert receipt.corpora == ()


def test_a_copy_that_no_run_ever_used_goes_too(own: Path, crawled: Crawled, embedder: Embedder) -> None:
    said = documents_at(versions_of(own), ANA)[0].text.replace("Fernhill", "Oakridge")
    copy = own / "corpora" / CORPUS / "files" / "copy.md"
    copy.parent.mkdir()
    copy.write_text(f"{said}\n\nOakridge has a quillfeather garden.\n", "utf-8")
    path = own / "corpora" / CORPUS / "corpus.toml"
    source = '\n[[source]]\nname = "copy"\ntype = "file"\npath = "files/copy.md"\n'
    path.write_text(path.read_text("utf-8") + source, "utf-8")
    report = run_here(own, embedder)
    assert [item.outcome for item in report.addresses if item.address == "files/copy.md"] == ["left out"]
    assert any("cache" in name for name in remaining(own, {"words": {b"quillfeather"}})["words"])
    receipt = forget(own, f"http://{crawled.host}{ANA}")
    assert "files/copy.md" in receipt.tombstone.addresses
    assert remaining(own, {"words": {b"quillfeather"}}) == {"words": set()}


def test_the_id_of_a_document_stands_for_its_address_too(own: Path, crawled: Crawled) -> None:
    receipt = forget(own, by_id(own))
    assert f"http://{crawled.host}{ANA}" in receipt.tombstone.addresses


def test_an_address_that_redirects_to_it_is_named_too(own: Path, crawled: Crawled) -> None:
    short = redirect(f"http://{crawled.host}{BEN}")
    with LoopbackServer({"/robots.txt": text("User-agent: *\n"), "/short": short}) as other:
        path = own / "corpora" / CORPUS / "corpus.toml"
        listed = path.read_text("utf-8").replace(f"http://{crawled.host}{BEN}", other.url("/short"))
        path.write_text(listed, "utf-8")
        assert ingest(own, "run", CORPUS, host=f"{crawled.host},{other.host}").returncode == 0
    looked_for = traces(versions_of(own), (BEN,))
    assert remaining(own, looked_for)["lines"]
    receipt = forget(own, f"http://{crawled.host}{BEN}")
    assert other.url("/short") in receipt.tombstone.addresses
    assert remaining(own, looked_for) == {"lines": set(), "words": set(), "vectors": set()}


POSTS = {
    "quillfeather": "I interviewed at Fernhill Robotics in May, and the first round took an hour. They asked me to "
    "implement a quillfeather tree from scratch, and the interviewer asked me why such trees stop growing. In the "
    "second round I was asked to explain gradient descent to a colleague who has never heard of it.",
    "zitherplank": "My interview with Fernhill Robotics was short. A recruiter called, then one engineer met me on "
    "video and asked me how a zitherplank keeps its balance on uneven ground. Nobody wrote code. At the end they asked "
    "me what I would measure before shipping a robot, and we talked about batteries for twenty minutes.",
}


def item(address: str, word: str) -> str:
    """An item of a feed that carries a whole report."""
    content = f"<content:encoded><![CDATA[<p>{POSTS[word]}</p>]]></content:encoded>"
    return f"<item><title>Fernhill Robotics interview: {word}</title><link>{address}</link>{content}</item>"


def test_what_came_inside_a_listing_does_not_come_back_with_it(own: Path) -> None:
    with LoopbackServer({"/robots.txt": text("User-agent: *\n")}) as other:
        items = item(other.url("/one"), "quillfeather") + item(other.url("/two"), "zitherplank")
        feed = (
            '<?xml version="1.0"?><rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/">'
            f"<channel><title>Reports</title><link>{other.url('/')}</link>{items}</channel></rss>"
        )
        other.routes["/feed"] = page(feed.encode(), content_type="application/rss+xml")
        path = own / "corpora" / CORPUS / "corpus.toml"
        source = f'\n[[source]]\nname = "feed"\ntype = "feed"\nurl = "{other.url("/feed")}"\nfull_text = true\n'
        path.write_text(path.read_text("utf-8") + source + 'account = "first_person"\n', "utf-8")
        words = {"words": {b"quillfeather"}}
        assert ingest(own, "run", CORPUS, host=other.host).returncode == 0
        assert remaining(own, words)["words"]
        assert len(documents_at(versions_of(own), "/one", "/two")) == 2
        receipt = forget(own, other.url("/one"))
        assert receipt.cache.pages + receipt.cache.listings == 1
        assert remaining(own, words) == {"words": set()}
        assert ingest(own, "run", CORPUS, host=other.host).returncode == 0
        assert remaining(own, words) == {"words": set()}
        assert documents_at(versions_of(own), "/two")


def test_reports_of_runs_keep_no_title_of_it(own: Path, crawled: Crawled) -> None:
    (title,) = {document.title for document in documents_at(versions_of(own), ANA)}
    reports = versions_of(own).root / "runs"
    assert any(title in path.read_text("utf-8") for path in reports.iterdir())
    forget(own, f"http://{crawled.host}{ANA}")
    assert not any(title in path.read_text("utf-8") for path in reports.iterdir())
    assert len(list(reports.iterdir())) == 2


def test_a_reader_that_still_holds_it_is_named_and_lets_go_when_it_closes(
    own: Path, crawled: Crawled, embedder: Embedder
) -> None:
    looked_for = traces(versions_of(own), (ANA, COPY))
    opened = open_version(versions_of(own), own, embedder_id=embedder.id)
    version = opened.manifest.version
    receipt = forget(own, f"http://{crawled.host}{ANA}")
    assert receipt.held == (f"{CORPUS}/{version}",)
    assert all(path.startswith("readers/") for path in remaining(own, looked_for)["vectors"])
    opened.close()
    assert remaining(own, looked_for)["vectors"] == set()
    assert forget(own, f"http://{crawled.host}{ANA}").held == ()


def test_a_service_that_switches_meanwhile_is_waited_for(own: Path, crawled: Crawled, embedder: Embedder) -> None:
    import threading

    shelf: Shelf[OpenVersion] = Shelf(own, embedder.id, lambda version: version)
    with shelf.borrow(CORPUS):
        pass
    stop = threading.Event()

    def watch() -> None:
        while not stop.wait(0.1):
            shelf.refresh()

    watching = threading.Thread(target=watch)
    watching.start()
    try:
        catalog = Catalog.of(own / "corpora")
        stone = plan(f"http://{crawled.host}{ANA}", own, catalog).stone
        assert carry_out(stone, own, catalog, patience=60).held == ()
    finally:
        stop.set()
        watching.join()
        shelf.close()


def test_files_that_were_added_go_with_their_source(own: Path, embedder: Embedder, tmp_path: Path) -> None:
    text = (
        "I applied in spring and my interview at Fernhill Robotics had two rounds. In the first round they asked me to "
        "implement a quillfeather index from scratch. Then the interviewer asked me why it converges at all. In the "
        "second round I was asked how a decision tree picks its split, and I explained it with a small drawing.\n"
    )
    file = tmp_path / "quill.md"
    file.write_text(text, "utf-8")
    assert (
        ingest(own, "add", CORPUS, str(file), "--kind", "interview_report", "--account", "first_person").returncode == 0
    )
    copied = own / "corpora" / CORPUS / "files" / "quill.md"
    assert copied.exists()
    run_here(own, embedder)
    (found,) = documents_at(versions_of(own), "files/quill.md")
    assert remaining(own, {"words": {b"quillfeather"}})["words"]
    receipt = forget(own, "files/quill.md")
    assert receipt.files == (f"corpora/{CORPUS}/files/quill.md",)
    assert receipt.tombstone.documents == (found.id,)
    assert remaining(own, {"words": {b"quillfeather"}}) == {"words": set()}
    assert all(source.options.get("path") != "files/quill.md" for source in corpus_of(own).sources)
    assert run_here(own, embedder).result == "unchanged"


def test_a_file_that_is_not_in_the_home_stays_and_is_left_out(own: Path, embedder: Embedder, tmp_path: Path) -> None:
    file = tmp_path / "mine.md"
    file.write_text("# Notes\n\nFernhill Robotics interviewed me. " + "They asked me what a robot is. " * 9, "utf-8")
    path = own / "corpora" / CORPUS / "corpus.toml"
    source = f'\n[[source]]\nname = "mine"\ntype = "file"\npath = "{file}"\naccount = "first_person"\n'
    path.write_text(path.read_text("utf-8") + source, "utf-8")
    run_here(own, embedder)
    receipt = forget(own, str(file))
    assert file.exists()
    assert receipt.kept == (f"{file} is not in the data home, so it stays, and is left out of {CORPUS!r}",)
    assert not documents_at(versions_of(own), str(file))
    assert any("forgotten" in item.reason for item in run_here(own, embedder).left_out)


def test_decisions_that_quote_it_go(own: Path, crawled: Crawled) -> None:
    from ingest.decision_book import DecisionBook

    address, other = f"http://{crawled.host}{ANA}", f"http://{crawled.host}{BEN}"
    book = DecisionBook(corpus_of(own), own / "corpora")
    book.put(Decision(document=address, quote="Implement k-means from scratch"))
    book.put(Decision(document=other, quote="Walk me through the project"))
    assert forget(own, address).decisions == 1
    assert [decision.document for decision in book.decisions().decision] == [other]


def test_another_corpus_keeps_it_when_one_was_named(own: Path, crawled: Crawled, embedder: Embedder) -> None:
    shutil.copytree(own / "corpora" / CORPUS, own / "corpora" / "second")
    run_here(own, embedder, host=crawled.host, corpus_id="second")
    forget(own, crawled.host, corpus="second")
    assert not documents_at(versions_of(own, "second"), crawled.host)
    assert documents_at(versions_of(own), crawled.host)
    assert run_here(own, embedder, host=crawled.host).result == "unchanged"
    assert not documents_at(versions_of(own, "second"), ANA)


def test_every_corpus_loses_it(own: Path, crawled: Crawled, embedder: Embedder) -> None:
    shutil.copytree(own / "corpora" / CORPUS, own / "corpora" / "second")
    run_here(own, embedder, host=crawled.host, corpus_id="second")
    receipt = forget(own, f"http://{crawled.host}{BEN}")
    assert [one.corpus for one in receipt.corpora] == [CORPUS, "second"]
    assert not documents_at(versions_of(own, "second"), BEN)


def test_a_digest_of_it_is_left_out_wherever_it_lies(own: Path, embedder: Embedder) -> None:
    digest = own / "corpora" / CORPUS / "digests" / "one.toml"
    digest.parent.mkdir()
    digest.write_text(
        'url = "https://blog.example/fernhill"\ntitle = "A digest"\nkind = "interview_report"\n'
        'account = "first_person"\nrole_match = "exact"\npublished = "2024"\ninterviewed = "unknown"\n'
        'retrieved = "2026-01"\nevidence = "full"\nsummary = "Two rounds with a zitherplank exercise."\n'
        '[[question]]\ntext = "What is a zitherplank good for?"\nkind = "concept"\nbasis = "asked"\n',
        "utf-8",
    )
    run_here(own, embedder)
    assert documents_at(versions_of(own), "blog.example")
    receipt = forget(own, "blog.example")
    assert receipt.files == (f"corpora/{CORPUS}/digests/one.toml",)
    assert remaining(own, {"words": {b"zitherplank"}}) == {"words": set()}
    assert run_here(own, embedder).result == "unchanged"


def test_nothing_is_served_when_nothing_stays_and_readers_let_go(tmp_path: Path) -> None:
    embedder = HashEmbedder()
    publish_tiny(tmp_path, tiny_content(embedder), embedder)
    shelf: Shelf[OpenVersion] = Shelf(tmp_path, embedder.id, lambda version: version)
    with shelf.borrow("harbour-engineer"):
        pass
    receipt = forget(tmp_path, "reports.example")
    assert (receipt.corpora[0].after, versions_in(tmp_path).all()) == ("", [])
    assert versions_in(tmp_path).current() is None
    assert shelf.refresh() == {}
    assert shelf.opened() == {}
    assert remaining(tmp_path, {"words": {b"zobrist"}}) == {"words": set()}
    shelf.close()


def test_a_version_number_is_never_used_again(own: Path, crawled: Crawled, embedder: Embedder) -> None:
    before = versions_of(own).all()
    forget(own, f"http://{crawled.host}{BEN}")
    assert all(version > before[-1] for version in versions_of(own).all())


def test_what_nobody_knows_yet_is_kept_out_in_advance(own: Path, crawled: Crawled, embedder: Embedder) -> None:
    receipt = forget(own, "tomorrow.example", reason="do not come")
    assert receipt.corpora == ()
    assert Tombstones.load(own).names("https://tomorrow.example/a")
    with pytest.raises(NotFoundError, match="Nothing here is called"):
        plan("d_0123456789abcdef", own, Catalog.of(own / "corpora"))


def test_a_run_under_way_is_not_disturbed(own: Path, crawled: Crawled) -> None:
    before = versions_of(own).all()
    with versions_of(own).working(), pytest.raises(BusyError):
        forget(own, f"http://{crawled.host}{ANA}")
    assert versions_of(own).all() == before
    assert Tombstones.load(own).stones == ()


def test_republishing_keeps_ids_vectors_and_order(tmp_path: Path) -> None:
    embedder = HashEmbedder()
    content = tiny_content(embedder)
    publish_tiny(tmp_path, content, embedder)
    versions = versions_in(tmp_path)
    with versions.working():
        manifest = republish_without(versions, lambda one: one.title == "Lunch", tmp_path / "readers")
    assert manifest is not None
    assert manifest.counts["passages"] == 18
    opened = open_version(versions, tmp_path, embedder_id=embedder.id)
    kept = {record.id: vector for record, vector in zip(content.passages, content.passage_vectors, strict=True)}
    assert all((kept[one.id] == opened.passages.vectors[i]).all() for i, one in enumerate(opened.passages.records))
    opened.close()
