import { absent, as, type Mapped, type Mapping, mapInput, type Rule } from '../kit/body.ts';
import { FileUse } from '../kit/media.ts';
import type { Job } from '../provider.ts';

// Limits: World Labs' API reference, read 2026-11-22.
const MAX_TAGS = 10;
const MAX_TAG_CHARS = 32;

/** The rows have lists as texts, with commas or lines between. */
const itemsOf = (value: unknown): string[] =>
  String(value)
    .split(/[,\n]/)
    .map((item) => item.trim())
    .filter((item) => item !== '');

const list =
  (path: string): Rule =>
  (value, { set }) =>
    set(path, itemsOf(value));

const tags: Rule = (value, { name, set, refuse }) => {
  const items = itemsOf(value);
  const long = items.find((item) => [...item].length > MAX_TAG_CHARS);
  if (items.length > MAX_TAGS) refuse(`${name} may have at most ${MAX_TAGS} items there`);
  if (long !== undefined) refuse(`${name} ${JSON.stringify(long)} has more than ${MAX_TAG_CHARS} characters`);
  set('tags', items);
};

/** A file, or the id that an earlier upload was given.
 *  @param hostedAs the id of the file, where it was uploaded for this job. */
const source =
  (path: string, hostedAs: string | undefined): Rule =>
  (value, { job, name, set, refuse }) => {
    const id = String(value);
    const known = hostedAs ?? job.upstreamIds[id];
    const [file] = job.media[name] ?? [];
    if (known !== undefined) set(path, { source: 'media_asset', media_asset_id: known });
    else if (file !== undefined) set(path, { source: 'uri', uri: new FileUse(file, 'url') });
    else if (job.elsewhere.includes(id)) refuse(`${name} ${JSON.stringify(value)} was made on another channel`);
    else set(path, { source: 'media_asset', media_asset_id: id });
  };

const MAPPING: Mapping = {
  prompt: as('world_prompt.text_prompt'),
  textPrompt: as('world_prompt.text_prompt'),
  disableRecaption: as('world_prompt.disable_recaption'),
  isPano: as('world_prompt.is_pano', (value) => String(value)),
  // The row has no pictures that could be put together.
  reconstructImages: absent(false),
  displayName: as('display_name'),
  seed: as('seed'),
  permissionPublic: as('permission.public'),
  permissionAllowIdAccess: as('permission.allow_id_access'),
  permissionAllowedReaders: list('permission.allowed_readers'),
  permissionAllowedWriters: list('permission.allowed_writers'),
  tags,
};

/** What a world of each kind cannot be made without. A row of several pictures has none, so its text is all there is. */
const NEEDED: Readonly<Record<string, readonly [param: string, why: string]>> = {
  text: ['prompt', 'a world of words needs a prompt there'],
  image: ['imageUrl', 'a world of a picture needs imageUrl there'],
  'multi-image': ['textPrompt', 'without pictures, which the row does not have, textPrompt is needed there'],
  video: ['videoUrl', 'a world of a clip needs videoUrl there'],
};

/** The body that starts a world. The operation of the route ends in the kind of the world.
 *  @param hostedAs what the upstream calls the file, where it was uploaded. */
export function planWorld(job: Job, hostedAs?: string): Mapped {
  const kind = job.route.op?.split(' ').at(-1) ?? '';
  const type = kind === 'multi-image' ? 'text' : kind;
  const mapping: Mapping = {
    ...MAPPING,
    imageUrl: source('world_prompt.image_prompt', hostedAs),
    videoUrl: source('world_prompt.video_prompt', hostedAs),
  };
  const { body, reasons } = mapInput(job, mapping, { model: job.route.model, world_prompt: { type } });
  const [param = '', why = `World Labs makes no ${kind} worlds`] = NEEDED[kind] ?? [];
  const value = job.input[param];
  const isMissing = value === undefined || value === null || value === '';
  return { body, reasons: isMissing ? [why, ...reasons] : reasons };
}

/** The parameter of an upload that holds the file. */
const FILE_OF: Readonly<Record<string, string>> = { image: 'imageUrl', video: 'videoUrl' };

/** The request for a place to put a file. */
export function planUpload(job: Job): Mapped {
  const wanted = FILE_OF[String(job.input.kind)] ?? '';
  const other: Rule = (_value, { name, refuse }) => {
    if (name !== wanted) refuse(`${name} does not go with kind ${JSON.stringify(job.input.kind)}`);
  };
  const [file] = job.media[wanted] ?? [];
  const mapping: Mapping = {
    fileName: as('file_name'),
    kind: as('kind'),
    extension: as('extension'),
    imageUrl: other,
    videoUrl: other,
  };
  const { body, reasons } = mapInput(job, mapping, file === undefined ? {} : { extension: file.facts.format });
  return { body, reasons: file === undefined ? [`there is no file: ${wanted} is missing`, ...reasons] : reasons };
}

/** The file that an upload is for. */
export const fileToUpload = (job: Job) => job.media[FILE_OF[String(job.input.kind)] ?? '']?.[0];
