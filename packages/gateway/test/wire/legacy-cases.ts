import type { z } from 'zod';
import { type Case, get, keyRefusals, post } from './cases.ts';
import { type Fate, KEY } from './names.ts';
import { LEGACY, OUTPUTS } from './shapes.ts';

/** A read of the older generation, in all its forms. */
const legacyRead = (name: string, fate: Fate, shape: z.ZodType, examples: readonly string[] = []): Case[] => [
  {
    name: `${name} of a task that is ${fate}`,
    request: ({ tasks }) => post(`/task/openapi/${name}`, { apiKey: KEY, taskId: tasks[fate] }, { key: null }),
    shape,
    examples,
  },
  {
    name: `${name} of a task that is ${fate}, with GET`,
    request: ({ tasks }) => get(`/task/openapi/${name}?apiKey=${KEY}&taskId=${tasks[fate]}`, { key: null }),
    shape,
  },
  {
    name: `${name} of a task that is ${fate}, below /api`,
    request: ({ tasks }) => post(`/api/task/openapi/${name}`, { taskId: tasks[fate] }),
    shape,
  },
];

/** What a call that names a task refuses. */
const taskRefusals = (path: string, example?: string): Case[] => [
  {
    name: `${path}: an unknown task`,
    request: ({ unknownTask }) => post(path, { taskId: unknownTask }),
    shape: LEGACY.notFound,
    ...(example === undefined ? {} : { examples: [example] }),
  },
  {
    name: `${path}: another account's task`,
    request: ({ tasks, strangerKey }) => post(path, { apiKey: strangerKey, taskId: tasks.picture }, { key: null }),
    shape: LEGACY.notFound,
  },
  ...['0', '-5', 'abc', 1.5, '', null].map(
    (taskId): Case => ({
      name: `${path}: the id ${JSON.stringify(taskId)}`,
      request: () => post(path, { taskId }),
      // What is not there at all is told apart from what is wrong.
      shape: taskId === '' || taskId === null ? LEGACY.invalid : LEGACY.notPositive,
    }),
  ),
];

// biome-ignore format: a list of paths
const LEGACY_PATHS = [
  '/task/openapi/status', '/task/openapi/outputs', '/task/openapi/cancel', '/task/openapi/getWebhookDetail',
  '/task/openapi/retryWebhook', '/api/openapi/getLoraUploadUrl', '/uc/openapi/accountStatus',
] as const;
const photo = () => new Blob([Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex')]);

/** The older generation. */
export const legacyCases: readonly Case[] = [
  ...LEGACY_PATHS.flatMap((path) => keyRefusals(path, 'POST', LEGACY.unauthorized)),
  ...legacyRead('status', 'queued', LEGACY.status, ['task.openapi.status#main']),
  ...legacyRead('status', 'running', LEGACY.status),
  ...legacyRead('status', 'picture', LEGACY.status),
  ...legacyRead('status', 'canceled', LEGACY.status),
  ...taskRefusals('/task/openapi/status', 'task.openapi.status#unknown'),
  {
    name: 'an id that is a number of 19 digits',
    request: ({ tasks }) => ({ method: 'POST', path: '/task/openapi/status', text: `{"taskId":${tasks.picture}}` }),
    shape: LEGACY.status,
  },
  { ...zeroId(), examples: ['task.openapi.status#zero id'] },
  ...legacyRead('outputs', 'picture', OUTPUTS.made, [
    'task.openapi.outputs#main',
    'task.openapi.outputs#tolerated GET form',
  ]),
  ...legacyRead('outputs', 'words', OUTPUTS.made),
  ...legacyRead('outputs', 'silence', OUTPUTS.empty, ['task.openapi.outputs#finished without files']),
  ...legacyRead('outputs', 'queued', OUTPUTS.queued, ['task.openapi.outputs#queued']),
  ...legacyRead('outputs', 'running', OUTPUTS.running, ['task.openapi.outputs#running']),
  ...legacyRead('outputs', 'failed', OUTPUTS.failed, ['task.openapi.outputs#failed in a node']),
  ...legacyRead('outputs', 'refused', OUTPUTS.failed),
  ...legacyRead('outputs', 'canceled', OUTPUTS.failed, ['task.openapi.outputs#cancelled']),
  ...taskRefusals('/task/openapi/outputs', 'task.openapi.outputs#unknown task'),
  ...taskRefusals('/task/openapi/cancel', 'task.openapi.cancel#unknown'),
  ...(['picture', 'failed', 'canceled'] as const).map(
    (fate): Case => ({
      name: `cancel of a task that is ${fate}`,
      request: ({ tasks }) => post('/task/openapi/cancel', { apikey: KEY, taskId: tasks[fate] }, { key: null }),
      shape: LEGACY.notCancelable,
      examples: ['task.openapi.cancel#already finished'],
    }),
  ),
  {
    name: 'getWebhookDetail',
    request: ({ tasks }) => post('/task/openapi/getWebhookDetail', { apiKey: KEY, taskId: tasks.picture }),
    shape: LEGACY.webhook,
    examples: ['task.openapi.getWebhookDetail#main'],
  },
  {
    name: 'getWebhookDetail of a task that has none yet',
    request: ({ tasks }) => post('/task/openapi/getWebhookDetail', { apiKey: KEY, taskId: tasks.running }),
    shape: LEGACY.noWebhook,
    examples: ['task.openapi.getWebhookDetail#no webhook on this task'],
  },
  {
    name: 'retryWebhook',
    request: ({ webhookId }) => post('/task/openapi/retryWebhook', { apiKey: KEY, webhookId }),
    shape: LEGACY.resent,
    examples: ['task.openapi.retryWebhook#main'],
  },
  {
    name: 'retryWebhook of nothing',
    request: ({ unknownTask }) => post('/task/openapi/retryWebhook', { apiKey: KEY, webhookId: unknownTask }),
    shape: LEGACY.noWebhook,
  },
  ...(['apikey', 'apiKey'] as const).map(
    (spelling): Case => ({
      name: `accountStatus with ${spelling}`,
      request: () => post('/uc/openapi/accountStatus', { [spelling]: KEY }, { key: null }),
      shape: LEGACY.account,
      examples: ['main', 'consumer key', 'other spelling of the key field'].map(
        (one) => `uc.openapi.accountStatus#${one}`,
      ),
    }),
  ),
  {
    name: 'getLoraUploadUrl',
    request: () =>
      post('/api/openapi/getLoraUploadUrl', {
        apiKey: KEY,
        loraName: 'ink',
        md5Hex: '0cc175b9c0f1b6a831c399e269772661',
      }),
    shape: LEGACY.lora,
    examples: ['api.openapi.getLoraUploadUrl#main'],
  },
  {
    name: 'getLoraUploadUrl without the digest',
    request: () => post('/api/openapi/getLoraUploadUrl', { apiKey: KEY, loraName: 'ink' }),
    shape: LEGACY.invalid,
  },
  {
    name: 'upload',
    request: ({ received }) => ({
      method: 'POST',
      path: '/task/openapi/upload',
      form: { apiKey: KEY, fileType: 'input', file: new Blob([`words ${received.length}`]) },
      key: null,
    }),
    shape: LEGACY.file,
    examples: ['task.openapi.upload#main'],
  },
  {
    name: 'upload of a picture that cannot be read',
    request: () => ({ method: 'POST', path: '/task/openapi/upload', form: { apiKey: KEY, file: photo() }, key: null }),
    shape: LEGACY.unreadable,
  },
  { name: 'a wrong path', request: () => post('/task/openapi/nothing', {}), shape: LEGACY.wrongPath },
];

function zeroId(): Case {
  return {
    name: 'the id zero, as the examples send it',
    request: () => post('/task/openapi/status', { apiKey: KEY, taskId: '0' }),
    shape: LEGACY.notPositive,
  };
}

/** Last, because they end what other rows look at. */
export const endings: readonly Case[] = (['running', 'queued'] as const).map((fate) => ({
  name: `cancel of a task that is ${fate}`,
  request: ({ tasks }) => post('/task/openapi/cancel', { apiKey: KEY, taskId: tasks[fate] }, { key: null }),
  shape: LEGACY.done,
  examples: ['task.openapi.cancel#main'],
}));
