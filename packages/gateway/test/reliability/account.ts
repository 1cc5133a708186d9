import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import type { Endpoint } from '@reelay/catalog';
import { z } from 'zod';
import { createFixtures } from '../walk/fixtures.ts';

export const DEPOSIT_MICROS = 1_000_000_000;

const Money = z.object({ micros: z.number() });
const Made = z.object({ id: z.string() });
const Task = z.object({
  status: z.string(),
  error: z.object({ code: z.string(), message: z.string() }).nullable(),
  outputs: z.array(z.object({ url: z.string().nullable(), text: z.string().nullable() })),
  price: Money,
  charge: Money,
});
const Transfers = z.object({ items: z.array(z.object({ kind: z.string() })) });
const Account = z.object({ balance: Money, held: Money });

/** An account that pays, and what it asks the gateway. */
export async function openAccount(url: string, adminKey: string) {
  const call = async (method: string, path: string, { key, body }: { key: string; body?: unknown }) => {
    const response = await fetch(url + path, {
      method,
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      body: body === undefined ? null : JSON.stringify(body),
    });
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
    return response.json();
  };
  const { id: accountId } = Made.parse(
    await call('POST', '/api/v1/accounts', { key: adminKey, body: { name: 'studio' } }),
  );
  await call('POST', `/api/v1/accounts/${accountId}/deposits`, { key: adminKey, body: { micros: DEPOSIT_MICROS } });
  const made = await call('POST', `/api/v1/accounts/${accountId}/keys`, { key: adminKey, body: { name: 'one' } });
  const { key } = z.object({ key: z.string() }).parse(made);
  const fixtures = createFixtures(async (path) => {
    const form = new FormData();
    form.append('file', new Blob([new Uint8Array(await readFile(path))]), basename(path));
    const headers = { authorization: `Bearer ${key}` };
    const answer = await fetch(`${url}/openapi/v2/media/upload/binary`, { method: 'POST', headers, body: form });
    return z.object({ data: z.object({ download_url: z.string() }) }).parse(await answer.json()).data.download_url;
  });
  return {
    key,
    /** Its example. */
    async submit(endpoint: Endpoint, options: object = {}): Promise<string> {
      const input = await fixtures.withFiles(endpoint, endpoint.example);
      return Made.parse(
        await call('POST', '/api/v1/tasks', { key, body: { ...options, endpoint: endpoint.id, input } }),
      ).id;
    },
    async status(id: string): Promise<string> {
      return z.object({ status: z.string() }).parse(await call('GET', `/api/v1/tasks/${id}`, { key })).status;
    },
    async read(id: string) {
      const task = Task.parse(await call('GET', `/api/v1/tasks/${id}`, { key }));
      const { items } = Transfers.parse(
        await call('GET', `/api/v1/accounts/${accountId}/transfers?task=${id}`, { key: adminKey }),
      );
      return { task, moves: items.map(({ kind }) => kind) };
    },
    readAccount: async () => Account.parse(await call('GET', '/api/v1/account', { key })),
    close: () => fixtures.remove(),
  };
}
