"""RFC 9309, and the examples of Google's published robots.txt specification, whose verdicts are a table here."""

import pytest

from brain.robots import RobotsFile, rules_from

US = "User-agent: IndustryBrain\n"
ANY = "User-agent: *\n"


def allows(robots: str, path: str) -> bool:
    return RobotsFile(robots).allows(path)


# "URL matching based on path values": the pattern, what it matches, what it does not.
PATHS: list[tuple[str, list[str], list[str]]] = [
    ("/", ["/", "/a", "/a/b?c"], []),
    ("/*", ["/", "/a", "/a/b?c"], []),
    ("/$", ["/"], ["/a", "/?a"]),
    (
        "/fish",
        ["/fish", "/fish.html", "/fish/salmon.html", "/fishheads", "/fishheads/yummy.html", "/fish.php?id=anything"],
        ["/Fish.asp", "/catfish", "/?id=fish", "/desert/fish"],
    ),
    (
        "/fish*",
        ["/fish", "/fish.html", "/fish/salmon.html", "/fishheads", "/fishheads/yummy.html", "/fish.php?id=anything"],
        ["/Fish.asp", "/catfish", "/?id=fish", "/desert/fish"],
    ),
    (
        "/fish/",
        ["/fish/", "/fish/?id=anything", "/fish/salmon.htm"],
        ["/fish", "/fish.html", "/animals/fish/", "/Fish/Salmon.asp"],
    ),
    (
        "/*.php",
        [
            "/index.php", "/filename.php", "/folder/filename.php", "/folder/filename.php?parameters",
            "/folder/any.php.file.html", "/filename.php/",
        ],
        ["/", "/windows.PHP", "/php"],
    ),
    (
        "/*.php$",
        ["/filename.php", "/folder/filename.php"],
        ["/filename.php?parameters", "/filename.php/", "/filename.php5", "/windows.PHP"],
    ),
    ("/fish*.php", ["/fish.php", "/fishheads/catfish.php?parameters"], ["/Fish.PHP"]),
    # RFC 9309, 2.2.3 and 5.2
    ("/path/with-a-%2A.html", ["/path/with-a-*.html", "/path/with-a-%2A.html"], ["/path/with-a-b.html"]),
    ("/path/foo-%24", ["/path/foo-$", "/path/foo-%24bar"], ["/path/foo-"]),
    ("/this/*/exactly", ["/this/path/exactly", "/this//exactly"], ["/this/exactly"]),
    ("/this/path/exactly$", ["/this/path/exactly"], ["/this/path/exactly/", "/this/path/exactly?a"]),
    ("*.gif$", ["/images/foo.gif"], ["/images/foo.gif?a", "/images/foo.GIF"]),
    ("/example/", ["/example/page", "/example/"], ["/example"]),
    # RFC 9309, 2.2.2: escapes
    ("/foo/bar?baz=quz", ["/foo/bar?baz=quz"], ["/foo/bar/baz=quz"]),
    ("/foo/bar?baz=https://foo.bar", ["/foo/bar?baz=https://foo.bar"], ["/foo/bar?baz=http"]),
    ("/foo/bar/ツ", ["/foo/bar/%E3%83%84", "/foo/bar/%e3%83%84"], ["/foo/bar/%E3%83%85"]),
    ("/foo/bar/%E3%83%84", ["/foo/bar/%E3%83%84", "/foo/bar/%e3%83%84x"], []),
    ("/foo/bar/%62%61%7A", ["/foo/bar/baz", "/foo/bar/b%61z"], ["/foo/bar/%62%61%2Fz"]),
    ("/a%2fb", ["/a%2Fb", "/a%2fb/c"], ["/a/b"]),
    ("/a/b", ["/a/b"], ["/a%2Fb"]),
    ("/a b", ["/a%20b"], ["/a+b"]),
    ("/a$b", ["/a$b", "/a%24bc"], ["/a"]),
    ("/a**b*", ["/ab", "/axxb", "/a/b/c"], ["/a"]),
]  # fmt: skip


@pytest.mark.parametrize(("pattern", "matched", "unmatched"), PATHS, ids=[row[0] for row in PATHS])
def test_a_pattern_matches_these_paths_and_not_those(pattern: str, matched: list[str], unmatched: list[str]) -> None:
    deny, permit = f"{ANY}Disallow: {pattern}\n", f"{ANY}Disallow: /\nAllow: {pattern}\n"
    for path in matched:
        assert not allows(deny, path), path
        assert allows(permit, path), path
    for path in unmatched:
        assert allows(deny, path), path
        assert not allows(permit, path), path


@pytest.mark.parametrize(("pattern", "path"), [("/a?b", "/a%3Fb"), ("/a$", "/a$")])
def test_where_two_readings_of_a_path_differ_the_stricter_holds(pattern: str, path: str) -> None:
    assert not allows(f"{ANY}Disallow: {pattern}\n", path)
    assert not allows(f"{ANY}Disallow: /\nAllow: {pattern}\n", path)


@pytest.mark.parametrize("pattern", ["fish", "http://example.org/fish", "a/fish", "?fish"])
def test_a_pattern_that_begins_with_no_slash_matches_nothing(pattern: str) -> None:
    assert allows(f"{ANY}Disallow: {pattern}\n", "/fish")
    assert not allows(f"{ANY}Disallow: /\nAllow: {pattern}\n", "/fish")


# "Order of precedence for rules".
PRECEDENCE = [
    ("allow: /p\ndisallow: /", "/page", True),
    ("allow: /folder\ndisallow: /folder", "/folder/page", True),
    ("allow: /page\ndisallow: /*.htm", "/page.htm", False),
    ("allow: /page\ndisallow: /*.ph", "/page.php5", True),
    ("allow: /$\ndisallow: /", "/", True),
    ("allow: /$\ndisallow: /", "/page.htm", False),
    # in any order of lines
    ("disallow: /\nallow: /p", "/page", True),
    ("disallow: /*.htm\nallow: /page", "/page.htm", False),
    # RFC 9309, 5.2: the longest match
    ("Allow: /example/page/\nDisallow: /example/page/disallowed.gif", "/example/page/disallow.gif", True),
    ("Allow: /example/page/\nDisallow: /example/page/disallowed.gif", "/example/page/disallowed.gif", False),
    # the length is that of the rule as written, not as escaped: "/a?" is shorter than "/a*bc"
    ("allow: /a?\ndisallow: /a*bc", "/a?bc", False),
    ("allow: /a&\ndisallow: /a*b", "/a&b", False),
    # no rule matches, or none is there
    ("disallow: /a\nallow: /b", "/c", True),
    ("disallow:", "/a", True),
    ("disallow: \nallow: ", "/a", True),
    ("allow: /allowed/index.html\ndisallow: /", "/allowed/", True),
    ("allow: /allowed/index.html\ndisallow: /", "/allowed/index.htm", False),
    ("disallow: /x # not for all", "/x", False),
    ("#disallow: /", "/x", True),
]


@pytest.mark.parametrize(("rules", "path", "verdict"), PRECEDENCE)
def test_the_most_specific_rule_holds(rules: str, path: str, verdict: bool) -> None:
    assert allows(f"{ANY}{rules}\n", path) is verdict


# "Order of precedence for user agents", "Grouping": the file, and whether / is allowed to us.
GROUPS = [
    # our own group alone, wherever it stands, whatever the case
    (f"{ANY}disallow: /\n\n{US}allow: /\n", True),
    (f"{US}allow: /\n\n{ANY}disallow: /\n", True),
    (f"{ANY}allow: /\n\nuser-agent: INDUSTRYBRAIN\ndisallow: /\n", False),
    (f"{ANY}disallow: /\n\n{US}", True),
    (f"{US}disallow:\n\n{ANY}disallow: /\n", True),
    # no group for us, or none at all
    ("user-agent: otherbot\ndisallow: /\n", True),
    ("", True),
    ("disallow: /\n", True),
    # a version and a comment do not count; another name is another robot
    (f"{ANY}allow: /\n\nuser-agent: IndustryBrain/1.2\ndisallow: /\n", False),
    (f"{ANY}allow: /\n\nuser-agent: IndustryBrain*\ndisallow: /\n", False),
    (f"{ANY}allow: /\n\nuser-agent: IndustryBrain # us\ndisallow: /\n", False),
    (f"{ANY}allow: /\n\nuser-agent: IndustryBrain-News\ndisallow: /\n", True),
    (f"{ANY}allow: /\n\nuser-agent: Industry\ndisallow: /\n", True),
    (f"{ANY}allow: /\n\nuser-agent: Brain\ndisallow: /\n", True),
    (f"{ANY}disallow: /\n\nuser-agent: IndustryBrainImages\nallow: /\n", False),
    # several agents of one group, and groups of one agent
    (f"user-agent: a\n{US}user-agent: b\ndisallow: /\n", False),
    (f"{US}user-agent: a\n\ndisallow: /\n", False),
    (f"{US}allow: /x\n\nuser-agent: a\ndisallow: /\n\n{US}disallow: /\n", False),
    (f"{US}disallow: /\n\n{ANY}disallow: /x\n\n{US}allow: /\n", True),
    (f"{ANY}disallow: /x\n\n{ANY}disallow: /\n", False),
    # no other line ends a group (RFC 9309, 2.2.4)
    (f"{US}sitemap: https://example.com/sitemap.xml\n\nuser-agent: b\ndisallow: /\n", False),
    (f"{US}crawl-delay: 5\n\nuser-agent: b\ndisallow: /\n", False),
    (f"{US}content-signal: search=yes\nuser-agent: b\ndisallow: /\n", False),
    (f"{US}\n\n\ndisallow: /\n", False),
    (f"{US}nonsense\nfoo: bar\ndisallow: /\n", False),
    # endings of lines, marks of order, spellings
    ("user-agent: *\rdisallow: /\r", False),
    ("user-agent: *\r\n\r\ndisallow: /\r\n", False),
    ("  User-Agent :  *  \n\tDisallow :\t/  ", False),
    ("user-agent *\ndisallow /\n", False),
    ("useragent: *\ndisalow: /\n", False),
    ("user agent: *\ndissallow: /\n", False),
    ("foo: *\nbar: /\n", True),
    (f"{US}allow: /\x0bdisallow: /\n{ANY}disallow: /", True),
    (f"{US}disallow: /a\u2028allow: /\ndisallow: /", False),
]


@pytest.mark.parametrize(("robots", "verdict"), GROUPS)
def test_the_group_that_speaks_to_us_is_found(robots: str, verdict: bool) -> None:
    assert allows(robots, "/") is verdict


def test_a_byte_order_mark_does_no_harm() -> None:
    file = rules_from(200, b"\xef\xbb\xbfUser-agent: *\nDisallow: /\n").file
    assert file is not None
    assert not file.allows("/")


DELAYS = [
    (f"{US}crawl-delay: 5\nallow: /\n{ANY}crawl-delay: 9\n", 5),
    (f"{US}allow: /\n{ANY}crawl-delay: 9\n", 9),
    (f"{ANY}crawl-delay: 2.5\n", 2.5),
    (f"{ANY}Crawl-delay: ten\n", 0),
    (f"{ANY}Crawl-delay: -1\n", 0),
    (f"{ANY}Crawl-delay: inf\n", 0),
    (f"{ANY}Request-rate: 1/10\n", 10),
    (f"{ANY}Request-rate: 6/1m 0600-0845\n", 10),
    (f"{ANY}Request-rate: 2/1\nCrawl-delay: 3\n", 3),
    ("user-agent: otherbot\ncrawl-delay: 60\n", 0),
    ("crawl-delay: 60\n", 0),
    ("", 0),
]


@pytest.mark.parametrize(("robots", "seconds"), DELAYS)
def test_the_delay_is_ours_or_that_of_everybody(robots: str, seconds: float) -> None:
    assert rules_from(200, robots.encode()).crawl_delay == seconds
