/** The statuses of a task. What may follow what is `tasks/state.ts`; the words of the wire are `api/` only. */
export const STATUSES = ['queued', 'submitting', 'running', 'collecting', 'succeeded', 'failed', 'canceled'] as const;
export type Status = (typeof STATUSES)[number];
