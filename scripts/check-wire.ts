/** Holds the published examples of the wire against the shapes that the wire tests hold our own answers against, so that
 *  both say the same. Usage: check-wire.ts <folder of examples> */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { TABLE } from '../packages/gateway/test/wire/table.ts';

const [folder] = process.argv.slice(2);
if (folder === undefined) throw new Error('usage: check-wire.ts <folder of examples>');

/** Of an example, what is read here. */
type Said = { readonly body?: unknown };
type Example = {
  readonly response?: Said;
  readonly variants?: readonly { readonly case: string; readonly response?: Said }[];
};

/** What graphs, apps and sockets say has tests of its own; a second step is no call of the API. */
const ELSEWHERE =
  /^(proxy\.|ws\.|api\.(webapp|fast)|api\.openapi\.getJsonApiFormat|openapi\.v2\.(run|aiapp)|task\.openapi\.(create|ai-app|quick-ai-app)|webhook\.)/;
/** Seen on the hosted site and not copied, or not reached by a call: see docs/api.md. */
const NOT_OURS = new Set([
  'api.openapi.getLoraUploadUrl#second step',
  'openapi.v2.query#failed in a node',
  'openapi.v2.model-submit#finished at once',
  'task.openapi.upload#too large',
  'task.openapi.upload#bad key as seen on the hosted site',
]);

const shapes = new Map(TABLE.flatMap(({ examples = [], shape }) => examples.map((name) => [name, shape] as const)));
const problems: string[] = [];
let checked = 0;
for (const file of readdirSync(folder).sort()) {
  const name = file.replace(/\.json$/, '');
  if (ELSEWHERE.test(name)) continue;
  // The files are ours to trust: they describe the wire.
  const { response, variants = [] } = JSON.parse(readFileSync(join(folder, file), 'utf8')) as Example;
  for (const { case: variant, response: said } of [{ case: 'main', response }, ...variants]) {
    const id = `${name}#${variant}`;
    if (said?.body === undefined || said.body === null || NOT_OURS.has(id)) continue;
    const shape = shapes.get(id);
    checked += 1;
    if (shape === undefined) problems.push(`${id}: no row of the table names it`);
    else {
      const parsed = shape.safeParse(said.body);
      for (const issue of parsed.error?.issues ?? []) problems.push(`${id}: ${issue.path.join('.')}: ${issue.message}`);
    }
  }
}
console.log(problems.join('\n'));
console.log(`${checked} examples of the wire held against the table, ${problems.length} differences`);
process.exitCode = problems.length === 0 && checked > 0 ? 0 : 1;
