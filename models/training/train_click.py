"""Trains the click model on procedural shapes alone: `python train_click.py --help`. Runs on a CPU."""

from __future__ import annotations

import argparse
import json
import math
import time
from pathlib import Path

import numpy as np
import torch
from click_network import Decoder, Encoder
from scipy.ndimage import distance_transform_edt
from shapes import SIZE, scene
from torch import nn

REACH = 6.0
"""Voxels over which a click fades to 1/e."""

MOST_CLICKS = 4


def near(clicks: list[tuple[int, int, int]]) -> np.ndarray:
    """exp(-distance to the nearest click / REACH): float32 [48, 48, 48]; 0 without clicks."""
    if not clicks:
        return np.zeros((SIZE,) * 3, dtype=np.float32)
    away = np.ones((SIZE,) * 3, dtype=bool)
    for click in clicks:
        away[click] = False
    return np.exp(-distance_transform_edt(away) / REACH).astype(np.float32)


class Person:
    """Clicks as people do: well inside the largest mistake, a little off its middle."""

    def __init__(self, random: np.random.Generator) -> None:
        self._random = random
        self.on: list[tuple[int, int, int]] = []
        self.beside: list[tuple[int, int, int]] = []

    def click(self, meant: np.ndarray, found: np.ndarray) -> None:
        missed = distance_transform_edt(meant & ~found)
        wrong = distance_transform_edt(found & ~meant)
        depth, clicks = (missed, self.on) if missed.max() >= wrong.max() else (wrong, self.beside)
        if depth.max() == 0:
            return
        deep = np.argwhere(depth > 0.6 * depth.max())
        clicks.append(tuple(int(at) for at in self._random.choice(deep)))

    def prompts(self) -> np.ndarray:
        return np.stack((near(self.on), near(self.beside)))


def loss_of(scores: torch.Tensor, meant: torch.Tensor) -> torch.Tensor:
    entropy = nn.functional.binary_cross_entropy_with_logits(scores, meant)
    shares = scores.sigmoid()
    both = (shares * meant).sum(dim=(1, 2, 3, 4))
    either = shares.sum(dim=(1, 2, 3, 4)) + meant.sum(dim=(1, 2, 3, 4))
    return entropy + (1 - (2 * both + 1) / (either + 1)).mean()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--steps", type=int, default=1000)
    parser.add_argument("--batch", type=int, default=3)
    parser.add_argument("--rate", type=float, default=3e-3)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--start", type=Path, help="weights to go on from, instead of random ones")
    parser.add_argument("--output", type=Path, default=Path("click.pt"))
    options = parser.parse_args()
    torch.manual_seed(options.seed)
    random = np.random.default_rng(options.seed)
    encoder, decoder = Encoder(), Decoder()
    if options.start is not None:
        trained = torch.load(options.start, weights_only=True)
        encoder.load_state_dict(trained["encoder"])
        decoder.load_state_dict(trained["decoder"])
    optimiser = torch.optim.AdamW([*encoder.parameters(), *decoder.parameters()], lr=options.rate, weight_decay=1e-4)
    began = time.monotonic()
    recent: list[float] = []
    for step in range(options.steps):
        done = (step + 1) / options.steps
        for group in optimiser.param_groups:
            group["lr"] = options.rate * min(done / 0.03, 1) * 0.5 * (1 + math.cos(math.pi * done))
        scenes = [scene(random) for _ in range(options.batch)]
        images = torch.from_numpy(np.stack([image for image, _ in scenes])[:, None])
        meant = torch.from_numpy(np.stack([thing for _, thing in scenes])[:, None].astype(np.float32))
        coarse, fine = encoder(images)
        people = [Person(random) for _ in scenes]
        found = [np.zeros((SIZE,) * 3, dtype=bool) for _ in scenes]
        loss = torch.zeros(())
        clicks = int(random.integers(1, MOST_CLICKS + 1))
        for click in range(clicks):
            for person, (_, thing), guess in zip(people, scenes, found, strict=True):
                person.click(thing, guess)
            prompts = torch.from_numpy(np.stack([person.prompts() for person in people]))
            # Only the last click teaches: the ones before it lead to mistakes worth correcting.
            with torch.set_grad_enabled(click == clicks - 1):
                scores = decoder(coarse, fine, prompts)
            found = list(scores.detach()[:, 0].numpy() > 0)
            loss = loss_of(scores, meant)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        recent.append(loss.item())
        if (step + 1) % 50 == 0:
            figures = {"step": step + 1, "loss": round(sum(recent) / 50, 4), "seconds": round(time.monotonic() - began)}
            print(json.dumps(figures), flush=True)
            recent.clear()
            torch.save({"encoder": encoder.state_dict(), "decoder": decoder.state_dict()}, options.output)


if __name__ == "__main__":
    main()
