"""Documents read by several processes: the results of one process, in the same order, in less time.

Every worker is a process of its own that can be told from the others, so that one that dies (killed, out of memory) costs no more than
what it was given: its batch is tried once more, document by document, and what kills a worker again is left out.
"""

from __future__ import annotations

import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from functools import cache
from multiprocessing import connection, get_context, parent_process

from kg.model import Document, Problem, Reading

Read = Callable[[Document], Reading | Problem]

_BATCH = 8  # documents that a worker is given at a time
_WORTH_A_WORKER = 16  # documents; below, a worker costs more time to start than it saves


def default_workers(documents: int, room: int) -> int:
    """How many workers so many documents are worth: one a core that this process may use, fewer for few documents.

    ``room`` is how many there is memory for.
    """
    return max(1, min(cores(), room, documents // _WORTH_A_WORKER))


def cores() -> int:
    """How many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def read_all(documents: Sequence[Document], make: Callable[[], Read], workers: int) -> Iterator[Reading | Problem]:
    """What is read of every document, in whatever order they are done; every worker gets its reader from ``make``, which is pickled.

    With one worker all is read in this process. A document whose worker dies twice is a Problem; an exception of a reader ends
    everything and is raised here.
    """
    if workers == 1:
        yield from map(make(), documents)
        return
    size = max(1, min(_BATCH, len(documents) // (2 * workers)))
    # By their places: the documents themselves need not all be in memory.
    waiting = deque((range(at, min(at + size, len(documents))), False) for at in range(0, len(documents), size))
    pools = [_pool(make) for _ in range(min(workers, len(waiting)))]
    running: dict[Future[list[Reading | Problem]], tuple[int, range, bool]] = {}
    idle = deque(range(len(pools)))
    try:
        while waiting or running:
            while waiting and idle:
                batch, again = waiting.popleft()
                at, given = idle.popleft(), [documents[i] for i in batch]
                try:
                    future = pools[at].submit(_read_batch, given)
                except BrokenProcessPool:  # it died while it had nothing to do
                    pools[at] = _pool(make)
                    future = pools[at].submit(_read_batch, given)
                running[future] = (at, batch, again)
            for future in wait(running, return_when=FIRST_COMPLETED).done:
                at, batch, again = running.pop(future)
                idle.append(at)
                try:
                    yield from future.result()
                except BrokenProcessPool:
                    pools[at] = _pool(make)
                    if again:
                        yield from (_lost(documents[i]) for i in batch)
                    else:
                        waiting.extendleft((range(i, i + 1), True) for i in reversed(batch))
    finally:
        for pool in pools:
            pool.shutdown(cancel_futures=True)


def _pool(make: Callable[[], Read]) -> ProcessPoolExecutor:
    # A fresh interpreter: a forked one would share the locks of libraries that were loaded before.
    return ProcessPoolExecutor(1, mp_context=get_context("spawn"), initializer=_begin, initargs=(make,))


_make: Callable[[], Read]


def _begin(make: Callable[[], Read]) -> None:
    """Leave Ctrl-C to the parent, and end with it however it ends."""
    global _make
    _make = cache(make)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = parent_process()
    if parent is not None:
        threading.Thread(target=_end_with, args=(parent.sentinel,), daemon=True).start()


def _end_with(parent: int) -> None:
    connection.wait([parent])
    os._exit(1)


def _read_batch(batch: Sequence[Document]) -> list[Reading | Problem]:
    # What made the reader fail must be told as it is, so it is made here and not where the process begins.
    return [_make()(document) for document in batch]


def _lost(document: Document) -> Problem:
    said = "left out, as the process that read it ended twice (killed, or out of memory); try it alone, or with fewer --workers"
    return Problem(document.path or document.id, "", said)
