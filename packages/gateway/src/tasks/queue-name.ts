/** Where tasks wait. The id of a job is the id of its task. */
export const TASK_QUEUE = 'tasks';
