import { createHmac } from 'node:crypto';
import { isSignature } from '../lib/signature.ts';
import type { Db } from '../store/db.ts';
import { getSetting, insertSetting } from '../store/settings.ts';

/** Links of one file are the same for this long, so that repeated queries give one address and a cache can work. */
const BUCKET_SECONDS = 3_600;
const FILE_NAME = /^(asset_[0-9a-f]{24})\.([0-9a-z]{1,12})$/;
const SETTING = 'link_secret';

/** What a link says of itself. `is` tells whether it can be trusted. */
export type LinkCheck =
  | { readonly is: 'valid' | 'expired'; readonly assetId: string; readonly extension: string }
  | { readonly is: 'forged' };

export type Links = {
  /** `<origin>/files/<assetId>.<ext>?expires=<epoch seconds>&signature=<hex>` */
  sign(file: { id: string; extension: string }): string;
  check(p: { fileName: string; expires: string | undefined; signature: string | undefined }): LinkCheck;
  /** Recognises a link of ours whatever origin it names: the address a client reaches us by is not always the one we
   *  know. Undefined: an address of somebody else's. */
  recognise(url: string): LinkCheck | undefined;
};

/** @param origin is asked at each link: the port may be known only once somebody listens. */
export function createLinks(p: {
  secret: Buffer;
  origin: () => string;
  lifetimeMs: number;
  nowMs: () => number;
}): Links {
  const signatureOf = (fileName: string, expires: string): Buffer =>
    createHmac('sha256', p.secret).update(`${fileName}\n${expires}`).digest();

  const check: Links['check'] = ({ fileName, expires = '', signature = '' }) => {
    const [, assetId, extension] = FILE_NAME.exec(fileName) ?? [];
    const isGenuine = isSignature(signature, signatureOf(fileName, expires));
    if (!isGenuine || assetId === undefined || extension === undefined) return { is: 'forged' };
    return { is: Number(expires) * 1_000 <= p.nowMs() ? 'expired' : 'valid', assetId, extension };
  };

  return {
    check,
    sign({ id, extension }) {
      const fileName = `${id}.${extension}`;
      // Never less than the promised lifetime, up to one bucket more.
      const bucket = Math.ceil(p.nowMs() / 1_000 / BUCKET_SECONDS) * BUCKET_SECONDS;
      const expires = String(bucket + Math.ceil(p.lifetimeMs / 1_000));
      return `${p.origin()}/files/${fileName}?expires=${expires}&signature=${signatureOf(fileName, expires).toString('hex')}`;
    },
    recognise(url) {
      if (!url.includes('/files/asset_') || !URL.canParse(url)) return undefined;
      const { pathname, searchParams, origin } = new URL(url);
      const fileName = pathname.slice(pathname.lastIndexOf('/') + 1);
      if (!FILE_NAME.test(fileName)) return undefined;
      const found = check({
        fileName,
        expires: searchParams.get('expires') ?? undefined,
        signature: searchParams.get('signature') ?? undefined,
      });
      // Another Reelay signs with another secret: its links are fetched like any address.
      return found.is === 'forged' && origin !== new URL(p.origin()).origin ? undefined : found;
    },
  };
}

/** The secret of this installation, made at its first start. Links live as long as it does. */
export async function loadLinkSecret(db: Db, randomBytes: (size: number) => Buffer): Promise<Buffer> {
  await db.write([insertSetting(db, { name: SETTING, value: randomBytes(32).toString('hex') })]);
  const secret = await getSetting(db, SETTING);
  if (secret === undefined) throw new Error(`the setting ${SETTING} was written but cannot be read`);
  return Buffer.from(secret, 'hex');
}
