"""Addresses of the service."""

from __future__ import annotations

import pytest

from voxcord.problems import ProblemError
from voxcord.proxy.headers import request_headers, response_headers
from voxcord.proxy.target import service_target

PREFIX = "/a@b/voxcord/"


@pytest.mark.parametrize(
    ("uri", "target"),
    [
        ("", "/"),
        ("api/v1/me", "/api/v1/me"),
        ("api/v1/projects?x=%2F&y=a+b", "/api/v1/projects?x=%2F&y=a+b"),
        ("rooms/read:6f1c", "/rooms/read:6f1c"),
        ("api/%C3%A4", "/api/%C3%A4"),
        ("api?token=secret", "/api"),
        ("api?a=1&token=secret&_xsrf=x&b=2", "/api?a=1&b=2"),
        ("api?tokens=1", "/api?tokens=1"),
    ],
)
def test_target_is_what_was_sent(uri, target):
    assert service_target(PREFIX + uri, PREFIX) == target


@pytest.mark.parametrize(
    "uri",
    [
        *("..", ".", "a/../b", "a/./b", "a//b", "/a", "%2e%2E/a", "%252e%252e/a", "%25252525252525252e"),
        *("a%2Fb", "a%252fb", "a\\b", "a%5cb", "%00", "a%0d%0ab", "a%7f", "a%c2%85b", "a?b=\x01"),
    ],
)
def test_unsafe_addresses_are_refused(uri):
    with pytest.raises(ProblemError) as refused:
        service_target(PREFIX + uri, PREFIX)
    assert refused.value.problem.status == 400
    assert refused.value.problem.code == "request.bad-path"


def test_other_addresses_are_refused():
    with pytest.raises(ProblemError):
        service_target("/a@b/other/api", PREFIX)


def test_only_listed_request_headers_pass():
    sent = [("Cookie", "a"), ("AUTHORIZATION", "b"), ("Range", "bytes=0-1"), ("x-voxcord-identity", "c"), ("Host", "d")]
    assert request_headers([*sent, ("X-Voxcord-Identity", "e"), ("X-Voxcord-Name", "f")]) == [("Range", "bytes=0-1")]


def test_headers_of_one_connection_end_with_it():
    received = [("Connection", "close, X-Once"), ("X-Once", "1"), ("Transfer-Encoding", "chunked"), ("ETag", '"a"')]
    assert response_headers(received) == [("ETag", '"a"')]
