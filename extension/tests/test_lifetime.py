"""However the Jupyter server ends, its service ends too."""

from __future__ import annotations

import os
import pty
import signal

from conftest import Jupyter, is_alive, running_jupyter, wait_until


def end_in_order(jupyter: Jupyter, sent: signal.Signals, times: int) -> None:
    wait_until(lambda: "service is ready" in jupyter.log, "the service")
    pid = jupyter.service_pid()
    for number in range(times):
        # As Ctrl-C does: to every process of the terminal's group.
        os.killpg(jupyter.process.pid, sent)
        if number + 1 < times:
            wait_until(lambda: "Shut down this Jupyter server" in jupyter.log, "Jupyter's question")
    jupyter.process.wait(60)
    assert not is_alive(pid)
    assert (jupyter.data / "flushed").read_text() == "SIGTERM"
    assert not (jupyter.data / "interrupted").exists()


def test_service_ends_in_order_with_jupyter(tmp_path, echo_command):
    with running_jupyter(tmp_path / "jupyter", echo_command) as jupyter:
        end_in_order(jupyter, signal.SIGTERM, 1)


def test_service_ends_in_order_after_ctrl_c_in_a_terminal(tmp_path, echo_command):
    """Jupyter asks whether to shut down; the second Ctrl-C answers."""
    _, terminal = pty.openpty()
    with running_jupyter(tmp_path / "jupyter", echo_command, stdin=terminal) as jupyter:
        end_in_order(jupyter, signal.SIGINT, 2)


def test_service_ends_after_an_interrupt_without_a_terminal(tmp_path, echo_command):
    """Then Jupyter ends at once, without a word to its extensions."""
    with running_jupyter(tmp_path / "jupyter", echo_command) as jupyter:
        wait_until(lambda: "service is ready" in jupyter.log, "the service")
        pid = jupyter.service_pid()
        os.killpg(jupyter.process.pid, signal.SIGINT)
        jupyter.process.wait(60)
        wait_until(lambda: not is_alive(pid), "the end of the service")
        assert (jupyter.data / "flushed").read_text() == "parent"


def test_service_ends_with_a_jupyter_that_was_killed(tmp_path, echo_command):
    with running_jupyter(tmp_path / "jupyter", echo_command) as jupyter:
        wait_until(lambda: "service is ready" in jupyter.log, "the service")
        pid = jupyter.service_pid()
        jupyter.process.kill()
        jupyter.process.wait()
        wait_until(lambda: not is_alive(pid), "the end of the service")
        assert (jupyter.data / "flushed").read_text() == "parent"


def test_jupyter_starts_and_explains_when_node_is_too_old(tmp_path):
    old = tmp_path / "node"
    old.write_text("#!/bin/sh\necho v18.19.0\n")
    old.chmod(0o755)
    with running_jupyter(tmp_path / "jupyter", [], config={"VoxcordService": {"node": str(old)}}) as jupyter:
        wait_until(lambda: "cannot be started" in jupyter.log, "the message")
        assert f"VoxcordService.node names {old} (version 18.19.0). Voxcord needs Node 24." in jupyter.log
