import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import { createSigningKeys, toPublicKeyText, toSecretText, toSignatures } from './signing.ts';

// What a reader copies from docs/webhooks.md has to take what we send, and nothing else.

const page = readFileSync(join(import.meta.dirname, '../../../../docs/webhooks.md'), 'utf8');
const blocksOf = (language: string): string[] =>
  [...page.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\`$`, 'gm'))].map(([, code = '']) => code);
const folder = mkdtempSync(join(tmpdir(), 'reelay-samples-'));
afterAll(() => rmSync(folder, { recursive: true }));

const [keys, former, others] = [createSigningKeys(), createSigningKeys(), createSigningKeys()];
const EVENT = { type: 'task.succeeded', data: { id: '1', prompt: '纸船 “ok”' } };
type Sent = { headers: Record<string, string>; body: string };

function send(p: { ageSeconds?: number; by?: (typeof keys)[] } = {}): Sent {
  const timestamp = Math.floor(Date.now() / 1_000) - (p.ageSeconds ?? 0);
  const body = JSON.stringify(EVENT);
  const signatures = toSignatures({ id: 'msg_1', timestamp, body, keys: p.by ?? [keys] });
  const headers = { 'webhook-id': 'msg_1', 'webhook-timestamp': String(timestamp), 'webhook-signature': signatures };
  return { headers, body };
}
const altered = (): Sent => ({ ...send(), body: send().body.replace('succeeded', 'succeeding') });
const withHeader = (name: string, value: string): Sent => ({
  ...send(),
  headers: { ...send().headers, [name]: value },
});

const GOOD: [string, Sent][] = [
  ['a new one', send()],
  ['one of four minutes ago', send({ ageSeconds: 240 })],
  ['one signed with two secrets', send({ by: [former, keys] })],
];
const BAD: [string, Sent][] = [
  ['an altered one', altered()],
  ['one of six minutes ago', send({ ageSeconds: 360 })],
  ['one from the future', send({ ageSeconds: -360 })],
  ['one without a time', withHeader('webhook-timestamp', 'x')],
  ['one with another id', withHeader('webhook-id', 'msg_2')],
  ['one of somebody else', send({ by: [others] })],
  ['one without a signature', withHeader('webhook-signature', '')],
  ['one with nonsense for a signature', withHeader('webhook-signature', 'v1 v1, v1a,x v2,AAAA')],
];

type Verify = (p: Sent & { secret: string; publicKey: string }) => unknown;
const credentials = { secret: toSecretText(keys), publicKey: toPublicKeyText(keys) };

describe.each(['verifyWebhook', 'verifyWebhookPublicly'])('JavaScript: %s', (name) => {
  const load = async (): Promise<Verify> => {
    const file = join(folder, `${name}.mjs`);
    writeFileSync(file, blocksOf('js').find((code) => code.includes(`function ${name}(`)) ?? '');
    return ((await import(pathToFileURL(file).href)) as Record<string, Verify>)[name] as Verify;
  };
  test.each(GOOD)('takes %s', async (_name, sent) => {
    expect((await load())({ ...sent, ...credentials })).toEqual(EVENT);
  });
  test.each(BAD)('refuses %s', async (_name, sent) => {
    const verify = await load();
    expect(() => verify({ ...sent, ...credentials })).toThrow();
  });
});

const hasPython = spawnSync('python3', ['-c', 'import sys; sys.exit(sys.version_info < (3, 9))']).status === 0;
test.skipIf(!hasPython)('Python (skipped where there is no python3 ≥ 3.9)', () => {
  const cases = [...GOOD, ...BAD].map(([, sent]) => sent);
  const program = `${blocksOf('python').join('\n')}
import sys
order = json.load(sys.stdin)
results = []
for one in order["cases"]:
    try:
        results.append(verify_webhook(one["headers"], one["body"].encode(), order["secret"]))
    except ValueError:
        results.append(None)
print(json.dumps(results))`;
  const input = JSON.stringify({ cases, secret: credentials.secret });
  const { stdout, stderr } = spawnSync('python3', ['-c', program], { input, encoding: 'utf8' });
  expect(JSON.parse(stdout || '0'), stderr).toEqual([...GOOD.map(() => EVENT), ...BAD.map(() => null)]);
});
