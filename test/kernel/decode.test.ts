import fc from "fast-check";
import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { examine, keptSize, MAX_KEPT_SIDE, MAX_MEGAPIXELS, PictureError } from "../../src/kernel/picture-file";

const folder = new URL("../pictures/", import.meta.url);
const file = (name: string) => new Uint8Array(readFileSync(new URL(name, folder)));
const names = readdirSync(folder).filter((name) => !/\.(py|md)$/.test(name));

type Accepted = { size: [number, number]; format: string; orientation?: number; notes?: string[] };

/** Files that become pictures: 48 × 32 unless said otherwise, in the file's own direction. */
const accepted: Record<string, Accepted> = {
  "plain.jpg": { size: [48, 32], format: "jpg" },
  "progressive.jpg": { size: [48, 32], format: "jpg" },
  "trailing-bytes.jpg": { size: [48, 32], format: "jpg" },
  "grey.jpg": { size: [48, 32], format: "jpg" },
  "cmyk.jpg": { size: [48, 32], format: "jpg", notes: ["CMYK inks became RGB"] },
  "plain.png": { size: [48, 32], format: "png" },
  "really-a-png.jpg": { size: [48, 32], format: "png" },
  "grey.png": { size: [48, 32], format: "png" },
  "palette.png": { size: [48, 32], format: "png" },
  "interlaced.png": { size: [48, 32], format: "png" },
  "exchanged-profile.png": { size: [48, 32], format: "png" },
  "transparent.png": { size: [48, 32], format: "png" },
  "transparent-palette.png": { size: [48, 32], format: "png" },
  "rgb-16.png": { size: [48, 32], format: "png", notes: ["16 bits a channel became 8"] },
  "grey-16.png": { size: [48, 32], format: "png", notes: ["16 bits a channel became 8"] },
  "animated.png": { size: [48, 32], format: "png", notes: ["first frame of an animation"] },
  "animated.gif": { size: [48, 32], format: "gif", notes: ["first frame of an animation"] },
  "animated.webp": { size: [48, 32], format: "webp", notes: ["first frame of an animation"] },
  "plain.gif": { size: [48, 32], format: "gif" },
  "plain.bmp": { size: [48, 32], format: "bmp" },
  "plain.avif": { size: [48, 32], format: "avif" },
  "lossy.webp": { size: [48, 32], format: "webp" },
  "lossless.webp": { size: [48, 32], format: "webp" },
  "transparent.webp": { size: [48, 32], format: "webp" },
  "icon.ico": { size: [32, 32], format: "ico" },
  "sixteen.png": { size: [16, 16], format: "png" },
  "63-megapixel.png": { size: [8000, 7900], format: "png" },
  // whole by its chunks; its compressed data is not, which only a decoder sees
  "damaged.png": { size: [64, 64], format: "png" },
  "exif-6.png": { size: [32, 48], format: "png" },
  "exif-6.webp": { size: [32, 48], format: "webp" },
};
for (let n = 1; n <= 8; n++) accepted[`exif-${n}.jpg`] = { size: n >= 5 ? [32, 48] : [48, 32], format: "jpg", orientation: n };

/** Files that are refused before a pixel is decoded, and words that the message must hold. */
const refused: Record<string, RegExp> = {
  "empty.jpg": /empty \(0 bytes\)/,
  "text.jpg": /not a picture.*Choose a JPEG/,
  "page.png": /web page/,
  "drawing.svg": /SVG drawing.*Export it as PNG/,
  "drawing.png": /SVG drawing/,
  "document.pdf": /PDF document/,
  "photo.tiff": /TIFF/,
  "one-pixel.png": /1 × 1 pixels, too small: the network needs at least 16 × 16/,
  "fifteen-wide.png": /15 × 40 pixels, too small/,
  "narrow.png": /20000 × 100 pixels, too narrow/,
  "100-megapixel.png": /10000 × 10000 pixels, 100 megapixels; the limit is 64/,
  "lying-header.png": /20000 × 20000 pixels, 400 megapixels/,
  "lying-header.jpg": /20000 × 20000 pixels, 400 megapixels/,
  "truncated.jpg": /JPEG, 64 × 64 pixels\) is cut off/,
  "truncated.png": /PNG, 64 × 64 pixels\) is cut off/,
  "truncated.gif": /GIF, 64 × 64 pixels\) is cut off/,
  "truncated.webp": /WebP, 64 × 64 pixels\) is cut off/,
  "truncated.bmp": /BMP, 64 × 64 pixels\) is cut off/,
  "truncated.avif": /AVIF, 48 × 32 pixels\) is cut off/,
  "truncated-after-thumbnail.jpg": /JPEG, 48 × 32 pixels\) is cut off/,
  "truncated-header.jpg": /is cut off: its 40 bytes/,
  "truncated-header.png": /is cut off: its 20 bytes/,
};

describe("examining a picture file before it is decoded", () => {
  it("has an expectation for every file in test/pictures", () => {
    expect([...Object.keys(accepted), ...Object.keys(refused)].sort()).toEqual(names.sort());
  });

  it.each(Object.entries(accepted))("accepts %s", (name, { size: [width, height], format, orientation = 1, notes = [] }) => {
    expect(examine(file(name), name)).toMatchObject({ width, height, format, orientation, notes });
  });

  it.each(Object.entries(refused))("refuses %s, names it and says why", (name, message) => {
    const open = () => examine(file(name), name);
    expect(open).toThrow(PictureError);
    expect(open).toThrow(message);
    expect(open).toThrow(name);
  });

  it("does not care where in a larger buffer the file lies", () => {
    const bytes = file("exif-6.jpg");
    const larger = new Uint8Array(bytes.length + 100).fill(0xd9);
    larger.set(bytes, 37);
    expect(examine(larger.subarray(37, 37 + bytes.length), "x")).toEqual(examine(bytes, "x"));
  });

  it("answers damaged files with a picture's facts within the limits or a PictureError, never with another error", () => {
    const sources = names.filter((name) => name !== "63-megapixel.png").map(file).filter((bytes) => bytes.length > 0);
    const damage = fc.tuple(fc.constantFrom(...sources), fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 8 }), fc.double({ min: 0, max: 1, noNaN: true }));
    fc.assert(
      fc.property(damage, ([bytes, changes, share]) => {
        const damaged = bytes.slice(0, Math.ceil(bytes.length * share));
        // early bytes matter most: half of the changes fall into the first hundred
        for (const [at, value] of changes) damaged[at % (at % 2 ? damaged.length : 100)] = value;
        try {
          const { width, height } = examine(damaged, "damaged");
          expect(width * height).toBeLessThanOrEqual(MAX_MEGAPIXELS * 1e6);
          expect(Number.isInteger(width) && Number.isInteger(height)).toBe(true);
        } catch (error) {
          expect(error).toBeInstanceOf(PictureError);
        }
      }),
      { numRuns: 5000 },
    );
  });

  it("refuses a JPEG at every cut before its last byte", () => {
    const bytes = file("progressive.jpg");
    for (let end = 0; end < bytes.length; end++) expect(() => examine(bytes.subarray(0, end), "cut"), `cut at ${end}`).toThrow(PictureError);
  });
});

describe("keptSize", () => {
  it("leaves what fits as it is", () => {
    expect(keptSize(2048, 31)).toEqual({ width: 2048, height: 31 });
  });
  it("shrinks the longer side to the limit and keeps the shape", () => {
    expect(keptSize(8000, 4000)).toEqual({ width: MAX_KEPT_SIDE, height: MAX_KEPT_SIDE / 2 });
    expect(keptSize(3000, 6000)).toEqual({ width: MAX_KEPT_SIDE / 2, height: MAX_KEPT_SIDE });
  });
});
