"""What is loaded is data: neither a model's folder nor the file of decisions, nor anything a graph folder holds, can run code."""

from __future__ import annotations

import ast
import gzip
import os
import pickle
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from kg import language
from kg.decisions import read
from kg.documents import read_corpus
from kg.errors import InputError, ModelError
from kg.language.components import DECISION, FILES, SALIENCE, TIMING
from kg.resources import model_dir
from tests.robustness.nasty import pdf

ROOT = Path(__file__).resolve().parent.parent
#: Modules whose readers can be made to run what they read.
UNSAFE = {"pickle", "cloudpickle", "dill", "marshal", "shelve", "joblib", "jsonpickle", "code", "codeop"}
#: Functions that run what they are given, by name; of the names with dots, methods too.
RUNNING = {"eval", "exec", "compile", "__import__", "yaml.unsafe_load", "yaml.full_load", "torch.load"}


class Payload:
    """An object whose pickle makes a file when it is read."""

    def __init__(self, mark: Path) -> None:
        self.mark = mark

    def __reduce__(self) -> tuple[object, tuple[str]]:
        return os.mkdir, (str(self.mark),)


def test_the_payload_works(tmp_path: Path) -> None:
    pickle.loads(pickle.dumps(Payload(tmp_path / "mark")))
    assert (tmp_path / "mark").exists()


def test_the_package_has_no_means_to_run_what_it_reads() -> None:
    found = []
    for path in sorted((ROOT / "kg").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                found += [f"{path}: import {alias.name}" for alias in node.names if alias.name.partition(".")[0] in UNSAFE]
            elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0 and node.module.partition(".")[0] in UNSAFE:
                found.append(f"{path}: from {node.module}")
            elif isinstance(node, ast.Call) and ast.unparse(node.func) in RUNNING:
                found.append(f"{path}:{node.lineno}: {ast.unparse(node.func)}")
            elif isinstance(node, ast.keyword) and node.arg == "allow_pickle" and ast.unparse(node.value) != "False":
                found.append(f"{path}:{node.value.lineno}: allow_pickle")
    assert found == []


@pytest.fixture
def model(tmp_path: Path) -> Path:
    """A copy of the shipped model."""
    return Path(shutil.copytree(model_dir(), tmp_path / "model"))


@pytest.mark.model
@pytest.mark.parametrize(("was", "becomes"), [
    ('factory = "kg_encoder"', 'factory = "entity_ruler"'),
    ('factory = "kg_encoder"', 'source = "en_core_web_sm"'),
    ('factory = "kg_encoder"', 'factory = "kg_encoder"\n\n[components.kg_encoder.more]\n@misc = "evil.v1"'),
    ('pipeline = ["kg_encoder"]', 'pipeline = ["kg_encoder","evil"]'),
    ('[components]\n', '[components]\n\n[components.evil]\nfactory = "sentencizer"\n'),
    ('lang = "en"', 'lang = "de"'),
    ("before_creation = null", 'before_creation = {"@callbacks": "spacy.copy_from_base_model.v1"}'),
    ("after_creation = null", 'after_creation = [{"@callbacks": "evil.v1"}]'),
    ("[corpora]\n", '[corpora]\n\n[corpora.evil]\n@misc = "evil.v1"\n'),
    ('"spacy.Tokenizer.v1"', '"evil.v1"'),
    ('"spacy.Vectors.v1"', '"spacy.read_labels.v1"'),
    ("[nlp]", "nlp"),
    ('pipeline = ["kg_encoder"]', "pipeline = ${paths.none}"),
    ('pipeline = ["kg_encoder"]', ""),
])
def test_settings_that_name_anything_else_are_refused(was: str, becomes: str, model: Path) -> None:
    path = model / "config.cfg"
    told = path.read_text(encoding="utf-8")
    assert was in told
    path.write_text(told.replace(was, becomes, 1), encoding="utf-8")
    with pytest.raises(ModelError) as raised:
        language.load(str(model))
    assert str(raised.value).startswith(f"{path}: ")
    assert "\n" not in str(raised.value)


@pytest.mark.model
@pytest.mark.parametrize("name", [*FILES, DECISION, SALIENCE, TIMING])
def test_a_pickle_in_the_place_of_a_file_of_the_model_is_refused(name: str, model: Path, tmp_path: Path) -> None:
    (model / "kg_encoder" / name).write_bytes(pickle.dumps(Payload(tmp_path / "mark")))
    with pytest.raises(ModelError, match="damaged"):
        language.load(str(model))
    assert not (tmp_path / "mark").exists()


@pytest.mark.model
@pytest.mark.parametrize("name", ["config.cfg", "meta.json", "tokenizer", "vocab/lookups.bin", "vocab/key2row", "vocab/vectors",
                                  "vocab/strings.json", "vocab/vectors.cfg"])
def test_a_pickle_beside_the_files_of_the_model_does_nothing(name: str, model: Path, tmp_path: Path) -> None:
    (model / name).write_bytes(pickle.dumps(Payload(tmp_path / "mark")))
    if name == "config.cfg":
        with pytest.raises(ModelError, match="damaged"):
            language.load(str(model))
    else:
        language.load(str(model))
    assert not (tmp_path / "mark").exists()


_WATCHED = """
import sys
from kg import language
language.load()  # imports what it needs
seen = []
def hook(event, arguments):
    if event.startswith(("pickle", "marshal", "ctypes", "import", "subprocess", "os.system", "os.exec", "os.posix_spawn", "os.fork",
                         "socket")) and arguments[0] != "google.colab":  # spaCy asks whether it runs there
        seen.append((event, repr(arguments)[:200]))
sys.addaudithook(hook)
language.load(sys.argv[1])
print(seen)
"""


@pytest.mark.model
def test_opening_a_model_runs_starts_and_connects_nothing(model: Path) -> None:
    """As Python's own audit sees it: nothing is unpickled or imported, no process started, no library loaded, no host asked."""
    words = [sys.executable, "-c", _WATCHED, str(model)]
    done = subprocess.run(words, capture_output=True, text=True, cwd=ROOT, check=True)
    assert done.stdout == "[]\n"


def test_finding_a_pipeline_runs_no_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = tmp_path / "evil_pipeline"
    package.mkdir()
    (package / "__init__.py").write_text(f"import os; os.mkdir({str(tmp_path / 'mark')!r})")
    monkeypatch.syspath_prepend(tmp_path)
    for name in ("evil_pipeline.part", "evil_pipeline"):
        with pytest.raises(ModelError):
            language.title(language.folder(name))
        with pytest.raises(ModelError):
            language.load(name)
    assert not (tmp_path / "mark").exists()


@pytest.mark.parametrize("content", [
    pickle.dumps(Payload(Path("mark"))), b"__import__('os').mkdir('mark')\n", b'{"reject": "__import__(\'os\').mkdir(\'mark\')"}\n',
    b"!!python/object/apply:os.mkdir ['mark']\n", b'{"py/reduce": [{"py/function": "os.mkdir"}, {"py/tuple": ["mark"]}]}\n',
])
def test_a_file_of_decisions_that_holds_code_is_refused(content: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "decisions.txt"
    path.write_bytes(content)
    with pytest.raises(InputError):
        read(path)
    assert not (tmp_path / "mark").exists()


def test_a_pdf_that_names_a_pickle_runs_nothing(tmp_path: Path) -> None:
    """Tables of characters, which a PDF may ask for by name, were pickles in earlier versions of the library that reads it."""
    mark, name = tmp_path / "mark", str(tmp_path / "evil").replace("/", "#2f")
    (tmp_path / "evil.pickle.gz").write_bytes(gzip.compress(pickle.dumps(Payload(mark))))
    (tmp_path / "case.pdf").write_bytes(pdf(
        b"BT /F2 12 Tf 72 720 Td <00480065> Tj /F1 12 Tf (PC Daniel Frost was charged.) Tj ET", fonts="/F2 6 0 R", objects=(
            b"<< /Type /Font /Subtype /Type0 /BaseFont /X /Encoding /%s /DescendantFonts [7 0 R] >>" % name.encode(),
            b"<< /Type /Font /Subtype /CIDFontType2 /BaseFont /X /CIDSystemInfo << /Registry (Adobe) /Ordering (Japan1) >> >>")))
    corpus = read_corpus([tmp_path / "case.pdf"])
    assert not mark.exists()
    assert corpus.documents or corpus.problems
