import { words } from '../words.ts';
import { Button } from './Button.tsx';
import { Notice } from './Notice.tsx';

/** In the place of a part of a page that could not be asked for: why, and the way to ask again. */
export function NotLoaded({ message, onAgain }: { message: string; onAgain: () => void }) {
  return (
    <Notice
      tone="offline"
      title={message}
      action={
        <Button size="s" onClick={onAgain}>
          {words.shared.again}
        </Button>
      }
    />
  );
}
