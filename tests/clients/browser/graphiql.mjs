// Opens GraphiQL in a browser, as a person does, and prints what it showed and whom it asked as one line of JSON.
// The browser unpacks itself into TMPDIR, with the libraries and fonts that a bare machine lacks.
import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

process.env.AWS_EXECUTION_ENV = 'AWS_Lambda_nodejs20.x'; // by this the package unpacks those libraries too
process.env.LD_LIBRARY_PATH = join(tmpdir(), 'al2023', 'lib'); // and it would look for them in /tmp
process.env.FONTCONFIG_FILE = join(tmpdir(), 'fonts.conf'); // and for its fonts too
await writeFile(process.env.FONTCONFIG_FILE,
  `<fontconfig><dir>${join(tmpdir(), 'fonts')}</dir><cachedir>${join(tmpdir(), 'fonts-cache')}</cachedir></fontconfig>`);
const { default: chromium } = await import('@sparticuz/chromium');
const { launch } = await import('puppeteer-core');

const [page, picture] = process.argv.slice(2);
const seen = { complaints: [], origins: new Set(), elsewhere: [] };

// Whatever does not go to this very machine goes through a proxy, whichever part of the browser asks; none of it arrives.
const proxy = createServer((request, response) => {
  seen.elsewhere.push(request.url);
  response.writeHead(502).end();
});
proxy.on('connect', (request, socket) => {
  seen.elsewhere.push(request.url);
  socket.end('HTTP/1.1 502 Bad Gateway\r\n\r\n');
});
await new Promise(ready => proxy.listen(0, '127.0.0.1', ready));

const browser = await launch({
  executablePath: await chromium.executablePath(),
  headless: 'shell',
  defaultViewport: { width: 1400, height: 900 },
  args: ['--no-sandbox', `--proxy-server=127.0.0.1:${proxy.address().port}`],
});
const tab = await browser.newPage();
tab.setDefaultTimeout(60_000);
tab.on('console', said => said.type() === 'error' && seen.complaints.push(said.text()));
tab.on('pageerror', error => seen.complaints.push(`${error}`));
tab.on('request', request => request.url().startsWith('data:') || seen.origins.add(new URL(request.url()).origin));
tab.on('requestfailed', request => seen.complaints.push(`${request.failure()?.errorText}: ${request.url()}`));
tab.on('response', response => response.status() >= 400 && seen.complaints.push(`${response.status()}: ${response.url()}`));

const shown = (selector, text) => tab.waitForFunction(
  (where, what) => [...document.querySelectorAll(where)].map(element => element.textContent.replaceAll('\u00a0', ' '))
    .find(whole => whole.includes(what)),
  {}, selector, text).then(found => found.jsonValue());

async function press(...keys) {
  for (const key of keys) await tab.keyboard.down(key);
  for (const key of keys.toReversed()) await tab.keyboard.up(key);
}

const write = async text => {
  await tab.click('.graphiql-query-editor .view-lines');
  await press('Control', 'KeyA');
  await tab.keyboard.type(text, { delay: 30 });
};

try {
  await tab.goto(page);
  // The first letters are completed from the schema, which the page has asked the service for.
  await shown('.graphiql-query-editor .view-lines', 'programs');
  await write('{ spac');
  seen.completion = await shown('.suggest-widget .monaco-list-row', 'space');
  await press('Escape');
  await tab.keyboard.type('e { id } ');
  await press('Control', 'Enter');
  seen.answer = await shown('.result-window .view-lines', 'space');

  // What does not exist is marked while it is written.
  await write('{ nothing }');
  await tab.waitForSelector('.graphiql-query-editor .squiggly-error');

  // A subscription, run before the page has looked at what is written, goes on until it is stopped.
  await write('subscription { chainHead { chainId } }');
  await tab.click('.graphiql-execute-button');
  seen.told = await shown('.result-window .view-lines', 'chainHead');
  await tab.click('.graphiql-execute-button');

  await tab.click('[aria-label="Show Documentation Explorer"]');
  seen.documentation = (await shown('.graphiql-doc-explorer', 'Root Types')).slice(0, 200);
} catch (error) {
  seen.complaints.push(`${error}`);
} finally {
  if (picture) await tab.screenshot({ path: picture });
  await browser.close();
  proxy.close();
}

console.log(JSON.stringify({ ...seen, origins: [...seen.origins] }));
