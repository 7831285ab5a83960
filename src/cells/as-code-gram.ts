/** "Show as code" of the cells that compare Gram matrices. Pure. */

/** A name that feature maps are read by. */
export interface MapsName {
  name: string;
  /** it is a tensor already, not what a features cell gives */
  tensor: boolean;
}

/** The Gram matrix of maps. */
export function gramCode({ name, maps }: { name: string; maps: MapsName }): string {
  return cell([`// every pair of maps, multiplied position by position and summed: [n, n]`, `const ${name} = nst.gram(${maps.tensor ? maps.name : `nst.mapsTensor(${maps.name})`})`]);
}

/** The style cost of a layer. @param style name of the style picture's maps, @param other of the other's */
export function gramCompareCode({ name, style, other }: { name: string; style: string; other: string }): string {
  return cell([
    `// each Gram matrix over its own N · M, then ¼ Σ (G − A)²: a number`,
    `const ${name} = nst.styleCost(nst.normalisedGram(nst.mapsTensor(${other})).sub(nst.normalisedGram(nst.mapsTensor(${style}))))`,
  ]);
}

/** The same maps, positions at other places. */
export function shuffleCode({ name, maps, seed }: { name: string; maps: string; seed: number }): string {
  return cell([`// every position, with all its channels, at a random place: the same shape`, `const ${name} = nst.shufflePositions(nst.mapsTensor(${maps}), ${seed})`]);
}

function cell(lines: readonly string[]): string {
  return ["```js kernel edit", ...lines, "```"].join("\n");
}
