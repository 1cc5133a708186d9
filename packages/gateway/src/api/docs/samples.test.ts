import { spawnSync } from 'node:child_process';
import { runInNewContext } from 'node:vm';
import { catalog } from '@reelay/catalog';
import { expect, test } from 'vitest';
import { toSamples } from './samples.ts';

// What a reader copies has to send the body that the page shows: every sample is run, or read, and its body compared.

const NASTY = { prompt: 'it\'s "fine"\nyes\\no € $HOME #{x} `ls`', flag: false, list: ['x', 1.5], inner: { k: 1 } };
const CALLS = [...catalog.list().map(({ id, example }) => ({ id, body: example })), { id: 'nasty', body: NASTY }].map(
  ({ id, body }) => ({ id, body, samples: toSamples({ url: `http://reelay.test/openapi/v2/${id}`, body }) }),
);
const BODIES = CALLS.map(({ body }) => body);
const codesIn = (language: string) =>
  CALLS.map(
    ({ samples }) => samples.find(({ id }) => id === language)?.code ?? expect.fail(`no sample in ${language}`),
  );
const between = (code: string, start: string, end: string) =>
  JSON.parse(code.slice(code.indexOf(start) + start.length, code.lastIndexOf(end)));

test('JavaScript', () => {
  const sent: unknown[] = [];
  const fetch = async (_url: string, { body }: { body: string }) => {
    sent.push(JSON.parse(body));
    return { json: () => ({}) };
  };
  for (const code of codesIn('javascript')) runInNewContext(code, { fetch, console: { log: () => {} } });
  expect(sent).toEqual(BODIES);
});

test.skipIf(process.platform === 'win32')('Shell (skipped where there is no sh)', () => {
  // Instead of sending it, the call prints its last argument.
  const curl = 'curl() { while [ $# -gt 1 ]; do shift; done; printf "%s\\0" "$1"; }';
  const { stdout } = spawnSync('sh', ['-s'], { input: [curl, ...codesIn('shell')].join('\n'), encoding: 'utf8' });
  expect(
    stdout
      .split('\0')
      .slice(0, -1)
      .map((text) => JSON.parse(text)),
  ).toEqual(BODIES);
});

const hasPython = spawnSync('python3', ['--version']).status === 0;
test.skipIf(!hasPython)('Python (skipped where there is no python3)', () => {
  const program = `
import json, sys, types
sent = []
class Answer:
    def json(self): return ''
requests = types.ModuleType('requests')
requests.post = lambda url, headers, json: sent.append(json) or Answer()
sys.modules['requests'] = requests
out, sys.stdout = sys.stdout, sys.stderr
for code in json.load(sys.stdin): exec(code)
json.dump(sent, out)`;
  const input = JSON.stringify(codesIn('python'));
  const { stdout, stderr } = spawnSync('python3', ['-c', program], { input, encoding: 'utf8', maxBuffer: 10_000_000 });
  expect(stdout, stderr).not.toBe('');
  expect(JSON.parse(stdout)).toEqual(BODIES);
});

test.each([
  ['http', '\r\n\r\n', ''],
  ['ruby', "<<~'JSON'\n", '\nJSON\n'],
  ['dart', "r'''", "''';"],
  ['swift', '#"""\n', '\n"""#'],
])('%s', (language, start, end) => {
  expect(codesIn(language).map((code) => between(code, start, end))).toEqual(BODIES);
});
