import { durationWords, momentWords } from './time-words.ts';
import { useNow } from './use-now.ts';

/** How long ago something was, with the exact moment as its tip. `say` puts the duration into words. */
export function Since({ at, say }: { at: string; say: (duration: string) => string }) {
  const ageMs = useNow(5_000) - Date.parse(at);
  return (
    <time dateTime={at} title={momentWords(at)}>
      {say(durationWords(ageMs))}
    </time>
  );
}
