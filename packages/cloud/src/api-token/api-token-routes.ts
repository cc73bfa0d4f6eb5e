// GET and POST /account/tokens, DELETE /account/tokens/:tokenId.

import { ApiTokenList, ApiTokenMade, ApiTokenMake, type ApiTokenView } from '@claimstead/wire/cloud-api/api-tokens';
import { apiBase } from '@claimstead/wire/cloud-api/problem';
import { CloudError } from '@claimstead/wire/errors';
import type { SpaceId } from '@claimstead/wire/ids';
import type { Events } from '../events.ts';
import { route, type RouteEntry } from '../http/routes.ts';
import type { ApiToken, ApiTokens } from './api-token.ts';

export function apiTokenRoutes({ tokens, events }: { tokens: ApiTokens; events: Events }): RouteEntry[] {
  const path = `${apiBase}/account/tokens`;
  return [
    route({
      method: 'GET',
      path,
      permission: 'own-session',
      summary: 'The API tokens of the account, newest first; never the tokens themselves.',
      responses: { 200: ApiTokenList },
      handle: async ({ who }) => ({
        status: 200,
        body: { tokens: (await tokens.ofAccount(who.accountId)).map(toView) },
      }),
    }),
    route({
      method: 'POST',
      path,
      permission: 'own-session',
      summary: 'Makes an API token for one Space; the answer is the only place where it stands.',
      body: ApiTokenMake,
      responses: { 201: ApiTokenMade },
      handle: async ({ who: { accountId }, body, sourceNetwork }) => {
        const wanted = { ...body, accountId, spaceId: body.spaceId.toLowerCase() as SpaceId };
        const { token, kept } = await tokens.make(wanted, sourceNetwork);
        events.apiTokenMade({ accountId, tokenId: kept.apiTokenId, spaceId: kept.spaceId });
        return { status: 201, body: { token, view: toView(kept) } };
      },
    }),
    route({
      method: 'DELETE',
      path: `${path}/:tokenId`,
      permission: 'own-session',
      summary: 'Revokes an API token: refused from the next request on.',
      handle: async ({ who: { accountId }, params, sourceNetwork }) => {
        const tokenId = params['tokenId'] ?? '';
        if (!(await tokens.revoke(accountId, tokenId, sourceNetwork))) throw new CloudError('not-found');
        events.apiTokenRevoked({ accountId, tokenId });
        return { status: 204 };
      },
    }),
  ];
}

const toView = ({
  apiTokenId,
  name,
  spaceId,
  role,
  createdAtMs,
  expiresAtMs,
  lastUsedAtMs,
}: ApiToken): ApiTokenView => ({
  id: apiTokenId,
  name,
  spaceId,
  role,
  since: new Date(createdAtMs).toISOString(),
  expiresAt: new Date(expiresAtMs).toISOString(),
  lastUsedAt: lastUsedAtMs === null ? null : new Date(lastUsedAtMs).toISOString(),
});
