import type { Json } from '@reelay/catalog';
import { absent, as, file, files, type Mapping, type Rule, toText, withOther, words } from '../kit/body.ts';
import type { Body } from '../kit/media.ts';
import { pixelsOf } from '../kit/shapes.ts';
import type { Job } from '../provider.ts';
import { clipSize } from './size.ts';

export type Op = 'images/generations' | 'images/edits' | 'videos' | 'videos/characters' | 'audio/speech';

/** Where the shape alone is asked for, the model has three sizes. */
const threeSizes = words('size', { auto: 'auto', '1:1': '1024x1024', '3:2': '1536x1024', '2:3': '1024x1536' });

const shape: Rule = (value, draft) => {
  const { endpoint, input } = draft.job;
  if (endpoint.params.resolution === undefined) return threeSizes(value, draft);
  const ratio = String(value);
  if (ratio === 'empty' || ratio === 'auto') return draft.set('size', 'auto');
  const size = pixelsOf(ratio, String(input.resolution ?? '1k').toLowerCase());
  if (size === undefined) draft.refuse(`aspectRatio ${JSON.stringify(value)} is not offered there`);
  else draft.set('size', `${size.width}x${size.height}`);
};

/** Goes into the size, together with the shape; without a shape the model chooses both. */
const definition: Rule = (value, { job, refuse }) => {
  const { aspectRatio = 'empty' } = job.input;
  const isFree = aspectRatio === 'empty' || aspectRatio === 'auto';
  if (isFree && value !== '1k')
    refuse(`resolution ${JSON.stringify(value)} is not offered there without an aspectRatio`);
};

const background: Rule = (value, { set }) => {
  set('background', value);
  // Only these have an alpha channel.
  if (value === 'transparent') set('output_format', 'png');
};

const IMAGES: Mapping = {
  prompt: as('prompt'),
  imageUrls: files('image[]', 'blob'),
  size: as('size', (value) => String(value).replace('*', 'x')),
  aspectRatio: shape,
  resolution: definition,
  quality: as('quality'),
  background,
  inputFidelity: as('input_fidelity'),
};

/** Ids of characters in a prompt, each after an @. */
const withMentions: Rule = (value, { job, set, refuse }) => {
  const ids = Array.from(String(value).matchAll(/@(\d{19})(?!\d)/g), ([, id = '']) => id);
  for (const id of ids.filter((one) => job.elsewhere.includes(one)))
    refuse(`the character ${id} was made on another channel`);
  set(
    'prompt',
    String(value).replaceAll(/@(\d{19})(?!\d)/g, (_mention, id: string) => `@${job.upstreamIds[id] ?? id}`),
  );
};

/** The picture decides the size where the call does not. */
const firstFrame: Rule = (value, draft) => {
  file('input_reference', 'blob')(value, draft);
  const { input, media } = draft.job;
  if (input.size === undefined && input.aspectRatio === undefined) {
    draft.set('size', clipSize(input.resolution, media[draft.name]?.[0]));
  }
};

const VIDEOS: Mapping = {
  prompt: withMentions,
  duration: as('seconds', toText),
  size: as('size'),
  aspectRatio: words('size', { '16:9': '1280x720', '9:16': '720x1280' }),
  resolution: withOther,
  imageUrl: firstFrame,
  storyboard: absent(false),
};

const CHARACTERS: Mapping = { videoUrl: file('video', 'blob'), name: as('name') };

// "Audio: create speech", read 2026-11-22.
const MAX_SPOKEN_CHARS = 4_096;
const spoken: Rule = (value, { name, set, refuse }) => {
  const { length } = String(value);
  if (length > MAX_SPOKEN_CHARS) refuse(`${name} has ${length} characters; at most ${MAX_SPOKEN_CHARS} there`);
  else set('input', value);
};

/** A voice that nobody chose is the voice of the channel. */
const voice =
  (own: string): Rule =>
  (value, { job, name, set }) => {
    const param = job.endpoint.params[name];
    const isChosen = param?.type !== 'text' || param.default !== value;
    set('voice', isChosen ? (job.upstreamIds[String(value)] ?? value) : own);
  };

const speech = (own: string): Mapping => ({
  text: spoken,
  voice_id: voice(own),
  speed: as('speed'),
  volume: absent(1),
  pitch: absent(0),
  // The default stands for any voice; a mood that was asked for can only be described.
  emotion: (value, { job, set }) => {
    const param = job.endpoint.params.emotion;
    if (param?.type !== 'one-of' || param.default !== value) set('instructions', `Speak in a ${String(value)} mood.`);
  },
  enable_base64_output: absent(false),
  english_normalization: absent(false),
});

export const mappingOf = (op: Op, settings: { voice: string }): Mapping =>
  ({
    'images/generations': IMAGES,
    'images/edits': IMAGES,
    videos: VIDEOS,
    'videos/characters': CHARACTERS,
    'audio/speech': speech(settings.voice),
  })[op];

/** What every body of a call has. */
export function constantOf(op: Op, { route, endpoint, taskId, input }: Job): Body {
  const model: Record<string, Json> = { model: route.model };
  switch (op) {
    case 'images/generations':
    case 'images/edits':
      // The calls without a choice are those of the middle price.
      return endpoint.params.quality === undefined ? { ...model, quality: 'medium' } : model;
    case 'videos':
      return model;
    case 'videos/characters':
      return input.name === undefined ? { name: `character-${taskId}` } : {};
    case 'audio/speech':
      return { ...model, response_format: 'mp3' };
  }
}

const OPS: readonly Op[] = ['images/generations', 'images/edits', 'videos', 'videos/characters', 'audio/speech'];

/** Which call makes it. A route that its owner added may leave that to the kind of the endpoint. */
export function opOf({ route, endpoint }: Job): Op | undefined {
  if (route.op !== undefined) return OPS.find((op) => op === route.op);
  if (endpoint.task === 'text-to-speech') return 'audio/speech';
  if (endpoint.task === 'character-upload') return 'videos/characters';
  if (endpoint.output === 'video') return 'videos';
  if (endpoint.output !== 'image') return undefined;
  return endpoint.task === 'text-to-image' ? 'images/generations' : 'images/edits';
}
