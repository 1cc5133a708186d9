// What the pages do in the browser: search, tabs, copying, language, and trying an endpoint. No library, no other host.

const one = (selector, inside = document) => inside.querySelector(selector);
const all = (selector, inside = document) => [...inside.querySelectorAll(selector)];
const remember = (name, value) => {
  try {
    localStorage.setItem(name, value);
  } catch {
    // A browser that keeps nothing still reads.
  }
};
const recall = (name) => {
  try {
    return localStorage.getItem(name);
  } catch {
    return null;
  }
};

// Language: of the reader's choice, else of the browser.
const setLanguage = (language) => {
  document.documentElement.lang = language;
  one('.language').textContent = language === 'zh' ? 'English' : '中文';
};
setLanguage(recall('language') ?? (navigator.language.startsWith('zh') ? 'zh' : 'en'));
one('.language').addEventListener('click', () => {
  const language = document.documentElement.lang === 'zh' ? 'en' : 'zh';
  remember('language', language);
  setLanguage(language);
});

// Contents: shown by a button on narrow screens; the current page is in view.
one('.menu').addEventListener('click', ({ currentTarget }) => {
  const isOpen = one('.contents').classList.toggle('open');
  currentTarget.setAttribute('aria-expanded', String(isOpen));
});
one('.contents [aria-current]')?.scrollIntoView({ block: 'center' });

// Search: the index is fetched once, when somebody looks for something. Its rows: search-index.ts.
const input = one('.search input');
const hits = one('.hits');
let index;
const fetchIndex = () =>
  (index ??= fetch('/docs/search.json').then(async (answer) => (await answer.json()).map(toLower)));
const toLower = (row) => {
  const names = row.names.map((name) => name.toLowerCase());
  const all = [...names, row.about.en, row.about.zh, row.more].join(' ').toLowerCase();
  return { ...row, lower: { names, joined: names.join(' '), all } };
};

const rank = ({ lower, isOld }, wanted, whole) => {
  if (!wanted.every((word) => lower.all.includes(word))) return 0;
  const base = lower.names.includes(whole) ? 6 : wanted.every((word) => lower.joined.includes(word)) ? 4 : 2;
  return isOld ? base - 1 : base;
};

const toHit = ({ path, names, about, isOld }) => {
  const item = document.createElement('li');
  const link = document.createElement('a');
  const name = document.createElement('span');
  const note = document.createElement('small');
  link.href = path;
  name.textContent = names[0];
  name.className = isOld ? 'old' : '';
  note.textContent = about[document.documentElement.lang];
  link.append(name, note);
  item.append(link);
  return item;
};

async function search() {
  const whole = input.value.trim().toLowerCase();
  hits.hidden = whole === '';
  if (whole === '') return;
  const wanted = whole.split(/\s+/);
  const rows = await fetchIndex();
  if (whole !== input.value.trim().toLowerCase()) return;
  const found = rows
    .map((row) => ({ row, score: rank(row, wanted, whole) }))
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score)
    .slice(0, 30);
  const none = document.createElement('li');
  none.className = 'none';
  none.textContent = '—';
  hits.replaceChildren(...(found.length === 0 ? [none] : found.map(({ row }) => toHit(row))));
}
input.addEventListener('focus', fetchIndex);
input.addEventListener('input', search);
document.addEventListener('click', ({ target }) => {
  if (!target.closest('.search')) hits.hidden = true;
});
document.addEventListener('keydown', (event) => {
  const isTyping = /^(INPUT|TEXTAREA)$/.test(event.target.tagName);
  if (event.key === '/' && !isTyping) {
    event.preventDefault();
    input.focus();
  }
  if (event.key === 'Escape') hits.hidden = true;
  const links = all('.hits a');
  if (hits.hidden || links.length === 0 || !event.target.closest('.search')) return;
  const at = links.indexOf(document.activeElement);
  if (event.key === 'Enter' && at < 0) links[0].click();
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step === undefined) return;
  event.preventDefault();
  (links[at + step] ?? (step < 0 ? input : links.at(-1))).focus();
});

// Code samples: one language for all pages.
const showLanguage = (samples, language) => {
  for (const tab of all('[role=tab]', samples))
    tab.setAttribute('aria-selected', String(tab.dataset.language === language));
  for (const panel of all('[role=tabpanel]', samples)) panel.hidden = panel.dataset.language !== language;
};
for (const samples of all('.samples')) {
  const kept = recall('samples');
  if (kept !== null && one(`[role=tab][data-language="${CSS.escape(kept)}"]`, samples)) showLanguage(samples, kept);
  for (const tab of all('[role=tab]', samples)) {
    tab.addEventListener('click', () => {
      remember('samples', tab.dataset.language);
      showLanguage(samples, tab.dataset.language);
    });
  }
  one('.copy', samples).addEventListener('click', () => {
    const code = one('[role=tabpanel]:not([hidden])', samples);
    navigator.clipboard?.writeText(code.textContent);
  });
}

// Trying an endpoint.
const POLL_MS = 700;
for (const form of all('form.try')) prepareForm(form);

function prepareForm(form) {
  const key = one('.key', form);
  const body = one('textarea', form);
  const say = (text, isBad = false) => {
    one('output', form).textContent = text;
    one('output', form).classList.toggle('bad', isBad);
  };
  key.value = sessionStorage.getItem('key') ?? '';
  key.addEventListener('change', () => sessionStorage.setItem('key', key.value.trim()));

  const call = async (path, payload) => {
    const headers = { authorization: `Bearer ${key.value.trim()}` };
    const isForm = payload instanceof FormData;
    if (!isForm) headers['content-type'] = 'application/json';
    const answer = await fetch(path, { method: 'POST', headers, body: isForm ? payload : JSON.stringify(payload) });
    const said = await answer.json();
    one('.answer', form).textContent = JSON.stringify(said, null, 2);
    return said;
  };
  const readBody = () => {
    try {
      return JSON.parse(body.value);
    } catch (error) {
      say(`The body is not JSON: ${error.message}`, true);
      return undefined;
    }
  };

  for (const file of all('input[type=file]', form)) {
    file.addEventListener('change', async () => {
      const addresses = [];
      for (const chosen of file.files) {
        say(`Uploading ${chosen.name} …`);
        const payload = new FormData();
        payload.append('file', chosen);
        const said = await call('/openapi/v2/media/upload/binary', payload);
        if (said.code !== 0) return say(said.message, true);
        addresses.push(said.data.download_url);
      }
      const current = readBody();
      if (current === undefined) return;
      current[file.dataset.name] = file.multiple ? addresses : addresses[0];
      body.value = JSON.stringify(current, null, 2);
      say('Uploaded.');
    });
  }

  one('.price', form).addEventListener('click', async () => {
    const payload = readBody();
    if (payload === undefined) return;
    const said = await call(`/openapi/v2/price-preview/${form.dataset.endpoint}`, payload);
    const text = document.documentElement.lang === 'zh' ? said.priceText : said.priceTextEn;
    say(said.errorMessage || `${text} = ${said.estimatedPrice} ${said.currency}`, said.errorMessage !== '');
  });

  let running;
  one('.cancel', form).addEventListener('click', () => call('/task/openapi/cancel', { taskId: running }));
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    const payload = readBody();
    if (payload === undefined) return;
    one('.results', form).replaceChildren();
    one('.run', form).disabled = true;
    try {
      const path = form.dataset.endpoint.split('/').map(encodeURIComponent).join('/');
      let said = await call(`/openapi/v2/${path}`, payload);
      running = said.taskId;
      one('.cancel', form).hidden = false;
      while (said.status === 'QUEUED' || said.status === 'RUNNING') {
        say(said.status);
        await showProgress(form, running, key.value.trim());
        await new Promise((resolve) => setTimeout(resolve, POLL_MS));
        said = await call('/openapi/v2/query', { taskId: running });
      }
      if (said.errorMessage) return say(said.errorMessage, true);
      say(said.status);
      one('.results', form).replaceChildren(...(said.results ?? []).map(toResult));
    } catch (error) {
      say(`The server could not be reached: ${error.message}`, true);
    } finally {
      one('.run', form).disabled = false;
      one('.cancel', form).hidden = true;
      one('progress', form).hidden = true;
    }
  });
}

async function showProgress(form, taskId, key) {
  const answer = await fetch(`/api/v1/tasks/${taskId}`, { headers: { authorization: `Bearer ${key}` } });
  if (!answer.ok) return;
  const bar = one('progress', form);
  bar.hidden = false;
  bar.value = (await answer.json()).progress;
}

const PLAYERS = { mp4: 'video', webm: 'video', mov: 'video', mp3: 'audio', wav: 'audio', flac: 'audio', ogg: 'audio' };
const PICTURES = ['png', 'jpg', 'jpeg', 'webp', 'gif'];

function toResult({ url, text, outputType }) {
  if (url === null) {
    const words = document.createElement('pre');
    words.textContent = text;
    return words;
  }
  const link = document.createElement('a');
  link.href = url;
  link.textContent = `result.${outputType}`;
  // The page may show what this server sends, under whatever name it was reached.
  const address = new URL(url);
  const local = `${address.pathname}${address.search}`;
  const tag = PLAYERS[outputType] ?? (PICTURES.includes(outputType) ? 'img' : undefined);
  if (tag === undefined) return link;
  const player = document.createElement(tag);
  player.src = local;
  if (tag !== 'img') player.controls = true;
  if (tag === 'video') player.loop = true;
  const figure = document.createElement('div');
  figure.append(player, link);
  return figure;
}
