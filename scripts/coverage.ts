/** Which endpoints each provider makes, tried against its stand-in: the worked example of every live route goes from submit
 *  to its files. Prints the table; --write puts it into docs/coverage.md, --check fails where that page says otherwise or a
 *  provider made a mistake. --samples N sends so many random valid inputs of each route as well (default 0).
 *  Usage: node scripts/launch.mjs scripts/coverage.ts [--write | --check | provider …] [--samples N] */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { catalog } from '@reelay/catalog';
import { PROVIDER_TYPES } from '../packages/gateway/src/providers/registry.ts';
import { coverRoutes, type RouteCoverage, toRows } from '../packages/gateway/src/providers/testing/coverage.ts';
import { findDefinition } from '../packages/standin/src/index.ts';

const PAGE = join(import.meta.dirname, '../docs/coverage.md');
/** A server that speaks our own API can make whatever it has. */
const RELAY = 'runninghub';
const HEAD = `# Coverage

Which endpoints each provider makes. A row counts as covered when its worked example goes from submit to its files against the provider's [stand-in](standins.md), which checks it as strictly as the service; nothing here was tried on the services themselves. Written by \`node scripts/launch.mjs scripts/coverage.ts --write\`.
`;

type Covered = { readonly name: string; readonly title: string; readonly routes: readonly RouteCoverage[] };

function toTable(all: readonly Covered[]): string {
  const rows = all.flatMap(({ name, routes }) => toRows(name, routes));
  const sum = (key: 'rows' | 'covered') => rows.reduce((total, row) => total + row[key], 0);
  const lines = rows.map((row) => `| ${row.provider} | ${row.family} | ${row.rows} | ${row.covered} |`);
  return [
    '| Provider | Family | Endpoints | Covered |',
    '| --- | --- | --- | --- |',
    ...lines,
    `| all | | ${sum('rows')} | ${sum('covered')} |`,
    '',
  ].join('\n');
}

/** How many endpoints run on a real service other than a server of our own kind. */
function toSummary(all: readonly Covered[]): string {
  const direct = all.filter(({ name }) => name !== RELAY).flatMap(({ routes }) => routes);
  const count = (of: readonly RouteCoverage[]) => new Set(of.map(({ route }) => route.endpoint)).size;
  const exact = direct.filter(({ route }) => route.status === 'ok' || route.status === 'retiring');
  const covered = direct.filter(({ isCovered }) => isCovered);
  return `\nOf the catalog's ${catalog.list().length} endpoints, ${count(direct)} have a provider other than ${RELAY}, ${count(exact)} of them with exactly the model; the examples of ${count(covered)} are covered by at least one.\n`;
}

/** Routes whose example is refused, and why. */
function toRefusals(all: readonly Covered[]): string {
  const lines = all.flatMap(({ name, routes }) =>
    routes
      .filter(({ isCovered }) => !isCovered)
      .map(({ route, exampleRefused, mistakes }) => {
        const why = exampleRefused.length > 0 ? exampleRefused : mistakes.map(({ said }) => said);
        return `- ${name}, \`${route.endpoint}\`: ${why.join('; ')}`;
      }),
  );
  return lines.length === 0
    ? ''
    : `\n## Not covered\n\nThe example asks for something that the provider does not offer. Requests that ask for what it offers are taken.\n\n${lines.join('\n')}\n`;
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    write: { type: 'boolean', default: false },
    check: { type: 'boolean', default: false },
    samples: { type: 'string', default: '0' },
  },
});
if (positionals.length > 0 && (values.write || values.check)) {
  console.error('the page holds all providers: name none with --write or --check');
  process.exit(2);
}
const all: Covered[] = [];
const without: string[] = [];
for (const type of PROVIDER_TYPES.toSorted((one, other) => one.name.localeCompare(other.name))) {
  if (positionals.length > 0 && !positionals.includes(type.name)) continue;
  const standin = findDefinition(type.name);
  if (standin === undefined) without.push(type.name);
  else all.push({ ...type, routes: await coverRoutes({ type, standin, samples: Number(values.samples) }) });
}
const page = `${HEAD}${toSummary(all)}\n${toTable(all)}${toRefusals(all)}`;
console.log(toTable(all) + toSummary(all));
if (without.length > 0) console.log(`without a stand-in: ${without.join(', ')}`);
const mistakes = all.flatMap(({ name, routes }) =>
  routes.flatMap(({ route, mistakes: made }) => made.map(({ said }) => `${name}, ${route.endpoint}: ${said}`)),
);
for (const mistake of mistakes) console.error(mistake);
if (values.write) await writeFile(PAGE, page);
const isStale = values.check && (await readFile(PAGE, 'utf8').catch(() => '')) !== page;
if (isStale) console.error('docs/coverage.md says otherwise: run scripts/coverage.ts --write');
process.exitCode = isStale || (values.check && mistakes.length > 0) ? 1 : 0;
