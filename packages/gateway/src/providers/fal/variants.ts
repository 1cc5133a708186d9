import type { Json } from '@reelay/catalog';
import type { Job } from '../provider.ts';

/** fal splits by what is given where a row of ours does not: another model of the same maker and version. */
type Variant = {
  /** The model of the route. */
  readonly from: RegExp;
  readonly when: (job: Job) => boolean;
  /** As in `String.replace`. */
  readonly to: string;
};

const given = (name: string) => (job: Job) => isGiven(job.input[name]);
const isGiven = (value: Json | undefined): boolean =>
  value !== undefined && value !== null && value !== '' && !(Array.isArray(value) && value.length === 0);
const noneOf =
  (...names: readonly string[]) =>
  (job: Job) =>
    names.every((name) => !isGiven(job.input[name]));
const count = (job: Job, name: string): number => job.media[name]?.length ?? 0;

const VARIANTS: readonly Variant[] = [
  // One row makes a clip with or without a first picture.
  {
    from: /^(fal-ai\/minimax\/hailuo-02\/(?:pro|standard))\/image-to-video$/,
    when: noneOf('firstImageUrl', 'lastImageUrl', 'imageUrl'),
    to: '$1/text-to-video',
  },
  {
    from: /^(xai\/grok-imagine-video)\/image-to-video$/,
    when: noneOf('imageUrl', 'imageUrls'),
    to: '$1/text-to-video',
  },
  {
    from: /^(xai\/grok-imagine-video)\/image-to-video$/,
    when: (job) => count(job, 'imageUrls') > 1,
    to: '$1/reference-to-video',
  },
  { from: /^(xai\/grok-imagine-image)\/edit$/, when: noneOf('image', 'imageUrl', 'imageUrls'), to: '$1' },
  // Two frames are a model of their own, and so is one of the two.
  {
    from: /^(fal-ai\/veo3\.1(?:\/fast|\/lite)?)\/image-to-video$/,
    when: given('lastImageUrl'),
    to: '$1/first-last-frame-to-video',
  },
  {
    from: /^(fal-ai\/veo3\.1(?:\/fast|\/lite)?)\/first-last-frame-to-video$/,
    when: noneOf('lastFrameUrl', 'lastImageUrl'),
    to: '$1/image-to-video',
  },
  // The plainer mode has a path of its own.
  {
    from: /^(fal-ai\/kling-video\/o1)\/((?:video-to-video\/)?(?:image-to-video|reference-to-video|edit|reference))$/,
    when: (job) => job.input.mode === 'std',
    to: '$1/standard/$2',
  },
  {
    from: /^(fal-ai\/kling-video\/o3\/(?:pro|standard))\/reference-to-video$/,
    when: given('videoUrl'),
    to: '$1/video-to-video/reference',
  },
  // The row takes no pictures, and without any there is nothing to refer to.
  { from: /^(fal-ai\/pixverse\/c1)\/reference-to-video$/, when: noneOf('imageUrls'), to: '$1/text-to-video' },
];

/** The model that makes a job: that of its route, or the one beside it that takes what is given. */
export function modelOf(job: Job): string {
  const { model } = job.route;
  const variant = VARIANTS.find(({ from, when }) => from.test(model) && when(job));
  return variant === undefined ? model : model.replace(variant.from, variant.to);
}
