// Start of the Cloud's pages (index.html). The agent's own page starts in agent-page/main.tsx.

import './trusted-types.ts';
import './without-eval.ts';
import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { createRoot } from 'react-dom/client';
import './ui/tokens.css';
import './ui/base.css';
import { createQueries } from './api/query-client.ts';
import { createRoutes } from './routes.tsx';
import { UiProvider } from './ui/mantine.tsx';
import { startTheme } from './ui/theme.ts';

startTheme();
const queries = createQueries({ onSignedOut: () => void router.invalidate() });
const router = createRoutes(queries);

const root = document.getElementById('root');
if (root) {
  createRoot(root).render(
    <QueryClientProvider client={queries}>
      <UiProvider>
        <RouterProvider router={router} />
      </UiProvider>
    </QueryClientProvider>,
  );
}
