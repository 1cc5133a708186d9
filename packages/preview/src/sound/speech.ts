import { writeFile } from 'node:fs/promises';
import { decodeSound } from '../media/decode-sound.ts';
import type { Pcm } from '../media/pcm.ts';
import { mixSeed } from '../storyboard/random.ts';

/** Words to be said. */
export type Speech = {
  readonly text: string;
  readonly language: 'en' | 'zh';
  /** Any name: the same name is the same voice, different names differ. */
  readonly voice: string;
  /** 1 is usual. */
  readonly speed: number;
};

/** The synthesiser is not installed. */
export class NoSpeech extends Error {
  override readonly name = 'Unavailable';
}

const USUAL_WORDS_PER_MINUTE = 165;
const MAX_SPEECH_MS = 300_000;
// Variants of the synthesiser's one voice, which are files of its own.
const HIGH_VOICES = ['f1', 'f2', 'f3', 'f4'];
const LOW_VOICES = ['m1', 'm2', 'm3', 'm4', 'm7'];
/** What the catalogue's voice names tell of who speaks: `girlfriend_1_speech02`, `uk_oldman3`, `cartoon-girl-01`. */
const HIGH_NAMES = /girl|female|klee|kirara|jiejie|nanyou|woman|mama|popo|shatang|xiaoxue|meimei|lady/i;
const CHILD_NAMES = /child|kid|boy|girl|klee|xuesheng|baby/i;
const OLD_NAMES = /old|laoguo|grand|popo|yeye/i;

/** Says words aloud, in a synthesiser compiled to WebAssembly: nothing leaves the machine. The same words and voice
 *  give the same sound. `workPath` is a file that may be written and left behind.
 *  @throws {NoSpeech} when espeak-ng is not installed. */
export async function sayWords(speech: Speech, p: { workPath: string }): Promise<Pcm> {
  const synthesise = await loadSynthesiser();
  const voice = chooseVoice(speech);
  const output = 'speech.wav';
  const rate = String(Math.round(USUAL_WORDS_PER_MINUTE * Math.min(2, Math.max(0.5, speech.speed))));
  // A space in front, because words that begin with a dash would be taken for an option.
  const words = ` ${speech.text}`;
  const options = ['-w', output, '-v', voice.name, '-p', String(voice.pitch), '-s', rate, words];
  const { FS } = await synthesise({ arguments: options, print: () => {}, printErr: () => {} });
  await writeFile(p.workPath, FS.readFile(output));
  const pcm = await decodeSound(p.workPath, { maxMs: MAX_SPEECH_MS });
  if (pcm === undefined) throw new Error('The synthesiser said nothing.');
  return pcm;
}

/** The language that words are written in, as far as two choices go. */
export function languageOf(text: string): Speech['language'] {
  return /\p{Script=Han}/u.test(text) ? 'zh' : 'en';
}

function chooseVoice({ voice, language }: Speech): { name: string; pitch: number } {
  const seed = mixSeed(0, voice);
  const voices = HIGH_NAMES.test(voice) ? HIGH_VOICES : LOW_VOICES;
  const variant = voices[seed % voices.length] ?? 'm1';
  const base = CHILD_NAMES.test(voice) ? 72 : OLD_NAMES.test(voice) ? 28 : 48;
  const tongue = language === 'zh' ? 'cmn' : /^uk|british/i.test(voice) ? 'en-gb' : 'en-us';
  return { name: `${tongue}+${variant}`, pitch: base + ((seed >>> 8) % 12) };
}

type Synthesise = (options: {
  arguments: readonly string[];
  print: (line: string) => void;
  printErr: (line: string) => void;
}) => Promise<{ FS: { readFile(path: string): Uint8Array } }>;

async function loadSynthesiser(): Promise<Synthesise> {
  try {
    // The package ships no types; its one export is the function that Emscripten makes.
    const loaded: { default: Synthesise } = await import('espeak-ng' as string);
    return loaded.default;
  } catch (error) {
    throw new NoSpeech('Speech needs the package espeak-ng, which is not installed: npm install espeak-ng', {
      cause: error,
    });
  }
}
