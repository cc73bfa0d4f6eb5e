// Starts the issuer of oidc-issuer.mjs, and walks through it as a browser does.

import { request } from 'node:http';
import { fileURLToPath } from 'node:url';
import { freePort, start, type Running } from './programs.ts';

export interface OidcIssuer {
  url: string;
  process: Running;
  /** Who is signed in at the issuer from now on. */
  be(person: { sub: string; email?: string; email_verified?: boolean; name?: string }): Promise<void>;
  /** From the address that the Cloud named to the one that the issuer sends the browser back to. */
  walk(from: string): Promise<URL>;
}

export async function startOidcIssuer(client: {
  port?: number;
  id: string;
  secret: string;
  redirectUri: string;
}): Promise<OidcIssuer> {
  const port = client.port ?? (await freePort());
  const url = `http://127.0.0.1:${port}`;
  const running = start(process.execPath, [fileURLToPath(new URL('./oidc-issuer.mjs', import.meta.url))], {
    env: {
      ISSUER_PORT: String(port),
      CLIENT_ID: client.id,
      CLIENT_SECRET: client.secret,
      REDIRECT_URI: client.redirectUri,
    },
  });
  await running.printed(/^ready$/m);
  return {
    url,
    process: running,
    async be(person) {
      const { status } = await ask('PUT', `${url}/somebody`, {}, JSON.stringify(person));
      if (status !== 204) throw new Error(`the issuer answered ${status}`);
    },
    async walk(from) {
      // A fresh browser each time: nobody is remembered.
      const cookies = new Map<string, string>();
      let at = new URL(from);
      for (let step = 0; step < 10; step++) {
        const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
        const answer = await ask('GET', at.href, cookie === '' ? {} : { cookie });
        for (const line of answer.setCookies) {
          const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
          cookies.set(name, value);
        }
        if (answer.location === undefined) throw new Error(`the issuer answered ${answer.status}: ${answer.text}`);
        at = new URL(answer.location, at);
        if (at.origin !== url) return at;
      }
      throw new Error('the issuer leads nowhere');
    },
  };
}

interface PlainAnswer {
  status: number;
  location: string | undefined;
  setCookies: string[];
  text: string;
}

function ask(method: string, url: string, headers: Record<string, string>, body?: string): Promise<PlainAnswer> {
  return new Promise((resolve, reject) => {
    const asked = request(url, { method, headers }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (part: string) => (text += part));
      response.on('end', () =>
        resolve({
          status: response.statusCode ?? 0,
          location: response.headers.location,
          setCookies: response.headers['set-cookie'] ?? [],
          text,
        }),
      );
    });
    asked.on('error', reject);
    asked.end(body);
  });
}
