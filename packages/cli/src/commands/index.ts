import type { CommandUnknownOpts } from '@commander-js/extra-typings';
import type { Context } from '../context.ts';
import { registerAdmin } from './admin.ts';
import { registerAudit } from './audit.ts';
import { registerChannels } from './channels.ts';
import { registerStandin } from './standin.ts';
import { registerStart } from './start.ts';
import { registerTasks } from './tasks.ts';
import { registerWebhooks } from './webhooks.ts';

/** Adds a command, or a group of them, to the program. */
type Register = (program: CommandUnknownOpts, context: Context) => void;

/** A command is a file of its own and a line here. */
export const COMMANDS: readonly Register[] = [
  registerStart,
  registerTasks,
  registerAdmin,
  registerAudit,
  registerChannels,
  registerWebhooks,
  registerStandin,
];
