"""Sitemaps and feeds as listings: the addresses they name, newest first."""

import re
from dataclasses import dataclass

from lxml import etree

_BEGINNING = 2000
_ROOT = re.compile(rb"<(?:\w+:)?(urlset|sitemapindex|rss|feed|RDF)[\s>]")


@dataclass(frozen=True, slots=True)
class Feed:
    """What a sitemap or feed names."""

    pages: tuple[str, ...]
    """Addresses of pages, as printed; those with the latest date first."""
    feeds: tuple[str, ...] = ()
    """Addresses of further sitemaps."""


def read_feed(body: bytes) -> Feed | None:
    """Read a sitemap (sitemaps.org 0.9), RSS or Atom; None for bytes that are none of them.

    Takes the unpacked bytes and never raises; entities and external files are not read.

    >>> site = b"<urlset><url><loc>http://a.cn/1</loc></url></urlset>"
    >>> read_feed(site).pages, read_feed(b"<html>") is None
    (('http://a.cn/1',), True)
    """
    if not _ROOT.search(body[:_BEGINNING]):
        return None
    try:
        parser = etree.XMLParser(recover=True, resolve_entities=False, no_network=True)
        tree = etree.fromstring(body, parser)
    except (etree.XMLSyntaxError, ValueError):
        return None
    if tree is None:
        return None
    found: dict[str, list[tuple[str, str]]] = {"pages": [], "feeds": []}
    for entry in tree.iter("{*}url", "{*}sitemap", "{*}item", "{*}entry"):
        address, moment = _read_entry(entry)
        if address:
            kind = "feeds" if etree.QName(entry).localname == "sitemap" else "pages"
            found[kind].append((moment, address))
    return Feed(*(_newest_first(found[kind]) for kind in ("pages", "feeds")))


def _read_entry(entry: etree._Element) -> tuple[str, str]:
    address = moment = ""
    for part in entry:
        if not isinstance(part.tag, str):
            continue
        name, text = etree.QName(part).localname, (part.text or "").strip()
        if name == "loc" or (name == "link" and text):
            address = address or text
        elif name == "link" and part.get("rel", "alternate") == "alternate":
            address = address or (part.get("href") or "").strip()
        elif name in {"lastmod", "updated"}:
            moment = text
    return address, moment


def _newest_first(entries: list[tuple[str, str]]) -> tuple[str, ...]:
    # Dates of sitemaps and Atom sort as text; RSS has the newest first by itself.
    ordered = sorted(entries, key=lambda entry: entry[0], reverse=True)
    return tuple(dict.fromkeys(address for _, address in ordered))
