/** Marks that change the order in which text is read, and characters that are no text: control characters, and halves of pairs, which no address can hold. Joiners stay: emoji and some scripts need them. */
const unseen = /[\p{Cc}\p{Cs}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/gu;

/** Nothing but blanks and characters without a form: it could not be read, nor clicked, nor told by a screen reader. */
const invisible = /^[\p{Z}\p{C}\p{M}\u115f\u1160\u2800\u3164\uffa0]+$/u;

/** Text from outside as it really is: `\u202egnp.exe` would read `exe.png`. Each such character becomes a visible replacement. Pure. */
export const plainText = (text: string): string => (invisible.test(text) ? '\ufffd' : text.replace(unseen, '\ufffd'));
