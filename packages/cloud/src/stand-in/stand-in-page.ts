// What people see while a stand-in holds the port: one page without anything to load, which looks again by itself.

import { createHash } from 'node:crypto';

/** Colours of packages/web/src/ui/tokens.css. */
const style = `:root{color-scheme:light dark;--bg:#f4f6f4;--surface:#fff;--line:#d9dfda;--text:#18211c;--soft:#4c5a52;--accent:#0e7a63}
@media (prefers-color-scheme:dark){:root{--bg:#111613;--surface:#18201c;--line:#2b352f;--text:#e8eeea;--soft:#a6b4ac;--accent:#4fc3a1}}
*{box-sizing:border-box}
body{margin:0;min-height:100vh;display:grid;place-items:center;padding:24px;background:var(--bg);color:var(--text);font:16px/1.5 system-ui,sans-serif}
main{max-width:440px;padding:32px;border:1px solid var(--line);border-top:4px solid var(--accent);border-radius:14px;background:var(--surface)}
h1{margin:0 0 8px;font-size:20px}
p{margin:0;color:var(--soft)}`;

export const standInPage = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="refresh" content="5">
<title>Back soon · Claimstead</title>
<style>${style}</style>
</head>
<body>
<main>
<h1>This Cloud is being worked on</h1>
<p>Your nodes go on measuring; nothing is lost. This page looks again by itself and goes on when the Cloud is back.</p>
</main>
</body>
</html>
`;

const styleHash = createHash('sha256').update(style).digest('base64');

export const pageHeaders: Readonly<Record<string, string | number>> = {
  'content-type': 'text/html; charset=utf-8',
  'content-length': Buffer.byteLength(standInPage),
  'content-security-policy': `default-src 'none'; style-src 'sha256-${styleHash}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cache-control': 'no-store',
  'retry-after': 10,
};
