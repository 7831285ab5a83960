/**
 * Takes away what code could reach others with. The origin and the content security policy forbid all of it already; this is
 * for the case that a browser has a gap there.
 */
const WAYS_OUT = [
  "fetch", "XMLHttpRequest", "WebSocket", "WebSocketStream", "WebTransport", "EventSource", "BroadcastChannel", "SharedWorker", "Worker",
  "RTCPeerConnection", "webkitRTCPeerConnection", "RTCDataChannel", "indexedDB", "caches", "cookieStore", "importScripts", "open", "Notification",
  "PresentationRequest", "showOpenFilePicker", "showSaveFilePicker", "showDirectoryPicker",
];

/** Call when the own code has all it needs of these. */
export function closeWaysOut(): void {
  for (const name of WAYS_OUT) {
    for (let holder: object | null = self; holder; holder = Object.getPrototypeOf(holder) as object | null) Reflect.deleteProperty(holder, name);
    if (name in self) Reflect.defineProperty(self, name, { value: undefined });
  }
  for (const name of ["sendBeacon", "serviceWorker", "storage", "locks", "credentials", "mediaDevices", "bluetooth", "usb", "serial", "hid", "share"])
    for (let holder: object | null = self.navigator; holder; holder = Object.getPrototypeOf(holder) as object | null) Reflect.deleteProperty(holder, name);
}
