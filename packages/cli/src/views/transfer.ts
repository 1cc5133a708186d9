import type { Transfer } from '@reelay/client';
import { showMoney } from '../money.ts';
import type { Fields } from '../output.ts';

export const transferFields: Fields<Transfer> = {
  id: ({ id }) => id,
  kind: ({ kind }) => kind,
  amount: ({ amount }) => showMoney(amount),
  task: ({ taskId }) => taskId ?? '',
  reference: ({ reference }) => reference ?? '',
  note: ({ note }) => note ?? '',
  at: ({ at }) => at,
};
