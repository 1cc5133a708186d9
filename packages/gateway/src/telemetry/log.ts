import { pino } from 'pino';

export type LogLevel = 'debug' | 'info' | 'warn' | 'error' | 'silent';

/** One JSON object a line, on standard error: standard output belongs to what a person asked for. Names of fields that
 *  could hold a secret are cut whatever they hold. */
export const createLog = (level: LogLevel) =>
  pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      redact: ['key', 'apiKey', 'authorization', '*.authorization', '*.apiKey', 'req.headers', 'url', '*.signature'],
    },
    pino.destination({ dest: 2, sync: true }),
  );
