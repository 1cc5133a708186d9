import { createCanvas } from '@napi-rs/canvas';
import { css } from '../storyboard/colour.ts';
import { bokeh } from './places/beyond.ts';
import { isDark } from './places/city.ts';
import { type Box, fullBox, type Kit, type Layer, type Setting } from './sheet.ts';

/** How much nearer a close shot looks at what is behind its subject. */
const NEARER = 1.3;
/** The width, in pixels, to which a background is shrunk: what survives is what a wide-open lens would leave. */
const BLUR_COLUMNS = 72;

/** The same place seen past a near subject: everything behind melts into one soft picture, lights into discs. */
export function defocus(kit: Kit, setting: Setting): Setting {
  const { w, h } = kit;
  const nearer = (x: number, y: number) => ({ x: w / 2 + (x - w / 2) * NEARER, y: h / 2 + (y - h / 2) * NEARER });
  const light = nearer(setting.lightX, setting.lightY);
  const bright = isDark(kit) || kit.scene.lights.length > 0 || kit.scene.place === 'workshop';
  const discs = Array.from({ length: bright ? 6 : 2 }, (_, index) => bokeh(kit, index));
  const shelf = setting.shelf;
  return {
    layers: [flatten(kit, setting.layers), ...discs],
    front: [],
    floorY: Math.max(setting.floorY, h * 0.94),
    lightX: light.x,
    lightY: light.y,
    ...(shelf !== undefined && { shelf: { layer: shelf.layer, y: shelf.y } }),
  };
}

function flatten(kit: Kit, layers: readonly Layer[]): Layer {
  const { w, h } = kit;
  const box = fullBox(kit);
  const lines = Math.max(2, Math.round((BLUR_COLUMNS * box.h) / box.w));
  // Halving again and again averages every pixel; one great step down would pick some and drop the rest.
  let canvas = createCanvas(BLUR_COLUMNS * 8, lines * 8);
  const ctx = canvas.getContext('2d');
  ctx.scale(canvas.width / box.w, canvas.height / box.h);
  ctx.translate(-box.x, -box.y);
  ctx.fillStyle = css(kit.palette.shade);
  ctx.fillRect(box.x, box.y, box.w, box.h);
  for (const layer of layers) {
    ctx.globalCompositeOperation = layer.blend;
    ctx.globalAlpha = layer.alpha;
    const to: Box = {
      x: w / 2 + (layer.x - w / 2) * NEARER,
      y: h / 2 + (layer.y - h / 2) * NEARER,
      w: layer.w * NEARER,
      h: layer.h * NEARER,
    };
    ctx.imageSmoothingQuality = 'medium';
    ctx.drawImage(layer.canvas, to.x, to.y, to.w, to.h);
  }
  for (const factor of [0.5, 0.5, 0.5, 3, 2]) {
    const next = createCanvas(
      Math.max(2, Math.round(canvas.width * factor)),
      Math.max(2, Math.round(canvas.height * factor)),
    );
    const step = next.getContext('2d');
    step.imageSmoothingQuality = factor < 1 ? 'low' : 'high';
    step.drawImage(canvas, 0, 0, next.width, next.height);
    canvas = next;
  }
  return { ...box, canvas, depth: 0.25, smooth: true, snap: false, blend: 'source-over', alpha: 1 };
}
