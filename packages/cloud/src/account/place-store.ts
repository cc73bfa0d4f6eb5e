// Places of sign-ins in SQL.

import type { Storage } from '../storage/storage.ts';
import { placeKeptMs, type PlaceStore } from './places.ts';

export function createPlaceStore(storage: Storage): PlaceStore {
  return {
    note: (accountId, { sourceNetwork, browser }, atMs) =>
      storage.write(async (tx) => {
        const lately = await tx
          .selectFrom('signInPlace')
          .select(['sourceNetwork', 'browser'])
          .where('accountId', '=', accountId)
          .where('lastUsedAtMs', '>', atMs - placeKeptMs)
          .execute();
        await tx
          .insertInto('signInPlace')
          .values({ accountId, sourceNetwork, browser, lastUsedAtMs: atMs })
          .onConflict((conflict) =>
            conflict.columns(['accountId', 'sourceNetwork', 'browser']).doUpdateSet({ lastUsedAtMs: atMs }),
          )
          .execute();
        if (lately.length === 0) return 'first';
        const isKnown =
          lately.some((place) => place.sourceNetwork === sourceNetwork) &&
          lately.some((place) => place.browser === browser);
        return isKnown ? 'known' : 'new';
      }),
    sweep: (usedBeforeMs) =>
      storage.write(async (tx) => {
        await tx.deleteFrom('signInPlace').where('lastUsedAtMs', '<=', usedBeforeMs).execute();
      }),
  };
}
