"""What the service is started with."""

from pathlib import Path

import pytest
from traitlets import TraitError

from voxcord.service import VoxcordService


def service(folder: Path, **settings) -> VoxcordService:
    return VoxcordService(service_command=["voxcord"], data_dir=str(folder), **settings)


@pytest.mark.parametrize(
    ("settings", "options"),
    [
        ({}, []),
        ({"model_trial_seconds": 600}, ["--model-trial-seconds", "600"]),
        ({"models_at_once": 2}, ["--models-at-once", "2"]),
        ({"model_providers": ["cuda", "cpu"]}, ["--provider", "cuda", "--provider", "cpu"]),
    ],
)
def test_how_models_run_is_passed_on_if_it_is_set(tmp_path, settings, options):
    socket = tmp_path / "socket"
    begin = ["voxcord", "serve", "--socket", str(socket), "--data", str(tmp_path)]
    assert service(tmp_path, **settings).command(socket) == [*begin, *options, "--exit-with-parent"]


@pytest.mark.parametrize("seconds", [0, 86401])
def test_time_for_trials_of_models_is_between_a_second_and_a_day(tmp_path, seconds):
    with pytest.raises(TraitError):
        service(tmp_path, model_trial_seconds=seconds)
