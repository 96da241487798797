"""The worker processes: one question at a time each, killed where it takes too long, replaced where they die or the graph is built anew."""

from __future__ import annotations

import asyncio
import contextlib
import json
import sys
import time
from collections import deque
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kg.errors import GraphFolderError, QueryError
from kg.serve.limits import Limits
from kg.serve.worker import LENGTHS

_TICK = 0.1  # seconds between looks at how long questions have been running
_SPARE = 5.0  # seconds after which a worker ends itself, should the pool not have done it
_ALONE = 1.0  # seconds a question may run whose client has gone
_FAILURES = 3  # workers in a row that cannot open the store before the pool gives up on it


class Stopped(Exception):
    """A question was ended, or not begun; the message says why and what would help."""


class Busy(Exception):
    """Too many questions wait already."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a worker gave: ``state`` is ``done``, ``missing`` or ``unfit``."""

    state: str
    form: str  #: the format's name
    kind: str  #: ``rows`` or ``triples``, where no format fits
    cut: bool  #: there were more rows
    body: bytes


class _Question:
    """A job and the future of its answer, which is cancelled where nobody waits for it any more."""

    __slots__ = ("answer", "message", "since")

    def __init__(self, message: bytes, answer: asyncio.Future[tuple[dict[str, Any], bytes]]) -> None:
        self.message, self.answer = message, answer
        self.since = time.monotonic()  #: when it was asked, and then when a worker took it


class _Worker(asyncio.SubprocessProtocol):
    """One process and the question it is at."""

    def __init__(self, pool: Pool, generation: object) -> None:
        self.pool, self.generation = pool, generation
        self.opened: asyncio.Future[bool] = pool.loop.create_future()
        self.question: _Question | None = None
        self.verdict = ""  #: why the pool killed it
        self.transport: asyncio.SubprocessTransport | None = None
        self._jobs: asyncio.WriteTransport | None = None
        self._parts = bytearray()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport  # type: ignore[assignment]
        self._jobs = self.transport.get_pipe_transport(0)  # type: ignore[union-attr, assignment]

    def take(self, question: _Question) -> None:
        self.question, question.since = question, time.monotonic()
        self._jobs.write(question.message)  # type: ignore[union-attr]

    def pipe_data_received(self, fd: int, data: bytes) -> None:
        parts = self._parts
        parts += data
        if len(parts) < LENGTHS.size:
            return
        head, body = LENGTHS.unpack_from(parts)
        if body > self.pool.limits.answer:
            self.kill(f"the answer is longer than {self.pool.limits.answer // 2**20} MiB; ask for less, with LIMIT or fewer variables")
            return
        start, end = LENGTHS.size + head, LENGTHS.size + head + body
        if len(parts) < end:
            return
        answer = json.loads(parts[LENGTHS.size:start]), bytes(parts[start:end])
        self._parts = bytearray()
        if not self.opened.done():
            self.opened.set_result(answer[0]["state"] == "open")
            return
        question, self.question = self.question, None
        if question is not None and not question.answer.done():
            question.answer.set_result(answer)
        self.pool.free(self)

    def kill(self, verdict: str) -> None:
        self.verdict = self.verdict or verdict
        with contextlib.suppress(ProcessLookupError):
            self.transport.kill()  # type: ignore[union-attr]

    def connection_lost(self, exc: Exception | None) -> None:
        if not self.opened.done():
            self.opened.set_result(False)
        if self.question is not None and not self.question.answer.done():
            self.question.answer.set_exception(Stopped(self.verdict or self._cause()))
        self.pool.lost(self)

    def _cause(self) -> str:
        """Why the process ended by itself: an allocation that fails aborts it, an error in Python does not."""
        if self.transport.get_returncode() == 1:  # type: ignore[union-attr]
            return "the question could not be answered, by a fault of kg; please report it with the question"
        return f"the question took more than {self.pool.limits.memory} MiB of memory; ask for less, or start the server with more --memory"


class Pool:
    """The workers of one store, in the running event loop."""

    def __init__(self, store: Path, limits: Limits) -> None:
        self.loop = asyncio.get_running_loop()
        self.store, self.limits = store, limits
        self._workers: set[_Worker] = set()
        self._idle: deque[_Worker] = deque()
        self._queue: deque[_Question] = deque()
        self._tasks: set[asyncio.Task[None]] = set()
        self._failures = 0
        self._closing = False
        self._watch: asyncio.TimerHandle | None = None

    async def start(self) -> None:
        """Start the workers; raises GraphFolderError where they cannot open the store."""
        await asyncio.gather(*(self._add() for _ in range(self.limits.workers)))
        if not self._idle:
            await self.stop()
            raise GraphFolderError(f"{self.store}: cannot be opened; delete it: it is made anew")
        self._look()

    async def stop(self) -> None:
        """End the workers, and whatever they are at."""
        self._closing = True
        if self._watch is not None:
            self._watch.cancel()
        for task in list(self._tasks):
            task.cancel()
        for worker in list(self._workers):
            worker.kill("the server is stopping")
        while self._workers:
            await asyncio.sleep(0.01)

    async def ask(self, message: bytes) -> Answer:
        """The answer to a job; raises QueryError where the question is wrong, Stopped where it cost too much, Busy where too many wait."""
        if len(self._queue) >= self.limits.waiting:
            raise Busy
        question = _Question(message, self.loop.create_future())
        self._queue.append(question)
        self._hand_out()
        head, body = await question.answer
        if head["state"] == "refused":
            raise QueryError(head["message"])
        return Answer(head["state"], head.get("form", ""), head.get("kind", ""), head.get("cut", False), body)

    def lost(self, worker: _Worker) -> None:
        """A worker has ended: another takes its place."""
        self._workers.discard(worker)
        with contextlib.suppress(ValueError):
            self._idle.remove(worker)
        if not self._closing and self._watch is not None:
            self._replace()

    def _generation(self) -> object:
        """What changes when the graph folder is built anew."""
        try:
            found = self.store.stat()
        except OSError:
            return None  # between two graphs: a build is renaming them
        return found.st_dev, found.st_ino

    async def _add(self) -> None:
        generation = self._generation()
        words = [sys.executable, "-m", "kg.serve.worker", str(self.store), str(self.limits.memory), str(self.limits.timeout + _SPARE)]
        _, worker = await self.loop.subprocess_exec(lambda: _Worker(self, generation), *words, stderr=asyncio.subprocess.DEVNULL,
                                                     start_new_session=True)
        self._workers.add(worker)
        if await worker.opened:
            self._failures = 0
            self.free(worker)
        else:
            self._failures += 1
            worker.kill("the store cannot be opened")

    def _replace(self) -> None:
        if self._failures >= _FAILURES:
            self._turn_away(Stopped("the store cannot be opened any more; build the graph again"), time.monotonic())
            return
        task = self.loop.create_task(self._add())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def free(self, worker: _Worker) -> None:
        """A worker has nothing to do: it takes the next question."""
        if worker in self._workers and not worker.verdict:
            self._idle.append(worker)
            self._hand_out()

    def _hand_out(self) -> None:
        """Give the questions that wait to the workers that are idle, as long as those have the graph that is there now."""
        if not self._workers and self._failures >= _FAILURES:
            self._failures = 0  # tried once more for every question: the folder may have been mended
            self._replace()
        generation = self._generation() if self._idle else None
        while self._queue and self._idle:
            worker = self._idle.popleft()
            if generation not in (None, worker.generation):
                worker.kill("the graph was built anew")
                continue
            while self._queue and worker.question is None:
                question = self._queue.popleft()
                if not question.answer.done():
                    worker.take(question)
            if worker.question is None:
                self._idle.append(worker)

    def _turn_away(self, error: Exception, before: float) -> None:
        """Have done with the questions that have waited since ``before``."""
        while self._queue and self._queue[0].since <= before:
            question = self._queue.popleft()
            if not question.answer.done():
                question.answer.set_exception(error)

    def _look(self) -> None:
        """Kill the workers whose questions have run too long, and turn away the questions that have waited too long."""
        now, seconds = time.monotonic(), self.limits.timeout
        for worker in self._workers:
            if worker.question is None:
                continue
            if worker.question.answer.cancelled() and worker.question.since < now - _ALONE:
                worker.kill("its client has gone")
            elif worker.question.since < now - seconds:
                worker.kill(f"the question ran longer than {seconds:g} seconds; ask for less, or start the server with more --timeout")
        self._turn_away(Busy(), now - seconds - self.limits.wait)
        self._watch = self.loop.call_later(_TICK, self._look)
