"""Uploads: every sound photo arrives upright in RGB, everything else is refused with a sentence."""

import re
import time
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO

import numpy as np
import pytest
from hypothesis import HealthCheck, example, given, settings, strategies as st
from PIL import Image, ImageFile

from core.errors import InputError
from core.uploads import MAX_ASPECT_RATIO, MAX_PIXELS, MAX_SIDE, MIN_SIDE, read_image
from tests.fixtures import make_images as make

# Pillow warns of damaged EXIF and reads on; the server logs it. Everything else is an error here.
PILLOW_MAY_WARN = pytest.mark.filterwarnings("ignore::UserWarning:PIL")
FUZZ = settings(
    max_examples=400,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.too_slow],
)


def difference(image: Image.Image, expected: np.ndarray) -> float:
    """Mean absolute difference in grey levels (0 to 255)."""
    assert image.size == expected.shape[1::-1]
    return float(np.abs(np.asarray(image).astype(int) - expected).mean())


def assert_fit_to_use(image: Image.Image) -> None:
    assert type(image) is Image.Image
    assert image.mode == "RGB"
    assert min(image.size) >= MIN_SIDE and max(image.size) <= MAX_SIDE
    assert image.info == {} and not image.getexif()


@pytest.mark.parametrize("name", make.SOUND)
def test_sound_photos_are_read(name):
    assert_fit_to_use(read_image(make.SOUND[name]()))


@pytest.mark.parametrize("file_format", ["PNG", "WEBP"])
def test_lossless_pixels_arrive_unchanged(file_format):
    image = read_image(make.encoded(make.photo(), file_format, lossless=True))
    np.testing.assert_array_equal(np.asarray(image), make.photo_pixels())


@pytest.mark.parametrize("orientation", make.ORIENTATIONS)
@pytest.mark.parametrize("file_format", ["JPEG", "PNG", "WEBP"])
def test_every_exif_orientation_arrives_upright(orientation, file_format):
    image = read_image(make.rotated_file(make.photo_pixels(), orientation, file_format))
    assert difference(image, make.photo_pixels()) <= (2 if file_format == "JPEG" else 0)


def test_a_large_photo_held_upright_stays_upright():
    image = read_image(make.rotated_file(make.photo_pixels(1500, 2000), 6, "JPEG"))
    small = make.photo(1500, 2000).resize((384, 512), Image.Resampling.LANCZOS)
    assert difference(image, np.asarray(small)) < 1


def test_damaged_exif_does_not_lose_the_photo_or_its_orientation():
    with pytest.warns(UserWarning, match="Tag data larger than file"):
        image = read_image(make.damaged_exif_jpeg())
    assert difference(image, np.rot90(make.photo_pixels(), -1)) < 2


@pytest.mark.parametrize("exif", [b"nonsense", b"MM\0*"])
@pytest.mark.parametrize("file_format", ["PNG", "WEBP"])
def test_exif_that_is_no_exif_is_passed_over(file_format, exif):
    image = read_image(make.encoded(make.photo(), file_format, exif=exif, lossless=True))
    assert difference(image, make.photo_pixels()) == 0


@pytest.mark.parametrize("size", [(5000, 3000), (4096, 4096), (2100, 700), (1030, 1025)])
def test_reading_a_jpeg_at_reduced_size_loses_nothing(size):
    rng = np.random.default_rng(1)
    coarse = Image.fromarray(rng.integers(0, 256, (60, 90, 3), dtype=np.uint8))
    content = make.encoded(coarse.resize(size, Image.Resampling.BICUBIC), "JPEG", quality=92)
    image = read_image(content)
    whole = Image.open(BytesIO(content)).resize(image.size, Image.Resampling.LANCZOS)
    assert max(image.size) == MAX_SIDE
    assert difference(image, np.asarray(whole)) < 1


@pytest.mark.parametrize(
    ("size", "expected"),
    [((512, 300), (512, 300)), ((513, 300), (512, 299)), ((16, 128), (16, 128)),
     ((100, 5000), None), ((640, 5120), (64, 512)), ((2000, 1000), (512, 256))],
)  # fmt: skip
def test_only_the_longer_side_is_bounded(size, expected):
    content = make.encoded(make.photo(*size), "PNG")
    if expected is None:
        with pytest.raises(InputError, match="cut out"):
            read_image(content)
    else:
        assert read_image(content).size == expected


@pytest.mark.parametrize("colour", make.INK)
def test_cmyk_as_adobe_writes_it_keeps_its_colours(colour):
    names = {"cyan": (0, 255, 255), "magenta": (255, 0, 255), "yellow": (255, 255, 0)}
    expected = names.get(colour, (0, 0, 0))
    image = read_image(make.adobe_cmyk_jpeg(make.INK[colour]))
    np.testing.assert_allclose(np.asarray(image), np.broadcast_to(expected, (16, 16, 3)), atol=2)


def test_cmyk_photo_keeps_its_colours():
    content = make.encoded(make.photo().convert("CMYK"), "JPEG", quality=95, subsampling=0)
    assert difference(read_image(content), make.photo_pixels()) < 2


def test_16_bit_grey_is_scaled_not_clipped():
    values = np.linspace(0, 65535, 64 * 64).astype(np.uint16).reshape(64, 64)
    expected = np.repeat((values / 257)[..., None], 3, axis=2)
    image = read_image(make.grey_16_bit_png(values))
    np.testing.assert_allclose(np.asarray(image), expected, atol=1)


@pytest.mark.parametrize("alpha", [0, 64, 255])
@pytest.mark.parametrize("mode", ["RGBA", "LA"])
def test_alpha_lies_on_white(mode, alpha):
    image = make.photo().convert(mode)
    image.putalpha(alpha)
    opaque = np.asarray(make.photo().convert(mode[:-1]).convert("RGB")).astype(float)
    expected = opaque * alpha / 255 + 255 * (1 - alpha / 255)
    np.testing.assert_allclose(np.asarray(read_image(make.encoded(image, "PNG"))), expected, atol=1)


def test_palette_with_alpha_lies_on_white():
    pixels = np.asarray(read_image(make.palette_with_alpha_png()))
    assert (pixels[:, :20] == (255, 0, 0)).all() and (pixels[:, 20:] == 255).all()


@pytest.mark.parametrize("colour", [(7, 7, 7), 7])
def test_a_transparent_colour_becomes_white(colour):
    mode = "L" if colour == 7 else "RGB"
    content = make.encoded(Image.new(mode, (20, 20), colour), "PNG", transparency=colour)
    assert (np.asarray(read_image(content)) == 255).all()


def test_one_bit_is_black_and_white():
    pixels = np.zeros((32, 32, 3), dtype=np.uint8)
    pixels[::2] = 255
    content = make.encoded(Image.fromarray(pixels).convert("1"), "PNG")
    np.testing.assert_array_equal(np.asarray(read_image(content)), pixels)


@pytest.mark.parametrize(
    "content", [make.animation("WEBP"), make.animation("PNG"), make.two_pictures_jpeg()]
)
def test_of_several_pictures_the_first_is_read(content):
    with Image.open(BytesIO(content)) as original:
        assert original.n_frames == 2
    red, green, blue = np.asarray(read_image(content)).mean(axis=(0, 1))
    assert red > 250 and green < 5 and blue < 5


@pytest.mark.parametrize("file_format", ["JPEG", "PNG", "WEBP"])
def test_metadata_is_dropped(file_format):
    content = make.with_metadata(file_format)
    with Image.open(BytesIO(content)) as original:
        assert original.getexif()[0x013B] == "Somebody's name"
        assert original.getexif().get_ifd(0x8825)
    assert_fit_to_use(read_image(content))


def test_24_megapixels_are_read_within_a_second_of_one_thread():
    content = make.large_jpeg()
    started = time.thread_time()
    image = read_image(content)
    assert time.thread_time() - started < 1
    assert image.size == (512, 341)


def test_24_megapixels_of_a_jpeg_never_lie_in_memory(monkeypatch):
    loaded, load = [], ImageFile.ImageFile.load
    monkeypatch.setattr(
        ImageFile.ImageFile, "load", lambda image: (loaded.append(image.size), load(image))[1]
    )
    read_image(make.large_jpeg())
    assert set(loaded) == {(1500, 1000)}


RIGHT = {
    "empty.jpg": "JPEG, PNG or WebP photo works",
    "truncated.jpg": "Another copy of it",
    "truncated.png": "Another copy of it",
    "truncated.webp": "Another copy of it",
    "really_a_gif.jpg": "Saved or exported as one of these three",
    "really_a_bitmap.png": "Saved or exported as one of these three",
    "drawing.svg": "no JPEG, PNG or WebP photo",
    "page.jpg": "no JPEG, PNG or WebP photo",
    "one_pixel.png": "at least 16 pixels",
    "line.png": "at most 8 times the shorter",
    "text_bomb.png": "Another copy of it",
    "many_scans.jpg": "as an ordinary JPEG",
    "64_megapixels.png": "has 64.0 megapixels; at most 25",
    "100_megapixels.png": "megapixels; at most 25",
    "400_megapixels.png": "megapixels; at most 25",
    "11_megabytes.png": "has 11.0 MB; a photo may have at most 10 MB",
}


@pytest.mark.parametrize("name", make.REFUSED)
def test_refusal_is_a_sentence_that_says_what_would_be_right(name):
    with pytest.raises(InputError) as refusal:
        read_image(make.REFUSED[name]())
    message = str(refusal.value)
    assert RIGHT[name] in message
    assert message[0].isupper() and message.endswith(".")
    assert not re.search(r"[<>]|Error|PIL|0x", message)


def test_a_bomb_is_refused_also_where_pillow_only_warns():
    with (
        pytest.warns(Image.DecompressionBombWarning),
        pytest.raises(InputError, match=r"has 100\.0 megapixels; at most 25"),
    ):
        read_image(make.REFUSED["100_megapixels.png"]())


def test_a_bomb_is_never_decoded(monkeypatch):
    monkeypatch.setattr(Image.Image, "load", lambda image: pytest.fail("pixels were decoded"))
    with pytest.raises(InputError, match="64.0 megapixels"):
        read_image(make.REFUSED["64_megapixels.png"]())


def test_the_limits_themselves_are_allowed():
    side = int(MAX_PIXELS**0.5)
    assert read_image(make.encoded(Image.new("L", (side, side)), "PNG")).size == (512, 512)
    narrowest = make.encoded(make.photo(MIN_SIDE * MAX_ASPECT_RATIO, MIN_SIDE), "PNG")
    assert read_image(narrowest).size == (MIN_SIDE * MAX_ASPECT_RATIO, MIN_SIDE)
    assert_fit_to_use(read_image(make.many_scans_jpeg(30)))


def test_scans_after_the_end_of_the_image_are_not_counted():
    """Phones append a film or a second picture; its bytes are no scans of this photo."""
    content = make.encoded(make.photo(), "JPEG") + b"\0\2" + b"\xff\xda\0\2" * 1000
    assert_fit_to_use(read_image(content))


def test_threads_do_not_disturb_each_other():
    names = ["photo.jpg", "100_megapixels.png", "alpha.png", "truncated.jpg", "photo.webp"]
    contents = [(make.SOUND | make.REFUSED)[name]() for name in names]
    with ThreadPoolExecutor(8) as pool:
        together = list(pool.map(read_or_refuse, contents * 20))
    assert together == [read_or_refuse(content) for content in contents] * 20


def read_or_refuse(content: bytes) -> bytes | str:
    """The pixels, or the sentence of the refusal; every other error is let through."""
    try:
        image = read_image(content)
    except InputError as refusal:
        return str(refusal)
    assert_fit_to_use(image)
    return image.tobytes()


@FUZZ
@given(st.binary(max_size=400))
@example(b"\xff\xd8\xff")
@example(b"\x89PNG\r\n\x1a\n")
@example(b"RIFF\x10\0\0\0WEBPVP8X")
def test_random_bytes_are_refused(content):
    with pytest.raises(InputError):
        read_image(content)


SEEDS = {name: build() for name, build in make.SOUND.items()}


@st.composite
def damaged_files(draw: st.DrawFn) -> bytes:
    """A sound photo of any format with bytes changed, removed or added, or cut off."""
    content = bytearray(SEEDS[draw(st.sampled_from(sorted(SEEDS)))])
    for _ in range(draw(st.integers(1, 5))):
        start = draw(st.integers(0, min(len(content), draw(st.sampled_from([40, 300, 10_000])))))
        removed = draw(st.integers(0, 8))
        content[start : start + removed] = draw(st.binary(max_size=8))
    end = draw(st.one_of(st.none(), st.integers(1, len(content) + 1)))
    return bytes(content[:end])


@PILLOW_MAY_WARN
@FUZZ
@given(damaged_files())
def test_a_damaged_file_is_read_or_refused_and_nothing_else(content):
    read_or_refuse(content)
