"""One small saved answer for each kind of listing, in our own words: what fuzzing begins with."""

import gzip
import json

_TEXT = "<h2>What you do</h2><p>Train models for cranes.</p><ul><li>Python</li><li>Statistics</li></ul>"


def _json(value: object) -> bytes:
    return json.dumps(value).encode()


_URLS = (
    b'<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">'
    b"<url><loc>https://notes.example/a</loc><lastmod>2025-03-01</lastmod></url>"
    b"<url><loc>https://notes.example/b</loc><lastmod>2025-03-02T10:00:00+01:00</lastmod></url></urlset>"
)
_INDEX = (
    b'<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">'
    b"<sitemap><loc>https://notes.example/s1.xml.gz</loc></sitemap></sitemapindex>"
)
_RSS = (
    b'<rss version="2.0"><channel><title>Notes</title><link>https://notes.example/</link>'
    b"<item><title>Two rounds</title>"
    b"<link>https://notes.example/a</link><pubDate>Sat, 01 Mar 2025 10:00:00 GMT</pubDate>"
    b"<description>Short.</description></item></channel></rss>"
)
_ATOM = (
    b'<feed xmlns="http://www.w3.org/2005/Atom"><title>Notes</title><entry><title>Two rounds</title>'
    b'<link href="https://notes.example/a"/><updated>2025-03-01T10:00:00Z</updated><content type="html">&lt;p&gt;x'
    b"&lt;/p&gt;</content></entry></feed>"
)
_POSTING = {
    "@context": "https://schema.org",
    "@type": "JobPosting",
    "title": "Engineer",
    "description": _TEXT,
    "datePosted": "2025-03-01",
    "hiringOrganization": {"name": "Fernhill"},
    "jobLocation": {"address": {"addressLocality": "Oslo"}},
}

CAPTURES: dict[str, tuple[bytes, ...]] = {
    "sitemap": (_URLS, _INDEX, gzip.compress(_URLS), b"https://notes.example/a\nhttps://notes.example/b\n"),
    "feed": (
        _RSS,
        _ATOM,
        _json(
            {
                "version": "https://jsonfeed.org/version/1.1",
                "title": "Notes",
                "items": [{"id": "1", "url": "https://notes.example/a", "title": "Two rounds", "content_html": _TEXT}],
            }
        ),
    ),
    "greenhouse": (
        _json(
            {
                "jobs": [
                    {
                        "id": 1,
                        "title": "Engineer",
                        "absolute_url": "https://boards.greenhouse.io/fernhill/jobs/1",
                        "updated_at": "2025-03-01T10:00:00-05:00",
                        "location": {"name": "Oslo"},
                        "departments": [{"name": "Learning"}],
                        "content": _TEXT.replace("<", "&lt;"),
                    }
                ]
            }
        ),
    ),
    "lever": (
        _json(
            [
                {
                    "id": "1",
                    "text": "Engineer",
                    "hostedUrl": "https://jobs.lever.co/fernhill/1",
                    "createdAt": 1740823200000,
                    "categories": {"location": "Oslo", "team": "Learning"},
                    "description": _TEXT,
                    "lists": [{"text": "Must", "content": "<li>Python</li>"}],
                }
            ]
        ),
    ),
    "ashby": (
        _json(
            {
                "jobs": [
                    {
                        "id": "1",
                        "title": "Engineer",
                        "jobUrl": "https://jobs.ashbyhq.com/fernhill/1",
                        "publishedAt": "2025-03-01T10:00:00.000+00:00",
                        "location": "Oslo",
                        "isListed": True,
                        "descriptionHtml": _TEXT,
                    }
                ]
            }
        ),
    ),
    "smartrecruiters": (
        _json(
            {
                "id": "1",
                "name": "Engineer",
                "releasedDate": "2025-03-01T10:00:00.000Z",
                "company": {"identifier": "Fernhill"},
                "jobAd": {"sections": {"jobDescription": {"title": "Job", "text": _TEXT}}},
            }
        ),
    ),
    "job_page": (b'<html><script type="application/ld+json">' + _json(_POSTING) + b"</script></html>",),
    "hacker_news": (
        _json(
            {
                "hits": [
                    {"objectID": "1", "title": "Ask HN: two rounds", "story_text": _TEXT, "created_at_i": 1740823200},
                    {"objectID": "2", "title": "Two rounds", "url": "https://notes.example/a", "points": 7},
                ],
                "nbPages": 1,
            }
        ),
    ),
    "github": (_json({"sha": "1", "truncated": False, "tree": [{"path": "notes/a.md", "type": "blob", "size": 10}]}),),
    "amazon_jobs": (
        _json(
            {
                "hits": 1,
                "jobs": [
                    {
                        "id_icims": "1",
                        "title": "Engineer",
                        "job_path": "/en/jobs/1/engineer",
                        "posted_date": "March  1, 2025",
                        "description": _TEXT,
                    }
                ],
            }
        ),
    ),
    "workday": (
        _json(
            {
                "jobPostingInfo": {
                    "id": "1",
                    "title": "Engineer",
                    "jobDescription": _TEXT,
                    "externalUrl": "https://fernhill.wd5.myworkdayjobs.com/Careers/job/1",
                    "startDate": "2025-03-01",
                }
            }
        ),
    ),
}
