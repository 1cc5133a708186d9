import type { TaskRouting } from '../contract/routing.ts';

/** How a task is to be routed, as `admit.ts` wrote it. */
export const routingOf = ({ routing }: { readonly routing: string | null }): TaskRouting =>
  routing === null ? {} : (JSON.parse(routing) as TaskRouting);
