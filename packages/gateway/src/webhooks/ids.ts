import type { DeliveryRow } from '../store/webhook-outbox.ts';

/** Deliveries are numbered; their ids have 19 digits, as clients of the compatible surfaces expect of an id. */
const BASE = 1_000_000_000_000_000_000n;
const ID = /^\d{19}$/;

export const toDeliveryId = (number: number): string => String(BASE + BigInt(number));

/** Undefined for a text that is no id of ours. */
export function toNumber(id: string): number | undefined {
  const number = ID.test(id) ? BigInt(id) - BASE : -1n;
  return number > 0n && number <= Number.MAX_SAFE_INTEGER ? Number(number) : undefined;
}

/** The same at every try, and of no other delivery, also not of another installation or of one that began anew: receivers
 *  keep it to know duplicates by. */
export const toMessageId = ({ number, task_id, created_at_ms }: DeliveryRow): string =>
  `msg_${task_id ?? `test_${created_at_ms}`}_${number}`;

/** Where deliveries wait. */
export const DELIVERY_QUEUE = 'webhooks';
export const DELIVERY_PRIORITY = 0;

/** A round of a delivery has a job of its own. */
export const toJobId = ({ number, round }: Pick<DeliveryRow, 'number' | 'round'>): string =>
  `webhook.${number}.${round}`;

export function fromJobId(id: string): { readonly number: number; readonly round: number } | undefined {
  const [, number, round] = /^webhook\.(\d{1,15})\.(\d{1,9})$/.exec(id) ?? [];
  return number === undefined ? undefined : { number: Number(number), round: Number(round) };
}
