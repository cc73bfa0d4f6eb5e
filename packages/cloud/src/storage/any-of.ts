import { sql, type RawBuilder } from 'kysely';

/** For `in`: any of these, bound as one value. The statement is the same however many there are: it is prepared once, and no limit of variables is met. */
export const anyOf = <Value extends string>(values: readonly Value[]): RawBuilder<Value> =>
  sql<Value>`(select value from json_each(${JSON.stringify(values)}))`;
