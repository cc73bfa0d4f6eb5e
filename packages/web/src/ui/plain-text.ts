/** Marks that change the order in which text is read, and characters that are no text: control characters, and halves of pairs, which no address can hold. Joiners stay: emoji and some scripts need them. */
const unseen = /[\p{Cc}\p{Cs}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/gu;

/** Text from outside as it really is: `\u202egnp.exe` would read `exe.png`. Each such character becomes a visible replacement. Pure. */
export const plainText = (text: string): string => text.replace(unseen, '\ufffd');
