// Which names this agent answers to, so that no foreign web page can read it through a name of its own.

/** Whether only programs on this machine can reach this address. */
export function isLoopback(address: string): boolean {
  return address === 'localhost' || address === '::1' || /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(address);
}

/**
 * Whether a request's Host header names this agent. A page elsewhere can let its own name point to 127.0.0.1 and then
 * read what answers there (DNS rebinding); its requests still carry that name.
 */
export function namesThisAgent(host: string | undefined, ownNames: readonly string[]): boolean {
  if (host === undefined || host.length > 262) return false;
  const name = /^(\[[0-9a-f:.]+\]|[^:\s]+)(?::\d{1,5})?$/i.exec(host)?.[1]?.toLowerCase();
  if (name === undefined) return false;
  return ['localhost', '127.0.0.1', '[::1]', ...ownNames.map((own) => own.toLowerCase())].includes(name);
}
