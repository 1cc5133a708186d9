import { type Canvas, createCanvas, type Image } from '@napi-rs/canvas';

const WINDOW = 8;

/** Structural similarity of two pictures (Wang et al. 2004), mean over 8x8 windows of brightness: 1 is the same. The
 *  second picture is cut to cover the first one's shape, as the renderer cuts a caller's picture. */
export function similarity(shown: Canvas | Image, given: Canvas | Image): number {
  const { width, height } = shown;
  const [a, b] = [brightness(shown, { width, height }), brightness(given, { width, height })];
  let [sum, count] = [0, 0];
  for (let y = 0; y + WINDOW <= height; y += WINDOW) {
    for (let x = 0; x + WINDOW <= width; x += WINDOW) {
      sum += compareWindow(a, b, { x, y, width });
      count += 1;
    }
  }
  return sum / count;
}

function brightness(picture: Canvas | Image, size: { width: number; height: number }): Float64Array {
  const context = createCanvas(size.width, size.height).getContext('2d');
  const scale = Math.max(size.width / picture.width, size.height / picture.height);
  const [wide, tall] = [picture.width * scale, picture.height * scale];
  context.imageSmoothingQuality = 'high';
  context.drawImage(picture, (size.width - wide) / 2, (size.height - tall) / 2, wide, tall);
  const { data } = context.getImageData(0, 0, size.width, size.height);
  return Float64Array.from({ length: size.width * size.height }, (_, at) => {
    return 0.2126 * (data[at * 4] ?? 0) + 0.7152 * (data[at * 4 + 1] ?? 0) + 0.0722 * (data[at * 4 + 2] ?? 0);
  });
}

function compareWindow(a: Float64Array, b: Float64Array, p: { x: number; y: number; width: number }): number {
  let [sumA, sumB, squareA, squareB, product] = [0, 0, 0, 0, 0];
  for (let dy = 0; dy < WINDOW; dy += 1) {
    for (let dx = 0; dx < WINDOW; dx += 1) {
      const at = (p.y + dy) * p.width + p.x + dx;
      const [va, vb] = [a[at] ?? 0, b[at] ?? 0];
      sumA += va;
      sumB += vb;
      squareA += va * va;
      squareB += vb * vb;
      product += va * vb;
    }
  }
  const n = WINDOW * WINDOW;
  const [meanA, meanB] = [sumA / n, sumB / n];
  const [varianceA, varianceB, covariance] = [
    squareA / n - meanA ** 2,
    squareB / n - meanB ** 2,
    product / n - meanA * meanB,
  ];
  const [c1, c2] = [6.5025, 58.5225];
  const same = (2 * meanA * meanB + c1) * (2 * covariance + c2);
  return same / ((meanA ** 2 + meanB ** 2 + c1) * (varianceA + varianceB + c2));
}
