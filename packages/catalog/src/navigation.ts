import type { Endpoint, Task, Words } from './types.ts';

/** A table of contents: category › kind of task › maker › endpoints. */
export type Category = { readonly id: string; readonly title: Words; readonly groups: readonly Group[] };
export type Group = { readonly id: string; readonly title: Words; readonly makers: readonly Maker[] };
export type Maker = { readonly title: string; readonly endpoints: readonly Endpoint[] };

type GroupOfTasks = { readonly id: string; readonly title: Words; readonly tasks: readonly Task[] };
type CategoryOfTasks = { readonly id: string; readonly title: Words; readonly groups: readonly GroupOfTasks[] };
const say = (en: string, zh: string): Words => ({ en, zh });

/** Every task stands in exactly one group. */
// biome-ignore format: a table of contents
const CONTENTS: readonly CategoryOfTasks[] = [
  {
    id: 'video',
    title: say('Video', '视频'),
    groups: [
      { id: 'text-to-video', title: say('Text to video', '文生视频'), tasks: ['text-to-video'] },
      {
        id: 'image-to-video',
        title: say('Image to video', '图生视频'),
        tasks: ['image-to-video', 'start-end-to-video'],
      },
      { id: 'reference-to-video', title: say('Reference to video', '参考生视频'), tasks: ['reference-to-video'] },
      { id: 'video-edit', title: say('Edit', '视频编辑'), tasks: ['video-edit'] },
      { id: 'video-extend', title: say('Extend', '视频延长'), tasks: ['video-extend'] },
      { id: 'motion-control', title: say('Motion control', '动作控制'), tasks: ['motion-control'] },
      {
        id: 'audio-to-video',
        title: say('Sound to video, lip sync', '音频生视频与对口型'),
        tasks: ['audio-image-to-video', 'lip-sync', 'face-identify'],
      },
      { id: 'video-effects', title: say('Effects and styles', '特效与风格'), tasks: ['video-effect', 'video-restyle'] },
      {
        id: 'video-tools',
        title: say('Tools', '视频工具'),
        tasks: ['video-upscale', 'video-interpolate', 'character-upload', 'element-create'],
      },
    ],
  },
  {
    id: 'image',
    title: say('Image', '图片'),
    groups: [
      { id: 'text-to-image', title: say('Text to image', '文生图'), tasks: ['text-to-image'] },
      { id: 'image-to-image', title: say('Image to image', '图生图'), tasks: ['image-to-image'] },
      { id: 'image-tools', title: say('Tools', '图片工具'), tasks: ['image-upscale', 'image-enhance'] },
    ],
  },
  {
    id: 'audio',
    title: say('Audio', '音频'),
    groups: [
      {
        id: 'speech',
        title: say('Speech and voices', '语音与音色'),
        tasks: ['text-to-speech', 'voice-clone', 'voice-design'],
      },
      { id: 'music', title: say('Music and lyrics', '音乐与歌词'), tasks: ['text-to-music', 'text-to-lyrics'] },
    ],
  },
  {
    id: '3d',
    title: say('3D', '三维'),
    groups: [
      { id: 'text-to-3d', title: say('Text to 3D', '文生三维'), tasks: ['text-to-3d'] },
      { id: 'image-to-3d', title: say('Image to 3D', '图生三维'), tasks: ['image-to-3d', 'multi-image-to-3d'] },
      {
        id: 'worlds',
        title: say('Worlds', '世界'),
        tasks: ['text-to-world', 'image-to-world', 'multi-image-to-world', 'video-to-world', 'media-upload'],
      },
    ],
  },
  {
    id: 'text',
    title: say('Text', '文本'),
    groups: [
      { id: 'text-to-text', title: say('Text to text', '文生文'), tasks: ['text-to-text', 'chat'] },
      { id: 'media-to-text', title: say('Image or video to text', '图像与视频理解'), tasks: ['image-to-text', 'video-to-text'] },
    ],
  },
];

/** Families whose name is not their id with a capital. */
// biome-ignore format: a table of words
const NAMES: Readonly<Record<string, string>> = {
  'gpt-image': 'GPT Image', 'nano-banana': 'Nano Banana', 'qwen-image': 'Qwen Image', 'rh-tools': 'RunningHub tools',
  'z-image': 'Z-Image', dreamactor: 'DreamActor', happyhorse: 'HappyHorse', hitem3d: 'Hitem3D', hunyuan3d: 'Hunyuan3D',
  hypir: 'HYPIR', ltx: 'LTX', minimax: 'MiniMax', pixverse: 'PixVerse', skyreels: 'SkyReels',
};

/** The name of a model line as its maker writes it. */
export const familyName = (family: string): string =>
  NAMES[family] ?? family.slice(0, 1).toUpperCase() + family.slice(1);

/** Where in the contents a kind of task stands. */
export function placeOf(task: Task): { readonly category: Words; readonly group: Omit<Group, 'makers'> } {
  for (const { title, groups } of CONTENTS) {
    const group = groups.find(({ tasks }) => tasks.includes(task));
    if (group !== undefined) return { category: title, group };
  }
  throw new Error(`${task} has no place in the contents`);
}

/** The endpoints in the order in which a reader looks for them. Groups without endpoints are left out. */
export function toContents(endpoints: readonly Endpoint[]): readonly Category[] {
  return CONTENTS.flatMap(({ groups, ...category }) => {
    const filled = groups.flatMap(({ tasks, ...group }): Group[] => {
      const makers = byMaker(endpoints.filter(({ task }) => tasks.includes(task)));
      return makers.length === 0 ? [] : [{ ...group, makers }];
    });
    return filled.length === 0 ? [] : [{ ...category, groups: filled }];
  });
}

function byMaker(endpoints: readonly Endpoint[]): Maker[] {
  const families = Map.groupBy(endpoints, ({ family }) => familyName(family));
  return [...families]
    .map(([title, rows]) => ({ title, endpoints: rows.toSorted((a, b) => a.name.localeCompare(b.name)) }))
    .toSorted((a, b) => a.title.localeCompare(b.title));
}
