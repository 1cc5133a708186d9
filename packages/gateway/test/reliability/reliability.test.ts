import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { quote } from '@reelay/catalog';
import { beforeAll, describe, expect, test } from 'vitest';
import { PROVIDER_TYPES } from '../../src/providers/registry.ts';
import { listSubjects, type Subject } from './subjects.ts';
import { ROWS, type Row, toMarkdown, vagueOf } from './table.ts';
import { type Cell, runRow } from './world.ts';

// Every fault of the table at every kind of upstream, through the whole gateway: HTTP in, stand-ins out, time in between
// moved by the test.

const PAGE = join(import.meta.dirname, '../../../../docs/reliability.md');
/** The gateway has one channel in these worlds, so a job more than this was made without consent. */
const MAX_JOBS = 1;

let subjects: readonly Subject[];
beforeAll(async () => {
  subjects = await listSubjects();
});

test('the page shows the table that is tested, whole', async () => {
  expect(await readFile(PAGE, 'utf8')).toContain(`\n\n${toMarkdown(ROWS)}\n\n`);
});

test('each kind of upstream meets twenty faults or more', () => {
  for (const { name } of PROVIDER_TYPES) {
    const subject = subjects.find(({ type }) => type.name === name);
    expect(ROWS.filter((row) => subject !== undefined && fits(row, subject)).length, name).toBeGreaterThanOrEqual(20);
  }
});

describe.each(ROWS)('$fault: $about', (row) => {
  let cells: ReadonlyMap<string, Cell>;
  beforeAll(async () => {
    cells = await runRow(
      row,
      subjects.filter((subject) => fits(row, subject)),
    );
  });

  test.for(PROVIDER_TYPES.map(({ name }) => name))('%s', (name, { skip }) => {
    const subject = subjects.find(({ type }) => type.name === name);
    if (subject === undefined || !fits(row, subject)) return skip(`${name} has no ${row.needs}`);
    const cell = cells.get(name);
    const expected = expectedOf(row, subject, cell);
    expect(cell?.jobs).toBeLessThanOrEqual(MAX_JOBS);
    expect(cell).toMatchObject({ jobs: expected.jobs, health: expected.channel });
    expect(expected.ends, cell?.message).toContain(cell?.end);
    const isPaid = cell?.end === 'succeeded';
    const isFree = quote(subject.endpoint, subject.endpoint.example).micros === 0;
    const moves = isPaid ? ['charge', 'hold'] : ['hold', 'release'];
    expect(cell).toMatchObject(isFree ? { moves: [] } : { paid: isPaid ? 1 : 0, moves });
    if (!isPaid) expect(cell?.message).not.toBe('');
    if (row.needs === 'callbacks') expectCalls(row, cell);
  });
});

function expectedOf(row: Row, { canSettle }: Subject, cell: Cell | undefined): Pick<Row, 'ends' | 'jobs' | 'channel'> {
  if (row.settled !== undefined && canSettle) return { ...row, ...row.settled };
  const vague = vagueOf(row);
  return row.isVague === true && vague.ends.some((end) => end === cell?.end) ? vague : row;
}

/** Callbacks that come twice or late are taken note of; one that is forged is not, or only a reason to ask. */
function expectCalls({ fault }: Row, cell: Cell | undefined): void {
  const { genuine = [], forged = [] } = cell?.answered ?? {};
  expect(genuine.every((status) => status === 200)).toBe(true);
  expect(genuine.length > 0).toBe(fault !== 'no-callback');
  if (fault === 'forged-callback') expect([[200], [403]]).toContainEqual(forged);
  else expect(forged).toEqual([]);
}

const fits = ({ needs }: Row, { abilities }: Subject): boolean => needs === undefined || abilities.has(needs);
