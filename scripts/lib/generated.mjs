// The files that are generated and committed, so that a reader and an editor see them without a build.

import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import { root } from './ensure.mjs';
import { runQuietly } from './run.mjs';
import { Stop } from './tell.mjs';

const generatedFolder = 'packages/wire/src/gen';
/** Pages of the documentation that are written from a table of the product, so that they cannot differ from it. */
const generatedPages = [
  {
    page: 'docs/configuration.md',
    table: 'packages/cloud/src/config/options.ts',
    markdown: (module) => module.configurationMarkdown(),
  },
  {
    page: 'docs/agent-configuration.md',
    table: 'packages/agent/src/config/options.ts',
    markdown: (module) => module.configurationMarkdown(),
  },
  {
    page: 'docs/agent-alerts.md',
    table: 'packages/agent/src/health/default-alerts.ts',
    markdown: (module) => module.alertsMarkdown(),
  },
  { page: 'docs/doctor.md', table: 'packages/wire/src/doctor/codes.ts', markdown: doctorMarkdown },
];

/** Writes all generated files below `target`, at the paths that they have below the root of the checkout. */
export async function generateInto(target) {
  const wire = join(root, 'packages/wire');
  rmSync(join(target, generatedFolder), { recursive: true, force: true });
  // buf writes relative to --output; the template's `out` is relative to packages/wire.
  const buf = await runQuietly(
    join(root, 'node_modules/.bin/buf'),
    ['generate', '--output', join(target, 'packages/wire')],
    { cwd: wire },
  );
  if (buf.code !== 0) throw new Stop(`buf generate failed:\n${buf.lastLines.join('\n')}`);
  mkdirSync(join(target, 'docs'), { recursive: true });
  for (const { page, table, markdown } of generatedPages)
    writeFileSync(join(target, page), markdown(await importTable(table)));
}

/** A module of the product, built for this run of Node. */
async function importTable(table) {
  const { build } = await import('esbuild');
  const folder = mkdtempSync(join(tmpdir(), 'claimstead-table-'));
  try {
    const outfile = join(folder, 'table.mjs');
    const entryPoints = [join(root, table)];
    await build({ entryPoints, outfile, bundle: true, platform: 'node', format: 'esm', logLevel: 'silent' });
    return await import(pathToFileURL(outfile).href);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The codes of `netdata-claim.sh -check` and of doctor.sh. */
function doctorMarkdown({ doctorTable }) {
  const rows = Object.entries(doctorTable).map(
    ([code, { exitCode, cause, remedy, stockRemedy }]) =>
      `| \`${code}\` | ${exitCode} | ${capital(cause)}. | ${capital(remedy)}.${stockRemedy === undefined ? '' : ` *Stock agent:* ${stockRemedy}.`} |`,
  );
  return `# What the doctor finds

<!-- Generated from packages/wire/src/doctor/codes.ts; do not edit. -->

\`netdata-claim.sh -check\` walks the way from this node to its Cloud, hop by hop: once as a claim would go, once as the link would. It
claims nothing and takes no use of a token. Each thing that it finds has a code, which never changes its meaning;
\`netdata-claim.sh -check -json\` prints them as \`codes\`. The exit code is 0 when everything would pass, else the one with which a claim
would end.

Why a token is refused is told only to whoever presents a whole token that exists; any other one is \`token-refused\`, or
\`token-mistyped\` where the agent sees by itself that a token of ours lacks or changes a character. A room of another Space and one that
does not exist are both \`room-unknown\`.

## On a host with a stock agent

\`\`\`sh
curl https://cloud.example.com:8443/doctor.sh | sh -s --                      # or -s -- -json
curl --cacert CA.pem https://cloud.example.com:8443/doctor.sh | sh -s --      # the certificate is of a private authority
bin/claimstead admin doctor-script --data DIR > doctor.sh                     # on the Cloud's machine, to be carried over
\`\`\`

The script needs \`sh\` with \`awk\`, and \`openssl\` or \`curl\`. It finds the agent and its claim (\`-prefix=\` where it is installed
elsewhere), asks the agent on 127.0.0.1:19999 how it does, and walks the way of the link with its proxy and its store of authorities
up to the WebSocket. It changes nothing, prints no secret, needs no root and says what it could not read without, and speaks with
this Cloud alone (\`-url=\` names another). The exit code is 0 when all is well, 1 when something is wrong, 2 when it was asked wrongly;
\`-json\` prints the object of \`netdata-claim.sh -check -json\`, with the first code as \`code\` and what was seen on the host as \`host\`.

The link of a stock agent trusts the store of the system alone. What lies in \`cloud.d\` as \`cloud_fullchain.pem\` or \`trusted.pem\` covers
its claim and nothing else: that is \`trusted-for-claim-only\`.

## Codes

| Code | Exit code | Cause | Remedy |
| --- | --- | --- | --- |
${rows.join('\n')}
`;
}

/** A sentence that starts with the name of a file keeps its spelling. */
const capital = (text) => (/^\S+\.\S/.test(text) ? text : `${text.charAt(0).toUpperCase()}${text.slice(1)}`);

/** Sentences about committed files that differ from what would be generated now; none when all is well. */
export async function staleGeneratedFiles() {
  const fresh = mkdtempSync(join(tmpdir(), 'claimstead-generated-'));
  try {
    await generateInto(fresh);
    const names = new Set([...filesBelow(fresh, fresh), ...filesBelow(join(root, generatedFolder), root)]);
    if (![...names].some((name) => name.startsWith(generatedFolder)))
      return ['Nothing was generated: see packages/wire/buf.gen.yaml.'];
    return [...names].flatMap((name) => {
      const [committed, generated] = [root, fresh].map((base) => read(join(base, name)));
      return committed === generated
        ? []
        : [`${name} differs from what is generated: run npm run generate and commit the result.`];
    });
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
}

const read = (file) => (existsSync(file) ? readFileSync(file, 'utf8') : undefined);

const filesBelow = (folder, base) =>
  existsSync(folder)
    ? readdirSync(folder, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => relative(base, join(entry.parentPath || entry.path, entry.name)))
    : [];
