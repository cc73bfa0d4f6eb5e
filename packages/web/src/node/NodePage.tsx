import type { NodeView } from '@claimstead/wire/cloud-api/nodes';
import { useQuery } from '@tanstack/react-query';
import { Link, Outlet, useNavigate, useParams } from '@tanstack/react-router';
import { ChevronLeft, EllipsisVertical, Rows3, Trash2 } from 'lucide-react';
import { Menu } from '@mantine/core';
import { useMemo, useState } from 'react';
import { ApiError } from '../api/client.ts';
import { wordsOf } from '../api/error-words.ts';
import { nodeQuery } from '../api/queries.ts';
import { createTimelineStore } from '../charts/timeline-store.ts';
import { useLive } from '../events/LiveProvider.tsx';
import { paths } from '../paths.ts';
import { useSpace } from '../space/use-current-space.ts';
import { PendingPage } from '../stand-ins.tsx';
import { Button, buttonClass, IconButton } from '../ui/Button.tsx';
import { EmptyState } from '../ui/Notice.tsx';
import { Since } from '../ui/Since.tsx';
import { plainText } from '../ui/plain-text.ts';
import { useTitle } from '../ui/use-title.ts';
import { words } from '../words.ts';
import { cloudSource } from './cloud-source.ts';
import { WaitsBadge } from '../admission/WaitsBadge.tsx';
import { ContestedBadge } from './ContestedBadge.tsx';
import { EditNodeRooms } from './EditNodeRooms.tsx';
import { HostName } from './HostName.tsx';
import { nodeCan } from './node-can.ts';
import { NodeContext } from './node-context.ts';
import { NodeStateBadge } from './NodeStateBadge.tsx';
import { NodeTabs } from './NodeTabs.tsx';
import { ContestedNotice, NodeTrouble } from './NodeTrouble.tsx';
import { factsOf, viaWords } from './node-words.ts';
import { RemoveNode } from './RemoveNode.tsx';
import styles from './NodePage.module.css';

/** One node: who it is and how it is, above its pages (charts, alerts, functions, information). */
export function NodePage() {
  const { nodeId } = useParams({ from: '/signed-in/framed/nodes/$nodeId' });
  const node = useQuery(nodeQuery(nodeId));
  useTitle(node.data ? plainText(node.data.hostname) : words.node.title);
  if (node.error instanceof ApiError && node.error.kind === 'not-found') {
    return (
      <EmptyState
        title={words.node.gone}
        action={
          <Link {...paths.start()} className={buttonClass('primary')}>
            {words.shared.toStart}
          </Link>
        }
      >
        {words.node.goneSays}
      </EmptyState>
    );
  }
  if (node.isError && !node.data) {
    return (
      <EmptyState
        title={words.shared.failedTitle}
        action={<Button onClick={() => void node.refetch()}>{words.shared.again}</Button>}
      >
        {wordsOf(node.error)}
      </EmptyState>
    );
  }
  return node.data ? <KnownNode key={nodeId} node={node.data} /> : <PendingPage />;
}

const firstSpanSeconds = 300;

/** Its header stays while its pages change, and so do what its charts were showing. */
function KnownNode({ node }: { node: NodeView }) {
  const { connection } = useLive();
  const source = useMemo(() => cloudSource(node.nodeId, connection), [node.nodeId, connection]);
  const [timeline] = useState(() => createTimelineStore(firstSpanSeconds, Math.floor(Date.now() / 1000)));
  const shared = useMemo(() => ({ node, source, timeline }), [node, source, timeline]);
  return (
    <>
      <NodeHeader node={node} />
      <NodeTrouble node={node} />
      <ContestedNotice contested={node.contested} />
      <NodeTabs node={node} />
      <NodeContext value={shared}>
        <Outlet />
      </NodeContext>
    </>
  );
}

function NodeHeader({ node }: { node: NodeView }) {
  const space = useSpace(node.spaceId);
  const navigate = useNavigate();
  const [open, setOpen] = useState<'rooms' | 'remove' | null>(null);
  const close = (): void => setOpen(null);
  const icon = { size: 16, 'aria-hidden': true } as const;
  return (
    <header className={styles.header}>
      <Link {...paths.nodes(node.spaceId)} className={styles.back}>
        <ChevronLeft size={15} aria-hidden />
        {words.node.backToList}
      </Link>
      <div className={styles.top}>
        <h1 className={styles.host}>
          <HostName name={node.hostname} />
        </h1>
        <NodeStateBadge state={node.state} />
        <ContestedBadge contested={node.contested} />
        <WaitsBadge admission={node.admission} />
        <span className={styles.since}>
          <Since at={node.since} say={words.shared.for} />
        </span>
        <div className={styles.actions}>
          {space && nodeCan.changeRooms(space.role) && (
            <Menu position="bottom-end" width={210}>
              <Menu.Target>
                <IconButton label={words.manage.title} className={styles.more}>
                  <EllipsisVertical size={17} aria-hidden />
                </IconButton>
              </Menu.Target>
              <Menu.Dropdown>
                <Menu.Item leftSection={<Rows3 {...icon} />} onClick={() => setOpen('rooms')}>
                  {words.room.edit}
                </Menu.Item>
                <Menu.Item leftSection={<Trash2 {...icon} />} onClick={() => setOpen('remove')}>
                  {words.manage.removeButton}
                </Menu.Item>
              </Menu.Dropdown>
            </Menu>
          )}
        </div>
      </div>
      <dl className={styles.facts}>
        {factsOf(node.info).map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd className="given">{value}</dd>
          </div>
        ))}
        {node.via && (
          <div>
            <dt>{words.node.viaLabel}</dt>
            <dd className="given" data-via={node.via.hostname}>
              <Link {...paths.node(node.via.nodeId)}>{viaWords(node.via)}</Link>
            </dd>
          </div>
        )}
        <div>
          <dt>{words.node.rooms}</dt>
          <dd className="given">{node.rooms.map(({ name }) => name).join(', ') || words.node.noMore}</dd>
        </div>
      </dl>
      {open === 'rooms' && <EditNodeRooms node={node} onClose={close} />}
      {open === 'remove' && (
        <RemoveNode node={node} onClose={close} onDone={() => void navigate(paths.nodes(node.spaceId))} />
      )}
    </header>
  );
}
