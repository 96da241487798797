"""Web pages: the main text without menus and adverts, by trafilatura; title, date and address from the page's own metadata."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import cast

from lxml import etree, html
from trafilatura import bare_extraction

from kg.documents.metadata import FIELDS, day, meta_of
from kg.documents.parts import Fault, Meta, Part
from kg.documents.text import decode

_CHARSET = re.compile(rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([A-Za-z0-9_:.-]{1,40})""", re.IGNORECASE)
_DECLARATION = re.compile(r"\A\s*<\?xml[^>]*\?>")
_DATES = (  # only what a page declares as its day of publication; days of change and of retrieval are no evidence
    "//meta[@property='article:published_time' or @name='article:published_time']/@content",
    "//meta[@itemprop='datePublished' or @name='datePublished']/@content",
    "//time[@itemprop='datePublished' or @pubdate]/@datetime",
    "//meta[translate(@name, 'DCTERMSIU', 'dctermsiu')='dcterms.issued' or translate(@name, 'DCI', 'dci')='dc.date.issued']/@content",
)
#: trafilatura guesses dates up to "now"; the guess is not used, and fixed bounds keep the clock out
_NO_CLOCK = {"extensive_search": False, "original_date": True, "min_date": "1990-01-01", "max_date": "2100-01-01"}
_BREAK = "\N{LINE SEPARATOR}"
_BLOCKS = frozenset({"p", "head", "item", "quote", "row", "code", "cell"})


def read_html(data: bytes) -> Iterator[Part | Fault]:
    """The main text, paragraphs parted by a blank line, with the headline before it where the page has one."""
    charset = _CHARSET.search(data[:4096])
    source = _DECLARATION.sub("", decode(data, charset[1].decode("ascii") if charset else None, mend=True))
    if not source.strip():
        raise Fault("is empty")
    try:
        page = html.document_fromstring(source)
        found = bare_extraction(
            source,
            include_comments=False,
            include_tables=True,
            deduplicate=False,
            with_metadata=True,
            date_extraction_params=dict(_NO_CLOCK),
        )
    except Exception as error:  # a broken page may make the parsers raise anything; it must not cost other documents
        raise Fault(f"cannot be read as HTML ({type(error).__name__})") from None
    assert not isinstance(found, dict)  # as it would be only with as_dict
    text = _with_headline("\n\n".join(_paragraphs(found.body)), page) if found is not None and found.body is not None else ""
    if not text.strip():
        raise Fault("no main text found in this page; save its article as .txt")
    yield Part(text, _meta(found, page))


def _paragraphs(body: etree._Element) -> Iterator[str]:
    """The innermost blocks of the extracted tree as lines of text; the cells of a table's row stay together."""
    for element in body.iter(*_BLOCKS):
        if element.tag == "cell" or (element.tag != "row" and element.find(".//p") is not None and element.tag != "p"):
            continue
        if element.tag == "row":
            text = "\t".join(" ".join(_flat(cell).split()) for cell in element.iter("cell")).strip()
        elif any(parent.tag in ("row", "p", "head", "item") for parent in element.iterancestors()):
            continue
        else:
            text = _flat(element)
        if text:
            yield text


def _flat(element: etree._Element) -> str:
    """The text of a block; white space of the source is one space, a line break of the page is one."""
    for line_break in element.iter("lb"):
        line_break.text = _BREAK
    lines = (" ".join(line.split()) for line in "".join(cast("Iterator[str]", element.itertext())).split(_BREAK))
    return "\n".join(filter(None, lines))


def _with_headline(text: str, page: html.HtmlElement) -> str:
    headlines = [" ".join(h.text_content().split()) for h in page.iter("h1")]
    if len(headlines) != 1 or not headlines[0] or not text or headlines[0] in text[: len(headlines[0]) + 300]:
        return text
    return f"{headlines[0]}\n\n{text}"


def _meta(found: object, page: html.HtmlElement) -> Meta:
    values = {"title": getattr(found, "title", None), "source": getattr(found, "sitename", None), "url": getattr(found, "url", None)}
    values["date"] = _published(page)
    meta, _ = meta_of({name: values[name] for name in FIELDS})  # what cannot be used is the page's fault, not the user's
    return meta


def _published(page: html.HtmlElement) -> str | None:
    """The day that the page declares, if its declarations agree."""
    stated = [str(value) for path in _DATES for value in page.xpath(path)] + list(_linked_data(page))
    days = {d for d in map(_day, stated) if d}
    return days.pop() if len(days) == 1 else None


def _day(value: str) -> str | None:
    try:
        return day(value.strip())
    except ValueError:
        return None


def _linked_data(page: html.HtmlElement) -> Iterator[str]:
    """The ``datePublished`` of the articles in schema.org JSON-LD."""
    for script in page.xpath("//script[@type='application/ld+json']/text()"):
        try:
            data = json.loads(script)
        except (ValueError, RecursionError):
            continue
        nodes = data if isinstance(data, list) else [data]
        nodes += [n for node in nodes if isinstance(node, dict) and isinstance(node.get("@graph"), list) for n in node["@graph"]]
        for node in nodes:
            if isinstance(node, dict) and "Article" in str(node.get("@type")) and isinstance(node.get("datePublished"), str):
                yield node["datePublished"]
