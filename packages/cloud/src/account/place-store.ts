// Places of sign-ins in SQL.

import type { Storage } from '../storage/storage.ts';
import { placeKeptMs, type PlaceStore } from './places.ts';

export function createPlaceStore(storage: Storage): PlaceStore {
  return {
    note: (accountId, { sourceNetwork, browser }, atMs) =>
      storage.write(async (tx) => {
        const known = await tx
          .selectFrom('signInPlace')
          .select(['sourceNetwork', 'browser', 'lastUsedAtMs'])
          .where('accountId', '=', accountId)
          .execute();
        await tx
          .insertInto('signInPlace')
          .values({ accountId, sourceNetwork, browser, lastUsedAtMs: atMs })
          .onConflict((conflict) =>
            conflict.columns(['accountId', 'sourceNetwork', 'browser']).doUpdateSet({ lastUsedAtMs: atMs }),
          )
          .execute();
        if (known.length === 0) return 'first';
        const lately = known.filter(({ lastUsedAtMs }) => lastUsedAtMs > atMs - placeKeptMs);
        const isKnown =
          lately.some((place) => place.sourceNetwork === sourceNetwork) &&
          lately.some((place) => place.browser === browser);
        return isKnown ? 'known' : 'new';
      }),
    sweep: (usedBeforeMs) =>
      storage.write(async (tx) => {
        await tx
          .deleteFrom('signInPlace')
          .where('lastUsedAtMs', '<=', usedBeforeMs)
          .where((e) =>
            e.exists(
              e
                .selectFrom('signInPlace as later')
                .select('later.accountId')
                .whereRef('later.accountId', '=', 'signInPlace.accountId')
                .whereRef('later.lastUsedAtMs', '>', 'signInPlace.lastUsedAtMs'),
            ),
          )
          .execute();
      }),
  };
}
