"""Comment threads and forum replies, taken out of a page: other people's words are no part of the report above them."""

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_MOST_CHARACTERS = 20_000
_BLOCKS = ("div", "section", "aside", "ol", "ul", "dl", "li", "article", "footer", "form", "table", "details", "main")
# Names of threads in WordPress, Blogger, Drupal, Medium, Ghost, DEV, Hacker News, Reddit and the services that sites
# embed. A name is one whole id or class: `comments` is a thread, `comments-open` is a state of the page.
_PARTS = (
    "area|section|list|tree|thread|box|template|wrapper|wrap|container|entries|content|block|holder|page|stream|panel"
)
_THREAD = re.compile(
    rf"(?:(?:post|article|blog|news|reader|user|entry|page|story|node|view|vw-post|fb|facebook|blogger|wp)[-_]{{0,2}})?"
    rf"(?:comments?|responses|replies|discussion)(?:[-_]{{0,2}}(?:{_PARTS})s?)?(?:[-_]?\d+)?"
    r"|comment-?respond|respond|reply-?title|disqus_thread|dsq-comments|disqus(?:-comments?|-container)?|utterances"
    r"|giscus|isso-thread|remark42|hyvor-talk-\w+|cusdis_thread|commento|staticman-comments|commentarea|nestedlisting"
    r"|comol|responsesstreamwrapper|js-responsesstream|spot-im-\w+|comment_entries|pane-node-comments|comments-panel"
    r"|u-comment|h-cite|webmentions?",
    re.IGNORECASE,
)
# A section named so in general use holds the report itself as often as not.
_ALONE = frozenset({"discussion", "content", "responses", "replies", "discussions"})
_ELSEWHERE = re.compile(
    r"(?:widget_?|side-?|footer-?|get-?|top-?)?(?:recent|latest|neueste|top)[-_]?comments?.*", re.IGNORECASE
)
_ONE = re.compile(r"(?:comment|reply|response)(?:[-_](?:body|content|item|\d+))?|comtr", re.IGNORECASE)
_SCHEMA = re.compile(r"schema\.org/(?:User)?Comments?$", re.IGNORECASE)
_POST = re.compile(
    r"message--post|topic-post|crawler-post|postcontainer|postbitlegacy|forum-post|bbp-reply|post_wrapper"
)
_ELEMENT = "shreddit-comment"
_FIRST_POST = 2
_ARTICLE = re.compile(r"entry-content|post-content|article-(?:body|content)|articlebody|post-body", re.IGNORECASE)
_HEADING = re.compile(
    r"(?:\d+\s+|no\s+|leave a\s+|post a\s+|join the\s+)?(?:comments?|responses?|repl(?:y|ies)|discussion|conversation"
    r"|thoughts? (?:on|to) .{1,200})(?:\s*\(\s*\d+\s*\)|\s*:?\s*\d*)",
    re.IGNORECASE,
)
_TALK = re.compile(r"\b(?:says|said|wrote|replied|reply|ago|permalink)\b", re.IGNORECASE)
_NOTICES = ".//*[contains(@class, 'akismet') or contains(@class, 'comment-notes')]"
_FORMS = ("form", "button", "input", "textarea", "select", "nav", "label", "style", "script")


def take_comments(tree: "HtmlElement") -> str:
    """Remove comment threads, forum replies and lists of recent comments from a page; the readers' words in them.

    Plain text, one paragraph a line, at most 20,000 characters. Lists of comments elsewhere on the site are no comments
    on this page and are dropped.
    """
    taken: list[str] = []
    for element in _threads(tree):
        words = "" if _is_elsewhere(element) else _words(element)
        element.drop_tree()
        if words:
            taken.append(words)
    return "\n".join(taken)[:_MOST_CHARACTERS].rstrip()


def _threads(tree: "HtmlElement") -> list["HtmlElement"]:
    """The outermost elements to be taken out, in document order."""
    found: dict[HtmlElement, None] = {}
    posts: list[HtmlElement] = []
    for element in tree.iter(*_BLOCKS, _ELEMENT):
        names = _names(element)
        if any(_POST.fullmatch(name) for name in names):
            posts.append(element)
        elif _is_thread(element, names) and not _holds_article(element):
            found[element] = None
    known = set(posts)
    outer_posts = [post for post in posts if not any(above in known for above in post.iterancestors())]
    found |= dict.fromkeys(outer_posts[1:] if len(outer_posts) >= _FIRST_POST else [])
    found |= dict.fromkeys(_below_heading(tree))
    return [element for element in found if not any(above in found for above in element.iterancestors())]


def _names(element: "HtmlElement") -> list[str]:
    return [name for name in ((element.get("id") or ""), *(element.get("class") or "").split()[:30]) if name]


def _is_thread(element: "HtmlElement", names: Iterable[str]) -> bool:
    if element.tag == _ELEMENT or element.get("itemprop") == "comment" or _SCHEMA.search(element.get("itemtype") or ""):
        return True
    for name in names:
        if _ELSEWHERE.fullmatch(name):
            return True
        if _THREAD.fullmatch(name) and (name.lower() not in _ALONE or _has_replies(element)):
            return True
        if _ONE.fullmatch(name) and element.tag != "form" and name.lower() != "response":
            return True
    return False


def _has_replies(element: "HtmlElement") -> bool:
    return any(
        _ONE.fullmatch(name) for inner in element.iter(*_BLOCKS) for name in _names(inner) if inner is not element
    )


def _is_elsewhere(element: "HtmlElement") -> bool:
    return any(_ELSEWHERE.fullmatch(name) for name in _names(element))


def _holds_article(element: "HtmlElement") -> bool:
    """Whether the page's own text stands inside, as where a theme calls the whole of it `comments`."""
    if element.tag == "main" or element.find(".//h1") is not None or element.find(".//main") is not None:
        return True
    return any(_ARTICLE.fullmatch(name) for inner in element.iter(*_BLOCKS) for name in _names(inner))


def _below_heading(tree: "HtmlElement") -> list["HtmlElement"]:
    """The last heading that announces comments and what follows it, if that reads like a thread."""
    headings = [one for one in tree.iter("h2", "h3", "h4") if len(one) < 5 and _HEADING.fullmatch(_text(one, 250))]
    for heading in headings[-1:]:
        following = []
        for sibling in heading.itersiblings():
            if isinstance(sibling.tag, str) and sibling.tag in ("h1", "h2", heading.tag):
                return []
            following.append(sibling)
        if len(_TALK.findall(" ".join(_text(one, 2_000) for one in following[:20]))) >= 2:
            return [heading, *(one for one in following if isinstance(one.tag, str))]
    return []


def _text(element: "HtmlElement", most: int) -> str:
    if not isinstance(element.tag, str):
        return ""
    return " ".join(element.text_content()[: 4 * most].split())[:most]


def _words(thread: "HtmlElement") -> str:
    """The paragraphs of a thread, without the form to write one and without bare labels."""
    for form in [*thread.iter(*_FORMS), *thread.xpath(_NOTICES)]:
        if form is not thread and form.getparent() is not None:
            form.drop_tree()
    if thread.tag == "form":
        return ""
    lines = []
    for part in thread.iter("p", "li", "blockquote", "pre", "dd", "td", "div"):
        own = part.text_content() if part.tag in ("p", "blockquote", "pre") else part.text or ""
        line = " ".join(own[:_MOST_CHARACTERS].split())
        if len(line) > 2 and not any(above.tag in ("p", "blockquote") for above in part.iterancestors()):
            lines.append(line)
    return "\n".join(lines)
