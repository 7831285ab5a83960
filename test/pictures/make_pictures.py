#!/usr/bin/env python3
"""Makes the odd picture files of this folder (Python 3, Pillow, numpy). Run by hand; the files are committed.

The upright picture everywhere: 48 x 32 pixels, four quarters: red | green over blue | yellow.
What each file is expected to do stands in ../kernel/decode.test.ts and in README.md.
"""
import io
import struct
import zlib
from pathlib import Path

import numpy as np
from PIL import Image, ImageCms

HERE = Path(__file__).parent
W, H = 48, 32
RED, GREEN, BLUE, YELLOW = (220, 30, 30), (30, 200, 60), (30, 60, 220), (230, 220, 40)


def quarters() -> np.ndarray:
    a = np.empty((H, W, 3), np.uint8)
    a[: H // 2, : W // 2], a[: H // 2, W // 2 :] = RED, GREEN
    a[H // 2 :, : W // 2], a[H // 2 :, W // 2 :] = BLUE, YELLOW
    return a


def write(name: str, data: bytes) -> None:
    (HERE / name).write_bytes(data)


def save(image: Image.Image, name: str, **options) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, Path(name).suffix[1:].replace("jpg", "jpeg"), **options)
    write(name, buffer.getvalue())
    return buffer.getvalue()


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(width, height, depth, colour, raw: bytes, interlace=0, extra=b"") -> bytes:
    header = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, interlace)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + extra + chunk(b"IDAT", zlib.compress(raw, 9)) + chunk(b"IEND", b"")


def filtered(a: np.ndarray) -> bytes:
    """Rows with PNG filter 0."""
    return b"".join(b"\0" + row.tobytes() for row in a)


def exif(orientation: int) -> bytes:
    body = struct.pack("<H", 1) + struct.pack("<HHIHH", 0x0112, 3, 1, orientation, 0) + struct.pack("<I", 0)
    return b"Exif\0\0" + b"II*\0\x08\0\0\0" + body


upright = Image.fromarray(quarters())

# --- EXIF orientation: stored so that turning by the tag gives the upright picture
STORED = {
    1: lambda i: i,
    2: lambda i: i.transpose(Image.FLIP_LEFT_RIGHT),
    3: lambda i: i.transpose(Image.ROTATE_180),
    4: lambda i: i.transpose(Image.FLIP_TOP_BOTTOM),
    5: lambda i: i.transpose(Image.TRANSPOSE),
    6: lambda i: i.transpose(Image.ROTATE_90),
    7: lambda i: i.transpose(Image.TRANSVERSE),
    8: lambda i: i.transpose(Image.ROTATE_270),
}
for n, store in STORED.items():
    save(store(upright), f"exif-{n}.jpg", quality=95, subsampling=0, exif=exif(n))
save(STORED[6](upright), "exif-6.webp", lossless=True, exif=exif(6))
write("exif-6.png", png(H, W, 8, 2, filtered(np.asarray(STORED[6](upright))), extra=chunk(b"eXIf", exif(6)[6:])))

# --- plain, in every format
jpg = save(upright, "plain.jpg", quality=95, subsampling=0)
save(upright, "progressive.jpg", quality=95, subsampling=0, progressive=True)
plain = save(upright, "plain.png")
webp = save(upright, "lossy.webp", quality=90)
save(upright, "lossless.webp", lossless=True)
save(upright, "plain.bmp")
save(upright, "plain.gif")
save(upright.resize((32, 32)), "icon.ico", sizes=[(32, 32)])
write("really-a-png.jpg", plain)

# --- AVIF: one AV1 key frame of the upright picture (made once with WebCodecs' VideoEncoder in Chromium), in its boxes
KEY_FRAME = bytes.fromhex(
    "0a0c00000002a5ff0068808680c23250104a00082082100020eba1b6bf5fe41b6ea38a8541980b4352d78b90c69b9f0a4b3d"
    "10c4f2dccb0983582e2330299e79853fa69b7cefe4aba19d65195e7c7ac0cdb004a68b9ff7f0d445de288d510da0"
)


def box(kind: bytes, *parts: bytes) -> bytes:
    body = b"".join(parts)
    return struct.pack(">I", len(body) + 8) + kind + body


def avif(frame: bytes) -> bytes:
    full = b"\0\0\0\0"
    ftyp = box(b"ftyp", b"avif", full, b"avifmif1miaf")
    handler = box(b"hdlr", full, full, b"pict", b"\0" * 12, b"\0")
    primary = box(b"pitm", full, struct.pack(">H", 1))
    items = box(b"iinf", full, struct.pack(">H", 1), box(b"infe", b"\2\0\0\0", struct.pack(">HH", 1, 0), b"av01", b"\0"))
    properties = box(
        b"ipco",
        box(b"ispe", full, struct.pack(">II", W, H)),
        box(b"pixi", full, b"\3\x08\x08\x08"),
        box(b"av1C", b"\x81\x00\x0c\x00"),
        box(b"colr", b"nclx", struct.pack(">HHHB", 1, 13, 1, 0x80)),
    )
    associations = box(b"ipma", full, struct.pack(">IHB", 1, 1, 4), b"\x01\x02\x83\x04")

    def meta(offset: int) -> bytes:
        place = box(b"iloc", full, b"\x44\x00", struct.pack(">HHHHII", 1, 1, 0, 1, offset, len(frame)))
        return box(b"meta", full, handler, primary, place, items, box(b"iprp", properties, associations))

    start = len(ftyp) + len(meta(0)) + 8
    return ftyp + meta(start) + box(b"mdat", frame)


write("plain.avif", avif(KEY_FRAME))
write("truncated.avif", avif(KEY_FRAME)[:-40])

# --- colours
save(upright.convert("L"), "grey.jpg", quality=95)
save(upright.convert("L"), "grey.png")
save(upright.convert("CMYK"), "cmyk.jpg", quality=95, subsampling=0)
save(upright.quantize(4), "palette.png")
write("rgb-16.png", png(W, H, 16, 2, filtered((quarters().astype(">u2") * 257).astype(">u2"))))
write("grey-16.png", png(W, H, 16, 0, filtered((np.asarray(upright.convert("L")).astype(">u2") * 257).astype(">u2"))))

# a profile whose red and green primaries are exchanged: shown right, red becomes green
srgb = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
places = {}
for i in range(struct.unpack(">I", srgb[128:132])[0]):
    kind, offset, size = struct.unpack(">4sII", srgb[132 + 12 * i : 144 + 12 * i])
    places[kind] = slice(offset, offset + size)
srgb[places[b"rXYZ"]], srgb[places[b"gXYZ"]] = srgb[places[b"gXYZ"]], srgb[places[b"rXYZ"]]
save(upright, "exchanged-profile.png", icc_profile=bytes(srgb))

# Adam7
passes = b""
for y0, x0, dy, dx in [(0, 0, 8, 8), (0, 4, 8, 8), (4, 0, 8, 4), (0, 2, 4, 4), (2, 0, 4, 2), (0, 1, 2, 2), (1, 0, 2, 1)]:
    passes += filtered(np.ascontiguousarray(quarters()[y0::dy, x0::dx]))
write("interlaced.png", png(W, H, 8, 2, passes, interlace=1))

# --- transparency: upper half opaque, lower left half-transparent, lower right invisible magenta
rgba = np.dstack([quarters(), np.full((H, W), 255, np.uint8)])
rgba[H // 2 :, : W // 2, 3] = 128
rgba[H // 2 :, W // 2 :] = (255, 0, 255, 0)
save(Image.fromarray(rgba), "transparent.png")
save(Image.fromarray(rgba), "transparent.webp", lossless=True, exact=True)
save(upright.quantize(4), "transparent-palette.png", transparency=upright.quantize(4).getpixel((W - 1, H - 1)))

# --- animations: the first frame is the upright picture, the second black
black = Image.new("RGB", (W, H))
save(upright, "animated.gif", save_all=True, append_images=[black], duration=100, loop=0)
save(upright, "animated.webp", save_all=True, append_images=[black], duration=100, lossless=True)
save(upright, "animated.png", save_all=True, append_images=[black], duration=100)

# --- damaged
noise = Image.fromarray(np.random.default_rng(0).integers(0, 256, (64, 64, 3), np.uint8))
for kind, options in {"jpg": {"quality": 90}, "png": {}, "webp": {"lossless": True}, "gif": {}, "bmp": {}}.items():
    buffer = io.BytesIO()
    noise.save(buffer, kind.replace("jpg", "jpeg"), **options)
    whole = buffer.getvalue()
    write(f"truncated.{kind}", whole[: len(whole) // 2])
    if kind == "png":
        damaged = bytearray(whole)
        damaged[len(whole) // 2] ^= 0xFF
        write("damaged.png", bytes(damaged))
write("truncated-header.jpg", jpg[:40])
write("truncated-header.png", plain[:20])
thumbnail = io.BytesIO()
upright.resize((24, 16)).save(thumbnail, "jpeg")
app1 = exif(1) + thumbnail.getvalue()
cut = jpg[:2] + b"\xff\xe1" + struct.pack(">H", len(app1) + 2) + app1 + jpg[2 : len(jpg) * 2 // 3]
write("truncated-after-thumbnail.jpg", cut)
write("trailing-bytes.jpg", jpg + b"\0" * 64 + b"an appended film")

# --- sizes
save(Image.new("RGB", (1, 1), RED), "one-pixel.png")
save(upright.resize((15, 40)), "fifteen-wide.png")
save(upright.resize((16, 16)), "sixteen.png")
write("100-megapixel.png", png(10000, 10000, 1, 0, (b"\0" + b"\xaa" * 1250) * 10000))
write("lying-header.png", png(20000, 20000, 8, 2, filtered(quarters())))
sof = jpg.index(b"\xff\xc0")
write("lying-header.jpg", jpg[: sof + 5] + struct.pack(">HH", 20000, 20000) + jpg[sof + 9 :])
stripes = np.zeros((7900, 1000), np.uint8)
stripes[: 7900 // 2] = 0xFF  # white over black
write("63-megapixel.png", png(8000, 7900, 1, 0, filtered(stripes)))
write("narrow.png", png(20000, 100, 1, 0, (b"\0" + b"\xaa" * 2500) * 100))

# --- not pictures
write("empty.jpg", b"")
write("text.jpg", b"This is not a picture at all, whatever its name says.\n" * 4)
write("page.png", b"<!doctype html><html><title>404</title></html>")
write("drawing.svg", b'<svg xmlns="http://www.w3.org/2000/svg" width="64" height="64"><rect width="64" height="64"/></svg>')
write("drawing.png", b'<?xml version="1.0"?>\n<svg xmlns="http://www.w3.org/2000/svg" width="64" height="64"></svg>')
write("document.pdf", b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n")
save(upright, "photo.tiff")
