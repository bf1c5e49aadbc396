"""The version that is installed."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version

try:
    __version__ = version("voxcord")
except PackageNotFoundError:  # imported from a folder that was never installed
    __version__ = "0.0.0"
