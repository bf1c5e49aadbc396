"""Which headers cross the proxy.

Requests: a list of what may pass, so that nothing a browser or a Jupyter installation adds (cookies, Jupyter tokens,
forwarding headers, identities made up by the sender) ever reaches the service. Answers: everything but what belongs to
one connection or to Jupyter.
"""

from __future__ import annotations

from collections.abc import Iterable

_REQUEST = {
    "accept",
    "accept-encoding",
    "accept-language",
    "cache-control",
    "content-encoding",
    "content-length",
    "content-type",
    "if-match",
    "if-modified-since",
    "if-none-match",
    "if-range",
    "if-unmodified-since",
    "range",
}

_HOP_BY_HOP = {
    "connection",
    "keep-alive",
    "proxy-authenticate",
    "proxy-authorization",
    "proxy-connection",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
}
# Of one origin there is one set of cookies and security rules: Jupyter's.
_JUPYTER_OWN = {"set-cookie", "content-security-policy", "x-content-type-options", "server", "date"}
_CROSS_ORIGIN_PREFIX = "access-control-"


def request_headers(sent: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """Headers of a browser's request that the service may see. Never an identity."""
    return [(name, value) for name, value in sent if name.lower() in _REQUEST]


def response_headers(received: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """Headers of the service's answer that the browser gets."""
    pairs = list(received)
    dropped = _HOP_BY_HOP | _JUPYTER_OWN
    for name, value in pairs:
        if name.lower() == "connection":
            dropped = dropped | {token.strip().lower() for token in value.split(",")}
    return [
        (name, value)
        for name, value in pairs
        if name.lower() not in dropped and not name.lower().startswith(_CROSS_ORIGIN_PREFIX)
    ]
