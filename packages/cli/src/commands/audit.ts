import type { CommandUnknownOpts } from '@commander-js/extra-typings';
import type { Audit } from '@reelay/client';
import type { Context } from '../context.ts';
import { Failure } from '../errors.ts';
import { showMicros } from '../money.ts';
import type { Fields } from '../output.ts';

type Total = Audit['totals'][number];
type Discrepancy = Audit['discrepancies'][number];

const totalFields: Fields<Total> = {
  'paid in': ({ outside, currency }) => showMicros(-outside, currency),
  revenue: ({ revenue, currency }) => showMicros(revenue, currency),
  available: ({ available, currency }) => showMicros(available, currency),
  held: ({ held, currency }) => showMicros(held, currency),
};
const discrepancyFields: Fields<Discrepancy> = {
  what: ({ what }) => what,
  id: ({ id }) => id,
  problem: ({ message }) => message,
};

/** Ends with 0 when the books balance, 1 when they do not. */
export function registerAudit(program: CommandUnknownOpts, context: Context): void {
  program
    .command('audit')
    .description('Prove that no money was made or lost. Ends with 0 when the books balance, 1 when they do not.')
    .action(async () => {
      const report = await context.client.audit.run({ signal: context.io.signal });
      show(context, report);
      if (report.isBalanced) return;
      const next = 'Do not change the books by hand: copy the database, and look at what is named above.';
      throw new Failure('the books do not balance', next);
    });
}

function show({ out }: Context, report: Audit): void {
  const { counts, totals, discrepancies, isBalanced } = report;
  if (!out.mode.isJson) out.line(isBalanced ? 'balanced' : 'not balanced');
  else out.json(report);
  if (out.mode.isJson || out.mode.isQuiet) return;
  out.line(`${counts.accounts} accounts, ${counts.tasks} tasks, ${counts.transfers} moves of money`);
  if (totals.length > 0) out.table(totals, totalFields);
  if (discrepancies.length > 0) out.table(discrepancies, discrepancyFields);
}
