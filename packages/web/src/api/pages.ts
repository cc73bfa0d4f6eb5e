// A list that comes in pages, as one: most are a single page, which is asked for with a single request.

/**
 * `ask` answers one page, `entriesOf` takes its entries out. Entries come in the order of the list, each once: between two pages one may be
 * renamed, and so stand behind the cursor again.
 */
export async function allPages<Page extends { next: string | null }, Entry>(
  path: string,
  ask: (path: string) => Promise<Page>,
  entriesOf: (page: Page) => Entry[],
  idOf: (entry: Entry) => string,
): Promise<Entry[]> {
  const all = new Map<string, Entry>();
  let cursor: string | null = null;
  do {
    const page: Page = await ask(cursor === null ? path : `${path}?cursor=${encodeURIComponent(cursor)}`);
    for (const entry of entriesOf(page)) all.set(idOf(entry), entry);
    cursor = page.next;
  } while (cursor !== null);
  return [...all.values()];
}
