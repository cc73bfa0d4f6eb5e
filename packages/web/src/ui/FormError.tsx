import { Notice } from './Notice.tsx';

/** Why a form was refused, above its buttons; nothing while there is no reason. */
export function FormError({ message }: { message: string | null }) {
  return message === null ? null : <Notice tone="offline" title={message} />;
}
