import { bulge, cover, ease, edges, glow, type Stage, shake, swarm, wash } from './tools.ts';

// Effects that change what is around somebody.

/** The picture falls apart into plates that turn over and close again, as metal or as what they were. */
export function plates(kind: 'robot' | 'anything'): (stage: Stage) => void {
  return (stage) => {
    const { ctx, w, h, share, atMs } = stage;
    const [columns, rows] = [10, 7];
    wash(stage, '#0c1016', { mode: 'source-over', alpha: 1 });
    for (let plate = 0; plate < columns * rows; plate += 1) {
      const [column, row] = [plate % columns, Math.floor(plate / columns)];
      const late = ((column * 7 + row * 13) % 17) / 17;
      const turn = ease(late * 0.6, late * 0.6 + 0.4, share);
      // Turns about its own upright axis, once round, and swings out while it does.
      const wide = Math.max(0.04, Math.abs(Math.cos(turn * Math.PI)));
      const [x, y] = [(column + 0.5) / columns, (row + 0.5) / rows];
      const out = 1 + 0.16 * Math.sin(turn * Math.PI);
      ctx.save();
      ctx.translate(w * (0.5 + (x - 0.5) * out), h * (0.5 + (y - 0.5) * out));
      ctx.scale(wide, 1);
      ctx.beginPath();
      ctx.rect(-w / columns / 2, -h / rows / 2, w / columns + 0.5, h / rows + 0.5);
      ctx.clip();
      ctx.translate(-w * x, -h * y);
      cover(stage);
      if (turn > 0.5 && kind === 'robot') metal(stage, x, y);
      ctx.restore();
    }
    if (kind === 'robot') {
      for (const x of [0.45, 0.55]) {
        const pulse = 0.7 + 0.3 * Math.sin(atMs / 200);
        glow(stage, '#4fd8ff', { x, y: 0.34, size: 0.09, alpha: pulse * ease(0.8, 1, share) });
      }
      return;
    }
    wash(stage, `hsl(${(atMs / 12) % 360}, 80%, 60%)`, { mode: 'soft-light', alpha: 0.5 * share });
  };
}

function metal(stage: Stage, x: number, y: number): void {
  const { ctx, w, h } = stage;
  wash(stage, '#8fa2b3', { mode: 'color', alpha: 0.9 });
  wash(stage, '#c9d6e2', { mode: 'hard-light', alpha: 0.18 });
  ctx.strokeStyle = 'rgba(10, 16, 24, 0.8)';
  ctx.lineWidth = Math.min(w, h) * 0.004;
  ctx.strokeRect(w * (x - 0.05), h * (y - 1 / 14), w * 0.1, h / 7);
  ctx.fillStyle = 'rgba(230, 240, 250, 0.6)';
  for (const [dx, dy] of [
    [-0.042, -0.058],
    [0.042, 0.058],
  ] as const) {
    ctx.beginPath();
    ctx.arc(w * (x + dx), h * (y + dy), Math.min(w, h) * 0.005, 0, 7);
    ctx.fill();
  }
}

/** Wings of light open behind the middle of the picture. */
export function holyWings(stage: Stage): void {
  const { ctx, w, h, share, atMs } = stage;
  cover(stage, { zoom: 1 + 0.04 * share, y: -0.015 * share });
  wash(stage, '#ffe9b8', { mode: 'soft-light', alpha: 0.7 * share });
  glow(stage, '#fff3cf', { x: 0.5, y: 0.25, size: 0.85, alpha: 0.5 * share });
  const open = ease(0.1, 0.9, share) + 0.03 * Math.sin(atMs / 380);
  const size = Math.min(w, h);
  ctx.save();
  ctx.globalCompositeOperation = 'screen';
  for (const side of [-1, 1]) {
    for (let feather = 0; feather < 13; feather += 1) {
      const spread = feather / 12;
      ctx.save();
      ctx.translate(w / 2 + side * size * 0.09, h * 0.5);
      ctx.rotate(side * (-0.15 + (1.95 - 1.75 * spread) * open));
      ctx.globalAlpha = 0.62 * share;
      ctx.fillStyle = feather % 2 === 0 ? '#fffdf2' : '#e9dcb8';
      ctx.beginPath();
      ctx.ellipse(0, -size * (0.34 - 0.12 * spread), size * 0.045, size * (0.3 - 0.1 * spread), 0, 0, 7);
      ctx.fill();
      ctx.restore();
    }
  }
  ctx.restore();
  swarm(stage, { count: 26, seconds: -5, size: 0.022 }, (context, mote) => {
    context.rotate(mote.turn);
    context.fillStyle = 'rgba(255, 252, 238, 0.9)';
    context.beginPath();
    context.ellipse(0, 0, mote.size * 0.3, mote.size, 0, 0, 7);
    context.fill();
  });
}

/** The picture turns behind an oven's door, glows, and swells until it is done. */
export function microwave(stage: Stage): void {
  const { ctx, w, h, share, atMs } = stage;
  cover(stage, { zoom: 1 + 0.08 * share, turn: 0.1 * share * Math.sin(atMs / 700) });
  bulge(stage, { x: 0.5, y: 0.5, radius: 0.6, amount: 0.5 * share * share });
  wash(stage, '#ffb347', { mode: 'soft-light', alpha: share * (0.7 + 0.2 * Math.sin(atMs / 60)) });
  const frame = ease(0, 0.35, share);
  const [left, top] = [w * 0.06 * frame, h * 0.07 * frame];
  const [wide, tall] = [w * (1 - 0.3 * frame), h * (1 - 0.14 * frame)];
  ctx.save();
  ctx.beginPath();
  ctx.rect(0, 0, w, h);
  ctx.roundRect(left, top, wide, tall, h * 0.04 * frame);
  ctx.fillStyle = '#23262b';
  ctx.fill('evenodd');
  ctx.globalAlpha = 0.2 * frame;
  ctx.fillStyle = '#000000';
  const dot = Math.max(2, h / 90);
  for (let y = top; y < top + tall; y += dot * 2) {
    for (let x = left; x < left + wide; x += dot * 2) ctx.fillRect(x, y, dot * 0.8, dot * 0.8);
  }
  ctx.globalAlpha = frame;
  ctx.fillStyle = '#0d1a12';
  ctx.fillRect(w * 0.8, h * 0.14, w * 0.15, h * 0.1);
  ctx.fillStyle = '#54ff8a';
  // Four bars that count down.
  const left4 = Math.ceil((1 - share) * 4);
  for (let bar = 0; bar < left4; bar += 1) ctx.fillRect(w * (0.815 + 0.032 * bar), h * 0.165, w * 0.02, h * 0.05);
  ctx.restore();
}

/** The picture becomes a figure's card on a stand, in front of its box. */
export function figurine(stage: Stage): void {
  const { ctx, picture, w, h, share, atMs } = stage;
  const small = ease(0.05, 0.8, share);
  const desk = ctx.createLinearGradient(0, 0, 0, h);
  desk.addColorStop(0, '#cfd8dd');
  desk.addColorStop(0.62, '#e9ecec');
  desk.addColorStop(0.63, '#a9835e');
  desk.addColorStop(1, '#7d5a3c');
  ctx.fillStyle = desk;
  ctx.fillRect(0, 0, w, h);
  const size = Math.min(w, h);
  const box = (x: number, scale: number, alpha: number, turn: number): void => {
    const tall = size * 0.62 * scale;
    const wide = Math.min(tall * (picture.width / picture.height), w * 0.4);
    ctx.save();
    ctx.globalAlpha = alpha;
    ctx.translate(x, h * 0.52);
    ctx.scale(turn, 1);
    ctx.fillStyle = '#d8402f';
    ctx.fillRect(-wide * 0.62, -tall * 0.62, wide * 1.24, tall * 1.24);
    ctx.drawImage(picture, -wide / 2, -tall / 2, wide, tall);
    ctx.restore();
  };
  box(w * 0.76, 0.86, small, 1);
  ctx.fillStyle = `rgba(30, 32, 36, ${0.9 * small})`;
  ctx.beginPath();
  ctx.ellipse(w * 0.36, h * 0.83, size * 0.24, size * 0.055, 0, 0, 7);
  ctx.fill();
  const scale =
    Math.max(w / picture.width, h / picture.height) * (1 - small) + ((size * 0.66) / picture.height) * small;
  ctx.save();
  ctx.translate(w * (0.5 - 0.14 * small), h / 2);
  ctx.scale(scale * (1 - small + small * (0.82 + 0.18 * Math.cos(atMs / 700))), scale);
  ctx.shadowColor = `rgba(0, 0, 0, ${0.5 * small})`;
  ctx.shadowBlur = 24 * small;
  ctx.drawImage(picture, -picture.width / 2, -picture.height / 2);
  ctx.restore();
}

/** Clouds and fire gather and a golden ring closes in: the Monkey King's entrance. */
export function wukong(stage: Stage): void {
  const { ctx, w, h, share, atMs } = stage;
  cover(stage, { zoom: 1 + 0.08 * share });
  wash(stage, '#c9772a', { mode: 'overlay', alpha: 0.5 * share });
  edges(stage, '#1c0a02', { alpha: 0.9 * share, from: 0.3 });
  const size = Math.min(w, h);
  ctx.save();
  ctx.globalCompositeOperation = 'screen';
  ctx.strokeStyle = '#ffcc55';
  for (let ring = 0; ring < 3; ring += 1) {
    ctx.globalAlpha = share * (0.8 - 0.2 * ring);
    ctx.lineWidth = size * (0.018 - 0.004 * ring);
    ctx.beginPath();
    ctx.ellipse(w / 2, h * 0.5, size * (0.75 - 0.3 * share + 0.03 * ring), size * 0.12, atMs / 900 + ring, 0, 7);
    ctx.stroke();
  }
  ctx.restore();
  swarm(stage, { count: 60, seconds: 1.8, size: 0.016 }, (context, mote) => {
    context.globalCompositeOperation = 'screen';
    context.fillStyle = mote.index % 3 === 0 ? '#ff6a1f' : '#ffd16a';
    context.beginPath();
    context.arc(0, 0, mote.size * 0.5, 0, 7);
    context.fill();
  });
}

/** It drops out of the picture, hits the ground, and everything shakes. */
export function boomDrop(stage: Stage): void {
  const { share, atMs } = stage;
  const fall = ease(0.15, 0.45, share);
  const hit = share > 0.45 ? Math.exp(-(share - 0.45) * 6) : 0;
  wash(stage, '#15110e', { mode: 'source-over', alpha: 1 });
  const drop = share < 0.45 ? -0.25 * Math.sin(fall * Math.PI) : 0.05 * hit * Math.sin(atMs / 40);
  cover(stage, {
    zoom: 1 + 0.12 * ease(0, 0.15, share) + 0.25 * hit,
    y: drop,
    x: shake(stage, 3 * hit).x,
    turn: shake(stage, 4 * hit).turn,
  });
  glow(stage, '#ffd7a0', { x: 0.5, y: 0.9, size: 1.1, alpha: 0.9 * hit });
  if (share > 0.45) {
    swarm({ ...stage, share: Math.min(1, share * 1.3) }, { count: 50, seconds: 1.3, size: 0.05 }, (context, mote) => {
      context.globalAlpha *= 0.35;
      context.fillStyle = '#b7a894';
      context.beginPath();
      context.arc(0, 0, mote.size, 0, 7);
      context.fill();
    });
  }
}

/** Red light, green light, and the three shapes of the guards. */
export function squidGame(stage: Stage): void {
  const { ctx, w, h, share, atMs } = stage;
  const isRed = Math.floor(atMs / 1100) % 2 === 1;
  cover(stage, { zoom: 1 + 0.05 * share, ...(isRed ? {} : { x: 0.006 * Math.sin(atMs / 120) }) });
  wash(stage, isRed ? '#e0184a' : '#1fa37a', { mode: 'color', alpha: 0.55 * share });
  edges(stage, '#140208', { alpha: 0.85 * share });
  const size = Math.min(w, h) * 0.075;
  ctx.save();
  ctx.globalAlpha = share;
  ctx.strokeStyle = '#ffffff';
  ctx.lineWidth = size * 0.16;
  const [x, y, apart] = [w / 2, h * 0.13, size * 3];
  ctx.beginPath();
  ctx.arc(x - apart, y, size, 0, 7);
  ctx.moveTo(x, y - size);
  ctx.lineTo(x + size, y + size * 0.85);
  ctx.lineTo(x - size, y + size * 0.85);
  ctx.closePath();
  ctx.rect(x + apart - size * 0.9, y - size * 0.9, size * 1.8, size * 1.8);
  ctx.stroke();
  ctx.restore();
}
