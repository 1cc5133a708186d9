const NODE_BITS = 10n;
const SEQUENCE_BITS = 12n;
const MAX_SEQUENCE = (1n << SEQUENCE_BITS) - 1n;
/** 2015-01-01. Ids made since 2022 have 19 digits, and will until 2084: what known clients expect of an id. */
const EPOCH_MS = 1_420_070_400_000n;

export type Ids = {
  /** 19 decimal digits; of one process, each is greater than the one before. */
  taskId(): string;
  /** 32 hexadecimal digits. */
  clientId(): string;
  assetId(): string;
  uploadId(): string;
  accountId(): string;
  channelId(): string;
  /** 19 digits, in one order with the ids of tasks. */
  resourceId(): string;
  /** `asset-20260131120000-x7kq2m9d4p`: when it was made, and ten characters of chance. */
  managedAssetId(): string;
  assetGroupId(): string;
  /** Of webhooks. */
  endpointId(): string;
  secretId(): string;
};

const POOL_BYTES = 4_096;

/** Makes ids. Two processes on one database should differ in `node` (0 to 1023), which keeps their task ids apart.
 *  When the clock goes back, ids go on from the last one rather than repeat. */
export function createIds(p: { nowMs: () => number; node: number; randomBytes: (size: number) => Buffer }): Ids {
  let lastMs = 0n;
  let sequence = 0n;
  let pool: Buffer = Buffer.alloc(0);
  // Asking the system costs the same for many bytes as for a few.
  const random = (size: number): string => {
    if (pool.length < size) pool = p.randomBytes(POOL_BYTES);
    const taken = pool.toString('hex', 0, size);
    pool = pool.subarray(size);
    return taken;
  };
  const snowflake = (): string => {
    const nowMs = BigInt(p.nowMs());
    if (nowMs > lastMs) {
      lastMs = nowMs;
      sequence = 0n;
    } else if (sequence < MAX_SEQUENCE) {
      sequence += 1n;
    } else {
      lastMs += 1n;
      sequence = 0n;
    }
    return String(((((lastMs - EPOCH_MS) << NODE_BITS) | BigInt(p.node)) << SEQUENCE_BITS) | sequence);
  };
  const dated = (prefix: string): string => {
    const digits = new Date(p.nowMs()).toISOString().replace(/\D/g, '').slice(0, 14);
    // 16 hexadecimal digits are 60 bits and more; ten digits to the base of 32 hold 50 of them.
    const chance = BigInt(`0x${random(8)}`)
      .toString(32)
      .padStart(13, '0')
      .slice(-10);
    return `${prefix}-${digits}-${chance}`;
  };
  return {
    taskId: snowflake,
    clientId: () => random(16),
    assetId: () => `asset_${random(12)}`,
    uploadId: () => `upload_${random(12)}`,
    accountId: () => `acct_${random(12)}`,
    channelId: () => `chan_${random(12)}`,
    resourceId: snowflake,
    managedAssetId: () => dated('asset'),
    assetGroupId: () => dated('group'),
    endpointId: () => `we_${random(12)}`,
    secretId: () => `ws_${random(12)}`,
  };
}

/** When a task id was made. Nonsense for what is no id of a task. */
export const taskIdTimeMs = (taskId: string): number =>
  Number((BigInt(taskId) >> (NODE_BITS + SEQUENCE_BITS)) + EPOCH_MS);
