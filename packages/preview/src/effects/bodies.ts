import { bulge, cover, crack, ease, edges, glow, heart, type Stage, shake, swarm, wash } from './tools.ts';

// Effects that change who is in the picture. The person is taken to stand in its middle, the face a third from the top.

/** Light catches the whole of the subject and muscles swell with each breath. */
export function muscleSurge(stage: Stage): void {
  const breath = 0.5 + 0.5 * Math.sin(stage.atMs / 260);
  cover(stage, { zoom: 1 + 0.04 * stage.share });
  for (const x of [0.36, 0.64]) {
    bulge(stage, { x, y: 0.58, radius: 0.3, amount: stage.share * (0.28 + 0.14 * breath) });
  }
  bulge(stage, { x: 0.5, y: 0.66, radius: 0.32, amount: stage.share * 0.18 });
  wash(stage, '#ff8a3c', { mode: 'soft-light', alpha: 0.55 * stage.share });
  edges(stage, '#2a0f04', { alpha: 0.7 * stage.share });
}

/** Green, swelling and shaking. */
export function hulk(stage: Stage): void {
  const rage = stage.share * ease(0.2, 0.9, stage.share);
  cover(stage, { zoom: 1 + 0.03 * stage.share, ...shake(stage, rage) });
  bulge(stage, { x: 0.5, y: 0.55, radius: 0.62, amount: 0.42 * stage.share });
  wash(stage, '#3fae2a', { mode: 'color', alpha: 0.78 * stage.share });
  wash(stage, '#4c8a24', { mode: 'overlay', alpha: 0.3 * stage.share });
  edges(stage, '#0c2206', { alpha: 0.8 * stage.share });
}

/** Black tendrils grow in from all sides over a picture that loses its colour. */
export function venom(stage: Stage): void {
  const { ctx, w, h, atMs, share } = stage;
  cover(stage, { zoom: 1 + 0.05 * share, ...shake(stage, 0.4 * share) });
  wash(stage, '#101018', { mode: 'saturation', alpha: share });
  wash(stage, '#0a0a12', { mode: 'multiply', alpha: 0.45 * share });
  ctx.save();
  ctx.fillStyle = '#07070b';
  for (let arm = 0; arm < 22; arm += 1) {
    const angle = (arm / 22) * Math.PI * 2 + 0.1 * Math.sin(atMs / 500 + arm * 2);
    const reach = 0.95 - share * (0.5 + 0.16 * Math.sin(arm * 5) + 0.05 * Math.sin(atMs / 230 + arm));
    const point = (r: number, turn: number): [number, number] => [
      w * (0.5 + 0.75 * r * Math.cos(angle + turn)),
      h * (0.5 + 0.75 * r * Math.sin(angle + turn)),
    ];
    ctx.beginPath();
    ctx.moveTo(...point(1.3, -0.2));
    ctx.quadraticCurveTo(...point(0.85, -0.12), ...point(reach, 0.12 * Math.sin(arm)));
    ctx.quadraticCurveTo(...point(0.85, 0.12), ...point(1.3, 0.2));
    ctx.fill();
  }
  ctx.restore();
  glow(stage, '#dfe6ff', { x: 0.5, y: 0.3, size: 0.5, alpha: 0.18 * share });
}

/** Sick colours, dark veins, and a body that no longer keeps still. */
export function zombie(stage: Stage): void {
  const { ctx, share, atMs } = stage;
  const jerk = Math.sin(atMs / 90) > 0.75 ? 1 : 0.15;
  cover(stage, { zoom: 1 + 0.04 * share, ...shake(stage, share * jerk) });
  wash(stage, '#5d7a4a', { mode: 'color', alpha: 0.62 * share });
  wash(stage, '#1d2618', { mode: 'multiply', alpha: 0.4 * share });
  ctx.save();
  ctx.globalAlpha = 0.6 * share;
  for (let vein = 0; vein < 12; vein += 1) {
    const side = vein % 2 === 0 ? 1 : -1;
    const from: [number, number] = [0.5 + side * (0.04 + 0.012 * vein), 0.62];
    const to: [number, number] = [
      0.5 + side * (0.02 + 0.02 * vein),
      0.62 - 0.5 * ease(0.2, 1, share) * (1 - vein / 16),
    ];
    crack(stage, { from, to, colour: vein % 3 === 0 ? '#4a1414' : '#1e2b16', wide: 0.004 });
  }
  ctx.restore();
  edges(stage, '#060a04', { alpha: 0.95 * share, from: 0.3 });
}

/** A large, soft child's face. */
export function babyFace(stage: Stage): void {
  cover(stage);
  bulge(stage, { x: 0.5, y: 0.36, radius: 0.5, amount: 0.34 * stage.share });
  for (const x of [0.44, 0.56]) bulge(stage, { x, y: 0.33, radius: 0.11, amount: 0.3 * stage.share });
  wash(stage, '#ffd9d2', { mode: 'soft-light', alpha: 0.6 * stage.share });
  for (const x of [0.39, 0.61]) glow(stage, '#ff8f9c', { x, y: 0.45, size: 0.13, alpha: 0.45 * stage.share });
}

/** A hand's breadth of shine is wiped over the head from left to right. */
export function baldSwipe(stage: Stage): void {
  const { ctx, w, h, share } = stage;
  cover(stage, { zoom: 1 + 0.03 * share });
  const at = ease(0.1, 0.9, share);
  ctx.save();
  ctx.beginPath();
  ctx.ellipse(w / 2, h * 0.2, Math.min(w, h) * 0.2, Math.min(w, h) * 0.13, 0, Math.PI, 0);
  ctx.clip();
  const skin = ctx.createRadialGradient(w * 0.46, h * 0.11, 0, w / 2, h * 0.2, Math.min(w, h) * 0.22);
  skin.addColorStop(0, '#fff4e6');
  skin.addColorStop(0.25, '#e9b995');
  skin.addColorStop(1, '#b98460');
  ctx.fillStyle = skin;
  ctx.fillRect(0, 0, w * (0.3 + 0.4 * at), h);
  ctx.restore();
  ctx.save();
  ctx.globalAlpha = at > 0 && at < 1 ? 1 : 0;
  ctx.translate(w * (0.3 + 0.4 * at), h * 0.13);
  ctx.rotate(0.3);
  ctx.fillStyle = '#e0ac88';
  ctx.beginPath();
  ctx.ellipse(0, 0, Math.min(w, h) * 0.045, Math.min(w, h) * 0.12, 0, 0, 7);
  ctx.fill();
  ctx.restore();
  glow(stage, '#ffffff', { x: 0.46, y: 0.11, size: 0.1, alpha: ease(0.85, 1, share) });
}

/** Stripes run over the picture and claws follow them. */
export function tigerTouch(stage: Stage): void {
  const { ctx, w, h, share, atMs } = stage;
  cover(stage, { zoom: 1 + 0.06 * share });
  wash(stage, '#ff9a2e', { mode: 'soft-light', alpha: 0.8 * share });
  ctx.save();
  ctx.globalCompositeOperation = 'multiply';
  ctx.fillStyle = 'rgba(30, 14, 4, 0.85)';
  for (let stripe = 0; stripe < 18; stripe += 1) {
    const side = stripe % 2 === 0 ? 0 : 1;
    const y = h * ((stripe + 0.5) / 18);
    const reach = w * (0.16 + 0.1 * Math.sin(stripe * 3)) * ease(stripe / 30, stripe / 30 + 0.4, share);
    const edge = side * w;
    const tip = side === 0 ? edge + reach : edge - reach;
    ctx.beginPath();
    ctx.moveTo(edge, y - h * 0.022);
    ctx.quadraticCurveTo((edge + tip) / 2, y + h * 0.012 * Math.sin(atMs / 300 + stripe), tip, y + h * 0.03);
    ctx.quadraticCurveTo((edge + tip) / 2, y + h * 0.05, edge, y + h * 0.02);
    ctx.fill();
  }
  ctx.restore();
  glow(stage, '#ffc24a', { x: 0.5, y: 0.4, size: 0.6, alpha: 0.35 * share });
}

/** Hearts rise around people who come nearer to each other. */
export function love(kind: 'kiss' | 'kiss-me' | 'hug'): (stage: Stage) => void {
  return (stage) => {
    const { share } = stage;
    cover(stage, { zoom: 1 + 0.1 * share });
    // Drawn in towards the middle, two people come nearer to each other.
    if (kind !== 'kiss-me') bulge(stage, { x: 0.5, y: 0.46, radius: 0.7, amount: -0.2 * share });
    if (kind === 'kiss-me') bulge(stage, { x: 0.5, y: 0.42, radius: 0.34, amount: 0.16 * share });
    wash(stage, kind === 'hug' ? '#ffb36b' : '#ff7fa6', { mode: 'soft-light', alpha: 0.6 * share });
    edges(stage, kind === 'hug' ? '#7a3b10' : '#8a1040', { alpha: 0.45 * share });
    glow(stage, '#ffd9b0', { x: 0.5, y: 0.42, size: 0.7, alpha: (kind === 'hug' ? 0.55 : 0.3) * share });
    const count = kind === 'hug' ? 12 : kind === 'kiss' ? 34 : 22;
    swarm(stage, { count, seconds: 3.2, size: kind === 'kiss-me' ? 0.06 : 0.045 }, (context, mote) => {
      context.rotate(0.3 * Math.sin(mote.turn));
      heart(context, mote.size, mote.index % 3 === 0 ? '#ff4f7d' : '#ff86a8');
    });
  };
}
