import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { catalog, withDefaults } from '@reelay/catalog';
import { createRenderer } from '@reelay/preview';
import { median } from './load.ts';

const PROMPT =
  'In an artisan workshop, an elderly glassblower exhales into a pipe to create a glowing molten vase. ' +
  'Sparks drift in the warm air as the camera slowly pushes in. Close-up on his hands turning the pipe.';
const CASES = [
  ['rhart-video-s-official/text-to-video-pro', { size: '720x1280', duration: '12' }],
  ['rhart-video-s-official/text-to-video-pro', { size: '1080x1920', duration: '20' }],
  [
    'rhart-video-v3.1-fast-official/text-to-video',
    { aspectRatio: '16:9', resolution: '4k', duration: '4', generateAudio: true },
  ],
] as const;

export type RenderRow = {
  readonly clip: string;
  readonly seconds: number;
  readonly wallMs: number;
  readonly timesRealTime: number;
  readonly megabytes: number;
};

/** Wall time from the call to the finished file, one render at a time on an idle machine; medians of `rounds`. */
export async function measureRender(p: { rounds: number }): Promise<RenderRow[]> {
  const renderer = createRenderer({});
  const rows: RenderRow[] = [];
  try {
    for (const [id, parameters] of CASES) {
      const endpoint = catalog.get(id);
      if (endpoint === undefined) throw new Error(`no endpoint ${id}`);
      const walls: number[] = [];
      let sizeBytes = 0;
      for (let round = 0; round < p.rounds; round++) {
        const outputDir = await mkdtemp(join(tmpdir(), 'reelay-bench-'));
        const startedAtMs = performance.now();
        const { files } = await renderer.render(
          {
            endpoint: id,
            task: endpoint.task,
            output: endpoint.output,
            input: withDefaults(endpoint, { prompt: PROMPT, ...parameters }),
            media: {},
            seed: round,
            taskId: '1000000000000000001',
            outputDir,
          },
          { signal: AbortSignal.timeout(300_000) },
        );
        walls.push(performance.now() - startedAtMs);
        sizeBytes = (await stat(files[0]?.path ?? '')).size;
        await rm(outputDir, { recursive: true });
      }
      const seconds = Number(parameters.duration);
      const wallMs = Math.round(median(walls));
      rows.push({
        clip: Object.values(parameters).join(' '),
        seconds,
        wallMs,
        timesRealTime: Number(((seconds * 1_000) / wallMs).toFixed(1)),
        megabytes: Number((sizeBytes / 1e6).toFixed(1)),
      });
    }
    return rows;
  } finally {
    await renderer.close();
  }
}
