// A list that comes in pages, as one: most are a single page, which is asked for with a single request.

/** Entries in the order of the list, each once: between two pages one may be renamed, and so stand behind the cursor again. */
export async function allPages<Entry>(
  path: string,
  idOf: (entry: Entry) => string,
  ask: (path: string) => Promise<{ entries: Entry[]; next: string | null }>,
): Promise<Entry[]> {
  const all = new Map<string, Entry>();
  let cursor: string | null = null;
  do {
    const { entries, next }: { entries: Entry[]; next: string | null } = await ask(
      cursor === null ? path : `${path}?cursor=${encodeURIComponent(cursor)}`,
    );
    for (const entry of entries) all.set(idOf(entry), entry);
    cursor = next;
  } while (cursor !== null);
  return [...all.values()];
}
