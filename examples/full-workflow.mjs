// A chain of four endpoints: each takes what the one before has made. Addresses of results are addresses of files, so
// nothing has to be downloaded and uploaded again.
import { save, submit, waitFor } from './client.mjs';

const run = async (endpoint, body) => {
  const [result] = await waitFor(await submit(endpoint, body));
  console.log(`${endpoint}: ${result.outputType}`);
  return result;
};

const still = await run('seedream-v4/text-to-image', {
  prompt: 'A red kite over a green hill, morning light.',
  resolution: '1k',
});
const clip = await run('kling-v2.5-turbo-std/image-to-video', {
  prompt: 'The kite climbs; the camera tilts up with it.',
  firstImageUrl: still.url,
  duration: '5',
});
const longer = await run('alibaba/wan-2.7/video-extend', {
  prompt: 'The wind turns and the kite dives.',
  videoUrl: clip.url,
  duration: '7',
  resolution: '720P',
});
const voice = await run('rhart-audio/text-to-audio/speech-02-turbo', {
  text: 'Up, up, and then the wind changed its mind.',
  voice_id: 'Wise_Woman',
  enable_base64_output: false,
  english_normalization: false,
});
console.log(`saved ${await save(longer, 'full-workflow')} and ${await save(voice, 'full-workflow')}`);
