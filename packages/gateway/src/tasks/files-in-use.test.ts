import { Readable } from 'node:stream';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createShelf } from '../assets/shelf.ts';
import { pngBytes } from '../assets/testing/media.ts';
import { OWNER } from './testing/house.ts';
import { type Scene, setScene } from './testing/scene.ts';

const ENDPOINT = 'rhart-video-v3.1-pro/image-to-video';
const { accountId } = OWNER;

let scene: Scene;
beforeEach(async () => {
  scene = await setScene();
});
afterEach(() => scene.close());

const picture = pngBytes({ widthPx: 720, heightPx: 1_280 });
const store = () => scene.house.assets.store({ accountId, stream: Readable.from([picture]), maxBytes: 1_000_000 });
const submit = (imageUrl: string) =>
  scene.house.tasks.submit({
    caller: OWNER,
    endpoint: ENDPOINT,
    body: { prompt: 'a boat', imageUrl, duration: '8', resolution: '720p', aspectRatio: '9:16' },
  });
const remove = (id: string) => createShelf(scene.house).remove({ accountId, id });
const list = async (taskId: string) =>
  (await createShelf(scene.house).list({ query: { accountId, taskId }, limit: 9 })).items;

test('a file cannot be deleted from under a task that waits for it, and can once the task has ended', async () => {
  const { id } = await store();
  const task = await submit(`asset://${id}`);
  expect((await list(task.id)).map((asset) => asset.id)).toEqual([id]);
  await expect(remove(id)).rejects.toMatchObject({ code: 'conflict' });
  await scene.house.tasks.cancel({ caller: OWNER, taskId: task.id });
  await remove(id);
  expect(await scene.house.assets.get(id)).toBeUndefined();
});

test('a task has the file that was fetched for it and the file that it made; deleted, its result has no address', async () => {
  scene.upstream.files.set('a.png', picture);
  const { id: taskId } = await submit(`${scene.upstream.url}/files/a.png`);
  await scene.runToEnd(taskId);
  const files = await list(taskId);
  expect(files.map(({ origin }) => origin).toSorted()).toEqual(['output', 'upload']);
  expect((await scene.house.view(taskId)).outputs).toMatchObject([{ url: expect.stringContaining('/files/asset_') }]);
  for (const { id } of files) await remove(id);
  expect(await scene.house.view(taskId)).toMatchObject({ status: 'succeeded', outputs: [{ url: null, text: null }] });
});

test('a file that is deleted between its look-up and the commit is no longer stored, and nothing is submitted', async () => {
  const { house } = scene;
  const { id } = await store();
  const get = house.assets.get.bind(house.assets);
  house.assets.get = async (wanted) => {
    const asset = await get(wanted);
    if (asset !== undefined) await remove(id);
    return asset;
  };
  await expect(submit(`asset://${id}`)).rejects.toMatchObject({
    code: 'invalid_input',
    message: `the file ${id} is no longer stored`,
  });
  expect(await house.db.read({ sql: 'select id from tasks', parameters: [] })).toEqual([]);
});
