import type {
  Account,
  Asset,
  Attempt,
  Channel,
  ChannelCheck,
  ChannelRoute,
  Key,
  Money,
  ProviderKind,
  Resource,
  Task,
  Transfer,
  Usage,
  WebhookDelivery,
  WebhookEndpoint,
  WebhookSecrets,
} from '@reelay/client';
import { expectTypeOf, test } from 'vitest';
import type * as accounts from '../../gateway/src/api/native/account-view.ts';
import type { NativeAsset } from '../../gateway/src/api/native/asset-view.ts';
import type * as channels from '../../gateway/src/api/native/channel-view.ts';
import type { Money as NativeMoney } from '../../gateway/src/api/native/money.ts';
import type { NativeResource } from '../../gateway/src/api/native/resources.ts';
import type { NativeAttempt, NativeTask } from '../../gateway/src/api/native/task-view.ts';
import type * as webhooks from '../../gateway/src/api/native/webhook-view.ts';

/** What a schema of the server writes. */
type Written<S extends { _zod: { output: unknown } }> = S['_zod']['output'];

// `npm run check` fails where the server does not write what our types promise; at run time there are no types.
test('what the server writes is what our types say', () => {
  expectTypeOf<Written<typeof NativeMoney>>().toExtend<Money>();
  expectTypeOf<Written<typeof NativeTask>>().toExtend<Task>();
  expectTypeOf<Written<typeof NativeAttempt>>().toExtend<Attempt>();
  expectTypeOf<Written<typeof channels.NativeChannel>>().toExtend<Channel>();
  expectTypeOf<Written<typeof channels.NativeChannelRoute>>().toExtend<ChannelRoute>();
  expectTypeOf<Written<typeof channels.NativeCheck>>().toExtend<ChannelCheck>();
  expectTypeOf<Written<typeof channels.NativeProvider>>().toExtend<ProviderKind>();
  expectTypeOf<Written<typeof webhooks.NativeEndpoint>>().toExtend<WebhookEndpoint>();
  expectTypeOf<Written<typeof webhooks.NativeSecrets>>().toExtend<WebhookSecrets>();
  expectTypeOf<Written<typeof webhooks.NativeDelivery>>().toExtend<WebhookDelivery>();
  expectTypeOf<Written<typeof NativeResource>>().toExtend<Resource>();
  expectTypeOf<Written<typeof NativeAsset>>().toExtend<Asset>();
  expectTypeOf<Written<typeof accounts.NativeAccount>>().toExtend<Account>();
  expectTypeOf<Written<typeof accounts.NativeKey>>().toExtend<Key>();
  expectTypeOf<Written<typeof accounts.NativeTransfer>>().toExtend<Transfer>();
  expectTypeOf<Written<typeof accounts.NativeUsage>>().toExtend<Usage>();
});
