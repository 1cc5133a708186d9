// Prompt to plan: pure, and the same for the same words and seed.
export type { Shot, Storyboard } from './plan.ts';
export { storyboard } from './storyboard.ts';
