import type { Lease } from '../queue.ts';

type Job = { id: string; group: string; priority: number; runAtMs: number };
type Session = { leaseUntilMs: number; holder: string | undefined };

/** The queue as its contract describes it, in memory and without haste. */
export function createQueueModel(workers: number) {
  const jobs = new Map<string, Job & { session: Session | undefined; fence: number }>();
  /** What each worker holds under now, and every lease that was given. */
  const current: (Session | undefined)[] = Array.from({ length: workers });
  const given = new Map<Lease, Session>();
  const limits = new Map<string, number>();
  const served = new Map<string, number>();
  let turns = 0;

  const endLapsed = (nowMs: number) => {
    for (const [who, session] of current.entries())
      if (session !== undefined && session.leaseUntilMs <= nowMs) {
        for (const job of jobs.values()) if (job.session === session) job.session = undefined;
        current[who] = undefined;
      }
  };
  const require = (who: number): Session => {
    const session = current[who] ?? { leaseUntilMs: 0, holder: undefined };
    current[who] = session;
    return session;
  };
  return {
    add: (job: Job) => {
      jobs.set(job.id, { ...job, session: undefined, fence: 0 });
    },
    limit: (group: string, maxHeld: number | null) => {
      if (maxHeld === null) limits.delete(group);
      else limits.set(group, maxHeld);
    },
    /** @returns the ids that must be claimed, in order. */
    claim(who: number, p: { limit: number; groupLimit?: number; leaseMs: number; nowMs: number }): string[] {
      endLapsed(p.nowMs);
      const isDue = ({ session, runAtMs }: { session: Session | undefined; runAtMs: number }) =>
        session === undefined && runAtMs <= p.nowMs;
      const byAge = (a: Job, b: Job) => a.runAtMs - b.runAtMs || (a.id < b.id ? -1 : 1);
      const due = [...jobs.values()].filter(isDue).sort(byAge);
      const heldOf = (group: string) =>
        [...jobs.values()].filter((job) => job.group === group && job.session !== undefined).length;
      const taken: string[] = [];
      for (const priority of [...new Set(due.map((job) => job.priority))].sort((a, b) => b - a)) {
        const level = due.filter((job) => job.priority === priority);
        // Which group comes first among equals is as it was when the level began.
        const order = [...new Set(level.map(({ group }) => group))].sort(
          (a, b) => (served.get(a) ?? 0) - (served.get(b) ?? 0),
        );
        const lucky = new Set<string>();
        while (taken.length < p.limit) {
          const groups = order
            .filter((group) => level.some((job) => job.group === group && job.session === undefined))
            .filter((group) => heldOf(group) < Math.min(p.groupLimit ?? Infinity, limits.get(group) ?? Infinity))
            .sort((a, b) => heldOf(a) - heldOf(b));
          const next = level.find((job) => job.group === groups[0] && job.session === undefined);
          if (next === undefined) break;
          const session = require(who);
          session.leaseUntilMs = Math.max(session.leaseUntilMs, p.nowMs + p.leaseMs);
          next.session = session;
          lucky.add(next.group);
          taken.push(next.id);
        }
        for (const group of order.filter((one) => lucky.has(one))) {
          turns += 1;
          served.set(group, turns);
        }
      }
      return taken;
    },
    /** Notes the lease that came with a claim. @throws when its fence is not greater than all before. */
    take(id: string, lease: Lease) {
      const job = jobs.get(id);
      if (job?.session === undefined) throw new Error(`${id} was not to be claimed`);
      if (lease.fence <= job.fence) throw new Error(`${id} got the fence ${lease.fence} after ${job.fence}`);
      job.fence = lease.fence;
      given.set(lease, job.session);
    },
    /** @returns which leases a heartbeat must answer. */
    beat(who: number, count: number, p: { leaseMs: number; nowMs: number }): (lease: Lease) => boolean {
      const session = current[who];
      if (session === undefined || count === 0) return () => false;
      session.leaseUntilMs = Math.max(session.leaseUntilMs, p.nowMs + p.leaseMs);
      return (lease) => given.get(lease) === session;
    },
    /** @returns whether the write must be committed. */
    write(kind: 'guard' | 'complete' | 'reschedule', lease: Lease, runAtMs: number): boolean {
      const job = jobs.get(lease.jobId);
      if (job?.session === undefined || job.session !== given.get(lease) || job.fence !== lease.fence) return false;
      if (kind === 'complete') jobs.delete(job.id);
      else if (kind === 'reschedule') Object.assign(job, { session: undefined, runAtMs });
      return true;
    },
  };
}
