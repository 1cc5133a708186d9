import type { Json } from '@reelay/catalog';
import { ERRORS } from '../contract/errors.ts';
import { STATUSES } from '../contract/task.ts';

type Schema = { readonly [key: string]: Json };

const text = (description: string): Schema => ({ type: 'string', description });
const nullable = (type: string, description: string): Schema => ({ type: [type, 'null'], description });
const instant = (description: string): Schema => ({ type: ['string', 'null'], format: 'date-time', description });
const object = (properties: Record<string, Json>, description?: string): Schema => ({
  type: 'object',
  required: Object.keys(properties),
  properties,
  ...(description === undefined ? {} : { description }),
});
const ref = (name: string): Schema => ({ $ref: `#/components/schemas/${name}` });
const V2_CODES = [...new Set(Object.values(ERRORS).map(({ v2 }) => v2))].sort();

const flat = {
  taskId: text('19 digits; empty on a refused submit.'),
  status: { type: 'string', enum: ['QUEUED', 'RUNNING', 'SUCCESS', 'FAILED', ''] },
  errorCode: text(`Empty when there is no error, else one of ${V2_CODES.join(', ')}.`),
  errorMessage: text('Empty when there is no error.'),
  results: { type: ['array', 'null'], items: ref('Result'), description: 'Null until the task succeeded.' },
};
const clientId = text('32 hexadecimal digits.');
const promptTips = text('JSON in a string: what a graph validator would say of the task.');

/** The answers of the compatible surfaces and of our own. Refusals leave out `clientId` and what follows it. */
export const SCHEMAS: Record<string, Schema> = {
  Result: object({
    url: nullable('string', 'Signed, expiring address of the file.'),
    nodeId: nullable('string', 'Null for model tasks.'),
    outputType: text('File extension: mp4, png, txt, …'),
    text: nullable('string', 'The answer of a text model.'),
  }),
  SubmitAnswer: { ...object(flat), properties: { ...flat, clientId, promptTips } },
  QueryAnswer: {
    ...object(flat),
    properties: {
      ...flat,
      status: {
        type: 'string',
        enum: [...flat.status.enum, 'CANCEL'],
        description: 'A canceled task is FAILED, or CANCEL where the operator wants that.',
      },
      clientId,
      promptTips,
      failedReason: { type: ['object', 'null'] },
      usage: {
        type: ['object', 'null'],
        description: 'Null until the task succeeded. Money is a decimal number in a string.',
        properties: {
          thirdPartyConsumeMoney: nullable('string', 'What the call cost.'),
          consumeMoney: nullable('string', 'Null for model tasks.'),
          consumeCoins: nullable('string', 'Null for model tasks.'),
          taskCostTime: text('Seconds of machine time; 0 for model tasks.'),
        },
      },
    },
  },
  PriceAnswer: object({
    errorCode: flat.errorCode,
    errorMessage: flat.errorMessage,
    estimatedPrice: { type: 'number', description: 'In whole units of the currency.' },
    currency: text('CNY, or USD for an account in dollars.'),
    priceText: text('In Chinese.'),
    priceTextEn: text('In English.'),
    freeLimit: { type: 'boolean' },
    freeLimitCount: { type: 'integer' },
    remainingFreeLimitCount: { type: 'integer' },
    isFreeThisCall: { type: 'boolean' },
  }),
  UploadAnswer: object({
    code: { type: 'integer', description: '0 when the file is stored.' },
    message: text('success, or what is wrong.'),
    msg: text('The same.'),
    data: {
      type: ['object', 'null'],
      properties: {
        type: { type: 'string', enum: ['image', 'video', 'audio', 'file'] },
        download_url: text('Signed, expiring address: the value for media parameters.'),
        fileName: text('openapi/<sha256>.<extension>'),
        filename: text('The same.'),
        size: text('Bytes, in a string.'),
      },
    },
  }),
  LegacyAnswer: object({
    code: { type: 'integer', description: '0, 804 (runs), 813 (waits), or an error.' },
    msg: text('success, or the identifier of the code.'),
    errorMessages: { type: 'null' },
    data: { description: 'What was asked for; null for errors.' },
  }),
  Task: object({
    id: text('19 digits.'),
    endpoint: text('The path below /openapi/v2/.'),
    status: { type: 'string', enum: [...STATUSES] },
    progress: { type: 'number', minimum: 0, maximum: 1 },
    channel: nullable('string', 'Where the task runs or ran.'),
    isPreview: { type: 'boolean', description: 'Made by the embedded preview renderer; costs nothing.' },
    clientId,
    error: {
      type: ['object', 'null'],
      properties: { code: ref('ErrorCode'), message: { type: 'string' }, retryable: { type: 'boolean' } },
    },
    outputs: {
      type: 'array',
      items: object({
        url: nullable('string', 'Signed, expiring address.'),
        text: nullable('string', 'The answer of a text model.'),
        extension: { type: 'string' },
      }),
    },
    price: object({
      micros: { type: 'integer', description: 'Millionths of the currency.' },
      currency: { type: 'string' },
    }),
    createdAt: instant('When the task was accepted.'),
    startedAt: instant('When it left the queue for the first time.'),
    endedAt: instant('When it ended.'),
    attempts: {
      type: 'array',
      items: object({
        number: { type: 'integer', minimum: 1 },
        channel: { type: 'string' },
        outcome: nullable('string', 'Null while it runs.'),
        error: { type: ['object', 'null'], properties: { code: { type: 'string' }, message: { type: 'string' } } },
        startedAt: instant('When the attempt began.'),
        acceptedAt: instant('When the provider took the job.'),
        endedAt: instant('When the attempt ended.'),
      }),
    },
  }),
  ErrorCode: { type: 'string', enum: Object.keys(ERRORS) },
  Problem: {
    ...object({
      type: { type: 'string', format: 'uri' },
      title: { type: 'string' },
      status: { type: 'integer' },
      detail: { type: 'string' },
      code: ref('ErrorCode'),
      retryable: { type: 'boolean', description: 'Whether the same request may work later.' },
    }),
    description: 'RFC 9457.',
  },
  Health: object({
    status: { type: 'string', const: 'ok' },
    version: { type: 'string' },
    uptimeSeconds: { type: 'integer' },
  }),
};
