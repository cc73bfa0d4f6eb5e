// Which addresses of an agent may be asked through the Cloud: a closed list, compared exactly. Everything else does not exist. [trust T12, T13]

import { CloudError } from '@claimstead/wire/errors';
import { isRelayableTarget } from '@claimstead/wire/link/http-over-link';

const v1 = [
  'data',
  'chart',
  'charts',
  'context',
  'contexts',
  'info',
  'alarms',
  'alarms_values',
  'alarm_log',
  'alarm_count',
  'alarm_variables',
  'allmetrics',
  'aclk',
  'weights',
  'metric_correlations',
  'ml_info',
  'functions',
  'function',
];
const v2 = [
  'data',
  'nodes',
  'contexts',
  'weights',
  'q',
  'info',
  'node_instances',
  'versions',
  'functions',
  'alerts',
  'alert_transitions',
  'alert_config',
];
const v3 = [...v2, 'context', 'allmetrics', 'stream_path', 'stream_info', 'variable'];

/** Endpoints that read; what changes something on a host is not among them. A function reads, too, but for the one that configures. */
export const relayablePaths: ReadonlySet<string> = new Set([
  ...v1.map((name) => `/api/v1/${name}`),
  ...v2.map((name) => `/api/v2/${name}`),
  ...v3.map((name) => `/api/v3/${name}`),
]);

/** Spellings by which a path is read differently by two readers. */
const ambiguous = /%(?:0[0-9a-f]|1[0-9a-f]|2e|2f|5c|7f)/i;

/** Words by which an agent's configuration is read and changed as if it were a function; agents compare the first one. */
const configuring = /^\s*config(\s|$)/i;
/** A name and its arguments. */
const maxFunctionCharacters = 1024;

function isReadingFunction(query: string): boolean {
  // Agents decode the whole query before they split it: an encoded `&` or `=` begins a parameter to them, and the last one of a name counts.
  // They read any two characters behind a `%` as digits, `%2]` as `&`, and what follows bytes that are no UTF-8 not at all.
  if (/%(?:26|3d|(?![0-9a-f]{2}))/i.test(query)) return false;
  const asked = new URLSearchParams(query).getAll('function');
  const [called = ''] = asked;
  // Agents read `+` as it stands or as a blank, each as it likes: neither may hide the word.
  const names = [called, called.replaceAll('+', ' ')];
  return (
    asked.length === 1 &&
    called !== '' &&
    called.length <= maxFunctionCharacters &&
    !names.some((name) => configuring.test(name) || name.includes('\uFFFD'))
  );
}

/** The target to send, exactly as it was asked for. Throws relay-path-refused or relay-query-refused. */
export function relayTarget(target: string): string {
  const mark = target.indexOf('?');
  const path = mark < 0 ? target : target.slice(0, mark);
  if (!relayablePaths.has(path)) throw new CloudError('relay-path-refused');
  const query = mark < 0 ? '' : target.slice(mark);
  // Once decoded, %0d%0a is a line end and %00 the end of the text, for whoever reads it next.
  if (!isRelayableTarget(target) || /%(?:0[0-9a-f]|1[0-9a-f]|7f)/i.test(query) || ambiguous.test(path)) {
    throw new CloudError('relay-query-refused');
  }
  if (path === '/api/v1/function' && !isReadingFunction(query)) throw new CloudError('relay-query-refused');
  return target;
}

/** Seconds that functions may take: those that look through logs need some. */
const maxFunctionSeconds = 120;
const defaultFunctionSeconds = 60;

/** How long an answer may take, milliseconds; undefined = as any. An agent is given a moment more than it was asked to take. */
export function relayTimeoutMs(target: string): number | undefined {
  if (!target.startsWith('/api/v1/function?')) return undefined;
  const seconds = Number(new URLSearchParams(target.slice(target.indexOf('?'))).get('timeout') ?? '');
  const wanted = Number.isFinite(seconds) && seconds > 0 ? seconds : defaultFunctionSeconds;
  return (Math.min(wanted, maxFunctionSeconds) + 2) * 1000;
}
