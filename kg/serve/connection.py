"""A client's connection: what uvicorn makes of it, with limits on what it may cost, and a short way for plain questions.

A plain question is a request that came in one piece and is a GET of a query and nothing beside. Nearly all requests to an endpoint are,
and to read one as HTTP in general cost more than to answer it. What the short way knows of HTTP is no more than this: where the headers
have the very bytes of a request that went the long way and turned out to be plain, this one is plain too.
"""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Callable
from typing import Any

from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol, RequestResponseCycle

from kg.serve.http import Guard, Scope
from kg.serve.limits import Limits
from kg.serve.negotiation import content_type
from kg.serve.pool import Answer, Busy
from kg.serve.protocol import ANSWERED, Endpoint, Wanted

#: a plain question in one piece, with nothing in its address that would end the query: the query, and the bytes of the headers
_PLAIN = re.compile(rb"GET /sparql\?query=([!-\"$%'-~]*) HTTP/1\.1\r\n((?:[^\r\n]+\r\n)+\r\n)")
#: headers that say how a message goes on, or what becomes of the connection
_FRAMING = {b"content-length", b"transfer-encoding", b"expect", b"upgrade", b"trailer", b"te"}
_KINDS = 256  # kinds of headers that are known again
_LONGEST = 2048  # bytes of headers that are


class Plain:
    """The requests that are a GET of a query and nothing beside, and their answers where all goes well.

    Whatever is out of the ordinary goes the long way, by way of the application; it finds there what was begun here.
    """

    def __init__(self, guard: Guard, endpoint: Callable[[], Endpoint | None]) -> None:
        self.guard, self._endpoint = guard, endpoint
        self._heads: dict[str, tuple[list[tuple[bytes, bytes]], bytes]] = {}  # by format, for which of the server's headers, and what
        self._wanted: dict[bytes, Wanted] = {}  # by the bytes of headers, what they ask for

    def learn(self, headers: bytes, scope: Scope) -> None:
        """Know these headers again; they are those of a request that was read as HTTP and answered as a plain one."""
        endpoint, named = self._endpoint(), dict(scope["headers"])
        lasting = named.get(b"connection", b"").lower() in (b"", b"keep-alive")
        if endpoint and lasting and not _FRAMING & named.keys() and len(headers) <= _LONGEST:
            if len(self._wanted) >= _KINDS:
                self._wanted.clear()
            self._wanted[headers] = endpoint.wanted(scope)

    def at_once(self, query: bytes, headers: bytes) -> Answer | asyncio.Future[Answer] | None:
        """The answer to a plain question, or the one to come; None where its headers are not known, or anything is out of the ordinary."""
        wanted, endpoint = self._wanted.get(headers), self._endpoint()
        if wanted is None or endpoint is None or (job := endpoint.job(query, wanted)) is None:
            return None
        try:
            return endpoint.pool.known(job) or endpoint.pool.begin(job)
        except Busy:
            return None

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

    def head(self, form: str, default: list[tuple[bytes, bytes]]) -> bytes:
        """What stands before an answer in a format but for its length; ``default`` are the server's headers, another list once a second."""
        known = self._heads.get(form)
        if known is None or known[0] is not default:
            own = [(name.encode(), value.encode()) for name, value in {**ANSWERED, "content-type": content_type(form)}.items()]
            lines = [name + b": " + value + b"\r\n" for name, value in (*default, *own, *self.guard.extra)]
            known = self._heads[form] = default, STATUS_LINE[200] + b"".join(lines)
        return known[1]


class Connection(HttpToolsProtocol):
    """A client's connection, closed where the client is too slow to ask or to read, or sends headers without end.

    Where the client leaves, its request is called off.
    """

    limits: Limits
    plain: Plain
    _waiting: asyncio.TimerHandle | None = None
    _head = 0
    _begun: asyncio.Future[Answer] | None = None  # the answer to come to a question that goes the short way
    _later = b""  # what has come behind that
    _headers = b""  # those of a request that came in one piece and looks plain, but goes the long way
    _last = False  # the server is stopping

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._wait(self.limits.patience)

    def connection_lost(self, exc: Exception | None) -> None:
        self._wait(None)
        gone = self.cycle is not None and not self.cycle.response_complete
        if self._begun is not None:
            self._begun.cancel()
        super().connection_lost(exc)
        if gone and (task := self.cycle.scope["state"].get("task")) is not None:
            task.cancel()

    def data_received(self, data: bytes) -> None:
        if self._begun is not None:
            self._later += data
            self.flow.pause_reading()
            return
        self._headers = b""
        if not self._head and (self.cycle is None or self.cycle.response_complete) and (plain := _PLAIN.fullmatch(data)):
            if not self._last and self._at_once(data, *plain.groups()):
                return
            self._headers = plain[2]
        self._the_long_way(data)

    def _the_long_way(self, data: bytes) -> None:
        self._head += len(data)
        super().data_received(data)
        if self._head > self.limits.head:
            self.transport.abort()

    def _at_once(self, data: bytes, query: bytes, headers: bytes) -> bool:
        """Answer a plain question without reading it as HTTP; False where it cannot be."""
        if len(self.connections) >= self.limits.connections or self.flow.write_paused:
            return False
        began = time.perf_counter()
        answer = self.plain.at_once(query, headers)
        if answer is None:
            return False
        self._unset_keepalive_if_required()
        self._wait(None)
        if isinstance(answer, asyncio.Future):
            self._begun = answer
            answer.add_done_callback(lambda answer: self._answered(answer, data, query, began))
        elif self.plain.fits(answer):
            self._tell(query, 200, self._write(answer, True), began)
        else:
            return False
        return True

    def _answered(self, answer: asyncio.Future[Answer], data: bytes, query: bytes, began: float) -> None:
        if answer.cancelled() or self.transport.is_closing():  # the client has gone
            self._tell(query, 0, 0, began)
            return
        if answer.exception() is None and not self.flow.write_paused and self.plain.fits(answer.result()):
            self._begun = None
            self._tell(query, 200, self._write(answer.result(), not self._last), began)
        else:
            self._the_long_way(data)  # where it finds what was begun
            self._begun = None
        if self._later and not self.transport.is_closing():
            later, self._later = self._later, b""
            self.data_received(later)

    def _tell(self, query: bytes, status: int, length: int, began: float) -> None:
        if self.plain.guard.log is not None:
            scope = {"method": "GET", "path": "/sparql", "query_string": b"query=" + query, "client": self.client}
            self.plain.guard.told(scope, status, length, time.perf_counter() - began)

    def shutdown(self) -> None:
        self._last = True
        if self._begun is None:
            super().shutdown()

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
        answer = (self._begun or self.plain.begin(cycle.scope)) if app is self.app else None
        if answer is None:
            super()._start_asgi_task(cycle, app)
            return
        if self._headers and cycle.keep_alive:
            self.plain.learn(self._headers, cycle.scope)
        cycle.scope["state"] |= {"task": answer, "begun": answer}

        def done(answer: asyncio.Future[Answer]) -> None:
            gone = answer.cancelled() or cycle.disconnected
            if gone or answer.exception() is None and not self.flow.write_paused and self.plain.fits(answer.result()):
                cycle.response_started = cycle.response_complete = True
                length = 0 if gone else self._write(answer.result(), cycle.keep_alive)
                self.plain.guard.told(cycle.scope, 0 if gone else 200, length, time.perf_counter() - began)
            else:
                super(Connection, self)._start_asgi_task(cycle, app)

        answer.add_done_callback(done)

    def _write(self, answer: Answer, keep_alive: bool) -> int:
        """Send an answer, as a cycle of uvicorn would; gives the length of its body."""
        head = self.plain.head(answer.form, self.server_state.default_headers)
        close = b"" if keep_alive else b"connection: close\r\n"
        self.transport.write(b"%b%bcontent-length: %d\r\n\r\n%b" % (head, close, len(answer.body), answer.body))
        if not keep_alive:
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
