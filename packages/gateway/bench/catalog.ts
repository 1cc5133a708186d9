import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';
import { median } from './load.ts';

const run = promisify(execFile);
const Row = z.object({
  endpoints: z.number(),
  msToLoad: z.number(),
  megabytes: z.number(),
  usToValidate: z.number(),
  usToPrice: z.number(),
});
export type CatalogRow = z.infer<typeof Row>;

/** What the whole catalog costs a process that is otherwise empty: wall time and resident memory of loading it, and the
 *  mean time of validating and pricing each endpoint's example. */
export async function measureCatalog(p: { rounds: number }): Promise<CatalogRow> {
  const rows: CatalogRow[] = [];
  for (let round = 0; round <= p.rounds; round++) {
    const env = {
      ...process.env,
      NODE_COMPILE_CACHE: join(import.meta.dirname, '../../../node_modules/.cache/compile'),
    };
    const { stdout } = await run(process.execPath, ['--expose-gc', join(import.meta.dirname, 'catalog-child.ts')], {
      env,
    });
    // The first load fills the cache of compiled code, as an installation's first start does.
    if (round > 0) rows.push(Row.parse(JSON.parse(stdout)));
  }
  const of = (name: keyof CatalogRow) => Math.round(10 * median(rows.map((row) => row[name]))) / 10;
  return {
    endpoints: of('endpoints'),
    msToLoad: of('msToLoad'),
    megabytes: of('megabytes'),
    usToValidate: of('usToValidate'),
    usToPrice: of('usToPrice'),
  };
}
