/**
 * Lets the built workbench open without a network once it has been opened with one. The network comes first, so that
 * nobody is kept on an old version; what is here is the fallback. The build puts the list of files into FILES.
 */
const FILES = /* filled in by the build */ [];
const VERSION = /* filled in by the build */ "";
const CACHE = `nst-workbench ${VERSION}`;

self.addEventListener("install", (event) => {
  event.waitUntil((async () => {
    const cache = await caches.open(CACHE);
    // one by one: a file that is missing must not cost the others
    for (const file of FILES) await cache.add(file).catch(() => {});
    await self.skipWaiting();
  })());
});

self.addEventListener("activate", (event) => {
  event.waitUntil((async () => {
    for (const name of await caches.keys()) if (name.startsWith("nst-workbench ") && name !== CACHE) await caches.delete(name);
    await self.clients.claim();
  })());
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "GET" || new URL(request.url).origin !== self.location.origin || request.headers.has("range")) return;
  event.respondWith((async () => {
    try {
      const response = await fetch(request);
      if (response.ok) {
        const copy = response.clone();
        event.waitUntil(caches.open(CACHE).then((cache) => cache.put(request, copy)).catch(() => {}));
      }
      return response;
    } catch (error) {
      const kept = await caches.match(request, { ignoreSearch: request.mode === "navigate", ignoreVary: true });
      if (kept) return kept;
      throw error;
    }
  })());
});
