// `claimstead admin …`: one question over the private socket, its answer on stdout, or one sentence on stderr.

import { auditVerdictWords } from '../audit/audit-chain.ts';
import { AuditUnreadable, verifyAuditFile } from '../audit/audit-file.ts';
import { BackupError } from '../backup/backup.ts';
import { cloudFolder } from '../config/data-folder.ts';
import { ConfigError } from '../config/config-error.ts';
import { loadDataFolder } from '../config/load.ts';
import { askCloud, NoCloud, type ControlAnswer } from '../control/control-client.ts';
import type { AdminNode } from '../control/control-commands.ts';
import type { AdminAccount, AdminAfterRestore } from '../control/operation-commands.ts';
import type { AdminRoom, AdminSpace } from '../control/space-commands.ts';
import type { AdminToken } from '../control/token-commands.ts';
import { printAudit, type AuditAsked } from './admin-audit.ts';
import { backup, restore } from './admin-backup.ts';
import { print, printList } from './print.ts';

/** The Cloud refused; the message is its sentence. */
class Refused extends Error {}
/** Everything was looked at, and is not as it should be; exit code 3, so that a script can tell it from a folder that it may not read. */
class Broken extends Error {}

/** Each prints its answer on stdout; `asJson` as JSON instead of a table or a bare word. `space` undefined = the first, or all. */
export interface AdminCommands {
  token(wanted: {
    space: string | undefined;
    rooms: readonly string[];
    lifetimeMs: number | undefined;
    uses: number | undefined;
    asJson: boolean;
  }): Promise<void>;
  tokenList(wanted: { space: string | undefined; asJson: boolean }): Promise<void>;
  tokenRevoke(tokenId: string): Promise<void>;
  spaceCreate(name: string): Promise<void>;
  spaceList(form: { asJson: boolean }): Promise<void>;
  roomCreate(name: string, space: string | undefined): Promise<void>;
  roomList(wanted: { space: string | undefined; asJson: boolean }): Promise<void>;
  audit(wanted: AuditAsked): Promise<void>;
  /** Reads the folder itself: a Cloud need not be running. */
  auditVerify(wanted: { noted: string | undefined; asJson: boolean }): Promise<void>;
  accountList(form: { asJson: boolean }): Promise<void>;
  /** These two read and write the folder itself; `-` is stdout, or stdin. */
  backup(target: string): Promise<void>;
  restore(source: string, form: { force: boolean }): Promise<void>;
  afterRestore(form: { asJson: boolean }): Promise<void>;
  nodes(form: { asJson: boolean }): Promise<void>;
  ca(): Promise<void>;
  doctorScript(): Promise<void>;
  query(node: string, target: string): Promise<void>;
  signIn(): Promise<void>;
  changeEmail(email: string, newEmail: string): Promise<void>;
  resetPassword(email: string, form: { secondFactorOff: boolean }): Promise<void>;
}

/** `data` is the flag as given. */
export function createAdminCommands(
  data: string | undefined,
  environment: Readonly<Record<string, string | undefined>>,
): AdminCommands {
  const ask = (command: string, body: object = {}): Promise<ControlAnswer> =>
    askCloud(loadDataFolder(data, environment), command, body);
  const askJson = async (command: string, body: object = {}): Promise<unknown> => {
    const answer = await ask(command, body);
    if (answer.status !== 200) throw new Refused(sentenceOf(answer));
    return JSON.parse(answer.body.toString('utf8'));
  };

  return {
    async token({ space = null, lifetimeMs = null, uses = null, rooms, asJson }) {
      const made = (await askJson('token', { space, rooms, lifetimeMs, uses })) as { token: string };
      await print(asJson ? `${JSON.stringify(made, undefined, 2)}\n` : `${made.token}\n`);
    },
    async tokenList({ space = null, asJson }) {
      await printList((await askJson('token-list', { space })) as AdminToken[], {
        asJson,
        heads: ['TOKEN', 'STATE', 'EXPIRES', 'LEFT', 'CREATED', 'SPACE', 'NAME', 'ROOMS'],
        cells: ({ tokenId, state, expiresAt, usesLeft, createdAt, space: spaceName, name, rooms }) => [
          tokenId,
          state,
          expiresAt ?? 'never',
          usesLeft === null ? 'any' : String(usesLeft),
          createdAt,
          spaceName,
          name,
          rooms.join(', '),
        ],
        empty: 'There is no token; claimstead admin token prints a new one.',
      });
    },
    async tokenRevoke(tokenId) {
      await askJson('token-revoke', { tokenId });
    },
    async spaceCreate(name) {
      const { spaceId } = (await askJson('space-create', { name })) as { spaceId: string };
      await print(`${spaceId}\n`);
    },
    async spaceList({ asJson }) {
      await printList((await askJson('space-list')) as AdminSpace[], {
        asJson,
        heads: ['SPACE', 'NODES', 'CREATED', 'NAME'],
        cells: ({ spaceId, nodes, createdAt, name }) => [spaceId, String(nodes), createdAt, name],
        empty: 'There is no Space.',
      });
    },
    async roomCreate(name, space) {
      const { roomId } = (await askJson('room-create', { name, space: space ?? null })) as { roomId: string };
      await print(`${roomId}\n`);
    },
    async roomList({ space = null, asJson }) {
      await printList((await askJson('room-list', { space })) as AdminRoom[], {
        asJson,
        heads: ['ROOM', 'SLUG', 'NODES', 'NAME'],
        cells: ({ roomId, slug, nodes, name }) => [roomId, slug, String(nodes), name],
        empty: 'There is no room.',
      });
    },
    audit: (wanted) => printAudit(askJson, wanted),
    async auditVerify({ noted, asJson }) {
      const file = cloudFolder(loadDataFolder(data, environment)).databaseFile;
      const verdict = await verifyAuditFile(file, noted);
      if (asJson) await print(`${JSON.stringify(verdict, undefined, 2)}\n`);
      else if (verdict.holds) await print(`${auditVerdictWords(verdict)}\n`);
      if (!verdict.holds) throw new Broken(auditVerdictWords(verdict));
    },
    async accountList({ asJson }) {
      await printList((await askJson('account-list')) as AdminAccount[], {
        asJson,
        heads: ['ACCOUNT', 'CREATED', 'LAST SEEN', 'EMAIL', 'NAME', 'SPACES'],
        cells: ({ accountId, createdAt, lastSeenAt, email, name, spaces }) => [
          accountId,
          createdAt,
          lastSeenAt ?? '-',
          email,
          name,
          spaces.map((space) => `${space.name} (${space.role})`).join(', '),
        ],
        empty: 'There is no account.',
      });
    },
    backup: (target) => backup(loadDataFolder(data, environment), target, Date.now()),
    restore: (source, { force }) => restore(loadDataFolder(data, environment), source, force),
    async afterRestore({ asJson }) {
      const told = (await askJson('after-restore')) as AdminAfterRestore;
      if (asJson) return print(`${JSON.stringify(told, undefined, 2)}\n`);
      if (told === null) return print('This Cloud never came out of a backup.\n');
      const { restoredAt, backupMadeAt, tokens, webhooks, people, orphans } = told;
      await print(`Restored ${restoredAt} from a backup of ${backupMadeAt}.\n\nTokens to replace:\n`);
      await printList(tokens, {
        asJson,
        heads: ['TOKEN', 'CREATED', 'SPACE'],
        cells: ({ tokenId, createdAt, space }) => [tokenId, createdAt, space],
        empty: 'none',
      });
      await print('\nWebhooks to look at; remove those that had been removed since, or went elsewhere:\n');
      await printList(webhooks, {
        asJson,
        heads: ['WEBHOOK', 'CREATED', 'HOST', 'SPACE'],
        cells: ({ webhookId, createdAt, host, space }) => [webhookId, createdAt, host, space],
        empty: 'none',
      });
      await print(`\n${people}\n`);
      await print('\nAgents that ask under claims that are not known; claim those nodes once more:\n');
      await printList(orphans, {
        asJson,
        heads: ['CLAIM', 'FROM', 'FIRST', 'LAST', 'ATTEMPTS'],
        cells: ({ claimId, sourceNetwork, firstAt, lastAt, attempts }) => [
          claimId,
          sourceNetwork,
          firstAt,
          lastAt,
          String(attempts),
        ],
        empty: 'none since the Cloud started',
      });
    },
    async nodes({ asJson }) {
      await printList((await askJson('nodes')) as AdminNode[], {
        asJson,
        heads: ['HOST', 'STATE', 'SINCE', 'NODE', 'SPACE', 'ROOMS'],
        cells: ({ hostname, state, since, nodeId, space, rooms, contested }) => [
          hostname,
          contested === null ? state : `${state}, contested by ${hostsOf(contested)}`,
          since,
          nodeId,
          space,
          rooms.join(', '),
        ],
        empty: 'No node is claimed yet; claimstead admin token prints a token to claim one with.',
      });
    },
    async ca() {
      const { pem } = (await askJson('ca')) as { pem: string };
      await print(pem);
    },
    async doctorScript() {
      const { script } = (await askJson('doctor-script')) as { script: string };
      await print(script);
    },
    async query(node, target) {
      const answer = await ask('query', { node, target });
      if (answer.contentType === 'application/problem+json') throw new Refused(sentenceOf(answer));
      await print(answer.body);
      if (answer.status < 200 || answer.status > 299)
        throw new Refused(`The node answered with status ${answer.status}.`);
    },
    async signIn() {
      const { code } = (await askJson('sign-in')) as { code: string };
      await print(`${code}\n`);
    },
    async changeEmail(email, newEmail) {
      const changed = (await askJson('change-email', { email, newEmail })) as { email: string };
      await print(
        `They sign in as ${changed.email} from now on. Links and invitations to the old address are void; sessions, passkeys and API tokens stay.\n`,
      );
    },
    async resetPassword(email, { secondFactorOff }) {
      const { link } = (await askJson('reset-password', { email, secondFactorOff })) as { link: string };
      await print(`${link}\n`);
    },
  };
}

/** 0, or 1 with one sentence on stderr; 2 for a value that cannot be read, 3 for what does not hold. */
export async function runToExitCode(run: () => Promise<void>): Promise<number> {
  try {
    await run();
    return 0;
  } catch (error) {
    const isKnown = [Refused, Broken, NoCloud, ConfigError, AuditUnreadable, BackupError].some(
      (known) => error instanceof known,
    );
    process.stderr.write(
      `claimstead: ${isKnown && error instanceof Error ? error.message : 'The Cloud answered something that this program does not know; both should be of one version.'}\n`,
    );
    return error instanceof ConfigError ? 2 : error instanceof Broken ? 3 : 1;
  }
}

function sentenceOf(answer: ControlAnswer): string {
  const problem = JSON.parse(answer.body.toString('utf8')) as { message?: unknown };
  return typeof problem.message === 'string' ? problem.message : `The Cloud refused with status ${answer.status}.`;
}

const hostsOf = (contested: NonNullable<AdminNode['contested']>): string =>
  contested.hosts.map(({ hostname, address }) => `${hostname} (${address})`).join(' and ');
