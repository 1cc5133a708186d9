/** The `reelay` command in a terminal. */
import { EXIT, Interrupted } from './errors.ts';
import { run } from './program.ts';

const stop = new AbortController();
process.on('SIGINT', () => {
  // Who asks twice does not want to wait for us.
  if (stop.signal.aborted) process.exit(EXIT.interrupted);
  stop.abort(new Interrupted());
});
// `reelay … | head` has read enough.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit(EXIT.done);
});
const { env, stdin, stdout, stderr } = process;
process.exitCode = await run(process.argv.slice(2), { env, stdin, stdout, stderr, signal: stop.signal });
