/** Begins to write a blob into the data folder and is killed in the middle, or right after the bytes have their name. */
import { Readable } from 'node:stream';
import { openBlobs } from '../blobs.ts';

const [dataDir = '', moment = ''] = process.argv.slice(2);
const die = () => process.kill(process.pid, 'SIGKILL');
const blobs = await openBlobs({ dataDir, randomName: () => 'draft' });
async function* bytes() {
  for (let chunk = 0; chunk < 16; chunk += 1) {
    yield Buffer.alloc(65_536, chunk);
    // The chunks before this one were written: each is awaited before the next is asked for.
    if (moment === 'writing' && chunk === 8) die();
  }
}
const draft = await blobs.receive(Readable.from(bytes()), { maxBytes: 2 ** 30 });
if (moment === 'written') die();
await draft.keep(async () => undefined);
die();
