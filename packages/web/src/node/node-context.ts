// What the pages of one node share (NodePage.tsx holds it): the node, where its charts come from, and the time that they show.

import type { NodeView } from '@claimstead/wire/cloud-api/nodes';
import { createContext, use } from 'react';
import type { ChartSource } from '../charts/source.ts';
import type { TimelineStore } from '../charts/timeline-store.ts';

interface SharedNode {
  node: NodeView;
  source: ChartSource;
  timeline: TimelineStore;
}

export const NodeContext = createContext<SharedNode | null>(null);

export function useSharedNode(): SharedNode {
  const shared = use(NodeContext);
  if (!shared) throw new Error('NodePage is missing above this component.');
  return shared;
}
