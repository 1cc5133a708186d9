import type { MediaFile, RenderRequest } from './contract.ts';

/** What a request's files are there for, whatever its endpoint calls the parameters. */
export type Roles = {
  /** The clip begins with it. */
  readonly first: MediaFile | undefined;
  /** The clip ends with it. */
  readonly last: MediaFile | undefined;
  /** All pictures but the last frame, in order. */
  readonly pictures: readonly MediaFile[];
  readonly clips: readonly MediaFile[];
  readonly sounds: readonly MediaFile[];
  /** What an earlier task left, named by its id. */
  readonly session: readonly MediaFile[];
};

/** Tasks in which the first picture is a frame and not merely a likeness. */
const BEGINS_WITH_PICTURE = new Set(['image-to-video', 'start-end-to-video', 'audio-image-to-video', 'video-effect']);
const SESSION = 'sessionId';

/** Sorts files by what they are and by the few words that parameter names agree on: `first…` names the
 *  opening frame, whatever the task, `last…` and `end…` the closing one (`lastFrameUrl`, `lastImageUrl`,
 *  `endImageUrl`), `sessionId` an earlier task. */
export function toRoles(request: Pick<RenderRequest, 'media' | 'task'>): Roles {
  const named = Object.entries(request.media).flatMap(([name, files]) => files.map((file) => ({ name, file })));
  const isLast = (name: string): boolean => /^(last|end)[A-Z]/.test(name);
  const own = named.filter(({ name }) => name !== SESSION);
  const of = (kind: string) =>
    own.filter(({ file, name }) => file.facts.kind === kind && !isLast(name)).map(({ file }) => file);
  const pictures = of('image');
  const first = own.find(({ name, file }) => /^first[A-Z]/.test(name) && file.facts.kind === 'image')?.file;
  return {
    first: first ?? (BEGINS_WITH_PICTURE.has(request.task) ? pictures[0] : undefined),
    last: own.find(({ name, file }) => isLast(name) && file.facts.kind === 'image')?.file,
    pictures,
    clips: of('video'),
    sounds: of('audio'),
    session: (request.media[SESSION] ?? []).slice(),
  };
}
