import type { AnyNode, Class, Function as FunctionNode, Identifier, Node, Program } from "acorn";

/** Where names live: a function, its parameters, a block, a loop's head … */
export interface Scope {
  parent: Scope | null;
  /** `var` declares here */
  holdsVar: boolean;
  names: Set<string>;
}

/** One place where a name stands, the place of its declaration too. */
export interface Occurrence {
  name: string;
  start: number;
  end: number;
  /** it is given a value there */
  write: boolean;
  /** `{ name }` or `{ name = 1 }`, which means `{ name: name }` */
  shorthand: boolean;
  /** the scope that declares it; null if none in the cell does */
  scope: Scope | null;
}

export interface Scopes {
  /** the cell's own */
  top: Scope;
  /** in the order of the source */
  occurrences: readonly Occurrence[];
}

/** Finds out which declaration each name of a program belongs to. */
export function scopesOf(program: Program): Scopes {
  const top = inner(null, true);
  const walk = new ScopeWalk();
  for (const statement of program.body) walk.visit(statement, top);
  // resolved only now: a declaration holds for the whole of its scope, also for what stands before it
  const occurrences = walk.seen.map((one) => ({ ...one, shorthand: walk.shorthands.has(one.start), scope: holder(one.scope, one.name) }));
  return { top, occurrences: occurrences.sort((a, b) => a.start - b.start) };
}

/** The names that a pattern declares, in order. */
export function patternNames(pattern: Node): Identifier[] {
  const node = pattern as AnyNode;
  if (node.type === "Identifier") return [node];
  if (node.type === "AssignmentPattern") return patternNames(node.left);
  if (node.type === "RestElement") return patternNames(node.argument);
  if (node.type === "ArrayPattern") return node.elements.flatMap((element) => (element ? patternNames(element) : []));
  if (node.type === "ObjectPattern") return node.properties.flatMap((part) => patternNames(part.type === "Property" ? part.value : part.argument));
  return [];
}

function inner(parent: Scope | null, holdsVar = false): Scope {
  return { parent, holdsVar, names: new Set() };
}

function holder(scope: Scope | null, name: string): Scope | null {
  while (scope && !scope.names.has(name)) scope = scope.parent;
  return scope;
}

function varScope(scope: Scope): Scope {
  while (!scope.holdsVar) scope = scope.parent!;
  return scope;
}

class ScopeWalk {
  /** with the scope that each stands in */
  readonly seen: (Omit<Occurrence, "scope" | "shorthand"> & { scope: Scope })[] = [];
  /** where the names of shorthand parts start */
  readonly shorthands = new Set<number>();

  visit(any: Node, scope: Scope): void {
    const node = any as AnyNode;
    switch (node.type) {
      case "Identifier":
        return this.#note(node, scope, false);
      case "BlockStatement":
      case "ForStatement":
        return this.#parts(node, inner(scope));
      case "StaticBlock":
        return this.#parts(node, inner(scope, true));
      case "ForInStatement":
      case "ForOfStatement": {
        const head = inner(scope);
        if (node.left.type === "VariableDeclaration") this.visit(node.left, head);
        else this.#target(node.left, head);
        this.visit(node.right, head);
        return this.visit(node.body, head);
      }
      case "SwitchStatement": {
        this.visit(node.discriminant, scope);
        const cases = inner(scope);
        return node.cases.forEach((one) => this.visit(one, cases));
      }
      case "CatchClause": {
        const caught = inner(scope);
        if (node.param) this.#declare(node.param, caught, caught);
        return this.visit(node.body, caught);
      }
      case "VariableDeclaration":
        for (const { id, init } of node.declarations) {
          this.#declare(id, node.kind === "var" ? varScope(scope) : scope, scope);
          if (init) this.visit(init, scope);
        }
        return;
      case "FunctionDeclaration":
      case "FunctionExpression":
      case "ArrowFunctionExpression":
        return this.#function(node, scope);
      case "ClassDeclaration":
      case "ClassExpression":
        return this.#class(node, scope);
      case "AssignmentExpression":
        this.#target(node.left, scope);
        return this.visit(node.right, scope);
      case "UpdateExpression":
        return this.#target(node.argument, scope);
      case "MemberExpression":
        this.visit(node.object, scope);
        if (node.computed) this.visit(node.property, scope);
        return;
      case "Property":
      case "MethodDefinition":
      case "PropertyDefinition":
        if (node.type === "Property" && node.shorthand) this.shorthands.add(node.key.start);
        if (node.computed) this.visit(node.key, scope);
        if (node.value) this.visit(node.value, scope);
        return;
      case "LabeledStatement":
        return this.visit(node.body, scope);
      case "BreakStatement":
      case "ContinueStatement":
      case "MetaProperty":
        return;
      default:
        return this.#parts(node, scope);
    }
  }

  #note({ name, start, end }: Identifier, scope: Scope, write: boolean): void {
    this.seen.push({ name, start, end, write, scope });
  }

  #parts(node: AnyNode, scope: Scope): void {
    for (const part of Object.values(node).flat()) {
      if (typeof (part as Node | null)?.type === "string") this.visit(part as Node, scope);
    }
  }

  /** @param scope where defaults and computed keys of the pattern look */
  #declare(pattern: Node, home: Scope, scope: Scope): void {
    for (const { name } of patternNames(pattern)) home.names.add(name);
    this.#target(pattern, scope);
  }

  /** What is given a value: names in it are written, all else is read. */
  #target(any: Node, scope: Scope): void {
    const node = any as AnyNode;
    if (node.type === "Identifier") this.#note(node, scope, true);
    else if (node.type === "RestElement") this.#target(node.argument, scope);
    else if (node.type === "ArrayPattern") node.elements.forEach((element) => element && this.#target(element, scope));
    else if (node.type === "AssignmentPattern") {
      this.#target(node.left, scope);
      this.visit(node.right, scope);
    } else if (node.type === "ObjectPattern") {
      for (const part of node.properties) {
        if (part.type === "Property") {
          if (part.shorthand) this.shorthands.add(part.key.start);
          if (part.computed) this.visit(part.key, scope);
        }
        this.#target(part.type === "Property" ? part.value : part.argument, scope);
      }
    } else this.visit(node, scope);
  }

  #function(node: FunctionNode, scope: Scope): void {
    const outer = this.#named(node, node.type === "FunctionExpression", scope);
    const parameters = inner(outer, true);
    if (node.type !== "ArrowFunctionExpression") parameters.names.add("arguments");
    for (const parameter of node.params) this.#declare(parameter, parameters, parameters);
    // the body sees the parameters; their defaults do not see what the body declares
    if (node.body.type === "BlockStatement") this.#parts(node.body, inner(parameters, true));
    else this.visit(node.body, parameters);
  }

  #class(node: Class, scope: Scope): void {
    const outer = this.#named(node, node.type === "ClassExpression", scope);
    if (node.superClass) this.visit(node.superClass, outer);
    this.visit(node.body, outer);
  }

  /** The name of a declaration is for the scope around, that of an expression for itself only. @returns where it looks */
  #named({ id }: FunctionNode | Class, alone: boolean, scope: Scope): Scope {
    if (!id) return scope;
    const home = alone ? inner(scope) : scope;
    home.names.add(id.name);
    this.#note(id, home, true);
    return home;
  }
}
