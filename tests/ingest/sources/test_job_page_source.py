"""Pages with schema.org's JobPosting: the shapes that the web gives it, broken scripts, and hostile values."""

import json
from pathlib import Path

import pytest
from pydantic import ValidationError

from brain.errors import UnreadableInputError
from ingest.cache import LeftOutError
from ingest.materials import Entry, Unusable
from ingest.sources.base import Found
from ingest.sources.job_page import ADAPTER, JobPage, postings, read
from tests.ingest.sources.reading import LoopbackReader, everything
from tests.loopback import LoopbackServer, page

URL = "https://fernhill.example/jobs/7"
OPTIONS = JobPage(url=URL)


def job(**fields: object) -> dict[str, object]:
    return {
        "@context": "https://schema.org",
        "@type": "JobPosting",
        "title": "Map Maker",
        "description": "<h3>The work</h3><ul><li>draw rooms</li></ul>",
        "datePosted": "2026-05-04T10:00:00+02:00",
        "validThrough": "2098-01-01",
        "employmentType": ["FULL_TIME", "CONTRACTOR"],
        "hiringOrganization": {"@type": "Organization", "name": "Fernhill Robotics"},
        "jobLocation": {"@type": "Place", "address": {"addressLocality": "Oslo", "addressCountry": "NO"}},
    } | fields


def html(*scripts: str, body: str = "<p>Apply now</p>") -> bytes:
    marked = "".join(f'<script type="application/ld+json">{script}</script>' for script in scripts)
    return f"<html><head><title>Jobs</title>{marked}</head><body>{body}</body></html>".encode()


def found(*values: object) -> list[Found]:
    return list(read(html(*map(json.dumps, values)), OPTIONS))


def only(*values: object) -> Entry:
    (entry,) = found(*values)
    assert isinstance(entry, Entry)
    return entry


def test_a_posting_says_what_when_where_and_who() -> None:
    entry = only(job())
    assert (entry.address, entry.title, entry.kind) == (URL, "Map Maker", "role_description")
    assert (str(entry.published), entry.location, entry.format) == ("2026-05-04", "Oslo, NO", "html")
    assert "Fernhill Robotics · full time, contractor" in entry.content
    assert "<li>draw rooms</li>" in entry.content


@pytest.mark.parametrize(
    "value",
    [
        [job()],
        [[{"@type": "WebSite"}], job()],
        {"@graph": [{"@type": "Organization"}, job()]},
        {"@type": "WebPage", "mainEntity": {"@type": "ItemPage", "mainEntity": job()}},
        job(**{"@type": ["Thing", "JobPosting"]}),
        job(**{"@type": "http://schema.org/JobPosting"}),
        job(**{"@type": "schema:JobPosting"}),
    ],
)
def test_it_is_found_wherever_it_stands(value: object) -> None:
    assert only(value).title == "Map Maker"


def test_it_is_found_among_other_and_broken_scripts_and_counts_once() -> None:
    broken, other = '{"@type": "JobPosting", "title": ', '{"@type": "BreadcrumbList"}'
    entries = list(read(html(broken, other, json.dumps(job()), json.dumps(job())), OPTIONS))
    assert [entry.address for entry in entries] == [URL]


def test_what_is_referred_to_by_its_id_is_found_in_the_page() -> None:
    organization = {"@type": "Organization", "@id": "#us", "name": "Fernhill by reference"}
    entry = only({"@graph": [organization, job(hiringOrganization={"@id": "#us"}, jobLocation={"@id": "#gone"})]})
    assert "Fernhill by reference" in entry.content
    assert entry.location == ""


@pytest.mark.parametrize(
    "script",
    [
        "<!-- {} -->",
        "//<![CDATA[\n{}\n//]]>",
        "/*<![CDATA[*/ {} /*]]>*/",
        "\ufeff {} ;",
        "\n\n{}\n",
    ],
)
def test_wrapped_scripts_are_read(script: str) -> None:
    (entry,) = read(html(script.replace("{}", json.dumps(job()))), OPTIONS)
    assert isinstance(entry, Entry)


@pytest.mark.parametrize(
    "script",
    [
        '{"@type": "JobPosting", "title": "Map Maker", "description": "line, ]\nline, }\ttwo",}',
        '{"@type": ["JobPosting",], "title": "Map Maker", "skills": ["a", "b", ], "description": "line, ] line, }",\n}',
        r'{"@type": "JobPosting", "title": "Map Maker", "description": "line, ] it\'s line, } \d"}',
        "{&quot;@type&quot;: &quot;JobPosting&quot;, &quot;title&quot;: &quot;Map Maker&quot;, "
        "&quot;description&quot;: &quot;line, ] line, }&quot;}",
    ],
)
def test_what_is_not_quite_json_is_put_right(script: str) -> None:
    (entry,) = read(html(script), OPTIONS)
    assert isinstance(entry, Entry)
    assert entry.title == "Map Maker"
    assert "line, ]" in entry.content
    assert "line, }" in entry.content


@pytest.mark.parametrize(
    "description",
    [
        "&lt;p&gt;Draw &amp;amp; measure&lt;/p&gt;",
        "&amp;lt;p&amp;gt;Draw &amp;amp;amp; measure&amp;lt;/p&amp;gt;",
        "<![CDATA[<p>Draw &amp; measure</p>]]>",
        "Draw &amp; measure",
        "Draw & measure",
    ],
)
def test_a_description_is_read_however_often_it_was_escaped(description: str) -> None:
    assert "<p>Draw &amp; measure</p>" in only(job(description=description)).content


def test_what_other_properties_add_is_kept_and_what_they_repeat_is_not() -> None:
    entry = only(
        job(description="<p>Draw rooms.</p>", responsibilities="draw rooms", skills=["Ink", "Paper"], qualifications=7)
    )
    assert "Responsibilities" not in entry.content
    assert "<h2>Skills</h2>" in entry.content
    assert entry.content.count("<li>") == 2


@pytest.mark.parametrize(
    ("location", "shown"),
    [
        ([{"address": {"addressLocality": "Oslo"}}, {"address": {"addressLocality": "Rome"}}], "Oslo; Rome"),
        ({"address": [{"addressRegion": "Lazio", "addressCountry": {"name": "Italy"}}, None]}, "Lazio, Italy"),
        ({"address": "Rome, Italy"}, "Rome, Italy"),
        ({"name": "Harbour office"}, "Harbour office"),
        ("Rome", "Rome"),
        ({"address": {"addressLocality": {"@id": 3}}}, ""),
        ([None, 3, [[]], True], ""),
    ],
)
def test_places_are_read_in_every_shape(location: object, shown: str) -> None:
    assert only(job(jobLocation=location)).location == shown


def test_remote_work_is_a_place() -> None:
    assert only(job(jobLocation=None, jobLocationType="TELECOMMUTE")).location == "Remote"


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"validThrough": "2020-02-03T00:00:00Z"}, "it expired on 2020-02-03"),
        ({"description": None}, "it carries no text"),
        ({"description": "<p></p>"}, "it carries no text"),
        ({"title": {"a": 1}}, "it has no title"),
    ],
)
def test_a_posting_that_cannot_be_used_says_why(fields: dict[str, object], reason: str) -> None:
    (unusable,) = found(job(**fields))
    assert unusable == Unusable(address=URL, reason=reason)


@pytest.mark.parametrize("valid", ["", "soon", None, 20200101, "2020-13-45", "0000-00-00"])
def test_an_end_that_is_no_date_ends_nothing(valid: object) -> None:
    assert only(job(validThrough=valid)).title == "Map Maker"


def test_a_page_cannot_claim_the_address_of_another_site() -> None:
    assert only(job(url="https://elsewhere.example/jobs/1")).address == URL
    three = [
        job(title=str(number), url=url) for number, url in enumerate(("/jobs/8", "https://elsewhere.example/9", 3))
    ]
    assert [one.address for one in found(three)] == [
        "https://fernhill.example/jobs/8",
        f"{URL}#posting-2",
        f"{URL}#posting-3",
    ]


@pytest.mark.parametrize("url", ["javascript:alert(1)", "http://[", "//", "https://u:p@fernhill.example/x", "\ud800"])
def test_hostile_addresses_are_not_taken_over(url: str) -> None:
    assert {one.address for one in found([job(url=url), job(title="Other", url=url)])} == {
        f"{URL}#posting-1",
        f"{URL}#posting-2",
    }


def test_a_file_has_the_address_that_its_page_names_or_none() -> None:
    linked = html(json.dumps(job())).replace(b"<title>", f'<link rel="canonical" href="{URL}"><title>'.encode())
    assert [one.address for one in postings(linked)] == [URL]
    assert [one.address for one in postings(html(json.dumps(job())))] == ["posting 1 of the page"]


MICRODATA = """
<div itemscope itemtype="https://schema.org/JobPosting"><h1 itemprop="title">Tile Setter</h1>
<meta itemprop="datePosted" content="2026-01-02"><time itemprop="validThrough" datetime="2098-03-04">later</time>
<div itemprop="hiringOrganization" itemscope><span itemprop="name">Fernhill Floors</span></div>
<p itemprop="jobLocation" itemscope><span itemprop="address" itemscope><b itemprop="addressLocality">Rome</b></span></p>
<p itemprop="jobLocation" itemscope><b itemprop="name">Attic</b></p>
<div itemprop="description">Lay <ul><li>tiles</li></ul> &lt;neatly&gt;</div></div>"""


def test_microdata_counts_where_no_script_names_a_posting() -> None:
    (entry,) = read(html(body=MICRODATA), OPTIONS)
    assert isinstance(entry, Entry)
    assert (entry.title, str(entry.published), entry.location) == ("Tile Setter", "2026-01-02", "Rome; Attic")
    assert "Fernhill Floors" in entry.content
    assert "<li>tiles</li>" in entry.content
    assert only(job()).title == "Map Maker"
    assert [one.title for one in read(html(json.dumps(job()), body=MICRODATA), OPTIONS) if isinstance(one, Entry)] == [
        "Map Maker"
    ]


@pytest.mark.parametrize("content", [b"", b"   ", b"<p>no posting</p>", b"\x00\xff\xfe", html("[" * 50_000), html("3")])
def test_a_page_without_a_posting_is_refused_with_a_next_step(content: bytes) -> None:
    with pytest.raises(UnreadableInputError) as caught:
        list(read(content))
    assert caught.value.next_step


def test_any_page_may_be_asked_for_its_postings() -> None:
    assert list(postings(b"<p>no posting</p>", URL)) == []


def test_the_encoding_that_the_header_names_counts() -> None:
    content = json.dumps(job(title="Fußbodenleger für Böden"), ensure_ascii=False)
    script = f'<script type="application/ld+json">{content}</script>'.encode("latin-1")
    with LoopbackServer(
        {"/fernhill.example/jobs/7": page(script, content_type="text/html; charset=latin-1")}
    ) as server:
        reader = LoopbackReader(server)
        (entry,) = ADAPTER.entries(OPTIONS, reader, everything)
    assert isinstance(entry, Entry)
    assert entry.title == "Fußbodenleger für Böden"
    assert (reader.asked, reader.depths) == ([URL], [0])


def test_a_page_without_a_posting_is_left_out_with_what_to_do() -> None:
    with (
        LoopbackServer({"/fernhill.example/jobs/7": b"<p>none"}) as server,
        pytest.raises(LeftOutError, match="type ="),
    ):
        list(ADAPTER.entries(OPTIONS, LoopbackReader(server), everything))


@pytest.mark.parametrize("url", ["", "javascript:x", "file:///etc/hosts", "https://u:p@a.example/", "jobs/7"])
def test_an_address_that_is_no_page_is_refused(url: str) -> None:
    with pytest.raises(ValidationError):
        JobPage(url=url)


def test_real_pages_without_structured_data_are_refused(shared: Path) -> None:
    pages = sorted((shared / "realworld" / "jobs_html" / "pythonjobs").glob("*.html"))
    assert len(pages) == 12
    for path in pages:
        assert list(postings(path.read_bytes(), URL)) == []
        with pytest.raises(UnreadableInputError):
            read(path.read_bytes())
