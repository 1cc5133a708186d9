import { hex, hsl, luma, mix, saturate, scale } from './colour.ts';
import type { Hour, Light, Palette, Place, Rgb, Style, Weather } from './plan.ts';
import { createRandom, mixSeed } from './random.ts';
import { findValues, table } from './words.ts';

export type PaletteReading = {
  readonly place: Place;
  readonly hour: Hour;
  readonly weather: readonly Weather[];
  readonly lights: readonly Light[];
  readonly style: Style;
  readonly snowy: boolean;
  readonly words: string;
  readonly whole: string;
  readonly variant: number;
};

const row = (colours: string): Palette => {
  const [zenith, sky, horizon, haze, ground, shade, light, accent] = colours.split(' ').map(hex);
  if (!zenith || !sky || !horizon || !haze || !ground || !shade || !light || !accent) {
    throw new Error(`a palette has eight colours: ${colours}`);
  }
  return { zenith, sky, horizon, haze, ground, shade, light, accent };
};

// zenith, sky, horizon, haze, ground, shade, light, accent
const HOURS: Record<Hour, Palette> = {
  dawn: row('#35476f #8a8fb4 #fbcfae #d5b3b6 #716a80 #1a2036 #ffe0b8 #f49c88'),
  day: row('#2c6cb0 #79b0dd #dcecf2 #b4cddd #73915f #172d33 #fff5dc #f2b84b'),
  golden: row('#4c7db4 #e3c49c #ffb960 #f0b270 #95703a #271913 #ffe2a0 #ff9140'),
  sunset: row('#27285a #974775 #ff9d58 #de765f #593247 #150e22 #ffc67e #ff5f6d'),
  dusk: row('#101938 #32446f #cd938a #6a7193 #353f5b #0a0f1f #ffcfa6 #f2936b'),
  night: row('#040918 #0c1a37 #26436f #213a60 #14233c #03060d #d3e2ff #ffb866'),
};
const UNDERWATER = row('#63d3d8 #1788aa #05395f #1a7d9b #0d4560 #021a2b #cbfff1 #ff7d66');
const SPACE = row('#03030b #0a0b21 #1d1644 #2b2058 #3c3567 #020207 #fff1d8 #8a6bff');
const STUDIO = row('#12141a #2a2f39 #606977 #4b5361 #242932 #090a0d #fff3e2 #cfa56a');
const WHITE_STUDIO = row('#c9ccd1 #e2e4e6 #f6f5f2 #e9e8e5 #cfcfce #3a3d44 #ffffff #c98f5a');
const WORKSHOP = row('#0c0705 #25150c #5d321a #714122 #3b2416 #070403 #ffb65c #ff6a1f');
const ROOM: Record<'day' | 'warm' | 'night', Palette> = {
  day: row('#463f3a #7c7267 #b9ab97 #c9bca8 #8b7a64 #1e1a18 #fff4dd #d98b5a'),
  warm: row('#2c1d17 #69452f #b77a48 #cf9458 #7a5030 #170e0a #ffdf9e #ff9a4a'),
  night: row('#0b0f1b #1a2238 #36405c #323d5a #2a2f42 #05070d #ffcf8f #7fa4d6'),
};
const STREET_NIGHT = row('#05060f #0c1126 #25305a #2a3560 #10162a #020309 #ffd9a6 #ff4fa0');

const WHITE_GROUND = /\bwhite background|white backdrop|白色背景/iu;

function basePalette(p: PaletteReading): Palette {
  const dark = p.hour === 'night' || p.hour === 'dusk';
  switch (p.place) {
    case 'underwater':
      return dark ? mapColours(UNDERWATER, (colour) => scale(colour, 0.5)) : UNDERWATER;
    case 'space':
      return SPACE;
    case 'workshop':
      return p.hour === 'day' && !p.lights.includes('molten') ? ROOM.warm : WORKSHOP;
    case 'studio':
      return WHITE_GROUND.test(p.whole) ? WHITE_STUDIO : STUDIO;
    case 'interior':
      return dark ? ROOM.night : p.hour === 'day' ? ROOM.day : ROOM.warm;
    case 'street':
      return dark ? STREET_NIGHT : HOURS[p.hour];
    case 'abstract':
      return harmony(p.variant, dark);
    default:
      return withGround(HOURS[p.hour], p.place);
  }
}

// What the ground is made of, as seen by daylight.
const GROUND: Partial<Record<Place, Rgb>> = {
  desert: hex('#d79a5b'),
  forest: hex('#3f5f38'),
  field: hex('#7f9a45'),
  hills: hex('#6d8a4b'),
  sea: hex('#1f6480'),
  beach: hex('#d9bb8b'),
  lake: hex('#3f7486'),
  mountains: hex('#6b7280'),
};

function withGround(palette: Palette, place: Place): Palette {
  const ground = GROUND[place];
  if (ground === undefined) return palette;
  // The light of the hour lies on it: darker hours leave less of its own colour.
  const lit = scale(ground, 0.25 + 0.75 * (luma(palette.ground) / 140));
  return { ...palette, ground: mix(palette.ground, lit, 0.6), shade: mix(palette.shade, scale(ground, 0.15), 0.3) };
}

/** Colours that agree with each other when no word asks for any. */
function harmony(variant: number, dark: boolean): Palette {
  const random = createRandom(mixSeed(variant, 'harmony'));
  const hue = random.between(0, 360);
  const near = hue + random.pick([28, -28, 40]);
  const opposite = hue + random.pick([180, 150, 205]);
  const depth = dark ? 0.7 : 1;
  return {
    zenith: hsl(hue, 0.55, 0.13 * depth),
    sky: hsl(near, 0.5, 0.3 * depth),
    horizon: hsl(opposite, 0.65, 0.68 * depth),
    haze: hsl(near, 0.4, 0.5 * depth),
    ground: hsl(hue, 0.4, 0.26 * depth),
    shade: hsl(hue, 0.55, 0.06),
    light: hsl(opposite, 0.9, 0.84),
    accent: hsl(near + 180, 0.75, 0.6),
  };
}

const mapColours = (palette: Palette, change: (colour: Rgb) => Rgb): Palette => ({
  zenith: change(palette.zenith),
  sky: change(palette.sky),
  horizon: change(palette.horizon),
  haze: change(palette.haze),
  ground: change(palette.ground),
  shade: change(palette.shade),
  light: change(palette.light),
  accent: change(palette.accent),
});

const INSIDE: readonly Place[] = ['interior', 'workshop', 'studio', 'underwater', 'space', 'abstract'];

function withWeather(palette: Palette, p: PaletteReading): Palette {
  if (INSIDE.includes(p.place)) return palette;
  let result = palette;
  const has = (kind: Weather): boolean => p.weather.includes(kind);
  if (p.snowy) {
    const white = mix(hex('#e6eef8'), result.horizon, 0.3);
    const brightness = 0.25 + 0.75 * (luma(result.horizon) / 235);
    result = {
      ...result,
      ground: mix(result.ground, scale(white, brightness), 0.8),
      haze: mix(result.haze, white, 0.2),
    };
  }
  if (has('rain') || has('storm') || has('cloud')) {
    const grey =
      (share: number, dim: number) =>
      (colour: Rgb): Rgb =>
        scale(saturate(colour, share), dim);
    const calm = mapColours(result, grey(0.55, has('storm') ? 0.62 : 0.84));
    result = { ...calm, light: result.light, accent: result.accent };
  }
  if (has('fog') || has('smoke')) {
    const veil = mix(saturate(result.horizon, 0.6), result.haze, 0.4);
    result = { ...result, haze: veil, horizon: mix(result.horizon, veil, 0.5), sky: mix(result.sky, veil, 0.45) };
  }
  if (has('aurora')) result = { ...result, accent: hex('#53f5b0'), horizon: mix(result.horizon, hex('#2b8a86'), 0.5) };
  if (has('fire')) result = { ...result, accent: hex('#ff7a2a'), horizon: mix(result.horizon, hex('#c8501e'), 0.3) };
  return result;
}

function withLights(palette: Palette, p: PaletteReading): Palette {
  let result = palette;
  if (p.lights.includes('neon')) {
    const tube = createRandom(mixSeed(p.variant, 'neon')).pick([hex('#ff3fa4'), hex('#ff2e88'), hex('#c04bff')]);
    result = {
      ...result,
      light: hex('#7fe9ff'),
      accent: tube,
      horizon: mix(result.horizon, hex('#6a2f8f'), 0.45),
      haze: mix(result.haze, hex('#3d2c78'), 0.5),
    };
  }
  if (p.lights.includes('candle')) result = { ...result, light: hex('#ffc878'), accent: hex('#ff9440') };
  if (p.lights.includes('molten')) {
    result = {
      ...result,
      light: hex('#ffb24d'),
      accent: hex('#ff5a14'),
      horizon: mix(result.horizon, hex('#b04a14'), 0.3),
    };
  }
  return result;
}

const COLOUR_WORDS = table<Rgb>([
  [hex('#d8323c'), 1, 'red|crimson|scarlet|ruby', '红|赤'],
  [hex('#f08a2c'), 1, 'orange|amber|copper', '橙|琥珀'],
  [hex('#f2cf3a'), 1, 'yellow|lemon yellow', '黄(?!昏)'],
  [hex('#e0b04c'), 1, 'gold|golden', '金'],
  [hex('#3fa65a'), 1, 'green|emerald|jade|olive|lime', '绿|翠'],
  [hex('#1fa8a0'), 1, 'teal|turquoise|cyan|aqua', '青|蓝绿'],
  [hex('#2f6fd0'), 1, 'blue|azure|cobalt|indigo|navy', '蓝'],
  [hex('#8a4fd0'), 1, 'purple|violet|lavender|magenta', '紫'],
  [hex('#f286b0'), 1, 'pink|rose|blush', '粉'],
  [hex('#8a5a38'), 1, 'brown|sepia|wooden', '棕|褐'],
  [hex('#eef0f2'), 1, 'white|ivory|pearl', '洁白|雪白|白色'],
  [hex('#15161a'), 1, 'black|obsidian', '漆黑|黑色'],
]);

function withColourWords(palette: Palette, p: PaletteReading): Palette {
  const [first, second] = findValues(COLOUR_WORDS, p.words);
  if (first === undefined) return palette;
  // In an abstract scene the named colours are all there is; elsewhere they tint what the place gives.
  const strength = p.place === 'abstract' ? 0.75 : 0.22;
  const tinted = mapColours(palette, (colour) => {
    const toned = scale(first, Math.min(1.6, 0.15 + luma(colour) / Math.max(40, luma(first))));
    return mix(colour, toned, strength * (p.place === 'abstract' ? 1 : 0.6));
  });
  return {
    ...tinted,
    shade: palette.shade,
    light: mix(palette.light, first, strength * 0.3),
    accent: mix(palette.accent, second ?? first, 0.7),
  };
}

function withStyle(palette: Palette, style: Style): Palette {
  switch (style) {
    case 'noir':
      return mapColours(palette, (colour) => saturate(contrast(colour, 1.2), 0));
    case 'ink': {
      // Paper light, ink dark.
      const paper = hex('#efe9dc');
      const washed = mapColours(palette, (colour) => mix(saturate(colour, 0.15), paper, 0.35 + luma(colour) / 500));
      return { ...washed, shade: hex('#1c1c22'), light: hex('#fffaf0'), accent: hex('#b5382f') };
    }
    case 'pastel':
      return mapColours(palette, (colour) => mix(saturate(colour, 0.85), hex('#fbeef2'), 0.28));
    case 'vivid':
      return mapColours(palette, (colour) => saturate(colour, 1.35));
    case 'vintage':
      return mapColours(palette, (colour) => mix(saturate(colour, 0.65), hex('#b98d57'), 0.2));
    case 'bleak':
      return mapColours(palette, (colour) => scale(saturate(colour, 0.45), 0.82));
    case 'natural':
      return palette;
  }
}

const contrast = (colour: Rgb, factor: number): Rgb => {
  const curve = (value: number): number => Math.min(255, Math.max(0, Math.round(128 + (value - 128) * factor - 8)));
  return [curve(colour[0]), curve(colour[1]), curve(colour[2])];
};

/** The colours of a shot: the hour and the place give them, weather, lights and colour words bend them, the style has
 *  the last word. */
export const createPalette = (p: PaletteReading): Palette =>
  withStyle(withColourWords(withLights(withWeather(basePalette(p), p), p), p), p.style);
