"""The worker processes: one question at a time each, killed where it takes too long, replaced where they die or the graph is built anew.

Most of the workers are kept for short questions: long ones, however many are asked, share a quarter of them, and the processor is for short
ones first.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections import OrderedDict, deque
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from kg.errors import GraphFolderError, QueryError
from kg.folder import stamp
from kg.serve.limits import Limits
from kg.serve.worker import LENGTHS

_FRESH = 0.01  # seconds for which the graph is taken for the one that it was: to look costs as much as a small question's transport
_TICK = 0.1  # seconds between looks at how long questions have been running
_AT_HAND = 16  # questions that a worker has at most: it need not sleep in between, and small ones cost a sixth less one after another
_CORES = os.cpu_count() or 1  # workers that are enough for questions which take no time
_SPARE = 5.0  # seconds after which a worker ends itself, should the pool not have done it
_SLOW = 0.1  # seconds from which on nobody should wait behind a question
_LONG = 0.3  # seconds of a processor from which on a question is a long one, for which others shall not wait
_ALONE = 0.1  # seconds a question may run whose client has gone
_NICE = 10  # how much a worker with a long question gives way to others: it gets a tenth of the processor where they want all of it
_LASTING = (b'["sparql"', b'["question"')  # jobs with the same answer every time; others depend on files
_CHANGING = (b"NOW", b"RAND", b"UUID", b"BNODE")  # but for those with functions of SPARQL that depend on more than the graph
_FAILURES = 3  # workers in a row that cannot open the store before the pool gives up on it


class Stopped(Exception):
    """A question was ended, or not begun; the message says why and what would help."""


class Busy(Exception):
    """Too many questions wait already."""


class Answer(NamedTuple):
    """What a worker gave: ``state`` is ``done``, ``missing`` or ``unfit``."""

    state: str
    form: str  #: the format's name
    kind: str  #: ``rows`` or ``triples``, where no format fits
    cut: bool  #: there were more rows
    body: bytes


class Kept:
    """Short answers for who asks the same again, the least lately asked given up first; a graph never changes but by being built anew."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._answers: OrderedDict[bytes, Answer] = OrderedDict()  # by their jobs, the least lately asked first (a dict is slow to tell it)
        self._size = 0  # bytes of both
        self._generation: object = None

    def get(self, message: bytes, generation: object) -> Answer | None:
        """The answer to a job in this graph, where it is known."""
        if generation != self._generation:
            self._answers, self._size, self._generation = OrderedDict(), 0, generation
        answer = self._answers.get(message)
        if answer is not None:
            self._answers.move_to_end(message)
        return answer

    def put(self, message: bytes, answer: Answer, generation: object) -> None:
        """Keep an answer that is short enough, and that the same question would get again."""
        size = len(message) + len(answer.body)
        if generation != self._generation or size > self._limits.short or message in self._answers:
            return
        words = message.upper()
        if not message.startswith(_LASTING, LENGTHS.size) or any(word in words for word in _CHANGING):
            return
        self._answers[message], self._size = answer, self._size + size
        while self._size > self._limits.kept:
            oldest, given_up = self._answers.popitem(last=False)
            self._size -= len(oldest) + len(given_up.body)


@lru_cache(maxsize=64)
def _said(head: bytes) -> dict[str, Any]:
    """An answer's head, which is nearly always one of a few."""
    said: dict[str, Any] = json.loads(head)
    return said


class _Question:
    """A job and the future of its answer, which is cancelled where nobody waits for it any more."""

    __slots__ = ("answer", "long", "message", "since", "waits")

    def __init__(self, message: bytes, answer: asyncio.Future[Answer]) -> None:
        self.message, self.answer = message, answer
        self.since = time.monotonic()  #: when it was asked
        self.long = False  #: it has been seen to take long
        self.waits = False  #: it is in the queue


class _Worker(asyncio.Protocol):
    """One process, the question it is at, and a few more that it has at hand, so that it need not sleep in between."""

    def __init__(self, pool: Pool, generation: object) -> None:
        self.pool, self.generation = pool, generation
        self.opened: asyncio.Future[bool] = pool.loop.create_future()
        self.questions: deque[_Question] = deque()
        self.since = 0.0  #: when it began with the first of them
        self.spent: float | None = None  #: seconds of a processor it had used when it was first looked at since
        self.shared = False  #: the others have been put back for other workers, as the first takes long
        self.verdict = ""  #: why the pool killed it
        self.returned = False  #: what it was at has been put back, to be begun again when its turn comes
        self.transport: asyncio.Transport | None = None
        self._process = 0  #: its number, once it has the store open
        self._parts = bytearray()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport  # type: ignore[assignment]

    def take(self, question: _Question) -> None:
        if not self.questions:
            self._begin()
        self.questions.append(question)
        if question.long:
            self._give_way()
        self.transport.write(question.message)  # type: ignore[union-attr]

    def _begin(self) -> None:
        self.since, self.spent, self.shared = time.monotonic(), None, False

    def _processor(self) -> float:
        """Seconds of a processor that the process has used (Linux), or else seconds on a clock: on a busy machine they say little."""
        try:
            return time.clock_gettime((~self._process << 3) | 2)  # as clock_getcpuclockid(3) has it
        except (AttributeError, OSError):
            return time.monotonic()

    def is_long(self) -> bool:
        """Whether the question it is at has taken long by now."""
        question, used = self.questions[0], self._processor()
        if self.spent is None:
            self.spent = used
        if not question.long and used - self.spent > _LONG:
            question.long = True
            self._give_way()
        return question.long

    def _give_way(self) -> None:
        """Let the others have the processor first, for good: so it is replaced once it has answered."""
        with contextlib.suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, self._process, min(19, os.getpriority(os.PRIO_PROCESS, 0) + _NICE))
            Path(f"/proc/{self._process}/autogroup").write_text(str(_NICE), encoding="ascii")  # Linux may weigh sessions, and not processes

    def data_received(self, data: bytes) -> None:
        self._parts += data
        while self._answered():
            pass
        self.pool.hand_out()

    def _answered(self) -> bool:
        """Pass on the first answer that has come; False where none has come whole."""
        parts = self._parts
        if len(parts) < LENGTHS.size:
            return False
        head, body = LENGTHS.unpack_from(parts)
        if body > self.pool.limits.answer:
            self.kill(f"the answer is longer than {self.pool.limits.answer // 2**20} MiB; ask for less, with LIMIT or fewer variables")
            return False
        start, end = LENGTHS.size + head, LENGTHS.size + head + body
        if len(parts) < end:
            return False
        said, content = _said(bytes(parts[LENGTHS.size:start])), bytes(parts[start:end])
        del parts[:end]
        if not self.opened.done():
            self._process = said.get("process", 0)
            self.opened.set_result(said["state"] == "open")
            return False
        if said["state"] == "fault":
            self.verdict = "the question could not be answered, by a fault of kg; please report it with the question"
            return False
        question = self.questions.popleft()
        self._begin()
        if said["state"] in ("refused", "failed"):
            if not question.answer.done():
                question.answer.set_exception((QueryError if said["state"] == "refused" else Stopped)(said["message"]))
        else:
            answer = Answer(said["state"], said.get("form", ""), said.get("kind", ""), said.get("cut", False), content)
            self.pool.kept.put(question.message, answer, self.generation)
            if not question.answer.done():
                question.answer.set_result(answer)
        if question.long:
            self.returned = True
            self.kill("it gives way to others for good")
        return True

    def kill(self, verdict: str) -> None:
        """End the process, if it has not ended already, whatever it is at."""
        self.verdict = self.verdict or verdict
        if not self.transport.is_closing():  # type: ignore[union-attr]
            if self._process:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(self._process, signal.SIGKILL)  # its number is its own: its socket would have said that it has ended
            self.transport.abort()  # type: ignore[union-attr]  # another takes its place at once: to end takes it time, as it gives way

    def connection_lost(self, exc: Exception | None) -> None:
        if not self.opened.done():
            self.opened.set_result(False)
        if self.questions and not self.returned and not self.questions[0].answer.done():
            # An allocation that fails aborts it.
            self.questions[0].answer.set_exception(Stopped(
                self.verdict or f"the question took more than {self.pool.limits.memory} MiB of memory, or nests too deeply; ask for less, "
                "or start the server with more --memory"))
        self.pool.lost(self)


class Pool:
    """The workers of one store, in the running event loop."""

    def __init__(self, store: Path, limits: Limits) -> None:
        self.loop = asyncio.get_running_loop()
        self.store, self.limits = store, limits
        self._current = store / "CURRENT"  # a file that every store has, and that is written when it is made
        self._seen: object = None  # what was seen of it
        self._seen_until = 0.0  # and until when that is believed
        self._nursery: tuple[subprocess.Popen[bytes], socket.socket] | None = None  # what forks workers, and where it is told to
        self._all: set[_Worker] = set()
        self._workers: list[_Worker] = []  # those of them that have the store open
        self._queue: deque[_Question] = deque()
        self._tasks: set[asyncio.Task[None]] = set()
        self.kept = Kept(limits)
        self._failures = 0
        self._closing = False
        self._watch: asyncio.TimerHandle | None = None

    async def start(self) -> None:
        """Start the workers; raises GraphFolderError where they cannot open the store."""
        await asyncio.gather(*(self._add() for _ in range(self.limits.workers)))
        if not self._workers:
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
        for worker in list(self._all):
            worker.kill("the server is stopping")
        while self._all:
            await asyncio.sleep(0.01)
        self._end_nursery()

    def known(self, message: bytes) -> Answer | None:
        """The answer to a job that has been done before, where it was kept."""
        return self.kept.get(message, self._generation())

    def begin(self, message: bytes) -> asyncio.Future[Answer]:
        """Have a job done. Where its future is cancelled, the job is called off.

        Raises Busy where too many wait; the future has QueryError where the question is wrong, Stopped where it cost too much.
        """
        if len(self._queue) >= self.limits.waiting:  # those whose clients have gone wait no more
            self._queue = deque(question for question in self._queue if not question.answer.done())
            if len(self._queue) >= self.limits.waiting:
                raise Busy
        question = _Question(message, self.loop.create_future())
        question.waits = True
        self._queue.append(question)
        self.hand_out()
        return question.answer

    async def ask(self, message: bytes) -> Answer:
        """The answer to a job; raises what ``begin`` raises, and what its future has."""
        return self.known(message) or await self.begin(message)

    def lost(self, worker: _Worker) -> None:
        """A worker has ended: what it had at hand goes to others, and another takes its place."""
        self._all.discard(worker)
        if worker in self._workers:
            self._workers.remove(worker)
        left = list(worker.questions)[0 if worker.returned else 1:]
        elsewhere = {id(question) for other in self._workers for question in list(other.questions)[:1 if other.shared else None]}
        self._put_back(question for question in left if id(question) not in elsewhere)
        if not self._closing and self._watch is not None:
            self._replace()
            self.hand_out()

    def _put_back(self, questions: Iterable[_Question]) -> None:
        """Have questions wait again, before all others and in their order, those that do not wait already and that somebody waits for."""
        back = [question for question in questions if not question.waits and not question.answer.done()]
        for question in reversed(back):
            question.waits = True
            self._queue.appendleft(question)

    def _generation(self) -> object:
        """What changes when the graph folder is built anew; None between two graphs, while a build is renaming them."""
        now = self.loop.time()
        if now >= self._seen_until:
            try:
                self._seen = stamp(self._current)
            except OSError:
                self._seen = None
            self._seen_until = now + _FRESH
        return self._seen

    async def _add(self) -> None:
        generation = self._generation()
        ours, theirs = socket.socketpair()
        with theirs:
            self._fork(theirs)
        _, worker = await self.loop.create_unix_connection(lambda: _Worker(self, generation), sock=ours)
        self._all.add(worker)
        if await worker.opened:
            self._failures = 0
            self._workers.append(worker)
            self.hand_out()
        else:
            self._failures += 1
            worker.kill("the store cannot be opened")

    def _fork(self, theirs: socket.socket) -> None:
        """Have a worker for this end of a pair of sockets; where there can be none, the other end says so by being closed."""
        for _ in range(2):
            if self._nursery is None:
                orders, taken = socket.socketpair()
                words = [str(self.store), str(self.limits.memory), str(self.limits.timeout + _SPARE)]
                with taken:
                    self._nursery = subprocess.Popen([sys.executable, "-m", "kg.serve.worker", *words], stdin=taken.fileno(),
                                                     stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True), orders
            try:
                socket.send_fds(self._nursery[1], [b"."], [theirs.fileno()])
                return
            except OSError:  # it has been killed
                self._end_nursery()

    def _end_nursery(self) -> None:
        if self._nursery is not None:
            process, orders = self._nursery
            orders.close()
            process.kill()
            process.wait()
            self._nursery = None

    def _replace(self) -> None:
        if self._failures >= _FAILURES:
            self._turn_away(Stopped("the store cannot be opened any more; build the graph again"), time.monotonic())
            return
        task = self.loop.create_task(self._add())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def hand_out(self) -> None:
        """Give the questions that wait to workers that have the graph that is there now.

        No more workers are used at once than there are processors, the one first that has least to do, but for those that take long:
        to wake another costs as much as a small question.
        """
        if not self._all and self._failures >= _FAILURES:
            self._failures = 0  # tried once more for every question: the folder may have been mended
            self._replace()
        if not self._queue:
            return
        generation, slow, ready = self._generation(), time.monotonic() - _SLOW, []
        for worker in self._workers:
            if generation not in (None, worker.generation):
                if not worker.questions:
                    worker.kill("the graph was built anew")
            elif not worker.verdict and not (worker.questions and worker.since < slow):
                ready.append(worker)  # who waits behind a question that takes long may as well wait for any worker
        ready = ready[:_CORES]
        while self._queue and ready:
            idlest = min(ready, key=lambda one: len(one.questions))
            if len(idlest.questions) >= _AT_HAND:
                return
            question = self._next()
            if question is None:
                return
            idlest.take(question)

    def _next(self) -> _Question | None:
        """The first question that waits and may begin, taken out: long ones take no more than a quarter of the workers."""
        passed = []
        found = None
        while self._queue and found is None:
            question = self._queue.popleft()
            question.waits = False
            if question.answer.done():
                continue
            if question.long and self._is_full():
                passed.append(question)
            else:
                found = question
        self._put_back(passed)
        return found

    def _is_full(self) -> bool:
        """Whether long questions have as many workers as they may."""
        return sum(any(question.long for question in worker.questions) for worker in self._workers) >= max(1, self.limits.workers // 4)

    def _make_room(self) -> None:
        """Where others wait and long questions have more than their quarter of the workers, put the one back that was begun last."""
        long = [worker for worker in self._workers if worker.questions and worker.questions[0].long and not worker.verdict]
        if len(long) > max(1, self.limits.workers // 4) and any(not one.long and not one.answer.done() for one in self._queue):
            last = max(long, key=lambda worker: worker.since)
            last.returned = True
            last.kill("others wait")

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
            if not worker.questions:
                continue
            long, running = worker.is_long(), now - worker.since
            if worker.questions[0].answer.done() and running > _ALONE:
                worker.kill("its client has gone")
            elif running > (seconds if long else seconds + self.limits.wait):
                worker.kill(f"the question ran longer than {seconds:g} seconds; ask for less, or start the server with more --timeout")
            elif len(worker.questions) > 1 and not worker.shared and running > _SLOW:
                worker.shared = True  # whoever answers first has answered
                self._put_back(list(worker.questions)[1:])
        self._make_room()
        self.hand_out()
        self._turn_away(Busy(), now - seconds - self.limits.wait)
        self._watch = self.loop.call_later(_TICK, self._look)
