"""Makes the prompted models of `../fixtures`: networks of a few bytes that do what their names say.

    python make_models.py

They are committed and this is not run by tests. Written with onnx 1.23.2; another version may write other bytes, and
then other hashes come with them.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

FIXTURES = Path(__file__).parent.parent / "fixtures"
OPSET = 18
IR = 9
SIZE = 32
ENDLESS = 2**62
# Half of the window of 500 HU from -100 HU: brighter is the thing.
HALF = 0.5


def constant(name: str, value: Any, dtype: Any = np.float32) -> onnx.TensorProto:
    return numpy_helper.from_array(np.asarray(value, dtype), name)


def field(name: str, channels: int = 1, size: int = SIZE) -> onnx.ValueInfoProto:
    return helper.make_tensor_value_info(name, TensorProto.FLOAT, [1, channels, size, size, size])


def network(nodes: list, constants: list, inputs: list, outputs: list) -> onnx.ModelProto:
    graph = helper.make_graph(nodes, "network", inputs, outputs, initializer=constants)
    imports = [helper.make_opsetid("", OPSET)]
    return helper.make_model(graph, opset_imports=imports, ir_version=IR, producer_name="make_models")


def encoder() -> onnx.ModelProto:
    """How bright a voxel is: above 0 in the brighter half of the window."""
    nodes = [
        helper.make_node("Sub", ["image", "half"], ["beyond"]),
        helper.make_node("Mul", ["beyond", "steepness"], ["features"]),
    ]
    constants = [constant("half", HALF), constant("steepness", 40)]
    return network(nodes, constants, [field("image")], [field("features")])


def decoder(last: list | None = None, more: list | None = None, size: int = SIZE) -> onnx.ModelProto:
    """The thing is what is bright and nearer to a place on it than to one beside it, within their reach."""
    ends = last is None
    nodes = [
        helper.make_node("Conv", ["prompts", "of_prompts", "bias"], ["pointed"], kernel_shape=[1, 1, 1]),
        helper.make_node("Min", ["features", "pointed"], ["scores" if ends else "found"]),
        *(last or []),
    ]
    constants = [
        constant("of_prompts", np.array([8, -8]).reshape(1, 2, 1, 1, 1)),
        constant("bias", [-3]),
        *(more or []),
    ]
    return network(nodes, constants, [field("features"), field("prompts", 2)], [field("scores", size=size)])


def nan() -> onnx.ModelProto:
    nodes = [
        helper.make_node("Mul", ["found", "zero"], ["none"]),
        helper.make_node("Div", ["none", "none"], ["scores"]),
    ]
    return decoder(nodes, [constant("zero", 0)])


def wrong_shape() -> onnx.ModelProto:
    half = [helper.make_node("MaxPool", ["found"], ["scores"], kernel_shape=[2, 2, 2], strides=[2, 2, 2])]
    return decoder(half, size=SIZE // 2)


def never_ends() -> onnx.ModelProto:
    """Adds nothing for ever."""
    body = helper.make_graph(
        [
            helper.make_node("Identity", ["go_on"], ["still"]),
            helper.make_node("Mul", ["before", "one"], ["after"]),
        ],
        "body",
        [
            helper.make_tensor_value_info("turn", TensorProto.INT64, []),
            helper.make_tensor_value_info("go_on", TensorProto.BOOL, []),
            field("before"),
        ],
        [helper.make_tensor_value_info("still", TensorProto.BOOL, []), field("after")],
        initializer=[constant("one", 1)],
    )
    loop = [helper.make_node("Loop", ["turns", "", "found"], ["scores"], body=body)]
    return decoder(loop, [constant("turns", ENDLESS, np.int64)])


def described(name: str, parts: dict) -> dict:
    return {
        "format": "voxcord-model/1",
        "name": name,
        "version": "1.0.0",
        "title": "What is bright and nearer",
        "licence": {"name": "BSD-3-Clause", "attribution": ""},
        "intendedUse": "Tests of Voxcord. It has learnt nothing and says nothing about any person.",
        "limitations": "It looks at single voxels only.",
        "card": None,
        "kind": "prompted",
        **parts,
        "input": {
            "tensor": "image",
            "modalities": ["CT"],
            "intensity": {"kind": "window", "low": -100, "high": 400},
            "crop": [SIZE, SIZE, SIZE],
            "spacing": 1,
        },
        "features": ["features"],
        "prompts": {"tensor": "prompts", "reach": 8},
        "output": {"tensor": "scores"},
    }


def write(name: str, networks: dict[str, onnx.ModelProto]) -> None:
    folder = FIXTURES / name
    folder.mkdir(parents=True, exist_ok=True)
    parts = {}
    for part, model in networks.items():
        onnx.checker.check_model(model, full_check=True)
        content = model.SerializeToString()
        (folder / f"{part}.onnx").write_bytes(content)
        parts[part] = {"file": f"{part}.onnx", "sha256": hashlib.sha256(content).hexdigest(), "opset": OPSET}
    (folder / "model.json").write_text(json.dumps(described(name, parts), indent=2) + "\n")


def main() -> None:
    write("nearer", {"encoder": encoder(), "decoder": decoder()})
    write("nan", {"encoder": encoder(), "decoder": nan()})
    write("wrong-shape", {"encoder": encoder(), "decoder": wrong_shape()})
    write("never-ends", {"encoder": encoder(), "decoder": never_ends()})


if __name__ == "__main__":
    main()
