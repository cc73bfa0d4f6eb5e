#!/usr/bin/env node
// claimstead: serve | admin token | nodes | ca | query | sign-in. Parts are loaded when their command is run, so that an admin
// command starts fast.

// First of all: the certificate library reads its decorators when it is loaded, which a bundle does early.
import 'reflect-metadata';
import { Command, InvalidArgumentError } from 'commander';
import { environmentName, options, type OptionName } from '../config/options.ts';
import { cloudVersion } from '../version.ts';
// A type alone: nothing of it is loaded.
import type { AdminCommands } from './admin.ts';

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

const serve = program.command('serve').description('Run the Cloud until it gets SIGTERM or SIGINT.');
for (const option of options) {
  const fallback = option.defaultWords ?? option.default ?? 'none';
  serve.option(
    `--${option.name} <${option.placeholder}>`,
    `${option.sentence} (default: ${fallback}; ${environmentName(option.name)})`,
  );
}
serve.action(async (given: Record<string, string>) => {
  const { runServe } = await import('./serve.ts');
  const flags = Object.fromEntries(options.map(({ name }) => [name, given[camelCase(name)]]));
  process.exitCode = await runServe(flags, process.env);
});

const admin = program.command('admin').description('Ask the running Cloud over its private socket.');
const adminCommand = (nameAndArguments: string, description: string): Command =>
  admin
    .command(nameAndArguments)
    .description(description)
    .option('--data <DIR>', `Folder of the Cloud (default: .claimstead; ${environmentName('data')})`);

adminCommand('token', 'Print a new claiming token, good for 7 days.')
  .option('--rooms <R1,R2>', 'Rooms that nodes claimed with it join: ids, slugs or names.')
  .option('--uses <N>', 'How many nodes it may claim (default: any number).', wholeNumber)
  .action(async (given: { data?: string; rooms?: string; uses?: number }) => {
    const rooms = (given.rooms ?? '')
      .split(',')
      .map((room) => room.trim())
      .filter((room) => room !== '');
    await runAdmin(given.data, (command) => command.token({ rooms, uses: given.uses ?? null }));
  });
adminCommand('nodes', 'List the nodes with state and rooms.')
  .option('--json', 'As a JSON array.')
  .action(async (given: { data?: string; json?: boolean }) => {
    await runAdmin(given.data, (command) => command.nodes({ asJson: given.json === true }));
  });
adminCommand('ca', "Print the certificate of the Cloud's private authority, PEM.").action(
  async (given: { data?: string }) => {
    await runAdmin(given.data, (command) => command.ca());
  },
);
adminCommand(
  'query <NODE> <TARGET>',
  "Relay one request to a node (id, or a unique host name) and print the answer's body.",
).action(async (node: string, target: string, given: { data?: string }) => {
  await runAdmin(given.data, (command) => command.query(node, target));
});
adminCommand('sign-in', 'Print a code that signs in as administrator once, within a minute.').action(
  async (given: { data?: string }) => {
    await runAdmin(given.data, (command) => command.signIn());
  },
);

async function runAdmin(data: string | undefined, run: (commands: AdminCommands) => Promise<void>): Promise<void> {
  const { createAdminCommands, runToExitCode } = await import('./admin.ts');
  process.exitCode = await runToExitCode(() => run(createAdminCommands(data, process.env)));
}

function wholeNumber(text: string): number {
  if (!/^[1-9]\d{0,5}$/.test(text)) throw new InvalidArgumentError('It must be a whole number from 1 to 999999.');
  return Number(text);
}

function camelCase(name: OptionName): string {
  return name.replace(/-([a-z])/g, (_all, letter: string) => letter.toUpperCase());
}

await program.parseAsync();
