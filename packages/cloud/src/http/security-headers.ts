// Headers of every answer, so that a browser does only what the pages need.

/**
 * Of answers to agents, which render nothing: those up to v1.40 give up on a header of more than 255 bytes, which a policy with a long host
 * name is, and those up to v1.47 look for the letters of the protocol's name in all of them.
 */
export const agentHeaders: Readonly<Record<string, string>> = { 'x-content-type-options': 'nosniff' };

/**
 * `style-src 'unsafe-inline'`: Mantine writes style attributes and one style element for its variables. Scripts have no such
 * exception. `hsts` is left out for localhost, where it would break everything else that runs there.
 */
export function securityHeaders(publicUrl: URL): Readonly<Record<string, string>> {
  const isLocal = ['localhost', '127.0.0.1', '[::1]'].includes(publicUrl.hostname);
  return {
    'content-security-policy': [
      `default-src 'self'`,
      `style-src 'self' 'unsafe-inline'`,
      `img-src 'self' data:`,
      // Named beside 'self', because some browsers do not take 'self' for sockets.
      `connect-src 'self' wss://${publicUrl.host}`,
      `object-src 'none'`,
      `base-uri 'none'`,
      `form-action 'self'`,
      `frame-ancestors 'none'`,
    ].join('; '),
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'permissions-policy': 'camera=(), geolocation=(), microphone=()',
    'x-frame-options': 'DENY',
    ...(isLocal ? {} : { 'strict-transport-security': 'max-age=31536000' }),
  };
}
