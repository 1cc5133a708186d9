import type { CommandUnknownOpts } from '@commander-js/extra-typings';
import type { Context } from '../context.ts';
import { registerAccounts } from './admin-accounts.ts';
import { registerDeposits } from './admin-deposits.ts';
import { registerKeys } from './admin-keys.ts';

/** What administrators do. */
export function registerAdmin(program: CommandUnknownOpts, context: Context): void {
  const admin = program.command('admin').description('Accounts, keys and payments, for administrators.');
  registerAccounts(admin, context);
  registerKeys(admin, context);
  registerDeposits(admin, context);
}
