// Two builds of one source: `vite build` makes the Cloud's pages in dist/cloud, `vite build --mode agent` the agent's own
// page in dist/agent.

import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';

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

export default defineConfig(({ mode }) => {
  const isAgent = mode === 'agent';
  return {
    root: pathTo('.'),
    // The agent's page may be shown below any path (behind a proxy); the Cloud's pages have addresses of several parts.
    base: isAgent ? './' : '/',
    plugins: [react(), ...(isAgent ? [agentHtmlAsIndex] : [])],
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
