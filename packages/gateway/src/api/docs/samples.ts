import { snippetz } from '@scalar/snippetz';

/** The languages in the order of the tabs, and the library whose call is shown. */
const LANGUAGES = [
  ['shell', 'Shell', 'shell', 'curl'],
  ['javascript', 'JavaScript', 'js', 'fetch'],
  ['java', 'Java', 'java', 'nethttp'],
  ['swift', 'Swift', 'swift', 'nsurlsession'],
  ['go', 'Go', 'go', 'native'],
  ['php', 'PHP', 'php', 'curl'],
  ['python', 'Python', 'python', 'requests'],
  ['http', 'HTTP', 'http', 'http1.1'],
  ['c', 'C', 'c', 'libcurl'],
  ['csharp', 'C#', 'csharp', 'httpclient'],
  ['objective-c', 'Objective-C', 'objc', 'nsurlsession'],
  ['ruby', 'Ruby', 'ruby', 'native'],
  ['ocaml', 'OCaml', 'ocaml', 'cohttp'],
  ['dart', 'Dart', 'dart', 'http'],
  ['r', 'R', 'r', 'httr2'],
] as const; // biome-ignore format: a table

export type Sample = { readonly id: string; readonly title: string; readonly code: string };

/** A call with a JSON body in each language. */
export function toSamples(call: { url: string; body: unknown }): Sample[] {
  const { print } = snippetz();
  const request = {
    url: call.url,
    method: 'POST',
    headers: [
      { name: 'Authorization', value: 'Bearer YOUR_KEY' },
      { name: 'Content-Type', value: 'application/json' },
    ],
    postData: { mimeType: 'application/json', text: JSON.stringify(call.body) },
  };
  return LANGUAGES.map(([id, title, target, client]) => {
    const code = print(target, client, request) ?? '';
    return { id, title, code: id === 'python' ? `import requests\n\n${code}` : code };
  });
}
