import type { Pcm } from '../media/pcm.ts';
import { toPcm } from '../media/resample.ts';

/** The synthesiser is not installed. */
export class NoSpeech extends Error {
  override readonly name = 'Unavailable';
}

export type Utterance = {
  readonly text: string;
  /** Whether `text` is SSML and not plain words. */
  readonly isMarkup: boolean;
  /** As espeak-ng names languages: `en-us`, `cmn`. */
  readonly tongue: string;
  /** The lines of a voice file of espeak-ng: pitch, formants and so on. */
  readonly variant: string;
  readonly wordsPerMinute: number;
  /** Silence between words beside the usual, in steps of 10 ms. */
  readonly wordGap?: number;
};

// Where the WebAssembly build keeps its data, in a file system of its own that begins anew with each utterance.
const VARIANTS = '/usr/local/share/espeak-ng-data/voices/!v';
const [TEXT, WAVE] = ['/tmp/words.txt', '/tmp/speech.wav'];
/** Its waves are mono, 16 bits, after a plain header. */
const [SAMPLE_RATE, HEADER_BYTES] = [22_050, 44];

/** Says words in espeak-ng compiled to WebAssembly: nothing leaves the machine. The same utterance gives the same sound.
 *  What is no word in any language gives silence of no length.
 *  @throws {NoSpeech} when espeak-ng is not installed. */
export async function synthesise(utterance: Utterance): Promise<Pcm> {
  const run = await loadSynthesiser();
  const { text, tongue, variant, wordsPerMinute, wordGap = 0, isMarkup } = utterance;
  const { FS } = await run({
    arguments: [
      ...['-w', WAVE, '-f', TEXT, '-v', `${tongue}+reelay`, '-s', String(Math.round(wordsPerMinute))],
      ...['-g', String(wordGap), '-b', '1'],
      ...(isMarkup ? ['-m'] : []),
    ],
    print: () => {},
    printErr: () => {},
    preRun: [
      (module) => {
        module.FS.mkdirTree(VARIANTS);
        module.FS.writeFile(`${VARIANTS}/reelay`, `language variant\nname reelay\n${variant}\n`);
        module.FS.writeFile(TEXT, text);
      },
    ],
  });
  if (!FS.analyzePath(WAVE).exists) return toPcm(new Float32Array(), SAMPLE_RATE);
  const wave = FS.readFile(WAVE);
  const data = new DataView(wave.buffer, wave.byteOffset + HEADER_BYTES, Math.max(0, wave.length - HEADER_BYTES));
  const count = Math.floor(data.byteLength / 2);
  return toPcm(
    Float32Array.from({ length: count }, (_, index) => data.getInt16(index * 2, true) / 32_768),
    SAMPLE_RATE,
  );
}

type FileSystem = {
  mkdirTree(path: string): void;
  writeFile(path: string, text: string): void;
  readFile(path: string): Uint8Array;
  analyzePath(path: string): { exists: boolean };
};
type Run = (options: {
  arguments: readonly string[];
  print: (line: string) => void;
  printErr: (line: string) => void;
  preRun: readonly ((module: { FS: FileSystem }) => void)[];
}) => Promise<{ FS: FileSystem }>;

async function loadSynthesiser(): Promise<Run> {
  try {
    // The package ships no types; its one export is the function that Emscripten makes.
    const loaded: { default: Run } = await import('espeak-ng' as string);
    return loaded.default;
  } catch (error) {
    throw new NoSpeech('Speech needs the package espeak-ng, which is not installed: npm install espeak-ng', {
      cause: error,
    });
  }
}
