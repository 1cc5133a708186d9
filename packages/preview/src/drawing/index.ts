// Plan to frames. `createPainter` draws everything but the mark, which the caller adds last with `drawMark`.
export { drawMark, paintMark } from './mark.ts';
export { createPainter } from './painter.ts';
export type { Painter, Picture } from './painting.ts';
