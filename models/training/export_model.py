"""Writes the trained network as ONNX, and its hash into model.json.

python export_model.py liver.pt ../liver-phantom
"""

from __future__ import annotations

import argparse
import hashlib
import json
from pathlib import Path

import onnx
import torch
from network import MULTIPLE, LiverNetwork

OPSET = 18


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("weights", type=Path)
    parser.add_argument("folder", type=Path, help="of the model: it holds model.json")
    options = parser.parse_args()
    network = LiverNetwork()
    network.load_state_dict(torch.load(options.weights, weights_only=True))
    network.eval()
    target = options.folder / "model.onnx"
    sizes = {2 + axis: name for axis, name in enumerate("xyz")}
    torch.onnx.export(
        network,
        (torch.zeros(1, 1, MULTIPLE, MULTIPLE, MULTIPLE),),
        str(target),
        input_names=["image"],
        output_names=["scores"],
        dynamic_axes={"image": sizes, "scores": sizes},
        opset_version=OPSET,
        dynamo=False,
    )
    onnx.checker.check_model(str(target), full_check=True)
    described = options.folder / "model.json"
    model = json.loads(described.read_text())
    model["weights"]["sha256"] = hashlib.sha256(target.read_bytes()).hexdigest()
    model["weights"]["opset"] = OPSET
    described.write_text(json.dumps(model, indent=2) + "\n")


if __name__ == "__main__":
    main()
