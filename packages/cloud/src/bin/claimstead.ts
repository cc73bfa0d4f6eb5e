#!/usr/bin/env node
// claimstead: serve | stand-in | admin token | space | room | nodes | audit | account | backup | restore | after-restore | ca | doctor-script |
// query | sign-in | reset-password. Parts are loaded when their
// command is run, so that an admin command starts fast.

// First of all: the certificate library reads its decorators when it is loaded, which a bundle does early.
import 'reflect-metadata';
import { Command, Option } from 'commander';
import { auditKinds } from '../audit/audit-words.ts';
import { environmentName, options, type OptionName } from '../config/options.ts';
import { cloudVersion } from '../version.ts';
// A type alone: nothing of it is loaded.
import type { AdminCommands } from './admin.ts';
import { auditKind, duration, hash, nodeId, rooms, time, wholeNumber } from './given.ts';

// A reader that went away (`| head -1`) has what it wanted; a full disk is a failure that must be told.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
  process.stderr.write(`claimstead: cannot write the answer (${error.code ?? error.message}).\n`);
  process.exit(1);
});

/** Exit codes: 0 done, 1 could not, 2 asked wrongly. */
const program = new Command('claimstead')
  .description('A Cloud that you run yourself, for Netdata agents that are claimed to it.')
  .version(cloudVersion)
  .showHelpAfterError('(claimstead --help tells more)')
  .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : 2));

/** What holds the port until it gets a signal; options as the table has them. */
const addRunning = (
  name: string,
  description: string,
  run: 'runServe' | 'runStandIn',
  taken: readonly OptionName[],
): void => {
  const command = program.command(name).description(description);
  const known = options.filter((option) => taken.includes(option.name));
  const own = known.filter((option) => !option.secret);
  const secrets = known.filter((option) => option.secret).map((option) => environmentName(option.name));
  if (secrets.length > 0) command.addHelpText('after', `\nSecret, from the environment alone: ${secrets.join(', ')}`);
  for (const option of own) {
    const fallback = option.defaultWords ?? option.default ?? 'none';
    command.option(
      `--${option.name} <${option.placeholder}>`,
      `${option.sentence} (default: ${fallback}; ${environmentName(option.name)})`,
    );
  }
  command.action(async (given: Record<string, string>) => {
    const running = await import('./serve.ts');
    const flags = Object.fromEntries(own.map((option) => [option.name, given[camelCase(option.name)]]));
    process.exitCode = await running[run](flags, process.env);
  });
};
addRunning(
  'serve',
  'Run the Cloud until it gets SIGTERM or SIGINT.',
  'runServe',
  options.map((option) => option.name),
);
addRunning(
  'stand-in',
  'Hold the port while the Cloud is being worked on: agents and people are asked to come back soon.',
  'runStandIn',
  ['data', 'port', 'listen', 'public-url', 'cert', 'key'],
);

interface Given {
  data?: string;
  space?: string;
  rooms?: string[];
  expires?: number;
  uses?: number;
  json?: boolean;
  csv?: boolean;
  kind?: string;
  account?: string;
  node?: string;
  since?: number;
  until?: number;
  all?: boolean;
  removeSecondFactor?: boolean;
  expect?: string;
  force?: boolean;
}

const dataOption = (command: Command): Command =>
  command.option('--data <DIR>', `Folder of the Cloud (default: .claimstead; ${environmentName('data')})`);

const admin = program.command('admin').description('Ask the running Cloud over its private socket.');
/** A command below `parent`; options may stand before or after the names of commands, as people type them. */
const addCommand = (
  parent: Command,
  nameAndArguments: string,
  description: string,
  run: (commands: AdminCommands, given: Given, ...words: string[]) => Promise<void>,
): Command => {
  const command = dataOption(parent.command(nameAndArguments)).description(description);
  return command.action(async (...args: unknown[]) => {
    const given: Given = command.optsWithGlobals();
    const words = args.filter((word) => typeof word === 'string');
    await runAdmin(given.data, (commands) => run(commands, given, ...words));
  });
};
const addGroup = (name: string, description: string): Command =>
  dataOption(admin.command(name)).description(description);
const withJson = (command: Command): Command => command.option('--json', 'As JSON.');
const ofSpace = (command: Command, words: string): Command => command.option('--space <S>', words);

const token = addCommand(admin, 'token', 'Print a new claiming token; list or revoke tokens.', (commands, given) =>
  commands.token({
    space: given.space,
    rooms: given.rooms ?? [],
    lifetimeMs: given.expires,
    uses: given.uses,
    asJson: given.json === true,
  }),
)
  .option('--space <S>', 'Space that it claims to: id or name (default: the one that was made first).')
  .option('--rooms <R1,R2>', 'Rooms that nodes claimed with it join: ids, slugs or names.', rooms)
  .option('--expires <D>', 'How long it is good: 90s, 30m, 12h or 7d (default: 7d).', duration)
  .option('--uses <N>', 'How many nodes it may claim (default: any number).', wholeNumber)
  .option('--json', 'As JSON, with its id.');
addCommand(token, 'list', 'List the tokens with their states, never the tokens themselves.', (commands, given) =>
  commands.tokenList({ space: given.space, asJson: given.json === true }),
);
addCommand(
  token,
  'revoke <ID>',
  'Refuse a token from now on; nodes that it let in stay.',
  (commands, _given, id = '') => commands.tokenRevoke(id),
);

const space = addGroup('space', 'Make and list Spaces.');
addCommand(
  space,
  'create <NAME>',
  'Make a Space and print its id; the first account is its administrator.',
  (commands, _given, name = '') => commands.spaceCreate(name),
);
withJson(
  addCommand(space, 'list', 'List the Spaces.', (commands, given) =>
    commands.spaceList({ asJson: given.json === true }),
  ),
);

const firstSpace = 'Space by id or name (default: the one that was made first).';
const room = addGroup('room', 'Make and list rooms.');
ofSpace(
  addCommand(room, 'create <NAME>', 'Make a room and print its id.', (commands, given, name = '') =>
    commands.roomCreate(name, given.space),
  ),
  firstSpace,
);
withJson(
  ofSpace(
    addCommand(room, 'list', 'List the rooms with their slugs.', (commands, given) =>
      commands.roomList({ space: given.space, asJson: given.json === true }),
    ),
    firstSpace,
  ),
);

withJson(
  addCommand(admin, 'nodes', 'List the nodes with state, Space and rooms.', (commands, given) =>
    commands.nodes({ asJson: given.json === true }),
  ),
);
const audit = withJson(
  ofSpace(
    addCommand(
      admin,
      'audit',
      'List what was decided about claims, keys, nodes, tokens, people and Spaces, and who signed in: the newest 2000 rows, oldest first; verify that nobody changed it.',
      (commands, { space: ofOne, kind, account, node, since, until, all, json, csv }) =>
        commands.audit({
          space: ofOne,
          kind,
          account,
          nodeId: node,
          fromMs: since,
          untilMs: until,
          all: all === true,
          form: csv === true ? 'csv' : json === true ? 'json' : 'table',
        }),
    ),
    'Of one Space alone: id or name.',
  ),
)
  .option('--kind <K>', 'Of one kind alone; the kinds are listed below.', auditKind)
  .option('--account <EMAIL>', 'What one account did: e-mail address or id.')
  .option('--node <ID>', 'What tells of one node: its id, also when it is gone.', nodeId)
  .option('--since <TIME>', 'From then on: 2026-01-31, 2026-01-31T08:30Z (both UTC), or 24h or 7d back from now.', time)
  .option('--until <TIME>', 'Before then: likewise.', time)
  .option('--all', 'Every row that fits, also older ones, oldest first.')
  .addOption(
    new Option('--csv', "As the export of a Space's audit page is; --json tells the Space, too.").conflicts('json'),
  )
  .addHelpText(
    'after',
    () =>
      `\nKinds:\n${auditKinds()
        .map(({ kind, says }) => `  ${kind.padEnd(24)}${says}`)
        .join('\n')}`,
  );
addCommand(
  audit,
  'verify',
  'Say whether every row is as it was written, also while no Cloud runs; exit code 3 if one is not.',
  (commands, given) => commands.auditVerify({ noted: given.expect, asJson: given.json === true }),
).option('--expect <HASH>', 'A hash that was noted earlier: some row must have it.', hash);
addCommand(
  admin,
  'backup <FILE>',
  'Write all that makes this Cloud what it is into one file (- for stdout), also while it runs.',
  (commands, _given, file = '') => commands.backup(file),
);
addCommand(
  admin,
  'restore <FILE>',
  'Make the folder of a Cloud out of a backup (- for stdin); nobody stays signed in.',
  (commands, given, file = '') => commands.restore(file, { force: given.force === true }),
).option('--force', 'Put the Cloud that is in the folder aside, instead of refusing.');
withJson(
  addCommand(
    admin,
    'after-restore',
    'List what a restore left to do: tokens to replace, nodes to claim once more.',
    (commands, given) => commands.afterRestore({ asJson: given.json === true }),
  ),
);
const account = addGroup('account', 'List accounts, and change their e-mail addresses.');
withJson(
  addCommand(account, 'list', 'List the accounts with their Spaces.', (commands, given) =>
    commands.accountList({ asJson: given.json === true }),
  ),
);
addCommand(
  account,
  'change-email <EMAIL> <NEW>',
  'Give an account another e-mail address: it signs in with that from now on, and gets its letters there.',
  (commands, _given, email = '', newEmail = '') => commands.changeEmail(email, newEmail),
);
addCommand(admin, 'ca', "Print the certificate of the Cloud's private authority, PEM.", (commands) => commands.ca());
addCommand(admin, 'doctor-script', 'Print doctor.sh, for hosts with stock agents that cannot fetch it.', (commands) =>
  commands.doctorScript(),
);
addCommand(
  admin,
  'query <NODE> <TARGET>',
  "Relay one request to a node (id, or a unique host name) and print the answer's body.",
  (commands, _given, node = '', target = '') => commands.query(node, target),
);
addCommand(admin, 'sign-in', 'Print a code that signs in as administrator once, within a minute.', (commands) =>
  commands.signIn(),
);

addCommand(
  admin,
  'reset-password <ACCOUNT>',
  'Print a link that sets a new password for an account (its e-mail address or id), once, within an hour.',
  (commands, given, who = '') => commands.resetPassword(who, { secondFactorOff: given.removeSecondFactor === true }),
).option('--remove-second-factor', 'Turn its two-step sign-in off as well: the phone and the recovery codes are lost.');

async function runAdmin(data: string | undefined, run: (commands: AdminCommands) => Promise<void>): Promise<void> {
  const { createAdminCommands, runToExitCode } = await import('./admin.ts');
  process.exitCode = await runToExitCode(() => run(createAdminCommands(data, process.env)));
}

function camelCase(name: OptionName): string {
  return name.replace(/-([a-z])/g, (_all, letter: string) => letter.toUpperCase());
}

await program.parseAsync();
