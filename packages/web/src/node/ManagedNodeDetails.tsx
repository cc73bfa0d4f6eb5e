import type { Role } from '@claimstead/wire/cloud-api/roles';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { EphemeralBadge } from '../ephemeral/EphemeralBadge.tsx';
import { EphemeralFact } from '../ephemeral/EphemeralFact.tsx';
import { ephemeralWords } from '../ephemeral/ephemeral-words.ts';
import { paths } from '../paths.ts';
import { Button, buttonClass } from '../ui/Button.tsx';
import { CopyButton } from '../ui/CopyButton.tsx';
import { plainText } from '../ui/plain-text.ts';
import { momentWords } from '../ui/time-words.ts';
import { words } from '../words.ts';
import { ContestedBadge } from './ContestedBadge.tsx';
import { ContestedMachines } from './ContestedMachines.tsx';
import { manageWords } from './manage-words.ts';
import { versionOf, whyWords, type ManagedNode } from './managed-nodes.ts';
import { NodeStateBadge } from './NodeStateBadge.tsx';
import styles from './ManagedNodeDetails.module.css';

/** Everything that is known of one claimed node, and what can be done with it. */
export function ManagedNodeDetails({
  one,
  role,
  onRemove,
  onEditRooms,
}: {
  one: ManagedNode;
  role: Role | undefined;
  onRemove: () => void;
  onEditRooms: () => void;
}) {
  const { node, more } = one;
  const { facts } = manageWords;
  const claimed = more?.claimed ?? null;
  const why = whyWords(more);
  return (
    <div className={styles.details} data-details={node.nodeId}>
      {more?.contest && (
        <ContestedMachines nodeId={node.nodeId} spaceId={node.spaceId} contest={more.contest} role={role} />
      )}
      <dl className={styles.facts}>
        <Fact name={facts.state}>
          <span className={styles.badges}>
            <NodeStateBadge state={node.state} />
            <ContestedBadge contested={node.contested} />
            {more && <EphemeralBadge ephemeral={more.ephemeral} state={node.state} />}
          </span>
        </Fact>
        {why !== null && <Fact name={facts.why}>{why}</Fact>}
        <Fact name={facts.since}>{momentWords(more?.down?.since ?? node.since)}</Fact>
        <Fact name={facts.error}>
          {node.lastLinkError === null ? words.shared.none : plainText(node.lastLinkError)}
        </Fact>
        {more && (
          <Fact name={ephemeralWords.fact}>
            <EphemeralFact node={node} more={more} />
          </Fact>
        )}
        <Fact name={facts.rooms}>{node.rooms.map(({ name }) => plainText(name)).join(', ')}</Fact>
        <Fact name={facts.version}>{plainText(versionOf(node)) || words.node.notTold}</Fact>
        <Fact name={facts.key}>
          {more?.keyFingerprint ? (
            <span className={styles.key}>
              <code>{more.keyFingerprint}</code>
              <CopyButton text={more.keyFingerprint} words={words.shared.copy} />
            </span>
          ) : (
            manageWords.noKey
          )}
        </Fact>
        {claimed !== null && (
          <>
            <Fact name={facts.claimedAt}>{momentWords(claimed.at)}</Fact>
            <Fact name={facts.by}>
              {claimed.by !== null && plainText(`${claimed.by.name} (${claimed.by.email})`)}
              {claimed.by === null && (claimed.tokenName === null ? manageWords.notKept : manageWords.byConsole)}
            </Fact>
            <Fact name={facts.token}>
              {claimed.tokenName === null ? manageWords.notKept : plainText(claimed.tokenName)}
            </Fact>
            <Fact name={facts.from}>{claimed.from ?? manageWords.notKept}</Fact>
          </>
        )}
        <Fact name={facts.nodeId}>
          <code>{node.nodeId}</code>
        </Fact>
        {node.claimId !== null && (
          <Fact name={facts.claimId}>
            <code>{node.claimId}</code>
          </Fact>
        )}
        <Fact name={facts.guid}>
          <code>{node.machineGuid}</code>
        </Fact>
      </dl>
      <div className={styles.actions}>
        <Link {...paths.node(node.nodeId)} className={buttonClass('plain')}>
          {manageWords.open}
        </Link>
        <Button onClick={onEditRooms}>{words.room.edit}</Button>
        <Button look="danger" onClick={onRemove}>
          {words.manage.removeButton}
        </Button>
      </div>
    </div>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className={styles.fact}>
      <dt>{name}</dt>
      <dd className="given">{children}</dd>
    </div>
  );
}
