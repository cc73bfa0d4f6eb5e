// What makes a copied machine a node of its own: its agent forgets who it was, and is claimed anew. [docs/decisions/0026]

/** Parts that need no quoting in any shell: a token is [0-9A-Za-z_], a slug [a-z0-9-], the URL's host was checked when the Cloud started. */
export interface CopyClaim {
  token: string;
  roomSlugs: readonly string[];
  url: string;
}

/**
 * For a POSIX shell of root, of our agent and of stock ones of every age. The agent is stopped first: ours tells the Cloud when its claim is
 * deleted while it runs, and that would remove the node of the original. What the machine trusts stays. Agents of v2 keep their machine GUID
 * a second time, in a status file that may lie in five places, and would take it from there again.
 */
export function copyCommands({ token, roomSlugs, url }: CopyClaim): { forget: string; claim: string } {
  const rooms = roomSlugs.length === 0 ? '' : ` -rooms=${roomSlugs.join(',')}`;
  return {
    forget: [
      'systemctl stop netdata',
      'lib=${NETDATA_LIB_DIR:-/var/lib/netdata} etc=${NETDATA_USER_CONFIG_DIR:-/etc/netdata} cache=${NETDATA_CACHE_DIR:-/var/cache/netdata}',
      'for d in "$lib/cloud.d" "$etc/claim.d"; do [ ! -d "$d" ] || find "$d" -type f ! -name cloud_fullchain.pem ! -name trusted.pem -exec rm -f {} +; done',
      'rm -f "$lib/registry/netdata.public.unique.id"',
      'for d in "$lib" "$cache" /tmp /run /var/run; do rm -f "$d/status-netdata.json"; done',
      'systemctl start netdata',
    ].join('\n'),
    claim: `netdata-claim.sh -token=${token}${rooms} -url=${url}`,
  };
}
