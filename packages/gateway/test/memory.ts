import { readFile, writeFile } from 'node:fs/promises';

/** From the kernel (Linux), in megabytes: what the process has, and the most that it had since `forgetPeak`. */
export async function memoryOf(pid: number | undefined): Promise<{ nowMb: number; mostMb: number }> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  const read = (name: string) => Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(status)?.[1]) / 1_024;
  return { nowMb: read('VmRSS'), mostMb: read('VmHWM') };
}

export const forgetPeak = (pid: number | undefined) => writeFile(`/proc/${pid}/clear_refs`, '5');
