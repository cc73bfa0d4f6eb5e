import type { AuditRowView } from '@claimstead/wire/cloud-api/audit';
import { Link } from '@tanstack/react-router';
import { ChevronRight } from 'lucide-react';
import { HostName } from '../node/HostName.tsx';
import { paths } from '../paths.ts';
import { plainText } from '../ui/plain-text.ts';
import { momentWords } from '../ui/time-words.ts';
import styles from './AuditEntry.module.css';
import { auditWords, detailName, detailText } from './audit-words.ts';

/** One row; opened, it tells all that was written down. */
export function AuditEntry({ row }: { row: AuditRowView }) {
  const { account, node } = row;
  const { apiToken } = row.details;
  const nobody = row.sourceNetwork === null ? auditWords.by.machine : auditWords.by.agent;
  const who = account === null ? nobody : (account.name ?? account.email);
  const about = aboutWhat(row);
  return (
    <li>
      <details className={styles.entry}>
        <summary className={styles.summary}>
          <ChevronRight size={15} aria-hidden className={styles.mark} />
          <time dateTime={row.at} className={styles.at}>
            {momentWords(row.at)}
          </time>
          <span className={`${styles.says} given`}>{plainText(row.says)}</span>
          <span className={styles.about}>{about !== null && <HostName name={about} />}</span>
          <span className={styles.who}>
            <bdi className="given-line">{plainText(who ?? auditWords.goneAccount(account?.id ?? ''))}</bdi>
            {typeof apiToken === 'string' && (
              <span className={`${styles.network} given`}>{auditWords.by.throughApiToken(plainText(apiToken))}</span>
            )}
            {row.sourceNetwork !== null && (
              <span className={`${styles.network} given`}>
                {auditWords.by.fromNetwork(plainText(row.sourceNetwork))}
              </span>
            )}
          </span>
        </summary>
        <dl className={styles.details}>
          <Field name={auditWords.fields.seq} value={String(row.seq)} />
          <Field name={auditWords.fields.kind} value={row.kind} />
          {account && <Field name={auditWords.fields.account} value={account.email ?? account.id} />}
          {row.sourceNetwork !== null && <Field name={auditWords.fields.network} value={row.sourceNetwork} />}
          {node && (
            <>
              <dt>{auditWords.fields.node}</dt>
              <dd>
                <Link {...paths.node(node.id)}>{node.id}</Link>
              </dd>
            </>
          )}
          {row.claimId !== null && <Field name={auditWords.fields.claim} value={row.claimId} />}
          {row.tokenId !== null && <Field name={auditWords.fields.token} value={row.tokenId} />}
          {Object.entries(row.details).map(([name, value]) => (
            <Field key={name} name={detailName(name)} value={detailText(value)} />
          ))}
        </dl>
      </details>
    </li>
  );
}

function Field({ name, value }: { name: string; value: string }) {
  return (
    <>
      <dt>{plainText(name)}</dt>
      <dd className="given">{plainText(value)}</dd>
    </>
  );
}

/** Name of the node, room, token or person that the row is about, as far as its kind wrote one down. */
function aboutWhat({ node, details }: AuditRowView): string | null {
  if (node?.hostname) return node.hostname;
  const named = [details.name, details.email, details.to].find((value) => typeof value === 'string' && value !== '');
  return typeof named === 'string' ? named : null;
}
