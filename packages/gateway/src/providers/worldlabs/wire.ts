import { z } from 'zod';
import { FAULTS, type Fault } from '../fault.ts';
import type { Ended } from '../kit/at-once.ts';
import { costOfUnits } from '../kit/cost.ts';
import { type Answer, Id, type Said } from '../kit/upstream.ts';
import type { Progress, ProviderOutput } from '../provider.ts';

// The World API (Marble), edition of November 2026. Only what is read here.

const Address = z.string().nullish();
/** Texts by name. What else stands there is passed over. */
const Texts = z
  .record(z.string(), z.unknown())
  .transform((all) =>
    Object.entries(all).flatMap(([name, one]) => (typeof one === 'string' ? [[name, one] as const] : [])),
  );

const World = z.object({
  assets: z
    .object({
      thumbnail_url: Address,
      imagery: z.object({ pano_url: Address }).nullish(),
      splats: z.object({ spz_urls: Texts.nullish() }).nullish(),
      mesh: z.object({ collider_mesh_url: Address }).nullish(),
    })
    .nullish(),
});
type World = z.infer<typeof World>;

export const Started = z.object({ operation_id: Id });

export const Operation = z.object({
  done: z.boolean(),
  error: z.object({ message: z.string().nullish() }).nullish(),
  response: World.nullish(),
  cost: z.object({ credits: z.number().nullish() }).nullish(),
});
export type Operation = z.infer<typeof Operation>;

export const Prepared = z.object({
  media_asset: z.object({ media_asset_id: Id }),
  upload_info: z.object({
    upload_url: z.string().min(1),
    required_headers: Texts.nullish(),
  }),
});

const Problem = z.object({ loc: z.array(z.union([z.string(), z.number()])).nullish(), msg: z.string().nullish() });
const Refusal = z.object({ detail: z.union([z.string(), z.array(Problem)]) });

/** There is no word of its own for content that is not allowed, only sentences. */
const REFUSED_CONTENT = /moderat|safety|content policy|nsfw|inappropriate|prohibited/i;
/** The same for files. */
const BAD_FILE = /(image|video|file|media).*(download|fetch|read|decode|corrupt|unsupported|too large)/i;

/** By status, where the sentence says nothing else. Any other server error may come after the start. */
const FAULTS_BY_STATUS: Readonly<Record<number, Fault>> = {
  400: 'invalid',
  401: 'auth',
  402: 'quota',
  403: 'auth',
  413: 'media',
  422: 'invalid',
  429: 'rate',
  503: 'busy',
};

export function faultOf({ status, body }: Answer): Said | undefined {
  const usual = FAULTS_BY_STATUS[status];
  const { data } = Refusal.safeParse(body);
  if (usual === undefined || data === undefined) return undefined;
  const { detail } = data;
  if (typeof detail === 'string') return { fault: usual === 'invalid' ? faultOfWords(detail) : usual, message: detail };
  const places = detail.map(({ loc }) => (loc ?? []).filter((step) => step !== 'body').join('.'));
  const message = detail.map(({ msg }, index) => `${places[index] || 'body'}: ${msg ?? 'refused'}`).join('; ');
  if (places.includes('model')) return { fault: 'model_gone', message };
  const isOfFile = places.some((place) => /\b(image|video|multi_image)_prompt\b/.test(place));
  return { fault: isOfFile ? 'media' : usual, message };
}

function faultOfWords(words: string): Fault {
  if (REFUSED_CONTENT.test(words)) return 'moderation';
  return BAD_FILE.test(words) ? 'media' : 'invalid';
}

/** @param creditPrice in US dollars. */
export function toProgress({ done, error, response, cost }: Operation, creditPrice: string | undefined): Progress {
  if (!done) return { state: 'pending' };
  if (error != null) {
    const message = error.message?.trim() || 'World Labs gave no reason';
    const fault = faultOfWords(message);
    return failed(message, fault === 'invalid' ? 'failed' : fault);
  }
  const credits = cost?.credits;
  const paid = typeof credits === 'number' ? { cost: costOfUnits(credits, 'credits', creditPrice) } : {};
  const outputs = response == null ? [] : filesOf(response);
  if (outputs.length === 0) return { ...failed('World Labs says done, and names no file'), ...paid };
  return { state: 'succeeded', outputs, ...paid };
}

const failed = (message: string, fault: Fault = 'failed'): Ended => ({
  state: 'failed',
  code: FAULTS[fault].code,
  message,
});

/** The mesh to walk on, the splats from the finest to the coarsest, the panorama, the thumbnail. */
function filesOf({ assets }: World): ProviderOutput[] {
  const splats = (assets?.splats?.spz_urls ?? []).toSorted(([one], [other]) => finenessOf(other) - finenessOf(one));
  const addresses = [
    assets?.mesh?.collider_mesh_url,
    ...splats.map(([, address]) => address),
    assets?.imagery?.pano_url,
    assets?.thumbnail_url,
  ];
  return addresses.flatMap((url) => (url ? [{ kind: 'url', url } as const] : []));
}

/** `full_res`, `500k`, `100k`. */
const finenessOf = (name: string): number =>
  /^full/.test(name) ? Number.MAX_SAFE_INTEGER : Number.parseInt(name, 10) || 0;
