import { describe, expect, test } from 'vitest';
import type { TaskView } from '../contract/task.ts';
import { toNativeTask } from './native/task-view.ts';
import { createTaskView } from './testing/services.ts';
import { createWebhookRenderer, toEventData } from './webhook-bodies.ts';

const AT_MS = Date.UTC(2026, 0, 2, 3, 4, 30, 5);
const outputs = [{ url: 'https://reelay.test/files/a.mp4?signature=1', text: null, extension: 'mp4' }];
const done = (surface: TaskView['surface']) =>
  createTaskView({ surface, status: 'succeeded', endedAtMs: AT_MS, outputs, chargeMicros: 200_000, channel: 'vendor' });
const failed = (surface: TaskView['surface']) =>
  createTaskView({
    surface,
    status: 'failed',
    endedAtMs: AT_MS,
    error: { code: 'generation_failed', message: 'out of memory' },
  });
const render = (task: TaskView, eventData: 'object' | 'string' = 'object', to: 'task' | 'endpoint' = 'task') =>
  JSON.parse(
    createWebhookRenderer({ eventData, canceledStatus: 'CANCEL' })({
      to,
      type: `task.${task.status}`,
      atMs: AT_MS,
      task,
    }),
  );

const WORDS = { canceledStatus: 'CANCEL' } as const;

describe('a legacy task', () => {
  test('carries the answer of outputs as a text, in which the seconds are a number', () => {
    const { event, taskId, eventData } = render(done('legacy'));
    expect([event, taskId, typeof eventData]).toEqual(['TASK_END', '2100000000000000101', 'string']);
    expect(JSON.parse(eventData)).toEqual({
      code: 0,
      msg: 'success',
      data: [
        {
          fileUrl: outputs[0]?.url,
          fileType: 'mp4',
          taskCostTime: 0,
          nodeId: '1',
          consumeCoins: null,
          consumeMoney: null,
          thirdPartyConsumeMoney: '0.2',
        },
      ],
    });
  });

  test('that failed carries 805', () => {
    expect(JSON.parse(render(failed('legacy')).eventData)).toEqual({
      code: 805,
      msg: 'APIKEY_TASK_STATUS_ERROR',
      data: { failedReason: { exception_type: 'generation_failed', exception_message: 'out of memory' } },
    });
  });
});

describe('a v2 task', () => {
  test('carries the answer of query, as it is or as a text', () => {
    const expected = {
      taskId: '2100000000000000101',
      status: 'SUCCESS',
      errorCode: '',
      errorMessage: '',
      results: [{ url: outputs[0]?.url, nodeId: null, outputType: 'mp4', text: null }],
      usage: { thirdPartyConsumeMoney: '0.2', consumeMoney: null, consumeCoins: null, taskCostTime: '0' },
    };
    const { eventData, ...rest } = render(done('v2'));
    expect(rest).toEqual({ event: 'TASK_END', taskId: '2100000000000000101' });
    expect(eventData).toMatchObject(expected);
    const asText = render(done('v2'), 'string').eventData;
    expect(typeof asText).toBe('string');
    expect(JSON.parse(asText)).toEqual(eventData);
  });

  test('that was canceled says so as query does', () => {
    const canceled = createTaskView({ surface: 'v2', status: 'canceled', endedAtMs: AT_MS });
    expect(render(canceled).eventData).toMatchObject({ status: 'CANCEL', errorCode: '805' });
    expect(JSON.parse(toEventData(canceled, { canceledStatus: 'FAILED' }))).toMatchObject({ status: 'FAILED' });
  });

  test('that failed says why', () => {
    expect(render(failed('v2')).eventData).toMatchObject({
      status: 'FAILED',
      errorCode: '1015',
      errorMessage: expect.stringContaining('out of memory'),
    });
  });
});

test('a task of our own API, and an endpoint whatever the API, hear an event with the task', () => {
  const task = done('v2');
  const expected = { type: 'task.succeeded', timestamp: '2026-01-02T03:04:30.005Z', data: toNativeTask(task) };
  expect(render(task, 'object', 'endpoint')).toEqual(expected);
  expect(render(done('native'))).toEqual({ ...expected, data: toNativeTask(done('native')) });
});

test('a test has no task', () => {
  const body = createWebhookRenderer({ eventData: 'object', canceledStatus: 'FAILED' })({
    to: 'endpoint',
    type: 'webhook.test',
    atMs: AT_MS,
    task: undefined,
  });
  expect(JSON.parse(body)).toMatchObject({ type: 'webhook.test', data: { message: expect.any(String) } });
});

test('what getWebhookDetail shows is what was sent, as a text', () => {
  expect(toEventData(done('legacy'), WORDS)).toBe(render(done('legacy')).eventData);
  expect(toEventData(done('v2'), WORDS)).toBe(render(done('v2'), 'string').eventData);
  expect(JSON.parse(toEventData(done('native'), WORDS))).toEqual(render(done('native')));
});
