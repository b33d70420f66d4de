import { createGraphiQLFetcher } from '@graphiql/toolkit';
import { GraphiQL } from 'graphiql';
import 'graphiql/setup-workers/vite';
import 'graphiql/style.css';
import { createRoot } from 'react-dom/client';
import './page.css';

const api = new URL('/graphql', location.href);
const sockets = new URL(api);
sockets.protocol = api.protocol.replace('http', 'ws');
const fetcher = createGraphiQLFetcher({ url: api.href, subscriptionUrl: sockets.href });

const start = `{
  chain { head { number } finalized { number } }
  programs(first: 10) { edges { node { name } } }
}`;

createRoot(document.getElementById('graphiql')).render(<GraphiQL fetcher={fetcher} defaultQuery={start} />);
