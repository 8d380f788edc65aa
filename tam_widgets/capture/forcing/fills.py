"""What takes the place of removed pixels."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter

from ...errors import OptionError

_NOISE_SEED = 0


def fill(picture: Image.Image, name: str) -> Image.Image:
    """A picture of the same size that holds nothing, or little, of what is to be seen in it.

    Args:
        picture: RGB.
        name: `"mean"`, its mean colour; `"blur"`, a Gaussian blur; `"black"`; or `"noise"`, its
            own pixels in random order.

    Raises:
        OptionError: If there is no such fill.
    """
    check_fill(name)
    return FILLS[name](picture)


def check_fill(name: str) -> None:
    """Raises `OptionError` if there is no such fill."""
    if not isinstance(name, str) or name not in FILLS:
        raise OptionError(f"fill={name!r:.80}: give one of {', '.join(FILLS)}")


def blur_sigma(width: int) -> int:
    """Standard deviation of the blur, in pixels, for a picture's width.

    As in the public code of LVLM_Interpretation: kernels of 101 to 501 pixels, σ one less.
    """
    return next(
        (size for limit, size in ((500, 100), (800, 200), (2000, 300)) if width < limit), 500
    )


def _mean(picture: Image.Image) -> Image.Image:
    colour = np.asarray(picture).reshape(-1, 3).mean(axis=0)
    red, green, blue = (round(float(value)) for value in colour)
    return Image.new("RGB", picture.size, (red, green, blue))


def _blur(picture: Image.Image) -> Image.Image:
    return picture.filter(ImageFilter.GaussianBlur(blur_sigma(picture.width)))


def _black(picture: Image.Image) -> Image.Image:
    return Image.new("RGB", picture.size)


def _noise(picture: Image.Image) -> Image.Image:
    pixels: NDArray[np.uint8] = np.asarray(picture).reshape(-1, 3)
    shuffled = np.random.default_rng(_NOISE_SEED).permutation(pixels)
    return Image.fromarray(shuffled.reshape(picture.height, picture.width, 3))


FILLS: Mapping[str, Callable[[Image.Image], Image.Image]] = {
    "mean": _mean,
    "blur": _blur,
    "black": _black,
    "noise": _noise,
}
"""By name; `"mean"` is the default."""
