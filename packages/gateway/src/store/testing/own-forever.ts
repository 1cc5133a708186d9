/** Owns a data folder until it is killed. */
import { acquireOwnerLock } from '../owner-lock.ts';

acquireOwnerLock(process.argv[2] ?? '').describe({ url: 'http://owner.test' });
process.send?.('owned');
setInterval(() => undefined, 60_000);
