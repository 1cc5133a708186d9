import { z } from 'zod';
import { type AccountService, type KeyService, USAGE_GROUPS, type UsageService } from '../../contract/account.ts';
import { GatewayError } from '../../contract/errors.ts';
import { NativeAccount, NativeKey, NativeUsage, toNativeAccount, toNativeKey, toNativeUsage } from './account-view.ts';
import { type NativeApi, pageOf, pageQuery } from './route.ts';

const DAY_MS = 86_400_000;
const MAX_SPAN_MS = 366 * DAY_MS;
const instant = z.iso.datetime({ offset: true }).optional();

type Deps = {
  readonly accounts: AccountService;
  readonly keys: KeyService;
  readonly usage: UsageService;
  readonly nowMs: () => number;
};

/** What the holder of a key may see of the account. */
export function nativeOwnAccountRoutes(api: NativeApi, { accounts, keys, usage, nowMs }: Deps): void {
  api.add({
    id: 'getOwnAccount',
    method: 'GET',
    url: '/api/v1/account',
    tag: 'Account',
    summary: 'Your account',
    scope: 'usage',
    answer: { status: 200, about: 'The account.', schema: NativeAccount },
    handle: async ({ caller }) => toNativeAccount(await accounts.get(caller.accountId)),
  });
  api.add({
    id: 'listOwnKeys',
    method: 'GET',
    url: '/api/v1/account/keys',
    tag: 'Account',
    summary: 'The keys of your account',
    scope: 'usage',
    query: z.strictObject(pageQuery),
    answer: { status: 200, about: 'A page of them.', schema: pageOf(NativeKey) },
    async handle({ caller, query }) {
      const { items, nextCursor } = await keys.list(caller.accountId, query);
      return { items: items.map(toNativeKey), nextCursor };
    },
  });
  api.add({
    id: 'getUsage',
    method: 'GET',
    url: '/api/v1/usage',
    tag: 'Account',
    summary: 'What tasks cost',
    description: 'Of the tasks submitted in a span of time, the last 30 days by default, as long as they are kept.',
    scope: 'usage',
    query: z.strictObject({
      groupBy: z.enum(USAGE_GROUPS).default('day'),
      from: instant,
      to: instant,
      account: z.string().optional().describe('Of another account, for administrators.'),
    }),
    answer: { status: 200, about: 'The dearest first.', schema: z.object({ items: z.array(NativeUsage) }) },
    async handle({ caller, query: { groupBy, from, to, account = caller.accountId } }) {
      if (account !== caller.accountId && !caller.isAdmin) {
        throw new GatewayError('forbidden', 'the usage of another account takes an administrator key');
      }
      const toMs = to === undefined ? nowMs() : Date.parse(to);
      const fromMs = from === undefined ? toMs - 30 * DAY_MS : Date.parse(from);
      if (fromMs >= toMs || toMs - fromMs > MAX_SPAN_MS) {
        const problem = { field: 'from', message: 'from must be before to, and at most 366 days' };
        throw new GatewayError('invalid_input', problem.message, { details: [problem] });
      }
      const rows = await usage.read({ accountId: account, groupBy, fromMs, toMs });
      return { items: rows.map(toNativeUsage) };
    },
  });
}
