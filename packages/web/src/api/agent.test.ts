import { afterEach, expect, it, vi } from 'vitest';
import { AgentRefusal, askAgent } from './agent.ts';
import { ApiError } from './client.ts';

afterEach(() => void vi.unstubAllGlobals());

/** Answers by path; everything else is 404. */
function answering(answers: Record<string, [status: number, body: unknown]>): string[] {
  const asked: string[] = [];
  vi.stubGlobal('fetch', (path: string) => {
    asked.push(path);
    const [status, body] = answers[path] ?? [404, ''];
    return Promise.resolve(new Response(JSON.stringify(body), { status }));
  });
  return asked;
}
const node = '/api/cloud/v1/nodes/N/agent/api/v1/functions';
const problem = (kind: string) => ({ kind, message: 'So it is.', requestId: 'r' });
const ask = () => askAgent('N', '/api/v1/functions', { parse: (answer) => answer }, new AbortController().signal);

it('gives what the agent answers', async () => {
  answering({ [node]: [200, { functions: {} }] });
  expect(await ask()).toEqual({ functions: {} });
});

it('tells a refusal of the agent from one of the Cloud', async () => {
  answering({ [node]: [412, { status: 412, error_message: 'not you' }] });
  await expect(ask()).rejects.toMatchObject({ name: 'AgentRefusal', status: 412, message: 'not you', isForGood: true });
  answering({ [node]: [504, problem('relay-timeout')] });
  await expect(ask()).rejects.toMatchObject({ name: 'ApiError', kind: 'relay-timeout' });
});

it('an agent that says that nobody is signed in is not believed', async () => {
  const asked = answering({ [node]: [401, problem('sign-in-required')], '/api/cloud/v1/session': [200, {}] });
  await expect(ask()).rejects.toBeInstanceOf(AgentRefusal);
  expect(asked).toContain('/api/cloud/v1/session');
  answering({
    [node]: [401, problem('sign-in-required')],
    '/api/cloud/v1/session': [401, problem('sign-in-required')],
  });
  await expect(ask()).rejects.toBeInstanceOf(ApiError);
});
