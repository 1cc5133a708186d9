import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Callers } from '../../accounts/keys.ts';
import type { LoraUploads } from '../../contract/model-library.ts';
import { readFields, text } from '../fields.ts';
import { toObject } from '../json-body.ts';
import { credentialsOf } from '../request-key.ts';
import { type LegacyAnswer, succeeded } from './render.ts';

const Fields = z.object({
  loraName: text(200),
  md5Hex: z
    .string('must be the MD5 of the file: 32 hexadecimal digits')
    .trim()
    .toLowerCase()
    .regex(/^[0-9a-f]{32}$/, 'must be the MD5 of the file: 32 hexadecimal digits'),
});

/** `POST /api/openapi/getLoraUploadUrl`: where to PUT a LoRA, and what a loader calls it afterwards. Changes nothing, so
 *  GET is as good. */
export function loraLinkRoutes(
  app: FastifyInstance,
  { loras, callers }: { loras: LoraUploads; callers: Callers },
): void {
  const handler = async (request: FastifyRequest): Promise<LegacyAnswer> => {
    const fields = toObject(request.method === 'GET' ? request.query : request.body);
    const { accountId } = await callers(credentialsOf(request, fields), 'assets:write');
    const { loraName: name, md5Hex: md5 } = readFields(Fields, fields);
    return succeeded(loras.createLink({ accountId, name, md5 }));
  };
  app.route({ method: ['GET', 'POST'], url: '/api/openapi/getLoraUploadUrl', handler });
}
