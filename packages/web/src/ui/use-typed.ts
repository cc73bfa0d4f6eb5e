// What is typed shows its effect at once; where it is kept (the address above all) follows when somebody rests.

import { useEffect, useRef, useState } from 'react';

const restsAfterMs = 250;

/** `kept` is what is kept elsewhere; when that changes by itself (a link, the way back), it is what is typed. */
export function useTyped(kept: string, keep: (typed: string) => void): [typed: string, type: (text: string) => void] {
  const [typed, setTyped] = useState(kept);
  const [keptBefore, setKeptBefore] = useState(kept);
  const keepNow = useRef(keep);
  useEffect(() => {
    keepNow.current = keep;
  });
  if (kept !== keptBefore) {
    setKeptBefore(kept);
    setTyped(kept);
  }
  useEffect(() => {
    if (typed === kept) return;
    const timer = setTimeout(() => keepNow.current(typed), restsAfterMs);
    return () => clearTimeout(timer);
  }, [typed, kept]);
  return [typed, setTyped];
}
