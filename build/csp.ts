/** The page's content security policy: what a page may load at all, so that no bug of ours lets a notebook load more. */
import type { Plugin } from "vite";
import { SOURCE_HOSTS } from "../src/models/sources.ts";
import { BOOT_HASH } from "../src/sandbox/policy.ts";

export type Directives = Readonly<Record<string, readonly string[]>>;

/**
 * The workbench's own. `frame-src 'none'` also keeps a sandboxed frame from being navigated away (srcdoc frames are exempt);
 * the boot script of those frames is the only inline script there is.
 */
export const pageDirectives: Directives = {
  "default-src": ["'none'"],
  "script-src": ["'self'", "'wasm-unsafe-eval'", "blob:", `'${BOOT_HASH}'`],
  "worker-src": ["'self'", "blob:"],
  // beside its own files, the page fetches weights from public sources, when the person asks for them
  "connect-src": ["'self'", "blob:", ...SOURCE_HOSTS],
  "img-src": ["'self'", "blob:", "data:"],
  // Lit, KaTeX and CodeMirror style elements where they stand
  "style-src": ["'self'", "'unsafe-inline'"],
  "font-src": ["'self'", "data:"],
  "frame-src": ["'none'"],
  "base-uri": ["'none'"],
  "form-action": ["'none'"],
  "object-src": ["'none'"],
};

/** @param changes directives that take the place of those of `pageDirectives` */
export function policyText(changes: Directives = {}): string {
  return Object.entries({ ...pageDirectives, ...changes })
    .map(([name, values]) => [name, ...values].join(" "))
    .join("; ");
}

/** Puts a policy into a page, as the first thing after its character set (which has to be among the first 1024 bytes). */
export function withPolicy(html: string, policy: string): string {
  const charset = /<meta charset=[^>]*>/i;
  if (!charset.test(html)) throw new Error("A page needs <meta charset> for its content security policy to stand behind.");
  return html.replace(charset, (tag) => `${tag}\n    <meta http-equiv="Content-Security-Policy" content="${policy}" />`);
}

/** Gives every page its policy, built or in development. */
export function contentSecurityPolicy(): Plugin {
  let changes: Directives = {};
  return {
    name: "content-security-policy",
    configResolved({ command }) {
      // Vite's client listens for changes through a web socket
      if (command === "serve") changes = { "connect-src": [...pageDirectives["connect-src"], "ws:"] };
    },
    transformIndexHtml: { order: "post", handler: (html) => withPolicy(html, policyText(changes)) },
  };
}
