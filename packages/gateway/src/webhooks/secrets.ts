import { GatewayError } from '../contract/errors.ts';
import type { WebhookSecret } from '../contract/webhook.ts';
import type { Ids } from '../lib/ids.ts';
import type { SealedBox } from '../lib/sealed-box.ts';
import type { Db, Statement } from '../store/db.ts';
import {
  deleteReplacedSecrets,
  expireSecret,
  insertSecret,
  listValidSecrets,
  pageSecrets,
  resealSecret,
  type SecretRow,
} from '../store/webhook-secrets.ts';
import {
  createSigningKeys,
  deserialize,
  type SigningKeys,
  serialize,
  toPublicKeyText,
  toSecretText,
} from './signing.ts';

const PAGE_ROWS = 200;

/** What signs for whom: an endpoint, or an account for the addresses that its tasks name. */
export type Owner = { readonly accountId: string; readonly ownerId: string };

type Deps = {
  readonly db: Db;
  readonly box: SealedBox;
  readonly ids: Pick<Ids, 'secretId'>;
  readonly nowMs: () => number;
};

export type Secrets = {
  /** For the batch that makes the owner. */
  create(owner: Owner): Statement;
  /** What signs now, the newest first. Of an account the first is made here, when it is first needed.
   *  @throws {CannotOpen} */
  keysOf(owner: Owner): Promise<readonly SigningKeys[]>;
  /** The same, to be shown. */
  list(owner: Owner): Promise<readonly WebhookSecret[]>;
  /** @throws {GatewayError} `conflict` when somebody else does so at the same time. */
  rotate(owner: Owner, overlapMs: number): Promise<readonly WebhookSecret[]>;
  /** Seals with the newest key what was sealed with an older one, so that the older one can go.
   *  @returns how many it sealed, and how many cannot be opened. */
  resealAll(): Promise<{ readonly resealed: number; readonly lost: number }>;
};

const placeOf = (id: string): string => `webhook_secrets:${id}`;

export function createSecrets({ db, box, ids, nowMs }: Deps): Secrets {
  const create = ({ accountId, ownerId }: Owner) => {
    const id = ids.secretId();
    return insertSecret(db, {
      id,
      account_id: accountId,
      owner_id: ownerId,
      sealed: box.seal(serialize(createSigningKeys()), placeOf(id)),
      created_at_ms: nowMs(),
      expires_at_ms: null,
    });
  };
  const read = async (owner: Owner): Promise<readonly SecretRow[]> => {
    const find = () => listValidSecrets(db, { owner_id: owner.ownerId, now_ms: nowMs() });
    const found = await find();
    if (found.some(({ expires_at_ms }) => expires_at_ms === null)) return found;
    await db.write([create(owner)]);
    // Which may be the one that somebody else made at the same time.
    return find();
  };
  const open = ({ id, sealed }: SecretRow): SigningKeys => deserialize(box.open(sealed, placeOf(id)));
  const list = async (owner: Owner): Promise<readonly WebhookSecret[]> =>
    (await read(owner)).map((row) => {
      const keys = open(row);
      return {
        secret: toSecretText(keys),
        publicKey: toPublicKeyText(keys),
        createdAtMs: row.created_at_ms,
        expiresAtMs: row.expires_at_ms,
      };
    });
  return {
    create,
    keysOf: async (owner) => (await read(owner)).map(open),
    list,
    async rotate(owner, overlapMs) {
      const current = (await read(owner)).find(({ expires_at_ms }) => expires_at_ms === null);
      const outcome = await db.write([
        deleteReplacedSecrets(db, { owner_id: owner.ownerId }),
        expireSecret(db, { id: current?.id ?? '', expires_at_ms: nowMs() + overlapMs }),
        create(owner),
      ]);
      if (outcome.committed) return list(owner);
      throw new GatewayError('conflict', 'the secret was rotated by somebody else at the same time');
    },
    async resealAll() {
      const done = { resealed: 0, lost: 0 };
      for (let after = ''; ; ) {
        const rows = await pageSecrets(db, { after, limit: PAGE_ROWS });
        for (const row of rows) if (box.isStale(row.sealed)) done[(await reseal(row)) ? 'resealed' : 'lost'] += 1;
        const last = rows.at(-1);
        if (last === undefined || rows.length < PAGE_ROWS) return done;
        after = last.id;
      }
    },
  };

  async function reseal({ id, sealed }: SecretRow): Promise<boolean> {
    let text: string;
    try {
      text = box.open(sealed, placeOf(id));
    } catch {
      return false;
    }
    await db.write([resealSecret(db, { id, before: sealed, sealed: box.seal(text, placeOf(id)) })]);
    return true;
  }
}
