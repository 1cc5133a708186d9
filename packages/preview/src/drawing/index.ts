// Plan to frames. `createPainter` draws everything but the mark, which the caller adds last with `drawMark`.
export type { Painter, PainterOptions, Picture } from './painting.ts';
