import { type Canvas, createCanvas, type Image } from '@napi-rs/canvas';

/** A colour that is found often, by its name. */
export type NamedColour = {
  readonly en: string;
  readonly zh: string;
  readonly share: number;
  /** The mean of what bears the name, as `#d01010`. */
  readonly hex: string;
};
/** What can be measured in a picture. Shares and levels from 0 to 1. */
export type PictureFacts = {
  readonly colours: readonly NamedColour[];
  readonly brightness: number;
  readonly contrast: number;
  readonly saturation: number;
  /** Mean step between neighbouring pixels at 512 pixels a side: below 0.015 soft, above 0.04 rich in detail. */
  readonly detail: number;
  /** Which ninth holds most detail, from `top left` to `bottom right`. */
  readonly focus: { readonly en: string; readonly zh: string };
};

type Name = readonly [en: string, zh: string];
/** By hue in degrees: up to which, what it is called. */
const HUES: readonly (readonly [number, Name])[] = [
  [15, ['red', '红色']],
  [40, ['orange', '橙色']],
  [68, ['yellow', '黄色']],
  [95, ['lime', '黄绿色']],
  [160, ['green', '绿色']],
  [185, ['teal', '青色']],
  [205, ['sky blue', '天蓝色']],
  [250, ['blue', '蓝色']],
  [290, ['purple', '紫色']],
  [330, ['magenta', '品红色']],
  [345, ['pink', '粉色']],
  [361, ['red', '红色']],
];
const MAX_COLOURS = 5;
const LEAST_SHARE = 0.03;
const [SIDE, DETAIL_SIDE] = [96, 512];
// biome-ignore format: the ninths of a picture
const PLACES: readonly Name[] = [
  ['top left', '左上'], ['top', '上方'], ['top right', '右上'],
  ['left', '左侧'], ['centre', '中央'], ['right', '右侧'],
  ['bottom left', '左下'], ['bottom', '下方'], ['bottom right', '右下'],
];

export function measurePicture(picture: Image | Canvas): PictureFacts {
  const pixels = pixelsOf(picture, SIDE);
  const counts = new Map<string, { name: Name; count: number; sums: [number, number, number] }>();
  let [sum, squares, colourful] = [0, 0, 0];
  const total = pixels.data.length / 4;
  for (let at = 0; at < pixels.data.length; at += 4) {
    const [red = 0, green = 0, blue = 0] = pixels.data.subarray(at, at + 3);
    const light = luma(red, green, blue);
    sum += light;
    squares += light ** 2;
    colourful += (Math.max(red, green, blue) - Math.min(red, green, blue)) / 255;
    const name = nameOf(red, green, blue);
    const counted = counts.get(name[0]) ?? { name, count: 0, sums: [0, 0, 0] };
    counted.count += 1;
    counted.sums = [counted.sums[0] + red, counted.sums[1] + green, counted.sums[2] + blue];
    counts.set(name[0], counted);
  }
  const brightness = sum / total;
  const colours = [...counts.values()]
    .sort((a, b) => b.count - a.count)
    .slice(0, MAX_COLOURS)
    .map(({ name: [en, zh], count, sums }) => ({ en, zh, share: count / total, hex: toHex(sums, count) }));
  return {
    colours: colours.filter(({ share }, index) => index === 0 || share >= LEAST_SHARE),
    brightness,
    contrast: Math.sqrt(Math.max(0, squares / total - brightness ** 2)),
    saturation: colourful / total,
    ...measureDetail(picture),
  };
}

const toHex = (sums: readonly number[], count: number): string =>
  `#${sums
    .map((sum) =>
      Math.round(sum / count)
        .toString(16)
        .padStart(2, '0'),
    )
    .join('')}`;

function measureDetail(picture: Image | Canvas): Pick<PictureFacts, 'detail' | 'focus'> {
  const { data, width, height } = pixelsOf(picture, DETAIL_SIDE);
  const ninths = new Float64Array(9);
  let sum = 0;
  for (let y = 0; y + 1 < height; y += 1) {
    for (let x = 0; x + 1 < width; x += 1) {
      const at = (y * width + x) * 4;
      const here = lumaAt(data, at);
      const step = (Math.abs(here - lumaAt(data, at + 4)) + Math.abs(here - lumaAt(data, at + width * 4))) / 2;
      sum += step;
      const ninth = Math.floor((y * 3) / height) * 3 + Math.floor((x * 3) / width);
      ninths[ninth] = (ninths[ninth] ?? 0) + step;
    }
  }
  const [en, zh] = PLACES[ninths.indexOf(Math.max(...ninths))] ?? ['centre', '中央'];
  return { detail: sum / Math.max(1, (width - 1) * (height - 1)), focus: { en, zh } };
}

/** The picture's pixels, made smaller until no side is longer than `side`, on white where it is transparent. */
function pixelsOf(picture: Image | Canvas, side: number) {
  const factor = Math.min(1, side / Math.max(picture.width, picture.height));
  const canvas = createCanvas(
    Math.max(2, Math.round(picture.width * factor)),
    Math.max(2, Math.round(picture.height * factor)),
  );
  const context = canvas.getContext('2d');
  context.fillStyle = '#fff';
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.drawImage(picture, 0, 0, canvas.width, canvas.height);
  return context.getImageData(0, 0, canvas.width, canvas.height);
}

const lumaAt = (data: ArrayLike<number>, at: number): number =>
  luma(data[at] ?? 0, data[at + 1] ?? 0, data[at + 2] ?? 0);

/** BT.709, from 0 to 1. */
const luma = (red: number, green: number, blue: number): number =>
  (0.2126 * red + 0.7152 * green + 0.0722 * blue) / 255;

function nameOf(red: number, green: number, blue: number): Name {
  const [max, min] = [Math.max(red, green, blue) / 255, Math.min(red, green, blue) / 255];
  const spread = max - min;
  const lightness = (max + min) / 2;
  if (lightness < 0.09) return ['black', '黑色'];
  if (lightness > 0.95) return ['white', '白色'];
  const saturation = spread / (1 - Math.abs(2 * lightness - 1));
  if (spread < 0.08 || saturation < 0.12) {
    return lightness < 0.35 ? ['dark grey', '深灰色'] : lightness < 0.7 ? ['grey', '灰色'] : ['light grey', '浅灰色'];
  }
  const [r, g, b] = [red / 255, green / 255, blue / 255];
  const sector = max === r ? ((g - b) / spread + 6) % 6 : max === g ? (b - r) / spread + 2 : (r - g) / spread + 4;
  const hue = sector * 60;
  const [en, zh] = HUES.find(([until]) => hue < until)?.[1] ?? ['red', '红色'];
  if (lightness < 0.4 && hue >= 15 && hue < 50) return ['brown', '棕色'];
  if (lightness > 0.8 && (hue < 20 || hue >= 330)) return ['pink', '粉色'];
  if (lightness > 0.85 && hue < 68) return ['beige', '米色'];
  if (lightness < 0.28) return [`dark ${en}`, `深${zh}`];
  return lightness > 0.75 ? [`light ${en}`, `浅${zh}`] : [en, zh];
}
