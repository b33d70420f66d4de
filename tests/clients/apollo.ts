import { ApolloClient, ApolloLink, HttpLink, InMemoryCache, gql } from '@apollo/client';
import { GraphQLWsLink } from '@apollo/client/link/subscriptions';
import { createClient } from 'graphql-ws';
import WebSocket from 'ws';
import { Queue } from './queue.ts';
import { textOf, type Api } from './story.ts';

/** The same by Apollo Client. */
export function apollo(url: string): Api {
  const live = new GraphQLWsLink(createClient({ url: url.replace(/^http/, 'ws'), webSocketImpl: WebSocket }));
  const client = new ApolloClient({
    cache: new InMemoryCache(),
    link: ApolloLink.split(({ operationType }) => String(operationType) === 'subscription', live, new HttpLink({ uri: url })),
    defaultOptions: { query: { fetchPolicy: 'no-cache' }, mutate: { fetchPolicy: 'no-cache' } },
  });
  return {
    async ask(operation, variables, token) {
      const text = await textOf(operation);
      const context = token ? { headers: { authorization: `Bearer ${token}` } } : {};
      const { data, error } = text.startsWith('mutation')
        ? await client.mutate({ mutation: gql(text), variables, context })
        : await client.query({ query: gql(text), variables, context });
      if (error)
        throw error;
      return data;
    },
    async *watch(operation, variables) {
      const queue = new Queue();
      client.subscribe({ query: gql(await textOf(operation)), variables, fetchPolicy: 'no-cache' }).subscribe({
        next: ({ data, error, extensions }) => error ? queue.end(error) : queue.push({ data, sequence: extensions?.sequence }),
        error: problem => queue.end(problem),
        complete: () => queue.end(),
      });
      yield* queue;
    },
  };
}
