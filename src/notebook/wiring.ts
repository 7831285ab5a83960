import { CycleError, DuplicateNameError, publicNames, UnknownNameError, WiringError } from "./graph-errors";

/** What the wiring needs to know of a cell. */
export interface Wired {
  readonly id: string;
  /** how messages call the cell */
  readonly label: string;
  readonly name: string | null;
  readonly inputs: readonly string[];
}

/** An input, resolved: `settings.size` is the part `["size"]` of the cell that gives `settings`. */
export interface Link<T> {
  name: string;
  path: readonly string[];
  from: T;
}

export interface Wiring<T extends Wired> {
  /** dependencies first */
  order: T[];
  links: Map<T, Link<T>[]>;
  /** cells that cannot be computed however their inputs turn out */
  faults: Map<T, WiringError>;
  /** name → the cells that give it (more than one is a fault of all of them) */
  givers: Map<string, T[]>;
}

/** Works out who reads whom, in which order to compute, and what is wrong. Linear in cells and links. */
export function wire<T extends Wired>(cells: readonly T[]): Wiring<T> {
  const givers = new Map<string, T[]>();
  for (const cell of cells) {
    if (cell.name !== null) givers.set(cell.name, [...(givers.get(cell.name) ?? []), cell]);
  }
  const faults = new Map<T, WiringError>();
  const links = new Map<T, Link<T>[]>();
  for (const cell of cells) {
    const rivals = cell.name === null ? [] : givers.get(cell.name)!;
    if (cell.name?.includes(".")) {
      faults.set(cell, new WiringError(`“${cell.name}” cannot be a name: a dot reads a part of a value. Write the name without dots.`, [cell.id]));
    } else if (rivals.length > 1) {
      faults.set(cell, new DuplicateNameError(cell.name!, rivals.map((r) => r.label), rivals.map((r) => r.id)));
    }
    const own: Link<T>[] = [];
    for (const input of cell.inputs) {
      const [name, ...path] = input.split(".");
      const from = givers.get(name)?.[0];
      if (from) own.push({ name, path, from });
      else if (!faults.has(cell)) faults.set(cell, new UnknownNameError(name, publicNames(givers.keys()), [cell.id], cell.label));
    }
    links.set(cell, own);
  }
  const order: T[] = [];
  for (const ring of components(cells, links)) {
    order.push(...ring);
    const selfReading = links.get(ring[0])!.some((link) => link.from === ring[0]);
    if (ring.length === 1 && !selfReading) continue;
    const error = new CycleError(ringNames(ring), ring.map((cell) => cell.id));
    for (const cell of ring) if (!faults.has(cell)) faults.set(cell, error);
  }
  return { order, links, faults, givers };
}

/** A code cell stands in a ring twice, as itself and by the name that it hands on: the name says it. */
function ringNames(ring: readonly Wired[]): string[] {
  const visible = ring.filter(({ name }) => !name?.includes(":"));
  return (visible.length > 0 ? visible : ring).map(({ name, label }) => name ?? label);
}

/** Strongly connected components, dependencies first, each in the order of a walk along its ring (Tarjan 1972). */
function components<T>(cells: readonly T[], links: Map<T, Link<T>[]>): T[][] {
  const index = new Map<T, number>();
  const low = new Map<T, number>();
  const stack: T[] = [];
  const onStack = new Set<T>();
  const found: T[][] = [];
  const visit = (cell: T): void => {
    index.set(cell, index.size);
    low.set(cell, index.get(cell)!);
    stack.push(cell);
    onStack.add(cell);
    for (const { from } of links.get(cell)!) {
      if (!index.has(from)) {
        visit(from);
        low.set(cell, Math.min(low.get(cell)!, low.get(from)!));
      } else if (onStack.has(from)) {
        low.set(cell, Math.min(low.get(cell)!, index.get(from)!));
      }
    }
    if (low.get(cell) !== index.get(cell)) return;
    const ring = stack.splice(stack.indexOf(cell));
    for (const member of ring) onStack.delete(member);
    found.push(ring);
  };
  for (const cell of cells) if (!index.has(cell)) visit(cell);
  return found;
}
