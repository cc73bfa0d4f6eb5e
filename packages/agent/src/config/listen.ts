// Where the agent's own page and API are served.

import { ConfigError, type SettingReader } from './setting-reader.ts';

export interface WebListen {
  /** What to listen on; undefined: every address. An IPv6 address has no brackets. */
  address: undefined | string;
  /** 0: any free one. */
  port: number;
}

/** `[web] bind to`: `host`, `host:port`, `*`, `*:port`, `[::1]`, `[::1]:port`; without a port `[web] default port` counts. Throws ConfigError. */
export function readListen({ read, place }: SettingReader): WebListen {
  const portOf = (text: string, key: string): number => {
    const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
    if (!(port <= 65_535))
      throw new ConfigError(`${place('web', key)} is "${text}"; a port is a number from 0 to 65535.`);
    return port;
  };
  // Looked at even where `bind to` names a port: who typed -p wants to hear of a mistake in it.
  const usual = portOf(read('web', 'default port') ?? '19999', 'default port');
  const bindTo = read('web', 'bind to') ?? 'localhost';
  const form =
    /^(?:\[([0-9A-Fa-f:.%\w]+)\]|([^\s[\]:]+)|([0-9A-Fa-f]*:[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*))(?::(\d+))?$/.exec(bindTo);
  // A bare IPv6 address with a port after it cannot be told from a longer address.
  const host = form?.[1] ?? form?.[2] ?? (form?.[4] === undefined ? form?.[3] : undefined);
  if (host === undefined) {
    const example = 'write one address, such as localhost, 10.0.0.1:19999, [::1]:19999 or *';
    throw new ConfigError(`${place('web', 'bind to')} is "${bindTo}"; ${example}.`);
  }
  const port = form?.[4] === undefined ? usual : portOf(form[4], 'bind to');
  return { address: host === '*' ? undefined : host, port };
}
