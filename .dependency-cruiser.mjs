// Which part may import which; `npm run check` holds the code to it. The directions are drawn in ARCHITECTURE.md.

const inside = (part) => `^packages/${part}/src/`;
const anyTest = '\\.(test|contract)\\.tsx?$';

/** Modules that do I/O; `wire` is the contract and does none. */
const io =
  '^(node:)?(fs|fs/promises|net|tls|http|https|http2|dgram|dns|child_process|worker_threads|cluster|readline|os|process)$';

export default {
  forbidden: [
    {
      name: 'no-cycles',
      comment: 'A cycle means that two files are one thought, or that a type lives in the wrong place.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'wire-imports-nothing-of-ours',
      severity: 'error',
      from: { path: inside('wire') },
      to: { path: '^packages/(agent|cloud|web|test)/' },
    },
    {
      name: 'wire-does-no-io',
      comment: 'Everything in wire must run in a browser, too; tests may read files.',
      severity: 'error',
      from: { path: inside('wire'), pathNot: anyTest },
      to: { dependencyTypes: ['core'], path: io },
    },
    {
      name: 'programs-meet-in-wire-only',
      comment: 'The agent, the Cloud and the web page share nothing but the contract.',
      severity: 'error',
      from: { path: '^packages/(agent|cloud|web)/' },
      to: { path: '^packages/(agent|cloud|web|test)/', pathNot: '^packages/$1/' },
    },
    {
      name: 'tests-are-not-imported',
      severity: 'error',
      from: { pathNot: [anyTest, '^packages/test/'] },
      to: { path: '\\.test\\.tsx?$' },
    },
    {
      name: 'only-main-constructs',
      comment: 'main.ts puts the parts together; only the programs and the scenarios start it.',
      severity: 'error',
      from: { path: '^packages/(agent|cloud)/src/', pathNot: ['/src/bin/', '/src/main', anyTest] },
      to: { path: '^packages/(agent|cloud)/src/main' },
    },
    {
      name: 'cloud-rules-know-no-edge',
      comment: 'Inside a noun the rules import neither HTTP nor the gateway; its *-routes.ts are the edge.',
      severity: 'error',
      from: {
        path: '^packages/cloud/src/(account|second-factor|passkey|password-reset|api-token|oidc|space|member|invitation|room|token|claim|node|challenge|audit)/',
        pathNot: ['-routes\\.ts$', anyTest],
      },
      to: { path: '^packages/cloud/src/(http|gateway|control|bin)/' },
    },
    {
      name: 'cloud-sql-stays-in-stores',
      severity: 'error',
      from: { path: inside('cloud'), pathNot: ['^packages/cloud/src/storage/', '-store\\.ts$', anyTest, '/src/main'] },
      to: { path: '(^|/)node_modules/(kysely|better-sqlite3)/' },
    },
    {
      name: 'mqtt-stays-in-wire-gateway-and-link',
      severity: 'error',
      from: {
        path: '^packages/(agent|cloud|web)/src/',
        pathNot: ['^packages/cloud/src/gateway/', '^packages/agent/src/link/', anyTest],
      },
      to: { path: ['(^|/)node_modules/mqtt-packet/', '^packages/wire/src/mqtt/packet'] },
    },
    {
      name: 'agent-collectors-know-only-collecting',
      severity: 'error',
      from: { path: '^packages/agent/src/collectors/', pathNot: anyTest },
      to: { path: '^packages/agent/src/', pathNot: '^packages/agent/src/(collectors|collect|metrics|log)' },
    },
    {
      name: 'agent-metrics-know-no-edge',
      severity: 'error',
      from: { path: '^packages/agent/src/metrics/', pathNot: anyTest },
      to: { path: '^packages/agent/src/(http|link|claim|control|bin|collect|collectors)/' },
    },
    {
      name: 'agent-functions-know-only-the-machine',
      severity: 'error',
      from: { path: '^packages/agent/src/functions/', pathNot: anyTest },
      to: { path: '^packages/agent/src/', pathNot: '^packages/agent/src/(functions|collectors|collect|metrics)/' },
    },
    {
      name: 'agent-health-knows-only-samples',
      comment:
        'Alerts are decided the same, whoever asks for them; only their timer and their files come from elsewhere.',
      severity: 'error',
      from: { path: '^packages/agent/src/health/', pathNot: anyTest },
      to: {
        path: '^packages/agent/src/',
        pathNot: '^packages/agent/src/(health|metrics|config/read-bounded|collect/scheduler|log)',
      },
    },
    {
      name: 'agent-http-knows-no-link',
      comment: 'The link asks the route table; the routes do not know who asks.',
      severity: 'error',
      from: { path: '^packages/agent/src/http/', pathNot: anyTest },
      to: { path: '^packages/agent/src/(link|claim|control|bin)/' },
    },
    {
      name: 'agent-dial-knows-only-settings',
      comment: 'Claim, link and doctor dial alike because the dialling does not know for whom.',
      severity: 'error',
      from: { path: '^packages/agent/src/dial/', pathNot: anyTest },
      to: { path: '^packages/agent/src/', pathNot: '^packages/agent/src/(dial|config)/' },
    },
    {
      name: 'agent-claim-knows-no-link',
      severity: 'error',
      from: { path: '^packages/agent/src/claim/', pathNot: anyTest },
      to: { path: '^packages/agent/src/(link|http|collect|collectors|metrics|bin)/' },
    },
    {
      name: 'nothing-unresolvable',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: ['^packages/[^/]+/dist/', '/wire/src/gen/google/'] },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
      extensions: ['.ts', '.tsx', '.mjs', '.js', '.css'],
    },
  },
};
