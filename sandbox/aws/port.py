"""The server on one port of loopback."""

from __future__ import annotations

from typing import Any


def serve_on(application: Any, port: int) -> Any:
    """A server of an application that is there."""
    from moto.moto_server.werkzeug_app import MotoRequestHandler
    from werkzeug import serving

    class Quiet(MotoRequestHandler):  # type: ignore[misc]
        # Connections are kept: a new one and a new thread for each of a thousand calls costs more than the call.
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def log_request(self, *_: Any) -> None:
            """One line a request would bury the errors."""

    server = serving.make_server("127.0.0.1", port, application, threaded=True, request_handler=Quiet)
    server.daemon_threads = True
    return server
