// Other people's clients, told by lines of JSON on standard input what to do. Every event is a line on standard output:
// {"id", "next"}, {"id", "error"}, {"id", "complete": true}, {"id", "closed": code, "reason"}, {"id", "answer"}.
import { createInterface } from 'node:readline';
import { auditServer } from 'graphql-http';
import * as sse from 'graphql-sse';
import * as ws from 'graphql-ws';
import WebSocket from 'ws';

const url = process.argv[2];
const clients = new Map();
const subscriptions = new Map();

const say = event => process.stdout.write(JSON.stringify(event) + '\n');

// An error is what the server sent, what the socket was closed with, or a failure of the client.
const plain = error => error instanceof Error
  ? { message: error.message, status: error.response?.status }
  : Array.isArray(error) ? error : { code: error.code, reason: error.reason };

const commands = {
  connect({ id, transport, token, retries }) {
    const authorization = token ? { authorization: `Bearer ${token}` } : undefined;
    clients.set(id, transport === 'sse'
      ? sse.createClient({ url, headers: authorization, retryAttempts: retries ?? 0 })
      : ws.createClient({
        url: url.replace('http', 'ws'),
        webSocketImpl: WebSocket,
        connectionParams: authorization,
        retryAttempts: retries ?? 0,
        retryWait: () => new Promise(resolve => setTimeout(resolve, 50)),
        on: {
          connected: () => say({ id, connected: true }),
          closed: ({ code, reason }) => say({ id, closed: code, reason }),
          pong: received => received && say({ id, pong: true }),
        },
        keepAlive: 500,
      }));
  },
  subscribe({ id, client, query, variables }) {
    subscriptions.set(id, clients.get(client).subscribe({ query, variables }, {
      next: next => say({ id, next }),
      error: error => say({ id, error: plain(error) }),
      complete: () => say({ id, complete: true }),
    }));
  },
  unsubscribe: ({ id }) => subscriptions.get(id)(),
  terminate: ({ client }) => clients.get(client).terminate(),
  dispose: ({ client }) => clients.get(client).dispose(),
  async audit({ id }) {
    const results = await auditServer({ url });
    say({ id, answer: results.map(({ id, name, status, reason }) => ({ id, name, status, reason })) });
  },
};

for await (const line of createInterface({ input: process.stdin })) {
  const { command, ...arguments_ } = JSON.parse(line);
  await commands[command](arguments_);
}
process.exit(0);
