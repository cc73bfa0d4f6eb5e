// The command that an administrator pastes on a node. Its parts need no quoting in any shell: a token is [0-9A-Za-z_], a room's
// slug [a-z0-9-], the URL's host was checked when the Cloud started.

export interface ClaimCommand {
  /** For a shell of the agent's own user, or of root in a container. */
  command: string;
  sudoCommand: string;
  /** Null where the Cloud's certificate needs no private authority. */
  trustCommand: string | null;
  sudoTrustCommand: string | null;
}

/** `url` is the Cloud's base address without a trailing slash; no rooms = no `-rooms`. */
export function claimCommand(wanted: {
  token: string;
  roomSlugs: readonly string[];
  url: string;
  caPem: string | null;
}): ClaimCommand {
  const { token, roomSlugs, url, caPem } = wanted;
  const rooms = roomSlugs.length === 0 ? '' : ` -rooms=${roomSlugs.join(',')}`;
  const command = `netdata-claim.sh -token=${token}${rooms} -url=${url}`;
  return {
    command,
    sudoCommand: `sudo ${command}`,
    trustCommand: caPem === null ? null : trustCommandFor(caPem, ''),
    sudoTrustCommand: caPem === null ? null : trustCommandFor(caPem, 'sudo '),
  };
}

/**
 * Where the agent looks for authorities that it trusts beside the system's: below the configuration directory that the same shell's
 * netdata-claim.sh uses. A here-document between quotes: nothing in it is expanded, and it is one paste.
 */
function trustCommandFor(caPem: string, sudo: '' | 'sudo '): string {
  const directory = '"${NETDATA_USER_CONFIG_DIR:-/etc/netdata}/claim.d"';
  const file = '"${NETDATA_USER_CONFIG_DIR:-/etc/netdata}/claim.d/cloud_fullchain.pem"';
  return [
    `${sudo}mkdir -p ${directory} && ${sudo}tee ${file} > /dev/null <<'CLAIMSTEAD_CA'`,
    caPem.trim(),
    'CLAIMSTEAD_CA',
  ].join('\n');
}

/** The base address as commands show it. */
export const commandUrl = (publicUrl: URL): string => publicUrl.origin;
