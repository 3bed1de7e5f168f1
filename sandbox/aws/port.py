"""The server on one port of loopback. It keeps connections: for each of a thousand calls a new one would cost more than the call."""

from __future__ import annotations

import io
import traceback
from collections.abc import Callable
from typing import Any

from sandbox.aws.answers import Whole, whole

_FAILED = "500 INTERNAL SERVER ERROR"


def serve_on(application: Any, port: int) -> Any:
    """A server of an application that is there."""
    from moto.moto_server.werkzeug_app import MotoRequestHandler
    from werkzeug import serving

    class Kept(MotoRequestHandler):  # type: ignore[misc]
        """Reads a request as a whole and answers it as a whole, so that the next one on the connection begins where it should.

        werkzeug's own handler closes every connection, since what an application leaves unread would be taken for the next request.
        """

        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True
        wbufsize = -1  # headers and body leave together

        def run_wsgi(self) -> None:
            """Answer one request."""
            if self.headers.get("Expect", "").strip().lower() == "100-continue":
                self.wfile.write(b"HTTP/1.1 100 Continue\r\n\r\n")
                self.wfile.flush()
            environ = self.make_environ()
            environ["wsgi.input"] = io.BytesIO(_body(environ))
            answer = _answer(self.server.app, environ)
            body = b"".join(answer.chunks)
            code, _, reason = answer.status.partition(" ")
            self.send_response(int(code), reason)
            for name, value in answer.headers:
                self.send_header(name, value)
            if not any(name.lower() == "content-length" for name, _ in answer.headers):
                self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(body)

        def log_request(self, *_: Any) -> None:
            """One line a request would bury the errors."""

    server = serving.make_server("127.0.0.1", port, application, threaded=True, request_handler=Kept)
    server.daemon_threads = True
    return server


def _body(environ: dict[str, Any]) -> bytes:
    """All of a request's body."""
    given = environ["wsgi.input"]
    if environ.get("wsgi.input_terminated"):  # sent in chunks
        return bytes(given.read())
    return bytes(given.read(int(environ.get("CONTENT_LENGTH") or 0)))


def _answer(application: Callable[..., Any], environ: dict[str, Any]) -> Whole:
    """What an application answers; a fault of it is told on standard error, and is its answer."""
    try:
        return whole(application, environ)
    except Exception:  # noqa: BLE001 - whatever it raises, the caller must get an answer
        traceback.print_exc()
        return Whole(_FAILED, [("Content-Type", "text/plain")], [])
