// Every page and its address. Pages that are not seen first (charts above all) are loaded when somebody goes there.

import type { QueryClient } from '@tanstack/react-query';
import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  redirect,
} from '@tanstack/react-router';
import { sessionQuery, spacesQuery } from './api/queries.ts';
import { keepInvitation } from './invitation/kept-invitation.ts';
import { NodesPage } from './node/NodesPage.tsx';
import { paths, type WelcomeStep } from './paths.ts';
import {
  alertsSearch,
  auditSearch,
  chartsSearch,
  functionSearch,
  manageSearch,
  nodeAlertsSearch,
  nodesSearch,
  signInSearch,
} from './search.ts';
import { SignInPage } from './session/SignInPage.tsx';
import { Frame } from './space/Frame.tsx';
import { SignedIn } from './session/SignedIn.tsx';
import { BrokenPage, NotFoundPage, PendingPage, Splash } from './stand-ins.tsx';

interface RouteContext {
  queries: QueryClient;
}

const root = createRootRouteWithContext<RouteContext>()({ component: Outlet });

const signIn = createRoute({
  getParentRoute: () => root,
  path: '/sign-in',
  component: SignInPage,
  validateSearch: signInSearch,
});

const resetPassword = createRoute({
  getParentRoute: () => root,
  path: '/reset-password',
  component: lazyRouteComponent(() => import('./session/ResetPasswordPage.tsx'), 'ResetPasswordPage'),
});

/** For whoever holds its link, signed in or not. */
const invitation = createRoute({
  getParentRoute: () => root,
  path: '/invitation',
  beforeLoad: ({ location }) => {
    // Out of the address at once: it would stay in the history, and be copied with it.
    if (keepInvitation(location.hash)) throw redirect({ ...paths.invitation(), replace: true });
  },
  component: lazyRouteComponent(() => import('./invitation/InvitationPage.tsx'), 'InvitationPage'),
});

const signedIn = createRoute({
  getParentRoute: () => root,
  id: 'signed-in',
  component: SignedIn,
  pendingComponent: Splash,
  beforeLoad: async ({ context, location }) => {
    const session = await context.queries.ensureQueryData(sessionQuery);
    if (!session) throw redirect(paths.signIn(location.href === '/' ? {} : { next: location.href }));
  },
});

/** Where to begin: the first-run steps until the Space has been named, then its nodes. */
const start = createRoute({
  getParentRoute: () => signedIn,
  path: '/',
  beforeLoad: async ({ context }) => {
    const [space] = await context.queries.ensureQueryData(spacesQuery);
    if (!space) return;
    throw redirect(space.namedAt === null && space.role === 'admin' ? paths.welcome() : paths.nodes(space.id));
  },
  component: lazyRouteComponent(() => import('./space/NoSpacePage.tsx'), 'NoSpacePage'),
});

const steps: readonly WelcomeStep[] = ['password', 'space', 'claim'];
const welcome = createRoute({
  getParentRoute: () => signedIn,
  path: '/welcome',
  validateSearch: (search: Record<string, unknown>): { step?: WelcomeStep } => {
    const step = steps.find((known) => known === search.step);
    return step ? { step } : {};
  },
  component: lazyRouteComponent(() => import('./space/WelcomePage.tsx'), 'WelcomePage'),
});

const framed = createRoute({ getParentRoute: () => signedIn, id: 'framed', component: Frame });

const nodes = createRoute({
  getParentRoute: () => framed,
  path: '/spaces/$spaceId',
  validateSearch: nodesSearch,
  component: NodesPage,
});
const room = createRoute({
  getParentRoute: () => framed,
  path: '/spaces/$spaceId/rooms/$roomId',
  validateSearch: nodesSearch,
  component: NodesPage,
});
const rooms = createRoute({
  getParentRoute: () => framed,
  path: '/spaces/$spaceId/rooms',
  component: lazyRouteComponent(() => import('./room/RoomsPage.tsx'), 'RoomsPage'),
});
const addNodes = createRoute({
  getParentRoute: () => framed,
  path: '/spaces/$spaceId/add-nodes',
  component: lazyRouteComponent(() => import('./claim/AddNodesPage.tsx'), 'AddNodesPage'),
});
const tokens = createRoute({
  getParentRoute: () => framed,
  path: '/spaces/$spaceId/tokens',
  component: lazyRouteComponent(() => import('./token/TokensPage.tsx'), 'TokensPage'),
});
const account = createRoute({
  getParentRoute: () => framed,
  path: '/account',
  component: lazyRouteComponent(() => import('./account/AccountPage.tsx'), 'AccountPage'),
});
const manageNodes = createRoute({
  getParentRoute: () => framed,
  path: '/spaces/$spaceId/manage',
  validateSearch: manageSearch,
  component: lazyRouteComponent(() => import('./node/ManageNodesPage.tsx'), 'ManageNodesPage'),
});
const people = createRoute({
  getParentRoute: () => framed,
  path: '/spaces/$spaceId/people',
  component: lazyRouteComponent(() => import('./member/PeoplePage.tsx'), 'PeoplePage'),
});
const spaceSettings = createRoute({
  getParentRoute: () => framed,
  path: '/spaces/$spaceId/settings',
  component: lazyRouteComponent(() => import('./space/SpaceSettingsPage.tsx'), 'SpaceSettingsPage'),
});
const alerts = createRoute({
  getParentRoute: () => framed,
  path: '/spaces/$spaceId/alerts',
  validateSearch: alertsSearch,
  component: lazyRouteComponent(() => import('./alert/AlertsPage.tsx'), 'AlertsPage'),
});
const audit = createRoute({
  getParentRoute: () => framed,
  path: '/spaces/$spaceId/audit',
  validateSearch: auditSearch,
  component: lazyRouteComponent(() => import('./audit/AuditPage.tsx'), 'AuditPage'),
});
const webhooks = createRoute({
  getParentRoute: () => framed,
  path: '/spaces/$spaceId/webhooks',
  component: lazyRouteComponent(() => import('./webhook/WebhooksPage.tsx'), 'WebhooksPage'),
});
const node = createRoute({
  getParentRoute: () => framed,
  path: '/nodes/$nodeId',
  component: lazyRouteComponent(() => import('./node/NodePage.tsx'), 'NodePage'),
});
const nodeCharts = createRoute({
  getParentRoute: () => node,
  path: '/',
  validateSearch: chartsSearch,
  component: lazyRouteComponent(() => import('./node/NodeCharts.tsx'), 'NodeCharts'),
});
const nodeAlerts = createRoute({
  getParentRoute: () => node,
  path: '/alerts',
  validateSearch: nodeAlertsSearch,
  component: lazyRouteComponent(() => import('./alert/NodeAlerts.tsx'), 'NodeAlerts'),
});
const nodeFunctions = createRoute({
  getParentRoute: () => node,
  path: '/functions',
  component: lazyRouteComponent(() => import('./function/FunctionsPage.tsx'), 'FunctionsPage'),
});
const nodeFunction = createRoute({
  getParentRoute: () => node,
  path: '/functions/$functionName',
  validateSearch: functionSearch,
  component: lazyRouteComponent(() => import('./function/FunctionPage.tsx'), 'FunctionPage'),
});
const nodeInformation = createRoute({
  getParentRoute: () => node,
  path: '/information',
  component: lazyRouteComponent(() => import('./node/NodeInformation.tsx'), 'NodeInformation'),
});

const tree = root.addChildren([
  signIn,
  invitation,
  resetPassword,
  signedIn.addChildren([
    start,
    welcome,
    framed.addChildren([
      nodes,
      room,
      rooms,
      alerts,
      addNodes,
      manageNodes,
      people,
      spaceSettings,
      tokens,
      audit,
      account,
      webhooks,
      node.addChildren([nodeCharts, nodeAlerts, nodeFunctions, nodeFunction, nodeInformation]),
    ]),
  ]),
]);

export function createRoutes(queries: QueryClient) {
  return createRouter({
    routeTree: tree,
    context: { queries },
    defaultPendingComponent: PendingPage,
    defaultErrorComponent: BrokenPage,
    defaultNotFoundComponent: NotFoundPage,
    defaultPendingMs: 300,
    scrollRestoration: true,
  });
}

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof createRoutes>;
  }
}
