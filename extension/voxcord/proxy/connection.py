"""How the proxy reaches the service."""

from __future__ import annotations

import aiohttp
import yarl

from ..supervisor import Endpoint

READ_BUFFER = 256 * 1024  # bytes of one answer that may wait here for a slow browser

# A service that works on an import answers late; a browser that has lost patience closes its connection.
_TIMEOUT = aiohttp.ClientTimeout(total=None, connect=None, sock_connect=10, sock_read=None)


def open_session(endpoint: Endpoint) -> aiohttp.ClientSession:
    """A session for one request. Use it as an asynchronous context manager.

    Not shared between requests: connecting to a local socket costs next to nothing, and a connection that is kept would
    break at the next restart of the service, in the middle of somebody's request.
    """
    return aiohttp.ClientSession(
        # Not `force_close`: told to close, the service would cut off an upload that it refuses, and its answer too.
        connector=aiohttp.UnixConnector(path=str(endpoint.socket)),
        cookie_jar=aiohttp.DummyCookieJar(),
        timeout=_TIMEOUT,
        auto_decompress=False,
        read_bufsize=READ_BUFFER,
        skip_auto_headers=("User-Agent", "Accept", "Accept-Encoding", "Content-Type"),
    )


def service_url(target: str) -> yarl.URL:
    """`target` stays as it was sent; the host is not used."""
    return yarl.URL(f"http://voxcord{target}", encoded=True)
