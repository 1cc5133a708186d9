import sharp from 'sharp';

// The only door to the library that writes and enlarges pictures. A child makes one picture after another, never the
// same twice: what libvips would keep is memory lost.
sharp.cache(false);

export { sharp };
