/** A group that has due jobs of one priority. */
export type DueGroup = {
  readonly groupKey: string;
  /** Of its oldest due job. */
  readonly runAtMs: number;
  readonly jobId: string;
  /** How many of its jobs are held, counted up to a limit. */
  readonly held: number;
  /** How many may be; null: any number. */
  readonly maxHeld: number | null;
  /** Greater for the group that was served later; 0: never. */
  readonly served: number;
};

/** How many jobs a group gets of a claim, at most. */
export type Share = { readonly group: DueGroup; readonly jobs: number };

/** Gives the places of a claim away one by one, each to the group with the fewest held jobs that has room; among equals
 *  to the one that was served longest ago, then to the one that waits longest. So a group with a thousand jobs does not
 *  delay another's first, and each gets the same share of what runs, however long its jobs take.
 *  @param p.groupLimit of groups that have no limit of their own, and at most for those that do. */
export function shareOut(groups: readonly DueGroup[], p: { places: number; groupLimit: number | undefined }): Share[] {
  const limit = p.groupLimit ?? Number.POSITIVE_INFINITY;
  const all = groups
    .map((group) => ({ group, held: group.held, most: Math.min(group.maxHeld ?? limit, limit), jobs: 0 }))
    .filter(({ held, most }) => held < most)
    .sort((a, b) => a.group.served - b.group.served || byAge(a.group, b.group));
  // Alone, it takes everything; how many jobs it has, the database knows.
  const [only] = all;
  if (only !== undefined && all.length === 1) {
    return [{ group: only.group, jobs: Math.min(p.places, only.most - only.held) }];
  }
  for (let places = p.places; places > 0; places -= 1) {
    let least: (typeof all)[number] | undefined;
    for (const one of all) if (one.held < one.most && (least === undefined || one.held < least.held)) least = one;
    if (least === undefined) break;
    least.held += 1;
    least.jobs += 1;
  }
  return all.filter(({ jobs }) => jobs > 0).map(({ group, jobs }) => ({ group, jobs }));
}

const byAge = (a: DueGroup, b: DueGroup): number => a.runAtMs - b.runAtMs || (a.jobId < b.jobId ? -1 : 1);
