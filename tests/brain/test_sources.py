"""One address in one form, and the source that a report counts under."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from brain.sources import canonical, registrable_domain, source_of


@pytest.mark.parametrize(
    ("url", "form"),
    [
        ("HTTPS://WWW.Example.COM/Path/", "https://example.com/Path"),
        ("https://example.com", "https://example.com/"),
        ("https://example.com:443/a", "https://example.com/a"),
        ("http://example.com:80/a", "http://example.com/a"),
        ("http://example.com:443/a", "http://example.com:443/a"),
        ("https://example.com:8443/a", "https://example.com:8443/a"),
        ("http://[::1]:8000/a", "http://[::1]:8000/a"),
        ("https://ana:secret@example.com/", "https://example.com/"),
        ("https://example.com/a?utm_source=x&page=2&fbclid=y&&ref=z", "https://example.com/a?page=2"),
        ("https://example.com/a?b=2&a=1", "https://example.com/a?b=2&a=1"),
        ("https://example.com/a/#round-2", "https://example.com/a#round-2"),
        ("/home/ana/notes.md", "/home/ana/notes.md"),
        ("card:k-means", "card:k-means"),
        ("", ""),
    ],
)
def test_an_address_has_one_form(url: str, form: str) -> None:
    assert canonical(url) == form
    assert canonical(form) == form


@pytest.mark.parametrize("url", ["http://example.com:port/", "http://example.com:99999/", "http://[::1/"])
def test_an_address_that_cannot_be_read_is_a_value_error(url: str) -> None:
    with pytest.raises(ValueError, match=r"[Pp]ort|IPv6"):
        canonical(url)


@pytest.mark.parametrize(
    ("url", "source"),
    [
        ("https://careers.example.co.uk/a", "example.co.uk"),
        ("https://www.example.com/a", "example.com"),
        ("https://ana.github.io/interviews/", "ana.github.io"),
        ("https://ana.substack.com/p/loop", "ana.substack.com"),
        ("https://medium.com/@Ana/loop-1", "medium.com/@ana"),
        ("https://medium.com/%40ana/loop-2", "medium.com/@ana"),
        ("https://www.medium.com/@ana", "medium.com/@ana"),
        ("https://ana.medium.com/loop", "ana.medium.com"),
        ("https://medium.com/", "medium.com"),
        ("https://github.com/Ana/notes/blob/main/a.md", "github.com/ana"),
        ("https://dev.to/ana/loop", "dev.to/ana"),
        ("https://www.reddit.com/r/jobs/comments/1", "reddit.com"),
        ("https://old.reddit.com/r/jobs/comments/1", "reddit.com"),
        ("http://127.0.0.1:8001/a", "127.0.0.1:8001"),
        ("http://ana:secret@127.0.0.1:8001/a", "127.0.0.1:8001"),
        ("http://intranet/a", "intranet"),
        ("/home/ana/notes.md", "local"),
        ("file:///home/ana/notes.md", "local"),
        ("", "local"),
    ],
)
def test_reports_count_under_the_account_or_the_domain(url: str, source: str) -> None:
    assert source_of(url) == source


def test_two_forms_of_one_account_are_no_independent_sources() -> None:
    urls = ("https://github.com/ana/x", "https://GitHub.com/ANA/y", "http://www.github.com/Ana")
    assert len({source_of(url) for url in urls}) == 1


def test_an_address_of_a_machine_has_no_domain() -> None:
    assert registrable_domain("127.0.0.1") == ""
    assert registrable_domain("localhost") == ""


@given(
    st.sampled_from(["http", "https"]),
    st.from_regex(r"[a-z]{1,8}\.(com|co\.uk|github\.io)", fullmatch=True),
    st.text(max_size=30),
)
def test_the_form_of_a_form_is_itself(scheme: str, host: str, path: str) -> None:
    form = canonical(f"{scheme}://{host}/{path}")
    assert canonical(form) == form
    assert source_of(form) == source_of(f"{scheme}://{host}/{path}")
