"""Makes `../networks/random.onnx`: a small U-net with random weights, so that no axis is like another.

    python make_network.py

It is committed and this is not run by tests. Written with onnx 1.23.2 and NumPy 2.4.6.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

NETWORK = Path(__file__).parent.parent / "networks" / "random.onnx"
OPSET, IR = 18, 9
CHANNELS = 5
rng = np.random.default_rng(20261123)


def weights(name: str, shape: tuple[int, ...], gain: float) -> onnx.TensorProto:
    return numpy_helper.from_array((gain * rng.standard_normal(shape)).astype(np.float32), name)


def field(name: str, channels: int) -> onnx.ValueInfoProto:
    return helper.make_tensor_value_info(name, TensorProto.FLOAT, [1, channels, "x", "y", "z"])


def convolution(given: str, made: str, **attributes: object) -> onnx.NodeProto:
    return helper.make_node("Conv", [given, f"{made}.w", f"{made}.b"], [made], **attributes)


nodes = [
    convolution("image", "fine", kernel_shape=[3, 3, 3], pads=[1] * 6),
    helper.make_node("Relu", ["fine"], ["seen"]),
    convolution("seen", "coarse", kernel_shape=[3, 3, 3], pads=[1] * 6, strides=[2, 2, 2]),
    helper.make_node("Relu", ["coarse"], ["summed"]),
    helper.make_node("ConvTranspose", ["summed", "up.w"], ["up"], kernel_shape=[2, 2, 2], strides=[2, 2, 2]),
    helper.make_node("Concat", ["seen", "up"], ["both"], axis=1),
    convolution("both", "scores", kernel_shape=[3, 3, 3], pads=[1] * 6),
]
initializers = [
    weights("fine.w", (4, 1, 3, 3, 3), 0.5),
    weights("fine.b", (4,), 0.2),
    weights("coarse.w", (6, 4, 3, 3, 3), 0.15),
    weights("coarse.b", (6,), 0.1),
    weights("up.w", (6, 3, 2, 2, 2), 0.5),
    weights("scores.w", (CHANNELS, 7, 3, 3, 3), 0.4),
    weights("scores.b", (CHANNELS,), 0.2),
]
graph = helper.make_graph(nodes, "random", [field("image", 1)], [field("scores", CHANNELS)], initializer=initializers)
model = helper.make_model(
    graph, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=IR, producer_name="make_network"
)
onnx.checker.check_model(model, full_check=True)
NETWORK.parent.mkdir(exist_ok=True)
NETWORK.write_bytes(model.SerializeToString())
