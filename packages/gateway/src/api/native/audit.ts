import { z } from 'zod';
import type { AuditReport } from '../../contract/audit.ts';
import type { NativeApi } from './route.ts';

const Report = z.object({
  isBalanced: z.boolean(),
  totals: z
    .array(
      z.object({
        currency: z.string(),
        outside: z.int().describe('Negative: what was paid in.'),
        revenue: z.int(),
        available: z.int(),
        held: z.int(),
      }),
    )
    .describe('Where all money is, in micro-units. The sum of each row is 0.'),
  counts: z.object({ accounts: z.int(), tasks: z.int(), transfers: z.int() }),
  discrepancies: z.array(
    z.object({ what: z.enum(['account', 'task', 'orphan', 'budget']), id: z.string(), message: z.string() }),
  ),
});

/** The proof that no money was made or lost. */
export function nativeAuditRoutes(
  api: NativeApi,
  { audit }: { audit: (p: { signal: AbortSignal }) => Promise<AuditReport> },
): void {
  api.add({
    id: 'audit',
    method: 'GET',
    url: '/api/v1/audit',
    tag: 'Accounts',
    summary: 'Prove that the books balance',
    description:
      'Every account against its books, every task against its moves, every budget against its tasks. Only reads, and may run at any time.',
    scope: 'admin',
    answer: { status: 200, about: 'What was found; `discrepancies` is empty when all is well.', schema: Report },
    async handle({ request }) {
      const gone = new AbortController();
      request.raw.socket.once('close', () => gone.abort());
      return audit({ signal: gone.signal });
    },
  });
}
