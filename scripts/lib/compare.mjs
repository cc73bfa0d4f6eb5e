// `npm run demo -- --once`: the same question through the Cloud and to the Agent's own port must have the same answer.

import { get } from 'node:http';
import { messageOf } from './cloud-client.mjs';
import { Stop } from './tell.mjs';

/** Whole seconds that are compared. */
const comparedSeconds = 5;

/** GET on the Agent's own port. Resolves with { status, body }, or with undefined while nothing listens there. */
export function askAgent(port, path) {
  return new Promise((resolve) => {
    const asked = get({ host: 'localhost', port, path, timeout: 10_000 }, (answer) => {
      const chunks = [];
      answer.on('data', (chunk) => chunks.push(chunk));
      answer.once('end', () => resolve({ status: answer.statusCode, body: Buffer.concat(chunks).toString() }));
    });
    asked.once('timeout', () => asked.destroy());
    asked.once('error', () => resolve(undefined));
  });
}

/**
 * Asks both for the newest complete seconds of system.cpu, prints both answers and their difference.
 * Returns whether they are the same; stops with a sentence when one does not answer or has nothing to compare.
 */
export async function compareAnswers(cloud, nodeId, agentPort) {
  const before = await newestSecond(agentPort);
  const query = `/api/v1/data?chart=system.cpu&after=${before - comparedSeconds}&before=${before}&points=${comparedSeconds}&format=json`;
  const relayed = await cloud.ask('GET', `/nodes/${nodeId}/agent${query}`);
  if (relayed.status !== 200) throw new Stop(`The Cloud did not relay the query: ${messageOf(relayed)}`);
  const local = await askAgent(agentPort, query);
  if (local?.status !== 200)
    throw new Stop(`The Agent did not answer the query on its own port: ${local?.body ?? 'nothing listens there'}`);

  console.log(
    `\nsystem.cpu of the ${comparedSeconds} s before ${new Date(before * 1000).toISOString()}, in percent, newest first`,
  );
  const [throughCloud, direct] = [JSON.parse(relayed.body), JSON.parse(local.body)];
  show('through the Cloud', throughCloud);
  show(`from the Agent's own port`, direct);
  if (direct.data.length < comparedSeconds)
    throw new Stop(`There are only ${direct.data.length} of ${comparedSeconds} seconds to compare.`);
  const difference = largestDifference(throughCloud, direct);
  const same =
    JSON.stringify([throughCloud.labels, throughCloud.data]) === JSON.stringify([direct.labels, direct.data]);
  console.log(
    `largest difference: ${difference} percentage points${same ? '; the answers are the same' : '; THE ANSWERS DIFFER'}\n`,
  );
  return same;
}

/** The newest second that the Agent has; waits until it has enough of them. */
async function newestSecond(agentPort) {
  for (let attempt = 0; attempt < 60; attempt++) {
    const answer = await askAgent(
      agentPort,
      `/api/v1/data?chart=system.cpu&after=-${comparedSeconds * 2}&points=0&format=json`,
    );
    const rows =
      answer?.status === 200
        ? JSON.parse(answer.body).data.filter((row) => row.slice(1).every((value) => value !== null))
        : [];
    if (rows.length > comparedSeconds) return rows[0][0];
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
  throw new Stop('The Agent collected too little to compare within 30 s: see its error.log.');
}

function show(title, { labels, data }) {
  console.log(`${title}:`);
  const table = [labels, ...data].map((row) => row.map(String));
  const widths = labels.map((_, column) => Math.max(...table.map((row) => row[column].length)));
  for (const row of table) console.log(`  ${row.map((cell, column) => cell.padStart(widths[column])).join('  ')}`);
}

/** Over all cells that both have; a cell that only one has counts as infinitely different. */
function largestDifference(one, other) {
  const differences = one.data.flatMap((row, r) =>
    row.map((value, c) => {
      const counterpart = other.data[r]?.[c];
      if (value === counterpart) return 0;
      return typeof value === 'number' && typeof counterpart === 'number' ? Math.abs(value - counterpart) : Infinity;
    }),
  );
  return one.data.length === other.data.length ? Math.max(0, ...differences) : Infinity;
}
