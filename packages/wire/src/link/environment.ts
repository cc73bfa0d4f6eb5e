// Where an agent authenticates and dials, and how fast it comes back: `GET /api/v1/env`, asked before every connection.
// Reading order of this folder: environment, challenge, topics, capabilities, upstream and downstream (the messages),
// envelope (bytes ⇄ messages), http-over-link. [docs/link-protocol.md, Environment]

export const environmentPath = '/api/v1/env';

export interface BackOff {
  base: number;
  /** Agents in the field compare these as seconds and sleep them as milliseconds; equal values make the delay constant. */
  minSeconds: number;
  maxSeconds: number;
}

export interface Environment {
  authEndpoint: string;
  encoding: 'proto';
  transports: { type: 'MQTTv5' | 'MQTTv3'; endpoint: string }[];
  backoff: BackOff;
  capabilities: string[];
}

/** Milliseconds that every returning agent waits. 3,000 brings a fleet back in seconds, and a storm is paced by `errorRetryDelaySeconds`. */
export const backOffMs = 3000;

/**
 * The answer to every agent. Ports are always explicit: without one, agents dial port 0. MQTTv5 stands first and no other type is
 * listed: agents up to v1.36 choose MQTTv3 by name, later ones MQTTv5, and an unknown type crashes some.
 */
export function environmentFor(publicUrl: URL): Environment {
  const port = publicUrl.port === '' ? '443' : publicUrl.port;
  const authority = `${publicUrl.hostname}:${port}`;
  return {
    authEndpoint: `https://${authority}/api/v1/auth`,
    encoding: 'proto',
    transports: [
      { type: 'MQTTv5', endpoint: `wss://${authority}/mqtt` },
      { type: 'MQTTv3', endpoint: `wss://${authority}/mqtt` },
    ],
    backoff: { base: 2, minSeconds: backOffMs, maxSeconds: backOffMs },
    capabilities: ['proto', 'ctx'],
  };
}

/** However small the Cloud's values are: an agent that never waits longer than nothing comes back hundreds of times in a second. */
const leastMaxDelayMs = 1000;

/** What an agent takes from the answer. */
export interface Destination {
  /** https URL without trailing slash. */
  authEndpoint: URL;
  /** wss URL. */
  mqttEndpoint: URL;
  minDelayMs: number;
  maxDelayMs: number;
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function tlsUrl(text: unknown, protocol: 'https:' | 'wss:', what: string): URL {
  if (typeof text !== 'string' || text.length > 2048 || !URL.canParse(text))
    throw new Error(`the environment names no ${what}`);
  const url = new URL(text);
  // Plain text is refused whoever asks for it, also the Cloud itself. [trust T28]
  if (url.protocol !== protocol) throw new Error(`the environment's ${what} is not ${protocol}//`);
  if (url.username !== '' || url.password !== '') throw new Error(`the environment's ${what} holds credentials`);
  return url;
}

/** Reads the answer as an agent; throws an Error with one sentence when it cannot be used. */
export function readEnvironment(value: unknown): Destination {
  if (!isRecord(value)) throw new Error('the environment is not a JSON object');
  if (value['encoding'] !== 'proto') throw new Error('the environment asks for an encoding other than proto');
  const transports = Array.isArray(value['transports']) ? (value['transports'] as unknown[]) : [];
  const transport = transports.filter(isRecord).find((entry) => entry['type'] === 'MQTTv5');
  if (transport === undefined) throw new Error('the environment lists no MQTTv5 transport');
  const backOff = isRecord(value['backoff']) ? value['backoff'] : {};
  const whole = (key: string, otherwise: number): number => {
    const n = backOff[key];
    return typeof n === 'number' && Number.isFinite(n) && n >= 0 ? n : otherwise;
  };
  // Values of 500 and more are milliseconds by custom; smaller ones are the seconds that their name says.
  const ms = (n: number): number => (n >= 500 ? n : n * 1000);
  const minDelayMs = Math.min(ms(whole('minSeconds', 1)), 60_000);
  return {
    authEndpoint: tlsUrl(value['authEndpoint'], 'https:', 'authEndpoint'),
    mqttEndpoint: tlsUrl(transport['endpoint'], 'wss:', 'transport'),
    minDelayMs,
    maxDelayMs: Math.max(minDelayMs, leastMaxDelayMs, Math.min(ms(whole('maxSeconds', 300)), 300_000)),
  };
}
