"""Trains the liver model on generated phantoms: `python train.py --help`. Runs on a CPU."""

from __future__ import annotations

import argparse
import json
import math
import time
from pathlib import Path

import numpy as np
import torch
from network import LiverNetwork
from phantoms import Example, examples
from torch import nn

PATCH = (96, 96, 48)
"""Voxels of the grid of the model: 144 x 144 x 120 mm."""

CLASSES = 3
TRAINING_SEEDS = range(1001, 1041)


class Patches:
    """Random patches, changed a little: half of them about a nodule, a third about the liver, the rest anywhere."""

    def __init__(self, of: list[Example], random: np.random.Generator) -> None:
        self._of = of
        self._random = random
        self._places = [
            {label: np.argwhere(example.labels == label)[:: 7 if label == 1 else 1] for label in (1, 2)}
            for example in of
        ]

    def take(self, count: int) -> tuple[torch.Tensor, torch.Tensor]:
        """float32 [N, 1, X, Y, Z] and int64 [N, X, Y, Z]."""
        pairs = [self._one() for _ in range(count)]
        images = np.stack([image for image, _ in pairs])[:, None]
        return torch.from_numpy(images), torch.from_numpy(np.stack([labels for _, labels in pairs]).astype(np.int64))

    def _one(self) -> tuple[np.ndarray, np.ndarray]:
        n = int(self._random.integers(len(self._of)))
        example = self._of[n]
        start = self._start(example, self._places[n])
        region = tuple(slice(at, at + size) for at, size in zip(start, PATCH, strict=True))
        image = example.image[region].astype(np.float32)
        labels = example.labels[region]
        short = [(0, size - had) for size, had in zip(PATCH, image.shape, strict=True)]
        image, labels = np.pad(image, short), np.pad(labels, short)
        return self._changed(image), labels

    def _start(self, example: Example, places: dict[int, np.ndarray]) -> list[int]:
        about = self._random.choice([2, 1, 0], p=[0.5, 0.33, 0.17])
        inside = places.get(int(about))
        shape = np.array(example.labels.shape)
        centre = self._random.integers(shape) if inside is None or len(inside) == 0 else self._random.choice(inside)
        shift = self._random.integers(-24, 25, size=3) * np.array([1, 1, 0.5])
        start = centre + shift.astype(int) - np.array(PATCH) // 2
        return [int(at) for at in np.clip(start, 0, np.maximum(shape - np.array(PATCH), 0))]

    def _changed(self, image: np.ndarray) -> np.ndarray:
        """Other contrast, brightness and noise: scanners and people differ more than phantoms do."""
        random = self._random
        image = image * random.uniform(0.85, 1.15) + random.uniform(-0.08, 0.08)
        image += random.normal(0, random.uniform(0, 0.02), image.shape).astype(np.float32)
        return np.clip(image, 0, 1).astype(np.float32)


def loss_of(scores: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
    """Cross entropy plus 1 - soft Dice of liver and nodule over the batch."""
    entropy = nn.functional.cross_entropy(scores, labels, weight=torch.tensor([1.0, 1.5, 4.0]))
    shares = scores.softmax(dim=1)[:, 1:]
    truth = nn.functional.one_hot(labels, CLASSES).movedim(-1, 1)[:, 1:]
    both = (shares * truth).sum(dim=(0, 2, 3, 4))
    either = shares.sum(dim=(0, 2, 3, 4)) + truth.sum(dim=(0, 2, 3, 4))
    return entropy + (1 - (2 * both + 1) / (either + 1)).mean()


def rate_at(done: float, highest: float) -> float:
    """Learning rate: warm-up over 3 % of the time, then a cosine to zero. `done`: 0 to 1."""
    return highest * min(done / 0.03, 1) * 0.5 * (1 + math.cos(math.pi * min(done, 1)))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--voxcord", default="voxcord", help="the voxcord command, words separated by blanks")
    parser.add_argument("--cache", type=Path, default=Path("phantoms"), help="where phantoms are kept")
    parser.add_argument("--steps", type=int, default=2500)
    parser.add_argument("--batch", type=int, default=2)
    parser.add_argument("--rate", type=float, default=3e-3)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--start", type=Path, help="weights to go on from, instead of random ones")
    parser.add_argument("--output", type=Path, default=Path("liver.pt"))
    options = parser.parse_args()
    torch.manual_seed(options.seed)
    options.cache.mkdir(parents=True, exist_ok=True)
    training = examples(TRAINING_SEEDS, options.voxcord.split(), options.cache)
    patches = Patches(training, np.random.default_rng(options.seed))
    network = LiverNetwork(CLASSES)
    if options.start is not None:
        network.load_state_dict(torch.load(options.start, weights_only=True))
    optimiser = torch.optim.AdamW(network.parameters(), lr=options.rate, weight_decay=1e-4)
    began = time.monotonic()
    recent: list[float] = []
    for step in range(options.steps):
        for group in optimiser.param_groups:
            group["lr"] = rate_at((step + 1) / options.steps, options.rate)
        images, labels = patches.take(options.batch)
        loss = loss_of(network(images), labels)
        optimiser.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(network.parameters(), 5.0)
        optimiser.step()
        recent.append(loss.item())
        if (step + 1) % 50 == 0:
            figures = {
                "step": step + 1,
                "loss": round(sum(recent) / len(recent), 4),
                "seconds": round(time.monotonic() - began),
            }
            print(json.dumps(figures), flush=True)
            recent.clear()
            torch.save(network.state_dict(), options.output)
    torch.save(network.state_dict(), options.output)


if __name__ == "__main__":
    main()
