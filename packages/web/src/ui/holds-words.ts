/** Whether the texts together hold every word that was typed; letter case does not matter, nothing typed fits all. Pure. */
export function holdsWords(typed: string, texts: readonly (string | null | undefined)[]): boolean {
  const words = typed.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return true;
  const text = texts.join(' ').toLowerCase();
  return words.every((word) => text.includes(word));
}
