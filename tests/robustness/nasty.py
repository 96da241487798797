"""Bad and nasty files, made by a generator: whatever folders of documents come to hold, and what somebody who means harm would put there.

    python -m tests.robustness.nasty              reads each beside a good document, says what went wrong
    python -m tests.robustness.nasty FOLDER       writes them into a folder to look at

A case is a function that writes into a folder of its own. Everything is made of constants and one seed, so that a case is the same always.
"""

from __future__ import annotations

import gzip
import io
import json
import os
import random
import socket
import sys
import tempfile
import time
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

from tests.robustness.apart import apart

SEED = 9
GOOD = "PC Daniel Frost, of Essex Police, was charged with assault on 4 May 2021.\n\nHe denied it, the force’s spokesman said.\n"
#: what a document in a case may take in seconds of processor time, and in bytes of memory above what there was
SECONDS, MEMORY = 60, 2 * 2**30

_WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT

Make = Callable[[Path], None]


def cases() -> dict[str, Make]:
    """Every case by its name."""
    found: dict[str, Make] = {}
    for family in (
        _cut,
        _renamed,
        _encoded,
        _broken_bytes,
        _unicode,
        _long,
        _tripping,
        _pages,
        _words,
        _portables,
        _records,
        _beside,
        _filed,
    ):
        for name, make in family():
            assert name not in found, name
            found[name] = make
    return found


def _file(name: str, content: bytes | str) -> Make:
    data = content.encode() if isinstance(content, str) else content
    return lambda folder: _write(folder / name, data)


def _write(path: Path, data: bytes) -> None:
    path.write_bytes(data)


# --- sound files to start from ---------------------------------------------------------------------------------------


def page(body: str = "", head: str = "") -> bytes:
    """A web page with the good text as its article."""
    paragraphs = "".join(f"<p>{line}</p>" for line in GOOD.split("\n\n"))
    return (
        f"<!DOCTYPE html><html><head><title>Charged</title>{head}</head><body><article>{paragraphs}{body}</article></body></html>".encode()
    )


W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_TYPES = (
    '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" '
    'ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/word/document.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>'
)
_RELS = (
    '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" '
    'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/>'
    "</Relationships>"
)


def word(body: str | None = None, head: str = "", more: dict[str, bytes] | None = None, without: tuple[str, ...] = ()) -> bytes:
    """A Word document; ``head`` goes before its root element."""
    body = f"<w:p><w:r><w:t>{GOOD}</w:t></w:r></w:p>" if body is None else body
    parts = {
        "[Content_Types].xml": _TYPES.encode(),
        "_rels/.rels": _RELS.encode(),
        "word/document.xml": f'<?xml version="1.0"?>{head}<w:document xmlns:w="{W}"><w:body>{body}</w:body></w:document>'.encode(),
    }
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in {**parts, **(more or {})}.items():
            if name not in without:
                archive.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_DEFLATED)
    return held.getvalue()


def pdf(
    content: bytes | None = None,
    *,
    filters: str = "",
    fonts: str = "",
    resources: str = "",
    page_more: str = "",
    trailer: str = "",
    objects: tuple[bytes, ...] = (),
    pages: str = "/Kids [3 0 R] /Count 1",
) -> bytes:
    """A PDF of one page; objects 1 to 5 are catalogue, pages, page, content and font, and others follow."""
    if content is None:
        content = (
            b"BT /F1 12 Tf 14 TL 72 720 Td "
            + b" ".join(b"(%s) Tj T*" % line.encode("cp1252", "replace") for line in GOOD.split("\n"))
            + b" ET"
        )
    numbered = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages {pages} >>".encode(),
        (
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R "
            f"/Resources << /Font << /F1 5 0 R {fonts} >> {resources} >> {page_more} >>"
        ).encode(),
        f"<< /Length {len(content)} {filters} >>\nstream\n".encode() + content + b"\nendstream",
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        *objects,
    ]
    out, places = bytearray(b"%PDF-1.5\n"), []
    for number, body in enumerate(numbered, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(places) + 1) + b"".join(b"%010d 00000 n \n" % place for place in places)
    out += f"trailer << /Size {len(places) + 1} /Root 1 0 R {trailer} >>\nstartxref\n{start}\n%%EOF\n".encode()
    return bytes(out)


def lines(*texts: str) -> bytes:
    """Records, one a line."""
    return "".join(json.dumps({"id": f"r{i}", "text": text}) + "\n" for i, text in enumerate(texts)).encode()


_SOUND = {
    "txt": GOOD.encode() * 3,
    "html": page(),
    "pdf": pdf(),
    "docx": word(),
    "jsonl": lines(GOOD, GOOD),
    "json": json.dumps([{"text": GOOD}]).encode(),
    "md": f"---\ntitle: Charged\ndate: 2021-05-04\n---\n# Charged\n\n{GOOD}".encode(),
}


# --- the families ----------------------------------------------------------------------------------------------------


def _cut() -> Iterator[tuple[str, Make]]:
    """Cut off, with a hole, with bytes changed."""
    chance = random.Random(SEED)
    for kind, data in _SOUND.items():
        for part in (0, 1, len(data) // 3, len(data) * 2 // 3, len(data) - 1):
            yield f"{kind} cut at {part}", _file(f"case.{kind}", data[:part])
        changed = bytearray(data)
        for _ in range(20):
            changed[chance.randrange(len(changed))] = chance.randrange(256)
        yield f"{kind} with bytes changed", _file(f"case.{kind}", bytes(changed))
        yield f"{kind} with a hole", _file(f"case.{kind}", data[: len(data) // 2] + bytes(64) + data[len(data) // 2 :])


def _renamed() -> Iterator[tuple[str, Make]]:
    """One thing under the name of another."""
    others = {
        "gzip": gzip.compress(GOOD.encode(), mtime=0),
        "png": b"\x89PNG\r\n\x1a\n" + bytes(99),
        "elf": b"\x7fELF" + bytes(range(256)),
        "rtf": b"{\\rtf1 " + GOOD.encode("cp1252") + b"}",
        "ole": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512),
        "random": random.Random(SEED).randbytes(4000),
    }
    for kind, data in {**_SOUND, **others}.items():
        for suffix in ("txt", "html", "pdf", "docx", "json", "csv", "xlsx"):
            if suffix != kind:
                yield f"{kind} named {suffix}", _file(f"case.{suffix}", data)


def _encoded() -> Iterator[tuple[str, Make]]:
    """In encodings common and rare, mixed, and twice over."""
    for name in (
        "utf-8-sig",
        "utf-16",
        "utf-16-le",
        "utf-16-be",
        "utf-32",
        "utf-32-le",
        "cp1252",
        "iso8859-15",
        "mac-roman",
        "cp850",
        "utf-7",
        "cp037",
        "shift-jis",
        "koi8-r",
        "gb18030",
        "iso2022-jp",
    ):
        yield f"text in {name}", _file("case.txt", (GOOD * 4).encode(name, "replace"))
    yield "two encodings", _file("case.txt", GOOD.encode() * 4 + GOOD.encode("cp1252"))
    yield "two encodings in turn", _file("case.txt", (GOOD.encode() + GOOD.encode("cp1252") + GOOD.encode("utf-16-le")) * 3)
    yield "encoded twice", _file("case.txt", GOOD.encode().decode("cp1252").encode())
    yield "page that lies about its encoding", _file("case.html", page(head='<meta charset="utf-16">'))
    for name in ("base64", "rot13", "zlib", "idna", "unicode_escape", "undefined", "raw-unicode-escape", "punycode", "x" * 40):
        yield f"page in the encoding {name}", _file("case.html", page(head=f'<meta charset="{name}">').replace("’".encode(), b"\x92"))


def _broken_bytes() -> Iterator[tuple[str, Make]]:
    for name, data in {
        "mark alone": b"\xef\xbb\xbf",
        "mark of UTF-16 alone": b"\xff\xfe",
        "two marks": b"\xef\xbb\xbf" * 2 + GOOD.encode(),
        "mark in the middle": GOOD.encode() + b"\xef\xbb\xbf" + GOOD.encode(),
        "wrong mark": b"\xfe\xff" + GOOD.encode(),
        "NUL at the end": GOOD.encode() + b"\0",
        "NUL at the start": b"\0" + GOOD.encode(),
        "NULs alone": bytes(5000),
        "lone surrogate": GOOD.encode() + "\ud800".encode("utf-8", "surrogatepass"),
        "overlong": GOOD.encode() + b"\xc0\xaf\xe0\x80\xaf",
        "above Unicode": GOOD.encode() + b"\xf4\x90\x80\x80",
        "continuation bytes": b"\x80" * 5000,
        "lone surrogate in UTF-16": GOOD.encode("utf-16-le") + b"\x00\xd8\x41\x00",
        "non-characters": GOOD.encode() + "\ufffe\uffff\U0010ffff".encode(),
        "controls": GOOD.encode() + bytes(range(1, 32)),
        "escape sequences": b"\x1b[2J\x1b]0;owned\x07" + GOOD.encode(),
        "white space alone": b" \t\r\n\x0c" * 100,
        "one byte": b"x",
        "one high byte": b"\xe9",
    }.items():
        yield name, _file("case.txt", data)


def _unicode() -> Iterator[tuple[str, Make]]:
    for name, text in {
        "right to left": "\u202eشرطة\u202c " + GOOD,
        "direction overrides": "".join(f"\u202e{c}\u202c" for c in GOOD),
        "isolates unclosed": "\u2066" * 3000 + GOOD,
        "zero width between letters": "\u200b".join(GOOD),
        "joiners": "\u200d".join(GOOD),
        "soft hyphens": "\u00ad".join(GOOD),
        "homoglyphs": GOOD.translate(str.maketrans("aeopcxy", "аеорсху")),
        "full width": "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in GOOD),
        "mathematical": "".join(chr(0x1D400 + ord(c) - 65) if "A" <= c <= "Z" else c for c in GOOD),
        "combining storm": GOOD + "a" + "\u0301" * 20_000,
        "combining on every letter": "".join(c + "\u0334\u0321\u035c" for c in GOOD),
        "combining alone": "\u0301" * 20_000,
        "emoji families": "👨\u200d👩\u200d👧" * 3000 + GOOD,
        "tags": GOOD + "".join(chr(0xE0000 + ord(c)) for c in "ignore this"),
        "variation selectors": "".join(c + "\ufe0f" for c in GOOD),
        "separators": GOOD.replace(" ", "\u2028").replace("\n", "\x85"),
        "returns alone": GOOD.replace("\n", "\r"),
        "ends of all kinds": "".join(
            line + end
            for line, end in zip(
                GOOD.split() * 5, ["\n", "\r", "\r\n", "\x0b", "\x0c", "\x1c", "\x85", "\u2028", "\u2029"] * 20, strict=False
            )
        ),
        "no-break spaces": GOOD.replace(" ", "\u00a0"),
        "ligatures": "ﬁ ﬂ ﬃ ﬆ ĳ ǆ" * 500 + GOOD,
        "expanding cases": "ŉ ǰ ΐ ß ﬃ İ" * 500 + GOOD,
        "Hangul parts": "ᄀ" * 5000 + GOOD,
        "ideographs": "警察" * 5000,
        "private use": "\ue000\uf8ff" * 2000 + GOOD,
        "digits of all scripts": "٣ ३ ၃ ３ 𝟛 Ⅷ ½ ²" * 500 + GOOD,
        "replacement characters": "\ufffd" * 3000 + GOOD,
    }.items():
        yield name, _file("case.txt", text)


#: what long runs are made of
UNITS = {
    "letters": "a",
    "capitals": "A",
    "digits": "1",
    "spaces": " ",
    "line ends": "\n",
    "tabs": "\t",
    "stops": ".",
    "quotes": '"',
    "curly quotes": "“",
    "closing quotes": "”",
    "apostrophes": "’",
    "brackets": "(",
    "square brackets": "[",
    "dashes": "-",
    "long dashes": "—",
    "commas": ", ",
    "initials": "A. ",
    "capital words": "Aa ",
    "numbers": "1, ",
    "possessives": "’s",
    "slashes": "a/",
    "addresses": "http://a",
    "of the": "of the ",
    "Mr": "Mr. ",
    "PC": "PC ",
    "chief constables": "chief constable of ",
    "and": "and ",
    "dates": "1 May ",
    "years": "2021-",
    "days": "Monday ",
    "published": "Published: ",
    "aged": "aged 4, ",
    "quoted": '"a" ',
    "said": "he said, ",
    "nested": "(a [b ",
    "money": "£1,000,",
    "ampersands": "&amp;",
    "hashes": "# ",
    "stars": "* ",
    "empty lines": "\n \n",
    "names": "Ann Lee ",
    "comments": "<!---->",
    "opened": "<a ",
    "closed": "</p>",
    "escapes": "\\u0041",
    "hyphened": "a-",
    "line of one": "a\n",
    "cases": "Case v ",
    "inquiries": "Inquiry into the ",
}


def _long() -> Iterator[tuple[str, Make]]:
    for name in ("letters", "capitals", "digits", "spaces", "line ends", "tabs", "stops", "quotes", "brackets", "dashes", "apostrophes"):
        yield f"a megabyte of {name}", _file("case.txt", GOOD + UNITS[name] * 2**20)
    yield "one sentence of 100,000 words", _file("case.txt", "The force " + "and the officer " * 33_333 + "said so.")
    yield "one word of a megabyte in a page", _file("case.html", page("<p>" + "a" * 2**20 + "</p>"))
    yield "a line of five megabytes", _file("case.txt", "word " * 2**20)
    yield "above the limit", lambda folder: os.truncate(_touched(folder / "case.txt"), 60 * 2**20)


def _touched(path: Path) -> Path:
    path.touch()
    return path


def _tripping() -> Iterator[tuple[str, Make]]:
    """Made to trip regular expressions and whatever looks at everything for everything."""
    for name, unit in UNITS.items():
        yield f"40,000 characters of {name}", _file("case.txt", (unit * 40_000)[:40_000] + "\n\n" + GOOD)
    for name in ("published", "dates", "years", "comments", "possessives"):
        yield f"{name} in short lines", _file("case.txt", ((UNITS[name] * 160)[:155] + "\n") * 300 + GOOD)


def _pages() -> Iterator[tuple[str, Make]]:
    for tag in (
        "div",
        "b",
        "ul><li",
        "blockquote",
        "table><tr><td",
        "h1",
        "p",
        "a href=x",
        "span",
        "article",
        "q",
        "pre",
        "font",
        "svg",
        "math",
        "details",
    ):
        close = "".join(f"</{part.split()[0]}>" for part in reversed(tag.split("><")))
        yield f"50,000 nested {tag.split()[0].split('>')[0]}", _file("case.html", page(f"<{tag}>" * 50_000 + "x" + close * 50_000))
        yield f"20,000 {tag.split()[0].split('>')[0]} in a row", _file("case.html", page((f"<{tag}>x" + close) * 20_000))
    dtd = (
        '<!DOCTYPE html [<!ENTITY a "aaaaaaaaaa">'
        + "".join(f'<!ENTITY {chr(98 + i)} "{("&" + chr(97 + i) + ";") * 10}">' for i in range(9))
        + "]>"
    )
    outside = '<!DOCTYPE html [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
    for name, data in {
        "entities in entities": f"{dtd}<html><body><article><p>{GOOD}&j;</p></article></body></html>",
        "entity of a file": f"{outside}<html><body><article><p>{GOOD}&x;</p></article></body></html>",
        "600 comments": "<!---->" * 600,
        "600 comments and a page": "<!---->" * 500 + page().decode(),
        "comment unclosed": "<!--" + page().decode(),
        "comments in comments": "<!--" * 20_000 + page().decode(),
        "attributes by the thousand": page().decode().replace("<body", "<body " + " ".join(f"a{i}=x" for i in range(50_000))),
        "attribute of a megabyte": page(f'<p title="{"x" * 2**20}">a</p>'),
        "scripts": page("<script>alert(1)</script><img src=x onerror=alert(1)><iframe src=file:///etc/passwd>"),
        "tags unclosed": page("<p" * 20_000),
        "frames": b"<html><frameset><frame src=file:///etc/passwd></frameset></html>",
        "refresh": page(head='<meta http-equiv=refresh content="0;url=//x">'),
        "base elsewhere": page(head='<base href="file:///"><link rel=canonical href="javascript:alert(1)">'),
        "linked data nested": page(head='<script type="application/ld+json">' + "[" * 50_000 + "</script>"),
        "linked data of wrong kinds": page(
            head='<script type="application/ld+json">{"@type": {"a": []}, "@graph": [1, null], "datePublished": 5}</script>'
        ),
        "a day that is none": page(head='<meta property="article:published_time" content="2021-99-99">'),
        "text in a template": page("<template><p>hidden</p></template><noscript><p>not run</p></noscript>"),
        "null characters": page("<p>a\0b</p>"),
        "character references": page("<p>" + "&#0;&#xD800;&#x110000;&#99999999999;&#x202e;&bogus;" * 300 + "</p>"),
        "processing instructions": b"<?php system('id') ?>" * 300 + page(),
        "XML of another kind": b'<?xml version="1.0"?><rss><item>x</item></rss>',
    }.items():
        yield name, _file("case.html", data)


def _words() -> Iterator[tuple[str, Make]]:
    laughs = (
        "<!DOCTYPE x ["
        + '<!ENTITY a "ha">'
        + "".join(f'<!ENTITY {chr(98 + i)} "{("&" + chr(97 + i) + ";") * 10}">' for i in range(12))
        + "]>"
    )
    paragraph = f"<w:p><w:r><w:t>{GOOD}</w:t></w:r></w:p>"
    for name, data in {
        "Word: entities in entities": word(f"<w:p><w:r><w:t>{GOOD}&m;</w:t></w:r></w:p>", laughs),
        "Word: entity of a file": word(
            "<w:p><w:r><w:t>&x;</w:t></w:r></w:p>" + paragraph, '<!DOCTYPE x [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
        ),
        "Word: bomb": word(more={"word/media/a.bin": bytes(250 * 2**20)}),
        "Word: bomb in the text": word("<w:p/>" * 20_000_000),
        "Word: 5,000 nested tables": word("<w:tbl><w:tr><w:tc>" * 5000 + paragraph + "</w:tc></w:tr></w:tbl>" * 5000),
        "Word: 200 nested paragraphs": word("<w:p>" * 200 + paragraph + "</w:p>" * 200),
        "Word: 100,000 runs": word("<w:p>" + "<w:r><w:t>x </w:t></w:r>" * 100_000 + "</w:p>" + paragraph),
        "Word: empty": word(""),
        "Word: no text part": word(without=("word/document.xml",)),
        "Word: no relations": word(without=("_rels/.rels",)),
        "Word: no types": word(without=("[Content_Types].xml",)),
        "Word: names that lead out": word(more={"../../../tmp/out": b"x", "/etc/x": b"x", "..\\x": b"x"}),
        "Word: 20,000 parts": word(more={f"word/p{i}.xml": b"x" for i in range(20_000)}),
        "Word: text that is no XML": word("<w:p><w:r>&nbsp;<w:t></w:p>"),
        "Word: another root": word().replace(b"PK\x05\x06", b"PK\x05\x07"),
        "Word: relation to a server": word(
            more={
                "word/_rels/document.xml.rels": _RELS.replace("word/document.xml", "http://127.0.0.1:1/x")
                .replace('officeDocument"', 'image"')
                .encode()
            }
        ),
        "Word: relations in a circle": word(
            more={"word/_rels/document.xml.rels": _RELS.replace("word/document.xml", "../word/document.xml").encode()}
        ),
        "Word: title of a megabyte": word(more={"docProps/core.xml": b"<x>" + b"t" * 2**20 + b"</x>"}),
        "Word: an archive in it": word(more={"a.docx": word()}),
        "Word: encrypted": _flagged(word(), 1),
        "Word: unknown compression": word().replace(b"\x08\x00\x00\x00", b"\x63\x00\x00\x00"),
    }.items():
        yield name, _file("case.docx", data)


def _flagged(archive: bytes, flag: int) -> bytes:
    """The archive with a general purpose flag set in every header."""
    changed = bytearray(archive)
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = changed.find(mark)
        while at >= 0:
            changed[at + offset] |= flag
            at = changed.find(mark, at + 4)
    return bytes(changed)


def lzw(codes: Iterable[int]) -> bytes:
    """Codes of LZW as a PDF has them; ones fill the last byte."""
    bits, entries = "", 258
    for code in codes:
        bits += format(code, f"0{max(9, min(12, (entries + 1).bit_length()))}b")
        entries = 257 if code == 256 else entries + 1
    return int(bits + "1" * (-len(bits) % 8), 2).to_bytes(-(-len(bits) // 8), "big")


def _packed() -> dict[str, bytes]:
    """Streams that grow when they are unpacked, or take long to be."""
    runs = b"\x81\x81" * 2**20  # which unpacks to 64 times as much of the same
    grows = lzw([256, 0, *range(258, 4096)]) + b"\xff" * 2**21  # the last entry, of 3,839 bytes, again and again
    return {name: pdf(content, filters=filters) for name, content, filters in (
        ("PDF: bomb of runs", runs, "/Filter [/RunLengthDecode /RunLengthDecode]"),
        ("PDF: bomb of LZW", grows, "/Filter /LZWDecode"),
        ("PDF: bomb of LZW in a bomb", zlib.compress(grows, 9), "/Filter [/FlateDecode /LZWDecode]"),
        ("PDF: bomb of ASCII85", zlib.compress(b"z" * 51 * 2**20, 9), "/Filter [/FlateDecode /ASCII85Decode]"),
        ("PDF: spaces in ASCII85", b"z" + b" " * 10**6 + b"z~>", "/Filter /ASCII85Decode"),
        ("PDF: spaces in ASCIIHex", b"0" + b" " * 10**6 + b"0>", "/Filter /ASCIIHexDecode"),
        ("PDF: line under a predictor", b"0078>", "/Filter /AHx /DecodeParms << /Predictor 12 /Columns 4000000000 >>"),
        ("PDF: bomb under a predictor", zlib.compress(bytes(20 * 2**20), 9), "/Filter /Fl /DecodeParms << /Predictor 12 /Columns 9 >>"),
        ("PDF: 100,000 filters", b"x", f"/Filter [{'/RunLengthDecode ' * 100_000}]"),
        ("PDF: fax", b"\xff" * 10**5, "/Filter /CCITTFaxDecode /DecodeParms << /K -1 /Columns 1000000000 >>"),
    )}


def _portables() -> Iterator[tuple[str, Make]]:
    boxes = b"BT /F1 4 Tf " + b"".join(b"1 0 0 1 %d %d Tm (x) Tj " % (9 + 30 * (i % 20), 9 + 15 * (i // 20)) for i in range(1000)) + b"ET"
    bomb = zlib.compress(b"(x) Tj " * 2**20 * 40, 9)
    form = b"<< /Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << /XObject << %s >> >> /Length %d >>\nstream\n%s\nendstream"
    call, inner = b"/A Do " * 10, b" ".join(b"/A %d 0 R" % (i,) for i in (7,))
    forms = tuple(form % (inner.replace(b"7 0 R", b"%d 0 R" % (7 + i)), len(call), call) for i in range(14))
    for name, data in {
        "PDF: encrypted": pdf(
            trailer="/Encrypt << /Filter /Standard /V 2 /R 3 /Length 128 /P -4 /O <"
            + "41" * 32
            + "> /U <"
            + "42" * 32
            + "> >> /ID [<41> <41>]"
        ),
        "PDF: unknown encryption": pdf(trailer="/Encrypt << /Filter /Other /V 99 >> /ID [<41> <41>]"),
        "PDF: scanned": pdf(
            b"q 612 0 0 792 0 0 cm /I Do Q",
            resources="/XObject << /I 6 0 R >>",
            objects=(
                b"<< /Subtype /Image /Width 9 /Height 9 /BitsPerComponent 8 /ColorSpace /DeviceGray /Length 81 >>\nstream\n"
                + bytes(81)
                + b"\nendstream",
            ),
        ),
        "PDF: bomb": pdf(bomb, filters="/Filter /FlateDecode"),
        "PDF: bomb in a bomb": pdf(zlib.compress(bomb, 9), filters="/Filter [/FlateDecode /FlateDecode]"),
        "PDF: bomb cut off": pdf(bomb[:-5], filters="/Filter /FlateDecode"),
        **_packed(),
        "PDF: damaged stream": pdf(
            zlib.compress(b"BT /F1 12 Tf 72 700 Td (Frost) Tj ET " * 50)[:-30] + b"junk", filters="/Filter /FlateDecode"
        ),
        "PDF: forms in forms": pdf(call, resources="/XObject << /A 7 0 R >>", objects=(b"null", *forms)),
        "PDF: 1,000 boxes": pdf(boxes),
        "PDF: pages in a circle": pdf(pages="/Kids [2 0 R 3 0 R 2 0 R] /Count 9999999"),
        "PDF: no pages": pdf(pages="/Count 5"),
        "PDF: page that is none": pdf(pages="/Kids [4 0 R 99 0 R null (x)] /Count 1"),
        "PDF: nested arrays": pdf(b"[" * 50_000),
        "PDF: strings unclosed": pdf(b"(" * 50_000),
        "PDF: operators without operands": pdf(b"Tj TJ Td Tm Tf cm ' \" BI ID EI Do q Q " * 500),
        "PDF: no font": pdf(b"BT (x) Tj ET"),
        "PDF: numbers of 10,000 digits": pdf(b"BT /F1 " + b"9" * 10_000 + b" Tf (x) Tj ET"),
        "PDF: infinite places": pdf(b"BT /F1 1e38 Tf 1e38 1e38 Td (xxxx) Tj 1e308 0 Td (x) Tj ET"),
        "PDF: script": pdf(page_more="/AA << /O << /S /JavaScript /JS (app.alert(1)) >> >>"),
        "PDF: trailer in a circle": pdf(trailer="/Prev 9"),
        "PDF: 200,000 characters": pdf(b"BT /F1 1 Tf 9 9 Td (" + b"ab " * 66_667 + b") Tj ET"),
        "PDF: length that lies": pdf().replace(b"/Length ", b"/Length 9"),
        "PDF: two of them": pdf() + pdf(),
        "PDF: text before": b"x" * 500 + b"\n" + pdf(),
        "PDF: head alone": b"%PDF-1.7\n" + b"%" * 5000,
        "PDF: predictor": pdf(
            zlib.compress(b"x" * 99), filters="/Filter /FlateDecode /DecodeParms << /Predictor 12 /Columns 99999999999 >>"
        ),
        "PDF: run length": pdf(b"\x81x" * 50_000, filters="/Filter /RunLengthDecode"),
        "PDF: unknown filter": pdf(filters="/Filter /Bogus"),
        "PDF: LZW": pdf(b"\x80\x0b\x60\x50" * 5000, filters="/Filter /LZWDecode"),
        "PDF: media box of nothing": pdf().replace(b"0 0 612 792", b"0 0 0 0    "),
    }.items():
        yield name, _file("case.pdf", data)


def _records() -> Iterator[tuple[str, Make]]:
    for name, text in {
        "nested lists": "[" * 100_000,
        "nested records": '{"text": ' * 100_000,
        "record nested in a record": json.dumps({"text": GOOD, "x": 0})[:-2] + "[" * 90_000 + "]" * 90_000 + "}",
        "number of 100,000 digits": '{"text": "x", "id": ' + "9" * 100_000 + "}",
        "not a number": '{"text": "a", "id": NaN}',
        "infinity": '{"text": "a", "id": 1e999}',
        "keys twice": '{"text": "a", "text": "b", "id": "x", "id": "../../x"}',
        "lone surrogates": '{"text": "a \\ud800", "title": "\\udfff"}',
        "surrogates in the id": '{"text": "a", "id": "\\ud800\\ud800"}',
        "id that leads out": '{"text": "a", "id": "../../../etc/passwd"}',
        "id of NULs": '{"text": "a", "id": "\\u0000\\u0000"}',
        "id of 100,000 characters": json.dumps({"text": "a", "id": "x" * 100_000}),
        "all ids alike": "\n".join(['{"text": "a", "id": "x"}'] * 300),
        "ids alike but for case": '{"text": "a", "id": "X"}\n{"text": "b", "id": "x"}',
        "ids alike but for form": '{"text": "a", "id": "é"}\n{"text": "b", "id": "e\\u0301"}',
        "text of another kind": '{"text": ["a"]}\n{"text": {"a": 1}}\n{"text": 5}\n{"text": null}',
        "title of another kind": '{"text": "a", "title": ["x"], "date": 20210101, "url": {}}',
        "address that is a program": '{"text": "a", "url": "javascript:alert(1)"}',
        "title that is a formula": '{"text": "a", "title": "=cmd|\' /C calc\'!A0"}',
        "10,000 records": "\n".join(f'{{"text": "word {i}"}}' for i in range(10_000)),
        "empty records": '{}\n[]\n\n""\n0\ntrue\n',
        "commas at the end": '[{"text": "a"},]',
        "single quotes": "{'text': 'a'}",
        "a comment": '// x\n{"text": "a"}',
        "two values": '{"text": "a"} {"text": "b"}',
        "date of the year 9999": '{"text": "a", "date": "9999-12-31"}',
        "date of the year 0": '{"text": "a", "date": "0000-01-01"}',
    }.items():
        yield f"records: {name}", _file("case.jsonl", text)


def _beside() -> Iterator[tuple[str, Make]]:
    """What is said of documents beside their text."""
    head = "file,title,date,source,url\n"
    for name, text in {
        "no file column": "a,b\n1,2\n",
        "no rows": "",
        "quotes unclosed": head + 'case.txt,"' + "x" * 1000,
        "100,000 rows": head + "none.txt,,,,\n" * 20_000,
        "cell of a megabyte": head + f"case.txt,{'x' * 2**20},,,\n",
        "path that leads out": head + "../../etc/passwd,,,,\ncase/../../x,,,,\n/etc/passwd,,,,\n",
        "10,000 columns": "file" + ",title" * 10_000 + "\n",
        "formulas": head + "case.txt,=1+1,2021-01-01,+x,javascript:alert(1)\n",
        "NULs": head + "case.txt,\0,,,\n",
    }.items():
        yield (
            f"table: {name}",
            lambda folder, text=text: (_write(folder / "case.txt", GOOD.encode()), _write(folder / "metadata.csv", text.encode()))[0],
        )
    laughs = "a: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(
        f"{chr(98 + i)}: &{chr(98 + i)} [{','.join(['*' + chr(97 + i)] * 9)}]\n" for i in range(9)
    )
    for name, text in {
        "aliases in aliases": laughs,
        "an object of Python": "title: !!python/object/apply:os.system ['id']",
        "nested": "title: " + "[" * 9000,
        "merge": "<<: *x\ntitle: x",
        "a title of lines": "title: |\n" + "  x\n" * 3000,
        "keys by the thousand": "".join(f"k{i}: x\n" for i in range(2000)),
        "tabs": "title:\t\tx\n\tdate: x",
        "many dashes": "title: x\n" + "--- \n" * 3000,
        "a merge of itself": "title: &a [*a]",
        "never closed": "title: x\n" * 2000,
    }.items():
        yield f"front matter: {name}", _file("case.md", f"---\n{text}\n---\n{GOOD}")
    for name, text in {
        "stars": "*a" * 12 + "b\n",
        "two stars": "**/" * 60 + "x\n",
        "brackets": "[" * 5000 + "\n",
        "100,000 lines": "nothing\n" * 20_000,
        "bytes": "\udcff\x00\n",
    }.items():
        yield (
            f"ignored: {name}",
            lambda folder, text=text: (
                _write(folder / ("a" * 120 + ".txt"), GOOD.encode()),
                _write(folder / ".kgignore", text.encode("utf-8", "surrogateescape")),
            )[0],
        )


def _filed() -> Iterator[tuple[str, Make]]:
    """What a file system can hold."""

    def folders(folder: Path) -> None:
        for _ in range(150):
            folder = folder / "deep"
        folder.mkdir(parents=True)
        _write(folder / "case.txt", GOOD.encode())

    def bound(folder: Path) -> None:
        with socket.socket(socket.AF_UNIX) as made:
            here = Path.cwd()
            os.chdir(folder)  # the path of a socket may have some hundred bytes
            try:
                made.bind("case.txt")
            finally:
                os.chdir(here)

    yield "pipe", lambda folder: os.mkfifo(folder / "case.txt")
    yield "pipe for a table", lambda folder: os.mkfifo(folder / "metadata.csv")
    yield "pipe for patterns", lambda folder: os.mkfifo(folder / ".kgignore")
    yield "folder for patterns", lambda folder: (folder / ".kgignore").mkdir()
    yield "socket", bound
    yield "link to nothing", lambda folder: (folder / "case.txt").symlink_to("none")
    yield "link to itself", lambda folder: (folder / "case.txt").symlink_to("case.txt")
    yield "link in a circle", lambda folder: (folder / "case").symlink_to(folder)
    yield "link to endless zeros", lambda folder: (folder / "case.txt").symlink_to("/dev/zero")
    yield "link to a terminal", lambda folder: (folder / "case.txt").symlink_to("/dev/tty")
    yield (
        "two links to one file",
        lambda folder: [_write(folder / "a.txt", GOOD.encode()), *((folder / f"l{i}.txt").symlink_to("a.txt") for i in "xy")][0],
    )
    yield (
        "links in folders in a circle",
        lambda folder: [(folder / n).mkdir() for n in "ab"] and [(folder / a / "l").symlink_to(folder / b) for a, b in ("ab", "ba")][0],
    )
    yield "folders 150 deep", folders
    yield "folder named as a document", lambda folder: (folder / "case.txt").mkdir()
    for what, name in {
        "a line end": "a\nb.txt",
        "escapes": "\x1b[31mred\x07.txt",
        "direction": "\u202etxt.exe.txt",
        "255 bytes": "x" * 251 + ".txt",
        "quotes": "'; rm -rf $HOME; `id` $(id) \".txt",
        "a formula": "=1+1.txt",
        "markup": "<img src=x onerror=alert(1)>.txt",
        "dots": "...txt",
        "only an ending": " .txt",
        "per cent": "%2e%2e%2fx.txt",
        "an option": "--help.txt",
        "letters in two parts": "e\u0301.txt",
        "a tab": "a\tb.txt",
        "a back slash": "..\\..\\x.txt",
        "capitals": "CASE.TXT",
        "a device": "con.txt",
    }.items():
        yield f"named with {what}", _file(name, GOOD)
    yield "name that is no text", lambda folder: _write(Path(os.fsdecode(os.fsencode(folder) + b"/\xff\xfe.txt")), GOOD.encode())


# --- reading them ----------------------------------------------------------------------------------------------------


#: what no document may bring about
_FORBIDDEN = (
    "socket.", "subprocess.", "os.system", "os.exec", "os.posix_spawn", "os.fork", "os.rename", "os.remove", "os.mkdir", "pickle.",
)


def _forbid(event: str, arguments: tuple[Any, ...]) -> None:
    """Stop what reaches a network, runs a program, writes, or reads from a device; Python reports it before it is done."""
    if event.startswith(_FORBIDDEN):
        raise RuntimeError(f"a document brought about {event} {arguments!r}")
    if event == "open" and isinstance(arguments[0], str | bytes):
        writes = isinstance(arguments[2], int) and arguments[2] & _WRITES
        if writes or os.fsdecode(arguments[0]).startswith(("/etc/passwd", "/dev/zero", "/dev/tty")):
            raise RuntimeError(f"a document had {arguments[0]!r} opened")


def read_beside_good(make: Make, folder: Path) -> list[str]:
    """What is wrong when the case's files are read beside a good document."""
    from kg.documents import read_corpus

    (folder / "case").mkdir(parents=True)
    (folder / "good.txt").write_text(GOOD, encoding="utf-8")
    make(folder / "case")
    sys.addaudithook(_forbid)
    began = time.process_time()
    corpus = read_corpus([folder])
    took = time.process_time() - began
    faults = [f"took {took:.0f} s of processor time"] if took > SECONDS else []
    good = [document for document in corpus.documents if document.path == str(folder / "good.txt")]
    if [(document.id, document.text) for document in good] != [("good", GOOD)]:
        faults.append("the good document is harmed")
    for document in corpus.documents:
        try:
            f"{document.id}{document.text}{document.title}{document.source}{document.url}".encode()
        except UnicodeEncodeError:
            faults.append(f"{document.id!r} holds what cannot be written")
        if "\0" in document.text or "root:x:0" in document.text or "/" in document.id:
            faults.append(f"{document.id!r} holds what it should not")
    for told in corpus.problems:
        if not str(told).isprintable() or len(told.message) > 300 or not told.message:
            faults.append(f"a problem is not one clear line: {told!r}")
    return faults


def survey() -> dict[str, int]:
    """Every case, read; what goes wrong is printed."""
    wrong = 0
    for name, make in cases().items():
        with tempfile.TemporaryDirectory() as folder:
            done = apart(read_beside_good, make, Path(folder, "d"), seconds=SECONDS, memory=MEMORY)
        wrong += bool(done.said)
        for fault in done.said:
            print(f"{name}: {fault}", flush=True)
    return {"tried": len(cases()), "wrong": wrong}


def main(arguments: list[str]) -> None:
    if not arguments:
        print(json.dumps(survey()))
    for folder in arguments:
        for number, make in enumerate(cases().values()):
            place = Path(folder, f"{number:03}")
            place.mkdir(parents=True)
            make(place)


if __name__ == "__main__":
    main(sys.argv[1:])
