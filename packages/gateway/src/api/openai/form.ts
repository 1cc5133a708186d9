import multipart from '@fastify/multipart';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { AssetService } from '../../contract/asset.ts';
import { GatewayError } from '../../contract/errors.ts';
import type { Caller } from '../../contract/task.ts';
import { parseJson } from '../../lib/lossless-json.ts';
import { toObject } from '../json-body.ts';
import { toInvalid } from './input.ts';

const MEGABYTE = 1_048_576;
const LIMITS = { fields: 40, fieldSize: 131_072, files: 17, parts: 60, fileSize: Number.POSITIVE_INFINITY };

/** What a call brought: its fields, and the addresses of the pictures that came along, in order. */
export type Sent = { readonly fields: Readonly<Record<string, unknown>>; readonly pictures: readonly string[] };
export type FormDeps = { readonly assets: AssetService; readonly maxUploadMegabytes: number };

/** Lets the routes of a scope take both kinds of body. */
export async function readFormsAndJson(scope: FastifyInstance): Promise<void> {
  scope.removeAllContentTypeParsers();
  await scope.register(multipart, { throwFileSizeLimit: false, limits: LIMITS });
  scope.addContentTypeParser(['application/json', '*'], { parseAs: 'string' }, (_request, body, done) => {
    done(null, body === '' ? undefined : parseJson(String(body)));
  });
}

/** Reads either kind. Files of a form are stored as they arrive.
 *  @throws {GatewayError} `malformed_body`, `body_too_large`, `media_unusable`, `invalid_input`. */
export async function readSent(request: FastifyRequest, caller: Caller, deps: FormDeps): Promise<Sent> {
  if (!request.isMultipart()) {
    const fields = toObject(request.body);
    return { fields, pictures: addressesIn(fields) };
  }
  const fields: Record<string, unknown> = {};
  const pictures: string[] = [];
  try {
    for await (const part of request.parts()) {
      if (part.type === 'field') {
        fields[part.fieldname] = part.value;
        continue;
      }
      if (!/^(image(\[\d*\])?|input_reference)$/.test(part.fieldname)) {
        part.file.resume();
        throw toInvalid([{ field: part.fieldname, message: `${part.fieldname}: no such file can be used here` }]);
      }
      const asset = await deps.assets.store({
        accountId: caller.accountId,
        stream: part.file,
        fileName: part.filename,
        maxBytes: deps.maxUploadMegabytes * MEGABYTE,
      });
      pictures.push(`asset://${asset.id}`);
      fields[part.fieldname.replace(/\[.*/, '')] = true;
    }
  } catch (error) {
    const isCutOff =
      error instanceof Error && !('code' in error) && /multipart|premature|unexpected end/i.test(error.message);
    throw isCutOff ? new GatewayError('malformed_body', 'the form is not complete', { cause: error }) : error;
  }
  return { fields, pictures };
}

/** Of JSON: `image` or `images` with addresses, or objects of one; `input_reference` likewise. */
function addressesIn({ image, images, input_reference, mask }: Readonly<Record<string, unknown>>): string[] {
  if (mask !== undefined && mask !== null)
    throw toInvalid([{ field: 'mask', message: 'mask: no model here takes one' }]);
  const named = { image, images, input_reference };
  return Object.entries(named).flatMap(([field, value]) =>
    [value ?? []].flat().map((one) => {
      const address = typeof one === 'object' && one !== null && 'image_url' in one ? one.image_url : one;
      const url = typeof address === 'object' && address !== null && 'url' in address ? address.url : address;
      if (typeof url === 'string' && url !== '') return url;
      throw toInvalid([{ field, message: `${field}: send addresses, data URIs, or objects with an image_url` }]);
    }),
  );
}
