// Secrets that people read and type: in groups, of characters that are not taken for each other.

/** Small letters and digits without those that look alike (0 o 1 l i): 31 kinds, typed without Shift; 4.95 bits each. */
const alphabet = '23456789abcdefghjkmnpqrstuvwxyz';

/** Bytes of 248 and more are thrown away (248 = 8 × 31), so that every character is equally likely. */
export function readableSecret(
  random: (bytes: number) => Uint8Array,
  groups: number,
  charactersPerGroup: number,
): string {
  let characters = '';
  while (characters.length < groups * charactersPerGroup) {
    for (const byte of random(64)) {
      if (byte < 248 && characters.length < groups * charactersPerGroup) characters += alphabet.charAt(byte % 31);
    }
  }
  return Array.from({ length: groups }, (_, group) =>
    characters.slice(group * charactersPerGroup, (group + 1) * charactersPerGroup),
  ).join('-');
}

/** As it was made, however it was typed: blanks, hyphens and capitals do not matter. */
export const asRead = (typed: string): string => typed.toLowerCase().replaceAll(/[\s-]/g, '');
