import type { Lease } from '../queue.ts';

type Job = { id: string; group: string; priority: number; runAtMs: number };
type Session = { leaseUntilMs: number; holder: string | undefined };

/** The queue as its contract describes it, in memory and without haste. */
export function createQueueModel(workers: number) {
  const jobs = new Map<string, Job & { session: Session | undefined; fence: number }>();
  /** What each worker holds under now, and every lease that was given. */
  const current: (Session | undefined)[] = Array.from({ length: workers });
  const given = new Map<Lease, Session>();

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
    /** @returns the ids that must be claimed, in order. */
    claim(who: number, p: { limit: number; groupLimit?: number; leaseMs: number; nowMs: number }): string[] {
      endLapsed(p.nowMs);
      const due = [...jobs.values()]
        .filter(({ session, runAtMs }) => session === undefined && runAtMs <= p.nowMs)
        .sort((a, b) => b.priority - a.priority || a.runAtMs - b.runAtMs || (a.id < b.id ? -1 : 1));
      if (due.length === 0) return [];
      const session = require(who);
      session.leaseUntilMs = Math.max(session.leaseUntilMs, p.nowMs + p.leaseMs);
      const taken: string[] = [];
      for (const job of due) {
        const running = [...jobs.values()].filter(({ group, session: by }) => group === job.group && by !== undefined);
        if (taken.length === p.limit || running.length >= (p.groupLimit ?? Number.POSITIVE_INFINITY)) continue;
        job.session = session;
        taken.push(job.id);
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
