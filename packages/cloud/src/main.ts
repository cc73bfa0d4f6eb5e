// The Cloud, put together: the only file that constructs. Reading order of the package: main.ts, then http/ (the edge), the nouns
// (account, space, room, token, claim, node), gateway/ and relay/ (links), storage/ and bus/ (beneath), control/ (the private socket).

import { randomBytes, randomUUID } from 'node:crypto';
import type { AccountId, NodeId, RoomId } from '@claimstead/wire/ids';
import { accountRoutes } from './account/account-routes.ts';
import { createAccountStore } from './account/account-store.ts';
import { createFirstAdministrator } from './account/first-administrator.ts';
import { handOverPassword } from './account/hand-over-password.ts';
import { createOneUseCodes } from './account/one-use-codes.ts';
import { createPasswordHasher } from './account/password.ts';
import { createSessionStore } from './account/session-store.ts';
import { createSessions } from './account/session.ts';
import { sessionRoutes } from './account/session-routes.ts';
import { guessLimit, networkGuessLimit } from './account/sign-in.ts';
import { admissionRoutes } from './admission/admission-routes.ts';
import { createAdmissionStore } from './admission/admission-store.ts';
import { createAuditStore } from './audit/audit-store.ts';
import { createInProcessBus } from './bus/in-process-bus.ts';
import { claimCheckRoutes, claimChecksLimit } from './claim/claim-check-routes.ts';
import { claimRoutes, refusedClaimsLimit } from './claim/claim-routes.ts';
import { createClaimStore } from './claim/claim-store.ts';
import { createElsewhereAudit, elsewhereAuditLimit } from './claim/elsewhere-audit.ts';
import type { Clock } from './clock.ts';
import { prepareFolder, StartError } from './config/data-folder.ts';
import type { CloudConfig } from './config/load.ts';
import { startControl } from './control/control-server.ts';
import { createControlCommands } from './control/control-commands.ts';
import { doctorScriptRoutes } from './doctor-script/doctor-script-routes.ts';
import { doctorScript } from './doctor-script/doctor-script.ts';
import { createEvents } from './events.ts';
import { createAccessWatch } from './http/access-watch.ts';
import { healthRoutes } from './http/health-routes.ts';
import { httpLimits, openListener } from './http/listener.ts';
import { createRecentReads } from './http/recent-reads.ts';
import { ownOrigins } from './http/same-origin.ts';
import { securityHeaders } from './http/security-headers.ts';
import { createHttpServer } from './http/server.ts';
import { readStaticFiles } from './http/static-files.ts';
import { createRateLimit } from './limit/rate-limit.ts';
import { createLinkPlane } from './link-plane.ts';
import type { Log } from './log.ts';
import { createMemberStore } from './member/member-store.ts';
import { nodeRoutes } from './node/node-routes.ts';
import { createNodeStore } from './node/node-store.ts';
import { createRoomStore } from './room/room-store.ts';
import { roomRoutes } from './room/room-routes.ts';
import { openSeal } from './seal/seal-key.ts';
import { spaceRoutes } from './space/space-routes.ts';
import { createSpaceStore } from './space/space-store.ts';
import { takeInstanceLock } from './storage/instance-lock.ts';
import { NewerSchema } from './storage/migrate.ts';
import { defaultLockWaitMs, openSqlite } from './storage/sqlite.ts';
import type { Storage } from './storage/storage.ts';
import { createClaimTokenStore } from './token/claim-token-store.ts';
import { claimTokenRoutes } from './token/claim-token-routes.ts';
import { createTokenViews } from './token/claim-token-view.ts';
import { createSealedTokens } from './token/sealed-token.ts';
import { standingTokenRoutes } from './token/standing-token-routes.ts';
import { claimCommandRoutes } from './token/claim-command-routes.ts';
import { commandUrl } from './token/claim-command.ts';
import { openTls, tlsProtocol } from './tls/tls.ts';
import { cloudVersion } from './version.ts';

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

/** How often expired sessions and tokens are removed, and the certificate is looked at. */
const sweepEveryMs = 3600 * 1000;

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
  const given = config.certificate;
  const tls = await openTls({ folder: paths.tlsFolder, publicHost, listenAddress: config.listenAddress, given, now });
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
  const seal = await openSeal({ keyFile: paths.sealKeyFile, random, samples: [tokens.anySealed] });

  // Beneath the nouns.
  const events = createEvents(log);
  const bus = createInProcessBus((topic, error) => log.error('a subscriber failed', { topic, error }));
  const hasher = await createPasswordHasher();
  const limit = (options: { tries: number; windowMs: number; maxKeys: number }) =>
    createRateLimit({ ...options, now: () => clock.elapsedMs() });

  // The nouns.
  const accounts = createAccountStore(storage);
  const spaces = createSpaceStore(storage);
  const members = createMemberStore(storage);
  const rooms = createRoomStore(storage);
  const nodes = createNodeStore(storage, () => newId() as NodeId);
  const audit = createAuditStore(storage);
  const claims = createClaimStore({ storage, now, newNodeId: () => newId() as NodeId });
  const codes = createOneUseCodes({ now: () => clock.elapsedMs(), random });
  const onEnded = (accountId: AccountId, sessionId: string | null): void =>
    bus.publish('session-ended', { accountId, sessionId });
  const recent = createRecentReads({ clock, bus });
  const sessionStore = createSessionStore(storage);
  const sessions = createSessions({
    store: { ...sessionStore, byHash: recent(sessionStore.byHash) },
    accountById: recent(accounts.byId),
    now,
    random,
    onEnded,
  });
  const signInParts = { accounts, hasher, codes, guesses: limit(guessLimit), networkGuesses: limit(networkGuessLimit) };

  const handOver = handOverPassword({ passwordFile: config.passwordFile, print: printPassword });
  await createFirstAdministrator({ storage, hasher, now, random, newId, handOver });

  // The edges.
  const access = { accessIn: recent(members.accessIn), nodeById: recent(nodes.byNodeId) };
  const origins = ownOrigins(publicUrl, tls.names, listener.port);
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
    events,
    log,
  });
  const refusedElsewhere = createElsewhereAudit({
    clock,
    add: audit.add,
    limit: limit(elsewhereAuditLimit),
    onError: (error) => log.error('a refused claim could not be written to the audit', { error }),
  });
  const { caPem } = tls;
  const tokenParts = {
    tokens,
    views: createTokenViews({
      accountName: async (accountId) => (await accounts.byId(accountId))?.name,
      publicUrl: () => publicUrl,
      caPem,
      now,
    }),
    sealed: createSealedTokens(seal),
    roomsInSpace: rooms.inSpace,
    now,
    random,
    newId,
    events,
  };
  const script = doctorScript(commandUrl(publicUrl));
  const routes = [
    ...healthRoutes(),
    ...doctorScriptRoutes(script),
    ...sessionRoutes({ sessions, signInParts, events }),
    ...accountRoutes({ accounts, sessions, signInParts, events }),
    ...spaceRoutes({ spaces, now, events }),
    ...roomRoutes({ rooms, nodesInSpace: nodes.inSpace, now, newRoomId: () => newId() as RoomId, bus, events }),
    ...claimCommandRoutes({
      tokens,
      roomsInSpace: rooms.inSpace,
      publicUrl: () => publicUrl,
      caPem,
      now,
      random,
      newId,
      events,
    }),
    ...claimTokenRoutes(tokenParts),
    ...standingTokenRoutes(tokenParts),
    ...admissionRoutes({ admissions: createAdmissionStore(storage), now, bus, events }),
    ...claimRoutes({
      store: claims,
      links,
      bus,
      events,
      refusals: limit(refusedClaimsLimit),
      onRefused: links.claimRefused,
      refusedElsewhere,
    }),
    ...claimCheckRoutes({
      store: claims,
      links,
      publicUrl,
      events,
      checks: limit(claimChecksLimit),
    }),
    ...nodeRoutes({ nodes, presence: links.presence, claimsTo: links.claimsTo, now, bus, events }),
    ...links.routes,
  ];
  const commands = createControlCommands({
    accounts,
    spaces,
    rooms,
    tokens,
    nodes,
    audit,
    codes,
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
    access,
    accessWatch: createAccessWatch(bus),
    staticFiles: readStaticFiles(webFolder),
    headers: securityHeaders(publicUrl),
    ownOrigins: origins,
    drainMs: httpLimits.drainMs,
    version: cloudVersion,
    newRequestId: newId,
    log,
  });
  for (const [path, handler] of Object.entries(links.upgrades)) http.onUpgrade(path, handler);

  const stopSweeping = repeat(
    clock,
    sweepEveryMs,
    async () => {
      await sessions.sweep();
      await tokens.sweep(now());
      if (await tls.renew()) listener.server.setSecureContext({ ...tlsProtocol, ...tls.current() });
    },
    (error) => log.error('hourly upkeep failed', { error }),
  );
  log.info('serving', { url: publicUrl.origin, address: config.listenAddress, port: listener.port });

  return {
    url: publicUrl,
    caPem,
    async close() {
      stopSweeping();
      http.beginStopping();
      await control.close();
      await links.stop();
      await http.close();
      await refusedElsewhere.close();
      await bus.close();
      await storage.close();
      lock.release();
      log.info('stopped');
    },
  };
}

/** Throws StartError; what the engine says of a file that is no database helps nobody who reads it alone. */
async function openStorage(file: string, now: () => number): Promise<Storage> {
  try {
    return await openSqlite({ file, now, synchronous: 'FULL', lockWaitMs: defaultLockWaitMs });
  } catch (cause) {
    if (cause instanceof NewerSchema) throw cause;
    const reason = cause instanceof Error ? cause.message : 'unknown reason';
    throw new StartError(
      `Cannot open the database ${file} (${reason}); restore it from a backup, or check the folder's rights and free space.`,
      {
        cause,
      },
    );
  }
}

/** Now, and then every `everyMs` until the returned function is called. */
function repeat(
  clock: Clock,
  everyMs: number,
  work: () => Promise<void>,
  onError: (error: unknown) => void,
): () => void {
  let cancel = (): void => {};
  const round = (): void => {
    work().catch(onError);
    cancel = clock.after(everyMs, round);
  };
  round();
  return () => cancel();
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
