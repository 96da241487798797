"""Documents read by Apache Spark, on as many machines as it has: the same stages as in a build on one machine, unchanged.

What is done of one document alone is done by Spark's executors: a file is opened, and its texts are read for mentions, chains and facts.
What sees all documents (naming them, joining people, the graph, its shapes, the page) is done where ``build`` is called, by the code of any
build, from the readings that the executors have written; so the result is that of a build on one machine, to the byte.

    WORK/readings/N-KEY/          Parquet: one part of the documents and what was read of each, in the form of ``kg.cache``
    WORK/nquads/part-N.nq         the graph as N-Quads; the parts in their order are ``graph.nq``
    WORK/tables/NAME.parquet      its entities and facts
    WORK/opened/, documents/      while a build runs: the texts of the files, the documents by part

WORK is any path that Spark reads and writes. A part with ``_SUCCESS`` in its folder is done. The key in its name is a hash of all that its
readings follow from, so that a build that was cut off goes on where it was. A document's id decides on its part, so that one that has
come, gone or changed costs no other part; all are made anew only where the documents have doubled.
"""

from __future__ import annotations

import hashlib
import json
import math
import os
import platform
import re
import shutil
import subprocess
import sys
import tempfile
import warnings
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, astuple, dataclass, replace
from functools import cache, partial
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

from kg import cache as readings_cache
from kg import language, pipeline
from kg.config import Config
from kg.decisions import Decisions
from kg.errors import EngineError, InputError
from kg.folder import GraphFolder, check_replaceable
from kg.model import Document, Problem, Reading
from kg.pool import Read
from kg.progress import Progress

if TYPE_CHECKING:
    import pyarrow
    from pathspec import GitIgnoreSpec
    from pyspark.sql import DataFrame, SparkSession

    from kg.documents.parts import Meta
    from kg.documents.walk import Source

JAVA = 17  #: the oldest version of Java that Spark 4 runs on
PART = 20_000  #: documents, at most on average
_BATCH = 16  # documents that a Python worker is given at a time
_TASKS_A_CORE = 4  # tasks of a part; more even out long and short documents, each costs some 50 ms
_FILE_COST = 64 * 2**10  # bytes that could be read while a small file is opened; Spark's own 4 MiB makes a task of every 32 documents
_NQUADS_BYTES = 64 * 2**20  # of one part of the N-Quads, about a block of distributed file systems; more stand in memory

_OPENED = "path string, at int, id string, number int, text string, title string, date string, source string, url string, " \
          "body_start int, place string, message string, digest string"
_TOLD = "path string, at int, part int, own string, own_title string, own_date string, own_source string, own_url string"
_DOCUMENT = "id string, text string, path string, date string, title string, source string, url string, body_start int, anchor string"
_READ = f"{_DOCUMENT}, content binary, place string, message string"


@dataclass(frozen=True, slots=True)
class _Root:
    """One path that was given, and what the ``.kgignore`` files below it leave out."""

    path: str
    is_file: bool
    rules: tuple[tuple[str, GitIgnoreSpec], ...] = ()  #: a folder, and its rules

    def source(self, path: str) -> Source | None:
        """A file as one of the root's; None where it is none of its own or is left out, as in a walk through the folder."""
        from kg.documents import walk

        if self.is_file:
            return walk.Source(PurePosixPath(path).name, path, named=True, root=Path(path).parent) if path == self.path else None
        if not path.startswith(self.path + "/"):
            return None
        relative = path[len(self.path) + 1:]
        steps = relative.split("/")
        for at, step in enumerate(steps):
            here = f"{self.path}/{'/'.join(steps[:at + 1])}"
            slash = "/" if at < len(steps) - 1 else ""
            if step.startswith((".", "~$")) or any(
                    rules.match_file(here[len(folder) + 1:] + slash) for folder, rules in self.rules if here.startswith(folder + "/")):
                return None
        return walk.Source(relative, path, root=Path(self.path))


def build(paths: Iterable[str], work: str, graph_dir: Path, config: Config | None = None, *, decisions: Decisions | None = None,
          settings: Mapping[str, str] | None = None, part: int = PART, memory: int | None = None, progress: Progress | None = None,
          page: pipeline.Page | None = None) -> pipeline.Summary:
    """Read the documents at the paths on Spark, and put their graph into a folder as ``kg.pipeline.build`` does; see there.

    The paths and ``work`` are whatever Spark reads and writes; without a scheme they are of this machine. ``settings`` are Spark's own;
    the master is this machine's cores unless they name one, or ``spark-submit`` runs this. ``part`` is the number of documents to a part.
    Raises EngineError where Spark cannot run here, fails, or its machines have another version of kg, and what
    ``kg.pipeline.build`` raises.
    """
    config, progress = config or Config(), progress or Progress()
    check_replaceable(graph_dir)
    version = readings_cache.pipeline_version(language.folder(config.model))
    with _session(dict(settings or {})) as spark:
        work = _given(work)
        if work != _without_patterns(work):
            raise InputError(f"{work}: has a character of a pattern in it, which Spark cannot write to; give another folder")
        _write_text(spark, f"{work}/.kgignore", "*\n")  # a build of a folder around this one reads none of it
        with progress.step("Opening documents"):
            problems, numbered = _open(spark, [_given(path) for path in paths], work, part)
        for problem in problems:
            progress.problem(problem)
        if not numbered:
            raise InputError(pipeline.NOTHING_READ)
        folders = {number: f"{work}/readings/{number:05}-{_key(version, digests)}" for number, digests in sorted(numbered.items())}
        kept = [number for number, folder in folders.items() if _exists(spark, f"{folder}/_SUCCESS")]
        with progress.counter("Reading") as count:
            for done, (number, folder) in enumerate(folders.items(), 1):
                if number not in kept:
                    _read_part(spark, f"{work}/documents/part={number}", folder, config.model, version)
                count(done, len(folders))
        unread: list[Problem] = []

        def tell(problem: Problem) -> None:
            progress.problem(problem)
            unread.append(problem)

        readings = _collected(spark, folders.values(), version, tell)
        summary = pipeline.from_readings(readings, graph_dir, config, decisions=decisions, memory=memory,
                                         kept=sum(len(numbered[number]) for number in kept), progress=progress, page=page)
        summary = replace(summary, problems=(*problems, *sorted(unread, key=lambda problem: problem.path)))
        with progress.step("Writing the parts"):
            _publish(spark, summary.folder, work)
            _clear(spark, work, folders.values())
    return summary


def _key(version: str, digests: Iterable[str]) -> str:
    return hashlib.sha256("\n".join((version, *digests)).encode()).hexdigest()[:16]


# Spark itself


@contextmanager
def _session(settings: dict[str, str]) -> Iterator[SparkSession]:
    """A session that ends with the block; what Spark says of a failure within becomes one line."""
    try:
        from pyspark import SparkConf
        from pyspark.errors import PySparkException
        from pyspark.sql import SparkSession
    except ImportError as error:
        raise EngineError("the engine spark needs pyspark; install it with: pip install 'kg[spark]'") from error
    from py4j.protocol import Py4JError

    _check_java()
    warnings.filterwarnings("ignore", "PySpark does not yet fully support pandas", FutureWarning)  # which is not used: rows are Arrow's
    conf = SparkConf().setAppName("kg build").set("spark.sql.execution.arrow.maxRecordsPerBatch", str(_BATCH))
    conf.set("spark.ui.showConsoleProgress", "false").set("spark.sql.files.openCostInBytes", str(_FILE_COST)).setAll(list(settings.items()))
    if "PYSPARK_GATEWAY_PORT" not in os.environ:  # not run by spark-submit, which knows a master
        conf.setIfMissing("spark.master", "local[*]")
    if str(conf.get("spark.master", "")).startswith("local"):
        os.environ.setdefault("PYSPARK_PYTHON", sys.executable)  # the workers are of this machine, so they have what runs here
    try:
        spark = SparkSession.builder.config(conf=conf).getOrCreate()
    except (PySparkException, Py4JError, OSError) as error:
        raise EngineError(f"Spark cannot be started ({_told(error)}); see what it says above, and its settings (--spark)") from error
    spark.sparkContext.setLogLevel("FATAL")  # what fails is told by the exception, once
    try:
        yield spark
    except (PySparkException, Py4JError) as error:
        raise EngineError(f"Spark failed: {_told(error)}; build again to go on with the parts that are done") from error
    finally:
        spark.stop()


def _check_java() -> None:
    """Raise EngineError where there is no Java that Spark runs on."""
    home = os.environ.get("JAVA_HOME")
    java = shutil.which(str(Path(home, "bin", "java"))) if home else shutil.which("java")
    wanted = f"Spark needs Java {JAVA} or newer; install openjdk-{JAVA}-jre-headless or a newer one"
    if java is None:
        raise EngineError(f"{'JAVA_HOME ' + home + ' has' if home else 'there is'} no java here; {wanted}")
    said = subprocess.run([java, "-version"], capture_output=True, text=True, errors="replace").stderr
    found = re.search(r'version "(?:1\.)?(\d+)', said)
    if found is None or int(found[1]) < JAVA:
        raise EngineError(f"{java} is {'version ' + found[1] if found else 'no Java that runs'}; {wanted}")


def _told(error: Exception) -> str:
    """What an exception of Spark's says, on one line: of one in a worker the last line of its traceback."""
    text = str(error)
    own = re.search(r"kg\.errors\.\w+: (.+)", text) or re.search(r"^\s*(\w+(?:\.\w+)*(?:Error|Exception): .+)$", text, re.MULTILINE)
    line = own[1] if own else text.strip().partition("\n")[0]
    return line.strip()[:300] or type(error).__name__


# Paths


def _given(path: str) -> str:
    """A path of the user's with its scheme; one without is of this machine."""
    if not re.match(r"[A-Za-z][A-Za-z0-9+.-]+:/", path):
        return f"file://{Path(path).resolve()}"
    if path != _without_patterns(path):
        raise InputError(f"{path}: has a pattern in it; give files or folders")
    return path.rstrip("/")


def _without_patterns(path: str) -> str:
    """A path as Spark reads it where it stands for itself, whatever characters it has."""
    return re.sub(r"([\\*?\[\]{}])", r"\\\1", path)


def _plain(path: str) -> str:
    """A path as it is shown and compared: one of this machine without a scheme."""
    return re.sub(r"^file:/+", "/", path)


def _uri(path: str) -> str:
    return f"file://{path}" if path.startswith("/") else path


def _at(spark: SparkSession, path: str) -> tuple[Any, Any]:
    """The file system that a path is on, and the path there; both are Java's."""
    there = _java(spark).org.apache.hadoop.fs.Path(_uri(path))
    system = there.getFileSystem(spark.sparkContext._jsc.hadoopConfiguration())
    return system, system.makeQualified(there)


def _java(spark: SparkSession) -> Any:
    return spark.sparkContext._jvm


def _exists(spark: SparkSession, path: str) -> bool:
    system, there = _at(spark, path)
    return bool(system.exists(there))


def _files(spark: SparkSession, paths: Iterable[str]) -> DataFrame:
    """``path``, ``length`` and ``content`` of the files at and below paths; the content is read only where it is used."""
    given = [_without_patterns(_uri(path)) for path in paths]
    return spark.read.format("binaryFile").option("recursiveFileLookup", "true").load(given)


# Files to documents


def _open(spark: SparkSession, paths: Sequence[str], work: str, part: int) -> tuple[list[Problem], dict[int, list[str]]]:
    """Write the documents in parts; give what could not be opened and, for each part, the hashes of its documents in their order."""
    from kg.documents import corpus, metadata, parts

    problems: list[Problem] = []
    roots: list[_Root] = []
    lengths: dict[str, int] = {}
    for path in paths:
        lengths |= _listed(spark, path, roots, problems)
    if not lengths:
        return problems, {}
    roots.sort(key=lambda root: not root.is_file)  # a file that was given itself is one, whatever folder it lies in
    sources = {path: source for path in lengths if (source := _source(roots, path))}
    tables = _tables(spark, sources, set(lengths), problems)
    sources = {path: source for path, source in sources.items() if PurePosixPath(path).name.lower() != metadata.FILE_NAME}
    for path in [path for path in sources if lengths[path] > corpus.MAX_BYTES]:
        problems.append(parts.problem(path, corpus.too_large(lengths[path])))
        del sources[path]
    position = {source.shown: at for at, source in enumerate(sorted(sources.values(), key=lambda source: (source.relative, source.shown)))}

    tops = [root.path for root in roots if not any(root.path.startswith(f"{other.path}/") for other in roots)]
    files = _files(spark, dict.fromkeys(tops)).where(f"length <= {corpus.MAX_BYTES}")
    files.mapInArrow(partial(_opened, tuple(roots)), _OPENED).write.mode("overwrite").parquet(f"{work}/opened")
    opened = spark.read.schema(_OPENED).parquet(f"{work}/opened")

    rows = [row for row in opened.drop("text").collect() if row["path"] in position]
    rows.sort(key=lambda row: (position[row["path"]], row["at"]))
    problems += [parts.problem(row["path"], parts.Fault(row["message"], row["place"])) for row in rows if row["message"] is not None]
    rows = [row for row in rows if row["message"] is None]
    wanted = ((sources[row["path"]], parts.Part("", id=row["id"], number=row["number"])) for row in rows)
    said = [corpus.row(sources[row["path"]], tables) for row in rows]
    named = sorted(zip(corpus.names(wanted, problems), rows, said, strict=True), key=lambda entry: entry[0])
    if not named:
        return problems, {}
    count = 2 ** math.ceil(math.log2(max(1, len(named) / part)))
    numbers = [int(hashlib.sha256(own.encode()).hexdigest()[:8], 16) % count for own, _, _ in named]
    told = [(row["path"], row["at"], number, own, *astuple(meta)) for number, (own, row, meta) in zip(numbers, named, strict=True)]
    documents = opened.drop("id", "message", "place").join(spark.createDataFrame(told, _TOLD), ["path", "at"])
    documents.mapInArrow(_documents, f"part int, {_DOCUMENT}").repartition("part").write.mode("overwrite").partitionBy("part").parquet(
        f"{work}/documents")
    numbered: defaultdict[int, list[str]] = defaultdict(list)
    for number, (own, row, meta) in zip(numbers, named, strict=True):
        numbered[number].append(hashlib.sha256(json.dumps([own, row["digest"], *astuple(meta)]).encode()).hexdigest())
    return problems, dict(numbered)


def _listed(spark: SparkSession, given: str, roots: list[_Root], problems: list[Problem]) -> dict[str, int]:
    """The files at and below a path with their lengths in bytes; adds to the roots and the problems."""
    from pathspec import GitIgnoreSpec

    from kg.documents import parts, walk

    system, there = _at(spark, given)
    top = _plain(there.toString())
    if not system.exists(there):
        problems.append(parts.problem(top, parts.Fault("no such file or folder")))
        return {}
    files = {_plain(row["path"]): row["length"] for row in _files(spark, [top]).select("path", "length").collect()}
    if system.getFileStatus(there).isFile():
        roots.append(_Root(top, True))
        return files
    folders = {top} | {str(parent) for path in files for parent in PurePosixPath(path[len(top) + 1:]).parents if str(parent) != "."}
    folders = {folder if folder == top else f"{top}/{folder}" for folder in folders}
    rules = []
    for folder in sorted(folders):
        if _exists(spark, f"{folder}/{walk.IGNORE_FILE}"):
            lines = _text(spark, f"{folder}/{walk.IGNORE_FILE}").splitlines()
            rules.append((folder, GitIgnoreSpec.from_lines(lines)))
        for status in system.globStatus(_java(spark).org.apache.hadoop.fs.Path(f"{_without_patterns(_uri(folder))}/_*")):
            left = _plain(status.getPath().toString())
            if _Root(top, False, tuple(rules)).source(left):
                problems.append(parts.problem(left, parts.Fault("left out, as Spark passes over names that begin with _; rename it")))
    roots.append(_Root(top, False, tuple(rules)))
    return files


def _text(spark: SparkSession, path: str) -> str:
    system, there = _at(spark, path)
    stream = system.open(there)
    try:
        return str(_java(spark).org.apache.commons.io.IOUtils.toString(stream, "UTF-8"))
    finally:
        stream.close()


def _write_text(spark: SparkSession, path: str, text: str) -> None:
    system, there = _at(spark, path)
    stream = system.create(there, True)
    try:
        _java(spark).org.apache.commons.io.IOUtils.write(text, stream, "UTF-8")
    finally:
        stream.close()


def _source(roots: Sequence[_Root], path: str) -> Source | None:
    return next((source for root in roots if (source := root.source(path)) is not None), None)


def _tables(spark: SparkSession, sources: Mapping[str, Source], files: set[str], problems: list[Problem]) -> dict[Path, dict[str, Meta]]:
    """What the `metadata.csv` files say, by folder; of one beside a file that was given itself nothing is checked."""
    from kg.documents import corpus, metadata, parts

    here = [path for path in sources if PurePosixPath(path).name.lower() == metadata.FILE_NAME]
    beside = {f"{source.root}/{metadata.FILE_NAME}" for source in sources.values() if source.named and source.root}
    beside = {path for path in beside - set(here) if _exists(spark, path)}
    tables: dict[Path, dict[str, Meta]] = {}
    for row in _files(spark, [*here, *beside]).select("path", "content").collect() if here or beside else []:
        path = _plain(row["path"])
        folder = str(PurePosixPath(path).parent)
        known = {metadata.key(name[len(folder) + 1:]) for name in files if name.startswith(f"{folder}/")}
        tables[Path(folder)], faults = corpus.table(bytes(row["content"]), known.__contains__)
        problems += [parts.problem(path, fault) for fault in faults if path in here]
    return tables


def _opened(roots: tuple[_Root, ...], batches: Iterator[pyarrow.RecordBatch]) -> Iterator[pyarrow.RecordBatch]:
    """The texts of files, or what is wrong with them; runs on an executor."""
    from kg.documents import corpus, metadata, parts

    for batch in batches:
        rows = []
        for given, content in zip(batch["path"].to_pylist(), batch["content"].to_pylist(), strict=True):
            path = _plain(given)
            source = _source(roots, path)
            if source is None or PurePosixPath(path).name.lower() == metadata.FILE_NAME:
                continue
            for at, item in enumerate(corpus.opened(source, content)):
                if isinstance(item, parts.Fault):
                    rows.append({"path": path, "at": at, "place": item.place, "message": item.message})
                else:
                    # An id may have what is no character; what takes the place of other such characters in ids takes that of these.
                    own = re.sub("[\ud800-\udfff]", "\0", item.id) if item.id is not None else None
                    row = {"path": path, "at": at, "id": own, "number": item.number, "text": item.text, "body_start": item.body_start,
                           **asdict(item.meta)}
                    rows.append(row | {"digest": hashlib.sha256(json.dumps(row, sort_keys=True).encode()).hexdigest()})
        yield _batch(rows, _OPENED)


def _documents(batches: Iterator[pyarrow.RecordBatch]) -> Iterator[pyarrow.RecordBatch]:
    """The documents that texts are, under the ids they were given; runs on an executor."""
    from kg.documents import corpus
    from kg.documents.parts import Meta, Part
    from kg.documents.walk import Source

    for batch in batches:
        rows = []
        for row in batch.to_pylist():
            part = Part(row["text"], Meta(row["title"], row["date"], row["source"], row["url"]), None, row["number"], row["body_start"])
            said = Meta(row["own_title"], row["own_date"], row["own_source"], row["own_url"])
            document = corpus.document(row["own"], Source("", row["path"]), part, said)
            rows.append({"part": row["part"], **asdict(document)})
        yield _batch(rows, f"part int, {_DOCUMENT}")


# Documents to readings


def _read_part(spark: SparkSession, documents: str, target: str, model: str | None, version: str) -> None:
    from pyspark.errors import PySparkException

    frame = spark.read.schema(_DOCUMENT).parquet(documents)
    tasks = min(frame.count(), _TASKS_A_CORE * spark.sparkContext.defaultParallelism)
    try:
        frame.repartition(tasks).mapInArrow(partial(_read, model, version), _READ).write.mode("overwrite").parquet(target)
    except PySparkException as error:
        raise EngineError(f"{documents}: reading these documents failed: {_told(error)}; build again to go on with them") from error


def _read(model: str | None, version: str, batches: Iterator[pyarrow.RecordBatch]) -> Iterator[pyarrow.RecordBatch]:
    """What is read of documents, in the form of ``kg.cache``, or why it could not be; runs on an executor."""
    read = _reader(model, version)
    for batch in batches:
        rows = []
        for row in batch.to_pylist():
            document = Document(**row)
            found = read(document)
            if isinstance(found, Problem):
                rows.append(row | {"place": found.place, "message": found.message})
            else:
                rows.append(row | {"content": readings_cache.dump(found, readings_cache.key(document, version))})
        yield _batch(rows, _READ)


@cache
def _reader(model: str | None, version: str) -> Read:
    """The reader of a Python worker, made once; raises EngineError where it would read otherwise than the machine that asks."""
    here = readings_cache.pipeline_version(language.folder(model))
    if here != version:
        raise EngineError(f"the machine {platform.node()} has other code, models or plug-ins of kg, or other versions of its libraries, "
                          "than the one that builds; install the same on all")
    return pipeline.reader(model)


def _batch(rows: Sequence[Mapping[str, object]], schema: str) -> pyarrow.RecordBatch:
    """Rows as Arrow has them, in the columns of one of the schemas above; what a row has not is null."""
    import pyarrow

    kinds = {"string": pyarrow.string(), "int": pyarrow.int32(), "binary": pyarrow.binary()}
    columns = [column.split() for column in schema.split(", ")]
    return pyarrow.RecordBatch.from_pydict({name: [row.get(name) for row in rows] for name, _ in columns},
                                           pyarrow.schema([(name, kinds[kind]) for name, kind in columns]))


def _collected(spark: SparkSession, folders: Iterable[str], version: str, unread: Callable[[Problem], None]) -> Iterator[Reading]:
    """The readings of the parts, one part after another; ``unread`` is told the problems of documents that could not be read.

    They come a few at a time from where they are kept, so that neither Spark's driver nor this process holds more.
    """
    for folder in folders:
        for row in spark.read.schema(_READ).parquet(folder).toLocalIterator():
            known = row.asDict()
            content, place, message = (known.pop(name) for name in ("content", "place", "message"))
            document = Document(**known)
            if content is None:
                unread(Problem(document.path or document.id, place or "", message or ""))
                continue
            reading = readings_cache.load(bytes(content), document, readings_cache.key(document, version))
            if reading is None:
                raise EngineError(f"{folder}: what was read of {document.id!r} is damaged; remove this folder and build again")
            yield reading


# The graph to where Spark writes


def _publish(spark: SparkSession, folder: GraphFolder, work: str) -> None:
    """Copy the graph as N-Quads in parts and its tables to where all machines can read them."""
    from kg.export.frames import write_entities_parquet, write_parquet
    from kg.store import open_store

    store = open_store(folder)
    with tempfile.TemporaryDirectory() as made:
        (Path(made) / "tables").mkdir()
        for name, write in (("entities", write_entities_parquet), ("facts", write_parquet)):
            with (Path(made) / "tables" / f"{name}.parquet").open("wb") as out:
                write(store, out)
        (Path(made) / "nquads").mkdir()
        with folder.nquads.open("rb") as lines:
            number = 0
            while some := lines.readlines(_NQUADS_BYTES):
                with (Path(made) / "nquads" / f"part-{number:05}.nq").open("wb") as out:
                    out.writelines(some)
                number += 1
        for name in ("nquads", "tables"):
            system, there = _at(spark, f"{work}/{name}")
            system.delete(there, True)
            local = _java(spark).org.apache.hadoop.fs.Path(str(Path(made) / name))
            system.copyFromLocalFile(True, True, local, there)


def _clear(spark: SparkSession, work: str, folders: Iterable[str]) -> None:
    """Remove what only the running build needed, and the readings of other documents than the present ones."""
    for name in ("opened", "documents"):
        system, there = _at(spark, f"{work}/{name}")
        system.delete(there, True)
    keep = {folder.rpartition("/")[2] for folder in folders}
    system, there = _at(spark, f"{work}/readings")
    for status in system.listStatus(there):
        if status.getPath().getName() not in keep:
            system.delete(status.getPath(), True)
