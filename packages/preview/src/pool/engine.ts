// What a child can do. Importing this loads the codec and canvas libraries.

export { runJob as runRender } from '../jobs/jobs.ts';
export { inspectFile as runInspection } from '../media/inspect.ts';
