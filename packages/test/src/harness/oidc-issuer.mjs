// An OpenID Connect issuer in a process of its own, for tests: npm's oidc-provider, where whoever was named last is signed in without a page.
// Takes its port, the client's id and secret and where that may be sent back to, in the environment; prints `ready`.
// PUT /somebody says who is signed in next: { sub, email, email_verified, name }.

import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';
import { Provider } from 'oidc-provider';

const { ISSUER_PORT: port, CLIENT_ID, CLIENT_SECRET, REDIRECT_URI } = process.env;
const people = new Map();
let next = '';

const provider = new Provider(`http://127.0.0.1:${port}`, {
  clients: [
    {
      client_id: CLIENT_ID,
      client_secret: CLIENT_SECRET,
      redirect_uris: [REDIRECT_URI],
      response_types: ['code'],
      grant_types: ['authorization_code'],
    },
  ],
  claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name'] },
  findAccount: (_context, id) => ({ accountId: id, claims: () => people.get(id) }),
  features: { devInteractions: { enabled: false } },
  interactions: { url: (_context, interaction) => `/here/${interaction.uid}` },
  pkce: { required: () => true },
  cookies: { keys: ['test'] },
  ttl: { Session: 1, AccessToken: 60, Grant: 60, IdToken: 60, Interaction: 60 },
  async loadExistingGrant(context) {
    const grant = new context.oidc.provider.Grant({
      clientId: context.oidc.client.clientId,
      accountId: context.oidc.session.accountId,
    });
    grant.addOIDCScope('openid email profile');
    await grant.save();
    return grant;
  },
});
const handle = provider.callback();

async function answer(request, response) {
  if (request.method === 'PUT' && request.url === '/somebody') {
    const person = JSON.parse(await text(request));
    people.set(person.sub, person);
    next = person.sub;
    response.writeHead(204).end();
  } else if (request.url.startsWith('/here/')) {
    await provider.interactionFinished(request, response, { login: { accountId: next } });
  } else {
    await handle(request, response);
  }
}
createServer((request, response) => void answer(request, response)).listen(Number(port), '127.0.0.1', () =>
  console.log('ready'),
);
