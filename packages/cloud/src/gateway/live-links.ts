// The links that this instance holds: at most one per claim.

import { CloudError } from '@claimstead/wire/errors';
import type { ClaimId } from '@claimstead/wire/ids';
import type { LinkSender } from '../relay/link-relay.ts';
import type { Link, LinkEnd } from './link.ts';

export interface LiveLinks extends LinkSender {
  /** The newest link of a claim wins; an older one is ended. */
  add(link: Link): void;
  /** False when the link was not the current one any more: then its loss means nothing. */
  remove(link: Link): boolean;
  isCurrent(link: Link): boolean;
  of(claimId: ClaimId): Link | undefined;
  end(claimId: ClaimId, why: LinkEnd): void;
  endAll(why: LinkEnd): void;
  readonly size: number;
}

export function createLiveLinks(): LiveLinks {
  const links = new Map<string, Link>();
  return {
    get size() {
      return links.size;
    },
    add(link) {
      const older = links.get(link.node.claimId);
      links.set(link.node.claimId, link);
      older?.end('taken-over');
    },
    remove(link) {
      return links.get(link.node.claimId) === link && links.delete(link.node.claimId);
    },
    isCurrent: (link) => links.get(link.node.claimId) === link,
    of: (claimId) => links.get(claimId),
    end: (claimId, why) => links.get(claimId)?.end(why),
    endAll(why) {
      for (const link of links.values()) link.end(why);
    },
    async ask(claimId, question) {
      const link = links.get(claimId);
      if (link === undefined) throw new CloudError('node-offline');
      return link.ask(question);
    },
  };
}
