"""What the liver model does on images that it has not seen: the figures of its card.

    python measure_liver.py ../liver-phantom --phantoms 2001 2002 --voxcord "node ../../server/bin/voxcord.mjs"
    python measure_liver.py ../liver-phantom --image ct.nii.gz --truth segmentation.nii.gz --liver 5

The truth of a phantom is known; that of an image is somebody else's segmentation, of which one number is the liver.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path

import nibabel as nib
import numpy as np
from phantoms import NODULES, PHASES, SPACINGS
from scipy import ndimage

LIVER = 1
NODULE = 2
VISIBLE = 12
"""HU: about the standard deviation of the noise."""
TOUCHING = ndimage.generate_binary_structure(3, 3)
"""Voxels that share a corner belong to one nodule."""


@dataclass(frozen=True)
class Figures:
    """Of one image. Dice is NaN where neither has anything."""

    image: str
    liver: float
    """Dice of the liver with what is in it."""
    nodules: float
    """Dice of all nodules together."""
    there: int
    found: int
    """Nodules of the truth of which the model has marked at least one voxel."""
    visible_there: int
    visible_found: int
    """Of those, the ones whose mean differs from that of the liver by `VISIBLE` or more."""
    false: int
    """Connected components that the model calls a nodule and that touch none."""
    liver_ml: float
    """Of the model."""
    seconds: float


def dice(one: np.ndarray, other: np.ndarray) -> float:
    total = int(one.sum()) + int(other.sum())
    return 2 * int((one & other).sum()) / total if total > 0 else float("nan")


def labels_of(model: Path, image: Path, voxcord: list[str]) -> tuple[np.ndarray, float]:
    """The labels that `voxcord infer` writes, and the seconds that it took."""
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "labels.nii.gz"
        done = subprocess.run(
            [*voxcord, "infer", str(model), str(image), "-o", str(target), "--json"], check=True, stdout=subprocess.PIPE
        )
        return numbers(target), json.loads(done.stdout)["seconds"]


def numbers(file: Path) -> np.ndarray:
    """uint8, axes as near to RAS+ as they can be: files of one image may differ in their order."""
    return np.asarray(nib.as_closest_canonical(nib.load(file)).dataobj).astype(np.uint8)


def measured(name: str, image: Path, found: np.ndarray, truth: np.ndarray, seconds: float) -> Figures:
    """`found` and `truth`: 0 background, 1 liver, 2 nodule, on the same grid."""
    there, number = ndimage.label(truth == NODULE, TOUCHING)
    marked, marks = ndimage.label(found == NODULE, TOUCHING)
    hit = set(np.unique(there[found == NODULE])) - {0}
    values = np.asarray(nib.as_closest_canonical(nib.load(image)).dataobj, dtype=np.float32)
    liver = values[truth == LIVER].mean() if number > 0 else 0
    means = ndimage.mean(values, there, range(1, number + 1)) if number > 0 else []
    visible = {n for n, mean in enumerate(means, start=1) if abs(mean - liver) >= VISIBLE}
    right = set(np.unique(marked[truth == NODULE])) - {0}
    voxel_ml = float(np.prod(nib.load(image).header.get_zooms()[:3])) / 1000
    return Figures(
        image=name,
        liver=round(dice(found > 0, truth > 0), 3),
        nodules=round(dice(found == NODULE, truth == NODULE), 3),
        there=number,
        found=len(hit),
        visible_there=len(visible),
        visible_found=len(hit & visible),
        false=marks - len(right),
        liver_ml=round(int((found > 0).sum()) * voxel_ml, 1),
        seconds=round(seconds, 1),
    )


def phantom(seed: int, n: int, voxcord: list[str], cache: Path) -> tuple[Path, Path]:
    """Image and truth. Spacings, phases and nodules change from one to the next."""
    phase, folder = PHASES[n // 2 % len(PHASES)], cache / f"unseen-{seed}"
    image, truth = folder / f"{phase}.nii.gz", folder / f"{phase}-truth.nii.gz"
    if not truth.exists():
        options = ["--seed", str(seed), "--spacing", SPACINGS[n % len(SPACINGS)], "--phases", phase]
        options += ["--nodules", NODULES[n % len(NODULES)], "-o", str(folder)]
        subprocess.run([*voxcord, "phantom", *options], check=True, stdout=subprocess.DEVNULL)
    return image, truth


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model", type=Path, help="folder of the model")
    parser.add_argument("--voxcord", default="voxcord", help="the voxcord command, words separated by blanks")
    parser.add_argument("--phantoms", type=int, nargs="*", default=[], help="seeds; 1001 to 1040 have been learnt from")
    parser.add_argument("--cache", type=Path, default=Path("phantoms"))
    parser.add_argument("--image", type=Path)
    parser.add_argument("--truth", type=Path)
    parser.add_argument("--liver", type=int, default=1, help="number of the liver in --truth")
    options = parser.parse_args()
    voxcord = options.voxcord.split()
    for n, seed in enumerate(options.phantoms):
        image, truth_file = phantom(seed, n, voxcord, options.cache)
        found, seconds = labels_of(options.model, image, voxcord)
        figures = measured(f"phantom {seed}", image, found, numbers(truth_file), seconds)
        print(json.dumps(asdict(figures)), flush=True)
    if options.image is not None:
        found, seconds = labels_of(options.model, options.image, voxcord)
        truth = np.zeros_like(found)
        if options.truth is not None:
            truth = (numbers(options.truth) == options.liver).astype(np.uint8) * LIVER
        print(json.dumps(asdict(measured(options.image.name, options.image, found, truth, seconds))))


if __name__ == "__main__":
    main()
