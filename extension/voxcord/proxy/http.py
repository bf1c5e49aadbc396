"""HTTP between browsers and the service.

docs/contributors/jupyter-server.md says why this is not jupyter-server-proxy's handler.
"""

from __future__ import annotations

import asyncio
from http import HTTPStatus
from typing import Any

import aiohttp
from jupyter_server.auth.decorator import authorized
from jupyter_server.auth.utils import HTTP_METHOD_TO_AUTH_ACTION
from jupyter_server.base.handlers import APIHandler
from jupyter_server.utils import ensure_async, url_path_join
from tornado import web
from tornado.iostream import StreamClosedError

from ..identity import IDENTITY_HEADER, UnusableIdentityError
from ..problems import PROBLEM_TYPE, Problem, ProblemError, ServiceUnavailableError, problem_of
from ..service import VoxcordService
from ..supervisor import Endpoint
from .connection import open_session, service_url
from .headers import request_headers, response_headers
from .target import service_target
from .upload import Upload

AUTH_RESOURCE = "voxcord"


@web.stream_request_body
class ServiceProxyHandler(APIHandler):
    """Passes one request on, with the signed identity of who sent it; neither body is ever held as a whole."""

    auth_resource = AUTH_RESOURCE

    def initialize(self, service: VoxcordService) -> None:
        self.service = service
        self._upload: Upload | None = None
        self._exchange: asyncio.Task[None] | None = None
        self._gone = False

    # Before and while the body arrives

    async def prepare(self) -> None:  # type: ignore[override]
        """Checks everything before the first byte of a body is taken: the methods below run after the last one."""
        await super().prepare()
        if self._finished or not self._has_body():
            return
        await self._admit()
        self._limit_body()
        endpoint = await self._endpoint()
        self._upload = Upload()
        self._begin(endpoint)

    async def data_received(self, chunk: bytes) -> None:
        """One piece of the body. The browser sends the next one when this has been passed on."""
        if self._upload is not None:
            await self._upload.feed(chunk)

    def on_connection_close(self) -> None:
        """The browser is gone: the service sees its request end, cut off if it was not complete."""
        super().on_connection_close()
        self._gone = True
        if self._exchange is not None:
            self._exchange.cancel()

    # After the body

    @web.authenticated
    @authorized
    async def get(self, _path: str) -> None:
        await self._answer()

    @web.authenticated
    @authorized
    async def head(self, _path: str) -> None:
        await self._answer()

    @web.authenticated
    @authorized
    async def post(self, _path: str) -> None:
        await self._answer()

    @web.authenticated
    @authorized
    async def put(self, _path: str) -> None:
        await self._answer()

    @web.authenticated
    @authorized
    async def patch(self, _path: str) -> None:
        await self._answer()

    @web.authenticated
    @authorized
    async def delete(self, _path: str) -> None:
        await self._answer()

    async def _answer(self) -> None:
        exchange = self._exchange
        if exchange is None:
            exchange = self._begin(await self._endpoint())
        if self._upload is not None:
            await self._upload.finish()
        try:
            await exchange
        except asyncio.CancelledError:
            if not self._gone:
                raise

    # The exchange with the service

    def _begin(self, endpoint: Endpoint) -> asyncio.Task[None]:
        headers = request_headers(self.request.headers.get_all())
        try:
            headers.append((IDENTITY_HEADER, self.service.identity_for(self.current_user, endpoint)))
        except UnusableIdentityError as error:
            raise ProblemError(Problem(HTTPStatus.FORBIDDEN, "identity.unusable", str(error))) from error
        prefix = url_path_join(self.base_url, "voxcord/")
        target = service_target(self.request.uri or "", prefix)
        self._exchange = asyncio.create_task(self._pass_on(endpoint, target, headers))
        return self._exchange

    async def _pass_on(self, endpoint: Endpoint, target: str, headers: list[tuple[str, str]]) -> None:
        upload = self._upload
        try:
            async with (
                open_session(endpoint) as session,
                session.request(
                    self.request.method or "GET",
                    service_url(target),
                    headers=headers,
                    data=None if upload is None else upload.chunks(),
                    allow_redirects=False,
                ) as answer,
            ):
                if upload is not None:
                    upload.abandon()
                    await upload.complete.wait()
                await self._pass_back(answer)
        except (aiohttp.ClientError, ConnectionError) as error:
            self._fail(error)
        finally:
            if upload is not None:
                upload.abandon()

    async def _pass_back(self, answer: aiohttp.ClientResponse) -> None:
        self.set_status(answer.status, answer.reason)
        self.clear_header("Content-Type")
        seen: set[str] = set()
        for name, value in response_headers(answer.headers.items()):
            kept = self._public_location(value) if name.lower() == "location" else value
            if name.lower() in seen:
                self.add_header(name, kept)
            else:
                self.set_header(name, kept)
                seen.add(name.lower())
        try:
            # Alone: tornado makes up an entity tag and a length for what is written in one go with the headers.
            await self.flush()
            async for chunk in answer.content.iter_any():
                self.write(chunk)
                await self.flush()
            await self.finish()
        except StreamClosedError:
            pass  # the browser has enough

    def _fail(self, error: Exception) -> None:
        if self._headers_written:
            # An answer that is cut off must not look complete: only closing the connection says so.
            self.log.warning("voxcord: the service broke off an answer (%s)", type(error).__name__)
            if not self._finished:
                self.detach().close()
            return
        if isinstance(error, aiohttp.ClientConnectorError):
            unavailable = ServiceUnavailableError("service.restarting", "The Voxcord service is being restarted.", 1)
            raise ProblemError(unavailable.as_problem()) from error
        detail = "The Voxcord service stopped during this request. It may have been carried out: look before you retry."
        raise ProblemError(Problem(HTTPStatus.BAD_GATEWAY, "service.interrupted", detail)) from error

    async def _endpoint(self) -> Endpoint:
        try:
            return await self.service.endpoint()
        except ServiceUnavailableError as error:
            raise ProblemError(error.as_problem()) from error

    # Checks

    async def _admit(self) -> None:
        """What `@web.authenticated` and `@authorized` check, at once."""
        user = self.current_user
        if user is None:
            raise web.HTTPError(HTTPStatus.FORBIDDEN)
        action = HTTP_METHOD_TO_AUTH_ACTION[(self.request.method or "").upper()]
        if not await ensure_async(self.authorizer.is_authorized(self, user, action, self.auth_resource)):
            raise web.HTTPError(HTTPStatus.FORBIDDEN, f"You may not {action} on {self.auth_resource}.")

    def _has_body(self) -> bool:
        headers = self.request.headers
        return headers.get("Content-Length", "0") != "0" or "Transfer-Encoding" in headers

    def _limit_body(self) -> None:
        largest = self.service.largest_upload
        length = self.request.headers.get("Content-Length", "0")
        if not length.isdecimal():
            raise web.HTTPError(HTTPStatus.BAD_REQUEST, "Content-Length is not a number.")
        if int(length) > largest:
            detail = f"This is larger than {largest} bytes (VoxcordService.largest_upload)."
            raise ProblemError(Problem(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "request.too-large", detail))
        # In place of Jupyter's limit, which is meant for bodies that are held in memory.
        connection: Any = self.request.connection
        connection.set_max_body_size(largest)

    def _public_location(self, location: str) -> str:
        """The service knows nothing of the address below which it appears."""
        if location.startswith("/") and not location.startswith("//"):
            return url_path_join(self.base_url, "voxcord", location)
        return location

    def write_error(self, status_code: int, **kwargs: Any) -> None:
        """Problem details, like the service's own errors."""
        exc_info = kwargs.get("exc_info")
        problem = problem_of(status_code, exc_info[1] if exc_info else None)
        if problem.retry_after is not None:
            self.set_header("Retry-After", str(problem.retry_after))
        self.finish(problem.to_json(), set_content_type=PROBLEM_TYPE)
