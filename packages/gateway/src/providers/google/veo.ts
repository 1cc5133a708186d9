import { z } from 'zod';
import type { JobFile } from '../../contract/asset.ts';
import { FAULTS } from '../fault.ts';
import { as, type Draft, type Mapped, type Mapping, mapInput, type Rule, toNumber } from '../kit/body.ts';
import { type BodyPart, FileUse, mediaTypeOf } from '../kit/media.ts';
import type { Job, Progress, ProviderOutput } from '../provider.ts';
import { faultOfOperation } from './wire.ts';

// `predictLongRunning`: clips of Veo. Both surfaces take the same envelope.

const MAX_SEED = 2 ** 32 - 1;
/** From three pictures on they are references, and with references a clip has this length. */
const REFERENCE_SECONDS = 8;

const bytesOf = (file: JobFile): BodyPart => ({
  bytesBase64Encoded: new FileUse(file, 'base64'),
  mimeType: mediaTypeOf(file),
});
const frame =
  (path: string): Rule =>
  (_value, { job, name, set }) => {
    const [file] = job.media[name] ?? [];
    if (file !== undefined) set(path, bytesOf(file));
  };

const isLite = ({ route }: Job): boolean => route.model.includes('-lite');

function setReferences(pictures: readonly JobFile[], { job, name, set, refuse }: Draft): void {
  if (isLite(job)) refuse(`${name} has ${pictures.length} pictures, and this model takes no references: at most 2`);
  set(
    'instance.referenceImages',
    pictures.map((file) => ({ image: bytesOf(file), referenceType: 'asset' })),
  );
  set('parameters.durationSeconds', REFERENCE_SECONDS);
}

/** One picture is the first frame, two are the first and the last, more are references. */
const pictures: Rule = (_value, draft) => {
  const { job, name, set } = draft;
  const files = job.media[name] ?? [];
  const [first, last] = files;
  if (job.endpoint.task === 'reference-to-video' || files.length > 2) return setReferences(files, draft);
  if (first !== undefined) set('instance.image', bytesOf(first));
  if (last !== undefined) set('instance.lastFrame', bytesOf(last));
};

const seed: Rule = (value, { name, set, refuse }) => {
  const number = Number(value);
  // Chosen by the model, as without one.
  if (number === -1) return;
  if (number < 0 || number > MAX_SEED) refuse(`${name} ${number} is not offered there: from 0 to ${MAX_SEED}`);
  else set('parameters.seed', number);
};

const resolution: Rule = (value, { job, name, set, refuse }) => {
  if (value === '4k' && isLite(job)) refuse(`${name} "4k" is not offered there by this model`);
  if (job.endpoint.task === 'video-extend' && value !== '720p')
    refuse(`${name} ${JSON.stringify(value)} is not offered there for an extension: only 720p`);
  set('parameters.resolution', value);
};

const MAPPING: Mapping = {
  prompt: as('instance.prompt'),
  negativePrompt: as('parameters.negativePrompt'),
  aspectRatio: as('parameters.aspectRatio'),
  duration: as('parameters.durationSeconds', toNumber),
  resolution,
  seed,
  imageUrl: frame('instance.image'),
  firstImageUrl: frame('instance.image'),
  firstFrameUrl: frame('instance.image'),
  lastImageUrl: frame('instance.lastFrame'),
  lastFrameUrl: frame('instance.lastFrame'),
  imageUrls: pictures,
  video: frame('instance.video'),
};

/** @param p.own rules of one surface. */
export function toPrediction(job: Job, p: { own: Mapping; parameters: { readonly [name: string]: BodyPart } }): Mapped {
  const constant = { instance: {}, parameters: p.parameters };
  const { body, reasons } = mapInput(job, { ...MAPPING, ...p.own }, constant);
  return { body: { instances: [body.instance ?? {}], parameters: body.parameters ?? {} }, reasons };
}

const text = z.string().nullish();
const filtered = {
  raiMediaFilteredCount: z.number().nullish(),
  raiMediaFilteredReasons: z.array(z.string()).nullish(),
};
export const Operation = z.object({
  name: text,
  done: z.boolean().nullish(),
  error: z.object({ code: z.number().nullish(), message: text }).nullish(),
  response: z
    .object({
      ...filtered,
      videos: z.array(z.object({ gcsUri: text, bytesBase64Encoded: text })).nullish(),
      generateVideoResponse: z
        .object({
          ...filtered,
          generatedSamples: z.array(z.object({ video: z.object({ uri: text }).nullish() })).nullish(),
        })
        .nullish(),
    })
    .nullish(),
});
type Operation = z.infer<typeof Operation>;

/** The vendor asks for no more than that. */
const POLL_MS = 10_000;

/** @param outputsOf the clips in an answer that is done. */
export function toProgress(operation: Operation, outputsOf: (operation: Operation) => ProviderOutput[]): Progress {
  if (operation.done !== true) return { state: 'pending', pollAfterMs: POLL_MS };
  const { error, response } = operation;
  if (error) {
    const message = error.message || 'the upstream gave no reason';
    return { state: 'failed', code: FAULTS[faultOfOperation(error.code, message)].code, message };
  }
  const outputs = outputsOf(operation);
  if (outputs.length > 0) return { state: 'succeeded', outputs };
  // Done, and nothing there: it was held back.
  const reasons = response?.raiMediaFilteredReasons ?? response?.generateVideoResponse?.raiMediaFilteredReasons ?? [];
  const message = reasons.length > 0 ? reasons.join(' ') : 'the clip was held back by the safety filters';
  return { state: 'failed', code: FAULTS.moderation.code, message };
}
