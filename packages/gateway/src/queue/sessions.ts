import type { Db, Query, Statement } from '../store/db.ts';
import { deleteHolder, extendHolder, freeClaim, freeHeldBy, insertHolder } from './job-statements.ts';
import type { Lease } from './queue.ts';

/** How often a claim may find that its session ended just before it. */
const MAX_TRIES = 3;

type ClaimStatements<R> = (mark: { holder: string; claim: number }) => readonly (Statement | Query<R>)[];

/** The sessions of one process, one at a time. All its leases live and lapse with the session. */
export type Sessions = {
  /** Runs a claim together with an extension of the session, which is opened when there is none. Of its statements only
   *  those that claim return rows. @returns the claimed rows, and the session that got them. */
  claim<R>(
    p: { leaseMs: number; nowMs: number },
    statements: ClaimStatements<R>,
  ): Promise<{ rows: readonly R[]; holder: string }>;
  /** Frees what a claim may have taken whose answer never came: nobody knows of it, and it would be held for as long as
   *  the session lives. */
  undoUnanswered(): Promise<void>;
  /** @returns the leases of a session that lives. */
  extend(leases: readonly Lease[], leaseUntilMs: number): Promise<Lease[]>;
  /** Frees what is held. */
  end(): Promise<void>;
};

export function createSessions(db: Db, name: string): Sessions {
  const unanswered = new Set<{ holder: string; claim: number }>();
  let claims = 0;
  let opened = 0;
  let current: Promise<string> | undefined;

  async function open(leaseUntilMs: number): Promise<string> {
    opened += 1;
    const id = `${name}.${opened}`;
    await db.write([insertHolder(db, { id, lease_until_ms: leaseUntilMs })]);
    return id;
  }
  /** Opens once for all who ask at the same time. */
  function require(leaseUntilMs: number): Promise<string> {
    if (current === undefined) {
      const opening = open(leaseUntilMs);
      current = opening;
      opening.catch(() => drop(opening));
    }
    return current;
  }
  const drop = (session: Promise<string>) => {
    if (current === session) current = undefined;
  };

  return {
    async claim<R>({ leaseMs, nowMs }: { leaseMs: number; nowMs: number }, statements: ClaimStatements<R>) {
      const lease_until_ms = nowMs + leaseMs;
      for (let tries = 1; tries <= MAX_TRIES; tries++) {
        const session = require(lease_until_ms);
        const holder = await session;
        const mark = { holder, claim: ++claims };
        const extension = extendHolder(db, { id: holder, lease_until_ms });
        const outcome = await db.write([extension, ...statements(mark)]).catch((error) => {
          unanswered.add(mark);
          throw error;
        });
        // No other statement returns rows than those of this type; the first is the extension.
        if (outcome.committed) return { rows: outcome.results.slice(1).flatMap(({ rows }) => rows) as R[], holder };
        drop(session);
      }
      throw new Error('The lease of a session ends before it begins: the clocks of the processes differ too much');
    },
    async undoUnanswered() {
      if (unanswered.size === 0) return;
      const marks = [...unanswered];
      await db.write(marks.map((mark) => freeClaim(db, mark)));
      for (const mark of marks) unanswered.delete(mark);
    },
    async extend(leases, lease_until_ms) {
      const session = current;
      if (session === undefined || leases.length === 0) return [];
      const id = await session;
      const { committed } = await db.write([extendHolder(db, { id, lease_until_ms })]);
      return committed ? leases.filter(({ holder }) => holder === id) : [];
    },
    async end() {
      const session = current;
      current = undefined;
      if (session === undefined) return;
      const id = await session;
      await db.write([freeHeldBy(db, { id }), deleteHolder(db, { id })]);
    },
  };
}
