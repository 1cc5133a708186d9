import { type Input, validate } from '@reelay/catalog';
import { findDefinition } from '@reelay/standin';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Job } from '../provider.ts';
import { openScene, type Scene } from '../testing/scene.ts';
import { fal } from './fal.ts';

const standin = findDefinition('fal');
if (standin === undefined) throw new Error('there is no stand-in for fal');

let scene: Scene;
beforeAll(async () => {
  scene = await openScene({
    type: fal,
    standin,
    settings: { loraUrl: 'https://loras.example.com/mine' },
    isInProcess: true,
  });
});
afterAll(() => scene.close());

/** The model that was asked for, and with what. The stand-in refuses what the model does not take. */
async function sent(id: string, input: Input, more: Partial<Job> = {}): Promise<{ model: string; body: unknown }> {
  const job = scene.jobOf(id, input, more);
  expect(validate(job.endpoint, input)).toMatchObject({ ok: true });
  expect(scene.provider.refuses?.(job)).toEqual([]);
  await scene.submit(job);
  const { path = '', body } = scene.standin.control.requests.at(-1) ?? {};
  return { model: path.slice(1), body };
}
const [png, mp4] = ['https://example.com/a.png', 'https://example.com/a.mp4'];
/** Where fal fetches the file of a parameter. */
const file = (name: string, index = 0, extension = 'png'): string =>
  `https://files.reelay.test/asset_${name}_${index}.${extension}`;

// biome-ignore format: a case a row
test.each<[string, string, Input, string, unknown]>([
  // Frames, by the version of the model.
  [
    'kling 2.5 calls frames image and tail',
    'kling-v2.5-turbo-pro/image-to-video',
    { prompt: 'a kite', duration: '10', guidanceScale: 0.7, firstImageUrl: png, lastImageUrl: png },
    'fal-ai/kling-video/v2.5-turbo/pro/image-to-video',
    { prompt: 'a kite', duration: '10', cfg_scale: 0.7, image_url: file('firstImageUrl'), tail_image_url: file('lastImageUrl') },
  ],
  [
    'kling 3 calls frames start and end',
    'kling-v3.0-pro/image-to-video',
    { prompt: 'a kite', duration: '7', cfgScale: 0.25, sound: false, firstImageUrl: png, lastImageUrl: png },
    'fal-ai/kling-video/v3/pro/image-to-video',
    { prompt: 'a kite', duration: '7', cfg_scale: 0.25, generate_audio: false, start_image_url: file('firstImageUrl'), end_image_url: file('lastImageUrl') },
  ],
  [
    'kling o3 calls frames image and end',
    'kling-video-o3-std/image-to-video',
    { prompt: 'a kite', duration: 4, sound: false, firstImageUrl: png, lastImageUrl: png },
    'fal-ai/kling-video/o3/standard/image-to-video',
    { prompt: 'a kite', duration: '4', generate_audio: false, image_url: file('firstImageUrl'), end_image_url: file('lastImageUrl') },
  ],
  [
    'kling o1 has a path for the plainer mode, and other marks in the prompt',
    'kling-video-o1-std/refrence-to-video',
    { prompt: '<<<image_2>>> beside <<<image_1>>>', mode: 'std', keepOriginalSound: false, duration: '5', aspectRatio: '9:16', videoUrl: mp4, imageUrls: [png, png] },
    'fal-ai/kling-video/o1/standard/video-to-video/reference',
    { prompt: '@Image2 beside @Image1', keep_audio: false, duration: '5', aspect_ratio: '9:16', video_url: file('videoUrl', 0, 'mp4'), image_urls: [file('imageUrls'), file('imageUrls', 1)] },
  ],
  [
    'kling o3 with a clip is a model of its own',
    'kling-video-o3-pro/reference-to-video',
    { prompt: 'like <<<video_1>>>', duration: 5, aspectRatio: '1:1', videoUrl: mp4, keepOriginalSound: true, sound: false, imageUrls: [png] },
    'fal-ai/kling-video/o3/pro/video-to-video/reference',
    { prompt: 'like @Video1', duration: '5', aspect_ratio: '1:1', keep_audio: true, video_url: file('videoUrl', 0, 'mp4'), image_urls: [file('imageUrls')] },
  ],
  [
    'shots that the caller cuts stand in place of the prompt',
    'kling-video-o3-4k/text-to-video',
    { prompt: 'unused', duration: 5, sound: false, multiShot: true, shotType: 'customize', multiPrompt: [{ index: 2, prompt: 'two', duration: '3' }, { index: 1, prompt: 'one', duration: '2' }] },
    'fal-ai/kling-video/o3/4k/text-to-video',
    { duration: '5', aspect_ratio: '16:9', generate_audio: false, shot_type: 'customize', multi_prompt: [{ prompt: 'one', duration: '2' }, { prompt: 'two', duration: '3' }] },
  ],
  [
    'shots that the model cuts have another word',
    'kling-v3.0-std/text-to-video',
    { prompt: 'a kite', duration: '5', multiShot: true, shotType: 'intelligence', sound: true },
    'fal-ai/kling-video/v3/standard/text-to-video',
    { prompt: 'a kite', duration: '5', aspect_ratio: '16:9', cfg_scale: 0.5, generate_audio: true, shot_type: 'intelligent' },
  ],
  [
    'motion control',
    'kling-v3.0-pro/motion-control',
    { imageUrl: png, videoUrl: mp4, characterOrientation: 'image', keepOriginalSound: false },
    'fal-ai/kling-video/v3/pro/motion-control',
    { image_url: file('imageUrl'), video_url: file('videoUrl', 0, 'mp4'), character_orientation: 'image', keep_original_sound: false },
  ],
  [
    'veo with a first frame, in seconds with their unit',
    'rhart-video-v3.1-pro-official/image-to-video',
    { prompt: 'a kite', imageUrl: png, duration: '8', resolution: '1080p', aspectRatio: '16:9', generateAudio: true },
    'fal-ai/veo3.1/image-to-video',
    { prompt: 'a kite', image_url: file('imageUrl'), duration: '8s', resolution: '1080p', aspect_ratio: '16:9', generate_audio: true },
  ],
  [
    'veo with both frames is a model of its own',
    'rhart-video-v3.1-pro-official/image-to-video',
    { prompt: 'a kite', imageUrl: png, lastImageUrl: png, duration: '4', resolution: '720p', aspectRatio: '16:9', generateAudio: false },
    'fal-ai/veo3.1/first-last-frame-to-video',
    { prompt: 'a kite', first_frame_url: file('imageUrl'), last_frame_url: file('lastImageUrl'), duration: '4s', resolution: '720p', aspect_ratio: '16:9', generate_audio: false },
  ],
  [
    'veo with several pictures',
    'rhart-video-v3.1-pro-official/reference-to-video',
    { prompt: 'a kite', imageUrls: [png, png], resolution: '720p', generateAudio: true },
    'fal-ai/veo3.1/reference-to-video',
    { prompt: 'a kite', image_urls: [file('imageUrls'), file('imageUrls', 1)], resolution: '720p', generate_audio: true },
  ],
  [
    'hailuo without a picture is a model of its own',
    'minimax/hailuo-02/standard',
    { prompt: 'a kite', duration: '10', enablePromptExpansion: false },
    'fal-ai/minimax/hailuo-02/standard/text-to-video',
    { prompt: 'a kite', duration: '10', prompt_optimizer: false },
  ],
  [
    'seedance leaves the shape to the model in other words',
    'bytedance/seedance-2.0-global/image-to-video',
    { prompt: 'a kite', firstFrameUrl: png, lastFrameUrl: png, duration: '6', ratio: 'adaptive', resolution: 'native1080p', generateAudio: true },
    'bytedance/seedance-2.0/image-to-video',
    { prompt: 'a kite', image_url: file('firstFrameUrl'), end_image_url: file('lastFrameUrl'), duration: '6', aspect_ratio: 'auto', resolution: '1080p', generate_audio: true },
  ],
  [
    'wan splits a size in two, and has a switch for shots',
    'alibaba/wan-2.6/text-to-video',
    { prompt: 'a kite', resolution: '1280*720', duration: '10', shotType: 'multi' },
    'wan/v2.6/text-to-video',
    { prompt: 'a kite', aspect_ratio: '16:9', resolution: '720p', duration: '10', multi_shots: true },
  ],
  [
    'the open weights of wan count frames',
    'rhart-video/wan-2.2/text-to-video',
    { prompt: 'a kite', negative_prompt: 'rain', resolution: '480×832', duration: '8' },
    'fal-ai/wan/v2.2-a14b/text-to-video',
    { prompt: 'a kite', negative_prompt: 'rain', aspect_ratio: '9:16', resolution: '480p', num_frames: 129 },
  ],
  [
    'pixverse effects that are two here are one there',
    'pixverse-v5.5-effects',
    { imageUrl: png, effect: 'Robot', resolution: '720p', duration: '5' },
    'fal-ai/pixverse/v5.5/effects',
    { image_url: file('imageUrl'), effect: 'Anything, Robot', resolution: '720p', duration: '5', thinking_type: 'auto' },
  ],
  [
    'ltx wants sides and 8k + 1 frames',
    'rhart-video/ltx-2.3/text-to-video-lora',
    { prompt: 'a kite', resolution: '720p', aspectRatio: '9:16', duration: 5, lora1: 'felt.safetensors', lora1_strength_model: 0.8, lora2: 'https://example.com/b.safetensors', lora2_strength_model: 1, lora3: 'off.safetensors' },
    'fal-ai/ltx-2.3-22b/text-to-video/lora',
    {
      prompt: 'a kite', video_size: { width: 720, height: 1280 }, fps: 24, num_frames: 121,
      loras: [{ path: 'https://loras.example.com/mine/felt.safetensors', scale: 0.8 }, { path: 'https://example.com/b.safetensors', scale: 1 }],
    },
  ],
  [
    'a clip that is made larger, by as much as it is too small',
    'topazlabs/video-upscale',
    { videoUrl: mp4, targetResolution: '4k', targetFps: '60' },
    'fal-ai/topaz/upscale/video',
    { video_url: file('videoUrl', 0, 'mp4'), upscale_factor: 3, target_fps: 60 },
  ],
  [
    'a picture that is made larger, by a model in words',
    'topazlabs/image-upscale-high-fidelity-v2',
    { imageUrl: png, scale: '4x', faceEnhancement: true, faceEnhancementStrength: 0.5 },
    'fal-ai/topaz/upscale/image',
    { image_url: file('imageUrl'), upscale_factor: 4, model: 'High Fidelity V2', subject_detection: 'All', face_enhancement: true, face_enhancement_creativity: 0, face_enhancement_strength: 0.5 },
  ],
  [
    'lines of a clip in their own words',
    'rhart-video/video-upscaler',
    { videoUrl: mp4, targetResolution: '2k' },
    'fal-ai/seedvr/upscale/video',
    { video_url: file('videoUrl', 0, 'mp4'), upscale_mode: 'target', target_resolution: '1440p' },
  ],
  [
    'more frames between frames',
    'rhart-video/video-fps-increaser',
    { videoUrl: mp4 },
    'fal-ai/rife/video',
    { video_url: file('videoUrl', 0, 'mp4'), num_frames: 1, use_calculated_fps: true },
  ],
  // Pictures.
  [
    'a ratio is sides, and a custom one its own',
    'rhart-image/f-2-dev/text-to-image-lora',
    { prompt: 'a kite', aspectRatio: 'custom', customWidth: 800, customHight: 600, lora: 'paper.safetensors', lora_strength: 0.5, outputFormat: 'webp(lossless)' },
    'fal-ai/flux-2/lora',
    { prompt: 'a kite', image_size: { width: 800, height: 600 }, output_format: 'webp', loras: [{ path: 'https://loras.example.com/mine/paper.safetensors', scale: 0.5 }] },
  ],
  [
    'seedream by sides, or by its resolution',
    'seedream-v4.5/text-to-image',
    { prompt: 'a kite', width: 2048, height: 1536, sequentialImageGeneration: 'auto', maxImages: 3 },
    'fal-ai/bytedance/seedream/v4.5/text-to-image',
    { prompt: 'a kite', image_size: { width: 2048, height: 1536 }, max_images: 3 },
  ],
  [
    'a resolution that overrides sides',
    'seedream-v4.5/image-to-image',
    { prompt: 'a kite', imageUrls: [png], width: 1024, height: 1024, resolution: '4k' },
    'fal-ai/bytedance/seedream/v4.5/edit',
    { prompt: 'a kite', image_urls: [file('imageUrls')], image_size: 'auto_4K' },
  ],
  [
    'gpt-image 2 takes the sides of ratio and resolution together',
    'rhart-image-g-2/text-to-image',
    { prompt: 'a kite', aspectRatio: '16:9', resolution: '4k' },
    'openai/gpt-image-2',
    { prompt: 'a kite', image_size: { width: 3840, height: 2160 } },
  ],
  [
    'gpt-image 1.5 takes one of three',
    'rhart-image-g-1.5/text-to-image',
    { prompt: 'a kite', aspectRatio: '3:2' },
    'fal-ai/gpt-image-1.5',
    { prompt: 'a kite', image_size: '1536x1024' },
  ],
  [
    'nano banana writes resolutions in capitals',
    'rhart-image-n-pro/edit',
    { prompt: 'a kite', imageUrls: [png, png], aspectRatio: '4:3', resolution: '2k' },
    'fal-ai/nano-banana-pro/edit',
    { prompt: 'a kite', image_urls: [file('imageUrls'), file('imageUrls', 1)], aspect_ratio: '4:3', resolution: '2K' },
  ],
  [
    'kontext calls a ratio a mode',
    'rhart-video/f-kontext/dev-lora',
    { prompt: 'a kite', imageUrl: png, aspectRatio: '3:4', lora: 'owner/name', lora_strength: 1 },
    'fal-ai/flux-kontext-lora',
    { prompt: 'a kite', image_url: file('imageUrl'), resolution_mode: '3:4', output_format: 'png', loras: [{ path: 'owner/name', scale: 1 }] },
  ],
  // Sound.
  [
    'how a voice speaks is an object',
    'rhart-audio/text-to-audio/speech-2.8-hd',
    { text: 'Hello', voice_id: 'Wise_Woman', speed: 1.5, volume: 2, pitch: -3, emotion: 'happy', english_normalization: true, enable_base64_output: false, pronunciation_dict: ['omg/oh my god'] },
    'fal-ai/minimax/speech-2.8-hd',
    { prompt: 'Hello', output_format: 'url', voice_setting: { voice_id: 'Wise_Woman', speed: 1.5, vol: 2, pitch: -3, emotion: 'happy', english_normalization: true }, pronunciation_dict: { tone_list: ['omg/oh my god'] } },
  ],
  [
    'older voices call the prompt a text, and a voice of ours has an id of theirs',
    'rhart-audio/text-to-audio/speech-02-turbo',
    { text: 'Hello', voice_id: '1900000000000000001', english_normalization: false, enable_base64_output: false },
    'fal-ai/minimax/speech-02-turbo',
    { text: 'Hello', output_format: 'url', voice_setting: { voice_id: '800000000000000001', speed: 1, vol: 1, pitch: 0, emotion: 'happy', english_normalization: false } },
  ],
  [
    'how music is packed is an object',
    'rhart-audio/text-to-audio/music-2.5',
    { prompt: 'sea shanty', lyrics: 'la la la la la la', bitrate: '128000', sampleRate: '44100' },
    'fal-ai/minimax-music/v2.5',
    { prompt: 'sea shanty', lyrics: 'la la la la la la', audio_setting: { bitrate: 128_000, sample_rate: 44_100 } },
  ],
  [
    'speech of a face',
    'kling-lip-sync/tts',
    { text: 'Hello', voiceId: 'calm_story1', voiceLanguage: 'en', voiceSpeed: 1.2 },
    'fal-ai/kling-video/v1/tts',
    { text: 'Hello', voice_id: 'calm_story1', voice_speed: 1.2 },
  ],
  [
    'pictures that are parameters of their own',
    'rhart-image/qwen-image/edit-2511',
    { prompt: 'a kite', imageUrl: png, imageUrl3: png, aspectRatio: '3:4', outputFormat: 'jpeg' },
    'fal-ai/qwen-image-edit-2511',
    { prompt: 'a kite', image_urls: [file('imageUrl'), file('imageUrl3')], image_size: { width: 864, height: 1152 }, output_format: 'jpeg' },
  ],
  [
    'happyhorse refers to pictures',
    'alibaba/happyhorse-1.0/reference-to-video',
    { prompt: 'a kite', resolution: '720p', duration: '7', imageUrls: [png, png], aspectRatio: '4:3', seed: 7 },
    'alibaba/happy-horse/reference-to-video',
    { prompt: 'a kite', resolution: '720p', duration: 7, image_urls: [file('imageUrls'), file('imageUrls', 1)], aspect_ratio: '4:3', seed: 7 },
  ],
  [
    'wan 2.6 counts clips where its maker counts characters',
    'alibaba/wan-2.6/reference-to-video',
    { prompt: 'character1 waves at Character 2', size: '1088*832', duration: '5', videoUrls: [mp4, mp4] },
    'wan/v2.6/reference-to-video',
    // Without a word there are several shots.
    { prompt: '@Video1 waves at @Video2', aspect_ratio: '4:3', resolution: '720p', duration: '5', multi_shots: false, video_urls: [file('videoUrls', 0, 'mp4'), file('videoUrls', 1, 'mp4')] },
  ],
  [
    'wan 2.7 writes a duration as a number, and has characters of its own',
    'alibaba/wan-2.7/reference-to-video',
    { prompt: 'character1 waves', resolution: '720P', duration: '4', aspectRatio: '1:1', videoUrls: [mp4] },
    'fal-ai/wan/v2.7/reference-to-video',
    { prompt: 'character1 waves', resolution: '720p', duration: 4, aspect_ratio: '1:1', reference_video_urls: [file('videoUrls', 0, 'mp4')] },
  ],
  [
    'grok with several pictures is a model of its own',
    'rhart-video-g/image-to-video',
    { prompt: 'a kite', imageUrls: [png, png], aspectRatio: '3:2', duration: 8, resolution: '720p' },
    'xai/grok-imagine-video/reference-to-video',
    { prompt: 'a kite', reference_image_urls: [file('imageUrls'), file('imageUrls', 1)], aspect_ratio: '3:2', duration: 8, resolution: '720p' },
  ],
  [
    'pixverse without pictures to refer to is a model of its own, and -1 is no seed',
    'pixverse-c1/reference-to-video',
    { prompt: 'a kite', duration: 3, generateAudioSwitch: false, resolution: '360p', aspectRatio: '16:9', seed: -1 },
    'fal-ai/pixverse/c1/text-to-video',
    { prompt: 'a kite', duration: 3, generate_audio_switch: false, resolution: '360p', aspect_ratio: '16:9' },
  ],
  [
    'vidu refers to pictures and clips',
    'vidu/reference-to-video-q2-pro',
    { prompt: 'a kite', imageUrls: [png], videos: [mp4], resolution: '720p', duration: '3', movementAmplitude: 'small' },
    'fal-ai/vidu/q2/reference-to-video/pro',
    { prompt: 'a kite', reference_image_urls: [file('imageUrls')], reference_video_urls: [file('videos', 0, 'mp4')], resolution: '720p', duration: 3, aspect_ratio: '16:9', movement_amplitude: 'small' },
  ],
  // Shapes.
  [
    'a model of version 2 with its skin',
    'hitem3d-v2/image-to-3d',
    { imageUrl: png, requestType: 'both', resolution: '1536pro', face: 200_000 },
    'hitem3d/hi3d/image-to-3d',
    { image_url: file('imageUrl'), model: 'hitem3dv2.0', export_format: 'glb', enable_texture: true, resolution: '1536pro', face_count: 200_000 },
  ],
  [
    'views of a thing',
    'hunyuan3d-v3.1/image-to-3d',
    { imageUrl: png, backImageUrl: png, faceCount: 60_000, enablePbr: true, generateType: 'Geometry' },
    'fal-ai/hunyuan-3d/v3.1/pro/image-to-3d',
    { input_image_url: file('imageUrl'), back_image_url: file('backImageUrl'), face_count: 60_000, enable_pbr: true, generate_type: 'Geometry' },
  ],
  [
    'a pose of a figure',
    'meshy6/text-to-3d',
    { prompt: 'a knight', taPose: true, targetPolycount: 20_000, symmetryMode: 'on', texturePrompt: 'rust' },
    'fal-ai/meshy/v6/text-to-3d',
    { prompt: 'a knight', pose_mode: 't-pose', topology: 'triangle', target_polycount: 20_000, symmetry_mode: 'on', should_remesh: true, enable_pbr: false, texture_prompt: 'rust', enable_prompt_expansion: false },
  ],
])('%s', async (_name, id, input, model, body) => {
  expect(await sent(id, input)).toEqual({ model, body });
});

test('elements are sent as their pictures: the front view, then the others', async () => {
  const id = '1900000000000000002';
  const element = { prompt: '<<<element_1>>> waves', elementList: [{ element_id: id }] };
  const input = { ...element, firstImageUrl: png, duration: '5', sound: false };
  const place = 'elementList[0].element_id';
  const { body } = await sent('kling-v3.0-pro/image-to-video', input);
  expect(body).toMatchObject({
    prompt: '@Element1 waves',
    elements: [{ frontal_image_url: file(place), reference_image_urls: [file(place, 1)] }],
  });
  const unknown = scene.jobOf('kling-v3.0-pro/image-to-video', input, { media: {} });
  expect(scene.provider.refuses?.(unknown)).toContain(
    `elementList ${id} was not made here, and its pictures are needed there`,
  );
});

test.each<[string, string, Input, string]>([
  ['a word', 'vidu/text-to-video', { prompt: 'a kite', style: 'anime' }, 'style "anime" has no counterpart there'],
  [
    'a resolution',
    'seedream-v4/text-to-image',
    { prompt: 'a kite', resolution: '1k' },
    'resolution "1k" is not offered there: only square_hd, square, portrait_4_3, portrait_16_9, landscape_4_3, landscape_16_9, auto, auto_2K, auto_4K',
  ],
  [
    'a number',
    'rhart-video-g/text-to-video',
    { prompt: 'a kite', duration: 30 },
    'duration 30 is not offered there: at most 15',
  ],
  ['nothing where something must be', 'pixverse-c1/image-to-video', { imageUrl: png }, 'prompt is required there'],
  [
    'many where one may be',
    'rhart-video-v3.1-fast/image-to-video',
    { prompt: 'a kite', imageUrls: [png, png] },
    'imageUrls holds 2, and one is taken there',
  ],
  [
    'shots that nobody cut',
    'kling-v3.0-pro/text-to-video',
    { prompt: 'a kite', multiShot: true },
    'multiShot needs the shots in multiPrompt',
  ],
  [
    'sides that cannot be chosen',
    'rhart-video/f-kontext/dev-lora',
    { prompt: 'a kite', imageUrl: png, aspectRatio: 'custom', customWidth: 512, customHight: 512 },
    'aspectRatio "custom" is not offered there: only auto, match_input, 1:1, 16:9, 21:9, 3:2, 2:3, 4:5, 5:4, 3:4, 4:3, 9:16, 9:21',
  ],
])('%s that has no counterpart is refused by its name', (_name, id, input, reason) => {
  expect(scene.provider.refuses?.(scene.jobOf(id, input))).toContain(reason);
});

test('a LoRA is named by its file, which needs a place to be fetched from', () => {
  const placeless = scene.create({ settings: { loraUrl: '' } });
  const job = scene.jobOf('rhart-image/f-2-dev/text-to-image-lora', {
    prompt: 'a kite',
    lora: 'paper.safetensors',
    lora_strength: 1,
  });
  expect(placeless.refuses?.(job)).toEqual([
    'lora "paper.safetensors" is the name of a file, and an address or owner/name is taken there',
  ]);
});

test('a route that its owner gave another model is taken to want the same fields', async () => {
  const job = scene.jobOf('rhart-image-n-pro/text-to-image', { prompt: 'a kite', resolution: '2k' });
  const moved = { ...job, route: { ...job.route, model: 'someone/nano-banana-pro' } };
  expect(scene.provider.refuses?.(moved)).toEqual([]);
  await expect(scene.submit(moved)).rejects.toMatchObject({ fault: 'model_gone' });
  expect(scene.standin.control.requests.at(-1)).toMatchObject({
    path: '/someone/nano-banana-pro',
    body: { prompt: 'a kite', resolution: '2K' },
  });
});
