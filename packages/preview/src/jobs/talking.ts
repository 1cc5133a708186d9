import type { SKRSContext2D } from '@napi-rs/canvas';

/** Draws a face that speaks. `open` is 0 for closed lips to 1 for a shout; `blink` 0 to 1. `size` is its diameter. */
export function drawTalkingFace(
  context: SKRSContext2D,
  p: { x: number; y: number; size: number; open: number; blink: number; skin: string },
): void {
  const unit = p.size / 2;
  context.save();
  context.translate(p.x, p.y);
  context.scale(unit, unit);
  disc(context, { x: 0, y: 0.05, rx: 1.05, ry: 1.05, fill: 'rgba(0, 0, 0, 0.3)' });
  disc(context, { x: 0, y: 0, rx: 1, ry: 1, fill: p.skin });
  for (const x of [-0.36, 0.36]) {
    disc(context, { x, y: -0.22, rx: 0.13, ry: 0.15 * (1 - p.blink) + 0.012, fill: '#2b2230' });
  }
  context.strokeStyle = '#2b2230';
  context.lineWidth = 0.05;
  context.lineCap = 'round';
  context.beginPath();
  context.ellipse(0, -0.02, 0.1, 0.1, 0, 0.25 * Math.PI, 0.75 * Math.PI);
  context.stroke();
  drawMouth(context, p.open);
  context.restore();
}

function drawMouth(context: SKRSContext2D, open: number): void {
  const [rx, ry] = [0.3 - 0.06 * open, 0.035 + 0.26 * open];
  disc(context, { x: 0, y: 0.42, rx, ry, fill: '#5a1f2b' });
  context.save();
  context.beginPath();
  context.ellipse(0, 0.42, rx, ry, 0, 0, 2 * Math.PI);
  context.clip();
  context.fillStyle = '#f6efe6';
  context.fillRect(-0.3, 0.42 - ry, 0.6, 0.07 * open);
  disc(context, { x: 0, y: 0.42 + ry, rx: 0.2, ry: 0.12 * open, fill: '#c8616b' });
  context.restore();
}

function disc(context: SKRSContext2D, p: { x: number; y: number; rx: number; ry: number; fill: string }): void {
  context.fillStyle = p.fill;
  context.beginPath();
  context.ellipse(p.x, p.y, p.rx, p.ry, 0, 0, 2 * Math.PI);
  context.fill();
}

/** How shut the eyes are at a moment: a blink of 160 ms about every 3 s. */
export function blinkAt(atMs: number): number {
  const phase = (atMs + 700) % 3100;
  return phase < 160 ? Math.sin((phase / 160) * Math.PI) : 0;
}

/** Draws the loudness of a sound as bars along the lower edge, the part that has been heard brighter. */
export function drawLevels(context: SKRSContext2D, p: { levels: Float32Array; fraction: number }): void {
  const { width, height } = context.canvas;
  const bars = 64;
  const step = (width * 0.86) / bars;
  for (let bar = 0; bar < bars; bar += 1) {
    const level = p.levels[Math.floor((bar * p.levels.length) / bars)] ?? 0;
    const tall = height * (0.004 + 0.05 * level);
    context.fillStyle = bar / bars <= p.fraction ? 'rgba(255, 255, 255, 0.85)' : 'rgba(255, 255, 255, 0.3)';
    context.fillRect(width * 0.07 + bar * step, height * 0.93 - tall / 2, step * 0.55, tall);
  }
}
