// Identifiers, each with a type of its own so that a room's id cannot be handed in where a node's is wanted.

declare const brand: unique symbol;
type Id<Name extends string> = string & { readonly [brand]: Name };

/** One claim of one agent: its identity on the link. Lower-case UUID text. */
export type ClaimId = Id<'ClaimId'>;
/** A machine in one Space, issued by the Cloud and stable over re-claims. Lower-case UUID text. */
export type NodeId = Id<'NodeId'>;
/** An agent installation (or a child of a parent agent), made by the agent itself. Lower-case UUID text. */
export type MachineGuid = Id<'MachineGuid'>;
export type SpaceId = Id<'SpaceId'>;
export type RoomId = Id<'RoomId'>;
export type AccountId = Id<'AccountId'>;
export type InvitationId = Id<'InvitationId'>;

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

function parseUuid(text: unknown): string | undefined {
  if (typeof text !== 'string' || text.length !== 36) return undefined;
  const lower = text.toLowerCase();
  return uuid.test(lower) ? lower : undefined;
}

/** Each parser answers undefined for anything but a UUID; upper case is accepted and lowered. */
export const parseClaimId = (text: unknown): ClaimId | undefined => parseUuid(text) as ClaimId | undefined;
export const parseNodeId = (text: unknown): NodeId | undefined => parseUuid(text) as NodeId | undefined;
export const parseMachineGuid = (text: unknown): MachineGuid | undefined => parseUuid(text) as MachineGuid | undefined;
export const parseSpaceId = (text: unknown): SpaceId | undefined => parseUuid(text) as SpaceId | undefined;
export const parseRoomId = (text: unknown): RoomId | undefined => parseUuid(text) as RoomId | undefined;
export const parseAccountId = (text: unknown): AccountId | undefined => parseUuid(text) as AccountId | undefined;
export const parseInvitationId = (text: unknown): InvitationId | undefined =>
  parseUuid(text) as InvitationId | undefined;
