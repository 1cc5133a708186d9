import { snippetz } from '@scalar/snippetz';

const JAVA_IMPORTS = ['HttpClient', 'HttpRequest', 'HttpResponse'].map((name) => `import java.net.http.${name};\n`);
const asItIs = (code: string): string => code;

/** The languages in the order of the tabs, the library whose call is shown, and what the printed call lacks. */
const LANGUAGES = [
  { id: 'shell', title: 'Shell', target: 'shell', client: 'curl', mend: asItIs },
  {
    id: 'javascript',
    title: 'JavaScript',
    target: 'js',
    client: 'fetch',
    mend: (code: string) => `${code}\n  .then((answer) => answer.json())\n  .then(console.log)`,
  },
  {
    id: 'java',
    title: 'Java',
    target: 'java',
    client: 'nethttp',
    mend: (code: string) => `${JAVA_IMPORTS.join('')}\n${code}`,
  },
  { id: 'swift', title: 'Swift', target: 'swift', client: 'nsurlsession', mend: asItIs },
  { id: 'go', title: 'Go', target: 'go', client: 'native', mend: asItIs },
  { id: 'php', title: 'PHP', target: 'php', client: 'curl', mend: asItIs },
  {
    id: 'python',
    title: 'Python',
    target: 'python',
    client: 'requests',
    mend: (code: string) => `import requests\n\nanswer = ${code}\nprint(answer.json())`,
  },
  { id: 'http', title: 'HTTP', target: 'http', client: 'http1.1', mend: asItIs },
  { id: 'c', title: 'C', target: 'c', client: 'libcurl', mend: asItIs },
  {
    id: 'csharp',
    title: 'C#',
    target: 'csharp',
    client: 'httpclient',
    mend: (code: string) =>
      `using System.Net.Http.Headers;\n\n${code}\nConsole.WriteLine(await response.Content.ReadAsStringAsync());`,
  },
  { id: 'objective-c', title: 'Objective-C', target: 'objc', client: 'nsurlsession', mend: asItIs },
  {
    id: 'ruby',
    title: 'Ruby',
    target: 'ruby',
    client: 'native',
    // Unquoted, the heredoc would read the backslashes of the JSON as its own.
    mend: (code: string) => code.replace('<<~JSON', "<<~'JSON'"),
  },
  { id: 'ocaml', title: 'OCaml', target: 'ocaml', client: 'cohttp', mend: asItIs },
  {
    id: 'dart',
    title: 'Dart',
    target: 'dart',
    client: 'http',
    // A raw string of one quote ends at the first apostrophe.
    mend: (code: string) => code.replace(/ r'(.*)';$/m, " r'''$1''';"),
  },
  { id: 'r', title: 'R', target: 'r', client: 'httr2', mend: asItIs },
] as const;

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
  return LANGUAGES.map(({ id, title, target, client, mend }) => {
    const code = print(target, client, request);
    if (code === undefined) throw new Error(`no sample in ${title}`);
    return { id, title, code: mend(code) };
  });
}
