import { z } from 'zod';
import { type OtherRoute, Refused, type WireRequest, type World } from '../../kit/definition.ts';
import { hex } from '../../kit/random.ts';
import { parse } from '../../kit/schema.ts';

const Initiate = z.strictObject({ content_type: z.string().min(1), file_name: z.string().min(1) });
const Complete = z.strictObject({
  parts: z.array(z.strictObject({ partNumber: z.int().min(1), etag: z.string().min(1) })).min(1),
});
type Upload = {
  readonly fileName: string;
  readonly mediaType: string;
  readonly parts: Map<number, Buffer>;
  isWhole: boolean;
};

/** Where callers put files before they name them. */
export function storageRoutes(world: World): OtherRoute[] {
  const uploads = new Map<string, Upload>();
  const find = ({ params }: WireRequest): Upload => {
    const upload = uploads.get(params.id ?? '');
    if (upload === undefined) throw new Refused('unknown-job', { message: 'There is no such upload.' });
    return upload;
  };
  const initiate = (isWhole: boolean) => (request: WireRequest) => {
    const { content_type, file_name } = parse(Initiate, request.body);
    const id = hex(world.random, 20);
    const fileName = file_name.replaceAll(/[^\w.-]/g, '_');
    uploads.set(id, { fileName, mediaType: content_type, parts: new Map(), isWhole });
    const body = { file_url: `${world.url}/files/${id}/${fileName}`, upload_url: `${world.url}/upload/${id}` };
    return { status: 200, body };
  };
  const put = (request: WireRequest, part: number) => {
    find(request).parts.set(part, request.rawBody);
    const etag = `"${part}-${request.rawBody.length}"`;
    return { status: 200, headers: { etag }, body: { partNumber: part, etag } };
  };
  return [
    { kind: 'other', method: 'POST', path: '/storage/upload/initiate', answer: initiate(true) },
    { kind: 'other', method: 'POST', path: '/storage/upload/initiate-multipart', answer: initiate(false) },
    // The address is the proof: it is given to the owner of the key only.
    { kind: 'other', method: 'PUT', path: '/upload/:id', isOpen: true, answer: (request) => put(request, 1) },
    {
      kind: 'other',
      method: 'PUT',
      path: '/upload/:id/:part',
      isOpen: true,
      answer: (request) => put(request, Number(request.params.part)),
    },
    {
      kind: 'other',
      method: 'POST',
      path: '/upload/:id/complete',
      isOpen: true,
      answer: (request) => {
        const { parts } = parse(Complete, request.body);
        const upload = find(request);
        const isComplete = parts.every(({ partNumber }) => upload.parts.has(partNumber));
        if (!isComplete) throw new Refused('invalid', { field: 'parts', message: 'a part has not arrived' });
        upload.isWhole = true;
        return { status: 200, body: {} };
      },
    },
    {
      kind: 'other',
      method: 'GET',
      path: '/files/:id/:name',
      isOpen: true,
      answer: (request) => {
        const { parts, mediaType, isWhole } = find(request);
        if (!isWhole || parts.size === 0) throw new Refused('unknown-job', { message: 'The upload is not complete.' });
        const inOrder = [...parts].toSorted(([one], [other]) => one - other).map(([, bytes]) => bytes);
        return { status: 200, headers: { 'content-type': mediaType }, bytes: Buffer.concat(inOrder) };
      },
    },
  ];
}
