"""HTTP as every part of the server needs it: what is asked, how it is refused, and the guard that stands before all of it."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Awaitable, Callable, Collection, Mapping
from functools import lru_cache
from typing import Any
from urllib.parse import parse_qsl

from starlette.responses import PlainTextResponse, Response

from kg.safe import for_terminal

Scope = Mapping[str, Any]
Receive = Callable[[], Awaitable[Mapping[str, Any]]]
Send = Callable[[Mapping[str, Any]], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

#: Nothing but what the server itself sends is loaded or run; CodeMirror, within the editor, sets styles on its elements.
_POLICY = ("default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; "
           "form-action 'self'; base-uri 'none'; frame-ancestors 'none'")
_HEADERS = [
    (b"content-security-policy", _POLICY.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),
    (b"x-frame-options", b"DENY"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), geolocation=(), microphone=()"),
]
_AUTHORITY = re.compile(r"(?:\[([0-9a-f:.]+)\]|([0-9a-z._-]+))(?::\d{1,5})?")
_SAME_SITE = (b"cross-origin-resource-policy", b"same-origin")


class Refused(Exception):
    """A request that is answered with an error; the message says in one line what would be right."""

    def __init__(self, status: int, message: str, **headers: str) -> None:
        super().__init__(message)
        self.status, self.headers = status, {name.replace("_", "-"): value for name, value in headers.items()}

    def response(self) -> Response:
        return PlainTextResponse(for_terminal(str(self)) + "\n", self.status, self.headers)


def header(scope: Scope, name: bytes) -> str:
    """A request's header, its values joined by commas; empty where there is none."""
    return ", ".join(value.decode("latin-1") for key, value in scope["headers"] if key == name)


def pairs(text: bytes) -> list[tuple[str, str]]:
    """The names and values of a query string or a form; raises Refused where they are not UTF-8, or too many."""
    try:
        return parse_qsl(text.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=200)
    except (UnicodeDecodeError, ValueError) as error:
        raise Refused(400, f"the parameters cannot be read ({error}); they are percent-encoded UTF-8") from error


async def body(scope: Scope, receive: Receive, limit: int) -> bytes:
    """A request's body; raises Refused where it is longer than ``limit`` bytes."""
    parts = bytearray()
    while True:
        message = await receive()
        parts += message.get("body", b"")
        if len(parts) > limit:
            raise Refused(413, f"the request is longer than {limit:,} bytes", connection="close")
        if message["type"] == "http.disconnect" or not message.get("more_body"):
            return bytes(parts)


class Guard:
    """Stands before the whole server: checks ``Host``, adds headers, and tells the log what was asked and how it went.

    A page of another site whose name is made to point here (DNS rebinding) sends that name as ``Host`` and is turned away; ``hosts`` are
    the names, without port, that this server goes by. ``cors`` is the origin whose scripts may read answers, ``*`` for any, None for
    none.
    """

    def __init__(self, app: App, hosts: Collection[str], cors: str | None, log: Callable[[str], None] | None, log_queries: bool) -> None:
        self.app, self.hosts, self.log, self.log_queries = app, frozenset(hosts), log, log_queries
        self.extra = list(_HEADERS)
        if cors is None:
            self.extra.append(_SAME_SITE)
        else:
            self.extra += [(b"access-control-allow-origin", cors.encode()), (b"access-control-expose-headers", b"KG-Cut, Link")]
        self.cors = cors

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        scope["state"]["task"] = asyncio.current_task()  # which ends when the client has gone
        began, status, length = time.perf_counter(), 0, 0

        async def sent(message: Mapping[str, Any]) -> None:
            nonlocal status, length
            if message["type"] == "http.response.start":
                status = message["status"]
                message = {**message, "headers": [*message.get("headers", ()), *self.extra]}
            else:
                length += len(message.get("body", b""))
            await send(message)

        try:
            app = self._gate(scope) or self.app
            await app(scope, receive, sent)
        except Refused as refused:
            if status:
                raise
            await refused.response()(scope, receive, sent)  # type: ignore[arg-type]
        except asyncio.CancelledError:
            length = 0
        finally:
            self.told(scope, status, length, time.perf_counter() - began)

    def admits(self, scope: Scope) -> bool:
        """Whether a request calls the server by a name it goes by."""
        names = [value for key, value in scope["headers"] if key == b"host"]
        return len(names) == 1 and _host(names[0]) in self.hosts

    def told(self, scope: Scope, status: int, length: int, seconds: float) -> None:
        """Tell the log, if there is one, how a request went; status 0 means that its client had gone."""
        if self.log is not None:
            self.log(self._line(scope, status, length, seconds))

    def _gate(self, scope: Scope) -> App | None:
        """What answers in the place of the server: a refusal of the name it was called by, or of nothing, the answer to a preflight."""
        if not self.admits(scope):
            raise Refused(421, "this server does not go by the name in the request's Host header; start it with --allow-host NAME")
        if self.cors is not None and scope["method"] == "OPTIONS" and header(scope, b"access-control-request-method"):
            return Response(status_code=204, headers={  # type: ignore[return-value]
                "access-control-allow-methods": "GET, HEAD, POST", "access-control-allow-headers": "Accept, Content-Type",
                "access-control-max-age": "600"})
        return None

    def _line(self, scope: Scope, status: int, length: int, seconds: float) -> str:
        path = scope["path"]
        if self.log_queries and scope["query_string"]:
            path += "?" + scope["query_string"].decode("latin-1")
        client = scope["client"][0] if scope.get("client") else "-"
        return for_terminal(f"{client} {scope['method']} {path} {status} {length} bytes {seconds * 1000:.1f} ms")


@lru_cache(maxsize=64)
def _host(value: bytes) -> str | None:
    """A ``Host`` header without its port, in lower case; None where it is none."""
    found = _AUTHORITY.fullmatch(value.decode("latin-1").lower())
    return found and (found[1] or found[2])
