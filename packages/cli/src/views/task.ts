import type { Task } from '@reelay/client';
import { showMoney } from '../money.ts';
import type { Fields } from '../output.ts';

const percent = (progress: number): string => `${Math.round(progress * 100)}%`;

/** Of lists. */
export const taskColumns: Fields<Task> = {
  id: ({ id }) => id,
  endpoint: ({ endpoint }) => endpoint,
  status: ({ status, progress }) => (status === 'running' ? `${status} ${percent(progress)}` : status),
  price: ({ price, charge }) => showMoney(charge ?? price),
  created: ({ createdAt }) => createdAt,
};

/** Everything that most people ask of a task. The rest is in `--json`. */
export const taskFields: Fields<Task> = {
  id: ({ id }) => id,
  endpoint: ({ endpoint }) => endpoint,
  status: ({ status }) => status,
  progress: ({ status, progress }) => (status === 'running' ? percent(progress) : ''),
  error: ({ error }) => (error === null ? '' : `${error.code}: ${error.message}`),
  output: ({ outputs }) => outputs.map(({ url, text }) => url ?? text ?? 'deleted').join('\n'),
  channel: ({ channel, isPreview }) => (channel !== null && isPreview ? `${channel} (a preview)` : (channel ?? '')),
  price: ({ price }) => showMoney(price),
  charge: ({ charge }) => (charge === null ? '' : showMoney(charge)),
  tags: ({ tags }) => tags.join(', '),
  'rerun of': ({ rerunOf }) => rerunOf ?? '',
  created: ({ createdAt }) => createdAt,
  ended: ({ endedAt }) => endedAt ?? '',
};
