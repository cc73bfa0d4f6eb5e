// docs/compatibility.json holds what was seen, cell by cell; docs/compatibility.md is written from it and from nothing else.

import { readFile, writeFile } from 'node:fs/promises';
import { root } from '../harness/programs.ts';
import { steps } from './checks.ts';
import { routes } from './site.ts';

export interface Cell {
  agent: string;
  /** A route, or `long` for what takes minutes. */
  route: string;
  step: string;
  ok: boolean;
  words: string;
  /** `YYYY-MM-DD` of the run. */
  date: string;
}

const dataFile = `${root}docs/compatibility.json`;
const pageFile = `${root}docs/compatibility.md`;

export async function loadCells(): Promise<Cell[]> {
  const text = await readFile(dataFile, 'utf8').catch(() => '[]');
  return JSON.parse(text) as Cell[];
}

/** Puts the cells in the place of older ones and writes both files. */
export async function keepCells(fresh: readonly Cell[]): Promise<void> {
  const key = ({ agent, route, step }: Cell): string => `${agent} ${route} ${step}`;
  const cells = new Map([...(await loadCells()), ...fresh].map((cell) => [key(cell), cell]));
  const sorted = [...cells.values()].sort((a, b) => (key(a) < key(b) ? -1 : 1));
  await writeFile(dataFile, `${JSON.stringify(sorted, undefined, 2)}\n`);
  await writeFile(pageFile, pageOf(sorted));
}

const textOf = (cell: Cell | undefined): string =>
  cell === undefined ? '–' : `${cell.ok ? '' : '**No**: '}${cell.words.replaceAll('|', '\\|').replaceAll('\n', ' ')}`;

/** One table a version: a row for every step, a column for every route. */
export function pageOf(cells: readonly Cell[]): string {
  const agents = [...new Set(cells.map(({ agent }) => agent))].sort();
  const find = (agent: string, route: string, step: string): Cell | undefined =>
    cells.find((cell) => cell.agent === agent && cell.route === route && cell.step === step);
  const tables = agents.map((agent) => {
    const mine = cells.filter((cell) => cell.agent === agent);
    const dates = [...new Set(mine.map(({ date }) => date))].sort();
    const rows = steps.map(
      (step) => `| ${step} | ${routes.map((route) => textOf(find(agent, route, step))).join(' | ')} |`,
    );
    const long = mine.filter(({ route }) => route === 'long').map((cell) => `| ${cell.step} | ${textOf(cell)} |`);
    return [
      `## ${agent}`,
      `Run on ${dates.join(' and ')}.`,
      [`| | ${routes.join(' | ')} |`, `|---|${routes.map(() => '---|').join('')}`, ...rows].join('\n'),
      ...(long.length === 0 ? [] : [['| What takes longer, direct | |', '|---|---|', ...long].join('\n')]),
    ].join('\n\n');
  });
  return `${introduction}\n\n${tables.join('\n\n')}\n\n${repeat}\n`;
}

const introduction = `# Compatibility

Unmodified agents against this Cloud: built by somebody else, not patched, each cell from a run, with the figure that was seen. A dash was not run.
This page is written by the run; nothing in it is edited by hand.

| Column | The agent reaches the Cloud |
|---|---|
| direct | at its address, with a certificate of an authority that the system trusts |
| http proxy | through tinyproxy, by \`CONNECT\` |
| private CA | with the certificate that the Cloud issued to itself; its authority was put into the system's store, which is what the link looks at |
| self-signed | with a certificate that signed itself, and \`insecure\` in the claim. Agents since v2.3 then make the link; older ones claim, and refuse the link |

| Row | Passes when |
|---|---|
| claim | every way of claiming that the version has succeeds, each on a node that knows of no claim. (\`netdata -W claim\` is refused by the daemons of v1.42 to v1.47 themselves.) |
| live | at most 2.5 s from the Cloud's answer to the claim, by each of the ways above; a command also makes a key, and the first era's script takes its time |
| chart | rows of \`system.cpu\` come through the relay, and every query of the node page in each generation of the agents' API is answered |
| alerts | an alert of \`health.d\` is known to the Cloud at most 2 s after the agent says so itself |
| functions | they are listed, and each is called and answers |
| restart | the Cloud is restarted: back at most 15 s after it listens, one node, the agent not banned |
| re-claim | \`cloud.d\` is wiped and the node is claimed again: the same node |
| remove | the node is removed: its agent is told and comes back at a pace; then it is claimed again |
| restarts | after each of 20 restarts of the Cloud: back at most 15 s after it listens, one node, the agent not banned |
| outage | ten minutes without a Cloud: back at most 30 s after it listens. That is luck: an agent to whom nobody answers forgets what the Cloud had told it and doubles its delay, with chance in it, up to 17 minutes. Of v2.9.0 one run took 2.6 s and another more than a minute |
| parent | a parent and two children that stream to it: three nodes, the children asked through the parent, gone and back with it |`;

const repeat = `## To repeat it

On a Debian machine, as root, with agents that somebody installed (\`FOLDER/usr/sbin/netdata\`):

\`\`\`sh
npm run compatibility -- --agent v2.9.0=FOLDER --agent v1.44.3=FOLDER              # the tables
npm run compatibility -- --agent v2.9.0=FOLDER --only "http proxy"                 # one column
npm run compatibility -- --agent v2.9.0=FOLDER --long restarts,outage,parent       # what takes minutes
npm run compatibility -- --agent v2.9.0=FOLDER --record                            # sessions, as packages/wire/vectors
\`\`\`

Cloud and agents run in namespaces of their own whose only network is a loopback interface: an agent finds no way to anybody else.`;
