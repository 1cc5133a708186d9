import { createHash } from 'node:crypto';
import { type FormFile, type OtherRoute, Refused, type WireRequest, type World } from '../../kit/definition.ts';
import { pick } from '../../kit/random.ts';

const DAY_MS = 24 * 3_600_000;

const isFile = (value: unknown): value is FormFile =>
  typeof value === 'object' && value !== null && 'bytes' in value && Buffer.isBuffer(value.bytes);

/** Files that are put there for a day. */
export function fileRoutes(world: World, root: string): OtherRoute[] {
  return [
    {
      kind: 'other',
      method: 'POST',
      path: `${root}/files`,
      answer: ({ body }: WireRequest) => {
        const content = typeof body === 'object' && body !== null && 'content' in body ? body.content : undefined;
        if (!isFile(content)) throw new Refused('invalid', { field: 'content', message: 'a file is needed' });
        const { bytes, mediaType, fileName } = content;
        const digest = (name: 'sha256' | 'md5') => createHash(name).update(bytes).digest('hex');
        const nowMs = world.nowMs();
        return {
          status: 201,
          body: {
            id: pick(world.random, 'abcdefghjkmnpqrstvwxyz0123456789', 26),
            name: fileName,
            content_type: mediaType,
            size: bytes.length,
            etag: digest('md5'),
            checksums: { sha256: digest('sha256'), md5: digest('md5') },
            metadata: {},
            created_at: new Date(nowMs).toISOString(),
            expires_at: new Date(nowMs + DAY_MS).toISOString(),
            urls: { get: world.keep({ bytes, mediaType, extension: fileName.split('.').at(-1) ?? 'bin' }) },
          },
        };
      },
    },
  ];
}
