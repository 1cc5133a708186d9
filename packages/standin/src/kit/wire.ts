import type { FastifyRequest } from 'fastify';
import type { FormFile, WireRequest } from './definition.ts';

/** A request as definitions see it. */
export async function toWireRequest(request: FastifyRequest): Promise<WireRequest> {
  const url = new URL(request.url, 'http://standin');
  const rawBody = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
  const headers = Object.fromEntries(
    Object.entries(request.headers).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.join(', ') : `${value}`,
    ]),
  );
  return {
    method: request.method,
    path: url.pathname,
    // Path parameters are texts.
    params: request.params as Record<string, string>,
    query: Object.fromEntries(url.searchParams),
    headers,
    body: await parseBody(rawBody, headers['content-type'] ?? ''),
    rawBody,
  };
}

async function parseBody(raw: Buffer, type: string): Promise<unknown> {
  if (raw.length === 0) return undefined;
  if (/^multipart\/form-data|^application\/x-www-form-urlencoded/i.test(type)) return parseForm(raw, type);
  if (!/json/i.test(type)) return undefined;
  try {
    return JSON.parse(raw.toString('utf8'));
  } catch {
    return undefined;
  }
}

async function parseForm(raw: Buffer, type: string): Promise<unknown> {
  const form = await new Response(new Uint8Array(raw), { headers: { 'content-type': type } })
    .formData()
    .catch(() => undefined);
  if (form === undefined) return undefined;
  const fields: Record<string, unknown> = {};
  for (const name of new Set(form.keys())) {
    const values = await Promise.all(form.getAll(name).map(toField));
    fields[name] = values.length === 1 ? values[0] : values;
  }
  return fields;
}

async function toField(value: string | File): Promise<string | FormFile> {
  if (typeof value === 'string') return value;
  return { fileName: value.name, mediaType: value.type, bytes: Buffer.from(await value.arrayBuffer()) };
}
