import type { RoomRule, RoomRulesPreview } from '@claimstead/wire/cloud-api/room-rules';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { previewQuery } from './room-rule-queries.ts';

const restsAfterMs = 250;

export interface Preview {
  /** Undefined until the Cloud has answered, or where it was asked about other rules. */
  found: RoomRulesPreview | undefined;
  /** Of the rules as they are now alone. */
  counts: readonly number[] | undefined;
  error: Error | null;
}

/** Which nodes the rules name now; the Cloud is asked when somebody rests from typing. */
export function usePreview(spaceId: string, roomId: string, rules: readonly RoomRule[]): Preview {
  const typed = JSON.stringify(rules);
  const [asked, setAsked] = useState(typed);
  useEffect(() => {
    if (typed === asked) return;
    const timer = setTimeout(() => setAsked(typed), restsAfterMs);
    return () => clearTimeout(timer);
  }, [typed, asked]);
  const about = JSON.parse(asked) as RoomRule[];
  const { data, error, isPlaceholderData } = useQuery({
    ...previewQuery(spaceId, roomId, about),
    enabled: about.length > 0,
  });
  return { found: data, counts: typed === asked && !isPlaceholderData ? data?.counts : undefined, error };
}
