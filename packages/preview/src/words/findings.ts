import type { Json } from '@reelay/catalog';
import type { MediaFile } from '../contract.ts';
import { solveArithmetic } from './arithmetic.ts';
import type { ClipFacts } from './clip-facts.ts';
import { isChinese } from './language.ts';
import type { NamedColour, PictureFacts } from './picture-facts.ts';
import { mainSentences, readText } from './text-facts.ts';

/** Something that was computed, said in both languages. */
export type Finding = {
  /** Its name where the answer is JSON. */
  readonly key: string;
  readonly value: Json;
  /** The words of a question that this answers. */
  readonly asked: RegExp;
  readonly en: string;
  readonly zh: string;
};

const percent = (share: number): string => `${Math.round(share * 100)}%`;
const round = (value: number, digits = 2): number => Number(value.toFixed(digits));
const listColours = (colours: readonly NamedColour[], tongue: 'en' | 'zh'): string =>
  colours
    .map((colour) => `${colour[tongue]} (${colour.hex}) ${percent(colour.share)}`)
    .join(tongue === 'zh' ? '、' : ', ');

/** The first step whose limit the value stays below. */
const graded = <T>(value: number, steps: readonly (readonly [below: number, word: T])[], last: T): T =>
  steps.find(([below]) => value < below)?.[1] ?? last;

const counted = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;

type Words = readonly [en: string, zh: string];

export function aboutPicture(file: MediaFile, facts: PictureFacts): Finding[] {
  const { widthPx = 0, heightPx = 0, format, sizeBytes } = file.facts;
  const shape: Words =
    widthPx === heightPx ? ['square', '正方形'] : widthPx > heightPx ? ['landscape', '横向'] : ['portrait', '纵向'];
  const ratio = round(widthPx / Math.max(1, heightPx));
  const kilobytes = Math.max(1, Math.round(sizeBytes / 1000));
  const light = graded<Words>(
    facts.brightness,
    [
      [0.25, ['dark', '偏暗']],
      [0.45, ['rather dark', '略暗']],
      [0.65, ['evenly lit', '明暗适中']],
    ],
    ['bright', '明亮'],
  );
  const crisp = graded<Words>(
    facts.detail,
    [
      [0.015, ['soft, with few edges', '柔和，边缘较少']],
      [0.04, ['moderately detailed', '细节适中']],
    ],
    ['rich in detail', '细节丰富'],
  );
  const colour = graded<Words>(
    facts.saturation,
    [
      [0.08, ['nearly colourless', '近乎无彩']],
      [0.3, ['muted', '色彩柔和']],
    ],
    ['vivid', '色彩鲜艳'],
  );
  return [
    {
      key: 'size',
      value: { widthPx, heightPx, format, sizeBytes, orientation: shape[0], aspectRatio: ratio },
      asked:
        /\b(size|resolution|dimensions?|pixels?|format|orientation|aspect|ratio)\b|尺寸|分辨率|大小|像素|格式|比例|方向/iu,
      en: `The picture is a ${format.toUpperCase()} of ${widthPx} x ${heightPx} pixels (${shape[0]}, ${ratio}:1) and ${kilobytes} kB.`,
      zh: `图片为 ${format.toUpperCase()} 格式，${widthPx} × ${heightPx} 像素（${shape[1]}，宽高比 ${ratio}），约 ${kilobytes} kB。`,
    },
    {
      key: 'colours',
      value: facts.colours.map(({ en, hex, share }) => ({ name: en, hex, share: round(share) })),
      asked: /\b(colou?rs?|palette|hue|tone|look|see|describe|caption)\b|颜色|色彩|色调|配色|描述|看到/iu,
      en: `Its main colours are ${listColours(facts.colours, 'en')}; overall it is ${colour[0]}.`,
      zh: `主要颜色：${listColours(facts.colours, 'zh')}；整体${colour[1]}。`,
    },
    {
      key: 'light',
      value: { brightness: round(facts.brightness), contrast: round(facts.contrast) },
      asked:
        /\b(bright|brightness|dark|light|lighting|exposure|contrast|mood|describe)\b|亮度|明暗|光线|曝光|对比|氛围|描述/iu,
      en: `It is ${light[0]}: mean brightness ${percent(facts.brightness)}, contrast ${percent(facts.contrast)}.`,
      zh: `画面${light[1]}：平均亮度 ${percent(facts.brightness)}，对比度 ${percent(facts.contrast)}。`,
    },
    {
      key: 'detail',
      value: { level: round(facts.detail, 4), focus: facts.focus.en },
      asked:
        /\b(sharp|sharpness|blur|blurry|detail|details|focus|composition|where|describe)\b|清晰|模糊|细节|构图|焦点|哪里|描述/iu,
      en: `It is ${crisp[0]}; most of the detail lies at the ${facts.focus.en}.`,
      zh: `画面${crisp[1]}，细节最集中的位置是${facts.focus.zh}。`,
    },
  ];
}

export function aboutClip(file: MediaFile, facts: ClipFacts): Finding[] {
  const { widthPx = 0, heightPx = 0, durationMs = 0, format } = file.facts;
  const seconds = round(durationMs / 1000, 1);
  const cuts = facts.cutsMs.map((ms) => round(ms / 1000, 1));
  const moving = graded<Words>(
    facts.motion,
    [
      [0.02, ['still', '几乎静止']],
      [0.12, ['calm', '平缓']],
      [0.35, ['lively', '活跃']],
    ],
    ['very lively', '非常活跃'],
  );
  const rate = facts.fps === undefined ? '' : round(facts.fps);
  const colours = facts.pictures.map((picture) => picture.colours.slice(0, 2));
  const seen = round(facts.seenMs / 1000, 1);
  const [only, onlyZh] = seen < seconds ? [` (in the first ${seen} s)`, `（前 ${seen} 秒）`] : ['', ''];
  return [
    {
      key: 'video',
      value: {
        durationSeconds: seconds,
        widthPx,
        heightPx,
        fps: facts.fps === undefined ? null : round(facts.fps),
        format,
      },
      asked: /\b(long|length|duration|size|resolution|fps|frame rate|format)\b|时长|多长|尺寸|分辨率|帧率|格式/iu,
      en: `The clip is ${seconds} s long, ${widthPx} x ${heightPx} pixels${rate === '' ? '' : ` at ${rate} pictures a second`} (${format.toUpperCase()}).`,
      zh: `视频时长 ${seconds} 秒，${widthPx} × ${heightPx} 像素${rate === '' ? '' : `，每秒 ${rate} 帧`}（${format.toUpperCase()}）。`,
    },
    {
      key: 'cuts',
      value: cuts,
      asked:
        /\b(cuts?|scenes?|shots?|edit|edited|structure|happens|summar\w+|describe)\b|镜头|场景|剪辑|转场|分镜|发生|描述|总结/iu,
      en:
        cuts.length === 0
          ? `It is one take, without a cut${only}.`
          : `It has ${cuts.length + 1} shots, with cuts near ${cuts.join(' s, ')} s${only}.`,
      zh:
        cuts.length === 0
          ? `全片为一个镜头，没有剪切${onlyZh}。`
          : `共 ${cuts.length + 1} 个镜头，剪切点约在 ${cuts.join(' 秒、')} 秒${onlyZh}。`,
    },
    {
      key: 'motion',
      value: round(facts.motion, 3),
      asked: /\b(mov\w+|motion|action|camera|dynamic|happens|describe)\b|运动|动作|动态|运镜|发生|描述/iu,
      en: `The picture is ${moving[0]} (motion ${percent(facts.motion)}).`,
      zh: `画面${moving[1]}（运动量 ${percent(facts.motion)}）。`,
    },
    {
      key: 'colours',
      value: colours.map((pair) => pair.map(({ en }) => en)),
      asked: /\b(colou?rs?|palette|look|see|describe|light)\b|颜色|色彩|色调|光线|看到|描述/iu,
      en: `Its colours from beginning to end: ${colours.map((pair) => listColours(pair, 'en')).join('; ')}.`,
      zh: `从头到尾的主要颜色：${colours.map((pair) => listColours(pair, 'zh')).join('；')}。`,
    },
    aboutSound(facts.sound),
  ];
}

function aboutSound(sound: ClipFacts['sound']): Finding {
  const asked =
    /\b(sound|audio|loud|loudness|volume|music|speech|voice|silent|hear)\b|声音|音频|音量|响度|音乐|人声|静音|听/iu;
  if (sound === undefined) return { key: 'sound', value: null, asked, en: 'It has no sound track.', zh: '没有音轨。' };
  const { dbfs, peakDbfs, silentShare } = sound;
  if (dbfs === Number.NEGATIVE_INFINITY) {
    return { key: 'sound', value: { silentShare: 1 }, asked, en: 'Its sound track is silent.', zh: '音轨为静音。' };
  }
  return {
    key: 'sound',
    value: { dbfs: round(dbfs, 1), peakDbfs: round(peakDbfs, 1), silentShare: round(silentShare) },
    asked,
    en: `Its sound averages ${round(dbfs, 1)} dBFS with peaks at ${round(peakDbfs, 1)}; ${percent(silentShare)} of it is silence.`,
    zh: `声音平均 ${round(dbfs, 1)} dBFS，峰值 ${round(peakDbfs, 1)}；静音占 ${percent(silentShare)}。`,
  };
}

const MAIN_SENTENCES = 3;
/** Below this a text is a question and not something to be summarised. */
const MATERIAL_SENTENCES = 4;
const OUTLINE =
  /\b(write|draft|outline|plan|essay|article|story|script|blog|list|ideas?|steps|how (?:to|do|can))\b|写|大纲|提纲|计划|文章|故事|剧本|列出|步骤|怎么|如何/iu;

export function aboutText(prompt: string): Finding[] {
  // What follows a colon or a line break is usually the text that the first words speak of.
  const material = /^[^\n:：]{0,200}[\n:：]([\s\S]+)$/u.exec(prompt)?.[1]?.trim() ?? prompt;
  const facts = readText(material);
  const terms = facts.keyTerms;
  const findings: Finding[] = [];
  const sum = solveArithmetic(prompt);
  if (sum !== undefined) {
    const said = `${sum.expression} = ${sum.result}`;
    findings.push({ key: 'arithmetic', value: { ...sum }, asked: /\d/u, en: `${said}.`, zh: `${said}。` });
  }
  if (facts.sentences.length >= MATERIAL_SENTENCES) {
    const main = mainSentences(facts, MAIN_SENTENCES).map((sentence) => sentence.trim());
    const asked = /\b(summar\w+|sum up|main points?|key points?|tl;?dr|shorten|gist)\b|总结|概括|摘要|要点|概述|大意/iu;
    findings.push({
      key: 'mainSentences',
      value: main,
      asked,
      en: `Its most telling sentences:\n${main.map((line) => `- ${line}`).join('\n')}`,
      zh: `最能代表全文的句子：\n${main.map((line) => `- ${line}`).join('\n')}`,
    });
  }
  const order = material === prompt ? (facts.sentences[0] ?? '') : prompt.slice(0, prompt.length - material.length);
  if (OUTLINE.test(order)) findings.push(outlineOf(topicOf(order)));
  // biome-ignore format: a choice
  const language: Words = isChinese(material) ? ['Chinese', '中文'] : /\p{Script=Latin}/u.test(material) ? ['a language in Latin letters', '使用拉丁字母的语言'] : ['another script', '其他文字'];
  findings.push({
    key: 'text',
    value: { words: facts.words, characters: facts.characters, sentences: facts.sentences.length, script: language[0] },
    asked: /\b(count|how many|words?|characters?|letters?|language|length)\b|字数|多少|几个|语言|长度/iu,
    en: `The text has ${counted(facts.words, 'word')}, ${counted(facts.characters, 'character')} and ${counted(facts.sentences.length, 'sentence')}, in ${language[0]}.`,
    zh: `文本共 ${facts.words} 个词（字）、${facts.characters} 个字符、${facts.sentences.length} 句，${language[1]}。`,
  });
  if (terms.length > 0) {
    findings.push({
      key: 'keyTerms',
      value: [...terms],
      asked: /\b(keywords?|topics?|terms?|tags?|about)\b|关键词|主题|标签|关于/iu,
      en: `Its key terms: ${terms.join(', ')}.`,
      zh: `关键词：${terms.join('、')}。`,
    });
  }
  return findings;
}

/** What a request to write is about: the words after `about`, else all of it. */
function topicOf(order: string): string {
  const about =
    /\b(?:about|on|how to)\s+([^.,;:!?\n]+)|(?:关于|有关)([^，。；：！？\n]+?)的?(?:文章|故事|大纲|提纲|计划|剧本|[，。；：！？]|$)/iu.exec(
      order,
    );
  return (about?.[1] ?? about?.[2] ?? order).trim();
}

function outlineOf(topic: string): Finding {
  const en = [
    `What this is about: ${topic}`,
    'Where things stand today',
    'Two examples',
    'What speaks against it',
    'What to do next',
  ];
  const zh = [`主题：${topic}`, '现状', '两个例子', '不同的看法', '下一步怎么做'];
  const numbered = (lines: readonly string[]): string => lines.map((line, index) => `${index + 1}. ${line}`).join('\n');
  return {
    key: 'outline',
    value: en,
    asked: OUTLINE,
    en: `An outline to start from:\n${numbered(en)}`,
    zh: `可以从这个提纲开始：\n${numbered(zh)}`,
  };
}
