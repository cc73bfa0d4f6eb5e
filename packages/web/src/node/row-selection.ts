// Rows that somebody has chosen. Pure; ids, because rows come, go and change places meanwhile.

export interface RowSelection {
  chosen: ReadonlySet<string>;
  /** Where a range begins. */
  anchor: string | null;
}

export const noSelection: RowSelection = { chosen: new Set(), anchor: null };

/** `isRange`: everything from the anchor to this row gets what this row gets. `order`: rows as they are shown. */
export function choose(
  { chosen, anchor }: RowSelection,
  id: string,
  { order, isRange }: { order: readonly string[]; isRange: boolean },
): RowSelection {
  const isChosen = !chosen.has(id);
  const next = new Set(chosen);
  const [from, to] = [anchor === null ? -1 : order.indexOf(anchor), order.indexOf(id)];
  const ids = isRange && from >= 0 && to >= 0 ? order.slice(Math.min(from, to), Math.max(from, to) + 1) : [id];
  for (const one of ids) {
    // A range is always chosen: what was chosen in it before stays so.
    if (isChosen || ids.length > 1) next.add(one);
    else next.delete(one);
  }
  return { chosen: next, anchor: id };
}

/** All that are shown; none of them where all are chosen already. What is not shown stays as it is. */
export function chooseAll({ chosen }: RowSelection, order: readonly string[]): RowSelection {
  const next = new Set(chosen);
  const all = order.every((id) => chosen.has(id));
  for (const id of order) {
    if (all) next.delete(id);
    else next.add(id);
  }
  return { chosen: next, anchor: null };
}

/** Without what is not there any more; the same where nothing is missing. */
export function onlyExisting(selection: RowSelection, exists: (id: string) => boolean): RowSelection {
  const chosen = new Set([...selection.chosen].filter(exists));
  return chosen.size === selection.chosen.size ? selection : { ...selection, chosen };
}
