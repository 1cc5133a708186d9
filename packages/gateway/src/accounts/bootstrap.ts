import type { Db, Statement } from '../store/db.ts';
import { insertSetting } from '../store/settings.ts';
import { toStatement } from '../store/statement.ts';
import { hashKey, hintOf } from './keys.ts';

/** Who owns everything until there are more accounts. */
const DEFAULT_ACCOUNT = 'acct_default';
/** The setting that says that a first key exists, whoever made it. Its first writer wins. */
const FIRST_KEY = 'first_key';
const KEY_BYTES = 16;

type BootstrapDeps = {
  readonly db: Db;
  /** The key of the configuration, 32 hexadecimal digits. */
  readonly adminKey: string | undefined;
  readonly randomBytes: (size: number) => Buffer;
  readonly nowMs: () => number;
};

/** Makes sure that the default account exists and that somebody can use it.
 *
 *  With a configured key, it is the one active key of those that starts made: setting a new one is how an operator
 *  replaces a lost or leaked one. Keys that were made by API stay. Without, the very first start makes a key.
 *  Safe when several processes start together: each case is one batch that the database arbitrates.
 *  @returns a key that was made now, to be shown once; only its hash is stored. */
export async function ensureFirstKey(deps: BootstrapDeps): Promise<string | undefined> {
  if (deps.adminKey === undefined) return makeFirstKey(deps);
  await installAdminKey(deps, deps.adminKey);
  return undefined;
}

async function makeFirstKey({ db, randomBytes, nowMs }: BootstrapDeps): Promise<string | undefined> {
  const key = randomBytes(KEY_BYTES).toString('hex');
  const createdAtMs = nowMs();
  const outcome = await db.write([
    // Nobody's first key but ours: when the setting exists, nothing of this batch happens.
    { ...insertSetting(db, { name: FIRST_KEY, value: keyId(key) }), expect: 1 },
    accountExists(db, createdAtMs),
    keyIsActive(db, key, createdAtMs),
  ]);
  return outcome.committed ? key : undefined;
}

async function installAdminKey({ db, nowMs }: BootstrapDeps, key: string): Promise<void> {
  const atMs = nowMs();
  await db.write([
    insertSetting(db, { name: FIRST_KEY, value: keyId(key) }),
    accountExists(db, atMs),
    keyIsActive(db, key, atMs),
    otherStartKeysAreRevoked(db, key, atMs),
  ]);
}

/** The same key always has the same id, so that two starts with one key meet in one row. */
const keyId = (key: string): string => `key_${hashKey(key).slice(0, 24)}`;

const accountExists = (db: Db, createdAtMs: number): Statement =>
  toStatement(
    db.build
      .insertInto('accounts')
      .values({
        id: DEFAULT_ACCOUNT,
        name: 'Default',
        created_at_ms: createdAtMs,
        currency: 'CNY',
        is_unlimited: 1,
        balance_micros: 0,
        held_micros: 0,
        disabled_at_ms: null,
      })
      .onConflict((conflict) => conflict.column('id').doNothing()),
  );

const keyIsActive = (db: Db, key: string, createdAtMs: number): Statement =>
  toStatement(
    db.build
      .insertInto('api_keys')
      .values({
        id: keyId(key),
        account_id: DEFAULT_ACCOUNT,
        hash: hashKey(key),
        hint: hintOf(key),
        is_admin: 1,
        created_at_ms: createdAtMs,
        revoked_at_ms: null,
        name: 'first key',
        is_from_start: 1,
      })
      // An operator who goes back to an earlier key gets it back.
      .onConflict((conflict) => conflict.column('id').doUpdateSet({ is_admin: 1, revoked_at_ms: null })),
  );

const otherStartKeysAreRevoked = (db: Db, key: string, revokedAtMs: number): Statement =>
  toStatement(
    db.build
      .updateTable('api_keys')
      .set({ revoked_at_ms: revokedAtMs })
      .where('is_from_start', '=', 1)
      .where('id', '!=', keyId(key))
      .where('revoked_at_ms', 'is', null),
  );
