import type { Json } from '@reelay/catalog';
import { as, file, files, type Mapped, type Mapping, mapInput, type Rule } from '../kit/body.ts';
import { FileUse, outOfReach } from '../kit/media.ts';
import type { Job } from '../provider.ts';

// Limits: SkyReels' API documentation, edition of April 2026.
const MAX_REFERENCE_MS = 10_000;
const MS_SLACK = 100;

const membersOf = (value: Json): Readonly<Record<string, Json>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {};

/** The clip to change, or the clip to go on from. */
const clip: Rule = (value, draft) =>
  file(draft.job.route.op?.startsWith('video/extension') ? 'prefix_video' : 'video_url', 'url')(value, draft);

const checkTag = (tag: Json | undefined, refuse: (reason: string) => void, name: string): void => {
  if (!String(tag).startsWith('@')) refuse(`${name} ${JSON.stringify(tag)}: a tag begins with @ there`);
};

/** Pictures with their tags: one grid, or several single ones. */
const pictures: Rule = (value, { job, name, set, refuse }) => {
  const items = [value].flat().map(membersOf);
  const uses = (job.media[name] ?? []).map((one) => new FileUse(one, 'url'));
  const grids = items.filter(({ type }) => type === 'grid').length;
  if (grids > 1 || (grids === 1 && items.length > 1)) refuse(`${name} may hold one grid there, and nothing beside it`);
  if (membersOf(job.input.refVideos ?? null).type === 'extend') refuse(`${name} cannot go with a clip to extend there`);
  if (uses.length !== items.length) refuse(`${name} has a picture without an address`);
  for (const { tag } of items) checkTag(tag, refuse, name);
  set(
    'ref_images',
    items.flatMap(({ tag = '', type = 'image' }, index) => {
      const use = uses[index];
      return use === undefined ? [] : [{ tag, type, image_urls: [use] }];
    }),
  );
};

const reference: Rule = (value, { job, name, set, refuse }) => {
  const { tag = '', type = 'reference' } = membersOf(value);
  const [one] = job.media[name] ?? [];
  if (one === undefined) return refuse(`${name} has no address`);
  const { durationMs = 0 } = one.facts;
  if (durationMs > MAX_REFERENCE_MS + MS_SLACK) {
    refuse(`${name} is ${durationMs / 1_000} s long; at most ${MAX_REFERENCE_MS / 1_000} s there`);
  }
  checkTag(tag, refuse, name);
  set('ref_videos', [{ tag, type, video_url: new FileUse(one, 'url') }]);
};

const MAPPING: Mapping = {
  prompt: as('prompt'),
  duration: as('duration'),
  aspectRatio: as('aspect_ratio'),
  sound: as('sound'),
  promptOptimizer: as('prompt_optimizer'),
  resolution: as('resolution'),
  mode: as('mode'),
  cutType: as('cut_type'),
  styleName: as('style_name'),
  firstImageUrl: file('first_frame_image', 'url'),
  firstFrameImageUrl: file('first_frame_image', 'url'),
  imageUrls: files('ref_images', 'url'),
  videoUrl: clip,
  refImages: pictures,
  refVideos: reference,
};

/** A route says the path of the call, and behind a space what its body always holds: `video/text2video mode=fast`. */
export function planOf(job: Job, reach: { canBeReached: boolean }): Mapped & { readonly kind: string } {
  const [kind = '', ...constants] = (job.route.op ?? '').split(' ');
  const constant = Object.fromEntries(new URLSearchParams(constants.join('&')));
  const { body, reasons } = mapInput(job, MAPPING, constant);
  return { kind, body, reasons: [...reasons, ...outOfReach(body, reach)] };
}
