"""The Jupyter server extension."""

from __future__ import annotations

from typing import Any

from jupyter_server.extension.application import ExtensionApp
from jupyter_server.serverapp import ServerApp

from ._version import __version__
from .proxy.http import ServiceProxyHandler
from .proxy.rooms import RoomProxyHandler
from .service import VoxcordService


class VoxcordExtension(ExtensionApp):
    """Starts the Voxcord service and lets signed-in people reach it below `<base_url>voxcord/`."""

    name = "voxcord"
    version = __version__
    description = "Voxcord: collaborative ground truth for 3D medical images"
    default_url = "/lab"
    load_other_extensions = True
    classes = [ServerApp, VoxcordService]  # noqa: RUF012 - as traitlets declares it

    service: VoxcordService

    def initialize_settings(self) -> None:
        server = self._server()
        self.service = VoxcordService(parent=self, log=self.log, contents_root=_contents_root(server))

    def initialize_handlers(self) -> None:
        passed: dict[str, Any] = {"service": self.service}
        self.handlers.extend(
            [
                (r"/voxcord/rooms/(.+)", RoomProxyHandler, passed),
                (r"/voxcord/(.*)", ServiceProxyHandler, passed),
            ]
        )

    async def _start_jupyter_server_extension(self, _serverapp: ServerApp) -> None:
        self.service.start()

    async def stop_extension(self) -> None:
        await self.service.stop()

    def _server(self) -> ServerApp:
        if self.serverapp is None:
            raise RuntimeError("The Voxcord extension is not linked to a Jupyter server.")
        return self.serverapp


def _contents_root(server: ServerApp) -> str:
    """The folder that the file browser shows, if it shows a folder at all."""
    return str(getattr(server.contents_manager, "root_dir", "") or server.root_dir)
