"""Procedural training data of the click model: a thing among other things, as no scanner ever showed it."""

from __future__ import annotations

import numpy as np
from scipy.ndimage import gaussian_filter

SIZE = 48
"""Voxels of a crop along each axis."""

_PLACES = np.indices((SIZE,) * 3, dtype=np.float32).reshape(3, -1)


def scene(random: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """A crop and the thing that is meant: float32 [48, 48, 48] 0 to 1, and bool of the same shape.

    The crop is anything: spacing is a matter of how large the thing looks.
    """
    while True:
        levels = random.uniform(0.15, 0.85, size=8)
        image = np.full((SIZE,) * 3, random.uniform(0.1, 0.9), dtype=np.float32)
        for level in levels[: random.integers(2, 8)]:
            image[_blob(random, centre_spread=26, radii=(5, 22))] = level
        meant = _blob(random, centre_spread=6, radii=(3, 18))
        if not 60 < meant.sum() < 0.6 * SIZE**3:
            continue
        # The contrast to what is around it is what makes the thing: seldom strong, never nothing.
        around = float(np.median(image[gaussian_filter(meant.astype(np.float32), 2) > 0.05]))
        contrast = random.uniform(0.08, 0.45) * random.choice([-1, 1])
        image[meant] = np.clip(around + contrast, 0.02, 0.98)
        for _ in range(random.integers(0, 3)):
            inside = _blob(random, centre_spread=10, radii=(1.5, 4)) & meant
            image[inside] += random.uniform(-0.1, 0.1)
        return _scanned(image, random), meant


def _blob(random: np.random.Generator, centre_spread: float, radii: tuple[float, float]) -> np.ndarray:
    """One to three ellipsoids that touch, with an uneven surface."""
    middle = SIZE / 2 + random.uniform(-centre_spread, centre_spread, 3)
    size = np.exp(random.uniform(*np.log(radii)))
    uneven = gaussian_filter(random.normal(size=(SIZE // 2,) * 3).astype(np.float32), random.uniform(1.5, 4))
    uneven = (uneven / (np.abs(uneven).max() + 1e-6)).repeat(2, 0).repeat(2, 1).repeat(2, 2)
    field = np.full((SIZE,) * 3, np.inf, dtype=np.float32)
    for _ in range(random.integers(1, 4)):
        rotation, _upper = np.linalg.qr(random.normal(size=(3, 3)))
        lengths = size * random.uniform(0.55, 1.3, 3)
        to_sphere = (rotation / lengths).T.astype(np.float32)
        away = to_sphere @ _PLACES - (to_sphere @ middle.astype(np.float32))[:, None]
        field = np.minimum(field, np.sqrt((away * away).sum(axis=0)).reshape(field.shape))
        middle = middle + random.normal(size=3) * size * 0.5
    return field < 1 + uneven * random.uniform(0, 0.35)


def _scanned(image: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """Blurred, unevenly lit, with noise that hangs together."""
    blurred = gaussian_filter(image, random.uniform(0.3, 1.4, 3))
    ramp = np.indices((SIZE,) * 3, dtype=np.float32) / SIZE - 0.5
    lit = blurred + np.tensordot(random.normal(0, 0.05, 3).astype(np.float32), ramp, axes=1)
    noise = gaussian_filter(random.normal(size=image.shape).astype(np.float32), random.uniform(0, 1.0, 3))
    noise *= random.uniform(0.01, 0.1) / (noise.std() + 1e-6)
    return np.clip(lit + noise, 0, 1).astype(np.float32)
