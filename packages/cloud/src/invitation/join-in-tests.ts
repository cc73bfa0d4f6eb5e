// People for tests: invited and accepted as everybody is, over HTTPS.

import type { InvitationMade } from '@claimstead/wire/cloud-api/invitations';
import type { MemberView } from '@claimstead/wire/cloud-api/members';
import type { Role } from '@claimstead/wire/cloud-api/roles';

interface Answer {
  status: number;
  headers: { 'set-cookie'?: string[] | undefined };
  text: string;
  // oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- each test says which shape it expects
  json<T = Record<string, unknown>>(): T;
}

/** A running Cloud, as far as people see it. */
interface RunningCloud {
  email: string;
  ask(asked: { method?: string; path: string; body?: object; cookie?: string }): Promise<Answer>;
  signIn(): Promise<string>;
}

export interface Person {
  accountId: string;
  email: string;
  cookie: string;
  ask(method: string, path: string, body?: object): Promise<Answer>;
}

export const personOf = (running: RunningCloud, accountId: string, email: string, cookie: string): Person => ({
  accountId,
  email,
  cookie,
  ask: (method, path, body) => running.ask({ method, path, cookie, ...(body === undefined ? {} : { body }) }),
});

/** The first administrator, and the first Space. */
export async function firstPerson(running: RunningCloud): Promise<{ admin: Person; spaceId: string }> {
  const cookie = await running.signIn();
  const { account } = (await running.ask({ path: 'session', cookie })).json<{ account: { id: string } }>();
  const { spaces } = (await running.ask({ path: 'spaces', cookie })).json<{ spaces: { id: string }[] }>();
  return { admin: personOf(running, account.id, running.email, cookie), spaceId: spaces[0]?.id ?? '' };
}

export async function invite(
  by: Person,
  spaceId: string,
  wanted: { email: string; role: Role; roomIds?: string[]; lifetimeDays?: number },
): Promise<InvitationMade & { secret: string }> {
  const answer = await by.ask('POST', `spaces/${spaceId}/invitations`, wanted);
  if (answer.status !== 201) throw new Error(`not invited: ${answer.text}`);
  const made = answer.json<InvitationMade>();
  return { ...made, secret: new URL(made.link).hash.slice(1) };
}

export const password = 'four words in a row';

/** Somebody new, with an account made by accepting. */
export async function join(
  running: RunningCloud,
  by: Person,
  spaceId: string,
  wanted: { email: string; role: Role; roomIds?: string[] },
): Promise<Person> {
  const { secret } = await invite(by, spaceId, wanted);
  const [name = ''] = wanted.email.split('@');
  const body = { secret, account: { name, password } };
  const answer = await running.ask({ method: 'POST', path: 'invitations/accept', body });
  const cookie = answer.headers['set-cookie']?.[0]?.split(';')[0];
  if (cookie === undefined) throw new Error(`not accepted: ${answer.text}`);
  const { account } = (await running.ask({ path: 'session', cookie })).json<{ account: { id: string } }>();
  return personOf(running, account.id, wanted.email, cookie);
}

export async function membersOf(by: Person, spaceId: string): Promise<MemberView[]> {
  return (await by.ask('GET', `spaces/${spaceId}/members`)).json<{ members: MemberView[] }>().members;
}

export const kindOf = (answer: Answer): unknown => (answer.status < 300 ? 'done' : answer.json()['kind']);
