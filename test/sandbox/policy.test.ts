import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { pageDirectives, policyText, withPolicy } from "../../build/csp";
import { BOOT_HASH, FRAME_POLICY } from "../../src/sandbox/policy";

const boot = readFileSync(new URL("../../src/sandbox/boot.js", import.meta.url), "utf8").replaceAll("\r\n", "\n");

describe("the policies", () => {
  it("know the boot script by its hash", () => {
    expect(BOOT_HASH).toBe(`sha256-${createHash("sha256").update(boot).digest("base64")}`);
    expect(policyText()).toContain(`'${BOOT_HASH}'`);
    expect(FRAME_POLICY).toContain(`'${BOOT_HASH}'`);
  });

  it("allow no text to be run as code, and no other inline script", () => {
    for (const policy of [policyText(), FRAME_POLICY]) {
      const [scripts] = policy.split("; ").filter((directive) => directive.startsWith("script-src"));
      expect(scripts).not.toMatch(/'unsafe-(eval|inline)'/);
    }
    expect(FRAME_POLICY).not.toMatch(/connect-src|https?:|'self'|\*/);
  });

  it("keep frames from being navigated, and take changes for other pages", () => {
    expect(pageDirectives["frame-src"]).toEqual(["'none'"]);
    expect(policyText({ "connect-src": ["'none'"] })).toContain("connect-src 'none';");
  });

  it("stand in the page right after its character set, which has to be among the first 1024 bytes", () => {
    const html = withPolicy('<html><head>\n<meta charset="utf-8" />\n<title>x</title></head></html>', policyText());
    expect(html).toMatch(/<meta charset="utf-8" \/>\s*<meta http-equiv="Content-Security-Policy" content="default-src 'none'; [^"]*" \/>\n<title>/);
    expect(() => withPolicy("<html></html>", policyText())).toThrow(/charset/);
  });

  it("fit into the element that holds the boot script", () => {
    expect(boot).not.toMatch(/<\/script|<!--/i);
  });
});
