import type { Json } from '@reelay/catalog';
import type { Finding } from './findings.ts';
import { isChinese, noticeFor } from './language.ts';

const WANTS_JSON = /\bjson\b/iu;
const WANTS_LITTLE = /\b(?:one|a single) sentence\b|\bbriefly\b|\bin short\b|一句话|简短|简要/iu;
const MAX_ECHO = 200;

/** What is being answered about, by where its findings come from. */
export type Group = { readonly name: string; readonly findings: readonly Finding[] };

/** Puts findings together as the answer to a request, in its language: first what it asks for, then the rest. An answer
 *  in JSON or in one sentence where the request says so. `beyond` says what only a model could tell. */
export function toAnswer(p: { prompt: string; groups: readonly Group[]; beyond: { en: string; zh: string } }): string {
  const chinese = isChinese(p.prompt);
  if (WANTS_JSON.test(p.prompt)) return toJson(p.prompt, p.groups);
  const tongue = chinese ? 'zh' : 'en';
  const all = p.groups.flatMap(({ findings }) => findings);
  const asked = all.filter((finding) => finding.asked.test(p.prompt));
  if (WANTS_LITTLE.test(p.prompt)) {
    const most = asked.length > 0 ? asked : all;
    return `${noticeFor(chinese)} ${most
      .slice(0, 2)
      .map((finding) => finding[tongue])
      .join(chinese ? '' : ' ')}`;
  }
  const blocks = p.groups.flatMap(({ name, findings }) => [
    ...(p.groups.length > 1 ? [`## ${name}`] : []),
    ...[...findings]
      // What was asked for comes first; the sort keeps the order of the others.
      .sort((a, b) => Number(asked.includes(b)) - Number(asked.includes(a)))
      .map((finding) => finding[tongue]),
  ]);
  const echo = [...p.prompt.trim()].slice(0, MAX_ECHO).join('');
  const question = chinese ? `您的请求：「${echo}」` : `You asked: “${echo}”`;
  return [noticeFor(chinese), question, ...blocks, p.beyond[tongue]].join('\n\n');
}

function toJson(prompt: string, groups: readonly Group[]): string {
  const entries = groups.map(({ name, findings }): [string, Json] => [
    name,
    Object.fromEntries(findings.map(({ key, value }) => [key, value])),
  ]);
  const body = { preview: true, note: noticeFor(false), request: prompt, ...Object.fromEntries(entries) };
  return JSON.stringify(body, null, 2);
}
