// Text that somebody else wrote, on its way to a terminal or a log.

/** Letters, digits, punctuation and signs stay; what moves a cursor or turns the direction of writing becomes `?`. */
export const printable = (text: string, maxCharacters = 100): string =>
  text.replace(/[^\p{L}\p{M}\p{N}\p{P}\p{S} ]/gu, '?').slice(0, maxCharacters);
