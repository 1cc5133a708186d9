// A client of the RunningHub API as somebody would write it from the API's description alone: plain fetch, and nothing
// that only this server has. Prints one JSON object that says what it met.
// Usage: client.mjs <base url> <key> v2|legacy
import { once } from 'node:events';
import { createServer } from 'node:http';
import { buffer, json } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';

const [base, key, generation] = process.argv.slice(2);
const TIMEOUT_MS = 60_000;
const POLL_MS = 100;

const calls = [];
let onCall = () => {};
const receiver = createServer(async (request, response) => {
  calls.push({ path: request.url, body: await json(request) });
  response.end('ok');
  onCall();
}).listen(0, '127.0.0.1');
await once(receiver, 'listening');
const hooks = `http://127.0.0.1:${receiver.address().port}`;

async function nextCall() {
  if (calls.length === 0) {
    await new Promise((resolve, reject) => {
      onCall = resolve;
      AbortSignal.timeout(TIMEOUT_MS).addEventListener('abort', () => reject(new Error('nobody called')));
    });
  }
  return calls.shift();
}

async function post(path, body) {
  const isForm = body instanceof FormData;
  const response = await fetch(base + path, {
    method: 'POST',
    headers: { Authorization: `Bearer ${key}`, ...(isForm ? {} : { 'Content-Type': 'application/json' }) },
    body: isForm ? body : JSON.stringify(body),
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  return response.json();
}

function check(isRight, what) {
  if (!isRight) throw new Error(JSON.stringify(what));
}

async function upload(content) {
  const form = new FormData();
  form.set('file', new Blob([content], { type: 'image/png' }), 'photo.png');
  if (generation === 'legacy') {
    form.set('apiKey', key);
    form.set('fileType', 'input');
  }
  const answer = await post(generation === 'v2' ? '/openapi/v2/media/upload/binary' : '/task/openapi/upload', form);
  check(answer.code === 0 && answer.msg === 'success', answer);
  return generation === 'v2' ? answer.data.download_url : answer.data.fileName;
}

async function wait(taskId) {
  for (let waitedMs = 0; waitedMs < TIMEOUT_MS; waitedMs += POLL_MS) {
    if (generation === 'v2') {
      const answer = await post('/openapi/v2/query', { taskId });
      check(!answer.errorCode && !answer.errorMessage, answer);
      if (answer.status === 'SUCCESS') return answer.results[0].url;
      check(['QUEUED', 'RUNNING'].includes(answer.status), answer);
    } else {
      const answer = await post('/task/openapi/outputs', { apiKey: key, taskId });
      if (answer.code === 0 && answer.msg === 'success') return answer.data[0].fileUrl;
      check(['APIKEY_TASK_IS_RUNNING', 'APIKEY_TASK_IS_QUEUED'].includes(answer.msg), answer);
    }
    await sleep(POLL_MS);
  }
  throw new Error(`${taskId} did not end`);
}

/** What the server says of the call, once it has noted how it went: that we answered, it learns after we do. */
async function taken(taskId) {
  for (let waitedMs = 0; waitedMs < TIMEOUT_MS; waitedMs += POLL_MS) {
    const { data } = await post('/task/openapi/getWebhookDetail', { apiKey: key, taskId });
    if (data.callbackStatus === 'SUCCESS') return data;
    await sleep(POLL_MS);
  }
  throw new Error(`the webhook of ${taskId} was not noted`);
}

const uploaded = await upload(await buffer(process.stdin));
const submitted = await post('/openapi/v2/rhart-image-n-pro/text-to-image', {
  prompt: 'A paper boat.',
  resolution: '1k',
  aspectRatio: '1:1',
  webhookUrl: `${hooks}/first`,
  apiKey: key,
});
check(!submitted.errorCode && !submitted.errorMessage, submitted);
const { taskId } = submitted;
const content = Buffer.from(await (await fetch(await wait(taskId))).arrayBuffer());
const first = await nextCall();
const detail = await taken(taskId);
const resent = await post('/task/openapi/retryWebhook', {
  apiKey: key,
  webhookId: detail.id,
  webhookUrl: `${hooks}/second`,
});
const second = await nextCall();
receiver.close();
receiver.closeAllConnections();
process.stdout.write(
  JSON.stringify({
    uploaded,
    taskId,
    magic: content.subarray(0, 8).toString('hex'),
    bytes: content.length,
    paths: [first.path, second.path],
    first: first.body,
    second: second.body,
    detail,
    resent: resent.code,
  }),
);
