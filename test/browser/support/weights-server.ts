/** Plays the hosts that weights are downloaded from: an address that leads on to a signed one at another host, and ranges there. */
import { createServer as createHttp, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from "node:http";
import { createServer as createHttps } from "node:https";
import { readFileSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { setTimeout as wait } from "node:timers/promises";

/** A file that is made when it is asked for. */
export interface PlayedFile {
  size: number;
  etag: string;
  read(from: number, to: number): Buffer;
}

/** What goes wrong with the next answer that gives a part of the file. */
export type Fault =
  /** the connection breaks after so many bytes of the body */
  | { kind: "drop"; after: number }
  /** nothing comes after so many bytes, and the connection stays */
  | { kind: "silence"; after: number }
  | { kind: "status"; status: number }
  /** the whole file, with 200 */
  | { kind: "whole" }
  /** another part than the one that was asked for */
  | { kind: "other part" }
  /** a Content-Length of less than was asked for */
  | { kind: "short" }
  /** of a file with another length */
  | { kind: "other length" }
  | { kind: "other etag" }
  /** right in every way but for its first bytes */
  | { kind: "noise" };

export interface Asked {
  host: "front" | "files";
  method: string;
  range: string | null;
  headers: IncomingMessage["headers"];
}

const BLOCK = 2 ** 16;

export class WeightsServer {
  readonly asked: Asked[] = [];
  /** used up one by one, by answers of the host of files */
  readonly faults: Fault[] = [];
  /** of the front: sent in place of leading on */
  refusing = 0;
  bytesPerSecond = Infinity;
  /** bytes of the file that were sent */
  sent = 0;
  /** what pages are allowed to see of an answer */
  exposed = "*";
  readonly #servers: Server[];

  private constructor(
    readonly file: PlayedFile,
    readonly path: string,
    secure: boolean,
  ) {
    const certificate = secure ? { key: fixture("weights-server.key"), cert: fixture("weights-server.crt") } : null;
    const serve = (listener: RequestListener) => (certificate ? createHttps(certificate, listener) : createHttp(listener));
    this.#servers = [serve((request, response) => this.#front(request, response)), serve((request, response) => void this.#give(request, response))];
  }

  /**
   * @param path under which the front has the file
   * @param secure with a certificate of its own
   */
  static async start(file: PlayedFile, path: string, { secure = false } = {}): Promise<WeightsServer> {
    const server = new WeightsServer(file, path, secure);
    await Promise.all(server.#servers.map((one) => new Promise<void>((resolve) => one.listen(0, "127.0.0.1", resolve))));
    server.filesAt = `http://127.0.0.1:${server.ports.files}`;
    return server;
  }

  /** where the front leads on to */
  filesAt = "";

  get ports(): { front: number; files: number } {
    const [front, files] = this.#servers.map((server) => (server.address() as AddressInfo).port);
    return { front, files };
  }

  get url(): string {
    return `http://127.0.0.1:${this.ports.front}${this.path}`;
  }

  /** Breaks every connection that is open now. */
  dropAll(): void {
    for (const server of this.#servers) server.closeAllConnections();
  }

  /** Parts of the file that were asked for, of the host that has it. */
  get ranges(): string[] {
    return this.asked.flatMap(({ host, range }) => (host === "files" && range ? [range] : []));
  }

  async close(): Promise<void> {
    for (const server of this.#servers) {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    }
  }

  #note(host: Asked["host"], { method = "", headers }: IncomingMessage): void {
    this.asked.push({ host, method, range: headers.range ?? null, headers });
  }

  #front(request: IncomingMessage, response: ServerResponse): void {
    this.#note("front", request);
    response.setHeader("Access-Control-Allow-Origin", request.headers.origin ?? "*");
    if (request.method !== "GET") return void response.writeHead(405).end();
    if (this.refusing) return void response.writeHead(this.refusing).end();
    if (request.url !== this.path) return void response.writeHead(404).end();
    response.writeHead(302, { Location: `${this.filesAt}/signed?expires=${Date.now() + 3_600_000}&signature=abc` }).end();
  }

  async #give(request: IncomingMessage, response: ServerResponse): Promise<void> {
    this.#note("files", request);
    response.setHeader("Access-Control-Allow-Origin", "*");
    if (this.exposed) response.setHeader("Access-Control-Expose-Headers", this.exposed);
    if (request.method !== "GET") return void response.writeHead(405).end();
    const [, first, last] = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? "") ?? [];
    const fault = this.faults.shift();
    if (fault?.kind === "status") return void response.writeHead(fault.status).end("no");
    if (fault?.kind === "whole" || first === undefined) {
      response.writeHead(200, { "Content-Length": this.file.size, ETag: this.file.etag });
      return this.#send(response, 0, this.file.size, fault);
    }
    let from = Number(first);
    const to = Math.min(Number(last) + 1, this.file.size);
    const length = to - from - (fault?.kind === "short" ? 7 : 0);
    if (fault?.kind === "other part") from += 8;
    const size = this.file.size + (fault?.kind === "other length" ? 4 : 0);
    response.writeHead(206, { "Content-Length": length, "Content-Range": `bytes ${from}-${from + length - 1}/${size}`, ETag: fault?.kind === "other etag" ? '"another"' : this.file.etag });
    await this.#send(response, from, from + length, fault);
  }

  async #send(response: ServerResponse, from: number, to: number, fault: Fault | undefined): Promise<void> {
    const begun = performance.now();
    const end = fault?.kind === "drop" || fault?.kind === "silence" ? Math.min(to, from + fault.after) : to;
    for (let at = from; at < end && !response.destroyed; at += BLOCK) {
      const bytes = this.file.read(at, Math.min(end, at + BLOCK));
      if (fault?.kind === "noise" && at === from) bytes.fill(0xff);
      this.sent += bytes.length;
      if (!response.write(bytes)) await drained(response);
      const due = begun + (1000 * (at + bytes.length - from)) / this.bytesPerSecond;
      if (due > performance.now()) await wait(due - performance.now());
    }
    if (fault?.kind === "drop") response.destroy();
    else if (fault?.kind !== "silence") response.end();
  }
}

function drained(response: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const go = () => {
      response.off("drain", go).off("close", go);
      resolve();
    };
    response.on("drain", go).on("close", go);
  });
}

const fixture = (name: string) => readFileSync(new URL(`../../fixtures/${name}`, import.meta.url));

/** Numbers of the convolutions in torchvision's `features`, and what they read and make. */
const VGG19 = ((): [index: number, read: number, made: number][] => {
  const found: [number, number, number][] = [];
  let index = 0;
  let read = 3;
  for (const [convolutions, channels] of [[2, 64], [2, 128], [4, 256], [4, 512], [4, 512]]) {
    for (let i = 0; i < convolutions; i++, index += 2) {
      found.push([index, read, channels]);
      read = channels;
    }
    index++;
  }
  return found;
})();

interface PlayedTensor {
  name: string;
  shape: number[];
  from: number;
  to: number;
  /** of its numbers, which are normally distributed; 0: all zero */
  deviation: number;
}

/**
 * VGG-19's weights as timm's model.safetensors has them: same names, shapes and order, numbers of He's initialisation.
 * @param narrow its layers have that many times fewer channels
 * @param classifier numbers of the classifier come with it, all zero: 494 MB at full width
 */
export function playedVgg19({ narrow = 1, classifier = true } = {}): PlayedFile {
  const width = (channels: number) => (channels === 3 ? 3 : channels / narrow);
  const tensors: Omit<PlayedTensor, "from" | "to">[] = VGG19.flatMap(([index, read, made]) => [
    { name: `features.${index}.weight`, shape: [width(made), width(read), 3, 3], deviation: Math.sqrt(2 / (9 * width(read))) },
    { name: `features.${index}.bias`, shape: [width(made)], deviation: 0.05 },
  ]);
  if (classifier) {
    const dense: [string, number[]][] = [["pre_logits.fc1.weight", [4096, width(512), 7, 7]], ["pre_logits.fc1.bias", [4096]], ["pre_logits.fc2.weight", [4096, 4096, 1, 1]], ["pre_logits.fc2.bias", [4096]], ["head.fc.weight", [1000, 4096]], ["head.fc.bias", [1000]]];
    tensors.push(...dense.map(([name, shape]) => ({ name, shape, deviation: 0 })));
  }
  let end = 0;
  const placed = tensors
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .map((tensor): PlayedTensor => ({ ...tensor, from: end, to: (end += 4 * tensor.shape.reduce((a, b) => a * b, 1)) }));
  const entries = placed.map(({ name, shape, from, to }) => [name, { dtype: "F32", shape, data_offsets: [from, to] }]);
  const json = JSON.stringify({ __metadata__: { format: "pt" }, ...Object.fromEntries(entries) });
  const text = Buffer.from(json.padEnd(Math.ceil(json.length / 8) * 8));
  const header = Buffer.concat([Buffer.alloc(8), text]);
  header.writeBigUInt64LE(BigInt(text.length));
  return {
    size: header.length + end,
    etag: '"played"',
    read(from, to) {
      const bytes = Buffer.alloc(to - from);
      if (from < header.length) header.copy(bytes, 0, from, Math.min(to, header.length));
      for (const tensor of placed) fill(bytes, from - header.length, tensor);
      return bytes;
    },
  };
}

/** A table of normally distributed numbers (Box and Muller), from a seed. Its length is prime: no pattern fits any tensor. */
const NORMAL = ((): Float32Array => {
  let state = 19;
  const random = () => ((state = (Math.imul(state, 1664525) + 1013904223) >>> 0) + 1) / 4294967297;
  return Float32Array.from({ length: 65_537 }, () => Math.sqrt(-2 * Math.log(random())) * Math.cos(2 * Math.PI * random()));
})();

/** Writes what of a tensor lies in bytes that begin at `start` of all numbers. */
function fill(bytes: Buffer, start: number, { from, to, deviation }: PlayedTensor): void {
  const begin = Math.max(from, start);
  const end = Math.min(to, start + bytes.length);
  if (deviation === 0 || begin >= end) return;
  const first = Math.floor((begin - from) / 4);
  const numbers = new Float32Array(Math.ceil((end - from) / 4) - first);
  for (let i = 0; i < numbers.length; i++) numbers[i] = deviation * NORMAL[(first + i + from) % NORMAL.length];
  Buffer.from(numbers.buffer).copy(bytes, begin - start, begin - from - 4 * first, end - from - 4 * first);
}
