/** `node scripts/launch.mjs scripts/check-names.ts <seed-leaves.json>`: whether every name of a navigation tree leads to an
 *  endpoint, by name and by search. Prints the names that do not, and how many there are. */
import { readFileSync } from 'node:fs';
import { catalog } from '../packages/catalog/src/index.ts';

const [path] = process.argv.slice(2);
if (path === undefined) throw new Error('usage: check-names.ts <seed-leaves.json>');
// The file is ours to read and has this shape; a wrong one fails at the first name.
const { leaves } = JSON.parse(readFileSync(path, 'utf8')) as { leaves: { name: string }[] };
const missing = leaves.filter(
  ({ name }) =>
    catalog.find(name).length === 0 || !catalog.search(name).some((row) => catalog.find(name).includes(row)),
);
for (const { name } of missing) console.log(`no endpoint is called ${name}`);
console.log(`${leaves.length} names looked up, ${missing.length} not found`);
if (missing.length > 0) process.exitCode = 1;
