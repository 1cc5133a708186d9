import { z } from 'zod';

// What the wire says, as strict shapes: a member too many is as wrong as one too few. The published examples are held
// against the same shapes where they lie beside the checkout (`scripts/check-wire.ts`).

/** Integers travel as the strings of their digits, ids too. */
const id = z.string().regex(/^\d{19}$/);
const clientId = z.string().regex(/^[0-9a-f]{32}$/);
const decimal = z.string().regex(/^-?\d+(\.\d+)?$/);
const count = z.string().regex(/^\d+$/);
const localTime = z.string().regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/);
const json = (schema: z.ZodType) =>
  z.string().refine((text) => schema.safeParse(JSON.parse(text)).success, 'is not the JSON that it should hold');
const url = z.url();

/** The older generation, and management calls. `errorMessages` is null where it is there at all. */
const legacy = <C extends number>(code: C, msg: string | z.ZodType<string>, data: z.ZodType) =>
  z.strictObject({
    code: z.literal(code),
    msg: typeof msg === 'string' ? z.literal(msg) : msg,
    errorMessages: z.null().optional(),
    data,
  });
const success = (data: z.ZodType) => legacy(0, 'success', data);

const usage = z.strictObject({
  thirdPartyConsumeMoney: decimal.nullable(),
  consumeMoney: decimal.nullable(),
  consumeCoins: count.nullable(),
  taskCostTime: count,
});
const output = z.strictObject({
  fileUrl: url,
  fileType: z.string().regex(/^[a-z0-9]+$/),
  nodeId: z.string(),
  ...usage.shape,
  taskCostTime: z.union([count, z.number()]),
});
/** Of a graph, what its node threw; of a model, its word and its message; of a canceled task, nothing. */
const failedReason = z.looseObject({ exception_type: z.string().optional(), exception_message: z.string().optional() });
export const OUTPUTS = {
  made: success(z.array(output).min(1)),
  empty: success(z.array(output).length(0)),
  queued: legacy(813, 'APIKEY_TASK_IS_QUEUED', z.null()),
  running: legacy(804, 'APIKEY_TASK_IS_RUNNING', z.strictObject({ netWssUrl: z.string().nullable() })),
  failed: legacy(805, 'APIKEY_TASK_STATUS_ERROR', z.strictObject({ failedReason })),
} as const;

export const LEGACY = {
  done: success(z.null()),
  /** Only the number counts there, and both words were seen. */
  resent: legacy(0, z.enum(['', 'success']), z.null()),
  status: success(z.enum(['QUEUED', 'RUNNING', 'SUCCESS', 'FAILED'])),
  notPositive: legacy(301, 'taskId must be positive', z.null()),
  invalid: legacy(301, z.string().min(1), z.null()),
  unauthorized: legacy(802, 'APIKEY_UNAUTHORIZED', z.null()),
  notFound: legacy(807, 'APIKEY_TASK_NOT_FOUND', z.null()),
  notCancelable: legacy(817, 'APIKEY_TASK_CANCEL_NOT_ALLOWED', z.null()),
  tooLarge: legacy(809, 'APIKEY_FILE_SIZE_EXCEEDED', z.null()),
  unreadable: legacy(808, 'APIKEY_UPLOAD_FAILED', z.null()),
  noWebhook: legacy(1, 'webhook event not exists', z.null()),
  wrongPath: legacy(412, 'TOKEN_INVALID', z.null()),
  file: success(
    z.strictObject({ fileName: z.string().regex(/^api\/[0-9a-f]{64}\.[a-z0-9]+$/), fileType: z.literal('input') }),
  ),
  lora: success(z.strictObject({ fileName: z.string().regex(/^api-lora-cn\/[0-9a-f]{32}\.safetensors$/), url })),
  webhook: success(
    z.strictObject({
      id,
      userApiKey: z.string().regex(/\*/),
      taskId: id,
      webhookUrl: url,
      event: z.literal('TASK_END'),
      eventData: json(z.looseObject({})),
      callbackStatus: z.enum(['SUCCESS', 'FAILED']),
      callbackResponse: z.string(),
      retryCount: z.number(),
      createTime: localTime,
      updateTime: localTime,
    }),
  ),
  account: success(
    z.strictObject({
      remainCoins: decimal,
      currentTaskCounts: count,
      remainMoney: decimal.nullable(),
      currency: z.enum(['CNY', 'USD']).nullable(),
      apiType: z.string(),
    }),
  ),
} as const;

const tips = z.union([
  z.literal(''),
  json(
    z.strictObject({
      result: z.boolean(),
      error: z.null(),
      outputs_to_execute: z.array(z.string()),
      node_errors: z.looseObject({}),
    }),
  ),
]);
const result = z.strictObject({
  url: url.nullable(),
  nodeId: z.string().nullable().optional(),
  outputType: z.string().regex(/^[a-z0-9]+$/),
  text: z.string().nullable().optional(),
});
const accepted = {
  taskId: id,
  status: z.enum(['QUEUED', 'RUNNING', 'SUCCESS']),
  errorCode: z.literal(''),
  errorMessage: z.literal(''),
  results: z.array(result).nullable(),
  clientId,
  promptTips: tips,
};
const queried = {
  clientId: clientId.optional(),
  promptTips: tips.optional(),
  usage: usage.nullable().optional(),
  failedReason: z.looseObject({}).nullable().optional(),
};
/** A refusal of the flat shape. What else it carries is null. */
const refused = (code: string, taskId: z.ZodType<string> = z.literal('')) =>
  z.strictObject({
    taskId,
    status: z.literal(''),
    errorCode: z.literal(code),
    errorMessage: z.string().min(1),
    results: z.null(),
  });
const waiting = (status: string) =>
  z.strictObject({ ...accepted, ...queried, status: z.literal(status), results: z.null() });
const failed = (code: string | z.ZodType<string>) =>
  z.strictObject({
    taskId: id,
    status: z.literal('FAILED'),
    errorCode: typeof code === 'string' ? z.literal(code) : code,
    errorMessage: z.string().min(1),
    results: z.null(),
    ...queried,
  });
const made = z.strictObject({ ...accepted, ...queried, status: z.literal('SUCCESS'), results: z.array(result).min(1) });

export const V2 = {
  accepted: z.strictObject(accepted),
  queued: waiting('QUEUED'),
  running: waiting('RUNNING'),
  made,
  failed: failed('1015'),
  refusedContent: failed('1501'),
  canceled: failed('805'),
  /** Of a graph; here for the published example. */
  failedNode: failed('1000'),
  unauthorized: refused('1002'),
  notAllowed: refused('1014'),
  invalid: refused('1007'),
  invalidId: refused('1007', z.string()),
  unknownTask: refused('1004', id),
  unknownPath: refused('1001'),
  wrongMethod: refused('1009'),
} as const;

const price = {
  estimatedPrice: z.number(),
  currency: z.string(),
  priceText: z.string(),
  priceTextEn: z.string(),
  freeLimit: z.boolean(),
  freeLimitCount: z.number(),
  remainingFreeLimitCount: z.number(),
  isFreeThisCall: z.boolean(),
};
export const PRICE = {
  told: z.strictObject({ errorCode: z.literal(''), errorMessage: z.literal(''), ...price }),
  unauthorized: z.looseObject({ errorCode: z.literal('1002'), errorMessage: z.string().min(1) }),
  invalid: z.looseObject({ errorCode: z.literal('1007'), errorMessage: z.string().min(1) }),
  unknownPath: z.looseObject({ errorCode: z.literal('1001'), errorMessage: z.string().min(1) }),
} as const;

/** Uploads answer with both spellings of the message. */
const upload = (code: number, message: z.ZodType<string>, data: z.ZodType) =>
  z
    .strictObject({ code: z.literal(code), message, msg: message, data })
    .refine(({ message: one, msg }) => one === msg, 'message and msg differ');
export const UPLOAD = {
  done: upload(
    0,
    z.literal('success'),
    z
      .strictObject({
        type: z.enum(['image', 'video', 'audio', 'zip', 'file']),
        download_url: url,
        fileName: z.string().regex(/^openapi\/[0-9a-f]{64}\.[a-z0-9]+$/),
        filename: z.string(),
        size: count,
      })
      .refine(({ fileName, filename }) => fileName === filename, 'fileName and filename differ'),
  ),
  unauthorized: upload(401, z.string().regex(/ApiKey verification failed/), z.null()),
  invalid: upload(1007, z.string().min(1), z.null()),
} as const;

const groupId = z.string().min(1);
const group = z.strictObject({ groupId, name: z.string(), description: z.string() });
const counted = z.strictObject({ ...group.shape, assetCount: z.number() });
const assetId = z.string().min(1);
const status = z.enum(['PROCESSING', 'ACTIVE', 'FAILED']);
const assetType = z.enum(['Image', 'Video', 'Audio']);
const listed = z.strictObject({ assetId, groupId, name: z.string(), assetType, status, previewUrl: url.nullable() });
const page = (item: z.ZodType) => success(z.strictObject({ items: z.array(item), totalCount: z.number() }));
const version = z.strictObject({
  id: z.string(),
  version: z.string(),
  versionResourceName: z.string(),
  baseModel: z.string().nullable(),
  baseModelSubtype: z.string().nullable(),
  triggerWords: z.string().nullable(),
  desc: z.string().nullable(),
  posterInfos: z.array(
    z.strictObject({ posterUrl: url, thumbnailUrl: url, imageWidth: z.number(), imageHeight: z.number() }),
  ),
});
/** Refusals say it under both names: some clients look for the one, some for the other. */
const managedRefusal = (code: number, msg: z.ZodType<string>) =>
  z.strictObject({ ...legacy(code, msg, z.null()).shape, message: msg });
export const MANAGED = {
  unauthorized: managedRefusal(401, z.string().regex(/ApiKey verification failed/i)),
  invalid: managedRefusal(1007, z.string().min(1)),
  notFound: managedRefusal(1004, z.string().min(1)),
  created: success(z.strictObject({ assetId, status })),
  asset: success(z.strictObject({ assetId, status, assetType, previewUrl: url.nullable(), name: z.string() })),
  assets: page(listed),
  renamed: success(z.strictObject({ assetId, name: z.string(), status })),
  deleted: success(z.null()),
  group: success(group),
  countedGroup: success(counted),
  groups: page(counted),
  queue: success(
    z.strictObject({
      apiKeyType: z.string(),
      concurrentLimit: z.number(),
      runningCount: count,
      queuedCount: count,
      totalCurrentTasks: count,
      instanceCount: z.union([z.number(), count]).optional(),
    }),
  ),
  keys: success(
    z.array(
      z.strictObject({
        key: z.string().regex(/\*/),
        apiKeyName: z.string(),
        status: z.number(),
        quotaLimit: z.number().nullable(),
        quotaUsed: z.number(),
        visible: z.boolean(),
        expireAt: z.string().nullable(),
        expireInMinute: z.number().nullable(),
        createdAt: localTime,
      }),
    ),
  ),
  resources: success(
    z.strictObject({
      records: z.array(
        z.strictObject({
          id: z.string(),
          resourceName: z.string(),
          resourceType: z.enum(['CHECKPOINT', 'UNET', 'LORA', 'GGUF']),
          createTime: localTime,
          desc: z.string().nullable(),
          nodeModelName: z.string(),
          posterUrl: url.nullable(),
          thumbnailUrl: url.nullable(),
          owner: z.strictObject({ name: z.string(), avatar: z.string().nullable() }),
          tags: z.array(z.strictObject({ id: z.union([z.string(), z.number()]), name: z.string() })),
          versions: z.array(version),
        }),
      ),
      size: z.number(),
      current: z.number(),
      total: z.number(),
      pages: z.number(),
      hasNext: z.boolean(),
      hasPrevious: z.boolean(),
    }),
  ),
} as const;
