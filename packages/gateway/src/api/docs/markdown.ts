import { type Category, type Endpoint, familyName } from '@reelay/catalog';
import { answersOf, type ParamFact, paramsOf, pricesOf, rulesOf } from './facts.ts';
import { GUIDES } from './guides.ts';
import { toSamples } from './samples.ts';
import { pageOf } from './shell.ts';

// The same pages for programs and language models that read.

/** One endpoint as Markdown. */
export function endpointMarkdown(endpoint: Endpoint, origin: string): string {
  const { id, name, about, family, task, status, replacedBy = [] } = endpoint;
  const [curl] = toSamples({ url: `${origin}/openapi/v2/${id}`, body: endpoint.example });
  const successor = replacedBy.length === 0 ? '' : ` Use ${replacedBy.join(', ')}.`;
  return [
    `# ${name}`,
    `${familyName(family)}, ${task.replaceAll('-', ' ')}. \`POST ${origin}/openapi/v2/${id}\``,
    ...(status === 'active' ? [] : [`**This endpoint is ${status}.**${successor}`]),
    `${about.en}\n\n${about.zh}`,
    '## Parameters',
    paramsOf(endpoint).map(toLine).join('\n'),
    ...section(
      'Rules',
      rulesOf(endpoint).map((sentence) => `- ${sentence}`),
    ),
    ...section('Price', toPriceLines(endpoint)),
    `## Example\n\n${fenced('sh', curl?.code ?? '')}`,
    '## Answers',
    ...answersOf(endpoint).map(({ title, body }) => `${title}:\n\n${fenced('json', JSON.stringify(body, null, 2))}`),
  ].join('\n\n');
}

const section = (title: string, lines: readonly string[]): string[] =>
  lines.length === 0 ? [] : [`## ${title}`, lines.join('\n')];
const fenced = (language: string, code: string): string => `\`\`\`${language}\n${code}\n\`\`\``;

function toLine({ name, kind, required, standard, about, values, limits }: ParamFact): string {
  const facts = [
    kind,
    required ? 'required' : 'optional',
    ...(standard === undefined ? [] : [`default ${standard}`]),
    ...(values.length === 0 ? [] : [`one of ${values.join(', ')}`]),
    ...limits,
  ];
  return `- \`${name}\` (${facts.join('; ')}): ${about.en}`;
}

function toPriceLines(endpoint: Endpoint): string[] {
  const prices = pricesOf(endpoint);
  if (prices === undefined) return [];
  const { columns, rows, unit, asOf } = prices;
  const table = [
    `| ${[...columns, `per ${unit}`].join(' | ')} |`,
    `|${' --- |'.repeat(columns.length + 1)}`,
    ...rows.map(({ values, price }) => `| ${[...values, price].join(' | ')} |`),
  ];
  return [...table, '', `As published on ${asOf}.`];
}

/** `/llms.txt`: what this server is, and a line for each page (llmstxt.org). */
export function toLlmsText(contents: readonly Category[], origin: string): string {
  const guides = GUIDES.map(({ title, path }) => `- [${title}](${origin}${path}.md)`);
  const endpoints = contents.flatMap(({ title, groups }) => [
    `## ${title.en}`,
    groups
      .flatMap(({ makers }) => makers.flatMap((maker) => maker.endpoints))
      .map(({ id, name, about }) => `- [${name}](${origin}${pageOf(id)}.md): ${about.en}`)
      .join('\n'),
  ]);
  return [
    '# Reelay',
    '> Generative media behind one HTTP API: submit a task to an endpoint, ask for it until it ends, download its files.',
    `Submit: POST ${origin}/openapi/v2/<endpoint> with a bearer key and a JSON body. Ask: POST ${origin}/openapi/v2/query with {"taskId": "…"}. Everything in one document: ${origin}/openapi.json.`,
    '## Guides',
    guides.join('\n'),
    ...endpoints,
  ].join('\n\n');
}
