import { expect, it } from "vitest";
import { pageDirectives } from "../../build/csp";
import { SOURCE_HOSTS, SOURCES } from "../../src/models/sources";
import { parameters } from "../../src/nst/parameters";
import { playedVgg19 } from "../browser/support/weights-server";
import { openArchive } from "../../src/models/open-archive";
import { bytesSource } from "../../src/models/source";
import { recognise } from "../../src/models/recognise";

it("sources are of a revision that does not change, over https, from hosts that the page may reach and no others", () => {
  expect(pageDirectives["connect-src"]).toEqual(["'self'", "blob:", ...SOURCE_HOSTS]);
  for (const { url } of Object.values(SOURCES)) {
    expect(url).toMatch(/^https:\/\/huggingface\.co\/[\w.-]+\/[\w.-]+\/resolve\/[0-9a-f]{40}\/[\w.-]+$/);
    expect(SOURCE_HOSTS).toContain(new URL(url).origin);
  }
});

it("VGG-19 is as large as its convolutions are", async () => {
  const file = playedVgg19({ classifier: false });
  const archive = await openArchive([{ ...bytesSource(new Uint8Array(), "model.safetensors"), size: file.size, read: async (from, to) => new Uint8Array(file.read(from, to)) }]);
  const { architecture, card } = recognise(archive);
  expect([architecture, 4 * parameters(card)]).toEqual(["vgg19", SOURCES.vgg19.bytes]);
});
