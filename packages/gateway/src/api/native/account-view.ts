import { z } from 'zod';
import type { AccountView, KeyView, TransferView, UsageRow } from '../../contract/account.ts';
import { CURRENCIES, SCOPES } from '../../contract/key.ts';
import { Money, toMoney } from './money.ts';

const instant = z.iso.datetime();
const limit = z.int().nullable();

export const NativeAccount = z.object({
  id: z.string(),
  name: z.string(),
  currency: z.enum(CURRENCIES),
  isUnlimited: z.boolean().describe('It may spend what it does not have.'),
  isDisabled: z.boolean().describe('Its keys do not work.'),
  balance: Money.describe('What was paid in less what was charged.'),
  available: Money.describe('What may still be spent: the balance without what is held.'),
  held: Money.describe('What tasks that have not ended may cost.'),
  createdAt: instant,
});

export const toNativeAccount = (account: AccountView): z.input<typeof NativeAccount> => ({
  id: account.id,
  name: account.name,
  currency: account.currency,
  isUnlimited: account.isUnlimited,
  isDisabled: account.isDisabled,
  balance: toMoney(account.balanceMicros, account.currency),
  available: toMoney(account.balanceMicros - account.heldMicros, account.currency),
  held: toMoney(account.heldMicros, account.currency),
  createdAt: new Date(account.createdAtMs).toISOString(),
});

export const NativeTransfer = z.object({
  id: z.string(),
  kind: z.string(),
  taskId: z.string().nullable(),
  from: z.string(),
  to: z.string(),
  amount: Money,
  note: z.string().nullable(),
  reference: z.string().nullable(),
  at: instant,
});

export const toNativeTransfer = (transfer: TransferView): z.input<typeof NativeTransfer> => ({
  id: transfer.id,
  kind: transfer.kind,
  taskId: transfer.taskId,
  from: transfer.from,
  to: transfer.to,
  amount: toMoney(transfer.micros, transfer.currency),
  note: transfer.note,
  reference: transfer.reference,
  at: new Date(transfer.atMs).toISOString(),
});

export const NativeKey = z.object({
  id: z.string(),
  accountId: z.string(),
  name: z.string(),
  masked: z.string().describe('The key with its middle hidden.'),
  isAdmin: z.boolean(),
  scopes: z.array(z.enum(SCOPES)).nullable().describe('Null: every scope.'),
  models: z.array(z.string()).nullable().describe('Null: every endpoint.'),
  addresses: z.array(z.string()).nullable().describe('Null: from everywhere.'),
  limits: z.object({
    maxRunning: limit,
    maxWaiting: limit,
    tasksPerMinute: limit,
    hourBudgetMicros: limit,
    dayBudgetMicros: limit,
    totalBudgetMicros: limit,
  }),
  createdAt: instant,
  expiresAt: instant.nullable(),
  revokedAt: instant.nullable(),
});

export const toNativeKey = (key: KeyView): z.input<typeof NativeKey> => ({
  id: key.id,
  accountId: key.accountId,
  name: key.name,
  masked: key.masked,
  isAdmin: key.isAdmin,
  scopes: key.rights.scopes === null ? null : [...key.rights.scopes],
  models: key.rights.models === null ? null : [...key.rights.models],
  addresses: key.rights.addresses === null ? null : [...key.rights.addresses],
  limits: key.limits,
  createdAt: new Date(key.createdAtMs).toISOString(),
  expiresAt: toIso(key.expiresAtMs),
  revokedAt: toIso(key.revokedAtMs),
});

export const NativeUsage = z.object({
  group: z.string(),
  tasks: z.int(),
  succeeded: z.int(),
  failed: z.int(),
  canceled: z.int(),
  charged: Money,
  held: Money,
  vendorCosts: z
    .array(Money.extend({ estimatedMicros: z.int().describe('Of it, for tasks of which not every upstream said it.') }))
    .describe('What jobs cost, in each currency: as upstreams said, else by our prices.'),
});

export const toNativeUsage = (row: UsageRow): z.input<typeof NativeUsage> => ({
  group: row.group,
  tasks: row.tasks,
  succeeded: row.succeeded,
  failed: row.failed,
  canceled: row.canceled,
  charged: toMoney(row.chargedMicros, row.currency),
  held: toMoney(row.heldMicros, row.currency),
  vendorCosts: row.vendorCosts.map(({ micros, estimatedMicros, currency }) => ({
    ...toMoney(micros, currency),
    estimatedMicros,
  })),
});

const toIso = (atMs: number | null): string | null => (atMs === null ? null : new Date(atMs).toISOString());
