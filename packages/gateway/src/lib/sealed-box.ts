import { createCipheriv, createDecipheriv, createHash, hkdfSync, randomBytes } from 'node:crypto';
import { chmodSync, closeSync, fsyncSync, linkSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';

/** Keeps secrets in the database that only this installation can read: AES-256-GCM under a key that is not in it. */
export type SealedBox = {
  /** @param place names what the secret is for, such as `webhook_secrets.secret:<id>`: it opens nowhere else, so that a
   *    row cannot be given another's secret. */
  seal(text: string, place: string): string;
  /** @throws {CannotOpen} */
  open(sealed: string, place: string): string;
  /** Whether it was sealed with another key than the newest, and so had better be sealed again. */
  isStale(sealed: string): boolean;
};

/** Sealed with a key that we do not have, for another place, or no longer as it was. Says nothing of what is inside. */
export class CannotOpen extends Error {
  override readonly name = 'CannotOpen';
}

/** What a key looks like: 256 random bits, as `openssl rand -hex 32` prints them. */
export const SECRET_KEY = /^[0-9a-fA-F]{64}$/;

const VERSION = 'sealed1';
const KEY_FILE = 'secret.key';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** A sealed text is `sealed1.<key id>.<base64url of nonce, cipher text and tag>`.
 *  @param p.keys hexadecimal, the newest first: it seals, and all of them open. */
export function createSealedBox(p: { keys: readonly string[] }): SealedBox {
  const keys = p.keys.map(toKey);
  const [newest] = keys;
  if (newest === undefined) throw new Error('a sealed box needs a key');
  return {
    seal(text, place) {
      const nonce = randomBytes(NONCE_BYTES);
      const cipher = createCipheriv('aes-256-gcm', newest.key, nonce, { authTagLength: TAG_BYTES });
      cipher.setAAD(toContext(newest.id, place));
      const sealed = Buffer.concat([nonce, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()]);
      return `${VERSION}.${newest.id}.${sealed.toString('base64url')}`;
    },
    open(sealed, place) {
      const [version, id = '', text = ''] = sealed.split('.');
      if (version !== VERSION) throw new CannotOpen('this is no sealed secret');
      const found = keys.find((one) => one.id === id);
      if (found === undefined) throw new CannotOpen(`a secret was sealed with the key ${id}, which is not given here`);
      const bytes = Buffer.from(text, 'base64url');
      const end = Math.max(NONCE_BYTES, bytes.length - TAG_BYTES);
      try {
        const nonce = bytes.subarray(0, NONCE_BYTES);
        const decipher = createDecipheriv('aes-256-gcm', found.key, nonce, { authTagLength: TAG_BYTES });
        decipher.setAAD(toContext(id, place));
        decipher.setAuthTag(bytes.subarray(end));
        return decipher.update(bytes.subarray(NONCE_BYTES, end), undefined, 'utf8') + decipher.final('utf8');
      } catch {
        throw new CannotOpen('a sealed secret was changed, or belongs to another place');
      }
    },
    isStale: (sealed) => sealed.split('.')[1] !== newest.id,
  };
}

/** The id is the hash of something that only the key makes, and tells nothing about it. */
function toKey(hex: string): { readonly id: string; readonly key: Buffer } {
  if (!SECRET_KEY.test(hex)) throw new Error('a secret key must be 64 hexadecimal digits');
  const derive = (use: string) =>
    Buffer.from(hkdfSync('sha256', Buffer.from(hex, 'hex'), '', `reelay sealed box ${use}`, 32));
  return { id: createHash('sha256').update(derive('id')).digest('hex').slice(0, 8), key: derive('key') };
}

const toContext = (id: string, place: string): Buffer => Buffer.from(`${VERSION}.${id}.${place}`, 'utf8');

/** The keys from the configuration; without any, the one in the data folder, which the first start makes.
 *  @throws when that file holds no key. */
export function loadSecretKeys(p: { configured: readonly string[] | undefined; dataDir: string }): readonly string[] {
  if (p.configured !== undefined) return p.configured;
  const path = join(p.dataDir, KEY_FILE);
  const key = readKey(path) ?? makeKey(path);
  if (SECRET_KEY.test(key)) return [key];
  throw new Error(`${path} holds no key of 64 hexadecimal digits: restore it, or set REELAY_SECRET_KEY`);
}

function readKey(path: string): string | undefined {
  try {
    const key = readFileSync(path, 'utf8').trim();
    // A backup may have come back with other rights.
    chmodSync(path, 0o600);
    return key;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined; // Calls of the system throw only these.
    throw error;
  }
}

/** The file appears with all that is in it, and the first one made stays: losing it would lose every secret. */
function makeKey(path: string): string {
  const draft = `${path}.${randomBytes(6).toString('hex')}`;
  const file = openSync(draft, 'wx', 0o600);
  try {
    writeSync(file, `${randomBytes(32).toString('hex')}\n`);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  try {
    linkSync(draft, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    rmSync(draft);
  }
  return readFileSync(path, 'utf8').trim();
}
