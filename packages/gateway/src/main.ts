/** `npm start`: the gateway in a terminal. Everything it is made of is wired in `server.ts`. */
import { ChannelsFileError } from './channels/sources.ts';
import { ConfigError, loadConfig } from './config.ts';
import { keepEnvironmentOutOfReports } from './lib/crash-report.ts';
import { type Server, startServer } from './server.ts';
import { AlreadyRunningError } from './store/owner-lock.ts';

const EXAMPLE = {
  endpoint: 'rhart-video-s-official/text-to-video-pro',
  body: {
    prompt:
      'An elderly glassblower exhales into a pipe. A molten vase glows in the dark workshop. The camera slowly pushes in.',
    size: '720x1280',
    duration: '12',
  },
};

function greet({ url, firstKey }: Server, dataDir: string): string {
  const key = firstKey ?? '$KEY';
  return [
    `Reelay is at ${url}   (reference: ${url}/docs)`,
    `Data is in ${dataDir}. Stop with Ctrl-C.`,
    ...(firstKey === undefined ? [] : ['', `Your key, shown this once: ${firstKey}`]),
    '',
    'Try it:',
    `  curl -X POST ${url}/openapi/v2/${EXAMPLE.endpoint} -H 'Authorization: Bearer ${key}' -H 'Content-Type: application/json' -d '${JSON.stringify(EXAMPLE.body)}'`,
    `  curl -X POST ${url}/openapi/v2/query -H 'Authorization: Bearer ${key}' -H 'Content-Type: application/json' -d '{"taskId":"<taskId of the answer>"}'`,
    '',
  ].join('\n');
}

/** Ends the process when asked to, or when the store is gone: a gateway that cannot write may not answer. */
function stopWhenAsked(server: Server): void {
  let isStopping = false;
  const stop = async (code: number) => {
    if (isStopping) return;
    isStopping = true;
    await server.close().catch(() => undefined);
    process.exit(code);
  };
  process.on('SIGINT', () => (isStopping ? process.exit(130) : void stop(0)));
  process.on('SIGTERM', () => void stop(0));
  process.on('SIGHUP', () => void stop(0));
  // The launcher holds the other end: when it is killed, nobody is left who could stop us.
  process.on('disconnect', () => void stop(0));
  server.failed.then(() => stop(1));
}

const MENDABLE = [ConfigError, AlreadyRunningError, ChannelsFileError];

/** What a person can mend gets a sentence; anything else its stack. */
function explain(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (MENDABLE.some((kind) => error instanceof kind)) return error.message;
  const { code } = error as NodeJS.ErrnoException; // Errors of the system carry one; others have none.
  if (code === 'EADDRINUSE')
    return `${error.message}: the port is taken. Set REELAY_PORT to another one, or to 0 for any free one.`;
  return error.stack ?? error.message;
}

keepEnvironmentOutOfReports();
try {
  const config = loadConfig(process.env);
  const server = await startServer(config);
  stopWhenAsked(server);
  const where = config.databaseUrl === undefined ? config.dataDir : `${config.dataDir} and PostgreSQL`;
  process.stdout.write(`${greet(server, where)}\n`);
} catch (error) {
  process.stderr.write(`${explain(error)}\n`);
  process.exit(1);
}
