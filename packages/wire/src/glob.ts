// Patterns in which people name many texts at once: `*` is any characters or none, `?` is exactly one, everything else is itself, in whatever
// case. No regular expressions: what is matched comes from agents.

/** One form for what looks the same and differs in case. */
const fold = (text: string): string[] => Array.from(text.normalize('NFC').toLowerCase());

/**
 * Whether the whole text is one that the pattern names. The newest star alone is gone back to, because an earlier one could only leave less
 * for the rest: at most pattern × text steps, whatever both are.
 */
export function matchesGlob(pattern: string, text: string): boolean {
  const wanted = fold(pattern);
  const given = fold(text);
  let at = 0;
  let from = 0;
  let star: { next: number; taken: number } | undefined;
  while (from < given.length) {
    const sign = wanted[at];
    if (sign === '*') {
      star = { next: ++at, taken: from };
    } else if (sign !== undefined && (sign === '?' || sign === given[from])) {
      at++;
      from++;
    } else if (star !== undefined) {
      at = star.next;
      from = ++star.taken;
    } else return false;
  }
  while (wanted[at] === '*') at++;
  return at === wanted.length;
}
