// Headers of every answer, so that a browser does only what the pages need.

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
