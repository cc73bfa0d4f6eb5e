// Functions: what an agent can be asked to look up at this moment (processes, connections, mount points, …). Reading order:
// function-list (which there are, for whom), function-table (an answer as a table), cell-text, row-order (sorting, finding),
// row-window (what is drawn), use-function (asking again and again), FunctionPage, FunctionTable. This file is pure.

import type { Role } from '@claimstead/wire/cloud-api/roles';
import { permissionBits, rolePermissions, type Permission } from '@claimstead/wire/link/permissions';
import { z } from 'zod';

const Listed = z.object({
  help: z.string().max(10_000).catch(''),
  /** Seconds. */
  timeout: z.number().catch(10),
  /** Words with blanks between them. */
  tags: z.string().max(1000).catch(''),
  /** Absent before v1.46: those agents ask for nothing. */
  access: z.array(z.string().max(100)).max(50).catch([]),
  priority: z.number().catch(1000),
});

export interface AgentFunction {
  name: string;
  help: string;
  timeoutSeconds: number;
  /** `logs`: its answer is a journal, not a table of things. */
  tags: string[];
  /** Permissions that whoever asks must have. */
  access: string[];
  priority: number;
}

const mostFunctions = 500;
const byName = new Intl.Collator('en', { numeric: true, sensitivity: 'base' });

/** `/api/v1/functions` → functions, the most important first. Throws when the answer has another form. */
export function parseFunctionList(answer: unknown): AgentFunction[] {
  const { functions } = z.object({ functions: z.record(z.string(), z.unknown()) }).parse(answer);
  const list: AgentFunction[] = [];
  for (const [name, candidate] of Object.entries(functions).slice(0, mostFunctions)) {
    const listed = Listed.safeParse(candidate);
    if (!listed.success || name === '' || name.length > 500) continue;
    const { help, timeout, tags, access, priority } = listed.data;
    list.push({
      name,
      help,
      timeoutSeconds: Math.min(60, Math.max(1, Math.ceil(timeout))),
      tags: tags.split(/\s+/).filter(Boolean),
      access,
      priority,
    });
  }
  return list.sort((a, b) => a.priority - b.priority || byName.compare(a.name, b.name));
}

/** Permissions that the role lacks for the function; empty = it is offered. The agent decides, this only foretells. */
export const missingAccess = ({ access }: Pick<AgentFunction, 'access'>, role: Role): string[] =>
  role === 'admin' ? [] : access.filter((name) => name !== 'none' && !roleHas(role, name));

const roleHas = (role: Role, name: string): boolean =>
  name in permissionBits && (rolePermissions[role] & permissionBits[name as Permission]) !== 0;

/** `mount-points` reads `Mount points`. */
export const functionLabel = (name: string): string =>
  (name.charAt(0).toUpperCase() + name.slice(1)).replaceAll(/[-_]+/g, ' ').trim() || name;
