// Texts of agents, cut.

/** The beginning of a text, copied: a part of a string keeps the whole string in memory, which may be megabytes of an agent's packet. */
export const beginning = (text: string, characters: number): string =>
  text.length <= characters ? text : Buffer.from(text.slice(0, characters)).toString();
