"""Makes the model folders of `../fixtures`: networks of a few bytes that do what their names say.

    python make_models.py

They are committed and this is not run by tests. Written with onnx 1.23.2; another version may write other bytes, and
then other hashes come with them.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

FIXTURES = Path(__file__).parent.parent / "fixtures"
OPSET = 18
IR = 9
FIELD = [1, 1, "x", "y", "z"]
ENDLESS = 2**62
# HU of the window that becomes 0 to 1, and the thresholds: between whole numbers, so that no voxel lies on one.
LOW, HIGH = -100, 400
FIRST, SECOND = 50.5, 150.5
STEEPNESS = 20


def constant(name: str, value: Any, dtype: Any = np.float32) -> onnx.TensorProto:
    return numpy_helper.from_array(np.asarray(value, dtype), name)


def field(name: str, channels: int | str = 1, sizes: tuple = ("x", "y", "z")) -> onnx.ValueInfoProto:
    return helper.make_tensor_value_info(name, TensorProto.FLOAT, [1, channels, *sizes])


def network(
    nodes: list, initializers: list, inputs: list | None = None, outputs: list | None = None, **options
) -> onnx.ModelProto:
    graph = helper.make_graph(
        nodes, "network", inputs or [field("image")], outputs or [field("scores", "c")], initializer=initializers
    )
    imports = [helper.make_opsetid("", OPSET), *options.pop("imports", [])]
    return helper.make_model(graph, opset_imports=imports, ir_version=IR, producer_name="make_models", **options)


def in_window(hounsfield: float) -> float:
    return (hounsfield - LOW) / (HIGH - LOW)


def classes(count: int = 3) -> list:
    """Weights of a convolution of one voxel: scores of which the highest says between which thresholds a value is."""
    first, second = in_window(FIRST), in_window(SECOND)
    weights = np.array([0, STEEPNESS, 2 * STEEPNESS])[:count]
    biases = np.array([0, -STEEPNESS * first, -STEEPNESS * (first + second)])[:count]
    return [constant("weights", weights.reshape(count, 1, 1, 1, 1)), constant("biases", biases)]


def by_threshold(output: str = "scores", image: str = "image") -> onnx.NodeProto:
    return helper.make_node("Conv", [image, "weights", "biases"], [output], kernel_shape=[1, 1, 1])


def threshold() -> onnx.ModelProto:
    return network([by_threshold()], classes())


def probabilities() -> onnx.ModelProto:
    return network([by_threshold("logits"), helper.make_node("Softmax", ["logits"], ["scores"], axis=1)], classes())


def many_channels() -> onnx.ModelProto:
    """One more than a label map has numbers."""
    return network(
        [helper.make_node("Mul", ["image", "ones"], ["scores"])], [constant("ones", np.ones((1, 257, 1, 1, 1)))]
    )


def nan() -> onnx.ModelProto:
    nodes = [by_threshold("clean"), helper.make_node("Mul", ["clean", "nan"], ["scores"])]
    return network(nodes, [*classes(), constant("nan", np.nan)])


def nan_later() -> onnx.ModelProto:
    """Fine on a patch of zeros; not a number where a voxel is brighter than the middle of the window."""
    nodes = [
        helper.make_node("Sub", ["half", "image"], ["below"]),
        helper.make_node("Sqrt", ["below"], ["root"]),
        helper.make_node("Sub", ["root", "root"], ["nothing"]),
        by_threshold("clean"),
        helper.make_node("Add", ["clean", "nothing"], ["scores"]),
    ]
    return network(nodes, [*classes(), constant("half", 0.5)])


def wrong_shape() -> onnx.ModelProto:
    pool = helper.make_node("AveragePool", ["full"], ["scores"], kernel_shape=[2, 2, 2], strides=[2, 2, 2])
    return network([by_threshold("full"), pool], classes(), outputs=[field("scores", "c", ("u", "v", "w"))])


def counting(turns: list, initializers: list) -> onnx.ModelProto:
    """Adds 0 to the scores as many times as the tensor `turns` says."""
    body = helper.make_graph(
        [
            helper.make_node("Identity", ["go"], ["go_on"]),
            helper.make_node("Add", ["sum", "zero"], ["next_sum"]),
        ],
        "body",
        [
            helper.make_tensor_value_info("turn", TensorProto.INT64, []),
            helper.make_tensor_value_info("go", TensorProto.BOOL, []),
            helper.make_tensor_value_info("sum", TensorProto.FLOAT, [1]),
        ],
        [
            helper.make_tensor_value_info("go_on", TensorProto.BOOL, []),
            helper.make_tensor_value_info("next_sum", TensorProto.FLOAT, [1]),
        ],
    )
    nodes = [
        *turns,
        helper.make_node("Loop", ["turns", "", "start"], ["total"], body=body),
        by_threshold("clean"),
        helper.make_node("Add", ["clean", "total"], ["scores"]),
    ]
    # `zero` comes from the image, so that nothing can be folded before it runs.
    zero = [
        helper.make_node("ReduceMax", ["image"], ["brightest"], keepdims=0),
        helper.make_node("Mul", ["brightest", "nothing"], ["zero"]),
    ]
    constants = [*classes(), *initializers, constant("start", [0]), constant("nothing", [0])]
    return network([*zero, *nodes], constants)


def never_ends() -> onnx.ModelProto:
    return counting([], [constant("turns", ENDLESS, np.int64)])


def never_ends_later() -> onnx.ModelProto:
    """At once on a patch of zeros; without end as soon as a voxel is brighter than the middle of the window."""
    turns = [
        helper.make_node("Greater", ["brightest", "half"], ["bright"]),
        helper.make_node("Where", ["bright", "endless", "once"], ["turns"]),
    ]
    constants = [
        constant("half", 0.5),
        constant("endless", ENDLESS, np.int64),
        constant("once", 1, np.int64),
    ]
    return counting(turns, constants)


def no_memory() -> onnx.ModelProto:
    """Wants 16 TiB for a tensor of whose values it then takes none."""
    shape = [
        helper.make_node("ReduceMax", ["image"], ["brightest"], keepdims=0),
        helper.make_node("Mul", ["brightest", "nothing"], ["zero"]),
        helper.make_node("Cast", ["zero"], ["whole"], to=TensorProto.INT64),
        # The length comes from the image, so that nothing can be folded before it runs.
        helper.make_node("Add", ["whole", "huge"], ["length"]),
        helper.make_node("ConstantOfShape", ["length"], ["heap"]),
        helper.make_node("ReduceMax", ["heap"], ["most"], keepdims=0),
        by_threshold("clean"),
        helper.make_node("Add", ["clean", "most"], ["scores"]),
    ]
    return network(shape, [*classes(), constant("nothing", 0), constant("huge", [2**42], np.int64)])


def slow() -> onnx.ModelProto:
    """What `threshold` does, but some tenths of a second for each patch."""
    return counting([], [constant("turns", 400_000, np.int64)])


def outside(tensor: onnx.TensorProto) -> onnx.TensorProto:
    tensor.ClearField("raw_data")
    tensor.data_location = TensorProto.EXTERNAL
    for key, value in (("location", "../../outside.bin"), ("offset", "0"), ("length", "12")):
        entry = tensor.external_data.add()
        entry.key, entry.value = key, value
    return tensor


def external_data() -> onnx.ModelProto:
    weights, biases = classes()
    return network([by_threshold()], [weights, outside(biases)])


def external_data_nested() -> onnx.ModelProto:
    """In a constant in a branch of an `If`."""

    def branch(name: str, value: onnx.TensorProto) -> onnx.GraphProto:
        node = helper.make_node("Constant", [], [name], value=value)
        output = helper.make_tensor_value_info(name, TensorProto.FLOAT, [3])
        return helper.make_graph([node], name, [], [output])

    weights, biases = classes()
    then = branch("outside", outside(constant("outside", [0, 0, 0])))
    otherwise = branch("inside", numpy_helper.from_array(numpy_helper.to_array(biases), "inside"))
    choice = helper.make_node("If", ["yes"], ["biases"], then_branch=then, else_branch=otherwise)
    return network([choice, by_threshold()], [weights, constant("yes", True, np.bool_)])


def external_data_function() -> onnx.ModelProto:
    """In a constant in a function of the file's own."""
    body = [helper.make_node("Constant", [], ["out"], value=outside(constant("outside", [0, 0, 0])))]
    function = helper.make_function("own", "Biases", [], ["out"], body, [helper.make_opsetid("", OPSET)])
    weights, _ = classes()
    nodes = [helper.make_node("Biases", [], ["biases"], domain="own"), by_threshold()]
    return network(nodes, [weights], functions=[function], imports=[helper.make_opsetid("own", 1)])


def custom_domain() -> onnx.ModelProto:
    nodes = [by_threshold("clean"), helper.make_node("Secret", ["clean"], ["scores"], domain="com.example")]
    return network(nodes, classes(), imports=[helper.make_opsetid("com.example", 1)])


def fixed_size() -> onnx.ModelProto:
    """Takes 16 x 16 x 16 voxels only."""
    sizes = (16, 16, 16)
    return network([by_threshold()], classes(), [field("image", 1, sizes)], [field("scores", 3, sizes)])


def encoder() -> onnx.ModelProto:
    weights = [constant("weights", np.array([1, -1]).reshape(2, 1, 1, 1, 1)), constant("biases", [0, 1])]
    return network([by_threshold("features")], weights, outputs=[field("features", 2)])


def decoder() -> onnx.ModelProto:
    """The thing is where a place on it is nearer than one beside it, within its reach, whatever the image shows."""
    nodes = [
        helper.make_node("Conv", ["features", "of_image"], ["seen"], kernel_shape=[1, 1, 1]),
        helper.make_node("Conv", ["prompts", "of_prompts", "bias"], ["pointed"], kernel_shape=[1, 1, 1]),
        helper.make_node("Add", ["seen", "pointed"], ["logits"]),
    ]
    constants = [
        constant("of_image", np.zeros((1, 2, 1, 1, 1))),
        constant("of_prompts", np.array([8, -8]).reshape(1, 2, 1, 1, 1)),
        constant("bias", [-3]),
    ]
    inputs = [field("features", 2), field("prompts", 2)]
    return network(nodes, constants, inputs, [field("logits", 1)])


def common(name: str, title: str) -> dict:
    return {
        "format": "voxcord-model/1",
        "name": name,
        "version": "1.0.0",
        "title": title,
        "licence": {"name": "BSD-3-Clause", "attribution": ""},
        "intendedUse": "Tests of Voxcord. It has learnt nothing and says nothing about any person.",
        "limitations": "It looks at single voxels only.",
        "card": None,
    }


INTENSITY = {"kind": "window", "low": LOW, "high": HIGH}


def automatic(name: str, title: str) -> dict:
    def segment(channel: int, called: str, kind: str, colour: str, code: tuple[str, str]) -> dict:
        value, meaning = code
        codes = [{"scheme": "SCT", "value": value, "meaning": meaning}]
        return {"channel": channel, "name": called, "kind": kind, "colour": colour, "codes": codes}

    return {
        **common(name, title),
        "kind": "automatic",
        "weights": {"file": "model.onnx", "sha256": "", "opset": OPSET},
        "input": {
            "tensor": "image",
            "modalities": ["CT"],
            "orientation": "RAS",
            "spacing": None,
            "acceptedSpacing": {"smallest": 0.1, "largest": 10},
            "interpolation": "linear",
            "intensity": INTENSITY,
            "multipleOf": [1, 1, 1],
        },
        "field": {"kind": "window", "patch": [32, 32, 32], "overlap": 0.25, "blending": "gaussian"},
        "output": {
            "tensor": "scores",
            "scores": "logits",
            "segments": [
                segment(1, "Liver", "structure", "#56b4e9", ("10200004", "Liver")),
                segment(2, "Nodule", "lesion", "#e69f00", ("27925004", "Nodule")),
            ],
            "cleanUp": None,
        },
    }


def prompted(name: str, title: str) -> dict:
    return {
        **common(name, title),
        "kind": "prompted",
        "encoder": {"file": "encoder.onnx", "sha256": "", "opset": OPSET},
        "decoder": {"file": "decoder.onnx", "sha256": "", "opset": OPSET},
        "input": {"tensor": "image", "modalities": ["CT"], "intensity": INTENSITY, "crop": [32, 32, 32], "spacing": 1},
        "features": ["features"],
        "prompts": {"tensor": "prompts", "reach": 8},
        "output": {"tensor": "logits"},
    }


def write(described: dict, networks: dict[str, onnx.ModelProto]) -> None:
    """`networks`: by the property of `described` that pins each."""
    folder = FIXTURES / described["name"]
    folder.mkdir(parents=True)
    for pinned, made in networks.items():
        content = made.SerializeToString(deterministic=True)
        weights = described[pinned]
        (folder / weights["file"]).write_bytes(content)
        weights["sha256"] = weights["sha256"] or hashlib.sha256(content).hexdigest()
    (folder / "model.json").write_text(json.dumps(described, indent=2, ensure_ascii=False) + "\n")


def main() -> None:
    if FIXTURES.exists():
        shutil.rmtree(FIXTURES)
    for name, title, make in (
        ("threshold", "Bright and brighter", threshold),
        ("probabilities", "Bright and brighter, as probabilities", probabilities),
        ("nan", "Not a number", nan),
        ("nan-later", "Not a number on bright images", nan_later),
        ("wrong-shape", "Half of the grid", wrong_shape),
        ("never-ends", "Never ends", never_ends),
        ("never-ends-later", "Never ends on bright images", never_ends_later),
        ("no-memory", "Wants more memory than there is", no_memory),
        ("slow", "Takes its time", slow),
        ("external-data", "Reads another file", external_data),
        ("external-data-nested", "Reads another file, well hidden", external_data_nested),
        ("external-data-function", "Reads another file in a function", external_data_function),
        ("custom-domain", "Needs an operator that nobody has", custom_domain),
        ("fixed-size", "One size", fixed_size),
        ("many-channels", "More channels than labels have numbers", many_channels),
    ):
        write(automatic(name, title), {"weights": make()})

    described = automatic("wrong-hash", "Other weights than it says")
    described["weights"]["sha256"] = hashlib.sha256(b"other weights").hexdigest()
    write(described, {"weights": threshold()})

    described = automatic("wrong-opset", "Another opset than it says")
    described["weights"]["opset"] = OPSET - 1
    write(described, {"weights": threshold()})

    write(
        automatic("wrong-channels", "Fewer channels than it says"), {"weights": network([by_threshold()], classes(2))}
    )

    described = automatic("wrong-tensor", "Another name than it says")
    described["output"]["tensor"] = "labels"
    write(described, {"weights": threshold()})

    write(prompted("click-distance", "What is nearer"), {"encoder": encoder(), "decoder": decoder()})


if __name__ == "__main__":
    main()
