/**
 * Moves labels along a line just far enough that no two are closer than `gap`, in their order and within [low, high].
 * Labels in conflict are spread evenly about the middle of the places they wanted, so that none is favoured.
 * @param wanted places wanted, in any order
 * @returns the place of each, in the order given; where there is no room for all, they leave the range at its high end
 */
export function dodge(wanted: readonly number[], gap: number, low = -Infinity, high = Infinity): number[] {
  const order = wanted.map((_, i) => i).sort((a, b) => wanted[a] - wanted[b]);
  // Runs of touching labels; each is placed as a whole, and joins the one before while they overlap.
  const groups: { members: number[]; top: number }[] = [];
  const place = (members: number[]) => {
    const middle = members.reduce((sum, i) => sum + wanted[i], 0) / members.length;
    const extent = (members.length - 1) * gap;
    return Math.max(low, Math.min(high - extent, middle - extent / 2));
  };
  for (const i of order) {
    let group = { members: [i], top: place([i]) };
    for (let before = groups.at(-1); before && before.top + before.members.length * gap > group.top; before = groups.at(-1)) {
      groups.pop();
      const members = [...before.members, ...group.members];
      group = { members, top: place(members) };
    }
    groups.push(group);
  }
  const places = new Array<number>(wanted.length);
  for (const { members, top } of groups) members.forEach((i, k) => (places[i] = top + k * gap));
  return places;
}
