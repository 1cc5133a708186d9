import { z } from 'zod';
import type { Fault } from '../fault.ts';
import { type Answer, Id, type Said } from '../kit/upstream.ts';
import type { ProviderOutput } from '../provider.ts';

// Meshy's API, edition of November 2026. Only what is read here.

export const Created = z.object({ result: Id });

export const Task = z.object({
  status: z.string(),
  progress: z.number().nullish(),
  model_urls: z.record(z.string(), z.unknown()).nullish(),
  texture_urls: z.array(z.record(z.string(), z.unknown())).nullish(),
  task_error: z.object({ message: z.string().nullish() }).nullish(),
  consumed_credits: z.number().nullish(),
});
export type Task = z.infer<typeof Task>;

const Refusal = z.object({ message: z.string() });
/** There are no words, only sentences. */
const FAULT_OF: Readonly<Record<number, Fault>> = {
  400: 'invalid',
  401: 'auth',
  402: 'quota',
  403: 'auth',
  422: 'invalid',
  429: 'rate',
};

export function faultOf({ status, body }: Answer): Said | undefined {
  const fault = FAULT_OF[status];
  const message = Refusal.safeParse(body).data?.message;
  return fault === undefined || message === undefined ? undefined : { fault, message };
}

/** States that are not known mean that the task goes on: its deadline bounds the wait. */
export const isOver = ({ status }: Task): boolean => ['SUCCEEDED', 'FAILED', 'CANCELED'].includes(status);

/** 0 to 1. */
export const fractionOf = ({ progress }: Task): number => Math.min(1, Math.max(0, (progress ?? 0) / 100));

/** The model in every form, the one that every viewer opens first; then the maps of its surface. */
export function outputsOf({ model_urls: models, texture_urls: textures }: Task): ProviderOutput[] {
  const { glb, ...others } = models ?? {};
  const all = [glb, ...Object.values(others), ...(textures ?? []).flatMap((maps) => Object.values(maps))];
  const urls = all.filter((one): one is string => typeof one === 'string' && one !== '');
  return [...new Set(urls)].map((url) => ({ kind: 'url', url }));
}
