// What `claimstead admin` writes on stdout.

/** Waits until it is written: the process may end right after. */
export function print(content: string | Buffer): Promise<void> {
  return new Promise((resolve, reject) =>
    process.stdout.write(content, (error) => (error ? reject(error) : resolve())),
  );
}

/** A list as JSON, or as a table with a sentence for an empty one. */
export async function printList<Row>(
  rows: readonly Row[],
  form: { asJson: boolean; heads: readonly string[]; cells: (row: Row) => readonly string[]; empty: string },
): Promise<void> {
  if (form.asJson) await print(`${JSON.stringify(rows, undefined, 2)}\n`);
  else await print(rows.length === 0 ? `${form.empty}\n` : createTable()([form.heads, ...rows.map(form.cells)]));
}

/** Lines of a table that may come in parts, the heads as the first row: columns only ever get wider, and the last one is not padded. */
export function createTable(): (rows: readonly (readonly string[])[]) => string {
  const widths: number[] = [];
  return (rows) => {
    const all = rows.map((row) => row.map(visible));
    for (const row of all)
      for (const [column, cell] of row.entries()) widths[column] = Math.max(widths[column] ?? 0, cell.length);
    const lines = all.map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    );
    return `${lines.join('\n')}\n`;
  };
}

/** Host names come from agents, names from people: nothing in them may steer a terminal. */
const visible = (text: string): string => text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '\uFFFD');
