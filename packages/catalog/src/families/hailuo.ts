import { at, family, perCall, type Row } from '../family.ts';
import { optional } from '../params.ts';
import { firstFrame, JPG_PNG, lastFrame, pictureToAnimate, prompt, promptRewriting, seconds } from './shared.ts';

// Limits and prices: the platform's public model registry, revision of 2026-05-07.

// Standard rows draw 768 lines and may be 10 seconds long; pro rows draw 1080 and are 6 seconds long.
const everywhere = { prompt: prompt({ maxChars: 2000 }), enablePromptExpansion: promptRewriting(true) };
const wordless = { ...everywhere, prompt: optional(everywhere.prompt) };
const sixOrTen = seconds(['6', '10'], '6');
const six = seconds(['6'], '6');
const picture = (maxMegabytes: number) => pictureToAnimate({ accept: JPG_PNG, maxMegabytes });
const first = (maxMegabytes: number) => firstFrame({ accept: JPG_PNG, maxMegabytes });
const last = (maxMegabytes: number) => optional(lastFrame({ accept: JPG_PNG, maxMegabytes }));
const byLength = (yuan6: number, yuan10: number) => perCall(['duration'], { 6: yuan6, 10: yuan10 });
const standardPrice = byLength(1.5, 3);
const proPrice = perCall(2.63);

const hailuo02: readonly Row[] = [
  {
    id: 'minimax/hailuo-02/t2v-standard',
    name: 'hailuo-02-t2v-standard',
    task: 'text-to-video',
    en: 'Films a written scene with Hailuo 02 at 768p. Good at gymnastics, water and whatever obeys gravity.',
    zh: '用 Hailuo 02 以 768p 拍摄文字场景，擅长体操、水流等符合物理的动作。',
    params: { ...everywhere, duration: sixOrTen },
    price: standardPrice,
    example: { prompt: 'A diver does a double somersault off the cliff and slips into the sea with hardly a splash.' },
  },
  {
    id: 'minimax/hailuo-02/t2v-pro',
    name: 'hailuo-02-t2v-pro',
    task: 'text-to-video',
    en: 'Six seconds of Hailuo 02 in 1080p from text alone. For a hero shot in which bodies move fast.',
    zh: 'Hailuo 02 文生视频，1080p、固定 6 秒，适合动作激烈的主镜头。',
    params: everywhere,
    price: proPrice,
    example: { prompt: 'Slow motion: two fencers lunge at once, blades bend, chalk dust hangs in the spotlight.' },
  },
  {
    id: 'minimax/hailuo-02/i2v-standard',
    name: 'hailuo-02-i2v-standard',
    task: 'image-to-video',
    en: 'Animates a first picture with Hailuo 02 at 768p and, if a last one is given, arrives there.',
    zh: '用 Hailuo 02 以 768p 从首帧图片生成视频，给出尾帧时会准确收束到该画面。',
    params: { ...wordless, firstImageUrl: first(30), lastImageUrl: last(30), duration: sixOrTen },
    price: standardPrice,
    example: {
      prompt: 'The origami crane unfolds itself back into a sheet of paper.',
      firstImageUrl: at('origami-crane.jpg'),
      lastImageUrl: at('flat-paper.jpg'),
    },
  },
  {
    id: 'minimax/hailuo-02/i2v-pro',
    name: 'hailuo-02-i2v-pro',
    task: 'image-to-video',
    en: 'Animates a first picture with Hailuo 02 in 1080p, six seconds, with a last picture to end on if wanted.',
    zh: 'Hailuo 02 首帧图生视频，1080p、固定 6 秒，可另给尾帧。',
    params: { ...wordless, firstImageUrl: first(30), lastImageUrl: last(30) },
    price: proPrice,
    example: {
      prompt: 'The skater pushes off and carves a long arc through the empty pool.',
      firstImageUrl: at('skater-at-the-edge.jpg'),
    },
  },
  {
    id: 'minimax/hailuo-02/standard',
    name: 'hailuo-02-standard',
    task: 'image-to-video',
    en: 'One door to Hailuo 02 at 768p: text alone, a first picture, a last picture or both.',
    zh: 'Hailuo 02 的 768p 通用入口：可只用文字，也可给首帧、尾帧或两者。',
    params: { ...everywhere, firstImageUrl: optional(first(10)), lastImageUrl: last(10), duration: sixOrTen },
    price: standardPrice,
    example: {
      prompt: 'The camera pulls back from the lighthouse lamp until the whole bay lies in view.',
      firstImageUrl: at('lighthouse-lamp.png'),
      lastImageUrl: at('bay-from-above.png'),
    },
  },
  {
    id: 'minimax/hailuo-02/pro',
    name: 'hailuo-02-pro',
    task: 'text-to-video',
    en: 'One door to Hailuo 02 in 1080p: six seconds from text, with pictures for either end if wanted.',
    zh: 'Hailuo 02 的 1080p 通用入口：文字生成 6 秒视频，可另附首帧与尾帧。',
    params: { ...everywhere, firstImageUrl: optional(first(10)), lastImageUrl: last(10), duration: six },
    price: proPrice,
    example: { prompt: 'A sumo wrestler slams the ring; rice and dust leap up, the crowd rises behind him.' },
  },
  {
    id: 'minimax/hailuo-02/fast',
    name: 'hailuo-02-fast',
    task: 'image-to-video',
    en: 'The cheapest Hailuo: animates a picture at 512p within moments. For trying out many ideas.',
    zh: '最便宜的 Hailuo：快速把图片变成 512p 视频，适合大量试错。',
    params: { ...wordless, imageUrl: picture(10), duration: sixOrTen },
    price: byLength(0.45, 0.75),
    example: { imageUrl: at('kite-on-beach.jpg'), prompt: 'The kite jerks, dives and catches the wind again.' },
  },
];

const hailuo23: readonly Row[] = [
  {
    id: 'minimax/hailuo-2.3/t2v-standard',
    name: 'hailuo-2.3-t2v-standard',
    task: 'text-to-video',
    en: 'Films a written scene with Hailuo 2.3 at 768p: dance, small changes of face, drawn styles.',
    zh: '用 Hailuo 2.3 以 768p 拍摄文字场景，舞蹈、微表情与动漫风格更出色。',
    params: { ...everywhere, duration: sixOrTen },
    price: standardPrice,
    example: { prompt: 'Ink-wash style: a flamenco dancer turns, her shawl becomes a flight of cranes.' },
  },
  {
    id: 'minimax/hailuo-2.3/t2v-pro',
    name: 'hailuo-2.3-t2v-pro',
    task: 'text-to-video',
    en: 'Six seconds of Hailuo 2.3 in 1080p from text. For close-ups that must carry a feeling.',
    zh: 'Hailuo 2.3 文生视频，1080p、固定 6 秒，适合靠表情说话的特写。',
    params: everywhere,
    price: proPrice,
    example: {
      prompt: 'Close-up: an old watchmaker hears the clock start again; his eyes fill, then he laughs.',
      enablePromptExpansion: false,
    },
  },
  {
    id: 'minimax/hailuo-2.3/i2v-standard',
    name: 'hailuo-2.3/i2v-standard',
    task: 'image-to-video',
    en: 'Animates a picture with Hailuo 2.3 at 768p and keeps its style, be it photograph, ink or anime.',
    zh: '用 Hailuo 2.3 以 768p 让图片动起来，并保持照片、水墨或动漫等原有画风。',
    params: { ...wordless, imageUrl: picture(30), duration: sixOrTen },
    price: standardPrice,
    example: {
      imageUrl: at('anime-rooftop.png'),
      prompt: 'Wind lifts her scarf; fireflies rise past the water tower.',
    },
  },
  {
    id: 'minimax/hailuo-2.3/image-to-video-pro',
    name: 'hailuo-2.3/i2v-pro',
    task: 'image-to-video',
    en: 'Animates a picture with Hailuo 2.3 in 1080p, six seconds. The finest of the line for portraits.',
    zh: 'Hailuo 2.3 图生视频，1080p、固定 6 秒，人像表现为本系列最佳。',
    params: { ...wordless, imageUrl: picture(30) },
    price: proPrice,
    example: { imageUrl: at('cellist.jpg'), prompt: 'She draws the bow, breathes in and closes her eyes.' },
  },
  {
    id: 'minimax/hailuo-2.3-fast/image-to-video',
    name: 'hailuo-2.3-fast/image-to-video',
    task: 'image-to-video',
    en: 'Animates a picture with Hailuo 2.3 Fast at two thirds of the standard price. For series of shop clips.',
    zh: '用 Hailuo 2.3 Fast 让图片动起来，价格约为标准版的三分之二，适合批量商品短片。',
    params: { ...everywhere, imageUrl: picture(30), duration: sixOrTen },
    price: byLength(1.01, 1.69),
    example: { imageUrl: at('trainers-on-plinth.jpg'), prompt: 'The plinth turns once; light runs along the laces.' },
  },
  {
    id: 'minimax/hailuo-2.3-fast-pro/image-to-video',
    name: 'hailuo-2.3-fast-pro/image-to-video',
    task: 'image-to-video',
    en: 'Six seconds of Hailuo 2.3 Fast in 1080p from a picture. Full HD sooner and for less than Pro.',
    zh: 'Hailuo 2.3 Fast 图生视频，1080p、固定 6 秒，比 Pro 更快更省。',
    params: { ...everywhere, imageUrl: picture(30), duration: six },
    price: perCall(1.73),
    example: { imageUrl: at('ramen-bowl.png'), prompt: 'Steam curls up, chopsticks lift the noodles into the light.' },
  },
];

export const hailuo = family({ family: 'hailuo', vendor: 'minimax', pricesAsOf: '2026-04-29' }, [
  ...hailuo02,
  ...hailuo23,
]);
