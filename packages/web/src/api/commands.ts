// What changes something at the Cloud. Each rejects with ApiError; the caller renews the queries that it touched,
// so what these answer is not read, but for the id of something new.

import type { PasswordChange, SignInRequest } from '@claimstead/wire/cloud-api/session';
import { SpaceView } from '@claimstead/wire/cloud-api/spaces';
import { call } from './client.ts';

const id = encodeURIComponent;

export const signIn = (body: SignInRequest) => call({ method: 'POST', path: '/session', body });
export const signOut = () => call({ method: 'DELETE', path: '/session' });
export const changePassword = (body: PasswordChange) => call({ method: 'PUT', path: '/account/password', body });

export const createSpace = (name: string) =>
  call({ method: 'POST', path: '/spaces', body: { name }, schema: SpaceView });
export const deleteSpace = (spaceId: string, name: string) =>
  call({ method: 'DELETE', path: `/spaces/${id(spaceId)}`, body: { name } });
export const renameSpace = (spaceId: string, name: string) =>
  call({ method: 'PATCH', path: `/spaces/${id(spaceId)}`, body: { name } });

export const createRoom = (spaceId: string, name: string) =>
  call({ method: 'POST', path: `/spaces/${id(spaceId)}/rooms`, body: { name } });
export const renameRoom = (spaceId: string, roomId: string, name: string) =>
  call({ method: 'PATCH', path: `/spaces/${id(spaceId)}/rooms/${id(roomId)}`, body: { name } });
export const deleteRoom = (spaceId: string, roomId: string) =>
  call({ method: 'DELETE', path: `/spaces/${id(spaceId)}/rooms/${id(roomId)}` });

export const removeNode = (nodeId: string) => call({ method: 'DELETE', path: `/nodes/${id(nodeId)}` });
export const setNodeRooms = (nodeId: string, roomIds: string[]) =>
  call({ method: 'PUT', path: `/nodes/${id(nodeId)}/rooms`, body: { roomIds } });
