// The pages set no markup from text, and index.html makes the browser refuse whoever tries, libraries included (Trusted Types). One thing
// passes: the components' library fills its style element the same way, with text that is no markup. Why so: docs/decisions/0034-no-markup-from-text.md. [trust T16]

interface TrustedTypes {
  createPolicy(name: string, rules: { createHTML(text: string): string }): unknown;
}

/** Throws where text could become an element. */
export function styleAlone(text: string): string {
  if (text.includes('<')) throw new TypeError('these pages set no markup from text');
  return text;
}

const { trustedTypes } = globalThis as { trustedTypes?: TrustedTypes };
trustedTypes?.createPolicy('default', { createHTML: styleAlone });
