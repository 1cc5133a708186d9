import { z } from 'zod';
import type { AccountService } from '../../contract/account.ts';
import { CURRENCIES } from '../../contract/key.ts';
import { onceOf } from '../submit-headers.ts';
import { NativeAccount, NativeTransfer, toNativeAccount, toNativeTransfer } from './account-view.ts';
import { type NativeApi, pageOf, pageQuery } from './route.ts';

const params = z.object({ id: z.string().describe('The id of the account.') });
const name = z.string().trim().min(1).max(200);
/** Nine thousand million units: more would not be a number that every client can read. */
const MAX_MICROS = 9_000_000_000_000_000;

const tag = 'Accounts';
const scope = 'admin';

/** Accounts and what they have, for administrators. */
export function nativeAccountRoutes(api: NativeApi, { accounts }: { accounts: AccountService }): void {
  api.add({
    id: 'createAccount',
    method: 'POST',
    url: '/api/v1/accounts',
    tag,
    summary: 'Open an account',
    description: 'With the header `Idempotency-Key` it is safe to repeat: the same request opens one account.',
    scope,
    body: z.strictObject({
      name,
      currency: z.enum(CURRENCIES).default('CNY').describe('In which it pays; it stays so.'),
      isUnlimited: z.boolean().default(false),
    }),
    answer: { status: 201, about: 'The account.', schema: NativeAccount },
    async handle({ caller, body, request, reply }) {
      const account = await accounts.create(body, onceOf(request, { caller, what: 'account', body }));
      reply.header('location', `/api/v1/accounts/${account.id}`);
      return toNativeAccount(account);
    },
  });
  api.add({
    id: 'listAccounts',
    method: 'GET',
    url: '/api/v1/accounts',
    tag,
    summary: 'All accounts, oldest first',
    scope,
    query: z.strictObject(pageQuery),
    answer: { status: 200, about: 'A page of them.', schema: pageOf(NativeAccount) },
    async handle({ query }) {
      const { items, nextCursor } = await accounts.list(query);
      return { items: items.map(toNativeAccount), nextCursor };
    },
  });
  api.add({
    id: 'getAccount',
    method: 'GET',
    url: '/api/v1/accounts/:id',
    tag,
    summary: 'An account',
    scope,
    params,
    answer: { status: 200, about: 'The account.', schema: NativeAccount },
    handle: async ({ params: { id } }) => toNativeAccount(await accounts.get(id)),
  });
  api.add({
    id: 'updateAccount',
    method: 'PATCH',
    url: '/api/v1/accounts/:id',
    tag,
    summary: 'Rename, limit or disable an account',
    description: 'The keys of a disabled account are refused; its tasks go on.',
    scope,
    params,
    body: z.strictObject({
      name: name.optional(),
      isUnlimited: z.boolean().optional(),
      isDisabled: z.boolean().optional(),
    }),
    answer: { status: 200, about: 'The account as it is now.', schema: NativeAccount },
    handle: async ({ params: { id }, body }) => toNativeAccount(await accounts.update(id, body)),
  });
  paymentRoutes(api, accounts);
}

function paymentRoutes(api: NativeApi, accounts: AccountService): void {
  api.add({
    id: 'createDeposit',
    method: 'POST',
    url: '/api/v1/accounts/:id/deposits',
    tag,
    summary: 'Book a payment',
    description: 'A negative amount takes money out again, of what is not held.',
    scope,
    params,
    body: z.strictObject({
      micros: z
        .int()
        .min(-MAX_MICROS)
        .max(MAX_MICROS)
        .refine((micros) => micros !== 0, 'must not be 0')
        .describe("Millionths of one unit of the account's currency."),
      note: z.string().max(500).optional(),
      reference: z
        .string()
        .min(1)
        .max(200)
        .optional()
        .describe('What you call this payment. The same reference is booked once.'),
    }),
    answer: { status: 201, about: 'The row of the ledger.', schema: NativeTransfer },
    handle: async ({ params: { id }, body }) => toNativeTransfer(await accounts.pay(id, body)),
  });
  api.add({
    id: 'listTransfers',
    method: 'GET',
    url: '/api/v1/accounts/:id/transfers',
    tag,
    summary: 'Payments, newest first, or the moves of a task',
    scope,
    params,
    query: z.strictObject({ ...pageQuery, task: z.string().max(19).optional().describe('The id of a task.') }),
    answer: { status: 200, about: 'A page of rows of the ledger.', schema: pageOf(NativeTransfer) },
    async handle({ params: { id }, query: { task, ...page } }) {
      const { items, nextCursor } = await accounts.listTransfers(id, { ...page, taskId: task });
      return { items: items.map(toNativeTransfer), nextCursor };
    },
  });
}
