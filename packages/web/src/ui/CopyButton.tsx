import { Check, Copy } from 'lucide-react';
import { useEffect, useState } from 'react';
import { Button } from './Button.tsx';

/** How long it says that it did. */
const saysDoneMs = 1_800;

/** Copies `text`; when the browser refuses (no permission), it says so, and the text can still be marked by hand. */
export function CopyButton({
  text,
  words,
}: {
  text: string;
  words: { copy: string; copied: string; refused: string };
}) {
  const [result, setResult] = useState<'none' | 'copied' | 'refused'>('none');
  useEffect(() => {
    if (result === 'none') return;
    const timer = setTimeout(() => setResult('none'), saysDoneMs);
    return () => clearTimeout(timer);
  }, [result]);
  return (
    <Button
      size="s"
      icon={result === 'copied' ? <Check size={15} aria-hidden /> : <Copy size={15} aria-hidden />}
      onClick={() => {
        navigator.clipboard.writeText(text).then(
          () => setResult('copied'),
          () => setResult('refused'),
        );
      }}
    >
      <span aria-live="polite">{result === 'none' ? words.copy : words[result]}</span>
    </Button>
  );
}
