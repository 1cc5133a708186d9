import autocannon from 'autocannon';

export type Load = {
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly errors: number;
};

/** Sends the same POST from `clients` connections for `seconds` and says how it went. Not-200 answers count as errors. */
export async function load(p: {
  url: string;
  key: string;
  body: unknown;
  clients: number;
  seconds: number;
  /** Requests a second in all; as many as possible when absent. */
  rate?: number;
}): Promise<Load> {
  const result = await autocannon({
    url: p.url,
    method: 'POST',
    connections: p.clients,
    duration: p.seconds,
    ...(p.rate === undefined ? {} : { overallRate: p.rate }),
    headers: { authorization: `Bearer ${p.key}`, 'content-type': 'application/json' },
    body: JSON.stringify(p.body),
  });
  return {
    perSecond: Math.round(result.requests.average),
    p50Ms: result.latency.p50,
    p99Ms: result.latency.p99,
    errors: result.errors + result.timeouts + result.non2xx,
  };
}

export const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
