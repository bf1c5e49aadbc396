"""The networks of the click model: an encoder that sees a crop once, and a decoder that answers each click."""

from __future__ import annotations

import torch
from torch import nn

FEATURES = 24
"""Channels of what the encoder says, at half the resolution of the crop."""

FINE = 6
"""Channels at the resolution of the crop."""


def _block(before: int, after: int, stride: int = 1) -> nn.Sequential:
    return nn.Sequential(
        nn.Conv3d(before, after, 3, stride=stride, padding=1, bias=False), nn.BatchNorm3d(after), nn.ReLU(inplace=True)
    )


class Encoder(nn.Module):
    """float32 [1, 1, 48, 48, 48] to coarse [1, 24, 24, 24, 24] and fine [1, 6, 48, 48, 48]."""

    def __init__(self) -> None:
        super().__init__()
        self.fine = _block(1, FINE)
        self.coarse = nn.Sequential(_block(FINE, FEATURES, 2), _block(FEATURES, FEATURES))
        self.coarser = nn.Sequential(_block(FEATURES, 48, 2), _block(48, 48))
        self.rise = nn.ConvTranspose3d(48, FEATURES, 2, stride=2)
        self.mix = _block(2 * FEATURES, FEATURES)

    def forward(self, image: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        fine = self.fine(image)
        half = self.coarse(fine)
        return self.mix(torch.cat((half, self.rise(self.coarser(half))), dim=1)), fine


class Decoder(nn.Module):
    """Coarse, fine and prompts [1, 2, 48, 48, 48] to scores (logits) [1, 1, 48, 48, 48].

    Prompts: how near a voxel is to a click on the thing, and to one beside it: exp(-distance / 6 voxels), 0 if there is
    no such click.
    """

    def __init__(self) -> None:
        super().__init__()
        self.prompt = _block(2, 8, 2)
        self.coarse = _block(FEATURES + 8, 32)
        self.coarser = nn.Sequential(_block(32, 48, 2), _block(48, 48), _block(48, 48))
        self.coarsest = nn.Sequential(_block(48, 48, 2), _block(48, 48), nn.ConvTranspose3d(48, 48, 2, stride=2))
        self.rise = nn.ConvTranspose3d(96, 32, 2, stride=2)
        self.mix = _block(64, 16)
        self.up = nn.ConvTranspose3d(16, 8, 2, stride=2)
        self.head = nn.Sequential(_block(8 + FINE + 2, 8), nn.Conv3d(8, 1, 1))

    def forward(self, coarse: torch.Tensor, fine: torch.Tensor, prompts: torch.Tensor) -> torch.Tensor:
        half = self.coarse(torch.cat((coarse, self.prompt(prompts)), dim=1))
        quarter = self.coarser(half)
        quarter = torch.cat((quarter, self.coarsest(quarter)), dim=1)
        mixed = self.mix(torch.cat((half, self.rise(quarter)), dim=1))
        return self.head(torch.cat((self.up(mixed), fine, prompts), dim=1))
