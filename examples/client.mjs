// The calls that the examples share. RunningHub's own clients do the same: only the address and the key differ.
import { readFile, writeFile } from 'node:fs/promises';
import { basename } from 'node:path';

const url = process.env.REELAY_URL ?? 'http://127.0.0.1:8090';
const key = process.env.REELAY_KEY;
if (key === undefined) throw new Error('Set REELAY_KEY to the key that npm start printed.');
const headers = { authorization: `Bearer ${key}` };
const POLL_MS = Number(process.env.REELAY_POLL_MS ?? 2000);

/** A refusal, or a task that failed. `code` is the table at /docs/guides/errors. */
export class ReelayError extends Error {
  constructor(code, message) {
    super(message);
    this.code = code;
  }
}

/** POSTs JSON and returns the answer; everything that the server decides comes with HTTP 200. */
export async function post(path, body) {
  const answer = await fetch(url + path, {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  const said = await answer.json();
  if (said.errorMessage) throw new ReelayError(said.errorCode, said.errorMessage);
  return said;
}

/** The id of a new task. */
export const submit = async (endpoint, body) => (await post(`/openapi/v2/${endpoint}`, body)).taskId;

/** Asks until the task has ended. Returns its results. */
export async function waitFor(taskId, onStatus = () => {}) {
  for (;;) {
    const { status, results } = await post('/openapi/v2/query', { taskId });
    await onStatus(status);
    if (status === 'SUCCESS') return results;
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}

/** Our own view of a task: progress, channel, attempts. */
export const inspect = async (taskId) => (await fetch(`${url}/api/v1/tasks/${taskId}`, { headers })).json();

/** Stops a task that waits or runs. */
export const cancel = (taskId) => post('/task/openapi/cancel', { taskId });

/** The address of an uploaded file, for any parameter that takes one. */
export async function upload(path) {
  const form = new FormData();
  form.append('file', new Blob([await readFile(path)]), basename(path));
  const answer = await fetch(`${url}/openapi/v2/media/upload/binary`, { method: 'POST', headers, body: form });
  const { code, message, data } = await answer.json();
  if (code !== 0) throw new ReelayError(String(code), message);
  return data.download_url;
}

/** Saves a result beside the program that asked for it. Returns the name of the file. */
export async function save({ url: address, text, outputType }, name) {
  const path = `${name}.${outputType}`;
  if (address === null) await writeFile(path, text);
  else await writeFile(path, Buffer.from(await (await fetch(address)).arrayBuffer()));
  return path;
}
