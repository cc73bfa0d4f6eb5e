// One order of one certificate, with acme-client: account, order, the question over HTTP, the certificate.

import { generateKeyPairSync } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { Agent } from 'node:https';
import { reasonOf, StartError } from '../config/data-folder.ts';
import type { AcmeConfig, AcmeIssuer } from './acme.ts';

/** Of one request; an order is some ten of them. */
const requestTimeoutMs = 20_000;

/** Throws StartError when the file of the directory's authority cannot be read. */
export function createAcmeIssuer(config: AcmeConfig): AcmeIssuer {
  const ca = config.caFile === undefined ? undefined : readCa(config.caFile);
  return {
    async issue({ host, accountKey, answer }) {
      // Read by nobody who does not use it: it brings an HTTP client and a second implementation of certificates.
      const { Client, axios, crypto } = (await import('acme-client')).default;
      // What it hangs into its HTTP client waits as long as an authority that is too busy says, which may be hours, and says something
      // else than the cause where there is no answer. We ask again by a rule of our own.
      axios.interceptors.request.clear();
      axios.interceptors.response.clear();
      Object.assign(axios.defaults, {
        timeout: requestTimeoutMs,
        // No surprise by a variable of the environment.
        proxy: false,
        ...(ca === undefined ? {} : { httpsAgent: new Agent({ ca }) }),
      });
      const client = new Client({
        directoryUrl: config.directoryUrl.href,
        accountKey,
        // Status is asked for after 1, 2, 4, 8 and then every 10 seconds: two minutes.
        backoffAttempts: 15,
        backoffMin: 1000,
        backoffMax: 10_000,
      });
      // Left to `auto`, an account that is there already is sent an update without a change, which an authority may refuse. Why there is
      // none, `auto` hears again.
      const known = await client.createAccount({ onlyReturnExisting: true }).catch(() => undefined);
      if (known !== undefined && config.email !== undefined)
        await client.updateAccount({ contact: [`mailto:${config.email}`] });
      const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
      const key = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
      const [, csr] = await crypto.createCsr({ altNames: [host] }, key);
      const cert = await client.auto({
        csr,
        ...(config.email === undefined ? {} : { email: config.email }),
        termsOfServiceAgreed: true,
        // Its own look at the answer goes to the public name, which many a machine cannot reach from within its network.
        skipChallengeVerification: true,
        challengePriority: ['http-01'],
        async challengeCreateFn(_authorization, challenge, keyAuthorization) {
          if (challenge.type !== 'http-01')
            throw new Error('the authority does not offer to ask over HTTP (http-01) for this name');
          answer(challenge.token, keyAuthorization);
        },
        async challengeRemoveFn(_authorization, challenge) {
          answer(challenge.token, undefined);
        },
      });
      return { key, cert };
    },
  };
}

function readCa(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    throw new StartError(`Cannot read --acme-ca-file ${file} (${reasonOf(cause)}); check the path and its rights.`, {
      cause,
    });
  }
}
