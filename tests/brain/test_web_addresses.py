"""Which addresses are asked: no private one by any spelling, redirect or look-up, no denied site in any disguise."""

import re
import shutil
import ssl
import subprocess
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import httpcore
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from brain.addresses import Target, is_public, resolve
from brain.errors import DeferredError, FetchError, RefusedError
from tests.brain.fetching import HELLO, answering, asked, client, reason
from tests.loopback import LoopbackServer, redirect


@pytest.fixture
def connections(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every connection that is tried anywhere, and then made."""
    tried: list[str] = []
    real = httpcore.SyncBackend.connect_tcp

    def counted(self: httpcore.SyncBackend, host: str, port: int, *args: Any, **named: Any) -> httpcore.NetworkStream:
        tried.append(f"{host}:{port}")
        return real(self, host, port, *args, **named)

    monkeypatch.setattr(httpcore.SyncBackend, "connect_tcp", counted)
    return tried


# ---- the spelling of an address ----

SPELLINGS = [
    # other schemes, and no address at all
    "ftp://example.org/", "file:///etc/passwd", "gopher://example.org/", "data:text/html,x", "javascript:alert(1)",
    "ws://example.org/", "blob:http://example.org/", "jar:http://example.org!/", "dict://127.0.0.1:11211/",
    "ldap://127.0.0.1/", "unix:///var/run/docker.sock", "http+unix://%2Fvar%2Frun%2Fdocker.sock/", "", "example.org",
    "//example.org/", "http://", "http:///path", "http:example.org", "http:/\\example.org", "https://[", "http://[::1",
    "\udcff", "http://[::1]]/", "http://[[::1]]/", "http://[127.0.0.1]/", "http:\\\\127.0.0.1\\",
    # credentials
    "http://user@example.org/", "http://user:secret@example.org/", "http://:@example.org/",
    "http://example.org@127.0.0.1/", "http://example.org\\@127.0.0.1/", "http://127.0.0.1\\@example.org/",
    "http://example.org:80@127.0.0.1/", "http://example.org%40127.0.0.1/", "http://127.0.0.1%2f@example.org/",
    "http://a@b@127.0.0.1/", "http://127.0.0.1#@example.org/", "http://127.0.0.1?@example.org/",
    "http://example.org&@127.0.0.1/", "http://127.0.0.1 &@example.org#@example.org/",
    # ports
    "http://example.org:8080/", "https://example.org:22/", "http://example.org:0/", "http://example.org:99999/",
    "http://example.org:-1/", "http://example.org:80a/", "http://8.8.8.8:25/", "http://example.org:６３７９/",
    "http://example.org:80:22/", "http://example.org:0x50/",
    # IPv4: private and special ranges
    "http://127.0.0.1/", "http://127.255.255.254/", "http://0.0.0.0/", "http://0.1.2.3/", "http://10.0.0.1/",
    "http://100.64.0.1/", "http://100.100.100.200/", "http://169.254.169.254/", "http://169.254.170.2/",
    "http://172.16.0.1/", "http://172.31.255.255/", "http://192.0.0.1/", "http://192.0.0.9/", "http://192.0.0.192/",
    "http://192.0.2.1/", "http://192.31.196.1/", "http://192.52.193.1/", "http://192.88.99.1/", "http://192.168.1.1/",
    "http://192.175.48.1/", "http://198.18.0.1/", "http://198.19.255.255/", "http://198.51.100.1/",
    "http://203.0.113.1/", "http://224.0.0.1/", "http://239.255.255.250/", "http://240.0.0.1/",
    "http://255.255.255.255/", "http://168.63.129.16/",
    # IPv4: odd spellings
    "http://2130706433/", "http://0x7f000001/", "http://0x7F.0.0.1/", "http://0x7f.1/", "http://127.1/",
    "http://127.0.1/", "http://017700000001/", "http://0177.0.0.1/", "http://00000177.1/", "http://0/", "http://0x/",
    "http://1.2.3.4.5/", "http://example.0x7f/", "http://256.256.256.256/", "http://%31%32%37.0.0.1/",
    "http://127%2e0%2e0%2e1/", "http://127。0。0。1/", "http://127．0．0．1/", "http://127｡0｡0｡1/",
    "http://①②⑦.⓪.⓪.①/", "http://１２７.０.０.１/", "http://127.0.0.1./", "http://127.0.0.1%00.example.org/",
    "http://2852039166/", "http://0xa9fea9fe/", "http://0251.0376.0251.0376/", "http://169.254.43518/",
    "http://425.510.425.510/", "http://7147006462/", "http://0x7f.0x0.0x0.0x1/", "http://127.000.000.001/",
    "http://٠١٢٧.٠.٠.١/", "http://+127.0.0.1/", "http://127.0.0.1,example.org/",
    # IPv6
    "http://[::]/", "http://[::1]/", "http://[0:0:0:0:0:0:0:1]/", "http://[0000::0001]/", "http://[::127.0.0.1]/",
    "http://[::ffff:127.0.0.1]/", "http://[::ffff:7f00:1]/", "http://[::ffff:10.0.0.1]/", "http://[::ffff:8.8.8.8]/",
    "http://[::ffff:0:127.0.0.1]/", "http://[64:ff9b::7f00:1]/", "http://[64:ff9b::10.0.0.1]/",
    "http://[64:ff9b::169.254.169.254]/", "http://[64:ff9b:1::1]/", "http://[2002:7f00:1::]/",
    "http://[2002:a9fe:a9fe::]/", "http://[2002:808:808::1]/", "http://[2001:0:7f00:1::]/", "http://[2001::1]/",
    "http://[2001:2::1]/", "http://[2001:10::1]/", "http://[2001:20::1]/", "http://[2001:db8::1]/",
    "http://[2620:4f:8000::1]/", "http://[fc00::1]/", "http://[fd00:ec2::254]/", "http://[fe80::1]/",
    "http://[fe80::1%25eth0]/", "http://[2606:4700::1%25lo]/", "http://[fec0::1]/", "http://[ff02::1]/",
    "http://[ff0e::1]/", "http://[3fff::1]/", "http://[5f00::1]/", "http://[100::1]/", "http://[4000::1]/",
    "http://[2606:4700::5efe:10.0.0.1]/", "http://[2606:4700::200:5efe:7f00:1]/", "http://[v1.fe80::a+en1]/",
    # names
    "http://localhost:8080/", "http://exa mple.org/", "http://a..b/", "http://.example.org/", "http://example.org./",
    "http://" + "a" * 64 + ".org/", "http://" + "a." * 200 + "org/", "http://exa%6dple.org/", "http://exa\tmple.org/",
    "http://exa\nmple.org/", "http://example.org\r\nHost: inside/", "http://example.org/\r\nX: y", "http://*.org/",
    "http://example.org/" + "a" * 5_000, "http://example.org/\0", " http://127.0.0.1/",
]  # fmt: skip


@pytest.mark.parametrize("url", SPELLINGS)
def test_odd_addresses_are_refused_before_any_look_up_and_connection(url: str, connections: list[str]) -> None:
    assert reason(url)
    assert connections == []


REACHABLE = [url for url in SPELLINGS if url.isascii() and url.isprintable() and re.match(r"[a-z+]+://[^/]", url)]


def test_none_is_asked_after_a_redirect_either(connections: list[str]) -> None:
    """Each address again as the target of a redirect, of a page and of robots.txt."""
    with LoopbackServer({}) as server, LoopbackServer({}) as strict, client(server, strict) as web:
        for number, url in enumerate(REACHABLE):
            path = f"/{number}"
            server.routes[path] = redirect(url)
            with pytest.raises(FetchError) as caught:
                web.fetch(server.url(path))
            assert not isinstance(caught.value, DeferredError), url
        strict.routes["/robots.txt"] = redirect("http://169.254.169.254/robots.txt")
        with pytest.raises(DeferredError, match="not a public address"):
            web.fetch(strict.url())
        assert asked(strict) == []
    assert set(connections) == {server.host, strict.host}


def test_the_table_is_long_enough() -> None:
    assert len(set(SPELLINGS)) == len(SPELLINGS)
    assert len(SPELLINGS) >= 150
    assert len(REACHABLE) >= 120


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize(
    ("to", "says"),
    [
        ("http://127.0.0.1:1/", "not a public address"),
        ("http://10.0.0.7/admin", "not a public address"),
        ("http://169.254.169.254/latest/meta-data/", "not a public address"),
        ("http://[::1]/", "not a public address"),
        ("http://2130706433/", "odd spelling"),
        ("https://www.glassdoor.co.in/Interview/", "glassdoor is on the list"),
        ("//in.linkedin.com/company/", "linkedin is on the list"),
        ("https://web.archive.org/web/2024/https://www.glassdoor.com/", "glassdoor is on the list"),
        ("ftp://example.org/", "only http and https"),
        ("file:///etc/passwd", "only http and https"),
        ("http://me:secret@example.org/", "user name or password"),
        ("http://example.org:8080/", "port 8080"),
    ],
)  # fmt: skip
def test_each_redirect_is_judged_again(to: str, says: str, status: int) -> None:
    for routes in ({"/": redirect(to, status=status)}, {"/": redirect("/b"), "/b": redirect(to, status=status)}):
        with LoopbackServer(routes) as server, client(server) as web:
            with pytest.raises(RefusedError) as caught:
                web.fetch(server.url())
            assert caught.value.url == server.url()
            assert "it redirects to" in caught.value.reason
            assert says in caught.value.reason


# ---- what names resolve to ----

INSIDE = [
    "127.0.0.1", "10.1.2.3", "172.20.0.1", "192.168.0.1", "169.254.169.254", "100.64.0.1", "0.0.0.1",
    "224.0.0.1", "198.18.0.1", "192.0.0.10", "255.255.255.255", "168.63.129.16", "::", "::1", "fe80::1", "fe80::1%eth0",
    "fd00::1", "fec0::1", "ff02::1", "2001:db8::1", "2001::1", "::ffff:10.0.0.1", "64:ff9b::a00:1", "2002:a00:1::",
    "2606:4700::5efe:a00:1", "not an address", "",
]  # fmt: skip


@pytest.mark.parametrize("address", INSIDE)
def test_a_name_with_one_private_address_is_refused_even_among_public_ones(
    address: str, connections: list[str]
) -> None:
    for answers in ([address], ["8.8.8.8", address], [address, "8.8.8.8"], ["8.8.8.8"] * 9 + [address]):
        refused = reason("https://www.example.org/", _lookup=answering(*answers))
        assert f"has the address {address}" in refused
    assert connections == []


def test_localhost_is_no_public_name() -> None:
    assert "not a public address" in reason("http://localhost/", _lookup=answering("127.0.0.1", "::1"))


@pytest.mark.parametrize("address", ["8.8.8.8", "93.184.216.34", "2606:4700:4700::1111", "64:ff9b::808:808"])
def test_public_addresses_pass(address: str) -> None:
    assert is_public(ip_address(address))
    target = Target("https://example.org/", "https", "example.org", 443, loopback=False)
    assert resolve(target, 5, answering(address)) == (address,)


def test_loopback_is_open_for_the_named_pair_alone() -> None:
    with LoopbackServer({"/": HELLO}) as server, LoopbackServer({"/": HELLO}) as other, client(server) as web:
        assert web.fetch(server.url()).content == HELLO
        for url in (other.url(), server.url(host="127.0.0.2"), server.url(host="localhost"), server.url(host="[::1]")):
            with pytest.raises(RefusedError):
                web.fetch(url)
        assert other.received == []


def test_a_page_cannot_lead_to_loopback_that_the_operator_did_not_name() -> None:
    with LoopbackServer({"/": HELLO}) as inside:
        outside = LoopbackServer({"/": redirect(inside.url())})
        with outside, client(outside) as web, pytest.raises(RefusedError, match="not a public address"):
            web.fetch(outside.url())
        assert inside.received == []


def test_reasons_come_with_a_step_to_take() -> None:
    with client() as web, pytest.raises(RefusedError) as refused:
        web.fetch("http://127.0.0.1:8123/")
    assert "BRAIN_LOOPBACK_HOSTS" in refused.value.next_step

    def fails(host: str, _port: int) -> list[str]:
        raise OSError(host)

    with client(_lookup=fails) as web, pytest.raises(DeferredError) as deferred:
        web.fetch("https://exmaple.org/")
    assert "Check the spelling" in deferred.value.next_step


def test_a_named_host_must_really_be_on_loopback() -> None:
    for address in ("10.0.0.1", "8.8.8.8"):
        refused = reason("http://demo.example:8000/", hosts=("demo.example:8000",), _lookup=answering(address))
        assert f"has the address {address}, which is not on loopback" in refused
    assert "not on loopback" in reason("http://10.0.0.1:8000/", hosts=("10.0.0.1:8000",))


def test_a_name_that_changes_its_address_after_the_check_gains_nothing(connections: list[str]) -> None:
    """The name is looked up once per connection, and the connection uses that very answer."""
    looked_up: list[str] = []
    with LoopbackServer({"/": HELLO}) as server:

        def rebinding(host: str, _port: int) -> list[str]:
            looked_up.append(host)
            return ["127.0.0.1"] if len(looked_up) <= 3 else ["10.0.0.1"]

        with client(hosts=(f"demo.example:{server.port}",), _lookup=rebinding) as web:
            assert web.fetch(server.url(host="demo.example")).content == HELLO
            assert looked_up == ["demo.example"] * 3  # robots.txt, the TDM file, then the page
            assert {request.headers["host"] for request in server.received} == {f"demo.example:{server.port}"}
            with pytest.raises(RefusedError, match="not on loopback"):
                web.fetch(server.url(host="demo.example"))
    assert connections == [server.host] * 3


def test_a_public_name_that_turns_private_between_two_requests_is_refused(connections: list[str]) -> None:
    """A public answer for robots.txt, a private one for the page: the public one is not reachable in tests."""
    answers = iter([["10.0.0.1"], ["8.8.8.8"]])
    with client(_lookup=lambda _host, _port: next(answers)) as web, pytest.raises(RefusedError, match=r"10\.0\.0\.1"):
        web.fetch("http://rebinding.example.org/")
    assert connections == []


def test_a_redirect_to_a_host_whose_name_means_loopback_is_refused() -> None:
    with LoopbackServer({"/": redirect("http://inside.example.org/")}) as server:
        with (
            client(server, _lookup=answering("127.0.0.1")) as web,
            pytest.raises(RefusedError, match=r"has the address 127\.0\.0\.1"),
        ):
            web.fetch(server.url())
        assert asked(server) == ["/"]


def test_the_next_address_is_tried_when_one_does_not_answer() -> None:
    with LoopbackServer({"/": HELLO}) as server:
        lookup = answering("127.0.0.2", "127.0.0.1")
        with client(hosts=(f"demo.example:{server.port}",), _lookup=lookup) as web:
            assert web.fetch(server.url(host="demo.example")).content == HELLO


def test_a_closed_port_is_deferred() -> None:
    with LoopbackServer({}) as server:
        host = server.host
    with client(hosts=(host,)) as web, pytest.raises(DeferredError, match="could not be reached"):
        web.fetch(f"http://{host}/")


@settings(max_examples=300, deadline=None)
@given(
    st.text(max_size=60)
    | st.from_regex(r"https?://[\x00-\xff]{0,40}(:[0-9]{0,6})?(/[\x00-\xff]{0,20})?", fullmatch=True)
)
def test_any_text_is_refused_or_deferred_and_nothing_else_happens(url: str) -> None:
    with client(_lookup=answering()) as web, pytest.raises((RefusedError, DeferredError)):
        web.fetch(url)


# ---- the sites that are never asked ----

DENIED = [
    "https://www.glassdoor.com/Interview/x.htm", "https://glassdoor.com", "https://www.glassdoor.co.in/a",
    "https://de.glassdoor.de.:443/", "https://WWW.GlassDoor.CO.UK/", "https://in.indeed.com/viewjob",
    "https://indeed.jobs/", "http://uk.indeed.co.uk:80/", "https://linkedin.com/jobs", "https://a.b.c.linkedin.cn/",
    "https://lnkd.in/abc", "https://leetcode.com/discuss", "https://leetcode.cn/", "https://leetcode-cn.com/",
    "https://www.teamblind.com/", "https://us.teamblind.com./post", "https://user@linkedin.com/",
    "https://linkedin.com:8443/", "https://www。linkedin。com/", "https://ｌｉｎｋｅｄｉｎ.com/", "https://GLASSDOOR.com/",
    "https://ⓛⓔⓔⓣⓒⓞⓓⓔ.com/", "https://glаssdoor.com/", "https://lınkedin.com/", "https://íñdeed.com/",
    # copies and readers
    "https://web.archive.org/web/2024/https://www.glassdoor.com/Interview/", "https://web.archive.org/web/1/glassdoor.com/",
    "http://archive.org/wayback/available?url=leetcode.com/discuss", "https://archive.ph/https://www.linkedin.com/in/x",
    "https://archive.today/newest/http://www.teamblind.com/post", "https://archive.is/2024/glassdoor.co.in/Interview",
    "https://webcache.googleusercontent.com/search?q=cache:abc:https://www.glassdoor.com/+x",
    "https://webcache.googleusercontent.com/search?q=cache%3Awww.glassdoor.com",
    "https://translate.google.com/translate?sl=en&tl=de&u=https%3A%2F%2Fwww.indeed.com%2F",
    "https://www.google.com/url?q=https://www.linkedin.com/jobs", "https://www.google.com/amp/s/www.glassdoor.com/x",
    "https://www-glassdoor-com.translate.goog/Interview", "https://www-glassdoor-co-in.translate.goog/",
    "https://leetcode--cn-com.translate.goog/", "https://www-linkedin-com.cdn.ampproject.org/c/s/x",
    "https://cdn.ampproject.org/c/s/www.glassdoor.com/Interview", "https://r.jina.ai/https://www.teamblind.com/post/1",
    "https://r.jina.ai/www.glassdoor.com", "https://12ft.io/https://leetcode.com/discuss",
    "https://12ft.io/proxy?q=https%3A%2F%2Fleetcode.com", "https://cc.bingj.com/cache.aspx?q=glassdoor.com&d=1",
    "https://perma.cc/x?u=indeed.com", "https://www-linkedin-com.ezproxy.example.edu/jobs",
    "https://www.linkedin.com.ezproxy.example.edu/jobs", "https://glassdoor.com.mirror.example.org/",
    "https://mirror.example.org/https://www.glassdoor.com/Interview", "https://mirror.example.org/http:/leetcode.com/",
    "https://mirror.example.org/get?url=https%3A%2F%2Fwww.glassdoor.com%2F",
    "https://mirror.example.org/get?url=https%253A%252F%252Fwww.glassdoor.com%252F",
    "https://mirror.example.org/get?x=1;url=https://user@de.linkedin.com/in",
    "https://mirror.example.org/https%3A%2F%2Fwww.indeed.co.uk%2F", "https://mirror.example.org/HTTPS://GLASSDOOR.COM/",
]  # fmt: skip


@pytest.mark.parametrize("url", DENIED)
def test_denied_sites_are_never_asked_nor_looked_up(url: str) -> None:
    # A name that ends in a dot, or of letters that no name may have, is refused as such; all others for the list.
    told = reason(url)
    assert any(
        words in told for words in ("on the list of sites that are never", "not a host name", "not a web address")
    )


def test_the_deny_list_knows_no_exception_for_the_operator() -> None:
    assert "linkedin is on the list" in reason("http://www.linkedin.com:8080/", hosts=("www.linkedin.com:8080",))


@pytest.mark.parametrize(
    "url",
    [
        "https://glassdoor-review.example.org/", "https://indeedly.com/", "https://myindeed.org/",
        "https://linkedin.example.org/", "https://leetcode.github.io/", "https://indeed-in-depth.example.org/",
        "https://example.org/how-i-prepared-with-leetcode.com.html", "https://example.org/2024/glassdoor.com-is-down",
        "https://example.org/jobs?utm_source=linkedin.com", "https://example.org/jobs?source=https://www.linkedin.com/",
        "https://example.org/jobs?q=indeed", "https://web.archive.org/web/2024/https://example.org/glassdoor",
        "https://www.google.com/about/careers/jobs?utm_source=linkedin.com", "https://example.org/?q=glassdoor.com",
        "https://r.jina.ai/https://example.org/linkedin-company", "https://xn--mnchen-3ya.example/",
        "https://myglassdoor.com.example.org/",
    ],
)  # fmt: skip
def test_addresses_that_only_resemble_denied_ones_are_asked(url: str) -> None:
    with client(_lookup=answering()) as web, pytest.raises(DeferredError, match="no address"):
        web.fetch(url)


# ---- TLS ----


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    openssl = shutil.which("openssl")
    if not openssl:
        pytest.skip("openssl is not installed")
    folder = tmp_path_factory.mktemp("tls")
    key, cert = folder / "key.pem", folder / "cert.pem"
    ask = [openssl, "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"]
    name = ["-subj", "/CN=demo.example", "-addext", "subjectAltName=DNS:demo.example"]
    subprocess.run([*ask, *name, "-keyout", str(key), "-out", str(cert)], check=True, capture_output=True)
    return cert, key


def test_tls_is_verified_by_the_host_name_on_the_pinned_address(certificate: tuple[Path, Path]) -> None:
    serving = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    serving.load_cert_chain(*certificate)
    trusting = ssl.create_default_context(cafile=str(certificate[0]))
    names: list[str | None] = []
    serving.sni_callback = lambda _socket, name, _context: names.append(name)
    with LoopbackServer({"/": HELLO}, tls=serving) as server:
        hosts = (f"demo.example:{server.port}", f"other.example:{server.port}")
        local = answering("127.0.0.1")
        with client(hosts=hosts, _lookup=local, _tls=trusting) as web:
            assert web.fetch(server.url(host="demo.example")).content == HELLO
            assert set(names) == {"demo.example"}
            with pytest.raises(DeferredError, match="certificate is not valid: Hostname mismatch"):
                web.fetch(server.url(host="other.example"))
        with client(hosts=hosts, _lookup=local) as web, pytest.raises(DeferredError, match="certificate is not valid"):
            web.fetch(server.url(host="demo.example"))
