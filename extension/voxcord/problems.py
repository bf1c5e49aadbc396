"""Errors as RFC 9457 problem details: the same shape that the service itself answers with."""

from __future__ import annotations

import json
from dataclasses import dataclass
from http import HTTPStatus

from tornado.web import HTTPError

PROBLEM_TYPE = "application/problem+json"


@dataclass(frozen=True)
class Problem:
    """`code` is stable and meant for programs; `detail` tells a person what to do."""

    status: int
    code: str
    detail: str
    title: str = ""
    retry_after: int | None = None
    """Seconds after which trying again makes sense."""

    def to_json(self) -> str:
        title = self.title or HTTPStatus(self.status).phrase
        fields = {"type": "about:blank", "title": title, "status": self.status, "code": self.code}
        return json.dumps({**fields, "detail": self.detail})


class ProblemError(HTTPError):
    """Ends a request with a problem."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.status)
        self.problem = problem

    def __str__(self) -> str:
        return f"{self.problem.code}: {self.problem.detail}"


class ServiceUnavailableError(Exception):
    """The service cannot answer now. The text is for people."""

    def __init__(self, code: str, detail: str, retry_after: int) -> None:
        super().__init__(detail)
        self.code = code
        self.retry_after = retry_after

    def as_problem(self) -> Problem:
        return Problem(
            HTTPStatus.SERVICE_UNAVAILABLE,
            self.code,
            str(self),
            title="The Voxcord service is not available",
            retry_after=self.retry_after,
        )


_CODES = {
    HTTPStatus.BAD_REQUEST: "request.invalid",
    HTTPStatus.UNAUTHORIZED: "identity.missing",
    HTTPStatus.FORBIDDEN: "request.refused",
    HTTPStatus.NOT_FOUND: "request.not-found",
    HTTPStatus.METHOD_NOT_ALLOWED: "request.method-not-allowed",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "request.too-large",
}


def problem_of(status: int, error: BaseException | None) -> Problem:
    """The problem to answer with when a request ends in `error`."""
    if isinstance(error, ProblemError):
        return error.problem
    code = _CODES.get(HTTPStatus(status), "jupyter.failed")
    if isinstance(error, HTTPError) and error.log_message:
        detail = error.log_message % error.args if error.args else error.log_message
    elif status == HTTPStatus.FORBIDDEN:
        detail = "You are not signed in to Jupyter, or may not do this. Sign in again and retry."
    else:
        detail = "The Jupyter server could not pass the request on. Its log says why."
    return Problem(status, code, detail)
