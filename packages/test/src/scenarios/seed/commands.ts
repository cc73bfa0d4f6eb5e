// The commands and settings that the documentation of claiming shows, as people paste them: each block literally, with its own
// placeholders. Names of commands, options and files are facts; what the documentation says about them is in the tests, in our words.

/** What a person fills in. An address in a block stands for the one of their own Cloud or proxy, and may be replaced, too. */
export interface Filling {
  token: string;
  rooms?: readonly [string, string];
  proxy?: string;
}

export const asServiceUser = `sudo su -s /bin/bash netdata
netdata-claim.sh -token=TOKEN -rooms=ROOM1,ROOM2 -url=https://app.netdata.cloud
`;

export const withSudo = `sudo netdata-claim.sh -token=TOKEN -rooms=ROOM1,ROOM2 -url=https://app.netdata.cloud
`;

/** What stands behind the name of the image; `docker run` itself and its options are the container's. */
export const trailingCommandOfDockerRun = `/usr/sbin/netdata -D -W set global "netdata cloud" enable -W set cloud "cloud base url" "https://app.netdata.cloud" -W "claim -token=TOKEN -rooms=ROOM1,ROOM2 -url=https://app.netdata.cloud"
`;

/** What stands behind `docker logs netdata 2>&1 |`. */
export const filterOfDockerLogs = `grep -E --line-buffered 'ACLK|claim|cloud'
`;

export const withoutProxy = `[cloud]
    proxy = none
`;

export const proxyExamples = `[cloud]
    proxy = socks5h://203.0.113.0:1080       # With an IP address
    proxy = socks5h://proxy.example.com:1080 # With a URL
`;

export const throughProxy = `netdata-claim.sh -token=MYTOKEN1234567 -rooms=room1,room2 -url=https://app.netdata.cloud -proxy=socks5h://203.0.113.0:1080
`;

export const keysOfInfo = `	"cloud-enabled"
	"cloud-available"
	"agent-claimed"
	"aclk-available"
`;

/** Section and key are spelt as the documentation spells them. */
export const cloudSwitch = `[general]
    netadata cloud = enable
`;

export const errorLog = `less /var/log/netdata/error.log
grep -i ACLK /var/log/netdata/error.log
`;

export const unclaim = `cd /etc/netdata   # Replace with your Netdata configuration directory, if not /etc/netdata/
rm -rf claim.d/
`;

export const withDefaults = `netdata-claim.sh -token=MYTOKEN1234567 -rooms=room1,room2
`;

export const reload = `netdatacli reload-claiming-state
`;

export const besideRunningAgent = `/usr/sbin/netdata -D -W "claim -token=MYTOKEN1234567 -rooms=room1,room2"
`;

/** The block with a person's own values; everything else stays as it is. */
export const fillIn = (block: string, { token, rooms = ['room1', 'room2'], proxy }: Filling): string =>
  block
    .replaceAll(/MYTOKEN1234567|\bTOKEN\b/g, token)
    .replaceAll(/ROOM1,ROOM2|room1,room2/g, rooms.join(','))
    .replaceAll('socks5h://203.0.113.0:1080', proxy ?? 'socks5h://203.0.113.0:1080');
