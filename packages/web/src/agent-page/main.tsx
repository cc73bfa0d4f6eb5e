// Start of the agent's own page (agent.html). It shares charts/ and ui/ with the Cloud's pages, and nothing else.

import '../without-eval.ts';
import { createRoot } from 'react-dom/client';
import '../ui/tokens.css';
import '../ui/base.css';
import { startTheme } from '../ui/theme.ts';
import { AgentPage } from './AgentPage.tsx';

startTheme();
const root = document.getElementById('root');
if (root) createRoot(root).render(<AgentPage />);
