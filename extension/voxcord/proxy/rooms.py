"""WebSockets between browsers and the service's rooms."""

from __future__ import annotations

import asyncio
import contextlib
from http import HTTPStatus
from typing import Any

import aiohttp
from jupyter_server.auth.decorator import ws_authenticated
from jupyter_server.base.handlers import JupyterHandler
from jupyter_server.base.websocket import WebSocketMixin
from jupyter_server.utils import ensure_async, url_path_join
from tornado import web
from tornado.websocket import WebSocketClosedError, WebSocketHandler

from ..identity import IDENTITY_HEADER, UnusableIdentityError
from ..problems import ProblemError, ServiceUnavailableError
from ..service import VoxcordService
from .connection import open_session, service_url
from .http import AUTH_RESOURCE
from .target import service_target

MAX_FRAME_BYTES = 1024 * 1024
"""Longest frame of a room, as in schemas/src/rooms/messages.ts."""

HEARTBEAT = 60.0  # seconds; a service that does not answer a ping within half of it is taken for dead

# Close codes, as in schemas/src/rooms/closeCodes.ts. 44xx is final, 45xx means: try again.
BAD_ADDRESS = 4400
SIGN_IN = 4401
NOT_ALLOWED = 4403
GONE = 4404
TOO_LARGE = 4413
UNAVAILABLE = 4503

_REFUSALS = {
    HTTPStatus.BAD_REQUEST: BAD_ADDRESS,
    HTTPStatus.UNAUTHORIZED: SIGN_IN,
    HTTPStatus.FORBIDDEN: NOT_ALLOWED,
    HTTPStatus.NOT_FOUND: GONE,
}
_GOING_AWAY = 1001
_LONGEST_REASON = 123  # bytes, by RFC 6455


class RoomProxyHandler(WebSocketMixin, WebSocketHandler, JupyterHandler):
    """Joins one browser to one room. Frames, their order and the close codes of both ends stay as they are.

    Each direction reads its next frame after the last one has been written, so that a slow end slows the other one
    down instead of filling this server's memory.
    """

    auth_resource = AUTH_RESOURCE

    def initialize(self, service: VoxcordService) -> None:
        self.service = service
        self._joining: asyncio.Task[None] | None = None
        self._room: aiohttp.ClientWebSocketResponse[bool] | None = None
        self._joined = asyncio.Event()
        self._leaving: asyncio.Task[bool] | None = None

    def set_default_headers(self) -> None:
        """Those of pages and API calls mean nothing to a WebSocket."""

    def get_compression_options(self) -> dict[str, Any] | None:
        """None: what rooms send is compressed already."""
        return None

    @ws_authenticated
    async def get(self, room: str) -> None:
        user = self.current_user
        if not await ensure_async(self.authorizer.is_authorized(self, user, "execute", self.auth_resource)):
            raise web.HTTPError(HTTPStatus.FORBIDDEN)
        await super().get(room)

    async def open(self, *args: str, **kwargs: str) -> None:
        """Returns when the room is joined or has refused: frames of the browser are read from then on."""
        super().open(*args, **kwargs)
        self._joining = asyncio.create_task(self._join())
        await self._joined.wait()

    async def on_message(self, message: str | bytes) -> None:
        room = self._room
        if room is None:
            return
        if len(message if isinstance(message, bytes) else message.encode()) > MAX_FRAME_BYTES:
            self._close(TOO_LARGE, f"frames have at most {MAX_FRAME_BYTES} bytes")
            return
        with contextlib.suppress(ConnectionError):  # then `_join` sees the end of the room and why
            if isinstance(message, bytes):
                await room.send_bytes(message)
            else:
                await room.send_str(message)

    def send_ping(self) -> None:
        """Every half minute: is the browser still there, and may its person still be here?"""
        still_known = getattr(self.identity_provider, "still_known", None)
        if still_known is not None and not still_known(self.current_user):
            self._close(SIGN_IN, "signed out")
            return
        super().send_ping()

    def on_close(self) -> None:
        if self.ping_callback is not None:
            self.ping_callback.stop()
        room, joining = self._room, self._joining
        if room is not None and not room.closed:
            code = self.close_code if self.close_code is not None and _may_be_sent(self.close_code) else _GOING_AWAY
            self._leaving = asyncio.create_task(room.close(code=code, message=_reason(self.close_reason)))
        elif joining is not None:
            joining.cancel()

    # The service's side

    async def _join(self) -> None:
        try:
            target = service_target(self.request.uri or "", url_path_join(self.base_url, "voxcord/"))
            endpoint = await self.service.endpoint()
            # Nothing of the browser's: aiohttp makes those of the handshake.
            headers = {IDENTITY_HEADER: self.service.identity_for(self.current_user, endpoint)}
            async with (
                open_session(endpoint) as session,
                session.ws_connect(
                    service_url(target), headers=headers, max_msg_size=MAX_FRAME_BYTES + 1, heartbeat=HEARTBEAT
                ) as room,
            ):
                self._room = room
                self._joined.set()
                await self._pass_back(room)
                if self._leaving is not None:
                    await self._leaving  # else the connection is closed here first, with a code of its own
        except ProblemError as error:
            self._close(BAD_ADDRESS, error.problem.detail)
        except UnusableIdentityError as error:
            self._close(NOT_ALLOWED, str(error))
        except ServiceUnavailableError as error:
            self._close(UNAVAILABLE, str(error))
        except aiohttp.WSServerHandshakeError as error:
            self._close(_REFUSALS.get(HTTPStatus(error.status), UNAVAILABLE), f"the service answered {error.status}")
        except (aiohttp.ClientError, asyncio.TimeoutError, OSError) as error:
            self.log.debug("voxcord: room lost: %r", error)
            self._close(UNAVAILABLE, "the service is being restarted")
        except Exception:
            self.log.exception("voxcord: a room failed")
            self._close(UNAVAILABLE, "internal error")
        finally:
            self._joined.set()

    async def _pass_back(self, room: aiohttp.ClientWebSocketResponse[bool]) -> None:
        while True:
            message = await room.receive()
            try:
                if message.type is aiohttp.WSMsgType.BINARY:
                    await self.write_message(message.data, binary=True)
                elif message.type is aiohttp.WSMsgType.TEXT:
                    await self.write_message(message.data)
                elif message.type is aiohttp.WSMsgType.CLOSE:
                    self._close_like(message.data, message.extra)
                    return
                else:  # CLOSED, CLOSING, ERROR: the connection broke, or the browser has left
                    self._close_like(room.close_code, None)
                    return
            except WebSocketClosedError:
                return

    def _close_like(self, code: int | None, reason: str | None) -> None:
        """Passes on why the service closed. A connection that just broke is a reason to try again."""
        if code is None or code == aiohttp.WSCloseCode.ABNORMAL_CLOSURE:
            self._close(UNAVAILABLE, "the service is being restarted")
        elif _may_be_sent(code):
            self._close(code, reason)
        else:
            self._close(None, None)

    def _close(self, code: int | None, reason: str | None) -> None:
        text = _reason(reason).decode() if code is not None and reason else None
        self.close(code, text)


def _may_be_sent(code: int) -> bool:
    """1004 to 1006 and 1015 only say what a browser found; they never travel."""
    return 1000 <= code <= 4999 and code not in (1004, 1005, 1006, 1015)  # noqa: PLR2004


def _reason(text: str | None) -> bytes:
    return (text or "").encode()[:_LONGEST_REASON].decode(errors="ignore").encode()
