// Runs first in every frame that runs code of notebooks. Its hash is in the page's and in the frame's content security
// policy, so that nothing else is ever run inline; all other code comes from the page by message, once, as the text of a module.
if (self.origin === "null") {
  // the only way out of a frame that no content security policy covers
  for (const name of ["RTCPeerConnection", "webkitRTCPeerConnection", "RTCDataChannel", "RTCIceTransport", "WebTransport", "WebSocketStream"]) {
    delete self[name];
    Object.defineProperty(self, name, { value: undefined });
  }
  const start = async (event) => {
    if (event.source !== parent || event.ports.length !== 1) return;
    removeEventListener("message", start);
    const [port] = event.ports;
    const url = URL.createObjectURL(new Blob([event.data.text], { type: "text/javascript" }));
    try {
      const module = await import(url);
      module.default(port, event.data.settings);
    } catch (error) {
      port.postMessage({ type: "failed", message: String(error) });
    } finally {
      URL.revokeObjectURL(url);
    }
  };
  addEventListener("message", start);
}
