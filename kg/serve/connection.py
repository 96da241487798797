"""A client's connection: what uvicorn makes of it, with limits on what it may cost, and a short way for plain questions."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import Any

from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol, RequestResponseCycle

from kg.serve.http import Guard, Scope
from kg.serve.limits import Limits
from kg.serve.negotiation import content_type
from kg.serve.pool import Answer, Busy
from kg.serve.protocol import ANSWERED, Endpoint


class Plain:
    """The requests that are a GET of a query and nothing beside, and their answers where all goes well.

    Whatever is out of the ordinary goes the long way, by way of the application; it finds there what was begun here.
    """

    def __init__(self, guard: Guard, endpoint: Callable[[], Endpoint | None]) -> None:
        self.guard, self._endpoint = guard, endpoint
        self._heads: dict[str, bytes] = {}

    def begin(self, scope: Scope) -> asyncio.Future[Answer] | None:
        """The answer to come to a request; None where it is another one."""
        endpoint = self._endpoint() if scope["path"] == "/sparql" else None
        job = endpoint.plain(scope) if endpoint and self.guard.admits(scope) else None
        if endpoint is None or job is None:
            return None
        known = endpoint.pool.known(job)
        if known is None:
            try:
                return endpoint.pool.begin(job)
            except Busy:
                return None
        answer = endpoint.pool.loop.create_future()  # done, and yet not told at once: requests may have come by the thousand in one piece
        answer.set_result(known)
        return answer

    def fits(self, answer: Answer) -> bool:
        """Whether an answer is given as it is, with nothing to be said about it."""
        return answer.state == "done" and not answer.cut

    def head(self, form: str) -> bytes:
        """The headers of an answer in a format but for its length and the date."""
        if form not in self._heads:
            own = [(name.encode(), value.encode()) for name, value in {**ANSWERED, "content-type": content_type(form)}.items()]
            self._heads[form] = b"".join(name + b": " + value + b"\r\n" for name, value in (*own, *self.guard.extra))
        return self._heads[form]


class Connection(HttpToolsProtocol):
    """A client's connection, closed where the client is too slow to ask or to read, or sends headers without end.

    Where the client leaves, its request is called off.
    """

    limits: Limits
    plain: Plain
    _waiting: asyncio.TimerHandle | None = None
    _head = 0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._wait(self.limits.patience)

    def connection_lost(self, exc: Exception | None) -> None:
        self._wait(None)
        gone = self.cycle is not None and not self.cycle.response_complete
        super().connection_lost(exc)
        if gone and (task := self.cycle.scope["state"].get("task")) is not None:
            task.cancel()

    def data_received(self, data: bytes) -> None:
        self._head += len(data)
        super().data_received(data)
        if self._head > self.limits.head:
            self.transport.abort()

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._wait(self.limits.patience)

    def on_headers_complete(self) -> None:
        self._head = -2**62  # what follows is a body, which is measured as it is read
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        self._head = 0
        self._wait(None)
        super().on_message_complete()

    def _start_asgi_task(self, cycle: RequestResponseCycle, app: Any) -> None:
        """Answer a plain question, the request that a server gets most, without a task and an ASGI message for each of its parts."""
        began = time.perf_counter()
        answer = self.plain.begin(cycle.scope) if app is self.app else None
        if answer is None:
            super()._start_asgi_task(cycle, app)
            return
        cycle.scope["state"] |= {"task": answer, "begun": answer}

        def done(answer: asyncio.Future[Answer]) -> None:
            gone = answer.cancelled() or cycle.disconnected
            if gone or answer.exception() is None and not self.flow.write_paused and self.plain.fits(answer.result()):
                length = 0 if gone else self._write(cycle, answer.result())
                self.plain.guard.told(cycle.scope, 0 if gone else 200, length, time.perf_counter() - began)
            else:
                super(Connection, self)._start_asgi_task(cycle, app)

        answer.add_done_callback(done)

    def _write(self, cycle: RequestResponseCycle, answer: Answer) -> int:
        """Send an answer, as the cycle would; gives the length of its body."""
        head = [STATUS_LINE[200], *(part for name, value in self.server_state.default_headers for part in (name, b": ", value, b"\r\n")),
                self.plain.head(answer.form), b"" if cycle.keep_alive else b"connection: close\r\n", b"content-length: ",
                str(len(answer.body)).encode(), b"\r\n\r\n", answer.body]
        cycle.response_started = cycle.response_complete = True
        self.transport.write(b"".join(head))
        if not cycle.keep_alive:
            self.transport.close()
        self.on_response_complete()
        return len(answer.body)

    def pause_writing(self) -> None:
        self._wait(self.limits.reading)
        super().pause_writing()

    def resume_writing(self) -> None:
        self._wait(None)
        super().resume_writing()

    def _wait(self, seconds: float | None) -> None:
        """Give the client so many seconds; None for as long as it likes."""
        if self._waiting is not None:
            self._waiting.cancel()
        self._waiting = None if seconds is None else self.loop.call_later(seconds, self.transport.abort)
