"""Every address that the extension adds to a Jupyter server is closed to strangers."""

from __future__ import annotations

import inspect

import pytest
from jupyter_server.base.handlers import JupyterHandler
from tornado.httpclient import HTTPClientError, HTTPRequest
from tornado.web import Application
from tornado.websocket import WebSocketHandler, websocket_connect
from traitlets.config import Config

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")


@pytest.fixture
def jp_server_config(tmp_path):
    # `true` exits at once: what is shown here needs no service.
    service = {"service_command": ["true"], "data_dir": str(tmp_path / "data")}
    return Config({"ServerApp": {"jpserver_extensions": {"voxcord": True}}, "VoxcordService": service})


@pytest.fixture
def extension(jp_serverapp):
    (app,) = jp_serverapp.extension_manager.extension_apps["voxcord"]
    return app


def handlers_of(web_app: Application) -> list[tuple[str, type]]:
    found = []
    for rule in web_app.default_router.rules:
        for inner in getattr(rule.target, "rules", []):
            handler = inner.target
            if inspect.isclass(handler) and handler.__module__.split(".")[0] == "voxcord":
                found.append((inner.matcher.regex.pattern, handler))
    return found


def own_methods(handler: type) -> list[str]:
    inherited = WebSocketHandler if issubclass(handler, WebSocketHandler) else JupyterHandler
    return [
        name.lower() for name in METHODS if getattr(handler, name.lower()) is not getattr(inherited, name.lower(), None)
    ]


def test_all_handlers_are_known(jp_serverapp, extension):
    handlers = handlers_of(jp_serverapp.web_app)
    assert sorted(pattern for pattern, _ in handlers) == ["/a%40b/voxcord/(.*)$", "/a%40b/voxcord/rooms/(.+)$"]
    assert len(handlers) == len(extension.handlers)


def test_every_method_is_decorated(jp_serverapp):
    for _, handler in handlers_of(jp_serverapp.web_app):
        assert issubclass(handler, JupyterHandler)
        methods = own_methods(handler)
        assert methods
        for name in methods:
            source = inspect.getsource(inspect.getattr_static(handler, name))
            if issubclass(handler, WebSocketHandler):
                assert source.lstrip().startswith("@ws_authenticated"), (handler, name)
                assert "is_authorized" in source, (handler, name)
            else:
                assert source.split()[:2] == ["@web.authenticated", "@authorized"], (handler, name)


def test_no_handler_weakens_what_jupyter_checks(jp_serverapp):
    for _, handler in handlers_of(jp_serverapp.web_app):
        for name in ("check_xsrf_cookie", "check_origin", "check_host", "get_current_user", "current_user"):
            defined_in = next(cls for cls in handler.__mro__ if name in vars(cls))
            assert not defined_in.__module__.startswith("voxcord"), (handler, name)


@pytest.mark.parametrize("path", ["voxcord/api/v1/me", "voxcord/rooms/read:x", "voxcord/x", "voxcord/health"])
@pytest.mark.parametrize("method", METHODS)
async def test_strangers_get_nothing(jp_fetch, extension, path, method):
    body = b"x" if method in ("POST", "PUT", "PATCH") else None
    with pytest.raises(HTTPClientError) as refused:
        await jp_fetch(*path.split("/"), method=method, body=body, headers={"Authorization": "token wrong"})
    assert refused.value.code in (403, 405)
    assert extension.service.supervisor.starts == 0  # not even started for them


async def test_strangers_join_nothing(jp_ws_fetch):
    with pytest.raises(HTTPClientError) as refused:
        await jp_ws_fetch("voxcord", "rooms", "read:x", headers={"Authorization": "token wrong"})
    assert refused.value.code == 403


class Nobody:
    """An authorizer that lets nobody do anything, and remembers what was asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str]] = []

    def is_authorized(self, _handler, _user, action: str, resource: str) -> bool:
        self.asked.append((action, resource))
        return False


@pytest.mark.parametrize("method", METHODS)
async def test_authorizer_decides(jp_serverapp, jp_fetch, method):
    """Twice: what the first request needs must not be taken for what the second one needs."""
    nobody = jp_serverapp.web_app.settings["authorizer"] = Nobody()
    for _ in range(2):
        body = b"x" if method in ("POST", "PUT", "PATCH") else None
        with pytest.raises(HTTPClientError) as refused:
            await jp_fetch("voxcord", "api", method=method, body=body)
        assert refused.value.code == 403
    assert set(nobody.asked) == {("read" if method in ("GET", "HEAD") else "write", "voxcord")}


async def test_authorizer_decides_on_rooms(jp_serverapp, jp_ws_fetch):
    nobody = jp_serverapp.web_app.settings["authorizer"] = Nobody()
    with pytest.raises(HTTPClientError) as refused:
        await jp_ws_fetch("voxcord", "rooms", "read:x")
    assert refused.value.code == 403
    assert nobody.asked == [("execute", "voxcord")]


async def test_signed_in_people_are_told_that_the_service_is_down(jp_serverapp, jp_fetch, jp_http_port, extension):
    """`true` ends without ever being ready."""
    extension.service.patience = 0.0
    with pytest.raises(HTTPClientError) as refused:
        await jp_fetch("voxcord", "api", "v1", "me")
    assert refused.value.code == 503
    assert int(refused.value.response.headers["Retry-After"]) >= 1
    assert refused.value.response.headers["Content-Type"] == "application/problem+json"

    token = jp_serverapp.identity_provider.token
    url = f"ws://localhost:{jp_http_port}/a%40b/voxcord/rooms/read:x"
    room = await websocket_connect(HTTPRequest(url, headers={"Authorization": f"token {token}"}))
    assert await room.read_message() is None
    assert room.close_code == 4503
    await extension.stop_extension()
