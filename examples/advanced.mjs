// The price first, an upload, several tasks at once, errors told apart, and no task left behind at Ctrl-C.
import { cancel, post, ReelayError, save, submit, upload, waitFor } from './client.mjs';

const [picture = 'picture.png', ...rest] = process.argv.slice(2);
const prompts = rest.length > 0 ? rest : ['Snow falls on it.', 'The same in the last light of an evening.'];
const endpoint = 'seedream-v4/image-to-image';

const imageUrl = await upload(picture);
const bodies = prompts.map((prompt) => ({ prompt, imageUrls: [imageUrl], resolution: '1k' }));

const prices = await Promise.all(bodies.map((body) => post(`/openapi/v2/price-preview/${endpoint}`, body)));
const total = prices.reduce((sum, { estimatedPrice }) => sum + estimatedPrice, 0);
console.log(`${bodies.length} pictures, ${total.toFixed(2)} CNY at the hosted platform's prices`);

const running = new Set();
process.on('SIGINT', async () => {
  await Promise.allSettled([...running].map(cancel));
  process.exit(130);
});

async function make(body, name) {
  try {
    const taskId = await submit(endpoint, body);
    running.add(taskId);
    const [result] = await waitFor(taskId);
    running.delete(taskId);
    return `saved ${await save(result, name)}`;
  } catch (error) {
    if (!(error instanceof ReelayError)) throw error;
    // 1007: the request is wrong, and stays wrong. 1003, 1006, 1010: the same request may work later.
    const isPassing = ['1003', '1006', '1010'].includes(error.code);
    return `${isPassing ? 'try again later' : 'refused'}: ${error.message}`;
  }
}

const ends = await Promise.all(bodies.map((body, index) => make(body, `advanced-${index + 1}`)));
for (const end of ends) console.log(end);

// What is wrong is said at once, all of it.
await submit(endpoint, { resolution: '7k' }).catch((error) => console.log(`as expected: ${error.message}`));
