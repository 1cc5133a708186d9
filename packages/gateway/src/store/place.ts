import type { ExpressionBuilder, ExpressionWrapper, SqlBool } from 'kysely';
import type { Place } from '../lib/cursor.ts';
import type { Schema } from './schema.ts';

type Listed = 'accounts' | 'api_keys' | 'webhook_endpoints';

/** In the order of creation: what comes after a place. */
export const isAfter =
  ({ created_at_ms, id }: Place) =>
  (eb: ExpressionBuilder<Schema, Listed>): ExpressionWrapper<Schema, Listed, SqlBool> =>
    eb(eb.refTuple('created_at_ms', 'id'), '>', eb.tuple(created_at_ms, id));
