"""The `ingest` command: what it prints for people and machines, and what it says when something is wrong."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from brain.records import Document
from ingest.report import RunReport
from tests.ingest.conftest import Crawled
from tests.ingest.working import (
    REPORT,
    ROOT,
    describe_folder,
    describe_site,
    environment,
    ingest,
    site_routes,
    versions_of,
)
from tests.loopback import LoopbackServer
from tests.site.crawl_demo import CORPUS, SITE

ODD = (
    "# A [draft] of my :rocket: interview\n\n"
    + REPORT
    + "\nThen they asked me: What is the cost of a [red] and a [/b] tag?\n"
)


def failed(done: subprocess.CompletedProcess[str], code: int) -> str:
    """Exactly one message with a next step, on standard error, and this exit code; no result beside it."""
    assert done.returncode == code
    assert all(line.endswith("all right") for line in done.stdout.splitlines())
    errors = [line for line in done.stderr.splitlines() if line.startswith("error: ")]
    assert len(errors) == 1, done.stderr
    assert done.stderr.splitlines()[-1].startswith("  → ")
    return done.stderr


def write(path: Path, content: str | bytes) -> Path:
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


@pytest.mark.parametrize("command", [["run"], ["status"], ["rollback"]])
def test_an_unknown_corpus_names_the_nearest(tmp_path: Path, command: list[str]) -> None:
    describe_site(tmp_path, "127.0.0.1:1")
    said = failed(ingest(tmp_path, *command, "fernhil-demo"), 2)
    assert "There is no corpus 'fernhil-demo'." in said
    assert "Did you mean fernhill-demo?" in said


def test_one_unknown_corpus_stops_the_others_before_they_begin(tmp_path: Path) -> None:
    describe_site(tmp_path, "127.0.0.1:1")
    failed(ingest(tmp_path, "run", CORPUS, "no-such"), 2)
    assert not (tmp_path / "versions").exists()


@pytest.mark.parametrize(
    ("right", "wrong", "said"),
    [
        ('title = "Fern', 'titel = "x"\ntitle = "Fern', "titel: unknown field; allowed are company, knowledge, role"),
        ('role = "machine-learning-engineer"', 'role = "pilot"', "role: 'pilot' is not described; known are"),
        ('knowledge = ["small"]', 'knowledge = ["smal"]', "knowledge: there is no knowledge pack 'smal'"),
        ('type = "page"', 'type = "pdf"', "There is no source type 'pdf'"),
        ("minutes = 45", 'minutes = "long"', "track.0.section.1.minutes"),
        ('title = "Fern', 'title = Fern"', "not valid TOML"),
    ],
)
def test_a_wrong_field_is_named_with_file_and_line(tmp_path: Path, right: str, wrong: str, said: str) -> None:
    describe_site(tmp_path, "127.0.0.1:1")
    path = tmp_path / "corpora" / CORPUS / "corpus.toml"
    text = path.read_text("utf-8")
    line = text[: text.index(right)].count("\n") + 1
    path.write_text(text.replace(right, wrong, 1), "utf-8")
    shown = failed(ingest(tmp_path, "run", CORPUS), 2)
    assert said in shown
    assert f"{path}:{line}: " in shown or (f"{path}: " in shown and said.startswith(("knowledge", "role")))
    if said == "not valid TOML":
        assert failed(ingest(tmp_path, "check"), 2) == shown


def test_a_corpus_that_is_not_ingested_says_which_command_to_run(tmp_path: Path) -> None:
    describe_site(tmp_path, "127.0.0.1:1")
    for command in ("status", "rollback"):
        said = failed(ingest(tmp_path, command, CORPUS), 3)
        assert "has not been ingested yet" in said
        assert f"Run `ingest run {CORPUS}`" in said


@pytest.mark.parametrize(
    ("command", "name", "content", "said"),
    [
        ("extract", "empty.md", b"", "is empty"),
        ("mine", "empty.html", b" ", "is empty"),
        ("extract", "huge.md", b"x" * 1_001, "1,001 bytes, over the limit of 1,000"),
        ("mine", "latin.md", b"caf\xe9 " * 20, "is not UTF-8 text (byte 3 is 0xe9)"),
        ("mine", "report.docx", b"PK", "is of no type that ingest reads"),
        ("extract", "page.html", b"<html><body></body></html>", "no article text was found in it"),
        ("mine", "kept.html", b"<meta name=robots content=noarchive><p>" + b"told " * 50, "asks not to be kept"),
    ],
)
def test_a_bad_file_is_refused(tmp_path: Path, command: str, name: str, content: bytes, said: str) -> None:
    path = write(tmp_path / name, content)
    assert said in failed(ingest(tmp_path / "home", command, str(path), BRAIN_FILE_MAX_BYTES="1000"), 2)


def test_a_missing_file_a_folder_and_an_unreachable_address_are_refused(tmp_path: Path) -> None:
    assert "No such file" in failed(ingest(tmp_path, "mine", str(tmp_path / "gone.md")), 2)
    assert "is a folder" in failed(ingest(tmp_path, "extract", str(tmp_path)), 2)
    with LoopbackServer({}) as server:
        host, url = server.host, server.url("/a.html")
    assert "robots.txt could not be read" in failed(ingest(tmp_path, "mine", url, host=host), 6)
    assert "never fetched" in failed(ingest(tmp_path, "extract", "https://www.glassdoor.com/a"), 6)


def test_bad_files_of_a_corpus_are_all_named(tmp_path: Path) -> None:
    folder = describe_folder(tmp_path, "notes")
    (folder / "notes").mkdir()
    for name, content in (("empty.md", b""), ("latin.md", b"caf\xe9 " * 20), ("huge.md", b"x" * 2_000)):
        write(folder / "notes" / name, content)
    said = failed(ingest(tmp_path, "run", "notes", "--offline", BRAIN_FILE_MAX_BYTES="1900"), 2)
    assert "3 files cannot be used" in said
    for named in ("notes/empty.md is empty", "notes/latin.md is not UTF-8", "notes/huge.md has 2,000 bytes"):
        assert named in said
    assert versions_of(tmp_path, "notes").current() is None


def test_a_missing_folder_of_a_corpus_is_named(tmp_path: Path) -> None:
    folder = describe_folder(tmp_path, "notes")
    assert f"{folder / 'notes'} does not exist" in failed(ingest(tmp_path, "run", "notes", "--offline"), 2)


def test_extract_gives_one_json_object_the_document(tmp_path: Path) -> None:
    path = write(tmp_path / "odd.md", ODD)
    done = ingest(tmp_path, "extract", str(path), "--json")
    document = Document.model_validate_json(done.stdout)
    assert (done.returncode, done.stderr, done.stdout.count("\n")) == (0, "", 1)
    assert (document.text, document.title, document.kind) == (
        ODD,
        "A [draft] of my :rocket: interview",
        "interview_report",
    )
    assert ingest(tmp_path, "extract", str(path)).stdout == ODD + "\n"


def test_mine_gives_one_json_object_with_the_questions(tmp_path: Path) -> None:
    path = write(tmp_path / "odd.md", ODD)
    done = ingest(tmp_path, "mine", str(path), "--json")
    found = json.loads(done.stdout)
    assert (done.returncode, done.stderr, set(found)) == (0, "", {"questions"})
    assert len(found["questions"]) >= 3
    for question in found["questions"]:
        assert {"quote", "start", "end", "text", "kind", "follow_up"} <= set(question)
        assert ODD[question["start"] : question["end"]] == question["quote"]
        assert isinstance(question["follow_up"], bool)
    assert any("a [red] and a [/b] tag" in question["quote"] for question in found["questions"])


def test_mine_shows_every_question_as_it_stands(tmp_path: Path) -> None:
    path = write(tmp_path / "odd.md", ODD)
    done = ingest(tmp_path, "mine", str(path))
    assert "• What is the cost of a [red] and a [/b] tag?" in done.stdout
    assert done.stdout.splitlines()[-1].endswith(" questions")


def test_extract_and_mine_take_any_file_whatever_it_is_about(tmp_path: Path) -> None:
    for name in ("jobs/ml-engineer.html", "advice/how-to-prepare.html", "reports/chen-other-company.html"):
        done = ingest(tmp_path, "extract", str(SITE / name), "--json")
        assert Document.model_validate_json(done.stdout).title, done.stderr
    short = write(tmp_path / "short.md", "They asked me to implement k-means from scratch.\n")
    (question,) = json.loads(ingest(tmp_path, "mine", str(short), "--json").stdout)["questions"]
    assert question["quote"].endswith("implement k-means from scratch")


def test_an_address_is_extracted_and_mined_like_a_file(tmp_path: Path) -> None:
    with LoopbackServer(site_routes()) as server:
        url = server.url("/reports/ana-2024.html")
        page = json.loads(ingest(tmp_path, "extract", url, "--json", host=server.host).stdout)
        found = json.loads(ingest(tmp_path, "mine", url, "--json", host=server.host).stdout)["questions"]
    assert (page["url"], page["published"]) == (url, "2024-03-02")
    assert all(page["text"][one["start"] : one["end"]] == one["quote"] for one in found)
    assert len({one["id"] for one in found}) == len(found) > 3


def test_run_prints_what_was_made_and_left_out(crawled: Crawled, tmp_path: Path) -> None:
    done = ingest(crawled.copy(tmp_path / "home"), "run", CORPUS, host=crawled.host)
    assert done.returncode == 0
    assert f"{CORPUS}  nothing changed, {crawled.report.version} stays" in done.stdout
    assert "8 documents" in done.stdout
    assert "worked on: nothing" in done.stdout
    assert "7 addresses gave nothing:\n    it never names Fernhill Robotics" in done.stdout
    assert f"      http://{crawled.host}/reports/empty.html\n" in done.stdout
    assert done.stderr == "read: 15 done\n"


def test_a_run_over_two_corpora_counts_each_by_itself(crawled: Crawled, tmp_path: Path) -> None:
    home = crawled.copy(tmp_path / "home")
    folder = describe_folder(home, "notes")
    (folder / "notes").mkdir()
    write(folder / "notes" / "good.md", REPORT)
    done = ingest(home, "run", "notes", CORPUS, "--offline", "--json")
    first, second = (RunReport.model_validate_json(line) for line in done.stdout.splitlines())
    assert (first.corpus, first.computed["extract"], second.corpus) == ("notes", 1, CORPUS)
    assert not any(second.computed.values())


def test_list_and_status_show_what_is_served(crawled: Crawled, tmp_path: Path) -> None:
    home = crawled.copy(tmp_path / "home")
    rows = json.loads(ingest(home, "list", "--json").stdout)["corpora"]
    served = {row["id"]: row["version"] for row in rows}
    assert served == {CORPUS: crawled.report.version, "amazon-applied-scientist": None}
    assert "run `ingest run amazon-applied-scientist`" in ingest(home, "list").stdout
    status = json.loads(ingest(home, "status", CORPUS, "--json").stdout)
    assert status["manifest"]["version"] == crawled.report.version
    assert status["kept"] == [crawled.report.version]
    assert RunReport.model_validate(status["last_run"]) == crawled.report
    shown = ingest(home, "status", CORPUS, "--questions").stdout
    assert "      • Why do you want to move from retail software to robots?  motivation, reported" in shown
    assert "    the page asks not to be kept (robots: noindex, robots: noarchive)\n" in shown


def test_rollback_serves_the_version_before_and_refuses_what_is_not_there(crawled: Crawled, tmp_path: Path) -> None:
    home = crawled.copy(tmp_path / "home")
    assert "has no version before" in failed(ingest(home, "rollback", CORPUS), 2)
    assert "There is no version '000009-x'" in failed(ingest(home, "rollback", CORPUS, "--to", "000009-x"), 2)
    path = home / "corpora" / CORPUS / "corpus.toml"
    path.write_text(path.read_text("utf-8").replace("reports/ben-2025.html", "reports/gone-too.html"), "utf-8")
    assert ingest(home, "run", CORPUS, host=crawled.host).returncode == 0
    newer = versions_of(home).current()
    done = ingest(home, "rollback", CORPUS)
    assert done.stdout == f"{CORPUS}: {newer} → {crawled.report.version}\n"
    assert versions_of(home).current() == crawled.report.version
    assert ingest(home, "rollback", CORPUS, "--to", str(newer)).returncode == 0
    assert versions_of(home).current() == newer


def test_check_says_what_it_has_checked(tmp_path: Path) -> None:
    describe_site(tmp_path, "127.0.0.1:1")
    done = ingest(tmp_path, "check")
    assert done.returncode == 0
    assert f"{CORPUS}: 3 cards, 0 digests with 0 questions, all right" in done.stdout.splitlines()


def test_a_second_run_beside_one_that_works_is_refused(crawled: Crawled, tmp_path: Path) -> None:
    home = crawled.copy(tmp_path / "home")
    with versions_of(home).working():
        said = failed(ingest(home, "run", CORPUS, "--offline"), 4)
    assert f"Another run holds '{CORPUS}' (process " in said


@pytest.mark.parametrize(
    ("variable", "value"),
    [("BRAIN_EMBEDDER", "none"), ("BRAIN_WORKERS", "many"), ("BRAIN_FETCH_TIMEOUT", "0"), ("BRAIN_CONTACT", "ä")],
)
def test_a_wrong_setting_is_named(tmp_path: Path, variable: str, value: str) -> None:
    describe_site(tmp_path, "127.0.0.1:1")
    done = ingest(tmp_path, "run", CORPUS, **{variable: value})
    assert done.returncode in (2, 5)
    assert variable in failed(done, done.returncode)


def test_a_home_that_is_no_folder_and_a_damaged_cache_are_told(tmp_path: Path) -> None:
    home = write(tmp_path / "home", "a file")
    report = write(tmp_path / "a.md", REPORT)
    assert "Not a directory" in failed(ingest(home, "mine", str(report)), 5)
    (tmp_path / "other" / "cache").mkdir(parents=True)
    write(tmp_path / "other" / "cache" / "stages.sqlite", "no database, whatever its name says " * 20)
    said = failed(ingest(tmp_path / "other", "mine", str(report)), 5)
    assert "is damaged: file is not a database" in said
    assert "Delete it" in said


def test_usage_errors_and_help_load_nothing_heavy(tmp_path: Path) -> None:
    code = (
        "import sys\nsys.argv = ['ingest', *sys.argv[1:]]\nfrom ingest.cli import main\n"
        "try:\n    main()\nfinally:\n    print(*sys.modules, file=sys.stderr)"
    )
    for arguments in (["--help"], ["run", "--help"], ["mine", "--help"], ["run"], ["nonsense"], ["status", "--wrong"]):
        done = subprocess.run(
            [sys.executable, "-c", code, *arguments],
            env=environment(tmp_path),
            cwd=ROOT,
            capture_output=True,
            encoding="utf-8",
            check=False,
        )
        assert done.returncode == (0 if "--help" in arguments else 2)
        heavy = {"chromadb", "onnxruntime", "onnx", "trafilatura", "llama_index", "pydantic_settings", "numpy", "httpx"}
        assert not heavy & set(done.stderr.split()), arguments
