"""Cuts a box out of an image.

stdin: {"image", "first": [i, j, k], "size": [i, j, k], "to": path}
"""

import json
import sys

import nibabel as nib

task = json.load(sys.stdin)
box = tuple(slice(at, at + length) for at, length in zip(task["first"], task["size"], strict=True))
nib.load(task["image"]).slicer[box].to_filename(task["to"])
print("null")
