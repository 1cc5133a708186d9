import { createHash, createHmac } from 'node:crypto';
import type { Readable } from 'node:stream';
import { freeChunk } from '../assets/blobs.ts';
import type { AssetService } from '../contract/asset.ts';
import { GatewayError } from '../contract/errors.ts';
import type { LoraLink, LoraUploads } from '../contract/model-library.ts';
import { isSignature } from '../lib/signature.ts';
import { getAccount } from '../store/accounts.ts';
import { keepLora, loraNameOf } from './lora-files.ts';
import type { ModelDeps } from './models.ts';
import { toResources } from './resource-view.ts';

const MEGABYTE = 1_048_576;
const FILE_NAME = /^([0-9a-f]{32})\.safetensors$/;

type Deps = ModelDeps & {
  readonly assets: AssetService;
  readonly secret: Buffer;
  readonly origin: () => string;
  readonly limits: { readonly maxLoraMegabytes: number; readonly loraLinkLifetimeMs: number };
};

/** Links are all that there is of an upload before its bytes come: nothing is stored for one that is never used. */
export function createLoraUploads(deps: Deps): LoraUploads {
  const { db, assets, clock, limits } = deps;
  const signatureOf = (...parts: readonly string[]): Buffer =>
    // As JSON, so that no other parts have the same text; the first word keeps other links of ours apart.
    createHmac('sha256', deps.secret)
      .update(JSON.stringify(['lora', ...parts]))
      .digest();

  const check = ({ fileName, account = '', name = '', expires = '', signature = '' }: LoraLink) => {
    const [, md5] = FILE_NAME.exec(fileName) ?? [];
    const isGenuine = isSignature(signature, signatureOf(md5 ?? '', account, name, expires));
    if (md5 === undefined || !isGenuine) throw new GatewayError('forbidden', 'the link was changed: ask for a new one');
    if (Number(expires) * 1_000 <= clock.nowMs()) {
      throw new GatewayError('link_expired', 'the link has expired: ask for a new one');
    }
    return { md5, accountId: account, name };
  };

  return {
    createLink({ accountId, name, md5 }) {
      const fileName = loraNameOf(md5);
      const expires = String(Math.ceil((clock.nowMs() + limits.loraLinkLifetimeMs) / 1_000));
      const signature = signatureOf(md5, accountId, name, expires).toString('hex');
      const query = new URLSearchParams({ account: accountId, name, expires, signature });
      return { fileName, url: `${deps.origin()}/put/${fileName}?${query}` };
    },
    async receive({ link, stream }) {
      const { md5, accountId, name } = check(link);
      const account = await getAccount(db, accountId);
      if (account === undefined || account.disabled_at_ms !== null) {
        throw new GatewayError('forbidden', 'the account of this link is disabled');
      }
      const file = await assets.store({
        accountId,
        stream: expecting(stream, md5),
        fileName: 'lora.safetensors',
        maxBytes: limits.maxLoraMegabytes * MEGABYTE,
        isOpaque: true,
      });
      const row = await keepLora(deps, { accountId, file, name, md5 });
      const [resource] = await toResources(db, [row]);
      return resource ?? Promise.reject(new Error('a LoRA was kept and cannot be read'));
    },
  };
}

/** The same chunks, each used up when the next is asked for. Ends with an error unless they have this MD5: whoever stores
 *  them keeps nothing then. */
async function* expecting(stream: Readable, md5: string): AsyncGenerator<Buffer> {
  const digest = createHash('md5');
  for await (const chunk of stream) {
    const bytes = chunk as Buffer; // A request without an encoding is read as buffers.
    digest.update(bytes);
    yield bytes;
    freeChunk(bytes);
  }
  if (digest.digest('hex') !== md5) {
    throw new GatewayError('checksum_mismatch', 'the MD5 of what arrived is not that of the link: nothing was kept');
  }
}
