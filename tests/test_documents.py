"""Documents: every type read rightly, every kind of bad input told in one line, and no other document lost for it."""

from __future__ import annotations

import io
import json
import os
import zipfile
from pathlib import Path

import docx
import pytest
from docx.oxml import parse_xml
from fpdf import FPDF
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.documents import parts, read_corpus, readers, walk
from kg.documents import text as plain_text
from kg.documents.docx import MAX_UNPACKED
from kg.documents.metadata import front_matter
from kg.documents.pdf import join_paragraphs, without_running_heads
from kg.model import Corpus

BODY = "Chief Constable Ada Marsh of Dyfed-Powys Police said “no” to a £5m plan.\n"


def corpus_of(folder: Path, **files: bytes | str) -> Corpus:
    """The corpus of a folder with these files; ``a__b_txt`` is ``a/b.txt``."""
    for name, content in files.items():
        path = folder / ".".join(name.replace("__", "/").rsplit("_", 1))
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
    return read_corpus([folder])


def only_problem(corpus: Corpus) -> str:
    assert len(corpus.problems) == 1, corpus.problems
    line = str(corpus.problems[0])
    assert "\n" not in line
    return line


def pdf_of(*pages: str, password: str | None = None) -> bytes:
    pdf = FPDF()
    pdf.set_font("Helvetica", size=11)
    for page in pages:
        pdf.add_page()
        for paragraph in page.split("\n\n"):
            pdf.multi_cell(120, 5, paragraph, new_x="LMARGIN", new_y="NEXT", align="L")
            pdf.ln(6)
    if password:
        pdf.set_encryption(owner_password="owner", user_password=password)
    return bytes(pdf.output())


def docx_of(*paragraphs: str) -> bytes:
    document = docx.Document()
    for paragraph in paragraphs:
        document.add_paragraph(paragraph)
    target = io.BytesIO()
    document.save(target)
    return target.getvalue()


# --- text and its encodings


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252"])
def test_the_text_is_exactly_what_the_bytes_stand_for(tmp_path: Path, encoding: str) -> None:
    text = f"  {BODY}\r\nTwo\rthree\n\n\tSiân’s café – naïve. \r\n"
    corpus = corpus_of(tmp_path, a_txt=text.encode(encoding))
    assert [d.text for d in corpus.documents] == [text]
    assert corpus.problems == ()


def test_latin_1_is_read(tmp_path: Path) -> None:
    text = "The Chief Constable of Gwent, Siân Prothero-Jones, said the café was à la mode, and the naïve fiancé agreed."
    assert corpus_of(tmp_path, a_txt=text.encode("latin-1")).documents[0].text == text


def test_windows_quotes_are_no_control_characters() -> None:
    assert plain_text.decode(b"He said \x93yes\x94 \x96 then left. It cost \xa35.") == "He said “yes” – then left. It cost £5."


def test_damaged_utf8_is_told_and_not_garbled(tmp_path: Path) -> None:
    line = only_problem(corpus_of(tmp_path, a_txt="Siân and Zoë said “so”. ".encode() + b"\xff broken"))
    assert "broken UTF-8" in line
    assert "byte 30" in line


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "is empty"),
        (b" \n\t\n", "is empty"),
        (b"text with a \0 in it", "NUL"),
        (b"\xff\xfea\0b\0\0\0", "NUL"),
        (bytes(range(1, 32)) * 20, "binary"),
        (b"\x89PNG\r\n\x1a\nxxxx", "picture"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"x" * 99, "encrypted or old Word"),
        (b"{\\rtf1 hello}", "rich text"),
        (b"\x1f\x8b\x08abc", "compressed"),
        (b"\xff\xfe\x00", "utf-16"),
    ],
)
def test_what_is_no_text_is_one_problem(tmp_path: Path, content: bytes, told: str) -> None:
    corpus = corpus_of(tmp_path, bad_txt=content, good_txt=BODY)
    assert [d.id for d in corpus.documents] == ["good"]
    assert told in only_problem(corpus)


@settings(deadline=None, max_examples=150)
@given(st.binary(max_size=400))
def test_any_bytes_give_a_document_or_one_problem(data: bytes) -> None:
    for suffix in (".txt", ".json", ".jsonl", ".md"):
        items = []
        try:
            items += readers.read(data, suffix)
        except parts.Fault as fault:
            items.append(fault)
        assert items
        assert all(isinstance(item, parts.Part) and item.text.strip() or isinstance(item, parts.Fault) for item in items)


@settings(deadline=None)
@given(st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1), st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-32"]))
def test_decoding_is_the_inverse_of_encoding(text: str, encoding: str) -> None:
    expected = text.removeprefix("\ufeff") if encoding == "utf-8" else text
    assert plain_text.decode(text.encode(encoding)) == expected


@given(st.text())
def test_messages_can_be_shown_on_a_terminal(text: str) -> None:
    shown = str(parts.problem(text, parts.Fault(text, text)))
    assert shown.isprintable()
    shown.encode("utf-8")


# --- front matter and metadata.csv


def test_front_matter_stays_in_the_text_and_the_body_begins_after_it(tmp_path: Path) -> None:
    head = "---\r\ntitle: 'Chief: new'\r\ndate: 2023-05-04\r\nsource: Star\r\nurl: https://example.org/a\r\nauthor: x\r\n---\r\n"
    document = corpus_of(tmp_path, a_md=head + BODY).documents[0]
    assert document.text == head + BODY
    assert document.text[document.body_start :] == BODY
    assert (document.title, document.date, document.source, document.url) == ("Chief: new", "2023-05-04", "Star", "https://example.org/a")


@pytest.mark.parametrize(
    "text",
    ["---\nNo keys here\n---\nBody", "---\ntitle: never closed\nBody", "Body\n---\ntitle: x\n---\n", "----\ntitle: x\n---\n"],
)
def test_a_rule_is_no_front_matter(text: str) -> None:
    assert front_matter(text)[0] == 0


@pytest.mark.parametrize(
    ("head", "told"),
    [
        ("title: [unclosed", "line 3: the front matter is not YAML"),
        ("date: 4 May 2023", "date '4 May 2023' cannot be used"),
        ("date: 2023-02-30", "it should be a day"),
        ("title: {a: b}", "title is an object"),
        ("url: 'javascript:alert(1)'", "http://"),
        ("title: " + "[" * 5000, "not YAML"),
    ],
)
def test_broken_front_matter_is_told_and_the_body_read(tmp_path: Path, head: str, told: str) -> None:
    corpus = corpus_of(tmp_path, a_txt=f"---\n{head}\n---\n{BODY}")
    document = corpus.documents[0]
    assert document.text[document.body_start :] == BODY
    assert told in only_problem(corpus)


def test_metadata_applies_to_the_folder_and_gives_way_to_front_matter(tmp_path: Path) -> None:
    corpus = corpus_of(
        tmp_path,
        metadata_csv="file,title,date,source,url\r\na.txt,\"One, two\",2024-01-02,Star,http://x.org/\r\nb.txt,B,2024-01-03,,\r\nsub/c.txt,C,,,\r\n",
        a_txt=BODY,
        b_txt=f"---\ndate: 2020-02-02\n---\n{BODY}",
        sub__c_txt=BODY,
        sub__metadata_csv="file,date\nc.txt,2024-05-05\n",
    )
    assert corpus.problems == ()
    rows = {d.id: (d.title, d.date, d.source, d.url) for d in corpus.documents}
    assert rows == {
        "a": ("One, two", "2024-01-02", "Star", "http://x.org/"),
        "b": ("B", "2020-02-02", None, None),
        "c": ("C", "2024-05-05", None, None),
    }


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ("nowhere.txt,,2024-01-02", "line 3: no file 'nowhere.txt'"),
        ("../a.txt,,2024-01-02", "no file '../a.txt'"),
        ("b.txt,,2.1.2024", "line 3: date '2.1.2024' cannot be used; it should be a day"),
        ("b.txt,2024-01-02", "line 3: has 2 cells, the first line has 3"),
        ("a.txt,,2024-01-02", "a second row for 'a.txt'"),
        ('b.txt,"open,2024-01-02', "line 3: not CSV"),
        ("b\x1b[31m.txt,,", "b\\x1b[31m.txt"),
    ],
)
def test_a_broken_metadata_row_is_one_problem_and_the_others_are_used(tmp_path: Path, row: str, told: str) -> None:
    corpus = corpus_of(tmp_path, metadata_csv=f"file,title,date\na.txt,A,2024-01-01\n{row}\n", a_txt=BODY, b_txt=BODY)
    assert len(corpus.documents) == 2
    assert corpus.documents[0].date == "2024-01-01"
    line = only_problem(corpus)
    assert "metadata.csv" in line
    assert told.replace("\\x1b", "x1b") in line.replace("\\", "")


@pytest.mark.parametrize(
    ("table", "told"),
    [
        (b"name,date\na.txt,2024-01-01\n", "no column 'file'"),
        (b"", "no column 'file'"),
        (b"file;date\na.txt;2024-01-01\n", "no column 'file'"),
        (b"file,dat\na.txt,2024-01-01\n", "column 'dat' is not one of"),
        ("file,title\na.txt,Siân Zoë Ætla\n".encode() + b"\xff\n", "broken UTF-8"),
        (b"file\0,date\n", "NUL"),
    ],
)
def test_a_broken_metadata_table_is_one_problem(tmp_path: Path, table: bytes, told: str) -> None:
    corpus = corpus_of(tmp_path, metadata_csv=table, a_txt=BODY)
    assert len(corpus.documents) == 1
    assert told in only_problem(corpus)


def test_metadata_beside_a_file_given_itself_is_used_but_not_checked(tmp_path: Path) -> None:
    corpus_of(tmp_path, metadata_csv="file,date\na.txt,2024-01-01\ngone.txt,2024-01-01\n", a_txt=BODY)
    corpus = read_corpus([tmp_path / "a.txt"])
    assert corpus.problems == ()
    assert corpus.documents[0].date == "2024-01-01"


# --- JSON


def test_json_records(tmp_path: Path) -> None:
    corpus = corpus_of(
        tmp_path,
        one_json=json.dumps({"text": BODY, "title": "T", "date": "2024-01-02T10:00:00Z", "source": "S", "url": "https://x.org/1"}),
        two_json=json.dumps([{"body": BODY, "id": "own"}, {"content": BODY, "id": 7}, {"text": BODY}]),
        three_jsonl='{"text": "One\u2028two."}\n\n{"text": "Three."}\n',
        four_json='{"text": "Four."}\n{"text": "Five."}\n',
    )
    assert corpus.problems == ()
    assert [d.id for d in corpus.documents] == ["7", "four-1", "four-2", "one", "own", "three-1", "three-3", "two-3"]
    one = next(d for d in corpus.documents if d.id == "one")
    assert (one.text, one.title, one.date, one.source, one.url) == (BODY, "T", "2024-01-02", "S", "https://x.org/1")


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ('{"text": "x"', "line 2: not JSON"),
        ("[1]", "line 2: not a record"),
        ("3", "line 2: not a record"),
        ('{"title": "x"}', "line 2: a record without a text"),
        ('{"text": 3}', "line 2: 'text' should be text"),
        ('{"text": ""}', "line 2: 'text' should be text"),
        ('{"text": "a\\u0000b"}', "NUL"),
        ('{"text": "a\\ud800b"}', "surrogate"),
        ("[" * 100_000, "line 2: JSON that cannot be read"),
        ("1" * 5000, "line 2: JSON that cannot be read"),
    ],
)
def test_a_broken_line_costs_only_itself(tmp_path: Path, line: str, told: str) -> None:
    corpus = corpus_of(tmp_path, a_jsonl=f'{{"text": "One."}}\n{line}\n{{"text": "Three."}}\n')
    assert [d.text for d in corpus.documents] == ["One.", "Three."]
    assert told in only_problem(corpus)


@pytest.mark.parametrize(("content", "told"), [("[]", "without records"), ("{}", "without a text"), ('{"text":', "line 1: not JSON")])
def test_json_without_a_record_is_one_problem(tmp_path: Path, content: str, told: str) -> None:
    assert told in only_problem(corpus_of(tmp_path, a_json=content))


@pytest.mark.parametrize("beside", [{"title": 3}, {"date": "yesterday"}, {"url": "ftp://x"}, {"id": []}, {"id": True}, {"title": "\ud800"}])
def test_a_wrong_value_beside_the_text_costs_only_itself(tmp_path: Path, beside: dict[str, object]) -> None:
    corpus = corpus_of(tmp_path, a_json=json.dumps({"text": BODY, **beside}))
    assert [d.id for d in corpus.documents] == ["a"]
    assert next(iter(beside)) in only_problem(corpus)


# --- HTML, PDF, Word

PAGE = """<!DOCTYPE html><html><head><meta charset="{charset}"><title>New chief for Gwent | The Star</title>
<meta property="article:published_time" content="2021-10-04T10:00:00+01:00"><meta property="article:modified_time" content="2022-01-01">
<meta property="og:site_name" content="The Star"><link rel="canonical" href="https://star.example/news/1"></head>
<body><nav><ul><li><a href="/">Home</a></li><li><a href="/sport">Sport pages</a></li></ul></nav>
<article><h1>New chief for Gwent</h1>
<p>Gwent Police has a new chief constable, the commissioner said on Monday. She is Siân Prothero, who has led the force’s crime command.</p>
<p>“I am proud,” she said, standing in the rain outside the headquarters in Cwmbran, where <b>forty</b> officers had gathered.</p>
<ul><li>She joined the force in 1998 after university.</li></ul></article>
<aside><a href="/ad">Buy a conservatory today</a></aside><footer>All rights reserved. Cookie settings</footer></body></html>"""


@pytest.mark.parametrize("charset", ["utf-8", "windows-1252"])
@pytest.mark.parametrize("suffix", ["html", "htm", "txt"])
def test_a_web_page_is_read_without_menus_and_adverts(tmp_path: Path, charset: str, suffix: str) -> None:
    corpus = corpus_of(tmp_path, **{f"page_{suffix}": PAGE.format(charset=charset).encode(charset)})
    assert corpus.problems == ()
    document = corpus.documents[0]
    assert document.text.split("\n\n") == [
        "New chief for Gwent",
        "Gwent Police has a new chief constable, the commissioner said on Monday. She is Siân Prothero, "
        "who has led the force’s crime command.",
        "“I am proud,” she said, standing in the rain outside the headquarters in Cwmbran, where forty officers had gathered.",
        "She joined the force in 1998 after university.",
    ]
    assert (document.title, document.date, document.source) == ("New chief for Gwent", "2021-10-04", "The Star")
    assert document.url == "https://star.example/news/1"


def test_line_breaks_tables_and_quotations_of_a_page(tmp_path: Path) -> None:
    blocks = """<p>See <i>the<br>second <b>line</b></i>
    here.</p><table><tr><td>Gwent</td><td><p>PC</p></td></tr></table><blockquote><p>Quoted.</p></blockquote></article>"""
    page = PAGE.format(charset="utf-8").replace("</article>", blocks)
    assert corpus_of(tmp_path, a_html=page).documents[0].text.split("\n\n")[4:] == ["See the\nsecond line here.", "Gwent\tPC", "Quoted."]


STORY = "The sergeant was charged with theft on Monday, the force said, and he will appear before magistrates in Cwmbran next week."


def page_of(body: str, head: str = "") -> str:
    return f"<html><head><title>Sergeant charged</title>{head}</head><body><main>{body}</main></body></html>"


@pytest.mark.parametrize(
    "pointer",
    [
        '<p><b>READ MORE: </b><a href="/n">Paramedic Jarrod Vossley jailed for rape</a></p>',
        '<p><a href="/n"><strong>Paramedic Jarrod Vossley jailed for rape</strong></a></p>',
        '<ul><li><a href="/n">Paramedic Jarrod Vossley jailed for rape</a></li></ul>',
        '<div><h3><a href="/n">Paramedic jailed for rape</a></h3><p>A jury found Jarrod Vossley guilty.</p><span>2d ago</span></div>',
        '<p class="imageCaption">Jarrod Vossley leaves court</p>',
    ],
)
def test_what_leads_to_other_articles_is_not_read(tmp_path: Path, pointer: str) -> None:
    story = [f"{STORY} That was part {i}." for i in range(4)]
    paragraphs = "".join(f"<p>{paragraph}</p>" for paragraph in story)
    page = page_of(f"<article><h1>Sergeant charged</h1>{paragraphs}{pointer}<p>He denies it.</p></article>")
    text = corpus_of(tmp_path, a_html=page).documents[0].text
    assert text.split("\n\n") == ["Sergeant charged", *story, "He denies it."]


def test_links_within_an_article_are_read(tmp_path: Path) -> None:
    story = f"<p>{STORY}</p>" * 3
    own = '<p><a href="/n">The sergeant was suspended in May last year.</a></p><p>He served in <a href="/g">Gwent Police</a></p>'
    contents = '<h2><a href="#two">What the hearing was told about it</a></h2><p>He denies it.</p>'
    page = page_of(f'<article><h1><a href="/self">Sergeant charged with theft today</a></h1>{story}{own}{contents}</article>')
    text = corpus_of(tmp_path, a_html=page).documents[0].text
    for told in ("Sergeant charged with theft today", "suspended in May", "Gwent Police", "What the hearing was told", "He denies it."):
        assert told in text


def test_all_posts_of_a_live_page_are_read(tmp_path: Path) -> None:
    told = '<script type="application/ld+json">{"@type": "LiveBlogPosting", "datePublished": "2021-10-04T10:00:00Z"}</script>'
    posts = "".join(f"<li><article><h3>Post {i}</h3><p>Number {i}. {STORY}</p></article></li>" for i in range(4))
    document = corpus_of(tmp_path, a_html=page_of(f"<h1>Live</h1><ol>{posts}</ol>", told)).documents[0]
    assert [f"Number {i}." in document.text for i in range(4)] == [True] * 4
    assert document.date == "2021-10-04"


@pytest.mark.parametrize(
    ("shown", "day"),
    [
        ("<div><span>Published: 09:47 08/11/2023</span></div>", "2023-11-08"),
        ("<ul><li>By Ann Lee</li><li>09:12, 14 MAR 2024</li><li>Updated 11:40, 15 MAR 2024</li></ul>", "2024-03-14"),
        ("<dl><dt>Last updated</dt><dd>14 March 2024</dd></dl>", None),
        ("<p>The hearing was held on</p><p>14 March 2024</p>", None),
    ],
)
def test_the_date_below_a_headline(tmp_path: Path, shown: str, day: str | None) -> None:
    page = page_of(f"<article><h1>Sergeant charged</h1>{shown}{f'<p>{STORY}</p>' * 4}</article>")
    assert corpus_of(tmp_path, a_html=page).documents[0].date == day


def test_a_page_that_only_tells_when_it_was_changed_has_no_date(tmp_path: Path) -> None:
    page = PAGE.format(charset="utf-8").replace("published_time", "other_time")
    assert corpus_of(tmp_path, page_html=page).documents[0].date is None


@pytest.mark.parametrize(("declared", "real"), [("utf-8", "windows-1252"), ("rot13", "utf-8"), ("base64", "cp1252"), ("latin-1", "cp1252")])
def test_a_page_that_declares_a_wrong_encoding_is_read(tmp_path: Path, declared: str, real: str) -> None:
    corpus = corpus_of(tmp_path, a_html=PAGE.format(charset=declared).encode(real))
    assert "Siân Prothero, who has led the force’s crime" in corpus.documents[0].text


def test_a_damaged_page_is_read(tmp_path: Path) -> None:
    page = PAGE.format(charset="utf-8").encode().replace(b"forty", b"for\xffty")
    assert "for\ufffdty officers" in corpus_of(tmp_path, a_html=page).documents[0].text


def test_pages_without_text_or_tags(tmp_path: Path) -> None:
    corpus = corpus_of(tmp_path, none_html="<html><body><nav><a href=x>Home</a></nav></body></html>", text_html=BODY)
    assert [(d.id, d.text) for d in corpus.documents] == [("text", BODY)]
    assert "no main text" in only_problem(corpus)


def test_the_gaps_of_justified_text_are_single_spaces(tmp_path: Path) -> None:
    pdf = FPDF()
    pdf.set_font("Helvetica", size=11)
    pdf.add_page()
    pdf.multi_cell(60, 5, "Sergeant Amy Brisco pleaded not guilty to perverting the course of justice on Monday.", align="J")
    (document,) = corpus_of(tmp_path, a_pdf=bytes(pdf.output())).documents
    assert document.text == "Sergeant Amy Brisco pleaded not guilty to perverting the course of justice on Monday."


def test_a_pdf_gives_its_paragraphs_again(tmp_path: Path) -> None:
    first = "The chief constable of Gwent Police said on Monday that the force would answer every call that it was given in the week."
    second = "A second paragraph says a little more about what the commissioner wants to see from all of the officers in the county."
    corpus = corpus_of(tmp_path, a_pdf=pdf_of(f"{first}\n\n{second}"), misnamed_txt=pdf_of(first))
    assert corpus.problems == ()
    assert {d.id: d.text for d in corpus.documents} == {"a": f"{first}\n\n{second}", "misnamed": first}


def test_lines_broken_with_a_hyphen_are_joined() -> None:
    first = ["the commis-", "sioner met a 47-", "year-old from Dyfed-", "Powys in an anti-", "social"]
    broken = [["It began between June 2021 and"], ["April 2022."], ["Ann Lee, of Kent Police, said:"], ["“We are sorry.”"]]
    broken += [["What we do"], ["We act."]]
    assert join_paragraphs(broken) == [
        "It began between June 2021 and April 2022.", "Ann Lee, of Kent Police, said: “We are sorry.”", "What we do", "We act.",
    ]
    assert join_paragraphs([first, ["mood that never", "ends."], ["Next one."]]) == [
        "the commissioner met a 47-year-old from Dyfed-Powys in an anti-social mood that never ends.",
        "Next one.",
    ]


def test_running_heads_and_page_numbers_are_left_out() -> None:
    pages = [[["Annual report"], [f"Body {word}."], [f"Page {n}"]] for n, word in enumerate(("one", "two", "three", "four"), 1)]
    assert without_running_heads(pages) == [["Body one."], ["Body two."], ["Body three."], ["Body four."]]


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("a.pdf", pdf_of("secret text", password="pw"), "encrypted PDF"),
        ("a.pdf", b"%PDF-1.7\nrubbish", "PDF"),
        ("a.pdf", pdf_of(""), "without text"),
        ("a.pdf", BODY.encode(), "named .pdf but is none"),
        ("a.docx", BODY.encode(), "named .docx but is none"),
        ("a.docx", docx_of(), "without text"),
        ("a.docx", docx_of("x" * 5000)[:-300], "damaged Word"),
        ("a.txt", docx_of("x")[:60], "damaged Word"),
    ],
)
def test_a_bad_pdf_or_word_document_is_one_problem(tmp_path: Path, name: str, content: bytes, told: str) -> None:
    (tmp_path / name).write_bytes(content)
    corpus = corpus_of(tmp_path, good_txt=BODY)
    assert [d.id for d in corpus.documents] == ["good"]
    assert told in only_problem(corpus)


def test_a_word_document_with_tables_and_tracked_changes(tmp_path: Path) -> None:
    document = docx.Document()
    paragraph = document.add_paragraph("One ")
    namespace = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    paragraph._p.append(parse_xml(f"<w:ins {namespace} w:id='1' w:author='a'><w:r><w:t>added</w:t></w:r></w:ins>"))
    paragraph._p.append(parse_xml(f"<w:del {namespace} w:id='2' w:author='a'><w:r><w:delText>gone</w:delText></w:r></w:del>"))
    document.add_table(1, 2).rows[0].cells[1].text = "in a cell"
    document.add_paragraph("Last.")
    document.core_properties.title = "Named"
    document.save(str(tmp_path / "a.docx"))
    read = read_corpus([tmp_path]).documents[0]
    assert read.text == "One added\n\nin a cell\n\nLast."
    assert read.title == "Named"


def test_a_zip_bomb_is_refused_unopened(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "bomb.docx", "w", zipfile.ZIP_DEFLATED) as archive, archive.open("word/document.xml", "w") as entry:
        for _ in range(MAX_UNPACKED // 2**20 + 1):
            entry.write(b" " * 2**20)
    assert "more than the limit" in only_problem(read_corpus([tmp_path]))


def test_another_archive_is_no_word_document(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.docx", "w") as archive:
        archive.writestr("a.txt", BODY)
    assert "an archive" in only_problem(read_corpus([tmp_path]))


# --- folders, paths and ids


def test_the_order_of_paths_does_not_matter(tmp_path: Path) -> None:
    corpus_of(tmp_path, b__x_txt="B.", a__x_txt="A.", a__y_txt="Y.", c_txt="C.")
    paths = [tmp_path / "b", tmp_path / "a", tmp_path / "c.txt"]
    there = read_corpus(paths)
    steps: list[tuple[int, int]] = []
    back = read_corpus([*reversed(paths), tmp_path / "a" / "y.txt"], progress=lambda done, of: steps.append((done, of)))
    assert there == back
    assert steps == [(n, 4) for n in (1, 2, 3, 4)]
    assert [d.text for d in there.documents if d.id == "x"] == ["A."]


def test_files_of_one_name_get_ids_that_tell_them_apart(tmp_path: Path) -> None:
    corpus = corpus_of(tmp_path, a__x_txt="A.", b__x_txt="B.", b__X_md="C.")
    assert "x" in {d.id for d in corpus.documents}
    assert len({d.id.casefold() for d in corpus.documents}) == 3
    assert all("is called" in str(p) for p in corpus.problems)
    assert len(corpus.problems) == 2
    moved = tmp_path / "elsewhere"
    assert [d.id for d in corpus_of(moved, a__x_txt="A.", b__x_txt="B.", b__X_md="C.").documents] == [d.id for d in corpus.documents]


@pytest.mark.parametrize("own", ["../../etc/passwd", "a/b", "a\nb", "\x1b[2J", "..", ".hidden", "x" * 5000, "\ud800", "a\0b"])
def test_a_hostile_id_becomes_a_file_name(tmp_path: Path, own: str) -> None:
    corpus = corpus_of(tmp_path, a_json=json.dumps({"text": BODY, "id": own}))
    name = corpus.documents[0].id
    (tmp_path / f"{name}.out").write_text("x")
    assert name.isprintable()
    assert not name.startswith(".")
    assert (tmp_path / f"{name}.out").parent == tmp_path


def test_links_in_a_circle_end(tmp_path: Path) -> None:
    corpus_of(tmp_path, sub__a_txt=BODY)
    (tmp_path / "sub" / "loop").symlink_to(tmp_path)
    (tmp_path / "again.txt").symlink_to(tmp_path / "sub" / "a.txt")
    corpus = read_corpus([tmp_path])
    assert len(corpus.documents) == 1
    assert corpus.problems == ()


def test_what_is_no_readable_file_is_told(tmp_path: Path) -> None:
    (tmp_path / "gone.txt").symlink_to(tmp_path / "nowhere")
    os.mkfifo(tmp_path / "pipe.txt")
    (tmp_path / "notes.xyz").write_text("text")
    (tmp_path / ".hidden.txt").write_text("text")
    corpus = read_corpus([tmp_path, tmp_path / "missing", "/dev/null"])
    assert corpus.documents == ()
    assert [p.message.split(";")[0] for p in corpus.problems] == [
        "not a regular file",
        "a link to nothing",
        "no such file or folder",
        "not a regular file",
        f"not a type that is read ({' '.join(readers.READERS)})",
    ]


def test_a_file_given_itself_is_read_whatever_its_suffix(tmp_path: Path) -> None:
    (tmp_path / "article").write_text(BODY)
    assert [d.id for d in read_corpus([tmp_path / "article"]).documents] == ["article"]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_without_permission_is_told(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(BODY)
    (tmp_path / "a.txt").chmod(0)
    assert "Permission denied" in only_problem(read_corpus([tmp_path]))


def test_a_file_over_the_limit_is_told(tmp_path: Path) -> None:
    with (tmp_path / "big.txt").open("wb") as handle:
        handle.truncate(200 * 2**20)
    (tmp_path / "good.txt").write_text(BODY)
    corpus = read_corpus([tmp_path])
    assert len(corpus.documents) == 1
    assert "is 200 MB, more than the limit of 50 MB" in only_problem(corpus)
    assert "limit of 10 bytes" in only_problem(read_corpus([tmp_path / "good.txt"], max_bytes=10))


def test_escape_sequences_in_file_names_do_not_reach_the_terminal(tmp_path: Path) -> None:
    (tmp_path / "a\x1b[31m\nb.txt").write_bytes(b"")
    (Path(os.fsdecode(os.fsencode(tmp_path) + b"/bad\xff.txt"))).write_text(BODY)
    corpus = read_corpus([tmp_path])
    assert "a\\x1b[31m\\x0ab.txt: is empty" in only_problem(corpus)
    assert corpus.documents[0].path.isprintable()
    corpus.documents[0].id.encode("utf-8")


def test_ignored_files_are_not_read(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    (tmp_path / ".kgignore").write_text("gold/\n*.md\n!keep.md\n")
    (tmp_path / "sub" / ".kgignore").write_text("/b.txt\n")
    names = ("a_txt", "gold__a_json", "x_md", "keep_md", "sub__b_txt", "sub__c_txt", "sub__gold__g_txt", "sub__d__b_txt")
    corpus = corpus_of(tmp_path, **dict.fromkeys(names, BODY))
    assert [d.id for d in corpus.documents] == ["a", "b", "c", "keep"]
    assert corpus.problems == ()


@pytest.mark.parametrize(
    "content",
    [BODY.encode(), json.dumps({"text": BODY}).encode(), docx_of(BODY.strip()), PAGE.format(charset="utf-8").encode(), pdf_of("Plain.")],
    ids=["text", "json", "docx", "html", "pdf"],
)
def test_standard_input_is_read_by_its_content(content: bytes) -> None:
    corpus = read_corpus(["-"], stdin=io.BytesIO(content))
    assert corpus.problems == ()
    assert [d.id for d in corpus.documents] == ["stdin"]
    assert not corpus.documents[0].text.startswith(("{", "PK", "<", "%PDF"))


def test_standard_input_that_is_not_there_is_told() -> None:
    assert "standard input" in only_problem(read_corpus(["-"]))
    assert "limit" in only_problem(read_corpus(["-"], stdin=io.BytesIO(b"x" * 11), max_bytes=10))


def test_the_shipped_corpus_holds_only_its_texts() -> None:
    folder = Path(__file__).parent.parent / "corpus"
    corpus = read_corpus([folder])
    assert corpus.problems == ()
    assert len(corpus.documents) == 751
    assert all(d.date for d in corpus.documents)
    assert {d.id for d in corpus.documents} == {p.stem for p in folder.glob("*/gold/*.json")}
    assert walk.find([folder / "dev"]).problems == ()
