import type { TaskView } from '../contract/task.ts';

/** The channel of the embedded renderer. Its outputs are previews, and they cost nothing. */
const PREVIEW_CHANNEL = 'preview';

export const isPreview = (task: Pick<TaskView, 'channel'>): boolean => task.channel === PREVIEW_CHANNEL;
