// What the pages ask about claiming tokens. Texts of tokens are answers of commands and are kept by nobody.

import {
  ClaimTokenList,
  ClaimTokenView,
  NewClaimTokenView,
  type ClaimTokenChange,
  type ClaimTokenCreate,
  type StandingTokenCreate,
} from '@claimstead/wire/cloud-api/claim-tokens';
import { queryOptions } from '@tanstack/react-query';
import { call } from '../api/client.ts';
import { allPages } from '../api/pages.ts';

const id = encodeURIComponent;
const tokensPath = (spaceId: string): string => `/spaces/${id(spaceId)}/claim-tokens`;
const onePath = (spaceId: string, tokenId: string): string => `${tokensPath(spaceId)}/${id(tokenId)}`;

export const tokensKey = (spaceId: string) => ['claim-tokens', spaceId] as const;

export const tokensQuery = (spaceId: string) =>
  queryOptions({
    queryKey: tokensKey(spaceId),
    queryFn: ({ signal }) =>
      allPages(
        tokensPath(spaceId),
        (path) => call({ path, schema: ClaimTokenList, signal }),
        ({ tokens }) => tokens,
        (token) => token.id,
      ),
    staleTime: 10_000,
  });

export const makeToken = (spaceId: string, body: ClaimTokenCreate) =>
  call({ method: 'POST', path: tokensPath(spaceId), body, schema: NewClaimTokenView });
export const makeStandingToken = (spaceId: string, body: StandingTokenCreate) =>
  call({ method: 'POST', path: `/spaces/${id(spaceId)}/standing-token`, body, schema: NewClaimTokenView });
/** Each look is a row of the audit, so it is asked for and never renewed by itself. */
export const viewToken = (spaceId: string, tokenId: string) =>
  call({ method: 'POST', path: `${onePath(spaceId, tokenId)}/view`, schema: NewClaimTokenView });
export const changeToken = (spaceId: string, tokenId: string, body: ClaimTokenChange) =>
  call({ method: 'PATCH', path: onePath(spaceId, tokenId), body, schema: ClaimTokenView });
export const regenerateToken = (spaceId: string, tokenId: string) =>
  call({ method: 'POST', path: `${onePath(spaceId, tokenId)}/regenerate`, schema: NewClaimTokenView });
export const revokeToken = (spaceId: string, tokenId: string) =>
  call({ method: 'DELETE', path: onePath(spaceId, tokenId) });
