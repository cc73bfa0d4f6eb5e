import type { ClaimedNodeView } from '@claimstead/wire/cloud-api/claimed-nodes';
import type { CopyClaimView } from '@claimstead/wire/cloud-api/copy-claims';
import { roleMay, type Role } from '@claimstead/wire/cloud-api/roles';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { wordsOf } from '../api/error-words.ts';
import { Button } from '../ui/Button.tsx';
import { CopyButton } from '../ui/CopyButton.tsx';
import { FormError } from '../ui/FormError.tsx';
import { Notice } from '../ui/Notice.tsx';
import { plainText } from '../ui/plain-text.ts';
import { Since } from '../ui/Since.tsx';
import { momentWords } from '../ui/time-words.ts';
import { words } from '../words.ts';
import { claimedNodesKey, makeCopyClaim } from './claimed-node-queries.ts';
import { HostName } from './HostName.tsx';
import { manageWords } from './manage-words.ts';
import styles from './ContestedMachines.module.css';

type Contest = NonNullable<ClaimedNodeView['contest']>;

export interface ContestedMachinesProps {
  nodeId: string;
  spaceId: string;
  contest: Contest;
  role: Role | undefined;
}

/** Machines with one identity beside each other, and the click that lets one of them become a node of its own. */
export function ContestedMachines({ nodeId, spaceId, contest, role }: ContestedMachinesProps) {
  const queries = useQueryClient();
  const make = useMutation({
    mutationFn: (host: Contest['hosts'][number]) => makeCopyClaim(nodeId, host),
    onSuccess: () => queries.invalidateQueries({ queryKey: claimedNodesKey(spaceId) }),
  });
  const mayMake = role !== undefined && roleMay(role, 'manage-tokens');
  const { settling } = contest;
  return (
    <section className={styles.contest} aria-label={words.node.contestedTitle}>
      <Notice tone="stale" title={words.node.contestedTitle}>
        <p>
          {words.node.bannerSince(momentWords(contest.since))} {manageWords.copyWhich}
        </p>
      </Notice>
      <ul className={styles.hosts}>
        {contest.hosts.map((host, n) => (
          // Two machines of one name behind one address look alike.
          <li key={n} className={styles.host} data-connected={host.isConnected}>
            <HostName name={host.hostname} />
            <span className={`${styles.address} given`}>{plainText(host.address)}</span>
            <span className={styles.is}>
              {host.isConnected ? manageWords.isConnected : manageWords.isRefused}
              {!host.isConnected && (
                <>
                  {' · '}
                  <Since at={host.seenAt} say={manageWords.seenAgo} />
                </>
              )}
            </span>
            {mayMake && (
              <Button
                size="s"
                isBusy={make.isPending && make.variables === host}
                aria-label={manageWords.makeNodeOf(plainText(host.hostname))}
                onClick={() => make.mutate(host)}
              >
                {manageWords.makeNode}
              </Button>
            )}
          </li>
        ))}
      </ul>
      {!mayMake && <p className={styles.says}>{manageWords.copyOnlyAdmins}</p>}
      <FormError message={make.error ? wordsOf(make.error) : null} />
      {settling && (
        <p className={`${styles.says} given`} role="status">
          {plainText(manageWords.settling(settling.hostname, settling.address, momentWords(settling.at)))}
        </p>
      )}
      {make.data && <CopyCommands made={make.data} host={plainText(make.variables?.hostname ?? '')} />}
    </section>
  );
}

function CopyCommands({ made, host }: { made: CopyClaimView; host: string }) {
  const steps = [
    { title: manageWords.copyForget, text: made.forget },
    { title: manageWords.copyClaim, text: made.claim },
  ];
  return (
    <div className={styles.commands} data-testid="copy-commands">
      <h3 className="given">{manageWords.copyRunOn(host)}</h3>
      {steps.map(({ title, text }) => (
        <div key={title} className={styles.step}>
          <div className={styles.head}>
            <h4>{title}</h4>
            <CopyButton text={text} words={words.shared.copy} />
          </div>
          <pre className={styles.shell} tabIndex={0} aria-label={title}>
            <code>{text}</code>
          </pre>
        </div>
      ))}
      <p className={styles.says}>{manageWords.copyExpires(momentWords(made.expiresAt))}</p>
    </div>
  );
}
