import { readFile } from 'node:fs/promises';

/** Resident memory of a process. Undefined where the system does not tell (only Linux does) or the process is gone.
 *  Read from outside, so that it also works while the process is deep inside a codec. */
export async function residentBytes(pid: number): Promise<number | undefined> {
  if (process.platform !== 'linux') return undefined;
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  // In kilobytes here, unlike statm, whose pages differ in size between machines.
  const kilobytes = /^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1];
  return kilobytes === undefined ? undefined : Number(kilobytes) * 1024;
}
