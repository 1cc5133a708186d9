import type { TaskEvent, TaskProgress } from '@reelay/client';
import type { Io } from './io.ts';

/** Shows how far a task is: one line that changes in a terminal, and elsewhere a line for each news. */
export function createProgress({ stderr }: Io, isQuiet: boolean) {
  const isTerminal = stderr.isTTY === true;
  let status = '';
  let hasLine = false;
  const show = (text: string) => {
    if (isQuiet) return;
    stderr.write(isTerminal ? `\r\u001b[K${text}` : `${text}\n`);
    hasLine = isTerminal;
  };
  return {
    onEvent(event: TaskEvent | TaskProgress) {
      if (event.type !== 'task.progress') status = event.type.replace(/^task\./, '');
      else if (!isTerminal) return;
      show('progress' in event ? `${status} ${Math.round(event.progress * 100)}%` : status);
    },
    /** Leaves the line as if it had not been there. */
    end() {
      if (hasLine) stderr.write('\r\u001b[K');
    },
  };
}
