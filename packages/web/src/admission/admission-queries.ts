// What the pages ask about admission.

import { AdmissionView } from '@claimstead/wire/cloud-api/admission';
import { queryOptions } from '@tanstack/react-query';
import { call } from '../api/client.ts';

const id = encodeURIComponent;
const path = (spaceId: string): string => `/spaces/${id(spaceId)}/admission`;

export const admissionKey = (spaceId: string) => ['admission', spaceId] as const;
export const admissionQuery = (spaceId: string) =>
  queryOptions({
    queryKey: admissionKey(spaceId),
    queryFn: ({ signal }) => call({ path: path(spaceId), schema: AdmissionView, signal }),
    staleTime: 30_000,
  });
export const turnAdmission = (spaceId: string, isOn: boolean) =>
  call({ method: 'PUT', path: path(spaceId), body: { isOn }, schema: AdmissionView });
export const admitNode = (nodeId: string) => call({ method: 'POST', path: `/nodes/${id(nodeId)}/admit` });
