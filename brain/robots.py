"""What a site's robots.txt allows (RFC 9309), how slowly it wants to be read, and what it says about AI use.

Protego judges, but on groups that are sorted here, since its groups, its matching of names and its idea of the most
specific rule differ from the RFC's: `User-agent: industry` would be us, a Crawl-delay would end a group, and an escaped
octet would count threefold. Where the two readings of a path differ, the stricter one holds.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from importlib.metadata import PackageNotFoundError, version

from protego import Protego

from brain.errors import BadInputError, DeferredError, RefusedError
from brain.limits import LATER
from brain.patterns import Pattern, normal
from brain.signals import PRODUCT_TOKEN, content_signals

MAX_ROBOTS_BYTES = 500 * 1024
"""RFC 9309, 2.5: a crawler must read at least this much. Above it we defer, since the rest may forbid the page."""

MAX_ROBOTS_REDIRECTS = 5
"""RFC 9309, 2.3.1.2."""

KEPT_SECONDS = 24 * 3600.0
"""RFC 9309, 2.4: a copy should not be used for longer."""

FAILURE_KEPT_SECONDS = 600.0
"""A run does not ask a broken host again for every one of its pages."""

ALLOWED = "allowed by robots.txt"
NO_ROBOTS = "no robots.txt"

_TOKEN = PRODUCT_TOKEN.lower()
_ANOTHER = "\0"
# The spellings that Google's reader takes, too: typing errors, and a blank in place of the colon or the hyphen.
_LINE = re.compile(
    r"(?:(?P<agent>user[- ]?agent)|(?P<allow>allow)|(?P<disallow>dis{1,2}al{1,2}ow|diasllow|disallaw)"
    r"|(?P<delay>crawl[- ]delay)|(?P<rate>request[- ]rate)|(?P<signal>content[- ]signal))(?:\s*:|\s)",
    re.IGNORECASE,
)
_PROTEGO_NAMES = {"allow": "Allow", "disallow": "Disallow", "delay": "Crawl-delay", "rate": "Request-rate"}


@dataclass
class _Group:
    """What one robots.txt says to one user agent, from all the groups that name it."""

    lines: list[tuple[str, str]] = field(default_factory=list)

    def of(self, *kinds: str) -> list[tuple[str, str]]:
        return [line for line in self.lines if line[0] in kinds]


class RobotsFile:
    """A robots.txt as it speaks to us: the group that names our token, else the one for everybody."""

    def __init__(self, text: str) -> None:
        groups = _groups(text)
        everybody = groups.get("*", _Group())
        ours = groups.get(_TOKEN, everybody)
        stated = _Group(groups.get("", _Group()).lines + (ours.lines if ours.of("signal") else everybody.lines))
        self._signals = [_signal_line(value) for _, value in stated.of("signal")]
        self._rules = [(Pattern.of(value), kind == "allow") for kind, value in _with_indexes(ours)]
        self._protego = _protego(ours)
        self._everybody = self._protego if ours is everybody else _protego(everybody)

    def allows(self, path: str) -> bool:
        """Whether a path with its query may be asked for: the most specific rule holds, an allow where two tie."""
        matching = [(rule.octets, allows) for rule, allows in self._rules if rule.matches(path)]
        return max(matching, default=(0, True))[1] and self._protego.can_fetch(path, _TOKEN)

    @property
    def delay(self) -> float:
        """Seconds between two requests: our group's Crawl-delay or Request-rate, else everybody's, else 0."""
        return _delay(self._protego) or _delay(self._everybody)

    def signals(self, path: str) -> dict[str, str]:
        """What Content-Signal says of each use of a path; a line for a longer path comes before, "no" before "yes"."""
        found: dict[str, tuple[int, str]] = {}
        for pattern, given in self._signals:
            if pattern.matches(path):
                for use, answer in given.items():
                    length, _ = found.get(use, (-1, ""))
                    if pattern.octets > length or (pattern.octets == length and answer == "no"):
                        found[use] = pattern.octets, answer
        return {use: answer for use, (_, answer) in found.items()}


@dataclass(frozen=True)
class Rules:
    """What the robots.txt of one origin says, or the `problem` for which nobody could read it."""

    verdict: str = ""
    problem: str = ""
    file: RobotsFile | None = None
    next_step: str = ""
    kept_seconds: float = KEPT_SECONDS

    @property
    def crawl_delay(self) -> float:
        """Seconds between two requests, as the site asks; 0 where it does not."""
        return self.file.delay if self.file else 0.0

    def signals(self, path: str) -> Mapping[str, str]:
        """The Content-Signal for a path with its query."""
        return self.file.signals(path) if self.file else {}

    def check(self, url: str, path: str, longest_wait: float) -> str:
        """Give the verdict for `url`, whose path with its query is `path`.

        Raises:
            RefusedError: robots.txt disallows the path.
            DeferredError: robots.txt could not be read, or asks for too long a wait (RFC 9309, 2.3.1: fail closed).
        """
        if self.problem:
            raise DeferredError(
                url,
                f"nothing is fetched from this site now, since its robots.txt could not be read: {self.problem}",
                next_step=self.next_step or LATER,
            )
        if self.file and not self.file.allows(path):
            raise RefusedError(
                url,
                f"the site's robots.txt disallows this path for {PRODUCT_TOKEN}.",
                next_step="Remove the address, or ask the site's owner for permission.",
            )
        if self.crawl_delay > longest_wait:
            raise DeferredError(
                url,
                f"the site's robots.txt asks for {self.crawl_delay:g} seconds between requests; "
                f"we wait at most {longest_wait:g} (BRAIN_FETCH_LONGEST_WAIT).",
                next_step="Save the page to a file and add that as a source, if its terms allow it.",
            )
        return self.verdict


def rules_from(status: int, body: bytes) -> Rules:
    """Read the answer to a request for robots.txt, failing closed.

    RFC 9309, 2.3.1.3 lets a crawler take every 4xx as "no rules"; we take 401, 403 and 429 as "not now".
    """
    if 200 <= status < 300:
        return Rules(ALLOWED, file=RobotsFile(body.decode("utf-8-sig", "replace")))
    if 400 <= status < 500 and status not in {401, 403, 429}:
        return Rules(NO_ROBOTS)
    return failed(f"it answers {status}.")


def failed(problem: str, *, next_step: str = "", kept: bool = True) -> Rules:
    """Rules for an origin whose robots.txt cannot be read now; `kept` for a while, or for this page alone."""
    return Rules(problem=problem, next_step=next_step, kept_seconds=FAILURE_KEPT_SECONDS if kept else 0.0)


def user_agent(contact: str) -> str:
    """`IndustryBrain/<version> (+contact)`. Raises BadInputError for a contact that no header can carry."""
    if not (contact.isascii() and contact.isprintable()):
        raise BadInputError(
            f"The contact {contact!r} holds characters that a request cannot carry.",
            field="contact",
            next_step="Set BRAIN_CONTACT to a mail or web address in plain ASCII.",
        )
    try:
        number = version("industry-brain")
    except PackageNotFoundError:
        number = "0"
    return f"{PRODUCT_TOKEN}/{number} (+{contact})" if contact else f"{PRODUCT_TOKEN}/{number}"


def _groups(text: str) -> dict[str, _Group]:
    """Sort the lines by user agent; those before any user agent stand under "".

    Only allow and disallow end the list of agents that their group begins with: by RFC 9309, 2.2.4 no other line may.
    The other lines, which the RFC does not know, are for the agents that stand right before them.
    """
    groups: dict[str, _Group] = {}
    agents, near, ended, before = {""}, {""}, True, ""
    for kind, value in _lines(text):
        if kind == "agent":
            agent = _agent(value)
            agents = {agent} if ended else agents | {agent}
            near = near | {agent} if before == "agent" else {agent}
            groups.setdefault(agent, _Group())
            ended = False
        else:
            rule = kind in {"allow", "disallow"}
            ended = ended or rule
            for agent in (agents if rule else near) - {_ANOTHER} if value else ():
                groups.setdefault(agent, _Group()).lines.append((kind, value))
        before = kind
    return groups


def _lines(text: str) -> Iterator[tuple[str, str]]:
    for raw in re.split(r"\r\n?|\n", text):
        line = raw.partition("#")[0].strip()
        if (found := _LINE.match(line)) is not None and found.lastgroup is not None:
            yield found.lastgroup, line[found.end() :].strip()


def _agent(value: str) -> str:
    """Whom a User-agent line names: us, "*", or another; what follows the name, such as a version, does not count."""
    if value == "*" or value.startswith("* "):
        return "*"
    token = re.match(r"[A-Za-z_-]*", value)
    return _TOKEN if token and token[0].lower() == _TOKEN else _ANOTHER


def _with_indexes(group: _Group) -> Iterator[tuple[str, str]]:
    """Allow and disallow lines; who allows /a/index.html means /a/ as well, says Google's reader."""
    for kind, value in group.of("allow", "disallow"):
        yield kind, value
        if kind == "allow" and value.endswith("/index.html"):
            yield kind, f"{value.removesuffix('index.html')}$"


def _signal_line(value: str) -> tuple[Pattern, dict[str, str]]:
    """A Content-Signal line; one that begins with a path speaks for that path alone."""
    path = value.split(maxsplit=1)[0] if value.startswith("/") else ""
    return Pattern.of(path), content_signals(value.removeprefix(path))


def _protego(group: _Group) -> Protego:
    lines = (f"{_PROTEGO_NAMES[kind]}: {_plain(kind, value)}" for kind, value in group.of(*_PROTEGO_NAMES))
    return Protego.parse("\n".join([f"User-agent: {_TOKEN}", *lines]))


def _plain(kind: str, value: str) -> str:
    """A value that no character can break into two lines."""
    return normal(value) if kind in {"allow", "disallow"} else value.encode("ascii", "ignore").decode().strip()


def _delay(protego: Protego) -> float:
    rate = protego.request_rate(_TOKEN)
    return max(protego.crawl_delay(_TOKEN) or 0.0, rate.seconds / rate.requests if rate else 0.0)
