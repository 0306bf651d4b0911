"""A visitor's file becomes checked data, or an InputError that says what would be right.

Nothing is believed: not the file's name, not its stated type, not its header. Every limit is
checked before the work that it limits.
"""

from __future__ import annotations

import re
import struct
from io import BytesIO

import numpy as np
from PIL import ExifTags, Image

from core.errors import InputError

MAX_BYTES = 10 * 1024 * 1024
"""Largest photo that is looked at; the server's own upload limit is the same."""
MAX_PIXELS = 25_000_000
"""Most pixels that are decoded; as 32-bit pixels they take 100 MB."""
MAX_SIDE = 512
"""Longer side, in pixels, of the photo that is kept."""
MIN_SIDE = 16
"""Shortest side, in pixels, on which anything can be recognised."""
MAX_ASPECT_RATIO = 8
"""Longer side divided by shorter side; the encoder squeezes every photo to a square."""
MAX_SCANS = 50
"""Passes over one JPEG. Usual files have 1 to 10; each costs time, and 64 bytes suffice for one."""

_FORMATS = ("JPEG", "PNG", "WEBP")
_DAMAGE = (OSError, EOFError, SyntaxError, ValueError, struct.error)
"""What Pillow raises for a damaged file of a known format."""
_BOMBS = (Image.DecompressionBombError, Image.DecompressionBombWarning)
_UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
"""EXIF orientation -> the turn that puts the photo upright."""
_MARKER = re.compile(rb"\xff([\x01-\xcf\xd8-\xfe])")
"""A JPEG marker; 0xff 0x00 is data and 0xff 0xd0 to 0xd7 stand inside a scan.

More 0xff may stand before; with the last alone, `re` jumps from one to the next.
"""
_END_OF_IMAGE, _START_OF_SCAN = b"\xd9", b"\xda"


def read_image(content: bytes) -> Image.Image:
    """Turn an uploaded photo into an upright RGB image without metadata.

    Of an animation the first frame is read; what is transparent becomes white.

    Args:
        content: The bytes of a JPEG, PNG or WebP file.

    Returns:
        RGB, longer side at most MAX_SIDE pixels; smaller photos keep their size.

    Raises:
        InputError: If the bytes are no such photo, or exceed one of the limits above.
    """
    _check_bytes(content)
    image = _open(content)
    _check_size(*image.size)
    width, height = _fit(*image.size)
    image.draft(None, (2 * width, 2 * height))
    _decode(image)
    image = _flatten(_turn_upright(image))
    image = image.resize(_fit(*image.size), Image.Resampling.LANCZOS, reducing_gap=3.0)
    image.info.clear()  # of a copy: `resize` always makes one
    return image


def _check_bytes(content: bytes) -> None:
    if not content:
        raise InputError("This file is empty. A JPEG, PNG or WebP photo works.")
    if len(content) > MAX_BYTES:
        raise InputError(
            f"This file has {len(content) / 2**20:.1f} MB; a photo may have at most "
            f"{MAX_BYTES // 2**20} MB. A smaller copy of it works."
        )


def _open(content: bytes) -> Image.Image:
    """Read the header only.

    Above 89 megapixels Pillow warns and above 179 it raises. No warning filter is changed, since
    filters belong to the whole process and not to this thread: `_check_size` refuses far smaller
    photos, before anything is decoded, whether or not the warning is heard.
    """
    try:
        image = Image.open(BytesIO(content), formats=_FORMATS)
    except _BOMBS as error:
        raise InputError(_too_many_pixels("more than 89")) from error
    except Image.UnidentifiedImageError as error:
        raise InputError(
            "This file is no JPEG, PNG or WebP photo, whatever its name says. "
            "Saved or exported as one of these three, the photo works."
        ) from error
    except _DAMAGE as error:
        raise InputError(_DAMAGED) from error
    if image.format not in ("PNG", "WEBP"):
        _check_scans(content)
    return image


_DAMAGED = (
    "This photo is damaged or did not arrive completely. "
    "Another copy of it, saved as JPEG, PNG or WebP, works."
)


def _too_many_pixels(megapixels: str) -> str:
    return (
        f"This photo has {megapixels} megapixels; at most {MAX_PIXELS // 10**6} are read here. "
        "A smaller copy of it works."
    )


def _check_scans(content: bytes) -> None:
    """Count the scans up to the end of the first image, as the decoder will walk over them."""
    position = scans = 0
    while marker := _MARKER.search(content, position):
        position = marker.end()
        if marker[1] == _END_OF_IMAGE:
            return
        if b"\xc0" <= marker[1] != b"\xd8":  # every other marker carries its length
            position += int.from_bytes(content[position : position + 2])
        scans += marker[1] == _START_OF_SCAN
        if scans > MAX_SCANS:
            raise InputError(
                f"This JPEG is stored in more than {MAX_SCANS} passes, which takes too long to "
                "read. Saved again as an ordinary JPEG, the photo works."
            )


def _check_size(width: int, height: int) -> None:
    if width * height > MAX_PIXELS:
        raise InputError(_too_many_pixels(f"{width * height / 1e6:.1f}"))
    shorter, longer = sorted((width, height))
    if longer > MAX_ASPECT_RATIO * shorter:
        raise InputError(
            f"This photo is {width} x {height} pixels; its longer side may be at most "
            f"{MAX_ASPECT_RATIO} times the shorter. A part cut out of it works."
        )
    if shorter < MIN_SIDE:
        raise InputError(
            f"This photo is {width} x {height} pixels, too small to recognise anything. "
            f"Each side needs at least {MIN_SIDE} pixels."
        )


def _fit(width: int, height: int) -> tuple[int, int]:
    """Return the size, in the same shape, whose longer side is at most MAX_SIDE."""
    scale = min(1.0, MAX_SIDE / max(width, height))
    return round(width * scale), round(height * scale)


def _decode(image: Image.Image) -> None:
    try:
        image.load()
    except _DAMAGE as error:
        raise InputError(_DAMAGED) from error


def _turn_upright(image: Image.Image) -> Image.Image:
    """Undo the camera's rotation; a photo whose EXIF cannot be read stays as it is.

    `ImageOps.exif_transpose` would also write the rest of the EXIF anew, which fails where a
    camera or an editor left a damaged field. All of it is dropped here anyway.
    """
    try:
        orientation = image.getexif().get(ExifTags.Base.Orientation)
    except _DAMAGE:
        return image
    return image.transpose(_UPRIGHT[orientation]) if orientation in _UPRIGHT else image


def _flatten(image: Image.Image) -> Image.Image:
    """Return RGB on white; 16-bit grey keeps its upper byte (Pillow would clip it)."""
    if image.mode.startswith("I;16"):
        image = Image.fromarray((np.asarray(image) >> 8).astype(np.uint8))
    if "A" not in image.getbands() and "transparency" not in image.info:
        return image if image.mode == "RGB" else image.convert("RGB")
    image = image.convert("RGBA")
    canvas = Image.new("RGB", image.size, "white")
    canvas.paste(image, mask=image)
    return canvas
