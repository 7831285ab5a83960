/**
 * Python's pickles, read as data. A pickle is a program for a small stack machine, and Python's own machine imports and
 * calls whatever it names; this one can only make lists, dictionaries, texts and numbers, and asks its rules for anything
 * else. Opcodes: CPython's Lib/pickletools.py, those of protocols 2 to 5 (torch.save writes 2).
 */
import { PickleReader } from "./pickle-reader";

/** What a pickle can make. Tuples are lists here, dictionaries are maps, sets are maps to true. */
export type PickleValue = null | boolean | number | bigint | string | Uint8Array | PickleValue[] | PickleDict | PythonName | object;
export type PickleDict = Map<PickleValue, PickleValue>;

/** Something that a pickle names and the rules allow: never Python's object, only what it stands for here. */
export class PythonName {
  constructor(
    readonly name: string,
    /** what calling it gives; without it, it cannot be called */
    readonly call?: (args: PickleValue[]) => PickleValue,
  ) {}
}

export interface PickleRules {
  /** What a name stands for; null refuses it, and with it the file. */
  global(module: string, name: string): PythonName | null;
  /** What an object stands for that is kept outside the pickle. */
  persistent(id: PickleValue): PickleValue;
  /** Refuses the file. @param what after its name: “is damaged” */
  fail(what: string): never;
  /** Refuses a file whose pickle goes on where the bytes end. */
  cutOff(): never;
  /** Refuses what a pickle would have Python do. @param what the name of a function or class */
  refuse(what: string): never;
}

/**
 * Far above what 20,000 tensors need, far below what hurts: about forty opcodes, six containers and twelve things to remember are written a tensor,
 * and pickle hands over dictionaries in batches of 1000 entries, which bounds the stack.
 */
const MOST = { opcodes: 4_000_000, containers: 200_000, stack: 65_536, memo: 400_000, marks: 1000 };

/**
 * Runs one pickle.
 * @param bytes what holds it; nothing behind its STOP is looked at
 * @param at where it begins
 * @returns its value, and where it ends
 * @throws what the rules throw, for anything but data
 */
export function unpickle(bytes: Uint8Array, at: number, rules: PickleRules): { value: PickleValue; end: number } {
  const machine = new Machine(new PickleReader(bytes, at, rules), rules);
  return { value: machine.run(), end: machine.reader.at };
}

class Machine {
  private stack: PickleValue[] = [];
  /** the stacks beneath the marks */
  private readonly marked: PickleValue[][] = [];
  private readonly memo = new Map<number, PickleValue>();
  private containers = 0;

  constructor(
    readonly reader: PickleReader,
    private readonly rules: PickleRules,
  ) {}

  run(): PickleValue {
    for (let count = 0; count < MOST.opcodes; count++) {
      const opcode = this.reader.byte();
      if (opcode === STOP) return this.pop();
      this.step(opcode);
      if (this.stack.length > MOST.stack) this.rules.fail(`stacks more than ${MOST.stack} values, which no list of tensors does`);
    }
    return this.rules.fail(`asks for more than ${MOST.opcodes} steps, which no list of tensors takes`);
  }

  private step(opcode: number): void {
    const { reader, stack } = this;
    switch (String.fromCharCode(opcode)) {
      // about the pickle itself
      case "\x80": return this.protocol(reader.byte());
      case "\x95": return void reader.uint64(); // a frame's length: nothing is read ahead
      // values
      case "N": return this.push(null);
      case "\x88": return this.push(true);
      case "\x89": return this.push(false);
      case "J": return this.push(reader.int32());
      case "K": return this.push(reader.byte());
      case "M": return this.push(reader.uint16());
      case "\x8a": return this.push(reader.long(reader.byte()));
      case "\x8b": return this.push(reader.long(reader.uint32()));
      case "G": return this.push(reader.float64());
      case "X": return this.push(reader.text(reader.uint32()));
      case "\x8c": return this.push(reader.text(reader.byte()));
      case "\x8d": return this.push(reader.text(reader.uint64()));
      case "U": return this.push(reader.latin(reader.byte()));
      case "T": return this.push(reader.latin(reader.uint32()));
      case "B": return this.push(reader.bytes(reader.uint32()));
      case "C": return this.push(reader.bytes(reader.byte()));
      case "\x8e": return this.push(reader.bytes(reader.uint64()));
      case "\x96": return this.push(reader.bytes(reader.uint64()));
      // containers
      case "(": return this.mark();
      case ")": case "]": return this.push(this.container([]));
      case "}": case "\x8f": return this.push(this.container(new Map()));
      case "t": case "l": return this.push(this.container(this.popMark()));
      case "\x85": return this.push(this.container(this.take(1)));
      case "\x86": return this.push(this.container(this.take(2)));
      case "\x87": return this.push(this.container(this.take(3)));
      case "d": return this.dictionary(this.popMark());
      case "\x91": return this.set(this.popMark());
      case "a": return this.append(this.take(1));
      case "e": return this.append(this.popMark());
      case "s": return this.entries(this.take(2));
      case "u": return this.entries(this.popMark());
      case "\x90": return this.members(this.popMark());
      // stack and memo
      case "0": return void (stack.length > 0 ? stack.pop() : this.popMark());
      case "1": return void this.popMark();
      case "2": return this.push(this.top());
      case "q": return this.remember(reader.byte());
      case "r": return this.remember(reader.uint32());
      case "\x94": return this.remember(this.memo.size);
      case "h": return this.recall(reader.byte());
      case "j": return this.recall(reader.uint32());
      // what is not data: names, calls and objects of elsewhere
      case "c": return this.global(reader.line(), reader.line());
      case "\x93": return this.stackGlobal();
      case "R": return this.reduce();
      case "b": return this.build();
      case "Q": return this.push(this.rules.persistent(this.pop()));
      case "i": return this.rules.refuse(`${reader.line()}.${reader.line()}`);
      case "o": return this.unlike("makes an object of", this.popMark()[0]);
      case "\x81": return this.unlike("makes an object of", this.take(2)[0]);
      case "\x92": return this.unlike("makes an object of", this.take(3)[0]);
      case "\x82": return this.rules.refuse(`extension ${reader.byte()}`);
      case "\x83": return this.rules.refuse(`extension ${reader.uint16()}`);
      case "\x84": return this.rules.refuse(`extension ${reader.int32()}`);
      default: return this.rules.fail(`is damaged, or not from PyTorch: the byte ${opcode} at ${reader.at - 1} of its list means nothing in pickles of protocol 2 to 5`);
    }
  }

  private protocol(version: number): void {
    if (version > 5) this.rules.fail(`is a pickle of protocol ${version}; up to 5 is known`);
  }

  private push(value: PickleValue): void {
    this.stack.push(value);
  }

  private container<T extends PickleValue>(value: T): T {
    if (++this.containers > MOST.containers) this.rules.fail(`holds more than ${MOST.containers} lists, which no file of tensors does`);
    return value;
  }

  private take(count: number): PickleValue[] {
    if (this.stack.length < count) this.rules.fail("is damaged: its pickle takes values that are not there");
    return this.stack.splice(-count);
  }

  private pop(): PickleValue {
    return this.take(1)[0];
  }

  private top(): PickleValue {
    if (this.stack.length === 0) this.rules.fail("is damaged: its pickle takes values that are not there");
    return this.stack[this.stack.length - 1];
  }

  private mark(): void {
    if (this.marked.length >= MOST.marks) this.rules.fail(`nests more than ${MOST.marks} lists, which no file of tensors does`);
    this.marked.push(this.stack);
    this.stack = [];
  }

  private popMark(): PickleValue[] {
    const values = this.stack;
    const below = this.marked.pop();
    if (!below) return this.rules.fail("is damaged: its pickle ends a list that was never begun");
    this.stack = below;
    return values;
  }

  private dictionary(values: PickleValue[]): void {
    this.push(this.container(new Map()));
    this.entries(values);
  }

  private set(values: PickleValue[]): void {
    this.push(this.container(new Map()));
    this.members(values);
  }

  private append(values: PickleValue[]): void {
    const list = this.top();
    if (!Array.isArray(list)) return this.unlike("adds to", list);
    for (const value of values) list.push(value);
  }

  private entries(values: PickleValue[]): void {
    const map = this.top();
    if (!(map instanceof Map)) return this.unlike("writes into", map);
    if (values.length % 2) this.rules.fail("is damaged: a dictionary of its pickle has a key without a value");
    for (let i = 0; i < values.length; i += 2) map.set(values[i], values[i + 1]);
  }

  private members(values: PickleValue[]): void {
    const map = this.top();
    if (!(map instanceof Map)) return this.unlike("adds to", map);
    for (const value of values) map.set(value, true);
  }

  private remember(key: number): void {
    this.memo.set(key, this.top());
    if (this.memo.size > MOST.memo) this.rules.fail(`remembers more than ${MOST.memo} values, which no list of tensors does`);
  }

  private recall(key: number): void {
    const value = this.memo.get(key);
    if (value === undefined) return this.rules.fail("is damaged: its pickle recalls a value that it never made");
    this.push(value);
  }

  private global(module: string, name: string): void {
    this.push(this.rules.global(module, name) ?? this.rules.refuse(`${module}.${name}`));
  }

  private stackGlobal(): void {
    const [module, name] = this.take(2);
    if (typeof module !== "string" || typeof name !== "string") return this.rules.fail("is damaged: it names something by what is not a text");
    this.global(module, name);
  }

  private reduce(): void {
    const [callee, args] = this.take(2);
    if (!(callee instanceof PythonName) || !callee.call) return this.unlike("calls", callee);
    if (!Array.isArray(args)) return this.rules.fail(`is damaged: it calls ${callee.name} without a list of arguments`);
    this.push(this.container(callee.call(args)));
  }

  /** Attributes of a dictionary (a state dict's `_metadata`) are left out; nothing else has any. */
  private build(): void {
    this.pop();
    if (!(this.top() instanceof Map)) this.unlike("sets attributes of", this.top());
  }

  /** Refuses what only makes sense for a value that this one is not. */
  private unlike(does: string, value: PickleValue | undefined): never {
    if (value instanceof PythonName) return this.rules.refuse(value.name);
    return this.rules.fail(`is damaged: its pickle ${does} ${Array.isArray(value) ? "a list" : value instanceof Map ? "a dictionary" : value !== null && typeof value === "object" ? "an object" : `“${String(value).slice(0, 60)}”`}`);
  }
}

const STOP = ".".charCodeAt(0);
