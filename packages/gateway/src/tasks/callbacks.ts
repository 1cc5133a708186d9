import { createHmac, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import type { Channels } from '../channels/channels.ts';
import type { CallbackRequest, CallbackService } from '../contract/callback.ts';
import { GatewayError } from '../contract/errors.ts';
import type { Log } from '../contract/log.ts';
import { type Clock, withTimeout } from '../lib/clock.ts';
import { parseJson } from '../lib/lossless-json.ts';
import type { Db } from '../store/db.ts';
import { getTask } from '../store/tasks.ts';
import { isTerminal } from './state.ts';
import type { Alarms } from './waiting.ts';

/** How long a signature may take to verify: keys of an upstream may have to be fetched for it. */
const VERIFY_TIMEOUT_MS = 10_000;
/** Enough to be guessed by nobody, and short in an address. */
const SIGNATURE_CHARS = 32;

/** The addresses at which upstreams reach us, one for each task and channel. */
export type CallbackAddresses = {
  /** Undefined where nobody on the internet can reach us. */
  addressOf(p: { channel: string; taskId: string }): string | undefined;
  isOurs(p: { channel: string; taskId: string; signature: string }): boolean;
};

/** @param p.origin under which upstreams reach us. */
export function createCallbackAddresses(p: { secret: Buffer; origin: () => string | undefined }): CallbackAddresses {
  const sign = (channel: string, taskId: string): string =>
    createHmac('sha256', p.secret).update(`callback\n${channel}\n${taskId}`).digest('hex').slice(0, SIGNATURE_CHARS);
  return {
    addressOf({ channel, taskId }) {
      const origin = p.origin();
      if (origin === undefined) return undefined;
      return `${origin}/callbacks/${encodeURIComponent(channel)}/${taskId}/${sign(channel, taskId)}`;
    },
    isOurs({ channel, taskId, signature }) {
      const [given, expected] = [Buffer.from(signature), Buffer.from(sign(channel, taskId))];
      return given.length === expected.length && timingSafeEqual(given, expected);
    },
  };
}

type Deps = {
  readonly db: Db;
  readonly addresses: Pick<CallbackAddresses, 'isOurs'>;
  readonly channels: Pick<Channels, 'get'>;
  readonly alarms: Pick<Alarms, 'wake'>;
  readonly clock: Clock;
  readonly log: Log;
};

/** Some upstreams ask before they call: whoever sends the word back wants the calls (MiniMax, Feishu's habit). */
const Challenge = z.object({ challenge: z.union([z.string(), z.number()]).transform(String) });

export const createCallbackService = (deps: Deps): CallbackService => ({
  async receive({ channel, taskId, signature, request }) {
    if (!deps.addresses.isOurs({ channel, taskId, signature })) throw new GatewayError('not_found', 'not found');
    const challenge = Challenge.safeParse(bodyOf(request));
    if (challenge.success) return challenge.data;
    const task = await getTask(deps.db, taskId);
    // Called again after the end, or by a channel that has lost the task: there is nothing to do, and no reason to repeat.
    if (task === undefined || isTerminal(task.status)) return {};
    const verdict = await verify(deps, channel, request);
    const fields = { taskId, accountId: task.account_id, channel };
    if (verdict === 'forged') {
      deps.log.warn(fields, 'a callback was not signed by its upstream');
      throw new GatewayError('forbidden', 'Forbidden: the signature of this call is wrong');
    }
    deps.log.debug({ ...fields, verdict }, 'the upstream called');
    deps.alarms.wake(taskId);
    return {};
  },
});

function bodyOf({ body }: CallbackRequest): unknown {
  try {
    return parseJson(body.toString('utf8'));
  } catch {
    return undefined;
  }
}

/** A hint where it cannot be told: the task is only asked for once more. */
async function verify(deps: Deps, name: string, request: CallbackRequest): Promise<'genuine' | 'hint' | 'forged'> {
  const channel = await deps.channels.get(name);
  const check = channel?.provider.verifyCallback;
  if (check === undefined) return 'hint';
  const bounds = { ms: VERIFY_TIMEOUT_MS, signal: new AbortController().signal };
  return withTimeout(deps.clock, bounds, async (signal) => check(request, signal)).catch((err: unknown) => {
    deps.log.warn({ err, channel: name }, 'the signature of a callback could not be checked');
    return 'hint' as const;
  });
}
