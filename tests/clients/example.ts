// GRANTS_URL=http://127.0.0.1:5080/graphql GRANTS_PROGRAM=... GRANTS_APPLICANT=0x... GRANTS_VOTER=0x... GRANTS_MANAGER=0x... \
//   node --import ./typescript.mjs example.ts [fetch | apollo | urql]
// The keys are private keys of test accounts.
import { createClient } from 'graphql-ws';
import { privateKeyToAccount } from 'viem/accounts';
import WebSocket from 'ws';
import { apollo } from './apollo.ts';
import { play, textOf, type Api } from './story.ts';
import { urql } from './urql.ts';

const url = process.env.GRANTS_URL!;

/** Nothing but fetch, and graphql-ws for what is live. */
function plain(): Api {
  const live = createClient({ url: url.replace(/^http/, 'ws'), webSocketImpl: WebSocket, lazy: true });
  return {
    async ask(operation, variables, token) {
      const response = await fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...(token ? { authorization: `Bearer ${token}` } : {}) },
        body: JSON.stringify({ query: await textOf(operation), variables }),
      });
      const { data, errors } = await response.json();
      if (errors)
        throw new Error(JSON.stringify(errors));
      return data;
    },
    async *watch(operation, variables) {
      for await (const { data, errors, extensions } of live.iterate({ query: await textOf(operation), variables: variables as any })) {
        if (errors)
          throw new Error(JSON.stringify(errors));
        yield { data, sequence: extensions?.sequence as number };
      }
    },
  };
}

const clients: Record<string, () => Api> = { fetch: plain, apollo: () => apollo(url), urql: () => urql(url) };
await play(
  clients[process.argv[2] ?? 'fetch'](),
  {
    applicant: privateKeyToAccount(process.env.GRANTS_APPLICANT as `0x${string}`),
    voter: privateKeyToAccount(process.env.GRANTS_VOTER as `0x${string}`),
    manager: privateKeyToAccount(process.env.GRANTS_MANAGER as `0x${string}`),
    programId: process.env.GRANTS_PROGRAM!,
  },
  line => console.log(line));
process.exit(0);
