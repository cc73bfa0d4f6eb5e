// Patterns in which people name many texts at once: `*` is any characters or none, `?` is exactly one, everything else is itself, in whatever
// case. No regular expressions: what is matched comes from agents.

/** One form for what looks the same and differs in case. */
const fold = (text: string): string[] => Array.from(text.normalize('NFC').toLowerCase());

/**
 * Whether the whole text is one that the pattern names. All ways to read the stars are followed at once, as a set of places in the text with a
 * bit for each: bit n says that the pattern so far names the first n characters. One step for each sign of the pattern and each character of
 * the text, of which callers have some hundred: steps are as long as the text has bits.
 */
export function matchesGlob(pattern: string, text: string): boolean {
  const given = fold(text);
  const behind = placesBehind(given);
  const everywhere = (1n << BigInt(given.length + 1)) - 1n;
  let reached = 1n;
  for (const sign of fold(pattern)) {
    if (reached === 0n) return false;
    // From the lowest place on: a star takes any number of characters.
    if (sign === '*') reached = everywhere & (reached | -reached);
    else reached = (reached << 1n) & (sign === '?' ? everywhere : (behind.get(sign) ?? 0n));
  }
  return reached >> BigInt(given.length) === 1n;
}

/** Of each character the places right behind it. */
function placesBehind(characters: readonly string[]): ReadonlyMap<string, bigint> {
  const places = new Map<string, bigint>();
  for (const [at, character] of characters.entries())
    places.set(character, (places.get(character) ?? 0n) | (1n << BigInt(at + 1)));
  return places;
}
