/** What a notebook's text is made of. Plain data. */

interface Stretch {
  /** hash of the text, so that an edit leaves the ids of all other cells as they were; "-2", "-3" … for equal texts */
  id: string;
  /** the cell's text, without the blank lines around it */
  text: string;
  /** characters [start, end) of the notebook are `text` */
  start: number;
  end: number;
  /** characters [from, to): the same with the blank lines around. From cell to cell these cover the notebook without a gap. */
  from: number;
  to: number;
  /** line of `start`, from 1 */
  line: number;
}

export interface Heading {
  /** 1 … 6 */
  level: number;
  /** as plain text */
  text: string;
  /** unique in the notebook, made as GitHub makes it */
  anchor: string;
  line: number;
}

/** Ordinary Markdown: everything that is no other kind of cell. */
export interface ProseCell extends Stretch {
  kind: "prose";
  headings: Heading[];
}

/** One custom element. */
export interface ElementCell extends Stretch {
  kind: "element";
  tag: string;
  /** by lower-case name, character references decoded */
  attributes: Record<string, string>;
  /** follows the cell before it without a blank line: the two stand side by side */
  beside: boolean;
}

/** A fenced block of JavaScript. */
export interface CodeCell extends Stretch {
  kind: "code";
  /** what is between the fences */
  source: string;
  flags: CodeFlags;
}

/** Info string of a js fence: ```js kernel edit manual run=false */
export interface CodeFlags {
  /** runs where the tensors are */
  kernel: boolean;
  /** opens with its editor */
  edit: boolean;
  /** runs when the reader asks for it, not when something changes */
  manual: boolean;
  /** false: a listing */
  run: boolean;
}

export type NotebookCell = ProseCell | ElementCell | CodeCell;

/** Something the author should mend. Nothing is ever thrown away because of it. */
export interface Problem {
  line: number;
  message: string;
  /** id of the cell that it stands in */
  cell: string;
}

export interface Notebook {
  /** first heading of the first level, else the first heading; null if there is none */
  title: string | null;
  cells: NotebookCell[];
  headings: Heading[];
  problems: Problem[];
  /** link definitions (`[name]: address`), which hold for the whole notebook wherever they stand */
  references: Record<string, { href: string; title: string }>;
}
