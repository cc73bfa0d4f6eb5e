// Lists that grow with a fleet come in pages: `?limit=…&cursor=…`, and `next` in the answer.

import { z } from 'zod';

/** Also what is answered unless told: most fleets are one page, which a list of them needs a single answer for. Two thousand nodes are 1.7 MB. */
export const mostOfPage = 2000;

/** `cursor` is the `next` of the page before, as it was; what stands in it is the Cloud's own business. */
export const PageQuery = z.strictObject({
  limit: z.coerce.number().int().min(1).max(mostOfPage).default(mostOfPage),
  cursor: z.string().min(1).max(2048).optional(),
});

/** What to give as `cursor` for the next page; null = this was the last one. */
export const Next = z.string().nullable();
