// From words to a file: submit, ask until it ends, download.
import { save, submit, waitFor } from './client.mjs';

const prompt = process.argv[2] ?? 'A paper boat sails down a rain-washed gutter past glowing shop windows.';

const taskId = await submit('rhart-video-s-official/text-to-video', { prompt, size: '720x1280', duration: '4' });
console.log(`task ${taskId}`);
const [result] = await waitFor(taskId, (status) => console.log(status));
console.log(`saved ${await save(result, 'complete')}`);
