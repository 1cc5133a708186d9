import { type ClientOptions, createHttp } from './http.ts';
import { createAccount } from './resources/account.ts';
import { createAccounts } from './resources/accounts.ts';
import { createAssets } from './resources/assets.ts';
import { createAudit } from './resources/audit.ts';
import { createChannels } from './resources/channels.ts';
import { createDeposits } from './resources/deposits.ts';
import { createEvents } from './resources/events.ts';
import { createKeys } from './resources/keys.ts';
import { createResources } from './resources/resources.ts';
import { createTasks } from './resources/tasks.ts';
import { createUploads } from './resources/uploads.ts';
import { createUsage } from './resources/usage.ts';
import { createWebhooks } from './resources/webhooks.ts';

/** Reelay's own API, `/api/v1`. Every call takes an `AbortSignal` and is bounded without one; GETs, and POSTs that are
 *  safe to repeat, are tried again. Opens no connection by itself.
 *  @throws {ReelayError} `invalid_input` for an address or a key that cannot be used. */
export function createClient(options: ClientOptions) {
  const http = createHttp(options);
  // A resource is a file of its own and a line here.
  return {
    tasks: createTasks(http),
    events: createEvents(http),
    assets: createAssets(http),
    uploads: createUploads(http),
    account: createAccount(http),
    accounts: createAccounts(http),
    keys: createKeys(http),
    channels: createChannels(http),
    webhooks: createWebhooks(http),
    resources: createResources(http),
    deposits: createDeposits(http),
    usage: createUsage(http),
    audit: createAudit(http),
  };
}

export type Client = ReturnType<typeof createClient>;
