// The command that somebody pastes on a machine, in the forms that there are. The Cloud makes the first two; the page makes all of them,
// so that a proxy and its password never leave the browser.

import { z } from 'zod';

/** Who runs it where: the agent's own user, root through sudo, a container that runs, a container that is made. */
export const claimForms = ['user', 'sudo', 'docker-exec', 'docker-run'] as const;
export type ClaimForm = (typeof claimForms)[number];

/**
 * What -proxy= takes. Of the address every character that a shell could act upon, a blank and a quote are refused: in credentials they are
 * written with a %, as anywhere in a URL.
 */
export const ProxySetting = z
  .string()
  .trim()
  .max(512)
  .regex(
    /^(?:none|env|(?:http|socks5h?):\/\/(?:[A-Za-z0-9._%+=-]*(?::[A-Za-z0-9._%+=-]*)?@)?(?:\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]+):\d{1,5})$/,
    'must be none, env, or http://, socks5:// or socks5h:// with host and port; in a password, write special characters with %',
  )
  .refine((text) => (/:(\d+)$/.exec(text)?.[1] ?? '1') !== '0' && Number(/:(\d+)$/.exec(text)?.[1] ?? 1) <= 65_535, {
    message: 'names a port that does not exist',
  });

export interface ClaimCommandParts {
  token: string;
  /** None = no `-rooms`. */
  roomSlugs: readonly string[];
  /** The Cloud's base address without a trailing slash. */
  url: string;
  /** Null where the Cloud's certificate needs no private authority. */
  caPem: string | null;
  /** Null = no `-proxy`: the agent decides by its own configuration. */
  proxy: string | null;
}

export interface ClaimCommands {
  /** To be run first, once per machine; null where nothing is. */
  trust: string | null;
  claim: string;
}

/** One word of any POSIX shell, quoted where it needs to be. */
export const shellWord = (text: string): string =>
  /^[A-Za-z0-9_.,:/@%+=-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;

/** The options as words. */
export function claimOptions({ token, roomSlugs, url, proxy }: ClaimCommandParts): string[] {
  return [
    `-token=${token}`,
    ...(roomSlugs.length === 0 ? [] : [`-rooms=${roomSlugs.join(',')}`]),
    `-url=${url}`,
    ...(proxy === null ? [] : [`-proxy=${proxy}`]),
  ];
}

export function claimCommands(form: ClaimForm, parts: ClaimCommandParts): ClaimCommands {
  const script = ['netdata-claim.sh', ...claimOptions(parts)].map(shellWord).join(' ');
  const { caPem } = parts;
  switch (form) {
    case 'user':
      return { trust: caPem === null ? null : trustOnMachine(caPem, ''), claim: script };
    case 'sudo':
      return { trust: caPem === null ? null : trustOnMachine(caPem, 'sudo '), claim: `sudo ${script}` };
    case 'docker-exec':
      return { trust: caPem === null ? null : trustInContainer(caPem), claim: `docker exec -it netdata ${script}` };
    case 'docker-run':
      return { trust: caPem === null ? null : here(`tee ${caFile} > /dev/null`, caPem), claim: newContainer(parts) };
  }
}

/** Opens a shell of the agent's user, for the form `user`. */
export const becomeAgentUser = 'sudo su -s /bin/bash netdata';

/** A here-document between quotes: nothing in it is expanded, and it is one paste. */
const here = (command: string, caPem: string): string =>
  [`${command} <<'CLAIMSTEAD_CA'`, caPem.trim(), 'CLAIMSTEAD_CA'].join('\n');

/**
 * Where the agent looks for authorities that it trusts beside the system's: below the configuration directory that the same shell's
 * netdata-claim.sh uses.
 */
const claimDirectory = '"${NETDATA_USER_CONFIG_DIR:-/etc/netdata}/claim.d"';
const claimDirectoryFile = '"${NETDATA_USER_CONFIG_DIR:-/etc/netdata}/claim.d/cloud_fullchain.pem"';

const trustOnMachine = (caPem: string, sudo: '' | 'sudo '): string =>
  here(`${sudo}mkdir -p ${claimDirectory} && ${sudo}tee ${claimDirectoryFile} > /dev/null`, caPem);

const trustInContainer = (caPem: string): string =>
  here(`docker exec -i netdata sh -c 'mkdir -p ${claimDirectory} && cat > ${claimDirectoryFile}'`, caPem);

/** Beside the container, which gets to see it. */
const caFile = 'claimstead-ca.pem';

/** As the agent's documentation has it; the container goes through the proxy with its link, too. */
function newContainer(parts: ClaimCommandParts): string {
  const { url, caPem, proxy } = parts;
  const mount = (path: string): string => `-v ${path}:/host${path}:ro`;
  const set = (section: string, key: string, value: string): string =>
    ['-W', 'set', section, key, value].map(shellWord).join(' ');
  const cloud = [
    set('global', 'netdata cloud', 'enable'),
    set('cloud', 'cloud base url', url),
    ...(proxy === null ? [] : [set('cloud', 'proxy', proxy)]),
    `-W ${shellWord(['claim', ...claimOptions(parts)].join(' '))}`,
  ];
  return [
    'docker run -d --name=netdata',
    '-p 19999:19999',
    ...['/etc/passwd', '/etc/group', '/proc', '/sys', '/etc/os-release'].map(mount),
    ...(caPem === null ? [] : [`-v "$PWD/${caFile}":/etc/netdata/claim.d/cloud_fullchain.pem:ro`]),
    '--cap-add SYS_PTRACE',
    '--security-opt apparmor=unconfined',
    'netdata/netdata',
    `/usr/sbin/netdata -D ${cloud.join(' ')}`,
  ].join(' \\\n  ');
}
