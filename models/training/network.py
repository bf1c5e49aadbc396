"""The network of the liver model: a small 3D U-Net that can be tiled."""

from __future__ import annotations

import torch
from torch import nn

CHANNELS = (16, 32, 64)
"""Per level. The first level has half the resolution of the image in each direction, the next one half of that."""

MULTIPLE = 2 ** len(CHANNELS)
"""Sizes of a patch are multiples of this."""

FINE = 8
"""Channels at the resolution of the image, where most of the time would go."""


class Block(nn.Sequential):
    """Two convolutions. Batch normalisation: at inference a voxel depends on its neighbourhood, not on the patch."""

    def __init__(self, before: int, after: int) -> None:
        super().__init__(
            nn.Conv3d(before, after, 3, padding=1, bias=False),
            nn.BatchNorm3d(after),
            nn.ReLU(inplace=True),
            nn.Conv3d(after, after, 3, padding=1, bias=False),
            nn.BatchNorm3d(after),
            nn.ReLU(inplace=True),
        )


class LiverNetwork(nn.Module):
    """Scores (logits) of background, liver and nodule: float32 [N, 1, X, Y, Z] to [N, classes, X, Y, Z]."""

    def __init__(self, classes: int = 3) -> None:
        super().__init__()
        self.stem = nn.Conv3d(1, CHANNELS[0], 4, stride=2, padding=1)
        self.down = nn.ModuleList(
            Block(before, after) for before, after in zip((CHANNELS[0], *CHANNELS), CHANNELS, strict=False)
        )
        self.pool = nn.MaxPool3d(2)
        self.rise = nn.ModuleList(
            nn.ConvTranspose3d(below, level, 2, stride=2)
            for below, level in zip(CHANNELS[:0:-1], CHANNELS[-2::-1], strict=True)
        )
        self.up = nn.ModuleList(Block(2 * level, level) for level in CHANNELS[-2::-1])
        self.fine = nn.ConvTranspose3d(CHANNELS[0], FINE, 2, stride=2)
        self.head = nn.Sequential(
            nn.Conv3d(FINE + 1, FINE, 3, padding=1), nn.ReLU(inplace=True), nn.Conv3d(FINE, classes, 1)
        )

    def forward(self, image: torch.Tensor) -> torch.Tensor:
        passed = []
        field = self.stem(image)
        for level, block in enumerate(self.down):
            field = block(field if level == 0 else self.pool(field))
            passed.append(field)
        passed.pop()
        for rise, block in zip(self.rise, self.up, strict=True):
            field = block(torch.cat((rise(field), passed.pop()), dim=1))
        return self.head(torch.cat((self.fine(field), image), dim=1))
