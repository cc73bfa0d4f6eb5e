// What goes over the private socket between netdatacli, netdata-claim.sh and the daemon. Reading order: reply.ts (the framing),
// control-server.ts (the daemon's side), control-client.ts (the programs' side), short-path.ts.
//
// Request: the words, each followed by a blank, then end of writing. Reply: `X`, the exit code in decimal, NUL; then, if there is a
// text, `O` (for stdout) or `E` (for stderr) and the text; then close. The framing is the one of the programs that users know.

export interface ControlReply {
  /** Exit code of netdatacli: 0 done, 1 failed, 2 busy. */
  code: number;
  /** For the person; may be empty. */
  text: string;
}

/** Bytes of a request. The longest command writes a setting of one line. */
export const maxRequestBytes = 4096;
/** Bytes of a reply that a client reads: `aclk-state json` of a parent with 1,000 nodes is below 1 MiB. */
export const maxReplyBytes = 4 * 1024 * 1024;

export const formatRequest = (words: readonly string[]): string => words.map((word) => `${word} `).join('');

/** What follows the name, as words, and as the text that it was: a value may hold blanks. */
export interface ControlRequest {
  /** '' when there is none. */
  name: string;
  args: readonly string[];
  text: string;
}

export function parseRequest(request: string): ControlRequest {
  const [name = ''] = /\S+/.exec(request) ?? [];
  const text = request.slice(request.indexOf(name) + name.length).trim();
  return { name, args: text === '' ? [] : text.split(/\s+/), text };
}

export function formatReply({ code, text }: ControlReply): string {
  return `X${code}\0${text === '' ? '' : `${code === 0 ? 'O' : 'E'}${text}`}`;
}

/** Undefined for anything that is not a whole reply. */
export function parseReply(text: string): (ControlReply & { stream: 'stdout' | 'stderr' }) | undefined {
  const head = /^X(\d{1,3})\0(?:([OE])|$)/.exec(text);
  if (head === null || Number(head[1]) > 255) return undefined;
  return { code: Number(head[1]), stream: head[2] === 'O' ? 'stdout' : 'stderr', text: text.slice(head[0].length) };
}
