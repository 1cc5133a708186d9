import type { IncomingHttpHeaders } from 'node:http';
import { GatewayError } from '../../contract/errors.ts';
import type { Checksum, Upload } from '../../contract/upload.ts';

// The headers of tus 1.0.0, as https://tus.io/protocols/resumable-upload describes them, read 2026-11-24.

export const TUS_VERSION = '1.0.0';
export const BYTES_TYPE = 'application/offset+octet-stream';
const EXTENSIONS = 'creation,creation-with-upload,termination,expiration,checksum';
const ALGORITHMS = ['sha256', 'sha1', 'md5'] as const;
/** What a page's own code may read of an answer. */
const EXPOSED_HEADERS =
  'Location, Tus-Version, Tus-Resumable, Tus-Max-Size, Tus-Extension, Tus-Checksum-Algorithm, Upload-Offset, Upload-Length, Upload-Metadata, Upload-Expires, X-Request-Id';

/** Of every answer. */
export const COMMON_HEADERS = {
  'tus-resumable': TUS_VERSION,
  'access-control-expose-headers': EXPOSED_HEADERS,
} as const;

/** What `OPTIONS` tells of the server. */
export const toServerHeaders = (maxBytes: number): Record<string, string> => ({
  'tus-version': TUS_VERSION,
  'tus-extension': EXTENSIONS,
  'tus-max-size': String(maxBytes),
  'tus-checksum-algorithm': ALGORITHMS.join(),
});

/** Where an upload is. */
export const toUploadHeaders = (upload: Upload): Record<string, string> => ({
  'upload-offset': String(upload.offsetBytes),
  'upload-length': String(upload.sizeBytes),
  ...(upload.metadata === null ? {} : { 'upload-metadata': upload.metadata }),
  ...(upload.asset === null ? { 'upload-expires': new Date(upload.expiresAtMs).toUTCString() } : {}),
});

/** A request without a version is taken for one of ours, so that a shell needs one header less.
 *  @throws {GatewayError} `version_unsupported` */
export function checkVersion(headers: IncomingHttpHeaders): void {
  const version = headers['tus-resumable'];
  if (version === undefined || version === TUS_VERSION) return;
  throw new GatewayError('version_unsupported', `Tus-Resumable must be ${TUS_VERSION}`);
}

/** Collects what is wrong with the headers of a request, so that all of it is reported together. */
class Headers {
  readonly problems: { field: string; message: string }[] = [];
  readonly #headers: IncomingHttpHeaders;
  constructor(headers: IncomingHttpHeaders) {
    this.#headers = headers;
  }
  get(name: string): string | undefined {
    return this.#headers[name.toLowerCase()]?.toString();
  }
  fault(field: string, message: string): void {
    this.problems.push({ field, message: `${field} ${message}` });
  }
  /** A count of bytes. */
  bytes(field: string): number {
    const value = this.get(field);
    if (value !== undefined && /^\d{1,15}$/.test(value)) return Number(value);
    this.fault(field, 'must be a whole number of bytes');
    return 0;
  }
  throwFaults(): void {
    if (this.problems.length === 0) return;
    const message = this.problems.map((problem) => problem.message).join('; ');
    throw new GatewayError('invalid_input', message, { details: this.problems });
  }
}

export type Creation = {
  readonly sizeBytes: number;
  readonly fileName: string | null;
  readonly metadata: string | null;
  /** Whether the body is the first piece. */
  readonly brings: boolean;
  readonly checksum: Checksum | undefined;
};

/** @throws {GatewayError} `invalid_input` with every problem. */
export function readCreation(raw: IncomingHttpHeaders): Creation {
  const headers = new Headers(raw);
  const sizeBytes = headers.bytes('Upload-Length');
  if (headers.get('Upload-Defer-Length') !== undefined)
    headers.fault('Upload-Defer-Length', 'is not supported: send Upload-Length');
  if (headers.get('Upload-Concat') !== undefined) headers.fault('Upload-Concat', 'is not supported');
  const metadata = headers.get('Upload-Metadata') ?? null;
  const fileName = readFileName(headers, metadata);
  const type = typeOf(headers);
  const isEmpty = raw['transfer-encoding'] === undefined && Number(raw['content-length'] ?? 0) === 0;
  if (!isEmpty && type !== BYTES_TYPE) headers.fault('Content-Type', `must be ${BYTES_TYPE} where there is a body`);
  const checksum = readChecksum(headers);
  headers.throwFaults();
  return { sizeBytes, fileName, metadata, brings: !isEmpty, checksum };
}

/** @throws {GatewayError} `invalid_input` with every problem. */
export function readPiece(raw: IncomingHttpHeaders): { offsetBytes: number; checksum: Checksum | undefined } {
  const headers = new Headers(raw);
  const offsetBytes = headers.bytes('Upload-Offset');
  if (typeOf(headers) !== BYTES_TYPE) headers.fault('Content-Type', `must be ${BYTES_TYPE}`);
  const checksum = readChecksum(headers);
  headers.throwFaults();
  return { offsetBytes, checksum };
}

const typeOf = (headers: Headers): string | undefined =>
  headers.get('Content-Type')?.split(';', 1)[0]?.trim().toLowerCase();

/** `<name> <base64>`, `<name> <base64>`, …, where a name may stand alone. The name of the file has two usual names. */
function readFileName(headers: Headers, metadata: string | null): string | null {
  if (metadata === null || metadata.trim() === '') return null;
  const pairs = metadata.split(',').map((pair) => pair.trim().split(' '));
  if (!pairs.every(([name = '', value = '', ...rest]) => /^\S+$/.test(name) && isBase64(value) && rest.length === 0)) {
    headers.fault('Upload-Metadata', 'must be a list of "name base64", with commas between');
    return null;
  }
  const values = new Map(pairs.map(([name = '', value = '']) => [name, Buffer.from(value, 'base64').toString()]));
  return values.get('filename') ?? values.get('name') ?? null;
}

const isBase64 = (text: string): boolean => /^[\w+/-]*={0,2}$/.test(text);

function readChecksum(headers: Headers): Checksum | undefined {
  const value = headers.get('Upload-Checksum');
  if (value === undefined) return undefined;
  const [name, hash = '', ...rest] = value.trim().split(' ');
  const algorithm = ALGORITHMS.find((one) => one === name);
  if (algorithm !== undefined && hash !== '' && isBase64(hash) && rest.length === 0) {
    return { algorithm, hash: Buffer.from(hash, 'base64') };
  }
  headers.fault('Upload-Checksum', `must be one of ${ALGORITHMS.join(', ')}, and a hash in base64`);
  return undefined;
}
