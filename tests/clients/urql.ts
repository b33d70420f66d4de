import { Client, cacheExchange, fetchExchange, subscriptionExchange } from '@urql/core';
import { createClient } from 'graphql-ws';
import { pipe, subscribe, onEnd } from 'wonka';
import WebSocket from 'ws';
import { Queue } from './queue.ts';
import { textOf, type Api } from './story.ts';

/** The same by urql. */
export function urql(url: string): Api {
  const live = createClient({ url: url.replace(/^http/, 'ws'), webSocketImpl: WebSocket });
  const client = new Client({
    url,
    preferGetMethod: false,
    exchanges: [
      cacheExchange,
      fetchExchange,
      subscriptionExchange({
        forwardSubscription: ({ query, variables }) => ({
          subscribe: sink => ({ unsubscribe: live.subscribe({ query: query!, variables: variables as any }, sink as any) }),
        }),
      }),
    ],
  });
  return {
    async ask(operation, variables, token) {
      const text = await textOf(operation);
      const context = {
        requestPolicy: 'network-only' as const,
        fetchOptions: token ? { headers: { authorization: `Bearer ${token}` } } : {},
      };
      const { data, error } = text.startsWith('mutation')
        ? await client.mutation(text, variables, context)
        : await client.query(text, variables, context);
      if (error)
        throw error;
      return data;
    },
    async *watch(operation, variables) {
      const queue = new Queue();
      pipe(
        client.subscription(await textOf(operation), variables),
        onEnd(() => queue.end()),
        subscribe(({ data, error, extensions }) => error ? queue.end(error) : queue.push({ data, sequence: extensions?.sequence })));
      yield* queue;
    },
  };
}
