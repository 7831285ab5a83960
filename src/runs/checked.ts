import { RunFileError } from "./unzip";

/** Reads plain data from elsewhere: whatever is not as it should be is named, with what it should be. */
export type Fields = Record<string, unknown>;

export function fail(where: string, should: string): never {
  throw new RunFileError(`run.json: “${where}” should be ${should}.`);
}

export function fields(value: unknown, where: string): Fields {
  if (typeof value !== "object" || value === null || Array.isArray(value)) fail(where, "an object");
  return value as Fields;
}

export function text(value: unknown, where: string, most = 300): string {
  if (typeof value !== "string" || value.length > most) fail(where, `a text of at most ${most} characters`);
  return value;
}

export function number(value: unknown, where: string, least = -Infinity, most = Infinity): number {
  if (typeof value !== "number" || !Number.isFinite(value) || value < least || value > most) fail(where, `a number${least > -Infinity ? ` from ${least}` : ""}${most < Infinity ? ` to ${most}` : ""}`);
  return value;
}

export function whole(value: unknown, where: string, least = 0, most = Number.MAX_SAFE_INTEGER): number {
  if (!Number.isSafeInteger(number(value, where, least, most))) fail(where, "a whole number");
  return value as number;
}

export function oneOf<T extends string>(value: unknown, where: string, options: readonly T[]): T {
  if (!options.includes(value as T)) fail(where, `one of ${options.map((option) => `“${option}”`).join(", ")}`);
  return value as T;
}

/** Reads one of some words. */
export const choice =
  <T extends string>(...options: T[]) =>
  (value: unknown, where: string): T =>
    oneOf(value, where, options);

export function list<T>(value: unknown, where: string, most: number, item: (value: unknown, where: string) => T): T[] {
  if (!Array.isArray(value) || value.length > most) fail(where, `a list of at most ${most}`);
  return value.map((one, i) => item(one, `${where}[${i}]`));
}

/** null stays null. */
export function nullable<T>(value: unknown, where: string, read: (value: unknown, where: string) => T): T | null {
  return value === null || value === undefined ? null : read(value, where);
}

/** What is not there stays away. */
export function optional<K extends string, T>(from: Fields, key: K, where: string, read: (value: unknown, where: string) => T): { [P in K]?: T } {
  return (from[key] === undefined || from[key] === null ? {} : { [key]: read(from[key], `${where}.${key}`) }) as { [P in K]?: T };
}

/** Numbers by name. */
export function numbers(value: unknown, where: string, most = 300): Record<string, number> {
  const entries = Object.entries(fields(value, where));
  if (entries.length > most) fail(where, `at most ${most} numbers`);
  return Object.fromEntries(entries.map(([name, one]) => [text(name, where), number(one, `${where}.${name}`)]));
}

export function hash(value: unknown, where: string): string {
  if (typeof value !== "string" || !/^[0-9a-f]{64}$/.test(value)) fail(where, "a SHA-256 in hexadecimal");
  return value;
}
