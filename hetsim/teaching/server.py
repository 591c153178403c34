"""A server for the teaching page that answers this machine only."""

import errno
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from hetsim.errors import OutputError

LOOPBACK = "127.0.0.1"

ADDRESSES = ("/", "/index.html")
"""Under which the page stands."""


class TeachingServer(ThreadingHTTPServer):
    """Serves one page on the loopback address until it is shut down.

    Parameters
    ----------
    page : str
        HTML
    port : int, default 0
        0 takes a free one

    Raises
    ------
    OutputError
        For a port that is in use or not allowed.
    """

    daemon_threads = True
    allow_reuse_address = False

    def __init__(self, page: str, port: int = 0) -> None:
        self.page = page.encode("utf-8")
        try:
            super().__init__((LOOPBACK, port), _Handler)
        except OSError as error:
            in_use = error.errno == errno.EADDRINUSE
            reason = "is in use" if in_use else f"cannot be opened ({error.strerror})"
            raise OutputError(
                f"Port {port} {reason}; take another one, or leave --port out for a free one."
            ) from error

    @property
    def address(self) -> str:
        """Where the page is."""
        return f"http://{LOOPBACK}:{self.server_address[1]}/"


class _Handler(BaseHTTPRequestHandler):
    """Answers with the page, and with nothing else."""

    server: TeachingServer

    def do_GET(self) -> None:
        if self.path.partition("?")[0] not in ADDRESSES:
            self.send_error(HTTPStatus.NOT_FOUND)
            return
        self._send_head()
        self.wfile.write(self.server.page)

    def do_HEAD(self) -> None:
        self._send_head()

    def _send_head(self) -> None:
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(self.server.page)))
        self.send_header("Cache-Control", "no-store")
        self.end_headers()

    def log_message(self, format: str, *args: Any) -> None:
        """Requests are not reported."""
