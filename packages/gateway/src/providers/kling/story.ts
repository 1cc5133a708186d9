import type { Json } from '@reelay/catalog';
import { z } from 'zod';
import { as, type Draft, type Mapping, type Rule, withOther } from '../kit/body.ts';

// A video of several shots. Limits: Kling's API reference, `multi_prompt`.
const MAX_SHOTS = 6;
const MAX_SHOT_CHARS = 512;

const Whole = z.union([z.number(), z.string().regex(/^\d+$/).transform(Number)]).pipe(z.int().min(1));
const Shots = z
  .array(z.object({ index: Whole, prompt: z.string().min(1).max(MAX_SHOT_CHARS), duration: Whole }))
  .min(1)
  .max(MAX_SHOTS);

/** Where its caller cuts the shots, each has a prompt of its own, and the one of the whole is not read. */
const isCut = ({ multiShot, shotType }: Readonly<Record<string, Json>>): boolean =>
  multiShot === true && shotType !== 'intelligence';

const multiShot: Rule = (value, draft) => {
  const { job, set, refuse } = draft;
  set('multi_shot', value);
  if (value !== true) return;
  set('shot_type', isCut(job.input) ? 'customize' : 'intelligence');
  if (['lastImageUrl', 'endImageUrl'].some((name) => job.input[name] !== undefined)) {
    refuse('multiShot true is not offered there together with a last picture');
  }
  if (isCut(job.input)) cut(draft);
  else if (job.input.prompt === undefined) refuse('shotType "intelligence" needs a prompt there');
};

function cut({ job: { input }, set, refuse }: Draft): void {
  const shots = Shots.safeParse(input.multiPrompt);
  if (!shots.success) {
    refuse(
      `multiPrompt does not suit Kling: it takes 1 to ${MAX_SHOTS} shots, each with a whole index and duration and a prompt of at most ${MAX_SHOT_CHARS} characters`,
    );
    return;
  }
  const total = shots.data.reduce((sum, { duration }) => sum + duration, 0);
  if (total !== Number(input.duration)) {
    refuse(`multiPrompt is ${total} seconds long, and duration is ${String(input.duration)}: they must agree there`);
  }
  set(
    'multi_prompt',
    shots.data.map(({ index, prompt, duration }) => ({ index, prompt, duration: String(duration) })),
  );
}

export const STORY: Mapping = {
  prompt: (value, draft) => {
    if (!isCut(draft.job.input)) as('prompt')(value, draft);
  },
  multiShot,
  shotType: withOther,
  multiPrompt: withOther,
};
