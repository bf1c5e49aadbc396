"""Voxcord in Jupyter: starts the Voxcord service beside the Jupyter server and lets signed-in people reach it."""

from __future__ import annotations

from typing import Any

from ._version import __version__

__all__ = ["__version__"]


def _jupyter_labextension_paths() -> list[dict[str, str]]:
    return [{"src": "labextension", "dest": "@voxcord/extension"}]


def _jupyter_server_extension_points() -> list[dict[str, Any]]:
    # Imported here so that `import voxcord` stays light in a notebook kernel.
    from .extension import VoxcordExtension  # noqa: PLC0415

    return [{"module": "voxcord", "app": VoxcordExtension}]
