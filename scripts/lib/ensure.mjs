// The first thing of every command: the npm packages of the lockfile stand in node_modules, built for this Node.

import { createHash } from 'node:crypto';
import { accessSync, constants, existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { alone } from './alone.mjs';
import { ensurePrograms } from './debian.mjs';
import { find, runQuietly } from './run.mjs';
import { Stop, withProgress } from './tell.mjs';

/** Root of the checkout. */
export const root = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '');

const modules = join(root, 'node_modules');
const stampFile = join(modules, '.claimstead-stamp');

/** What must be equal for an installation to be good: the lockfile, and the ABI that native modules were compiled for. */
function wantedStamp() {
  const lock = createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex');
  return `${lock} abi-${process.versions.modules}\n`;
}

/** Installs when something is missing or older than the lockfile; otherwise takes a few milliseconds. */
export async function ensure() {
  const stamp = wantedStamp();
  if (existsSync(stampFile) && readFileSync(stampFile, 'utf8') === stamp) return;
  if (!existsSync(stampFile) && isInstalledByHand()) {
    writeFileSync(stampFile, stamp);
    return;
  }
  await alone('install', async () => {
    if (existsSync(stampFile) && readFileSync(stampFile, 'utf8') === stamp) return;
    await install();
    writeFileSync(stampFile, stamp);
  });
}

/** Somebody ran `npm ci`: npm's own record is not older than the lockfile, and the native module loads in this Node. */
function isInstalledByHand() {
  try {
    const record = statSync(join(modules, '.package-lock.json')).mtimeMs;
    if (record < statSync(join(root, 'package-lock.json')).mtimeMs) return false;
    const Database = createRequire(join(root, 'package.json'))('better-sqlite3');
    new Database(':memory:').close();
    return true;
  } catch {
    return false;
  }
}

async function install() {
  accessSync(root, constants.W_OK);
  const npm = find('npm');
  if (npm === undefined)
    throw new Stop(
      'npm is not in PATH: install it (Debian: apt-get install npm; it comes with Node from nodejs.org), then run the command again.',
    );
  await ensurePrograms(['g++', 'make', 'python3'], 'compile SQLite (better-sqlite3)');
  const env = { ...process.env, ...nodeHeaders(), ...npmCache(), npm_config_fund: 'false', npm_config_audit: 'false' };
  await withProgress('installing npm packages (compiling SQLite takes some minutes)', async () => {
    const outcome = await runQuietly(npm, ['ci'], { cwd: root, env });
    if (outcome.code !== 0) throw new Stop(npmFailure(outcome));
  });
}

/** node-gyp would download the headers of Node into HOME; those beside the running Node serve without a network. */
function nodeHeaders() {
  const prefixes = [dirname(dirname(process.execPath)), '/usr'];
  const prefix = prefixes.find((folder) => existsSync(join(folder, 'include/node/node.h')));
  return prefix === undefined ? {} : { npm_config_nodedir: prefix };
}

/** npm keeps its cache in HOME; where there is none, or it cannot be written, the cache goes below the checkout. */
function npmCache() {
  if (process.env.npm_config_cache && isWritable(process.env.npm_config_cache)) return {};
  if (process.env.HOME && isWritable(process.env.HOME)) return {};
  if (!('HOME' in process.env) && isWritable(homedir())) return {};
  const cache = join(root, '.build/npm-cache');
  mkdirSync(cache, { recursive: true });
  return { npm_config_cache: cache };
}

function isWritable(folder) {
  try {
    accessSync(folder, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

function npmFailure({ code, lastLines }) {
  const text = lastLines.join('\n');
  const network =
    /\b(ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|EHOSTUNREACH|E401|E403|E404|E5\d\d|ERR_SOCKET_TIMEOUT)\b/.exec(
      text,
    );
  if (network) {
    return `npm cannot get the packages from its registry (${network[1]}): check the network, the proxy and the registry that npm is set to, then run the command again.`;
  }
  return `npm ci failed with exit code ${code}; its last lines say why:\n${text}`;
}
