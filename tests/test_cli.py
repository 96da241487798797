"""The command line: what it prints where, its exit codes, and what it leaves behind when something is wrong."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import click
import pytest
from click.testing import CliRunner, Result
from conftest import SPECIFICATION, rewrite, sample_readings

import kg as package
from kg import __version__, language, rows
from kg.cli import cli
from kg.errors import ModelError
from kg.folder import GraphFolder
from kg.model import ENTITY_TYPES, Document, Reading
from kg.query import named_queries
from kg.resources import ontology_dir
from kg.store import memory_store

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")


def kg(*words: object, stdin: str | bytes | None = None) -> Result:
    return CliRunner().invoke(cli, [str(word) for word in words], input=stdin, prog_name="kg")


@pytest.fixture
def hand_read(monkeypatch: pytest.MonkeyPatch) -> None:
    """A language stage that knows the readings of the sample's documents, and chokes on the word CHOKE."""
    known = {reading.document.text: reading for reading in sample_readings()}

    def read(nlp: Any, document: Document, reference: Any) -> Reading:
        if "CHOKE" in document.text:
            raise ValueError("too much")
        found = known.get(document.text)
        return Reading(document, found.chains if found else (), found.facts if found else (), len(document.text.split()))

    monkeypatch.setattr(language, "load", lambda name=None: SimpleNamespace(meta={"lang": "en", "name": "by_hand", "version": "1"}))
    fake = SimpleNamespace(read=read)
    monkeypatch.setitem(sys.modules, "kg.annotate", fake)  # the real one loads spaCy, which no test here needs
    monkeypatch.setattr(package, "annotate", fake, raising=False)


@pytest.fixture
def articles(tmp_path: Path) -> Path:
    """A folder with the sample's documents."""
    folder = tmp_path / "articles"
    folder.mkdir()
    lines = ["file,date"]
    for name, (text, day, _, _) in SPECIFICATION.items():
        (folder / f"{name}.txt").write_text(text)
        lines.append(f"{name}.txt,{day}")
    (folder / "metadata.csv").write_text("\n".join(lines) + "\n")
    return folder


def _bytes(folder: Path) -> dict[str, bytes]:
    """What a graph folder holds, but for the store and what is kept for the next build, which are databases."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*"))
            if path.is_file() and not {"store", "state"} & set(path.relative_to(folder).parts)}


# --- build -----------------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("hand_read")
def test_build_makes_a_graph_folder_and_says_what_is_in_it(articles: Path, tmp_path: Path) -> None:
    graph = tmp_path / "out" / "graph"
    result = kg("build", articles, "-g", graph)
    assert result.exit_code == 0, result.output
    assert re.search(r"3 documents, \d+ words in [\d.]+ s: [\d,]+ words a second", result.stdout)
    assert re.search(r"Person +6\b", result.stdout)
    assert re.search(r"accusedOf +2 +1 +3\b", result.stdout)
    assert "validation: the graph conforms to its shapes" in result.stdout
    assert str(graph / "graph.ttl") in result.stdout and str(graph / "graph.html") in result.stdout
    assert result.stderr == ""
    assert {"graph.ttl", "graph.nq", "graph.html", "manifest.json", "texts/charged.txt"} <= set(_bytes(graph))
    assert sorted(path.name for path in graph.parent.iterdir()) == ["graph"]


@pytest.mark.usefixtures("hand_read")
def test_the_same_input_gives_the_same_bytes(articles: Path, tmp_path: Path) -> None:
    kg("build", articles, "-g", tmp_path / "one")
    kg("build", *sorted(articles.glob("*.txt"), reverse=True), "-g", tmp_path / "two")
    kg("build", articles, "-g", tmp_path / "three")
    assert _bytes(tmp_path / "one") == _bytes(tmp_path / "two") == _bytes(tmp_path / "three")


@pytest.mark.usefixtures("hand_read")
def test_a_fault_in_one_document_costs_no_other(articles: Path, tmp_path: Path) -> None:
    (articles / "bad.txt").write_text("CHOKE on this.")
    result = kg("build", articles, "-g", tmp_path / "graph")
    assert result.exit_code == 1
    [line] = result.stderr.splitlines()
    assert "bad.txt" in line and "ValueError: too much" in line
    assert "3 documents (1 could not be read, see above)" in result.stdout
    assert (tmp_path / "graph" / "graph.nq").exists()


@pytest.mark.usefixtures("hand_read")
def test_bad_files_are_named_and_the_others_built(articles: Path, tmp_path: Path) -> None:
    (articles / "empty.txt").write_text("")
    (articles / "broken.pdf").write_bytes(b"%PDF-1.7 nothing more")
    (articles / "broken.docx").write_bytes(b"PK\x03\x04 nothing more")
    (articles / "binary.txt").write_bytes(bytes(range(256)) * 20)
    result = kg("build", articles, tmp_path / "nowhere.txt", "-g", tmp_path / "graph")
    assert result.exit_code == 1
    lines = result.stderr.splitlines()
    for name in ("empty.txt", "broken.pdf", "broken.docx", "binary.txt", "nowhere.txt"):
        assert len([line for line in lines if name in line]) == 1, lines
    assert len(lines) == 5 and all(line.startswith("kg: ") for line in lines)
    assert "3 documents" in result.stdout


@pytest.mark.usefixtures("hand_read")
def test_nothing_to_read_leaves_the_old_graph(graph_dir: Path, tmp_path: Path) -> None:
    before = _bytes(graph_dir)
    empty = tmp_path / "empty"
    empty.mkdir()
    result = kg("build", empty, "-g", graph_dir)
    assert result.exit_code == 2
    assert "no document could be read" in result.stderr
    assert _bytes(graph_dir) == before


@pytest.mark.usefixtures("hand_read")
def test_a_failing_page_leaves_the_old_graph(articles: Path, graph_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = _bytes(graph_dir)

    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("kg.render.render", fail)
    result = kg("build", articles, "-g", graph_dir)
    assert result.exit_code == 2
    assert "cannot be written (No space left on device)" in result.stderr
    assert _bytes(graph_dir) == before
    assert [path.name for path in graph_dir.parent.iterdir() if "building" in path.name] == []


@pytest.mark.usefixtures("hand_read")
@pytest.mark.parametrize("model", ["en_none", "en.none", "sys", "json", "articles"])
def test_no_model_leaves_the_old_graph(articles: Path, graph_dir: Path, model: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(articles.parent)
    before = _bytes(graph_dir)
    result = kg("build", articles, "-g", graph_dir, "--model", model)
    assert result.exit_code == 2
    assert re.fullmatch(rf"kg: .*{model}.*: no spaCy pipeline .*\n", result.stderr)
    assert _bytes(graph_dir) == before


@pytest.mark.usefixtures("hand_read")
def test_a_damaged_model_leaves_the_old_graph(articles: Path, graph_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(name: str | None = None) -> None:
        raise ModelError("the language model is damaged")

    monkeypatch.setattr(language, "load", fail)
    before = _bytes(graph_dir)
    result = kg("build", articles, "-g", graph_dir)
    assert (result.exit_code, result.stderr) == (2, "kg: the language model is damaged\n")
    assert _bytes(graph_dir) == before


@pytest.mark.usefixtures("hand_read")
def test_a_folder_of_something_else_is_never_replaced(articles: Path) -> None:
    before = _bytes(articles)
    result = kg("build", articles, "-g", articles)
    assert result.exit_code == 2
    assert "is no graph folder" in result.stderr
    assert _bytes(articles) == before


@pytest.mark.usefixtures("hand_read")
def test_a_graph_within_the_articles_is_not_read(articles: Path) -> None:
    first = kg("build", articles, "-g", articles / "graph")
    second = kg("build", articles, "-g", articles / "graph")
    assert (first.exit_code, second.exit_code) == (0, 0), second.output
    assert "3 documents" in second.stdout


@pytest.mark.usefixtures("hand_read")
def test_standard_input(tmp_path: Path) -> None:
    result = kg("build", "-", "-g", tmp_path / "graph", stdin=SPECIFICATION["cleared"][0])
    assert result.exit_code == 0, result.output
    assert "1 document, " in result.stdout


@pytest.mark.usefixtures("hand_read")
def test_the_base_iri_is_chosen_in_a_file_or_an_option(articles: Path, tmp_path: Path) -> None:
    config = tmp_path / "kg.toml"
    config.write_text('base_iri = "https://example.org/one/"\n')
    kg("build", articles, "-g", tmp_path / "one", "--config", config)
    kg("build", articles, "-g", tmp_path / "two", "--config", config, "--base-iri", "https://example.org/two#")
    assert "<https://example.org/one/person/anna-wells" in (tmp_path / "one" / "graph.nq").read_text()
    assert "<https://example.org/two#person/anna-wells" in (tmp_path / "two" / "graph.nq").read_text()


@pytest.mark.parametrize(("content", "said"), [
    ("base_iri = ", "not valid TOML"), ("base = 'x'", "unknown key 'base'; known are base_iri, model"), ("model = 5", "model is 5"),
    ("base_iri = 'nonsense'", "cannot begin an IRI"), ("base_iri = 'https://x/ y/'", "cannot begin an IRI"),
    ("base_iri = 'https://x'", "cannot begin an IRI"),
])
def test_a_wrong_configuration(tmp_path: Path, content: str, said: str) -> None:
    config = tmp_path / "kg.toml"
    config.write_text(content)
    result = kg("build", tmp_path, "--config", config)
    assert result.exit_code == 2
    assert result.stderr.startswith(f"kg: {config}: ") and said in result.stderr and result.stderr.count("\n") == 1


# --- entities, facts -------------------------------------------------------------------------------------------------


def test_rows_are_json_lines_when_piped(sample_dir: Path) -> None:
    store = memory_store(GraphFolder(sample_dir).nquads)
    for command, expected in (("entities", rows.entities(store)), ("facts", rows.facts(store))):
        result = kg(command, "-g", sample_dir)
        assert [json.loads(line) for line in result.stdout.splitlines()] == list(expected)
        assert (result.exit_code, result.stderr) == (0, "")


def _facts(*words: object) -> list[dict[str, Any]]:
    result = kg("facts", *words)
    assert result.exit_code == 0, result.output
    return [json.loads(line) for line in result.stdout.splitlines()]


def test_facts_are_chosen(sample_dir: Path) -> None:
    assert {row["predicate"] for row in _facts("-g", sample_dir, "--predicate", "headOf", "--predicate", "said")} == {"headOf", "said"}
    assert {row["status"] for row in _facts("-g", sample_dir, "--status", "alleged")} == {"alleged"}
    assert {row["document"] for row in _facts("-g", sample_dir, "--document", "cleared")} == {"cleared"}
    assert {row["confidence"] for row in _facts("-g", sample_dir, "--min-confidence", "0.7")} == {0.9}
    about = _facts("-g", sample_dir, "--about", "iopc")
    assert [(row["subject"]["name"], row["predicate"]) for row in about] == [("Edward Lane", "referredTo")]
    assert _facts("-g", sample_dir, "--status", "hypothetical") == []


def test_entities_are_chosen(sample_dir: Path) -> None:
    result = kg("entities", "-g", sample_dir, "--type", "Court", "--type", "Unit")
    assert [json.loads(line)["type"] for line in result.stdout.splitlines()] == ["Unit", "Court"]
    result = kg("entities", "-g", sample_dir, "--name", "daniel frost", "--document", "cleared")
    assert [json.loads(line)["document"] for line in result.stdout.splitlines()] == ["cleared"]


@pytest.mark.parametrize(("words", "said"), [
    (("facts", "--predicate", "headof"), "no predicate is called 'headof'; did you mean 'headOf'"),
    (("facts", "--document", "chargd"), "no document is called 'chargd'; did you mean 'charged'"),
    (("facts", "--about", "Ana Wells"), "no entity is called 'Ana Wells' in this graph; did you mean 'Anna Wells'"),
    (("facts", "--status", "true"), "is not one of 'asserted', 'alleged'"),
    (("facts", "--min-confidence", "2"), "2.0 is not in the range"),
    (("entities", "--type", "Police"), "no entity type is called 'Police'; did you mean 'PoliceForce'"),
    (("export", "--format", "xslx"), "'xslx' is no format; did you mean 'xlsx'?; it should be one of ttl"),
    (("push", "localhost:8890"), "'localhost:8890' is no address of a server; it should be like http://"),
    (("query", "ASK {}", "--endpoint", "http://ann:secret@localhost/"), "an address should hold no login"),
    (("query", "who-leads"), "did you mean 'who-led'"),
    (("query", "who-led", "West Mercia"), "stands where a parameter was expected"),
    (("query", "who-led", "--force"), "--force has no value"),
    (("query", "SELECT * {}", "--force", "x"), "only named questions take parameters"),
    (("query", "SELECT * {"), "SPARQL, line 1, column 11, at its end"),
    (("query", "SELECT * {}", "--file", "x.rq"), "not both"),
    (("query", "--file", "/nonexistent.rq"), "cannot be read"),
    (("query", "ASK {}", "--format", "turtle"), "not as turtle"),
    (("query", "DESCRIBE <a:a>", "--format", "json"), "not as json"),
    (("render", "-o", "/nonexistent/page.html"), "/nonexistent/page.html"),
    (("export", "--format", "nt", "-o", "/nonexistent/x.nt"), "cannot be written"),
    (("evaluate", "--gold", "/nonexistent"), "/nonexistent"),
])
def test_a_mistake_is_one_clear_line(sample_dir: Path, words: tuple[str, ...], said: str) -> None:
    result = kg(*words, "-g", sample_dir)
    assert result.exit_code == 2
    assert said in result.stderr
    assert "Traceback" not in result.output
    assert result.stdout == ""
    assert result.stderr.splitlines()[-1].startswith(("kg: ", "Error: "))


@pytest.mark.parametrize("command", ["entities", "facts", "validate", "render", "export --format nt", "query ASK{}", "query who-led"])
def test_no_graph_is_one_clear_line(tmp_path: Path, command: str) -> None:
    result = kg(*command.split(), "-g", tmp_path / "none")
    assert result.exit_code == 2
    assert result.stderr == f"kg: {tmp_path / 'none'}: no graph folder here; make one with: kg build PATH... -g {tmp_path / 'none'}\n"
    assert not (tmp_path / "none").exists()


def test_tables_and_csv(sample_dir: Path) -> None:
    table = kg("facts", "-g", sample_dir, "--format", "table", "--status", "alleged").stdout
    assert re.search(r"charged +Daniel Frost +accusedOf +assault +alleged +PC Daniel Frost, of Essex Police", table)
    text = kg("entities", "-g", sample_dir, "--format", "csv", "--type", "Review").stdout
    assert text.splitlines()[0] == "document,id,type,name,names,mentions"
    assert '"\'=HYPERLINK(""http://x"") Review"' in text


# --- query -----------------------------------------------------------------------------------------------------------


def test_a_named_question(sample_dir: Path) -> None:
    result = kg("query", "who-led", "--force", "west mercia police", "--on", "2022-01-01", "-g", sample_dir, "--format", "json")
    assert [row["name"]["value"] for row in json.loads(result.stdout)["results"]["bindings"]] == ["Anna Wells"]
    again = kg("query", "-g", sample_dir, "who-led", "--force=west mercia police", "--on=2022-01-01", "--format", "json")
    assert again.stdout == result.stdout
    assert "Anna Wells" in kg("query", "who-led", "-g", sample_dir, "--format", "table").stdout
    assert kg("query", "who-led", "-g", sample_dir).stdout.startswith("name,leads,certainty,")
    assert "<sparql xmlns=" in kg("query", "who-led", "-g", sample_dir, "--format", "xml").stdout


def test_sparql_from_anywhere(sample_dir: Path, tmp_path: Path) -> None:
    sparql = "SELECT (COUNT(*) AS ?n) { ?force a kg:PoliceForce }"
    file = tmp_path / "question.rq"
    file.write_text(sparql)
    answers = [kg("query", sparql, "-g", sample_dir), kg("query", "--file", file, "-g", sample_dir),
               kg("query", "-", "-g", sample_dir, stdin=sparql), kg("query", "-g", sample_dir, stdin=sparql)]
    assert {(answer.exit_code, answer.stdout) for answer in answers} == {(0, "n\n2\n")}


def test_ask_and_construct(sample_dir: Path) -> None:
    assert kg("query", "ASK { ?who kg:headOf ?force }", "-g", sample_dir).stdout == "true\n"
    turtle = kg("query", "CONSTRUCT { ?s kg:succeeds ?o } WHERE { ?s kg:succeeds ?o }", "-g", sample_dir).stdout
    assert "kg:succeeds <https://policing-kg.example/id/person/brian-holt>" in turtle


def test_an_ambiguous_name_is_said(graph_dir: Path) -> None:
    extra = ('<https://policing-kg.example/id/person/brian-holt> <http://www.w3.org/2004/02/skos/core#altLabel> "Anna Wells" .\n')
    rewrite(graph_dir, lambda quads: quads + extra)
    result = kg("query", "posts-of", "--person", "anna wells", "-g", graph_dir)
    assert result.exit_code == 0
    assert "may be Anna Wells (Person) <https://policing-kg.example/id/person/anna-wells>, Brian Holt" in result.stderr


def test_the_list_and_the_help_of_questions() -> None:
    listed = kg("query", "--list").stdout
    for question in named_queries().values():
        assert f"\n{question.name} " in "\n" + listed.replace("\n", " \n")
        assert question.explanation in listed
        shown = kg("query", question.name, "--help").stdout
        assert question.example in shown and all(f"--{parameter.name}" in shown for parameter in question.parameters)


# --- the others ------------------------------------------------------------------------------------------------------


def test_validate_says_yes(sample_dir: Path) -> None:
    result = kg("validate", "-g", sample_dir)
    assert (result.exit_code, result.stdout) == (0, "")
    assert result.stderr == "validation: the graph conforms to its shapes\n"


def test_validate_says_no(graph_dir: Path) -> None:
    rewrite(graph_dir, lambda quads: "".join(line for line in quads.splitlines(keepends=True) if "ontology#status>" not in line))
    result = kg("validate", "-g", graph_dir)
    assert result.exit_code == 1
    assert "does not conform" in result.stderr
    assert {json.loads(line)["severity"] for line in result.stdout.splitlines()} >= {"Violation"}


def test_render_writes_the_page(graph_dir: Path) -> None:
    result = kg("render", "-g", graph_dir)
    assert (result.exit_code, result.stdout) == (0, f"{graph_dir / 'graph.html'}\n")
    page = (graph_dir / "graph.html").read_text(encoding="utf-8")
    assert '"counts": {"documents": 3, "entities": 14' in page
    assert 'id="part-texts-0"' in page
    other = graph_dir / "other.html"
    assert kg("render", "-g", graph_dir, "--no-texts", "-o", other).exit_code == 0
    assert "part-texts" not in other.read_text(encoding="utf-8")


def test_export_to_a_file_or_standard_output(sample_dir: Path, tmp_path: Path) -> None:
    target = tmp_path / "graph.nt"
    assert kg("export", "-g", sample_dir, "--format", "nt", "-o", target).exit_code == 0
    assert target.read_bytes() == kg("export", "-g", sample_dir, "--format", "nt").stdout_bytes
    assert [path.name for path in tmp_path.iterdir()] == ["graph.nt"]


def test_evaluate(sample_dir: Path, tmp_path: Path) -> None:
    row = {"s": "frost", "p": "accusedOf", "o": "assault", "status": "alleged"}
    gold = {"document": "charged", "date": "2023-02-01",
            "entities": [{"id": "frost", "type": "Person", "names": ["Daniel Frost"]},
                         {"id": "assault", "type": "Offence", "names": ["assault"]}],
            "facts": [row], "forbidden": [{"s": "frost", "p": "convictedOf", "o": "assault"}]}
    (tmp_path / "charged.json").write_text(json.dumps(gold))
    result = kg("evaluate", "-g", sample_dir, "--gold", tmp_path, "--format", "json")
    assert result.exit_code == 0
    assert json.loads(result.stdout)["facts"]["tp"] == 1
    (tmp_path / "charged.json").write_text(json.dumps(gold | {"facts": [], "forbidden": [row]}))
    result = kg("evaluate", "-g", sample_dir, "--gold", tmp_path, "--errors", "50")
    assert result.exit_code == 1
    assert "FORBIDDEN" in result.stderr and "forbidden 1" in result.stdout


# --- terminals -------------------------------------------------------------------------------------------------------

EVIL = "\x1b]0;owned\x07\x9b31m\u202eevil\u2066 [red]bold[/red]"


def _evil_graph(graph_dir: Path) -> None:
    escaped = EVIL.encode("ascii", "backslashreplace").decode().replace("\\x", "\\u00")
    rewrite(graph_dir, lambda quads: quads.replace('"Daniel Frost"', f'"Daniel {escaped} Frost"'))


@pytest.mark.parametrize("command", [
    ("facts",), ("entities",), ("facts", "--format", "table"), ("entities", "--format", "table"),
    ("query", "officers-charged", "--format", "table"), ("facts", "--about", f"Daniel {EVIL} Frost"), ("facts", "--about", f"{EVIL}"),
])
def test_no_text_acts_on_a_terminal(graph_dir: Path, command: tuple[str, ...]) -> None:
    _evil_graph(graph_dir)
    output = kg(*command, "-g", graph_dir).output
    assert "owned" in output
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", output)


def test_json_lines_lose_nothing_of_it(graph_dir: Path) -> None:
    _evil_graph(graph_dir)
    names = {json.loads(line)["name"] for line in kg("entities", "-g", graph_dir).stdout.splitlines()}
    assert f"Daniel {EVIL} Frost" in names


@pytest.mark.skipif(sys.platform == "win32", reason="no pseudo-terminals")
def test_on_a_terminal_rows_are_a_table(sample_dir: Path) -> None:
    import pty

    leader, follower = pty.openpty()
    environment = os.environ | {"COLUMNS": "120", "TERM": "xterm"}
    words = [sys.executable, "-m", "kg", "facts", "-g", str(sample_dir), "--status", "alleged"]
    process = subprocess.Popen(words, stdout=follower, stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, env=environment, cwd=ROOT)
    process.wait(60)
    os.close(follower)
    shown = os.read(leader, 65536).decode()
    os.close(leader)
    assert "predicate" in shown and not shown.lstrip().startswith("{")


def test_a_reader_that_goes_away(sample_dir: Path) -> None:
    command = f"{sys.executable} -m kg facts -g {sample_dir} | head -n 1"
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, cwd=ROOT, check=False)
    assert json.loads(done.stdout)["document"] == "appointed"
    assert done.stderr == ""


# --- the command as a whole ------------------------------------------------------------------------------------------


def test_version() -> None:
    assert kg("--version").stdout == f"kg {__version__}\n"


def test_every_command_has_a_help_with_an_example() -> None:
    assert list(cli.commands) == ["build", "entities", "facts", "query", "serve", "diff", "explain", "review", "forget", "validate",
                                  "export", "push", "render", "dossier", "evaluate", "train"]
    inner = [(name, below) for name, command in cli.commands.items() for below in getattr(command, "commands", ())]
    for words in [*((name,) for name in cli.commands), *inner]:
        shown = kg(*words, "--help").stdout
        assert f"kg {' '.join(words)}" in re.split("Examples?:", shown)[1]
        assert words == ("explain",) or words[0] in ("diff", "train") or "--graph DIR" in re.sub(r"\s+", " ", shown)


def test_every_command_option_and_question_is_in_the_readme() -> None:
    for name, command in cli.commands.items():
        assert f"kg {name}" in README
        for option in (parameter for parameter in command.params if isinstance(parameter, click.Option)):
            assert option.opts[-1] in README, f"kg {name} {option.opts[-1]}"
    for question in named_queries().values():
        assert f"`{question.name}`" in README


def test_the_readme_names_the_exit_codes_and_types() -> None:
    shown = kg("--help").stdout
    for code in ("0", "1", "2", "130"):
        assert re.search(rf"^ +{code} ", shown, re.MULTILINE) and f"| {code} |" in README
    assert all(name in README for name in ENTITY_TYPES)


def test_without_a_command_help_is_shown() -> None:
    assert "Commands:" in kg().output


def test_nothing_heavy_is_loaded_for_help() -> None:
    heavy = ("spacy", "rdflib", "pyvis", "networkx", "numpy", "rich", "pyoxigraph", "starlette", "uvicorn")
    code = f"import sys; from kg.cli import cli; print([name for name in {heavy} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True)
    assert done.stdout == "[]\n"


def test_the_ontology_is_found() -> None:
    assert (ontology_dir() / "queries" / "who-led.rq").is_file()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("serve", "--port", "99999"), "kg: Invalid value for '--port': 99999 is not in the range 0<=x<=65535 (see: kg serve --help)"),
        (("explain", "nonsense"), "kg: No such command 'nonsense' (see: kg explain --help)"),
        (("--nonsense",), "kg: No such option '--nonsense' (see: kg --help)"),
    ],
)
def test_wrong_usage_is_told_in_one_line(words: tuple[str, ...], said: str) -> None:
    result = kg(*words)
    assert result.exit_code == 2 and result.stderr == said + "\n"
