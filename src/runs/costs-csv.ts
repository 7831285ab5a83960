import { CostHistory } from "./cost-history";

/** Rows of a table that a page can hold. */
const MOST_ROWS = 200_000;
const MOST_COLUMNS = 200;

/** Every cost of every step as a table: a row a step, a column a cost, empty where it is not known. Numbers are exact. */
export function costsToCsv(history: CostHistory): string {
  const columns = history.columns.map((name) => history.column(name));
  const lines = [["step", ...history.columns.map(quote)].join(",")];
  for (let step = 0; step < history.length; step++) lines.push([step, ...columns.map((column) => (Number.isNaN(column[step]) ? "" : column[step]))].join(","));
  return `${lines.join("\n")}\n`;
}

/** The other way round. @throws Error that says which line is wrong */
export function costsFromCsv(text: string): CostHistory {
  const lines = text.replace(/\r?\n$/, "").split(/\r?\n/);
  const columns = names(lines[0]).slice(1);
  if (columns.length === 0 || columns.length > MOST_COLUMNS || new Set(columns).size < columns.length) throw new Error("costs.csv: its first line should name “step” and then each cost once");
  if (lines.length - 1 > MOST_ROWS) throw new Error(`costs.csv has ${lines.length - 1} rows; ${MOST_ROWS} at most can be read`);
  const costs = new Float64Array((lines.length - 1) * columns.length);
  for (let row = 0; row < lines.length - 1; row++) {
    const [step, ...cells] = lines[row + 1].split(",");
    const numbers = cells.map((cell) => (cell === "" ? NaN : Number(cell)));
    const right = Number(step) === row && cells.length === columns.length && numbers.every((value, i) => cells[i] === "" || !Number.isNaN(value));
    if (!right) throw new Error(`costs.csv, line ${row + 2}: it should be the step ${row} and ${columns.length} numbers`);
    costs.set(numbers, row * columns.length);
  }
  const history = new CostHistory();
  history.append({ columns, costs, first: 0 });
  return history;
}

const quote = (name: string): string => (/[",\n]/.test(name) ? `"${name.replaceAll('"', '""')}"` : name);

/** The cells of a line, some of them in quotation marks. */
function names(line: string): string[] {
  return [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^",]*))/g)].map(([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain);
}
