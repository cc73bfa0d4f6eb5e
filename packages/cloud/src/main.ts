// The Cloud, put together: the only file that constructs. Reading order of the package: main.ts, the planes (sign-in-plane.ts, claim-plane.ts,
// link-plane.ts and more: what it is put together from), then http/ (the edge), the nouns (account, space, room, token, claim, node and more), gateway/ and relay/ (links), storage/ and bus/ (beneath), control/ (the private socket).

import { randomBytes, randomUUID } from 'node:crypto';
import type { AccountId, InvitationId, NodeId, RoomId } from '@claimstead/wire/ids';
import { createFirstAdministrator } from './account/first-administrator.ts';
import { handOverPassword } from './account/hand-over-password.ts';
import { createPasswordHasher } from './account/password.ts';
import { auditRoutes } from './audit/audit-routes.ts';
import { createAuditStore } from './audit/audit-store.ts';
import { createInProcessBus } from './bus/in-process-bus.ts';
import { createClaimPlane } from './claim-plane.ts';
import { repeat, type Clock } from './clock.ts';
import { prepareFolder, StartError } from './config/data-folder.ts';
import type { CloudConfig } from './config/load.ts';
import { startControl } from './control/control-server.ts';
import { createControlCommands } from './control/control-commands.ts';
import { doctorScriptRoutes } from './doctor-script/doctor-script-routes.ts';
import { doctorScript } from './doctor-script/doctor-script.ts';
import { createAccessWatch } from './http/access-watch.ts';
import { httpLimits, openListener } from './http/listener.ts';
import { createRecentReads } from './http/recent-reads.ts';
import { ownOrigins } from './http/same-origin.ts';
import { securityHeaders } from './http/security-headers.ts';
import { createHttpServer } from './http/server.ts';
import { readStaticFiles } from './http/static-files.ts';
import { acceptRoutes, refusedInvitationsLimit } from './invitation/accept-routes.ts';
import { invitationRoutes, invitesLimit } from './invitation/invitation-routes.ts';
import { createInvitationStore } from './invitation/invitation-store.ts';
import { createAddressOf } from './limit/client-address.ts';
import { createRateLimit } from './limit/rate-limit.ts';
import { createLinkPlane } from './link-plane.ts';
import type { Log } from './log.ts';
import { memberRoutes } from './member/member-routes.ts';
import { createMemberStore } from './member/member-store.ts';
import { claimedNodesRoutes } from './node/claimed-nodes-routes.ts';
import { createClaimedNodeStore } from './node/claimed-nodes-store.ts';
import { nodeRoutes } from './node/node-routes.ts';
import { createNodeStore } from './node/node-store.ts';
import { createOperationPlane } from './operation-plane.ts';
import { createRoomStore } from './room/room-store.ts';
import { roomRoutes } from './room/room-routes.ts';
import { anySealedTotp } from './second-factor/second-factor-store.ts';
import { openSeal } from './seal/seal-key.ts';
import { createSignInPlane } from './sign-in-plane.ts';
import { newSpacesLimit, spaceRoutes } from './space/space-routes.ts';
import { createSpaceStore } from './space/space-store.ts';
import { takeInstanceLock } from './storage/instance-lock.ts';
import { NewerSchema } from './storage/migrate.ts';
import { openStorage } from './storage/open-storage.ts';
import { createClaimTokenStore } from './token/claim-token-store.ts';
import { commandUrl } from './token/claim-command.ts';
import { openTls, tlsProtocol } from './tls/tls.ts';
import { cloudVersion } from './version.ts';
import { createWebhookPlane } from './webhook-plane.ts';
import { anySealedWebhook } from './webhook/webhook-store.ts';

export interface CloudParts {
  config: CloudConfig;
  /** Folder of the built web pages. */
  webFolder: string;
  clock: Clock;
  log: Log;
  /** Prints the one-time password of the first start; not called when it goes into a file, or at any later start. */
  printPassword: (email: string, password: string) => void;
}

export interface Cloud {
  /** What people open and agents claim to. */
  url: URL;
  /** Null where the certificate was given. */
  caPem: string | null;
  /** Ends orderly: what runs may end, agents are told, everything is on disk. */
  close(): Promise<void>;
}

/** How often expired sessions and tokens are removed; and, beside that, how often the certificate is looked at. */
const upkeepEveryMs = 3600 * 1000;

/** Throws StartError (one sentence, exit 1) when it cannot start; then nothing is left running. */
export async function startCloud(parts: CloudParts): Promise<Cloud> {
  const undo: (() => void | Promise<void>)[] = [];
  try {
    return await start(parts, undo);
  } catch (cause) {
    for (const step of undo.toReversed()) await step();
    throw cause instanceof NewerSchema ? new StartError(`${capital(cause.message)}.`, { cause }) : cause;
  }
}

async function start(
  { config, webFolder, clock, log, printPassword }: CloudParts,
  undo: (() => void | Promise<void>)[],
): Promise<Cloud> {
  const now = (): number => clock.nowMs();
  const random = (bytes: number): Buffer => randomBytes(bytes);
  const newId = (): string => randomUUID();

  // The folder, the port and the database, in the order in which a refusal costs least.
  const paths = prepareFolder(config.dataFolder);
  const lock = takeInstanceLock(paths.lockFile);
  if (lock === undefined) {
    throw new StartError(
      `Another Cloud is running on ${config.dataFolder}; stop it, or give this one a folder of its own with --data.`,
    );
  }
  undo.push(() => lock.release());
  const publicHost = config.publicUrl?.hostname ?? 'localhost';
  const { certificate: given, acme, listenAddress } = config;
  const tls = await openTls({
    folder: paths.tlsFolder,
    publicHost,
    listenAddress,
    given,
    acme,
    now,
    elapsedMs: () => clock.elapsedMs(),
    // Only while it serves.
    onRenewalFailed: (failure) => events.certificateNotRenewed(failure),
    onPortFailed: (error) => log.error('the port for the authority’s questions failed', { error }),
  });
  undo.push(() => tls.close());
  const tlsOptions = { ...tlsProtocol, ...tls.current() };
  const listener = await openListener({
    tls: tlsOptions,
    limits: httpLimits,
    port: config.port,
    address: config.listenAddress,
    newRequestId: newId,
  });
  undo.push(() => listener.server.close().closeAllConnections());
  const publicUrl = config.publicUrl ?? new URL(`https://localhost:${listener.port}`);
  const storage = await openStorage(paths.databaseFile, now);
  undo.push(() => storage.close());
  const tokens = createClaimTokenStore(storage);
  const samples = [() => anySealedTotp(storage), tokens.anySealed, () => anySealedWebhook(storage)];
  const seal = await openSeal({ keyFile: paths.sealKeyFile, random, samples });

  // Beneath the nouns.
  const operation = await createOperationPlane({
    config,
    clock,
    storage,
    databaseFile: paths.databaseFile,
    log,
    links: () => links,
    allNodes: () => nodes.all(),
  });
  undo.push(() => operation.stop());
  const { events } = operation;
  const bus = createInProcessBus((topic, error) => log.error('a subscriber failed', { topic, error }));
  const hasher = await createPasswordHasher();
  const limit = (options: { tries: number; windowMs: number; maxKeys: number }) =>
    createRateLimit({ ...options, now: () => clock.elapsedMs() });

  // The nouns.
  const spaces = createSpaceStore(storage);
  const members = createMemberStore(storage);
  const invitations = createInvitationStore(storage);
  const rooms = createRoomStore(storage);
  const nodes = createNodeStore(storage, () => newId() as NodeId);
  const audit = createAuditStore(storage);
  const recent = createRecentReads({ clock, bus });
  const addressOf = createAddressOf(config.trustedProxies);
  const origins = ownOrigins(publicUrl, tls.names, listener.port);
  const people = createSignInPlane({
    config,
    clock,
    random,
    newId,
    storage,
    seal,
    hasher,
    audit,
    recent,
    isInvited: (email) => invitations.isOpenFor(email, now()),
    roleIn: async (spaceId, accountId) => (await members.accessIn(spaceId, accountId))?.role,
    bus,
    publicUrl,
    ownOrigins: origins,
    events,
    log,
  });
  const { accounts, sessions, codes, resets, secondFactors } = people;

  const handOver = handOverPassword({ passwordFile: config.passwordFile, print: printPassword });
  await createFirstAdministrator({ storage, hasher, now, random, newId, handOver });

  // The edges.
  const access = { accessIn: recent(members.accessIn), nodeById: recent(nodes.byNodeId) };
  const links = createLinkPlane({
    clock,
    random,
    newRequestId: newId,
    nodes,
    audit,
    spaces,
    accessIn: access.accessIn,
    sessions,
    bus,
    publicUrl,
    ownOrigins: origins,
    addressOf,
    events,
    ...operation.forLinks,
    log,
  });
  await operation.listen();
  const webhooks = await createWebhookPlane({
    clock,
    bus,
    storage,
    seal,
    allowance: config.webhookAllow,
    nodeById: access.nodeById,
    spaces,
    presence: links.presence,
    limit,
    random,
    newId,
    log,
  });
  undo.push(() => webhooks.stop());
  const { caPem } = tls;
  const claiming = await createClaimPlane({
    clock,
    storage,
    tokens,
    seal,
    rooms,
    nodes,
    audit,
    tokenMaker: async (spaceId, accountId) => ({
      name: (await accounts.byId(accountId))?.name ?? null,
      isAdministrator: (await members.accessIn(spaceId, accountId))?.role === 'admin',
    }),
    restored: operation.forCommands.restored,
    links,
    publicUrl,
    caPem,
    limit,
    random,
    newId,
    bus,
    events,
    log,
  });
  undo.push(() => claiming.close());
  const script = doctorScript(commandUrl(publicUrl));
  const routes = [
    ...operation.routes,
    ...doctorScriptRoutes(script),
    ...people.routes,
    ...spaceRoutes({ spaces, newSpaces: limit(newSpacesLimit), now, newId, bus, events }),
    ...memberRoutes({ members, now, bus, events }),
    ...invitationRoutes({
      invitations,
      publicUrl,
      invites: limit(invitesLimit),
      now,
      random,
      newInvitationId: () => newId() as InvitationId,
      bus,
      events,
      onInvited: ({ email, spaceName: space, invitedBy: inviter, role, link, expiresAtMs }) =>
        people.letters.invitation(email, { inviter, space, role, link, expiresAtMs }),
    }),
    ...acceptRoutes({
      invitations,
      sessions,
      entrance: people.entrance,
      hasher,
      refusals: limit(refusedInvitationsLimit),
      now,
      newAccountId: () => newId() as AccountId,
      bus,
      events,
    }),
    ...roomRoutes({ rooms, nodesInSpace: nodes.inSpace, now, newRoomId: () => newId() as RoomId, bus, events }),
    ...claiming.routes,
    ...nodeRoutes({ nodes, presence: links.presence, claimsTo: links.claimsTo, now, bus, events }),
    ...claimedNodesRoutes({
      nodes: createClaimedNodeStore(storage),
      presence: links.presence,
      claimsTo: links.claimsTo,
      ephemeralOf: claiming.ephemeralOf,
      now,
      bus,
      events,
    }),
    ...auditRoutes({ audit }),
    ...webhooks.routes,
    ...links.routes,
  ];
  const commands = createControlCommands({
    accounts,
    bus,
    spaces,
    rooms,
    tokens,
    nodes,
    audit,
    codes,
    resets,
    secondFactors,
    ...operation.forCommands,
    presence: links.presence,
    relay: links.relay,
    caPem,
    doctorScript: script,
    now,
    random,
    newId,
    events,
  });
  const control = await startControl({ socketFile: paths.controlSocket, commands, log });
  undo.push(() => control.close());
  const http = await createHttpServer({
    listener,
    routes,
    sessions,
    apiTokens: people.apiTokens,
    access,
    accessWatch: createAccessWatch(bus),
    staticFiles: readStaticFiles(webFolder),
    headers: securityHeaders(publicUrl),
    ownOrigins: origins,
    addressOf,
    drainMs: httpLimits.drainMs,
    version: cloudVersion,
    newRequestId: newId,
    log,
  });
  for (const [path, handler] of Object.entries(links.upgrades)) http.onUpgrade(path, handler);

  const stopSweeping = repeat(
    clock,
    upkeepEveryMs,
    async () => {
      await people.sweep();
      await tokens.sweep(now());
      await invitations.sweep(now());
    },
    (error) => log.error('hourly upkeep failed', { error }),
  );
  // By itself: a disk that is full fails every sweep, and must not end the certificate, too.
  const stopRenewing = repeat(
    clock,
    upkeepEveryMs,
    async () => {
      if (!(await tls.renew())) return;
      listener.server.setSecureContext({ ...tlsProtocol, ...tls.current() });
      events.certificateChanged();
    },
    (error) => log.error('the certificate could not be renewed', { error }),
  );
  log.info('serving', { url: publicUrl.origin, address: config.listenAddress, port: listener.port });

  return {
    url: publicUrl,
    caPem,
    async close() {
      stopSweeping();
      stopRenewing();
      http.beginStopping();
      await tls.close();
      await operation.stop();
      await control.close();
      await links.stop();
      await http.close();
      await claiming.close();
      await people.close();
      await webhooks.stop();
      await bus.close();
      await storage.close();
      lock.release();
      log.info('stopped');
    },
  };
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
