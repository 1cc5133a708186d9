import { BY_LINES, GROK, RUNWAY, SEEDANCE, type SizeTable, SORA, type Tier, VEO, VIDU, WAN } from './sizes.ts';

/** What differs between model lines and stands in no parameter. */
export type Line = {
  readonly endpoints: RegExp;
  readonly sizes?: SizeTable;
  /** Where no parameter names one. */
  readonly tier?: Tier;
  /** Without a word about it in the parameters and without a picture. */
  readonly ratio?: string;
  readonly seconds?: number;
  /** Every clip of the line has sound, and no parameter turns it off. */
  readonly alwaysSounds?: true;
  /** The sound of the given clip stays, though no parameter says so. */
  readonly keepsSound?: true;
  /** The clip is as large as the given one, up to so many lines. */
  readonly keepsSizeUpTo?: number;
  /** Of a longer clip only the beginning is used: `usedSeconds` of its parameter. */
  readonly usedSeconds?: number;
  /** Of an extension: `duration` counts the given clip too. */
  readonly durationIsTotal?: true;
};

/** The first row that matches counts. */
const LINES: readonly Line[] = [
  { endpoints: /^rhart-video-s(-official)?\//, sizes: SORA, ratio: '9:16', alwaysSounds: true },
  { endpoints: /^rhart-video-v3\.1-(pro|fast)-official\/video-extend$/, sizes: VEO, seconds: 8, alwaysSounds: true },
  { endpoints: /^rhart-video-v3\.1-(pro|fast)-official\//, sizes: VEO, seconds: 8 },
  { endpoints: /^rhart-video-v3\.1-/, sizes: VEO, seconds: 8, alwaysSounds: true },
  { endpoints: /^kling-.*-4k\//, tier: '4k' },
  { endpoints: /^kling-video-o1/, ratio: '9:16' },
  { endpoints: /^kling-.*-pro\//, tier: '1080p' },
  // HappyHorse and Wan from 2.5 on make the sound with the picture; "-flash" rows have a switch for it. Wan 2.2 is silent
  // (Model Studio, "image-to-video by first and last frame", read 2026-11-23). A continued clip is handed out whole: the
  // page "Image-to-video 2.7" shows a clip of 2 s becoming one of 12 s.
  { endpoints: /^alibaba\/happyhorse-1\.0\/video-edit$/, sizes: WAN, usedSeconds: 15 },
  { endpoints: /^alibaba\/happyhorse/, sizes: WAN, alwaysSounds: true },
  { endpoints: /^alibaba\/wan-2\.6\/.*-flash$/, sizes: WAN },
  { endpoints: /^alibaba\/wan-2\.7\/video-edit$/, sizes: WAN },
  { endpoints: /^alibaba\/wan-2\.7\/video-extend$/, sizes: WAN, alwaysSounds: true, durationIsTotal: true },
  { endpoints: /^alibaba\/wan/, sizes: WAN, alwaysSounds: true },
  { endpoints: /^rhart-video\/wan-2\.2\//, sizes: WAN },
  // MiniMax: the tier is in the name. 6 s where no parameter says (API reference, "Video generation", read 2026-11-22).
  { endpoints: /^minimax\/hailuo-02\/fast$/, sizes: BY_LINES, tier: '512p', seconds: 6 },
  { endpoints: /^minimax\/hailuo-.*pro/, sizes: BY_LINES, tier: '1080p', seconds: 6 },
  { endpoints: /^minimax\/hailuo-/, sizes: BY_LINES, tier: '768p', seconds: 6 },
  { endpoints: /^pixverse-/, sizes: BY_LINES },
  { endpoints: /^vidu\//, sizes: VIDU },
  // xAI API reference, read 2026-11-22: an extension keeps the size of the clip and adds `duration` to it.
  {
    endpoints: /^rhart-video-g-official\/video-extend$/,
    sizes: GROK,
    keepsSizeUpTo: 720,
    seconds: 6,
    alwaysSounds: true,
  },
  { endpoints: /^rhart-video-g-official\/edit-video$/, sizes: GROK },
  { endpoints: /^rhart-video-g(-official)?\//, sizes: GROK, seconds: 6, alwaysSounds: true },
  { endpoints: /^rhart-video-r\/gen4-aleph/, sizes: RUNWAY, usedSeconds: 5 },
  { endpoints: /^rhart-video-r\//, sizes: RUNWAY },
  // LTX-2 is a model of picture and sound; fal's ids of the same weights have `generate_audio` on by default.
  { endpoints: /^rhart-video\/ltx-2/, sizes: BY_LINES, alwaysSounds: true },
  { endpoints: /^rhart-video\/video-fps-increaser$/, keepsSizeUpTo: 4096 },
  { endpoints: /^bytedance\/dreamactor/, keepsSound: true },
  { endpoints: /^cinematic-video-generator$/, alwaysSounds: true },
  // Rows of before `-std` and `-fast`; those that came after have 1080p for their default.
  { endpoints: /^skyreels-v4\//, tier: '1080p' },
];

const ANY_LINE: Line = { endpoints: /^/ };

export function lineOf(endpoint: string): Required<Pick<Line, 'sizes' | 'tier' | 'ratio' | 'seconds'>> & Line {
  const line = LINES.find(({ endpoints }) => endpoints.test(endpoint)) ?? ANY_LINE;
  return { sizes: SEEDANCE, tier: '720p', ratio: '16:9', seconds: 5, ...line };
}
