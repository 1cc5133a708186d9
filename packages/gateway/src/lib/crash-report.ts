/** Keeps the environment, and the credentials in it, out of the reports that Node writes of a crash for those who ask it
 *  to. Of this thread: each has to say so. */
export function keepEnvironmentOutOfReports(): void {
  // Newer than the types of Node that we have.
  Object.assign(process.report, { excludeEnv: true });
}
