// What can be wrong on the way from a node to its Cloud: one closed table that the doctor prints, the documentation lists and the
// tests go through. A code never changes its meaning; scripts look for it.

/** Where on the way it is, in the order of the way. */
export const doctorHops = [
  'settings',
  'agent',
  'claim-directory',
  'dns',
  'tcp',
  'proxy',
  'tls',
  'claim',
  'environment',
  'challenge',
  'password',
  'websocket',
  'mqtt',
  'first-sample',
] as const;
export type DoctorHop = (typeof doctorHops)[number];

export interface DoctorRow {
  /** Exit code of a claim that meets this. */
  exitCode: number;
  /** What is wrong, in words that need no context; completes to a sentence. */
  cause: string;
  /** What a person does about it. */
  remedy: string;
  /** The same on a host with a stock agent, where that differs. FILE stands for the file of the authority's certificate. */
  stockRemedy?: string;
}

const row = (exitCode: number, cause: string, remedy: string, stockRemedy?: string): DoctorRow => ({
  exitCode,
  cause,
  remedy,
  ...(stockRemedy === undefined ? {} : { stockRemedy }),
});

const intoTheStore = [
  "put the certificate of the Cloud's authority into the system's store, which is all that the link looks at, and restart the agent:",
  'on Debian and Ubuntu cp FILE /usr/local/share/ca-certificates/claimstead.crt && update-ca-certificates;',
  'on Alpine apk add ca-certificates, then the same;',
  'on RHEL and Fedora cp FILE /etc/pki/ca-trust/source/anchors/claimstead.pem && update-ca-trust',
].join(' ');

const claimAfresh = 'delete cloud.d, restart the agent and claim it again';

const trustRemedy =
  "put the certificate of the Cloud's authority into claim.d/cloud_fullchain.pem, or into the system's store";

export const doctorTable = {
  // Settings and claim.d.
  'wrong-user': row(6, 'this user may not claim', 'run the command with sudo, or as the user that runs netdata'),
  'cloud-disabled': row(
    3,
    'the cloud is switched off here',
    'set netdata cloud = enable in section [global] of netdata.conf and restart the agent',
    'set enabled = yes in section [global] of cloud.d/cloud.conf and restart the agent',
  ),
  'cloud-not-installed': row(
    3,
    'this agent was installed without its Cloud part',
    'install it again without --disable-cloud',
  ),
  'url-invalid': row(1, 'the URL of the Cloud cannot be used', 'write it like https://cloud.example.com:8443'),
  'proxy-invalid': row(
    1,
    'the proxy setting cannot be used',
    'write none, env, socks5://host:port, socks5h://host:port or http://host:port',
    'write none, env or http://user:password@host:port, and restart the agent',
  ),
  'token-missing': row(1, 'there is no token', 'give it with -token=TOKEN, or put it into claim.d/token'),
  'machine-guid-missing': row(18, 'this node has no machine GUID yet', 'start the agent once'),
  'claim-directory-unusable': row(
    2,
    'claim.d cannot be written',
    'run the command with sudo, or give claim.d to the user that runs netdata',
  ),
  'claim-broken': row(
    2,
    'what lies in claim.d does not fit together',
    'delete claim.d and claim this node again',
    claimAfresh,
  ),
  'trust-file-invalid': row(
    2,
    'claim.d/cloud_fullchain.pem cannot be used',
    "put the certificate of the Cloud's authority there in PEM, readable for the user that runs netdata, or delete it",
  ),
  // Finding and reaching a host.
  'dns-unknown': row(
    4,
    'the name of the Cloud is unknown',
    'check -url=; where only the proxy knows names, use socks5h or http',
    'check -url=',
  ),
  'dns-down': row(4, 'no name server answers', "check this node's name servers in /etc/resolv.conf and its firewall"),
  'tcp-refused': row(4, 'the Cloud refused the connection', 'check host and port in -url=, and that the Cloud runs'),
  'tcp-timeout': row(
    4,
    'packets to the Cloud get no answer',
    'let this node connect to the Cloud in its firewall, or set [cloud] proxy if it needs one',
    'let this node connect to the Cloud in its firewall, or set proxy in cloud.d/cloud.conf if it needs one',
  ),
  'tcp-no-route': row(4, 'no network leads to the Cloud', "check this node's addresses, routes and firewall"),
  'tcp-broken': row(4, 'the connection was broken off', 'look for a firewall that resets connections, then try again'),
  'no-answer': row(
    4,
    'the connection was accepted, and then no answer came',
    'check -url=, and what stands in front of the Cloud, then try again',
  ),
  // Proxies.
  'proxy-dns': row(4, 'the name of the proxy is unknown', 'correct host in the proxy setting'),
  'proxy-refused': row(
    4,
    'the proxy refused the connection',
    'check host and port of the proxy setting, and that the proxy runs',
  ),
  'proxy-timeout': row(
    4,
    'the proxy did not answer in time',
    'check host and port of the proxy setting, and firewalls',
  ),
  'proxy-auth': row(4, 'the proxy wants other credentials', 'correct user and password in the proxy setting'),
  'proxy-forbids': row(
    4,
    'the proxy refuses connections to the Cloud',
    'let it connect to the host and port of the Cloud; many allow port 443 only',
  ),
  'proxy-cannot-reach': row(4, 'the proxy cannot reach the Cloud', "check -url= and the proxy's own DNS and network"),
  'proxy-not-one': row(
    4,
    'what answers at the address of the proxy is no such proxy',
    'check kind, host and port of the proxy setting',
  ),
  // TLS.
  'tls-untrusted': row(4, 'this node does not trust the certificate of the Cloud', trustRemedy, intoTheStore),
  'tls-wrong-host': row(
    4,
    'the certificate is made out for another host',
    'check -url= against the names in the certificate',
  ),
  'tls-expired': row(4, 'the certificate has expired', "renew it on the Cloud, or correct this node's clock"),
  'clock-wrong': row(4, "the certificate is not yet valid by this node's clock", "correct this node's clock"),
  'tls-failed': row(4, 'TLS failed', 'check the port in -url=, and what intercepts TLS on the way'),
  // The claim.
  'token-refused': row(
    12,
    'the Cloud does not know this token',
    'get a new command from an administrator of the Space',
  ),
  'token-mistyped': row(
    12,
    'the token is incomplete or has a typing error',
    'copy the whole command again, or get a new one from an administrator of the Space',
  ),
  'token-expired': row(12, 'the token has expired', 'get a new command from an administrator of the Space'),
  'token-used-up': row(12, 'the token has no uses left', 'get a new command from an administrator of the Space'),
  'token-revoked': row(12, 'the token was revoked', 'get a new command from an administrator of the Space'),
  'room-unknown': row(10, 'a room is not one of this Space', 'check -rooms= against the rooms of the Space'),
  'claimed-elsewhere': row(
    13,
    'this node is claimed to another Space, or under another identity',
    'remove it there; or make a new node of it: delete private.pem and public.pem in claim.d, then claim with -id=$(uuidgen)',
  ),
  'key-in-use': row(
    13,
    'this node is live with another key',
    'stop the other agent, or remove the node in the Cloud, then claim again',
  ),
  'node-id-refused': row(8, 'the Cloud refused the node id', 'give a UUID with -id='),
  'hostname-refused': row(9, 'the Cloud refused the host name', 'give another with -hostname=NAME'),
  'public-key-refused': row(
    11,
    'the Cloud refused the public key',
    'delete private.pem and public.pem in claim.d and claim again',
  ),
  'check-not-offered': row(0, 'this Cloud offers no check of a token', 'claim to find out'),
  'cloud-busy': row(17, 'the Cloud is busy or asked too often', 'try again in a minute'),
  'cloud-fault': row(15, 'the Cloud met a fault of its own', 'try again, or ask its operator to look into its log'),
  'not-a-cloud': row(7, 'what answers there is no Cloud', 'check -url=, and what stands in front of the Cloud'),
  // The link.
  'node-removed': row(13, 'this node was removed from its Space', 'claim it again', claimAfresh),
  'claim-unknown': row(
    13,
    'the Cloud does not know the claim of this node',
    'delete claim.d and claim this node again',
    claimAfresh,
  ),
  'key-mismatch': row(
    11,
    'the private key is not the one that was claimed',
    'delete claim.d and claim this node again',
  ),
  'websocket-stripped': row(
    4,
    'something between this node and the Cloud does not let WebSockets through',
    'let it pass the headers Upgrade and Connection for /mqtt',
  ),
  'websocket-refused': row(4, 'the Cloud refused the WebSocket', 'look into the log of the Cloud'),
  'mqtt-refused': row(4, 'the Cloud refused the session', 'look into the log of the Cloud'),
  'identity-contested': row(
    13,
    'several machines connect with the identity of this node',
    'delete the machine GUID and claim.d on the copy, restart it and claim it anew',
  ),
  'waits-for-admission': row(
    19,
    'an administrator of the Space has to admit this node first',
    'ask one, and compare the words of the key: netdatacli aclk-state prints them here',
  ),
  // What only a host with a stock agent has; doctor.sh alone tells these.
  'agent-not-found': row(1, 'no agent is installed here', 'give the folder that it was installed below with -prefix='),
  'agent-not-running': row(
    1,
    'the agent does not run',
    'start it, with systemctl start netdata or as this host starts services',
  ),
  'agent-unaware': row(
    1,
    'the agent that runs does not know its claim',
    'run netdatacli reload-claiming-state, or restart the agent',
  ),
  'not-claimed': row(1, 'this node is not claimed', 'claim it with the command that the page of the Cloud shows'),
  'claimed-at-another-cloud': row(
    1,
    'this node is claimed at another Cloud',
    `${claimAfresh}; or name the other Cloud with -url=`,
  ),
  'trusted-for-claim-only': row(
    4,
    'the authority of the Cloud is trusted for the claim only: its certificate lies in cloud.d, where the link does not look',
    intoTheStore,
  ),
  'socks-for-claim-only': row(
    4,
    'the link cannot use a SOCKS proxy',
    'set proxy to one that takes CONNECT, http://host:port, in cloud.d/cloud.conf, and restart the agent',
  ),
} as const satisfies Record<string, DoctorRow>;

export type DoctorCode = keyof typeof doctorTable;

export const doctorRow = (code: DoctorCode): DoctorRow => doctorTable[code];
