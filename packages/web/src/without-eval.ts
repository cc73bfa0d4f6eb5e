// To be imported before any schema is made: zod would otherwise try whether it may compile code, which the pages'
// Content-Security-Policy refuses and the browser reports as a violation.

import { config } from 'zod';

config({ jitless: true });
