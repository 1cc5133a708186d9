import type { Account } from '@reelay/client';
import { showMoney } from '../money.ts';
import type { Fields } from '../output.ts';

export const accountFields: Fields<Account> = {
  id: ({ id }) => id,
  name: ({ name }) => name,
  balance: ({ balance }) => showMoney(balance),
  available: ({ available, isUnlimited }) => (isUnlimited ? 'unlimited' : showMoney(available)),
  held: ({ held }) => showMoney(held),
  state: ({ isDisabled }) => (isDisabled ? 'disabled' : 'active'),
  created: ({ createdAt }) => createdAt,
};
