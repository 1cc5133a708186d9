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
};

/** Makes ids. Two processes on one database should differ in `node` (0 to 1023), which keeps their task ids apart.
 *  When the clock goes back, ids go on from the last one rather than repeat. */
export function createIds(p: { nowMs: () => number; node: number; randomBytes: (size: number) => Buffer }): Ids {
  let lastMs = 0n;
  let sequence = 0n;
  return {
    taskId() {
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
    },
    clientId: () => p.randomBytes(16).toString('hex'),
    assetId: () => `asset_${p.randomBytes(12).toString('hex')}`,
  };
}
