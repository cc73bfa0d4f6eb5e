import { plainText } from '../ui/plain-text.ts';

/** A host name is what a stranger's machine says: one line, cut where it is too long, isolated so that it cannot reorder its surroundings. */
export function HostName({ name }: { name: string }) {
  const text = plainText(name) || '\ufffd';
  return (
    <bdi className="given-line" title={text}>
      {text}
    </bdi>
  );
}
