import { at, family, perCall, type Row } from '../family.ts';
import { number, oneOf, optional, say } from '../params.ts';
import { firstFrame, JPG_PNG_WEBP, lastFrame, prompt } from './shared.ts';
import { editPrompt, pictureSize, sourceImage } from './shared-pictures.ts';

// Limits and prices: the platform's public model registry, revision of 2026-05-07.

const upTo10MB = { accept: JPG_PNG_WEBP, maxMegabytes: 10 };
const prompt2048 = { maxChars: 2048 };

/** Higgsfield's own names, spelt as it spells them. */
const STYLES = [
  ...['Creatures', 'Medieval', 'Spotlight', 'Giant People', 'Red balloon', 'green editorial', 'Subway', 'Library'],
  ...['Realistic', 'DigitalCam', 'Grillz Selfie', 'Bleached Brows', 'Sitting on the Street', 'Crossing the street'],
  ...['Angel Wings', 'Duplicate', 'Quiet luxury', 'Fireproof', 'Elevator Mirror', '360 cam', 'Glitch'],
  ...['FashionShow', 'PixeletedFace', 'Sunbathing', 'Paper Face', '90s Grain', 'Geominimal', 'Foggy Morning'],
  ...['Overexposed', 'Sunset beach', 'Giant Accessory', 'RingSelfie', 'Street view', "90's Editorial"],
  ...['Rhyme & blues', '2000s Cam', 'CCTV', '0.5 Outfit', 'Amalfi Summer', 'Bimbocore', '0.5 Selfie', 'Sand'],
  ...['Vintage PhotoBooth', 'afterparty cam', 'Babydoll MakeUp', 'Through The Glass', 'Gallery', 'Eating Food'],
  ...['Swords Hill', 'Office beach', "Help It's Too Big", 'Japandi', 'iPhone', 'Gorpcore', 'Indie sleaze'],
  ...['Fairycore', 'Tumblr', 'Avant-garde', 'HairClips', 'birthday mess', 'Clouded Dream', 'Y2K Posters'],
  ...['tokyo drift', 'Object Makeup', 'Graffiti', 'Sunburnt', 'hallway noir', '2000s Fashion', 'Night Beach'],
  ...['Movie', 'Long legs', '7"', 'General', 'Nail Check', 'Coquette core', 'Mixed Media', 'Selfcare', 'Grunge'],
  ...['Double take', '505room', 'Flight mode', 'Escalator', 'burgundy suit', 'Fisheye', 'Shoe Check', 'Rainy Day'],
  ...['Mt. Fuji', 'Sea breeze', 'Invertethereal', 'Y2K', 'Tokyo Streetstyle', 'chrome exit', 'Night rider'],
  ...['Artwork', 'Glazed doll skin makeup', 'mount view', '2049', 'blackout fit', 'Bike mafia', 'static glow'],
  ...['Nicotine glow', 'brick shade', 'dmv', 'Fish-eye twin', "It's french", 'cocktail'],
];
const SIZES = [
  ...['960*1696', '1088*1632', '1152*1536', '1152*2048', '1536*1536', '1536*1152', '1536*2048', '1344*2016'],
  ...['1632*1088', '1696*960', '2016*1344', '2048*1152', '2048*1536'],
];

const rows: readonly Row[] = [
  {
    id: 'higgsfield/dop/image-to-video',
    task: 'image-to-video',
    en: 'Animates a picture with Higgsfield DoP, a director of photography: dolly, crane, bullet time, whip pan.',
    zh: '用 Higgsfield DoP 让图片动起来，擅长推轨、摇臂、子弹时间与甩镜等运镜。',
    params: {
      prompt: prompt(prompt2048),
      imageUrl: firstFrame(upTo10MB),
      endImageUrl: optional(lastFrame(upTo10MB)),
      options: oneOf(
        say(
          'Which model works: lite is the cheapest, preview the finest.',
          '使用的模型：lite 最省钱，preview 画质最佳。',
        ),
        ['dop-lite', 'dop-turbo', 'dop-preview'],
        { default: 'dop-turbo' },
      ),
    },
    price: perCall(['options'], { 'dop-lite': 0.9, 'dop-turbo': 3, 'dop-preview': 4.2 }),
    example: {
      prompt: 'Crane up from the vinyl record to the dancer, then orbit her once.',
      imageUrl: at('record-player.jpg'),
      options: 'dop-lite',
    },
  },
  {
    id: 'higgsfield/soul/image-to-image',
    task: 'image-to-image',
    output: 'image',
    en: 'Restages a portrait as fashion or phone photography with Higgsfield Soul, in one of over a hundred styles.',
    zh: '用 Higgsfield Soul 把人像重拍成时尚大片或手机快照，百余种风格可选。',
    params: {
      prompt: editPrompt(prompt2048),
      imageUrl: sourceImage(upTo10MB),
      size: pictureSize(SIZES, { default: '1152*2048' }),
      style: optional(oneOf(say('Style of the photograph.', '照片风格。'), STYLES, { default: 'Realistic' })),
      strength: optional(
        number(say('How strongly the style counts.', '风格强度。'), { default: 1, min: 0, max: 1, step: 0.01 }),
      ),
      quality: oneOf(
        say('How much detail; high costs twice as much.', '画面精细度，high 价格为两倍。'),
        ['medium', 'high'],
        { default: 'medium' },
      ),
    },
    price: perCall(['quality'], { medium: 0.7, high: 1.4 }),
    example: {
      prompt: 'On a ferry deck at dawn, wind in the coat, looking past the camera.',
      imageUrl: at('portrait-in-coat.jpg'),
      size: '960*1696',
      style: '90s Grain',
      strength: 0.8,
    },
  },
];

export const higgsfield = family({ family: 'higgsfield', vendor: 'higgsfield', pricesAsOf: '2026-04-29' }, rows);
