/** Something that is not installed, or that the preview renderer does not do. The message says what would help. */
export class Unavailable extends Error {
  override readonly name = 'Unavailable';
}
