"""Which path and query of the service a request means."""

from __future__ import annotations

import re
from urllib.parse import unquote

from ..problems import Problem, ProblemError

# Meant for Jupyter: a token in a query would end up in the logs of the service.
_JUPYTER_PARAMETERS = {"token", "_xsrf", "no_track_activity"}
_UNSAFE = re.compile(r"[\x00-\x20\x7f\\]")
_MOST_DECODINGS = 5


def service_target(uri: str, prefix: str) -> str:
    """Path and query for the service, as they were sent: `uri` without the `prefix` below which the service appears.

    Nothing is decoded on the way, so that the service sees what the browser meant. Refused with 400: segments that
    climb (`..`, however often encoded), backslashes, encoded slashes, control characters.
    """
    path, _, query = uri.partition("?")
    if not path.startswith(prefix):
        raise _refusal("it is not below the service's address")
    target = f"/{path[len(prefix) :]}"
    _check(target)
    kept = [part for part in query.split("&") if part and part.partition("=")[0] not in _JUPYTER_PARAMETERS]
    if any(_UNSAFE.search(part) for part in kept):
        raise _refusal("the query holds characters that must be encoded")
    return f"{target}?{'&'.join(kept)}" if kept else target


def _check(path: str) -> None:
    decoded = path
    for _ in range(_MOST_DECODINGS):
        if _UNSAFE.search(decoded) or not decoded.isprintable():
            raise _refusal("it holds a backslash, a space or a control character")
        segments = decoded.split("/")
        if any(segment in (".", "..") for segment in segments) or "//" in decoded:
            raise _refusal("it holds empty, `.` or `..` segments")
        again = unquote(decoded, errors="replace")
        if again.count("/") != decoded.count("/"):
            raise _refusal("it holds an encoded slash")
        if again == decoded:
            return
        decoded = again
    raise _refusal("it is encoded too many times")


def _refusal(why: str) -> ProblemError:
    return ProblemError(Problem(400, "request.bad-path", f"This address is refused: {why}."))
