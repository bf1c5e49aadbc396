"""What the click model does on things that it has not seen: the figures of its card.

    python measure_click.py ../click-tiny --shapes 100
    python measure_click.py ../click-tiny --image portal.nii.gz --truth portal-truth.nii.gz --number 2

A person is simulated: each click lies well inside the largest mistake. Dice is measured within the crop of the model.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import nibabel as nib
import numpy as np
import onnxruntime
from scipy import ndimage
from shapes import SIZE, scene
from train_click import Person

CLICKS = (1, 2, 3, 5, 8)
SEED = 90_210
"""Far from that of the training."""


class ClickModel:
    """Encoder once, decoder per click."""

    def __init__(self, folder: Path) -> None:
        described = json.loads((folder / "model.json").read_text())
        self.window = described["input"]["intensity"]
        self.spacing = described["input"]["spacing"]
        """mm"""
        self._parts = [
            onnxruntime.InferenceSession(str(folder / described[part]["file"]), providers=["CPUExecutionProvider"])
            for part in ("encoder", "decoder")
        ]
        self._features = described["features"]

    def dice_per_click(self, image: np.ndarray, meant: np.ndarray, random: np.random.Generator) -> list[float]:
        """Dice after each of the clicks; `image` as the network wants it, float32 [48, 48, 48]."""
        encoder, decoder = self._parts
        features = dict(zip(self._features, encoder.run(self._features, {"image": image[None, None]}), strict=True))
        person, found, reached = Person(random), np.zeros_like(meant), []
        for _ in range(max(CLICKS)):
            person.click(meant, found)
            scores = decoder.run(["scores"], {**features, "prompts": person.prompts()[None]})[0]
            found = scores[0, 0] > 0
            reached.append(2 * int((found & meant).sum()) / (int(found.sum()) + int(meant.sum())))
        return reached


def crops(image: Path, truth: Path, number: int, model: ClickModel) -> list[tuple[np.ndarray, np.ndarray]]:
    """One crop about each connected component of `number`, on the grid of the model, axes along those of the image."""
    volume = nib.as_closest_canonical(nib.load(image))
    values = np.asarray(volume.dataobj, dtype=np.float32)
    labels = np.asarray(nib.as_closest_canonical(nib.load(truth)).dataobj) == number
    low, high = model.window["low"], model.window["high"]
    values = np.clip((values - low) / (high - low), 0, 1)
    step = model.spacing / nib.affines.voxel_sizes(volume.affine)
    offsets = np.indices((SIZE,) * 3).reshape(3, -1) - SIZE // 2
    components, count = ndimage.label(labels)
    found = []
    for component in range(1, count + 1):
        thing = components == component
        middle = np.array(ndimage.center_of_mass(thing))
        places = middle[:, None] + offsets * step[:, None]
        around = ndimage.map_coordinates(values, places, order=1).reshape((SIZE,) * 3)
        meant = ndimage.map_coordinates(thing.astype(np.uint8), places, order=0).reshape((SIZE,) * 3) > 0
        found.append((around.astype(np.float32), meant))
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model", type=Path)
    parser.add_argument("--shapes", type=int, default=0, help="how many unseen procedural things")
    parser.add_argument("--image", type=Path)
    parser.add_argument("--truth", type=Path)
    parser.add_argument("--number", type=int, default=1, help="of the things in --truth")
    options = parser.parse_args()
    model, random = ClickModel(options.model), np.random.default_rng(SEED)
    pairs = [scene(random) for _ in range(options.shapes)]
    if options.image is not None:
        pairs += crops(options.image, options.truth, options.number, model)
    reached = np.array([model.dice_per_click(image, meant, random) for image, meant in pairs if meant.any()])
    medians = {f"{clicks} clicks": round(float(np.median(reached[:, clicks - 1])), 3) for clicks in CLICKS}
    print(json.dumps({"things": len(reached), "medianDice": medians}))


if __name__ == "__main__":
    main()
