import { catalog } from '@reelay/catalog';
import { expect, test } from 'vitest';
import type { Provider } from '../providers/provider.ts';
import { type Channel, createChannels } from './channels.ts';

const provider = (name: string): Provider => ({
  name,
  submitIsRepeatable: false,
  submit: async () => null,
  poll: async () => ({ state: 'pending' }),
});
const channel = (name: string, serves: Channel['serves']): Channel => ({ name, provider: provider(name), serves });

const [sora, kling] = ['rhart-video-s-official/text-to-video-pro', 'kling-v2.6-pro/text-to-video'].map((id) => {
  const endpoint = catalog.get(id);
  if (endpoint === undefined) throw new Error(`no endpoint ${id}`);
  return endpoint;
});

test('the first channel that serves the endpoint is chosen, and the reason is told', () => {
  const own = channel('own', ({ family }) => family === kling?.family);
  const preview = channel('preview', () => true);
  const channels = createChannels([own, preview]);
  if (sora === undefined || kling === undefined) throw new Error('unreachable');
  expect(channels.choose(kling)).toEqual({ channel: own, reason: 'first in order that serves it' });
  expect(channels.choose(sora)).toEqual({ channel: preview, reason: 'no other channel serves it' });
  expect(createChannels([own]).choose(sora)).toBeUndefined();
});

test('a channel is found by the name that a task was stored with', () => {
  const preview = channel('preview', () => true);
  expect(createChannels([preview]).get('preview')).toBe(preview);
  expect(createChannels([preview]).get('removed')).toBeUndefined();
});
