import { z } from 'zod';

/** How sure it is that a route does what the endpoint promises.
 *  - `ok`: exactly that model. `retiring`: the same, with an announced end.
 *  - `unconfirmed`: probably. `approx`: the maker's model, of another version or with fewer options.
 *  - `substitute`: another model for the same job. `retired`: gone. */
export const ROUTE_STATUSES = ['ok', 'retiring', 'unconfirmed', 'approx', 'substitute', 'retired'] as const;
export type RouteStatus = (typeof ROUTE_STATUSES)[number];

/** One endpoint of ours at one provider. */
export const Route = z.object({
  endpoint: z.string(),
  /** The upstream's name of the model. */
  model: z.string(),
  /** Which of the upstream's calls makes it, where the model alone does not say. */
  op: z.string().exactOptional(),
  status: z.enum(ROUTE_STATUSES),
  /** The day from which it is gone, `YYYY-MM-DD`. */
  until: z.string().exactOptional(),
  note: z.string().exactOptional(),
});
export type Route = z.infer<typeof Route>;

/** The routes that a provider comes with, and the day on which they were read. */
export const RouteTable = z.object({ asOf: z.string(), routes: z.array(Route) });
export type RouteTable = z.infer<typeof RouteTable>;

/** Whether a route may be used without asking for it: exact, or probably exact, and not past its end. */
export const isLive = ({ status, until }: Route, today: string): boolean =>
  (status === 'ok' || status === 'retiring' || status === 'unconfirmed') && (until === undefined || today < until);
