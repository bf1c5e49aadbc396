"""Makes test volumes and reads exported label maps with nibabel, which knows nothing of Voxcord.

python volumes.py make FOLDER             writes the volumes, prints {name: affine} as JSON
python volumes.py read LABELS REFERENCE CANONICAL   prints what LABELS holds, against the volume it was painted on
"""

import json
import sys
from pathlib import Path

import nibabel as nib
import numpy as np
from nibabel.affines import apply_affine
from nibabel.orientations import axcodes2ornt, io_orientation, ornt_transform

SHAPE = (64, 56, 48)
LANDMARK = (18.0, -21.0, 23.0)  # mm; off the middle and unequal in all directions
CT_SHAPE = (40, 36, 32)
CT_BALLS = [((18, 19, 16), 11.3, 100), ((22, 19, 17), 4.3, 200)]


def rotation(degrees: tuple[float, float, float]) -> np.ndarray:
    """Rotation about x, then y, then z."""
    result = np.eye(3)
    for axis, angle in enumerate(np.radians(degrees)):
        turn = np.eye(3)
        a, b = [other for other in range(3) if other != axis]
        turn[a, a] = turn[b, b] = np.cos(angle)
        turn[a, b], turn[b, a] = -np.sin(angle), np.sin(angle)
        result = turn @ result
    return result


def affine(
    spacing: tuple[float, float, float],
    degrees: tuple[float, float, float],
    shape: tuple[int, ...],
) -> np.ndarray:
    """Voxel to world (mm, RAS+) with the middle of the grid a little off the origin."""
    result = np.eye(4)
    result[:3, :3] = rotation(degrees) @ np.diag(spacing)
    centre = (np.array(shape) - 1) / 2
    result[:3, 3] = np.array([3.0, -7.0, 11.0]) - result[:3, :3] @ centre
    return result


def landmark(
    shape: tuple[int, ...],
    grid: np.ndarray,
    place: tuple[float, float, float],
    radius: float,
) -> np.ndarray:
    """Dark but for a bright ball at a place in the world (mm)."""
    voxels = np.stack(np.meshgrid(*(np.arange(size) for size in shape), indexing="ij"), axis=-1)
    distance = np.linalg.norm(apply_affine(grid, voxels) - np.array(place), axis=-1)
    return np.where(distance < radius, 1000, 0).astype(np.int16)


def phantom(shape: tuple[int, ...]) -> np.ndarray:
    """A ball with a ramp through it: something to see and a different value in each direction."""
    i, j, k = np.meshgrid(*(np.linspace(-1, 1, size) for size in shape), indexing="ij")
    inside = i**2 + j**2 + k**2 < 0.8
    return np.where(inside, 600 + 200 * i + 100 * j + 50 * k, 0).astype(np.int16)


def tomography(shape: tuple[int, ...], balls: list[tuple[tuple[int, int, int], float, int]]) -> np.ndarray:
    """Air, something soft, and balls (centre and radius in voxels, HU) in it: what looks like a CT to the service."""
    voxels = np.stack(np.meshgrid(*(np.arange(size) for size in shape), indexing="ij"), axis=-1)
    result = np.full(shape, 20, np.int16)
    result[:, :3] = -1000
    for centre, radius, value in balls:
        result[np.linalg.norm(voxels - np.array(centre), axis=-1) <= radius] = value
    return result


def reoriented(image: nib.Nifti1Image, codes: str) -> nib.Nifti1Image:
    """The same picture with its voxels stored along other axes."""
    transform = ornt_transform(io_orientation(image.affine), axcodes2ornt(codes))
    return image.as_reoriented(transform)


def make(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    plain = nib.Nifti1Image(phantom(SHAPE), affine((2.0, 2.0, 2.0), (0, 0, 0), SHAPE))
    anisotropic = nib.Nifti1Image(phantom((64, 60, 26)), affine((0.9, 1.1, 4.0), (0, 0, 0), (64, 60, 26)))
    oblique = affine((1.5, 2.0, 2.5), (14, -9, 21), SHAPE)
    images = {
        "plain": plain,
        "flipped": reoriented(plain, "RPS"),
        "lps": reoriented(anisotropic, "LPS"),
        "permuted": reoriented(anisotropic, "SAL"),
        "oblique": nib.Nifti1Image(phantom(SHAPE), oblique),
        "ct": nib.Nifti1Image(tomography(CT_SHAPE, CT_BALLS), affine((2.0, 2.0, 2.0), (0, 0, 0), CT_SHAPE)),
        "landmark": reoriented(nib.Nifti1Image(landmark(SHAPE, oblique, LANDMARK, 6), oblique), "PIR"),
    }
    result = {}
    for name, image in images.items():
        image.set_sform(image.affine, code=1)
        image.set_qform(image.affine, code=1)
        path = folder / f"{name}.nii.gz"
        nib.save(image, path)
        result[name] = {
            "path": str(path),
            "shape": list(image.shape),
            "affine": nib.load(path).affine.tolist(),
        }
    print(json.dumps(result))


def read(labels_path: Path, reference_path: Path, canonical_path: Path) -> None:
    """Also writes the labels on the closest-canonical grid to `canonical_path`: one byte a voxel, i fastest."""
    labels = nib.load(labels_path)
    reference = nib.load(reference_path)
    data = np.asanyarray(labels.dataobj)
    canonical = np.asanyarray(nib.as_closest_canonical(labels).dataobj)
    canonical_path.write_bytes(canonical.astype(np.uint8).tobytes(order="F"))
    # World positions through the exported file's own affine.
    centres = {}
    for segment in np.unique(data[data > 0]):
        voxels = np.argwhere(data == segment)
        world = apply_affine(labels.affine, voxels)
        centres[int(segment)] = {
            "voxels": len(voxels),
            "centre": world.mean(axis=0).tolist(),
            "min": world.min(axis=0).tolist(),
            "max": world.max(axis=0).tolist(),
        }
    print(
        json.dumps(
            {
                "sameGrid": bool(
                    labels.shape == reference.shape and np.allclose(labels.affine, reference.affine, atol=1e-4)
                ),
                "codes": [
                    int(labels.header["sform_code"]),
                    int(labels.header["qform_code"]),
                ],
                "integer": bool(np.issubdtype(labels.get_data_dtype(), np.integer)),
                "canonicalShape": list(canonical.shape),
                "segments": centres,
            }
        )
    )


if __name__ == "__main__":
    command, *arguments = sys.argv[1:]
    if command == "make":
        make(Path(arguments[0]))
    elif command == "read":
        read(*(Path(argument) for argument in arguments))
    else:
        sys.exit(__doc__)
