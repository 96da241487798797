"""Web pages: the main text without menus and adverts, by trafilatura; title, date and address from the page's own metadata."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any, cast

from lxml import etree, html
from trafilatura import bare_extraction

from kg.documents.dates import stated
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
    "//meta[@name='govuk:first-published-at' or @name='parsely-pub-date' or @name='sailthru.date' or @name='article.published']/@content",
    "//time[contains(concat(' ', @class, ' '), ' published ')]/@datetime",  # the microformat of posts
)
#: pieces of visible text after the headline among which a page without declarations says when it was published
_BELOW_HEADLINE = 12
#: trafilatura guesses dates up to "now"; the guess is not used, and fixed bounds keep the clock out
_NO_CLOCK = {"extensive_search": False, "original_date": True, "min_date": "1990-01-01", "max_date": "2100-01-01"}
_BREAK = "\N{LINE SEPARATOR}"
_BLOCKS = frozenset({"p", "head", "item", "quote", "row", "code", "cell"})
#: captions that trafilatura does not know by their class
_CAPTIONS = "//*[self::p or self::span or self::div][contains(@class, 'Caption')]"
_HEADLINE_WORDS = 4  #: fewer words in a link are a name or "here"
_LABEL_WORDS = 3  #: so many before a link are its label
_TEASER_WORDS = 60  #: no more than this stands below the headline of another article
_CARD_ELEMENTS = 200  #: no teaser is made of more
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_SENTENCE_END = re.compile(r"[.!?][\"'”’)]*$")
_LIVE = "LiveBlogPosting"


def read_html(data: bytes) -> Iterator[Part | Fault]:
    """The main text, paragraphs parted by a blank line, with the headline before it where the page has one."""
    charset = _CHARSET.search(data[:4096])
    source = _DECLARATION.sub("", decode(data, charset[1].decode("ascii") if charset else None, mend=True))
    if not source.strip():
        raise Fault("is empty")
    try:
        page = html.document_fromstring(source)
        own = html.document_fromstring(source)
        _leave_out_pointers(own)
        if any(_LIVE in str(node.get("@type")) for node in _nodes(page)):
            _as_one_article(own)
        found = bare_extraction(
            own,
            include_comments=False,
            include_tables=True,
            deduplicate=False,
            with_metadata=True,
            prune_xpath=_CAPTIONS,
            date_extraction_params=dict(_NO_CLOCK),
        )
    except Exception as error:  # a broken page may make the parsers raise anything; it must not cost other documents
        raise Fault(f"cannot be read as HTML ({type(error).__name__})") from None
    assert not isinstance(found, dict)  # as it would be only with as_dict
    text = _with_headline("\n\n".join(_paragraphs(found.body)), page) if found is not None and found.body is not None else ""
    if not text.strip():
        raise Fault("no main text found in this page; save its article as .txt")
    yield Part(text, _meta(found, page))


def _leave_out_pointers(page: html.HtmlElement) -> None:
    """Takes out what leads to other articles: paragraphs that are one link, and cards with a headline that is one and a few words below."""
    own = " ".join(page.xpath("string(//title)").split())
    for block in list(page.iter("p", "li")):
        if _is_pointer(block):
            block.drop_tree()
    for heading in list(page.iter("h2", "h3", "h4", "h5", "h6")):
        if heading.getparent() is None or not _is_pointer(heading) or _text(heading) in own:
            continue
        card = heading
        for parent in heading.iterancestors("div", "li", "article", "section", "header"):
            if not _is_card(parent):
                break
            card = parent
        card.drop_tree()


def _is_card(element: html.HtmlElement) -> bool:
    """Whether an element holds no more than one heading and a few words; looks no further than it must, as pages hold many cards."""
    words = headings = 0
    for place, part in enumerate(element.iter()):
        headings += part.tag in _HEADINGS
        words += len((part.text or "").split()) + (len((part.tail or "").split()) if place else 0)
        if headings > 1 or words > _TEASER_WORDS or place > _CARD_ELEMENTS:
            return False
    return True


def _is_pointer(block: html.HtmlElement) -> bool:
    """Whether all of a block but a short label is a link with the words of a headline."""
    links = [link for link in block.iter("a") if link.get("href") and not link.get("href", "").startswith("#")]
    linked = " ".join(map(_text, links))
    whole = _text(block)
    if len(linked.split()) < _HEADLINE_WORDS or _SENTENCE_END.search(whole):
        return False
    return len(whole.split()) - len(linked.split()) <= _LABEL_WORDS


def _text(element: html.HtmlElement) -> str:
    return " ".join(element.text_content().split())


def _as_one_article(page: html.HtmlElement) -> None:
    """Every post of a live page is an article by its tags, of which only one would be taken for the main text."""
    for post in page.xpath("//article[not(.//article)]"):
        post.tag = "div"
        for around in post.iterancestors("li", "ol", "ul"):
            around.tag = "div"


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
    """The day that the page declares, if its declarations agree; without any the day that it shows below its headline."""
    declared = [str(value) for path in _DATES for value in page.xpath(path)] + list(_linked_data(page))
    days = {d for d in map(_day, declared) if d}
    if not days:
        shown = page.xpath(f"//h1[1]/following::text()[normalize-space()][not(ancestor::script or ancestor::style)]"
                           f"[position() <= {_BELOW_HEADLINE}]")
        return stated("\n".join(" ".join(str(line).split()) for line in shown))
    return days.pop() if len(days) == 1 else None


def _day(value: str) -> str | None:
    try:
        return day(value.strip())
    except ValueError:
        return None


def _linked_data(page: html.HtmlElement) -> Iterator[str]:
    """The ``datePublished`` of the articles in schema.org JSON-LD."""
    for node in _nodes(page):
        if re.search("Article|Posting", str(node.get("@type"))) and isinstance(node.get("datePublished"), str):
            yield node["datePublished"]


def _nodes(page: html.HtmlElement) -> Iterator[dict[str, Any]]:
    for script in page.xpath("//script[@type='application/ld+json']/text()"):
        try:
            data = json.loads(script)
        except (ValueError, RecursionError):
            continue
        nodes = data if isinstance(data, list) else [data]
        nodes += [n for node in nodes if isinstance(node, dict) and isinstance(node.get("@graph"), list) for n in node["@graph"]]
        yield from (node for node in nodes if isinstance(node, dict))
