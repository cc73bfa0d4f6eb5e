// Two builds of one source: `vite build` makes the Cloud's pages in dist/cloud, `vite build --mode agent` the agent's own
// page in dist/agent.

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';

const require = createRequire(import.meta.url);
const pathTo = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url));

/** Web servers look for index.html; the source has that name already for the Cloud's pages. */
const agentHtmlAsIndex: Plugin = {
  name: 'agent-html-as-index',
  enforce: 'post',
  generateBundle(_, bundle) {
    const page = bundle['agent.html'];
    if (page) page.fileName = 'index.html';
  },
};

/** Documentation of the API, with the library's own files: plain files beside the pages, so that none of it is in their bundle. */
const apiDocs: Plugin = {
  name: 'api-docs',
  generateBundle() {
    const library = dirname(require.resolve('swagger-ui-dist/package.json'));
    const files = {
      'index.html': pathTo('./api-docs/index.html'),
      'api-docs.js': pathTo('./api-docs/api-docs.js'),
      'api-docs.css': pathTo('./api-docs/api-docs.css'),
      'swagger-ui.css': `${library}/swagger-ui.css`,
      'swagger-ui-bundle.js': `${library}/swagger-ui-bundle.js`,
      'LICENSE.txt': `${library}/LICENSE`,
      'NOTICE.txt': `${library}/NOTICE`,
    };
    for (const [name, path] of Object.entries(files))
      this.emitFile({ type: 'asset', fileName: `api-docs/${name}`, source: readFileSync(path) });
  },
};

export default defineConfig(({ mode }) => {
  const isAgent = mode === 'agent';
  return {
    root: pathTo('.'),
    // The agent's page may be shown below any path (behind a proxy); the Cloud's pages have addresses of several parts.
    base: isAgent ? './' : '/',
    plugins: [react(), isAgent ? agentHtmlAsIndex : apiDocs],
    build: {
      outDir: pathTo(isAgent ? './dist/agent' : './dist/cloud'),
      emptyOutDir: true,
      target: 'es2022',
      // Nothing inline: the Content-Security-Policy allows scripts and pictures of the own origin only.
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
      rolldownOptions: {
        input: pathTo(isAgent ? './agent.html' : './index.html'),
        output: {
          // One chunk for all that makes schemas, because without-eval.ts must run before the first schema is made, and chunks
          // run as a whole, before the one that imports them.
          codeSplitting: { groups: [{ name: 'schemas', test: /[\\/](zod|wire)[\\/]|without-eval/ }] },
        },
      },
    },
    server: { host: '127.0.0.1', proxy: { '/api': { target: 'http://127.0.0.1:4180', ws: true } } },
  };
});
