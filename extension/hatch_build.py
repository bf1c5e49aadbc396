"""Build hooks: the JavaScript parts are built by the repository's npm workspaces, one folder up."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

HERE = Path(__file__).parent
LABEXTENSION = "voxcord/labextension"
INSTALLED_AT = "share/jupyter/labextensions/@voxcord/extension"


def build_labextension(_target: str, version: str) -> None:
    """Builds the labextension and the service for a distribution (called by hatch-jupyter-builder).

    An editable installation is about the Python code: it must work on a machine where the JavaScript has not been
    built yet, so nothing is built for it.
    """
    if version == "editable":
        return
    workspaces = HERE.parent
    npm = shutil.which("npm")
    if not (workspaces / "package-lock.json").exists() or npm is None:
        raise RuntimeError(
            "The JavaScript parts of Voxcord are not built. Build the wheel from a checkout of the repository, with "
            "npm installed, or from a source distribution that contains them."
        )
    subprocess.run([npm, "run", "build"], cwd=workspaces, check=True)  # noqa: S603


class BuiltFiles(BuildHookInterface):
    """Ships the labextension in distributions.

    A plain `shared-data` entry would fail for an editable installation before the first build, and would be in the
    way of the link that `jupyter-builder develop` makes.
    """

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        if version == "standard" and (HERE / LABEXTENSION).is_dir():
            build_data["shared_data"]["install.json"] = f"{INSTALLED_AT}/install.json"
            for entry in sorted((HERE / LABEXTENSION).iterdir()):
                build_data["shared_data"][f"{LABEXTENSION}/{entry.name}"] = f"{INSTALLED_AT}/{entry.name}"
