// A page of another origin, open in the browser in which somebody is signed in: it fires every route that changes something, in every way that
// a page can, and opens the events socket. It is of the same site, so that the browser sends the cookie along. [trust T23, T24]

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { browserIsMissing, signIn, startBrowser, type Browser } from '../harness/browser.ts';
import { administrator, type Cloud } from '../harness/cloud.ts';
import { openEvents, type CloudClient } from '../harness/cloud-client.ts';
import { startRawAgent } from '../harness/raw-agent.ts';
import { createWorld, type World } from '../harness/world.ts';

const missing = browserIsMissing();
const suite = missing === undefined ? describe : describe.skip;
/** Another port of the same name is the same site to a browser. */
const elsewhere = 'https://localhost:1/';

let world: World;
let cloud: Cloud;
let client: CloudClient;
let browser: Browser;
let spaceId: string;
let nodeId: string;
const cookiesSent: string[] = [];

beforeAll(async () => {
  if (missing !== undefined) return;
  world = await createWorld();
  cloud = await world.cloud();
  client = await cloud.client();
  await startRawAgent(cloud, { hostname: 'web-1' });
  nodeId = (await cloud.nodes())[0]?.nodeId ?? '';
  const { spaces } = (await client.send('GET', '/spaces')).json<{ spaces: { id: string }[] }>();
  spaceId = spaces[0]?.id ?? '';
  browser = await startBrowser(world.folder, cloud.caPem);
  const { page } = browser;
  await page.goto(cloud.url);
  await signIn(page, administrator, cloud.password);
  await page.getByRole('button', { name: 'Later' }).click();
  await page.route(`${elsewhere}**`, (route) =>
    route.fulfill({ contentType: 'text/html', body: '<h1>Elsewhere</h1>' }),
  );
  page.on('request', (request) => {
    void request.allHeaders().then(
      (headers) => void (headers['cookie'] !== undefined && cookiesSent.push(`${request.method()} ${request.url()}`)),
      () => undefined,
    );
  });
  await page.goto(elsewhere);
});
afterAll(async () => {
  await browser?.close();
  await world?.end();
});

/** Everything that a route could have changed, as the Cloud tells it. */
async function state(): Promise<string> {
  const told = ['/account', '/account/sessions', '/account/tokens', '/account/passkeys', '/spaces', `/nodes/${nodeId}`];
  for (const list of ['rooms', 'members', 'invitations', 'claim-tokens', 'webhooks', 'audit', 'admission'])
    told.push(`/spaces/${spaceId}/${list}`);
  const answers = [];
  for (const path of told) {
    const answer = await client.send('GET', path);
    expect([path, answer.status]).toEqual([path, 200]);
    // When a session was last seen is no change.
    answers.push(answer.body.toString().replaceAll(/"(lastSeenAt|lastUsedAt|activeAt)":"[^"]*"/g, ''));
  }
  return answers.join('\n');
}

suite('a page of another origin', () => {
  test('changes nothing by any route, whichever way it sends', async () => {
    const { paths } = (await client.send('GET', '/openapi.json')).json<{
      paths: Record<string, Record<string, unknown>>;
    }>();
    const ids: Record<string, string> = { spaceId, nodeId };
    const routes = Object.entries(paths)
      .filter(([path]) => path.startsWith('/api/cloud/'))
      .flatMap(([path, methods]) =>
        Object.keys(methods)
          .map((method) => method.toUpperCase())
          .filter((method) => method !== 'GET')
          .map((method) => ({ method, path: path.replace(/\{(\w+)\}/g, (_, key: string) => ids[key] ?? spaceId) })),
      );
    expect(routes.length).toBeGreaterThan(40);
    const before = await state();
    const passed = await browser.page.evaluate(
      async ({ url, list }) => {
        const through: string[] = [];
        const body = JSON.stringify({ name: 'Pwned', isOn: true, roomIds: [], role: 'admin', kinds: [] });
        for (const { method, path } of list) {
          const send = async (how: RequestInit): Promise<void> => {
            try {
              const answer = await fetch(`${url}${path}`, { credentials: 'include', body, ...how });
              if (answer.ok) through.push(`${how.method ?? ''} ${path} ${answer.status}`);
            } catch {
              // Refused by the browser: no answer to read.
            }
          };
          await send({ method, headers: { 'content-type': 'application/json' } });
          await send({ method: 'POST', mode: 'no-cors', headers: { 'content-type': 'text/plain' } });
          await send({
            method: 'POST',
            mode: 'no-cors',
            body: new Blob([body], { type: 'application/x-www-form-urlencoded' }),
          });
          const blob = new Blob([body], { type: 'text/plain' });
          navigator.sendBeacon(`${url}${path}`, blob);
        }
        return through;
      },
      { url: cloud.url, list: routes },
    );
    expect(passed).toEqual([]);
    // By a form, which leads away from the page.
    await browser.page.evaluate((action) => {
      const form = document.createElement('form');
      form.method = 'post';
      form.enctype = 'text/plain';
      form.action = action;
      form.innerHTML = '<input name=\'{"name":"Pwned","x":"\' value=\'"}\'>';
      document.body.append(form);
      form.submit();
    }, `${cloud.url}/api/cloud/v1/spaces`);
    await browser.page.getByText('origin-refused').waitFor();
    expect(await state()).toBe(before);
    // The attempts were real: the browser sent the cookie along.
    expect(cookiesSent.filter((sent) => sent.startsWith('POST'))).not.toEqual([]);
  });

  test('gets no events socket', async () => {
    await browser.page.goto(elsewhere);
    const code = await browser.page.evaluate(
      (url) =>
        new Promise<number>((resolve) => {
          const socket = new WebSocket(url);
          socket.addEventListener('open', () => resolve(0));
          socket.addEventListener('close', (closed) => resolve(closed.code));
        }),
      `${cloud.url.replace('https', 'wss')}/api/cloud/v1/events`,
    );
    expect(code).toBe(1006);
  });

  test.each([
    'null',
    'https://evil.example',
    'https://localhost',
    'https://localhost:1',
    'https://localhost.evil.example',
    'https://sub.localhost',
    'https://evil-localhost',
    'http://localhost',
    'file://',
    '',
    'chrome-extension://abc',
    'https://[::1]:1',
  ])('of the origin %j opens no socket with the cookie', async (origin) => {
    await expect(openEvents(cloud, client.cookie, origin)).rejects.toThrow(/403/);
  });
});
