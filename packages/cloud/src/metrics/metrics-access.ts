// Who may read the metrics on the Cloud's own port: nobody, or who knows the token of a file.

import { createHash, timingSafeEqual } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { reasonOf, StartError } from '../config/data-folder.ts';

/** 128 random bits in hex; fewer letters may be guessed. */
const leastCharacters = 32;

/** Answers whether an Authorization header holds the token. Throws StartError for a file that holds none. */
export function metricsAccess(tokenFile: string): (authorization: unknown) => boolean {
  let token: string;
  try {
    token = readFileSync(tokenFile, 'utf8').trim();
  } catch (cause) {
    throw new StartError(
      `Cannot read ${tokenFile} (${reasonOf(cause)}); make it readable to the Cloud, or leave out --metrics-token-file.`,
      { cause },
    );
  }
  if (token.length < leastCharacters || /\s/.test(token)) {
    throw new StartError(
      `${tokenFile} holds no token of at least ${leastCharacters} characters on one line; make one: openssl rand -hex 32 > ${tokenFile}.`,
    );
  }
  const hashOf = (text: string): Buffer => createHash('sha256').update(text).digest();
  const wanted = hashOf(`Bearer ${token}`);
  return (authorization) => typeof authorization === 'string' && timingSafeEqual(hashOf(authorization), wanted);
}
