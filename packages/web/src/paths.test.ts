import { expect, it } from 'vitest';
import { ownPath, paths } from './paths.ts';

it('names every page', () => {
  expect({
    start: paths.start(),
    signIn: paths.signIn({ next: '/nodes/N' }),
    welcome: paths.welcome('space'),
    nodes: paths.nodes('S', { state: 'live' }),
    room: paths.room('S', 'R'),
    rooms: paths.rooms('S'),
    addNodes: paths.addNodes('S'),
    manageNodes: paths.manageNodes('S'),
    alerts: paths.alerts('S', { status: 'critical' }),
    node: paths.node('N'),
    nodeAlerts: paths.nodeAlerts('N', { alert: 'system.cpu.usage' }),
    nodeFunctions: paths.nodeFunctions('N'),
    nodeFunction: paths.nodeFunction('N', 'mount-points'),
    nodeInformation: paths.nodeInformation('N'),
  }).toMatchInlineSnapshot(`
    {
      "addNodes": {
        "params": {
          "spaceId": "S",
        },
        "to": "/spaces/$spaceId/add-nodes",
      },
      "alerts": {
        "params": {
          "spaceId": "S",
        },
        "search": {
          "status": "critical",
        },
        "to": "/spaces/$spaceId/alerts",
      },
      "manageNodes": {
        "params": {
          "spaceId": "S",
        },
        "search": {},
        "to": "/spaces/$spaceId/manage",
      },
      "node": {
        "params": {
          "nodeId": "N",
        },
        "search": {},
        "to": "/nodes/$nodeId",
      },
      "nodeAlerts": {
        "params": {
          "nodeId": "N",
        },
        "search": {
          "alert": "system.cpu.usage",
        },
        "to": "/nodes/$nodeId/alerts",
      },
      "nodeFunction": {
        "params": {
          "functionName": "mount-points",
          "nodeId": "N",
        },
        "search": {},
        "to": "/nodes/$nodeId/functions/$functionName",
      },
      "nodeFunctions": {
        "params": {
          "nodeId": "N",
        },
        "to": "/nodes/$nodeId/functions",
      },
      "nodeInformation": {
        "params": {
          "nodeId": "N",
        },
        "to": "/nodes/$nodeId/information",
      },
      "nodes": {
        "params": {
          "spaceId": "S",
        },
        "search": {
          "state": "live",
        },
        "to": "/spaces/$spaceId",
      },
      "room": {
        "params": {
          "roomId": "R",
          "spaceId": "S",
        },
        "search": {},
        "to": "/spaces/$spaceId/rooms/$roomId",
      },
      "rooms": {
        "params": {
          "spaceId": "S",
        },
        "to": "/spaces/$spaceId/rooms",
      },
      "signIn": {
        "search": {
          "next": "/nodes/N",
        },
        "to": "/sign-in",
      },
      "start": {
        "to": "/",
      },
      "welcome": {
        "search": {
          "step": "space",
        },
        "to": "/welcome",
      },
    }
  `);
});

it.each([
  ['/nodes/1?x=2', true],
  ['/', true],
  ['//evil.example', false],
  ['/\\evil.example', false],
  ['https://evil.example', false],
  ['/a\nb', false],
  [undefined, false],
  ['', false],
])('ownPath(%j) is taken: %s', (next, taken) => {
  expect(ownPath(next)).toBe(taken ? next : null);
});
