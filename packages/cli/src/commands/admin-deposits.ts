import type { CommandUnknownOpts } from '@commander-js/extra-typings';
import type { Context } from '../context.ts';
import { naming, UsageError } from '../errors.ts';
import { AMOUNT_RULE, parseAmount } from '../money.ts';
import { transferFields } from '../views/transfer.ts';
import { cursorOption, limitOption } from './page-options.ts';

const NAMES = { micros: '<amount>', note: '--note', reference: '--reference', task: '--task', cursor: '--cursor' };

export function registerDeposits(admin: CommandUnknownOpts, context: Context): void {
  const deposits = admin.command('deposits').description('Payments of accounts.');
  for (const [name, description, sign] of [
    ['create', 'Book a payment.', 1],
    ['withdraw', 'Take money out again, of what is not held.', -1],
  ] as const) {
    deposits
      .command(name)
      .description(description)
      .argument('<account>', 'its id')
      .argument('<amount...>', 'with the currency of the account, such as 12.50 CNY')
      .option('--reference <text>', 'what you call this payment: the same reference is booked once')
      .option('--note <text>', 'whatever you want to remember')
      .action((accountId, words, options) => pay(context, { accountId, text: words.join(' '), sign, ...options }));
  }
  deposits
    .command('list')
    .description('Payments, newest first; or every move of a task.')
    .argument('<account>', 'its id')
    .option('--task <id>', 'the moves of this task')
    .addOption(limitOption())
    .addOption(cursorOption())
    .action(async (id, options) => {
      const page = await naming(NAMES, context.client.deposits.list(id, { ...options, signal: context.io.signal }));
      context.out.page(page, transferFields);
    });
}

type Payment = { accountId: string; text: string; sign: 1 | -1; reference?: string; note?: string };

async function pay({ client, out, io: { signal } }: Context, payment: Payment): Promise<void> {
  const { accountId, text, sign, reference, note } = payment;
  const amount = parseAmount(text);
  if (amount === undefined) throw new UsageError(`<amount>: please ${AMOUNT_RULE}`);
  const { currency } = await client.accounts.get(accountId, { signal });
  if (currency !== amount.currency) throw new UsageError(`<amount>: account ${accountId} is in ${currency}`);
  const deposit = { micros: sign * amount.micros, reference, note };
  const booked = await naming(NAMES, client.deposits.create(accountId, deposit, { signal }));
  out.one(booked, transferFields, booked.id);
}
