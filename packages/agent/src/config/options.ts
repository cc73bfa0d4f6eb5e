// Every setting of the agent: one table, from which docs/agent-configuration.md is made and of which netdatacli read-config knows the defaults.

export interface AgentOption {
  /** Section of netdata.conf. */
  section: string;
  key: string;
  /** What counts when nobody says anything. */
  default: string;
  /** Environment variable that wins over the file; undefined: none. */
  variable: undefined | string;
  /** When a change counts. */
  appliesAt: 'start' | 'reload';
  sentence: string;
}

const option = (
  name: string,
  usual: string,
  appliesAt: AgentOption['appliesAt'],
  sentence: string,
  variable?: string,
): AgentOption => {
  const [section = '', key = ''] = name.split('|');
  return { section, key, default: usual, variable, appliesAt, sentence };
};

export const agentOptions: readonly AgentOption[] = [
  option('global|hostname', "the system's", 'start', 'Name of this node.'),
  option('global|run as user', '', 'start', 'User that the agent becomes when root starts it, and whose `claim.d` is.'),
  option('global|history', '3600', 'start', 'Seconds of samples that are kept, 600 to 86400.'),
  option(
    'global|netdata cloud',
    'enable',
    'reload',
    '`enable` or `disable` everything about a Cloud.',
    'NETDATA_DISABLE_CLOUD',
  ),
  option('web|bind to', 'localhost', 'start', 'Address, or address:port, of the own page and API; `*` for all.'),
  option('web|default port', '19999', 'start', 'Port where `bind to` names none; 0 takes a free one.'),
  option('cloud|cloud base url', 'https://netdata.cloud', 'reload', 'Where to claim; an existing claim keeps its own.'),
  option(
    'cloud|proxy',
    'none',
    'reload',
    'For claims and link: `none`, `env` (`socks_proxy`, then `http_proxy`), `socks5://[user:password@]host:port`, `socks5h://…` or `http://…`.',
  ),
  option(
    'directories|config',
    '/etc/netdata',
    'start',
    'Holds `netdata.conf`, `claim.conf`, `claim.d` and `health.d`.',
    'NETDATA_USER_CONFIG_DIR',
  ),
  option('directories|lib', '/var/lib/netdata', 'start', 'Holds the machine GUID.', 'NETDATA_LIB_DIR'),
  option('directories|log', '/var/log/netdata', 'start', 'Holds `error.log`.', 'NETDATA_LOG_DIR'),
  option('directories|run', '/run/netdata', 'start', 'Holds the socket of `netdatacli`.', 'NETDATA_RUN_DIR'),
];

/** docs/agent-configuration.md, whole. */
export function configurationMarkdown(): string {
  const rows = agentOptions.map(({ section, key, default: usual, variable, appliesAt, sentence }) => {
    const fallback = usual === '' ? '–' : /^[\w/.:-]+$/.test(usual) ? `\`${usual}\`` : usual;
    return `| \`[${section}] ${key}\` | ${fallback} | ${variable === undefined ? '–' : `\`${variable}\``} | ${appliesAt} | ${sentence} |`;
  });
  return `# Configuration of the agent

<!-- Generated from packages/agent/src/config/options.ts; do not edit. -->

\`netdata.conf\` lies in the configuration directory. A line is \`[section]\`, \`key = value\` or a comment; \` #\` after a value starts a
comment, too, and of a key that is given twice the last one counts. \`-W set SECTION KEY VALUE\` of the command line wins over the
environment, which wins over the file. *reload* means \`netdatacli reload-claiming-state\`.

| Setting | Default | Environment | Counts from | Meaning |
| --- | --- | --- | --- | --- |
${rows.join('\n')}

\`NETDATA_PIPENAME\` names the socket of \`netdatacli\` itself, instead of \`netdata.pipe\` in the run directory. \`[directories] config\` can
be set with \`-W set\` and by the environment only, because the file is found through it.

## What a claim takes from where

For each of token, rooms, URL and proxy the first of these counts:

1. the option: \`-token=\`, \`-rooms=\`, \`-url=\`, \`-proxy=\`
2. the files \`claim.d/token\` and \`claim.d/rooms\`
3. the environment: \`NETDATA_CLAIM_TOKEN\`, \`NETDATA_CLAIM_ROOMS\`, \`NETDATA_CLAIM_URL\`, \`NETDATA_CLAIM_PROXY\`
4. \`claim.conf\` in the configuration directory: \`token\`, \`rooms\`, \`url\` and \`proxy\` in its section \`[global]\`
5. \`netdata.conf\`: \`cloud base url\` and \`proxy\` in its section \`[cloud]\`
6. the installation's own Cloud, then what the table above says

A token in the environment or in \`claim.conf\` claims the node by itself when the agent starts, and at a reload, as long as it is not
claimed; \`NETDATA_EXTRA_CLAIM_OPTS\` adds options of \`netdata-claim.sh\` to that. The files stay as they are, so who deletes \`claim.d\` to
unclaim such a node takes the token out, too. \`insecure\` is not supported: put the certificate of the Cloud's authority into
\`claim.d/cloud_fullchain.pem\`.

After a claim the link dials the URL of the claim, whatever \`cloud base url\` says, and goes through \`[cloud] proxy\`.
`;
}
