import { useParams } from '@tanstack/react-router';
import { useSpace } from '../space/use-current-space.ts';
import { NotFoundPage, PendingPage } from '../stand-ins.tsx';
import { useQuery } from '@tanstack/react-query';
import { spacesQuery } from '../api/queries.ts';
import { useTitle } from '../ui/use-title.ts';
import { words } from '../words.ts';
import { AddNodesPanel } from './AddNodesPanel.tsx';
import styles from './AddNodesPanel.module.css';

/** Add nodes, as a page of its own: it can be left open while somebody goes from machine to machine. */
export function AddNodesPage() {
  useTitle(words.claim.title);
  const { spaceId } = useParams({ from: '/signed-in/framed/spaces/$spaceId/add-nodes' });
  const { isPending } = useQuery(spacesQuery);
  const space = useSpace(spaceId);
  if (isPending) return <PendingPage />;
  if (!space) return <NotFoundPage />;
  return (
    <div className={styles.page}>
      <h1>{words.claim.title}</h1>
      <p className={styles.intro}>{words.claim.intro}</p>
      <AddNodesPanel space={space} />
    </div>
  );
}
