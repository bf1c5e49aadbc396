"""Writes the trained click model as two ONNX files, and their hashes into model.json.

python export_click.py click.pt ../click-tiny
"""

from __future__ import annotations

import argparse
import hashlib
import json
from pathlib import Path

import onnx
import torch
from click_network import FEATURES, FINE, Decoder, Encoder
from export_model import OPSET
from shapes import SIZE


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("weights", type=Path)
    parser.add_argument("folder", type=Path, help="of the model: it holds model.json")
    options = parser.parse_args()
    trained = torch.load(options.weights, weights_only=True)
    encoder, decoder = Encoder(), Decoder()
    encoder.load_state_dict(trained["encoder"])
    decoder.load_state_dict(trained["decoder"])
    coarse = torch.zeros(1, FEATURES, *(SIZE // 2,) * 3)
    fine = torch.zeros(1, FINE, *(SIZE,) * 3)
    prompts = torch.zeros(1, 2, *(SIZE,) * 3)
    described = options.folder / "model.json"
    model = json.loads(described.read_text())
    for part, network, example, given, answered in (
        ("encoder", encoder, (torch.zeros(1, 1, *(SIZE,) * 3),), ["image"], ["coarse", "fine"]),
        ("decoder", decoder, (coarse, fine, prompts), ["coarse", "fine", "prompts"], ["scores"]),
    ):
        target = options.folder / f"{part}.onnx"
        torch.onnx.export(
            network.eval(),
            example,
            str(target),
            input_names=given,
            output_names=answered,
            opset_version=OPSET,
            dynamo=False,
        )
        onnx.checker.check_model(str(target), full_check=True)
        sha256 = hashlib.sha256(target.read_bytes()).hexdigest()
        model[part] = {"file": target.name, "sha256": sha256, "opset": OPSET}
    described.write_text(json.dumps(model, indent=2) + "\n")


if __name__ == "__main__":
    main()
