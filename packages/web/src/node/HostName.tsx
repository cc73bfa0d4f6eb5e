import { plainText } from '../ui/plain-text.ts';

/** A name of nothing but blanks and characters without a form could not be read, nor clicked. */
const seen = (name: string): string =>
  /^[\p{Z}\p{C}\p{M}\u115f\u1160\u2800\u3164\uffa0]*$/u.test(name) ? '\ufffd' : plainText(name);

/** A host name is what a stranger's machine says: one line, cut where it is too long, isolated so that it cannot reorder its surroundings. */
export function HostName({ name }: { name: string }) {
  const text = seen(name);
  return (
    <bdi className="given-line" title={text}>
      {text}
    </bdi>
  );
}
