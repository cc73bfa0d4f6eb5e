// Passwords as hashes: argon2id, off the event loop, and never more than two at once, so that a flood of sign-ins costs the relay
// and the links nothing but two threads.

import { CloudError } from '@claimstead/wire/errors';
import { hash, verify } from '@node-rs/argon2';

/** OWASP's first choice for argon2id: 19 MiB, two passes, one lane; about 50 ms. */
// algorithm 2 = argon2id; the library's enum cannot be imported under verbatimModuleSyntax.
const cost = { algorithm: 2, memoryCost: 19_456, timeCost: 2, parallelism: 1 };
const maxAtOnce = 2;
/** Waiting longer than this many others (about 16 × 50 ms / 2) is worse than being told to come again. */
const maxWaiting = 16;

export interface PasswordHasher {
  /** PHC text. Throws `overloaded` when too many wait. */
  hash(password: string): Promise<string>;
  /** An undefined hash (no such account) costs the same time and is false. Throws `overloaded`. */
  verify(passwordHash: string | undefined, password: string): Promise<boolean>;
}

export async function createPasswordHasher(): Promise<PasswordHasher> {
  const gate = createGate();
  // A password that nobody knows or can give: compared where there is no account, so that the answer takes as long.
  const nobody = await hash(crypto.randomUUID(), cost);
  return {
    hash: (password) => gate(() => hash(password.normalize('NFC'), cost)),
    verify: (passwordHash, password) =>
      gate(async () => {
        const fits = await verify(passwordHash ?? nobody, password.normalize('NFC'));
        return fits && passwordHash !== undefined;
      }),
  };
}

function createGate(): <T>(work: () => Promise<T>) => Promise<T> {
  let running = 0;
  const waiting: (() => void)[] = [];
  return async (work) => {
    if (running >= maxAtOnce) {
      if (waiting.length >= maxWaiting) throw new CloudError('overloaded');
      // Whoever ends hands its place over: `running` stays as it is.
      await new Promise<void>((resolve) => waiting.push(resolve));
    } else {
      running++;
    }
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next === undefined) running--;
      else next();
    }
  };
}
