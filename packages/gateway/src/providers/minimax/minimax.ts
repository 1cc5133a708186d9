import { readFile } from 'node:fs/promises';
import type { Json } from '@reelay/catalog';
import { z } from 'zod';
import { acceptEnded, type Ended, endedOf, releaseSpooled } from '../kit/at-once.ts';
import { type Mapped, mapInput } from '../kit/body.ts';
import { costOfUnits } from '../kit/cost.ts';
import { toEnding } from '../kit/ending.ts';
import { asNumber, FileUse, toForm, withFiles } from '../kit/media.ts';
import { type Call, createUpstream, type Upstream } from '../kit/upstream.ts';
import type { Accepted, Job, Progress, Provider } from '../provider.ts';
import type { ProviderDeps, ProviderType } from '../provider-type.ts';
import { RouteTable } from '../route.ts';
import { CALLS, type MinimaxCall } from './mapping.ts';
import routes from './routes.json' with { type: 'json' };
import { Cloned, Created, Designed, failed, faultOf, Retrieved, Sound, toNews, Uploaded, Video } from './wire.ts';

const Handle = z.object({ jobId: z.string() });
/** A result that its caller wants as text. */
const AsText = z.object({ isText: z.literal(true) });

/** A song takes one to three minutes. */
const SUBMIT_TIMEOUT_MS = 400_000;
/** A quarter of an hour of speech, in hexadecimal digits. */
const MAX_SOUND_BYTES = 64 * 1024 ** 2;

type Plan = Mapped & { readonly path: string; readonly answers: MinimaxCall['answers'] };

/** A route says the path of the call, and behind a question mark what its body always holds. */
function planOf(job: Job): Plan {
  const [path = '', constants = ''] = (job.route.op ?? '').split('?');
  const call = CALLS[path];
  if (call === undefined) return { path, answers: 'job', body: {}, reasons: [`MiniMax has no call ${path}`] };
  const constant = {
    ...(call.takesModel === true ? { model: job.route.model } : {}),
    ...call.constant,
    ...Object.fromEntries(new URLSearchParams(constants)),
  };
  return { path, answers: call.answers, ...mapInput(job, call.mapping, constant) };
}

function create({ credentials, settings, canBeReached, spool, dispatcher }: ProviderDeps): Provider {
  const { apiKey = '' } = credentials;
  const { baseUrl = '', groupId = '' } = settings;
  const upstream = withGroup(
    createUpstream({
      baseUrl,
      authorize: () => ({ authorization: `Bearer ${apiKey}` }),
      faultOf,
      secrets: [apiKey],
      dispatcher,
    }),
    groupId,
  );
  const callOf = (path: string, json: Json): Call => ({ method: 'POST', path, json, maxAnswerBytes: MAX_SOUND_BYTES });
  const sounds = createSounds(spool);
  return {
    name: 'minimax',
    submitIsRepeatable: false,
    submitTimeoutMs: SUBMIT_TIMEOUT_MS,
    refuses: (job) => planOf(job).reasons,
    async submit(job, signal) {
      const { path, answers, body } = planOf(job);
      const json = await withFiles(body, { canBeReached });
      if (answers === 'sound')
        return sounds.made(job, await upstream.create(callOf(path, json), Sound, signal), signal);
      if (answers === 'design') {
        return sounds.designed(job, await upstream.create(callOf(path, json), Designed, signal), signal);
      }
      if (answers === 'clone') {
        const { audio: [sample] = [] } = job.media;
        if (sample === undefined) return acceptEnded(failed('there is no sound to clone a voice from', 'media'));
        const form = await toForm({ purpose: 'voice_clone', file: new FileUse(sample, 'blob') }, { canBeReached });
        const { file } = await upstream.read({ method: 'POST', path: '/v1/files/upload', form }, Uploaded, signal);
        const named = await withFiles({ ...body, file_id: asNumber(file.file_id) }, { canBeReached });
        return acceptEnded(toClone(job, await upstream.create(callOf(path, named), Cloned, signal)));
      }
      const callback = job.callbackUrl === undefined ? {} : { callback_url: job.callbackUrl };
      const { task_id } = await upstream.create(callOf(path, { ...json, ...callback }), Created, signal);
      return { handle: { jobId: task_id } };
    },
    async poll(stored, signal) {
      const ended = endedOf(stored);
      if (ended === undefined) return pollVideo(upstream, Handle.parse(stored).jobId, signal);
      return AsText.safeParse(stored).success ? toText(ended) : ended;
    },
    // A callback is not signed. That somebody listens is proved where callbacks arrive.
    verifyCallback: async () => 'hint',
    async check(signal) {
      await upstream.read(callOf('/v1/get_voice', { voice_type: 'voice_cloning' }), z.unknown(), signal);
    },
    release: releaseSpooled(spool),
  };
}

/** Keys of the first days belong to a group, which every call must name. */
function withGroup(upstream: Upstream, groupId: string): Upstream {
  if (groupId === '') return upstream;
  const named = (call: Call): Call => ({ ...call, query: { ...call.query, GroupId: groupId } });
  return {
    create: (call, schema, signal) => upstream.create(named(call), schema, signal),
    read: (call, schema, signal) => upstream.read(named(call), schema, signal),
    createRaw: (call, signal) => upstream.createRaw(named(call), signal),
    readRaw: (call, signal) => upstream.readRaw(named(call), signal),
  };
}

/** The only thing that a query says of a job is its id: where that is not valid, there is no such job any more. */
function toEndingOfQuery(error: unknown): ReturnType<typeof toEnding> {
  const ending = toEnding(error);
  if (ending.code !== 'invalid_input') return ending;
  return { ...ending, code: 'generation_failed', message: `MiniMax knows the job no more: ${ending.message}` };
}

/** A job that is done names a file, and the file is asked for an address, which is a new one each time. */
async function pollVideo(upstream: Upstream, jobId: string, signal: AbortSignal): Promise<Progress> {
  const query = { method: 'GET', path: '/v1/query/video_generation', query: { task_id: jobId } } as const;
  const answer = await upstream.read(query, Video, signal).catch(toEndingOfQuery);
  const news = 'state' in answer ? answer : toNews(answer);
  if (news === 'pending') return { state: 'pending' };
  if ('state' in news) return news;
  const retrieve = { method: 'GET', path: '/v1/files/retrieve', query: { file_id: news.fileId } } as const;
  const retrieved = await upstream.read(retrieve, Retrieved, signal).catch(toEnding);
  if ('state' in retrieved) return retrieved;
  return { state: 'succeeded', outputs: [{ kind: 'url', url: retrieved.file.download_url }] };
}

type Sounds = {
  made(job: Job, answer: z.infer<typeof Sound>, signal: AbortSignal): Promise<Accepted>;
  designed(job: Job, answer: z.infer<typeof Designed>, signal: AbortSignal): Promise<Accepted>;
};

/** Results that come with the answer, as an address or as hexadecimal digits. */
function createSounds(spool: ProviderDeps['spool']): Sounds {
  const keep = async (job: Job, hex: string, signal: AbortSignal) => {
    const bytes = Buffer.from(hex, 'hex');
    if (bytes.length === 0 || bytes.length * 2 !== hex.length) return undefined;
    return spool.save({ taskId: job.taskId, position: 0, extension: 'mp3', bytes, signal });
  };
  return {
    async made(job, { data, extra_info: extra }, signal) {
      const audio = data?.audio ?? '';
      const spoken = extra?.usage_characters;
      const cost = typeof spoken === 'number' ? { cost: costOfUnits(spoken, 'characters', undefined) } : {};
      if (/^https?:/.test(audio)) {
        return acceptEnded({ state: 'succeeded', outputs: [{ kind: 'url', url: audio }], ...cost });
      }
      const file = await keep(job, audio, signal);
      if (file === undefined) return acceptEnded({ ...failed('MiniMax made no sound'), ...cost });
      const isText = job.input.enable_base64_output === true ? { isText: true } : {};
      return acceptEnded({ state: 'succeeded', outputs: [file], ...cost }, { spooledFor: job.taskId, ...isText });
    },
    async designed(job, { voice_id: upstreamId, trial_audio: hex }, signal) {
      const file = await keep(job, hex ?? '', signal);
      if (file === undefined) return acceptEnded(failed('MiniMax made no sound of the voice'));
      return acceptEnded({ state: 'succeeded', outputs: [file], upstreamId }, { spooledFor: job.taskId });
    },
  };
}

/** The voice is called as its caller wanted; later speech names it so. */
function toClone(job: Job, { demo_audio: url, input_sensitive: isRefused }: z.infer<typeof Cloned>): Ended {
  if (isRefused === true) return failed('MiniMax refuses what the voice was to say', 'moderation');
  if (!url) return failed('MiniMax made no sound of the voice');
  const upstreamId = String(job.input.custom_voice_id);
  return { state: 'succeeded', outputs: [{ kind: 'url', url }], upstreamId };
}

async function toText(ended: Ended): Promise<Progress> {
  if (ended.state === 'failed') return ended;
  const outputs = ended.outputs.map(async (output) =>
    output.kind === 'file' ? ({ kind: 'text', text: await readFile(output.path, 'base64') } as const) : output,
  );
  return { ...ended, outputs: await Promise.all(outputs) };
}

export const minimax: ProviderType = {
  name: 'minimax',
  title: 'MiniMax',
  credentials: [
    {
      name: 'apiKey',
      env: 'MINIMAX_API_KEY',
      about: 'The API key of platform.minimax.io, or of platform.minimaxi.com.',
    },
  ],
  settings: [
    {
      name: 'baseUrl',
      env: 'MINIMAX_BASE_URL',
      about: 'https://api.minimaxi.com for keys of the Chinese site.',
      default: 'https://api.minimax.io',
    },
    {
      name: 'groupId',
      env: 'MINIMAX_GROUP_ID',
      about: 'The GroupId of the account, which only old keys need.',
      isOptional: true,
    },
  ],
  routes: RouteTable.parse(routes),
  create,
};
