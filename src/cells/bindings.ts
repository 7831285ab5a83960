/** How a cell's attributes say which named value plays which role, and what its parameters start from. No DOM in here. */

/** A role in a cell's `roles` may name the part it reads ("settings.size"): only a change of that part counts. */
export interface Binding {
  /** as in `roles`, and as the key in `compute(inputs)` */
  role: string;
  /** what the graph is asked for, e.g. "settings2.size" */
  input: string;
  /** the value's name, without the part */
  name: string;
  /** the attribute that said so; null: bound to the value named like the role */
  by: string | null;
}

export type Attributes = (name: string) => string | null;

/**
 * Works out what each role is bound to: `of="a b"` fills the first roles in order, an attribute of the role's name
 * (`network="net2"`) binds that one, and a role without any is bound to the value of the role's own name.
 * Roles that read parts of one value ("settings.size", "settings.steps") count as one.
 *
 * @throws Error if `of` names more values than there are roles, or a role is bound twice
 */
export function bindings(roles: readonly string[], attribute: Attributes): Binding[] {
  const heads = [...new Set(roles.map(headOf))];
  const listed = (attribute("of") ?? "").split(/\s+/).filter((name) => name !== "");
  if (listed.length > heads.length) {
    const room = heads.length === 0 ? "this cell reads nothing" : `this cell reads ${heads.length} (${heads.join(", ")})`;
    throw new Error(`of="${listed.join(" ")}" names ${listed.length} values, but ${room}. Remove ${listed.slice(heads.length).join(" ")}.`);
  }
  return roles.map((role) => {
    const head = headOf(role);
    const fromOf = listed[heads.indexOf(head)];
    // `style` is every element's CSS attribute, so it can be bound by `of` only.
    const own = head === "style" ? null : attribute(head)?.trim() || null;
    if (fromOf && own) throw new Error(`“${head}” is bound twice: by of="${listed.join(" ")}" and by ${head}="${own}". Keep one.`);
    const name = fromOf ?? own ?? head;
    return { role, name, input: name + role.slice(head.length), by: fromOf ? "of" : own ? head : null };
  });
}

function headOf(role: string): string {
  return role.split(".")[0];
}

/**
 * What a parameter starts from: the attribute of its name ("learning-rate" or "learningrate" for learningRate), read as
 * the kind of thing its default is, else the default.
 *
 * @throws Error if the attribute cannot be read so
 */
export function initialParam<T>(name: string, standard: T, attribute: Attributes): T {
  const kebab = name.replace(/[A-Z]/g, (capital) => `-${capital.toLowerCase()}`);
  const text = attribute(kebab) ?? attribute(name.toLowerCase());
  if (text === null) return standard;
  return readAs(standard, text, kebab) as T;
}

function readAs(standard: unknown, text: string, name: string): unknown {
  if (typeof standard === "number") {
    const number = text.trim() === "" ? NaN : Number(text);
    if (!Number.isFinite(number)) throw new Error(`${name}="${text}" is not a number. Write something like ${name}="${standard}".`);
    return number;
  }
  if (typeof standard === "boolean") {
    if (text !== "" && text !== "true" && text !== "false") throw new Error(`${name}="${text}" is neither true nor false.`);
    return text !== "false";
  }
  if (typeof standard === "object" && standard !== null) {
    try {
      return JSON.parse(text);
    } catch {
      throw new Error(`${name}="${text}" is not JSON. Write something like ${name}='${JSON.stringify(standard)}'.`);
    }
  }
  return text;
}
