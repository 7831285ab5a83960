import fc from "fast-check";
import { deflateRawSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { decodeShared, encodeShared, type Shared } from "../../src/notebook/share";

const shared: Shared = {
  name: "first-transfer",
  title: "From two pictures to a painted one",
  text: "# Größe\r\n\r\n$G = F F^\\top$ 図 🎨\n",
  params: { abc: { size: 256, layers: ["conv1_1"], nested: { on: true, nothing: null } } },
  drafts: { def: "const G = 1" },
};

/** A link around any bytes, with the checksum that they need. */
function link(json: string | Uint8Array, version = 1): string {
  const bytes = typeof json === "string" ? new TextEncoder().encode(json) : json;
  let hash = 0x811c9dc5;
  for (const byte of bytes) hash = Math.imul(hash ^ byte, 0x01000193);
  const head = Buffer.alloc(5);
  head[0] = version;
  head.writeUInt32BE(hash >>> 0, 1);
  return `#share=${Buffer.concat([head, deflateRawSync(bytes)]).toString("base64url")}`;
}

describe("a link with a notebook", () => {
  it("gives the notebook back", async () => {
    const hash = await encodeShared(shared);
    expect(hash).toMatch(/^#share=[\w-]+$/);
    expect(await decodeShared(hash)).toEqual(shared);
  });

  it("gives any notebook back", async () => {
    const text = fc.string({ unit: "grapheme", maxLength: 40 });
    const plain = fc.jsonValue({ maxDepth: 3 }).filter((value) => !JSON.stringify(value).includes("__proto__")).map((value) => JSON.parse(JSON.stringify(value)) as unknown);
    const key = fc.string({ minLength: 1 }).filter((name) => name !== "__proto__");
    const any = fc.record({
      name: fc.string({ minLength: 1 }),
      title: fc.option(text),
      text,
      params: fc.dictionary(key, fc.dictionary(key, plain, { noNullPrototype: true }), { noNullPrototype: true }),
      drafts: fc.dictionary(key, text, { noNullPrototype: true }),
    });
    await fc.assert(
      fc.asyncProperty(any, async (one) => {
        expect(await decodeShared(await encodeShared(one))).toEqual(one);
      }),
    );
  });

  it("is much shorter than a notebook's text", async () => {
    const text = "The Gram matrix of the style. ".repeat(500);
    expect((await encodeShared({ ...shared, text })).length).toBeLessThan(1000);
  });

  it("leaves out what is no part of a notebook", async () => {
    const more = { ...shared, trusted: true };
    expect(await decodeShared(await encodeShared(more))).toEqual(shared);
    expect(await decodeShared(link(JSON.stringify(more)))).toEqual(shared);
  });

  it.each(["", "#", "#first-transfer", "#first-transfer/content", "#shared=abc", "share"])("is not %j", async (hash) => {
    expect(await decodeShared(hash)).toBeNull();
  });

  it("says so wherever it was cut off", async () => {
    const hash = await encodeShared(shared);
    for (let length = "#share=".length; length < hash.length; length++) {
      await expect(decodeShared(hash.slice(0, length)), String(length)).rejects.toThrow("This link is damaged");
    }
  });

  it("never gives another notebook if a letter of it was changed", async () => {
    const hash = await encodeShared(shared);
    let noticed = 0;
    await fc.assert(
      // the first two letters hold the version, of which another test tells
      fc.asyncProperty(fc.integer({ min: "#share=".length + 2, max: hash.length - 1 }), fc.constantFrom(..."AZaz09-_"), async (at, letter) => {
        fc.pre(hash[at] !== letter);
        const outcome = await decodeShared(hash.slice(0, at) + letter + hash.slice(at + 1)).catch((error: Error) => error);
        // only the bits that fill up the last byte mean nothing
        if (at < hash.length - 4 || outcome instanceof Error) {
          expect(String(outcome)).toContain("This link is damaged");
          noticed++;
        } else expect(outcome).toEqual(shared);
      }),
      { numRuns: 300 },
    );
    expect(noticed).toBeGreaterThan(200);
  });

  it.each(["#share=", "#share=%7B", "#share=a b", "#share=AAAAAAAA", "#share=AQ", "#share=AQAAAAA"])("says that %j is damaged", async (hash) => {
    await expect(decodeShared(hash)).rejects.toThrow("This link is damaged");
  });

  it("says that a newer version has made it", async () => {
    await expect(decodeShared(link(JSON.stringify(shared), 2))).rejects.toThrow("newer version");
  });

  it("is not unpacked beyond 5 MB, however short it is", async () => {
    const bomb = link(new Uint8Array(40_000_000));
    expect(bomb.length).toBeLessThan(80_000);
    const before = process.memoryUsage().arrayBuffers;
    await expect(decodeShared(bomb)).rejects.toThrow("too large to be opened");
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(25_000_000);
  });

  it("cannot be made of a notebook that could not be opened", async () => {
    await expect(encodeShared({ ...shared, text: "x".repeat(5_000_001) })).rejects.toThrow("too large for a link");
  });

  it.each<[string, unknown, RegExp]>([
    ["text alone", "x", /its name/],
    ["a list", [shared], /its name/],
    ["nothing", null, /its name/],
    ["no name", { ...shared, name: "" }, /its name/],
    ["a name that is a number", { ...shared, name: 1 }, /its name/],
    ["a title that is a list", { ...shared, title: [] }, /its title/],
    ["no text", { ...shared, text: undefined }, /its text/],
    ["parameters that are a list", { ...shared, params: [] }, /its controls/],
    ["parameters of a cell that are text", { ...shared, params: { a: "b" } }, /its controls/],
    ["drafts that are numbers", { ...shared, drafts: { a: 1 } }, /its drafts/],
    ["no drafts", { ...shared, drafts: null }, /its drafts/],
  ])("is refused if it holds %s", async (_what, value, message) => {
    await expect(decodeShared(link(JSON.stringify(value)))).rejects.toThrow(message);
  });

  it("is refused if a key of it would reach behind an object, or it is nested without end", async () => {
    const params = (json: string) => link(JSON.stringify({ ...shared, params: 0 }).replace('"params":0', `"params":${json}`));
    await expect(decodeShared(params('{"a":{"__proto__":{"x":1}}}'))).rejects.toThrow("its controls");
    await expect(decodeShared(params('{"__proto__":{"x":1}}'))).rejects.toThrow("its controls");
    await expect(decodeShared(params(`{"a":{"b":${"[".repeat(100_000)}${"]".repeat(100_000)}}}`))).rejects.toThrow("its controls");
    expect(({} as Record<string, unknown>)["x"]).toBeUndefined();
  });

  it("is refused if it holds no JSON, or bytes that are no text", async () => {
    await expect(decodeShared(link("{"))).rejects.toThrow("damaged");
    await expect(decodeShared(link(new Uint8Array([0x22, 0xff, 0xfe, 0x22])))).rejects.toThrow("damaged");
  });
});
