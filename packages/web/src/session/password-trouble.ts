import { words } from '../words.ts';

/** What is wrong with a new password before the Cloud is asked; null = nothing. Length counts code points, so that an emoji is not two characters. */
export function passwordTrouble(
  next: string,
  again: string,
  leastCharacters: number,
): { next: string | null; again: string | null } {
  const missing = leastCharacters - Array.from(next).length;
  return {
    next: missing > 0 ? words.session.passwordShort(missing) : null,
    again: missing <= 0 && next !== again ? words.session.passwordsDiffer : null,
  };
}
