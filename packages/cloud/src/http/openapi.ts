// GET /api/cloud/v1/openapi.json: made from the same schemas that check requests and answers, so it cannot tell anything else.

import { apiBase, Problem } from '@claimstead/wire/cloud-api/problem';
import swagger from '@fastify/swagger';
import type { FastifyInstance, FastifySchema } from 'fastify';
import { jsonSchemaTransform } from 'fastify-type-provider-zod';
import type { RouteEntry } from './routes.ts';

export const openapiPath = `${apiBase}/openapi.json`;

/** Called before the first route is registered, because the document is gathered as routes come. */
export async function registerOpenapi(app: FastifyInstance, version: string): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: { title: 'Claimstead Cloud', version, description: 'Errors are Problems: kind, message and requestId.' },
      components: {
        securitySchemes: {
          session: { type: 'apiKey', in: 'cookie', name: '__Host-claimstead' },
          token: { type: 'http', scheme: 'bearer' },
        },
      },
    },
    transform: jsonSchemaTransform,
  });
}

/** The part of an entry that checks requests and describes them. Bodies of agents are texts of any content type: they have no schema. */
export function schemaOf(entry: RouteEntry): FastifySchema {
  const isAgent = entry.permission === 'agent';
  const schema: FastifySchema = {
    summary: entry.summary,
    description: `Permission: ${entry.permission}.`,
    tags: [isAgent ? 'agents' : (entry.path.slice(apiBase.length + 1).split('/')[0] ?? 'cloud') || 'cloud'],
    operationId: `${entry.method.toLowerCase()} ${entry.path}`,
  };
  if (entry.permission !== 'public' && !isAgent)
    schema.security = entry.permission === 'own-session' ? [{ session: [] }] : [{ session: [] }, { token: [] }];
  if (entry.params !== undefined) schema.params = entry.params;
  if (entry.query !== undefined) schema.querystring = entry.query;
  if (entry.body !== undefined) schema.body = entry.body;
  const responses = Object.entries(entry.responses);
  if (!isAgent) schema.response = Object.fromEntries([...responses, ['default', Problem]]);
  else if (responses.length > 0) schema.response = Object.fromEntries(responses);
  return schema;
}
