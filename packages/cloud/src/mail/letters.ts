// What the Cloud writes to people: plain text, a cause, a way to act, nothing that a mail program would have to load. Texts of people are on one
// line, without marks that steer.

import type { Place } from '../account/session.ts';
import type { LetterKind, Mail } from './mail.ts';

export interface Letters {
  /** Whether letters are sent at all. */
  readonly isOn: boolean;
  /** `link` holds a secret in its fragment. */
  invitation(
    to: string,
    told: { inviter: string; space: string; role: string; link: string; expiresAtMs: number },
  ): void;
  passwordReset(to: string, told: { link: string; sourceNetwork: string }): void;
  newPlace(to: string, told: { place: Place; atMs: number }): void;
}

/** `mail` undefined = there is no server: nothing is sent. */
export function createLetters(mail: Mail | undefined, publicUrl: URL): Letters {
  const { origin, host } = publicUrl;
  const send = (kind: LetterKind, to: string, subject: string, paragraphs: readonly string[]): void =>
    mail?.send({ kind, to, subject, text: `${[...paragraphs, `-- \nClaimstead at ${origin}`].join('\n\n')}\n` });
  return {
    isOn: mail !== undefined,
    invitation: (to, { inviter, space, role, link, expiresAtMs }) =>
      send('invitation', to, `${oneLine(inviter)} invites you to ${oneLine(space)}`, [
        `${oneLine(inviter)} invites you to the Space “${oneLine(space)}” as ${oneLine(role)}.`,
        `Open this link to accept:\n${link}`,
        `It is good once, until ${momentWords(expiresAtMs)}. Whoever has it can accept in your place, so pass it on to nobody. If you know nobody of that name, do nothing.`,
      ]),
    passwordReset: (to, { link, sourceNetwork }) =>
      send('password-reset', to, `A new password for ${host}`, [
        `Somebody at ${sourceNetwork} asked for a new password for your account.`,
        `If that was you, open this link and choose one:\n${link}`,
        'It is good once, for an hour. If it was not you, do nothing: your password stays as it is.',
      ]),
    newPlace: (to, { place, atMs }) =>
      send('new-place', to, `A sign-in to ${host} from a new place`, [
        'Your account was signed in to from a place that it was not used from lately:',
        `  When:     ${momentWords(atMs)}\n  From:     ${place.sourceNetwork}\n  Browser:  ${place.browser}`,
        `If that was you, there is nothing to do. If not, sign it out and change your password:\n${origin}/account`,
      ]),
  };
}

const momentWords = (atMs: number): string => `${new Date(atMs).toISOString().slice(0, 16).replace('T', ' ')} UTC`;

const oneLine = (text: string): string => text.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ').trim();
