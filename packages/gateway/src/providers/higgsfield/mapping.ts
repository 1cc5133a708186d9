import { as, file, files, type Mapping, type Rule, withOther, words } from '../kit/body.ts';
import type { Body, FileUse } from '../kit/media.ts';
import type { Job } from '../provider.ts';

/** One of Higgsfield's calls. `older` ones take their parameters in an object and answer with a set of jobs. */
export type Call = {
  readonly path: string;
  readonly isOlder: boolean;
  readonly mapping: Mapping;
  readonly constant: Body;
};

const asImage = (uri: FileUse): Body => ({ type: 'image_url', image_url: uri });

const QUEUE: Mapping = {
  prompt: as('prompt'),
  imageUrl: file('image_url', 'hosted'),
  // It is the end of the path.
  options: withOther,
};
const TIERS = ['lite', 'turbo', 'preview'];
const tierOf = ({ input }: Job): string => String(input.options ?? 'dop-turbo').replace(/^dop-/, '');

// "Generate [DoP]" and "Generate [Soul]" of the reference of the first version.

const DOP: Mapping = {
  prompt: as('prompt'),
  imageUrl: files('input_images', 'hosted', asImage),
  endImageUrl: files('input_images_end', 'hosted', asImage),
  options: as('model'),
};

const reference: Rule = (value, draft) =>
  file('image_reference', 'hosted')(value, {
    ...draft,
    set: (path, part) => draft.set(path, { type: 'image_url', image_url: part }),
  });
const SOUL: Mapping = {
  prompt: as('prompt'),
  imageUrl: reference,
  size: as('width_and_height', (value) => String(value).replace('*', 'x')),
  // Its id is asked for when the job is submitted.
  style: withOther,
  strength: as('style_strength'),
  quality: words('quality', { medium: '720p', high: '1080p' }),
};

/** What is asked for is made as it is written. */
const AS_WRITTEN: Body = { enhance_prompt: false };

/** Undefined: there is no such call. A last picture is known to the older call alone. */
export function callOf(job: Job): Call | undefined {
  const { op, model } = job.route;
  if (op === 'v1/text2image/soul') {
    return { path: `/${op}`, isOlder: true, mapping: SOUL, constant: { batch_size: 1, ...AS_WRITTEN } };
  }
  if (op === 'v1/image2video/dop' || (op === 'queue' && job.media.endImageUrl !== undefined)) {
    return { path: '/v1/image2video/dop', isOlder: true, mapping: DOP, constant: AS_WRITTEN };
  }
  const tier = tierOf(job);
  if (op !== 'queue' || !TIERS.includes(tier)) return undefined;
  return { path: `/${model}/${tier}`, isOlder: false, mapping: QUEUE, constant: {} };
}
