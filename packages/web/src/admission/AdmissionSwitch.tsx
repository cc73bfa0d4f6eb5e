// Admission: AdmissionSwitch.tsx (whether nodes wait), WaitingNodes.tsx (those that do), WaitsBadge.tsx (beside a state).

import { Checkbox } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { wordsOf } from '../api/error-words.ts';
import { FormError } from '../ui/FormError.tsx';
import { NotLoaded } from '../ui/NotLoaded.tsx';
import { Skeleton } from '../ui/Notice.tsx';
import { words } from '../words.ts';
import { admissionKey, admissionQuery, turnAdmission } from './admission-queries.ts';
import { admissionWords } from './admission-words.ts';
import styles from './Admission.module.css';

/** Whether every node that is claimed to the Space waits. */
export function AdmissionSwitch({ spaceId }: { spaceId: string }) {
  const queries = useQueryClient();
  const admission = useQuery(admissionQuery(spaceId));
  // What was clicked shows at once, and goes on showing until the Cloud has said what it is.
  const [wanted, setWanted] = useState<boolean | null>(null);
  const turn = useMutation({
    mutationFn: (isOn: boolean) => turnAdmission(spaceId, isOn),
    onSuccess: (now) => queries.setQueryData(admissionKey(spaceId), now),
    onSettled: () => setWanted(null),
  });
  return (
    <section className={styles.panel}>
      <h2>{admissionWords.title}</h2>
      <p>{admissionWords.says}</p>
      {admission.isPending && <Skeleton rows={1} heightPx={24} label={words.shared.loading} />}
      {admission.data && (
        <Checkbox
          label={admissionWords.isOn}
          checked={wanted ?? admission.data.isOn}
          disabled={turn.isPending}
          onChange={(event) => {
            setWanted(event.currentTarget.checked);
            turn.mutate(event.currentTarget.checked);
          }}
        />
      )}
      {admission.isError && !admission.data && (
        <NotLoaded message={wordsOf(admission.error)} onAgain={() => void admission.refetch()} />
      )}
      <FormError message={turn.error ? wordsOf(turn.error) : null} />
    </section>
  );
}
