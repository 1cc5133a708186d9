import { isMediaAddress, type Json, type MediaSlot, mediaParams, type Task } from '@reelay/catalog';
import { z } from 'zod';
import type { JobFile } from '../../contract/asset.ts';
import { parseJson } from '../../lib/lossless-json.ts';
import { type BodyPart, FileUse } from '../kit/media.ts';
import { Id } from '../kit/upstream.ts';
import type { Job } from '../provider.ts';

/** The upstream's body is the body of our own call: only files and ids of earlier results have other names there. */
export function toRelayBody(job: Job): Record<string, BodyPart> {
  const slots = new Map(mediaParams(job.endpoint).map((slot) => [slot.name, slot]));
  return Object.fromEntries(
    Object.entries(job.input).map(([name, value]): [string, BodyPart] => {
      const slot = slots.get(name);
      return [name, slot === undefined || isId(job, slot, value) ? withIds(job, value) : withFiles(job, slot, value)];
    }),
  );
}

/** A plain text that is no address names an earlier result. One that was made elsewhere is sent as its file. */
const isId = ({ elsewhere, media }: Job, { name, mayBeId }: MediaSlot, value: Json): boolean => {
  if (mayBeId !== true || typeof value !== 'string' || isMediaAddress(value)) return false;
  return !(elsewhere.includes(value) && (media[name] ?? []).length > 0);
};

function withFiles({ media }: Job, { name, field }: MediaSlot, value: Json): BodyPart {
  const files = media[name] ?? [];
  const place = (item: Json, file: JobFile | undefined): BodyPart => {
    if (file === undefined) return item;
    const use = new FileUse(file);
    return field === undefined || !isObject(item) ? use : { ...item, [field]: use };
  };
  return Array.isArray(value) ? value.map((item, index) => place(item, files[index])) : place(value, files[0]);
}

const isObject = (value: Json): value is { [key: string]: Json } =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Ids stand alone, in objects, and in prompts behind an @. */
function withIds({ upstreamIds }: Job, value: Json): Json {
  if (Object.keys(upstreamIds).length === 0) return value;
  const translate = (part: Json): Json => {
    if (Array.isArray(part)) return part.map(translate);
    if (isObject(part)) return Object.fromEntries(Object.entries(part).map(([key, one]) => [key, translate(one)]));
    if (typeof part !== 'string') return part;
    const whole = upstreamIds[part];
    return whole ?? part.replaceAll(/@(\d{19})(?!\d)/g, (_mention, id: string) => `@${upstreamIds[id] ?? id}`);
  };
  return translate(value);
}

/** Ids of results that the upstream cannot know, and whose files it cannot be given in their place. */
export function unknownThere(job: Job): string[] {
  const inFiles = mediaParams(job.endpoint).flatMap(({ name, mayBeId }) => {
    const value = job.input[name];
    return mayBeId === true && typeof value === 'string' && (job.media[name] ?? []).length > 0 ? [value] : [];
  });
  return job.elsewhere.filter((id) => !inFiles.includes(id));
}

/** What the caller chose to call the result. */
export function chosenName({ endpoint, input }: Job): string | undefined {
  const names = Object.entries(endpoint.params).map(([name, param]) =>
    param.type === 'text' && param.namesResult === true ? input[name] : undefined,
  );
  return names.find((name): name is string => typeof name === 'string' && name !== '');
}

/** What answers the id of what it made in words, by which later requests name it. */
const ANSWERS_AN_ID: ReadonlySet<Task> = new Set<Task>([
  'element-create',
  'face-identify',
  'character-upload',
  'media-upload',
  'voice-design',
  'text-to-speech',
]);
export const answersAnId = ({ endpoint }: Job): boolean => ANSWERS_AN_ID.has(endpoint.task);

const ID_MEMBERS = ['element_id', 'session_id', 'sessionId', 'voice_id', 'media_asset_id', 'audio_id', 'id'];
const Words = z.record(z.string(), z.unknown());

/** The id in such an answer: all of it, or a member of an object. */
export function idIn(words: string): string | undefined {
  const bare = words.trim();
  if (/^[\w.:-]{1,128}$/.test(bare)) return bare;
  const { data } = Words.safeParse(parseOrNothing(bare));
  return ID_MEMBERS.flatMap((name) => Id.safeParse(data?.[name]).data ?? [])[0];
}

function parseOrNothing(text: string): unknown {
  try {
    return parseJson(text);
  } catch {
    return undefined;
  }
}
