import type { Storyboard } from '../storyboard/index.ts';
import { tongueOf } from './languages.ts';
import type { Speech } from './speech.ts';

/** A line that somebody in the clip says, and when they begin at the earliest. */
export type Line = { readonly speech: Speech; readonly atMs: number };

const MAX_LINES = 4;
const MAX_CHARS = 240;
const PAUSE_MS = 250;
/** Words in quotation marks: curly, straight, corner brackets. */
const QUOTED = /“([^”]+)”|"([^"]+)"|「([^」]+)」|『([^』]+)』/g;
/** Only words that somebody says are said: others are written on a sign. Looked for right before the quotation. */
const SAYS =
  /(\b(say|says|said|saying|ask|asks|whisper|whispers|shout|shouts|yell|yells|reply|replies|answer|answers|speak|speaks|mutter|mutters|murmur|murmurs|exclaim|exclaims|call|calls|narrator|voice|voiceover|dialogue|line)\b[^.!?“”"]{0,30}|[说道问喊答念唱白语])\s*[:：,，]?\s*$/iu;
const HIGH_SPEAKER = /\b(she|her|woman|girl|mother|lady|queen|female|daughter|grandmother)\b|[她女妈母]/iu;
const YOUNG_SPEAKER = /\b(boy|girl|child|kid|children)\b|[孩童]/iu;
/** How far back the speaker is looked for. */
const CONTEXT_CHARS = 80;

/** Finds the spoken lines of a plan, each in the shot whose words it stands in. */
export function findLines(plan: Storyboard): Line[] {
  // A long take is divided into shots that share its words; what is said in it is said once.
  const shots = plan.shots.filter(({ text }, index) => text !== plan.shots[index - 1]?.text);
  const lines = shots.flatMap(({ text, startMs }) => {
    return linesIn(text).map((speech) => ({ speech, atMs: startMs + PAUSE_MS }));
  });
  return lines.slice(0, MAX_LINES);
}

function linesIn(text: string): Speech[] {
  const found: Speech[] = [];
  for (const match of text.matchAll(QUOTED)) {
    const words = (match.slice(1).find((group) => group !== undefined) ?? '').trim();
    const before = text.slice(Math.max(0, match.index - CONTEXT_CHARS), match.index);
    if (words === '' || words.length > MAX_CHARS || !SAYS.test(before)) continue;
    const age = YOUNG_SPEAKER.test(before) ? ' child' : '';
    const voice = `${HIGH_SPEAKER.test(before) ? 'female' : 'male'}${age}`;
    found.push({ text: words, tongue: tongueOf(words), voice, speed: 1 });
  }
  return found;
}
