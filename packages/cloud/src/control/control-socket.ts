// The private socket: HTTP in DIR/cloud/control.sock, for `claimstead admin …`. Whoever may enter the folder (0700) and open the
// socket (0600) owns the Cloud's data anyway; so there is no sign-in here, and nothing on the network leads here.
// Reading order: control-socket.ts (its address), control-commands.ts (what it answers), control-server.ts, control-client.ts.

import { closeSync, constants, openSync } from 'node:fs';
import { basename, dirname } from 'node:path';

/**
 * The kernel takes at most 107 bytes as a socket's address, and a data folder may lie deeper. Through the descriptor of its folder
 * every path is short. Keep it open as long as the address is used.
 */
export function shortSocketAddress(socketFile: string): { address: string; release: () => void } {
  const fd = openSync(dirname(socketFile), constants.O_RDONLY | constants.O_DIRECTORY);
  return { address: `/proc/self/fd/${fd}/${basename(socketFile)}`, release: () => closeSync(fd) };
}
