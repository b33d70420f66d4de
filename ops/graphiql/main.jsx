import { createGraphiQLFetcher } from '@graphiql/toolkit';
import { GraphiQL } from 'graphiql';
import 'graphiql/setup-workers/vite';
import 'graphiql/style.css';
import { parse } from 'graphql';
import { createRoot } from 'react-dom/client';
import './page.css';

const api = new URL('/graphql', location.href);
const sockets = new URL(api);
sockets.protocol = api.protocol.replace('http', 'ws');
const fetch = createGraphiQLFetcher({ url: api.href, subscriptionUrl: sockets.href });

// The page parses what is written some time after it was, and would send a subscription that is run at once where queries go.
function fetcher(asked, options) {
  try {
    return fetch(asked, { ...options, documentAST: parse(asked.query) });
  } catch {
    return fetch(asked, options); // the service says what is wrong
  }
}

const start = `{
  chain { head { number } finalized { number } }
  programs(first: 10) { edges { node { name } } }
}`;

createRoot(document.getElementById('graphiql')).render(<GraphiQL fetcher={fetcher} defaultQuery={start} />);
