/** What a frame that runs code of notebooks may load: nothing that the page has not given it by message. */

/** SHA-256 of boot.js, as a content security policy writes it. When boot.js changes, test/sandbox/policy.test.ts says the new one. */
export const BOOT_HASH = "sha256-n361wKRiEmHMOiKE5liPyHMPRI+XrRVV36oj67Z/hmA=";

/** In force in the frame and in the workers that it starts, together with the page's own policy. */
export const FRAME_POLICY = [
  "default-src 'none'",
  `script-src 'wasm-unsafe-eval' blob: '${BOOT_HASH}'`,
  "worker-src blob:",
  "style-src 'unsafe-inline'",
  "img-src data: blob:",
  "font-src data: blob:",
  "base-uri 'none'",
  "form-action 'none'",
].join("; ");
