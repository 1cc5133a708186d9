import { z } from 'zod';
import { channelFields, channelName } from '../../channels/fields.ts';
import type { ChannelChange, ChannelService, NewChannel } from '../../contract/channel.ts';
import { GatewayError } from '../../contract/errors.ts';
import type { Scope } from '../../contract/key.ts';
import type { Caller } from '../../contract/task.ts';
import {
  NativeChannel,
  NativeChannelRoute,
  NativeCheck,
  NativeProvider,
  NativeProviderRoute,
  toNativeChannel,
  toNativeChannelRoute,
  toNativeCheck,
  toNativeProvider,
  toNativeProviderRoute,
} from './channel-view.ts';
import type { NativeApi } from './route.ts';

const channelParams = z.object({ id: z.string().describe('The id of the channel, or its name.') });
const routeParams = channelParams.extend({ '*': z.string().describe('The id of an endpoint, with its slashes.') });
const provider = z.string().min(1).max(100).describe('A kind of provider, as `/api/v1/providers` names them.');
const endpoint = z.string().max(200).default('*').describe('An id, in which `*` stands for any text.');
const account = z.string().max(100).optional().describe('In place of those of the gateway: what it brought.');
const yesOrNo = z.enum(['true', 'false']).default('false');

type Whose = { readonly account?: string | undefined };
/** What the requests of a door may say in their addresses. */
type Queries = {
  readonly plain: z.ZodType<Whose>;
  readonly remove: z.ZodType<Whose & { readonly force: 'true' | 'false' }>;
  readonly routes: z.ZodType<Whose & { readonly endpoint: string }>;
};
/** One kind of door: whose channels it leads to, and who may come in. */
type Door = {
  readonly base: string;
  readonly tag: string;
  readonly scope: Scope | 'admin';
  /** What comes before the name of an operation, such as `Own` in `listOwnChannels`. */
  readonly word: string;
  readonly whose: string;
  /** What every request may say beside its own query. */
  readonly queries: Queries;
  readonly fields: { readonly create: z.ZodType<NewChannel>; readonly change: z.ZodType<ChannelChange> };
  /** @throws {GatewayError} `forbidden` */
  readonly ownerOf: (caller: Caller, query: Whose) => string | null;
};

/** Channels of the gateway, and those that accounts brought, for administrators. */
export function nativeChannelRoutes(api: NativeApi, { channels }: { channels: ChannelService }): void {
  doorRoutes(api, channels, {
    base: '/api/v1/channels',
    tag: 'Channels',
    scope: 'admin',
    word: '',
    whose: 'of the gateway',
    queries: {
      plain: z.strictObject({ account }),
      remove: z.strictObject({ account, force: yesOrNo }),
      routes: z.strictObject({ account, endpoint }),
    },
    fields: {
      create: z.strictObject({ provider, name: channelName.optional(), ...channelFields }),
      change: z.strictObject(channelFields),
    },
    ownerOf: (_caller, { account }) => account ?? null,
  });
}

type OwnDeps = { readonly channels: ChannelService; readonly isAllowed: boolean };

/** Channels that the account of a key brought. What tasks cost there is not its own to say. */
export function nativeOwnChannelRoutes(api: NativeApi, { channels, isAllowed }: OwnDeps): void {
  const { priceFactor: _, ...fields } = channelFields;
  doorRoutes(api, channels, {
    base: '/api/v1/account/channels',
    tag: 'Account',
    scope: 'channels',
    word: 'Own',
    whose: 'of your account; only its tasks run there. The operator of the gateway decides whether there may be any',
    queries: {
      plain: z.strictObject({}),
      remove: z.strictObject({ force: yesOrNo }),
      routes: z.strictObject({ endpoint }),
    },
    fields: {
      create: z.strictObject({ provider, name: channelName.optional(), ...fields }),
      change: z.strictObject(fields),
    },
    ownerOf({ accountId }) {
      if (isAllowed) return accountId;
      throw new GatewayError('forbidden', 'this gateway takes no channels of accounts: REELAY_OWN_CHANNELS is off');
    },
  });
}

/** Which kinds of upstream there are. */
export function nativeProviderRoutes(api: NativeApi, { channels }: { channels: ChannelService }): void {
  api.add({
    id: 'listProviders',
    method: 'GET',
    url: '/api/v1/providers',
    tag: 'Channels',
    summary: 'Kinds of provider, and what a channel of each needs',
    scope: 'channels',
    answer: { status: 200, about: 'All of them.', schema: z.object({ items: z.array(NativeProvider) }) },
    handle: async () => ({ items: channels.listProviders().map(toNativeProvider) }),
  });
  api.add({
    id: 'listProviderRoutes',
    method: 'GET',
    url: '/api/v1/providers/:name/routes',
    tag: 'Channels',
    summary: 'What a kind of provider serves',
    description: 'Those that are gone, or will be, included.',
    scope: 'channels',
    params: z.object({ name: z.string() }),
    query: z.strictObject({ endpoint }),
    answer: { status: 200, about: 'Its routes.', schema: z.object({ items: z.array(NativeProviderRoute) }) },
    async handle({ params: { name }, query }) {
      const routes = channels.listProviderRoutes({ provider: name, ...query });
      if (routes === undefined) throw new GatewayError('not_found', `no provider ${name}`);
      return { items: routes.map(toNativeProviderRoute) };
    },
  });
}

function doorRoutes(api: NativeApi, channels: ChannelService, door: Door): void {
  const { base, tag, scope, word, whose, fields, ownerOf } = door;
  const own = { tag, scope, query: door.queries.plain } as const;
  const One = { status: 200, about: 'The channel.', schema: NativeChannel } as const;
  api.add({
    ...own,
    id: `list${word}Channels`,
    method: 'GET',
    url: base,
    summary: `Channels ${whose.split(';')[0]}`,
    description: 'With their health, what they have to do, and what they spent. Credentials are hidden.',
    answer: { status: 200, about: 'All of them, by name.', schema: z.object({ items: z.array(NativeChannel) }) },
    async handle({ caller, query }) {
      return { items: (await channels.list({ accountId: ownerOf(caller, query) })).map(toNativeChannel) };
    },
  });
  api.add({
    ...own,
    id: `create${word}Channel`,
    method: 'POST',
    url: base,
    summary: 'Make a channel',
    description: `It is ${whose}.`,
    body: fields.create,
    answer: { ...One, status: 201 },
    async handle({ caller, query, body, reply }) {
      const made = await channels.create({ accountId: ownerOf(caller, query), channel: body });
      reply.header('location', `${base}/${made.id}`);
      return toNativeChannel(made);
    },
  });
  api.add({
    ...own,
    id: `get${word}Channel`,
    method: 'GET',
    url: `${base}/:id`,
    summary: 'A channel',
    params: channelParams,
    answer: One,
    handle: async ({ caller, query, params: { id } }) =>
      toNativeChannel(await channels.get({ accountId: ownerOf(caller, query), id })),
  });
  api.add({
    ...own,
    id: `update${word}Channel`,
    method: 'PATCH',
    url: `${base}/:id`,
    summary: 'Change a channel, or switch it on or off',
    description:
      'What is left out stays; of credentials, settings and routes, null takes one away. Whatever is said puts a channel back into use that was `off` or `resting`.',
    params: channelParams,
    body: fields.change,
    answer: { ...One, about: 'The channel as it is now.' },
    handle: async ({ caller, query, params: { id }, body }) =>
      toNativeChannel(await channels.update({ accountId: ownerOf(caller, query), id, change: body })),
  });
  actionRoutes(api, channels, door);
}

function actionRoutes(api: NativeApi, channels: ChannelService, door: Door): void {
  const { base, tag, scope, word, ownerOf } = door;
  const own = { tag, scope } as const;
  const Routes = z.object({ items: z.array(NativeChannelRoute) });
  api.add({
    ...own,
    id: `delete${word}Channel`,
    method: 'DELETE',
    url: `${base}/:id`,
    summary: 'Delete a channel',
    description:
      'While tasks are under way there it answers `409`, unless `force` gives them up: they end as `outcome_unknown`.',
    params: channelParams,
    query: door.queries.remove,
    answer: { status: 204, about: 'It is gone.' },
    handle: ({ caller, query, params: { id } }) =>
      channels.remove({ accountId: ownerOf(caller, query), id, force: query.force === 'true' }),
  });
  api.add({
    ...own,
    id: `test${word}Channel`,
    method: 'POST',
    url: `${base}/:id/test`,
    summary: 'Ask the upstream whether the credentials work',
    description: 'Spends nothing. A channel that was `off` is in use again if they do.',
    params: channelParams,
    query: door.queries.plain,
    answer: { status: 200, about: 'What it said.', schema: NativeCheck },
    async handle({ caller, query, params: { id }, request }) {
      const gone = new AbortController();
      request.raw.socket.once('close', () => gone.abort());
      return toNativeCheck(await channels.check({ accountId: ownerOf(caller, query), id, signal: gone.signal }));
    },
  });
  api.add({
    ...own,
    id: `list${word}ChannelRoutes`,
    method: 'GET',
    url: `${base}/:id/routes`,
    summary: 'What a channel serves, and what not',
    params: channelParams,
    query: door.queries.routes,
    answer: { status: 200, about: 'Its routes.', schema: Routes },
    async handle({ caller, query, params: { id } }) {
      const routes = await channels.listRoutes({ accountId: ownerOf(caller, query), id, endpoint: query.endpoint });
      return { items: routes.map(toNativeChannelRoute) };
    },
  });
  api.add({
    ...own,
    id: `switch${word}ChannelRoute`,
    method: 'PUT',
    url: `${base}/:id/routes/*`,
    summary: 'Switch an endpoint of a channel on or off',
    description: 'On also brings back what was switched off because its model was gone.',
    params: routeParams,
    query: door.queries.plain,
    body: z.strictObject({ isOn: z.boolean() }),
    answer: { status: 200, about: 'Its routes for the endpoint.', schema: Routes },
    async handle({ caller, query, params, body: { isOn } }) {
      const one = { accountId: ownerOf(caller, query), id: params.id, endpoint: params['*'] };
      return { items: (await channels.switchRoute({ ...one, isOn })).map(toNativeChannelRoute) };
    },
  });
}
