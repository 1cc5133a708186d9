// A progress bar: /openapi/v2/query tells the status, /api/v1/tasks/<id> also how far it is.
import { inspect, save, submit, waitFor } from './client.mjs';

const WIDTH = 30;
const draw = (progress, status) => {
  const done = Math.round(progress * WIDTH);
  process.stdout.write(
    `\r[${'█'.repeat(done)}${' '.repeat(WIDTH - done)}] ${Math.round(progress * 100)}% ${status}   `,
  );
};

const prompt = process.argv[2] ?? 'A lighthouse at night, waves below, slow orbit.';
const taskId = await submit('rhart-video-s-official/text-to-video-pro', { prompt, size: '1280x720', duration: '4' });
const results = await waitFor(taskId, async (status) => {
  const { progress } = await inspect(taskId);
  draw(progress, status);
});
draw(1, 'done');
console.log(`\nsaved ${await save(results[0], 'progress')}`);
