import { GatewayError } from '../contract/errors.ts';

/** A place in a list that is ordered by creation. */
export type Place = { readonly created_at_ms: number; readonly id: string };

const CURSOR = /^(\d{1,16})\.(\w{1,64})$/;

export const toCursor = ({ created_at_ms, id }: Place): string => `${created_at_ms}.${id}`;

/** Undefined: from the beginning.
 *  @throws {GatewayError} `invalid_input` for what no page ended with. */
export function toPlace(cursor: string | undefined): Place | undefined {
  if (cursor === undefined) return undefined;
  const [, createdAtMs, id] = CURSOR.exec(cursor) ?? [];
  if (createdAtMs !== undefined && id !== undefined) return { created_at_ms: Number(createdAtMs), id };
  const problem = { field: 'cursor', message: 'cursor must be the nextCursor of an earlier page' };
  throw new GatewayError('invalid_input', problem.message, { details: [problem] });
}

/** A page of the rows, of which one more than `limit` was read: that one tells whether there is another page. */
export function toPage<R extends Place>(rows: readonly R[], limit: number): { items: R[]; nextCursor: string | null } {
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  return { items, nextCursor: rows.length > limit && last !== undefined ? toCursor(last) : null };
}
