// Prompt to plan: pure, and the same for the same words and seed.
export type { Ambience, Camera, Mood, Rgb, Scene, Shot, Storyboard } from './plan.ts';
export { type StoryboardOptions, storyboard } from './storyboard.ts';
