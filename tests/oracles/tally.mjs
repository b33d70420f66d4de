// Counts elections with the voting classes of snapshot.js, as they are published. They use none of the packages that the rest of
// it needs: package.json puts a small one in their places, and here each of them is something that answers anything.
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const anything = new Proxy(function () {}, {
  get: (_, name) => (name === Symbol.toPrimitive ? () => '' : anything),
  apply: () => anything,
  construct: () => anything,
});

const main = createRequire(import.meta.url).resolve('@snapshot-labs/snapshot.js');
const published = { exports: {} };
new Function('module', 'exports', 'require', readFileSync(main, 'utf8'))(published, published.exports, () => anything);
const { voting } = published.exports.utils;

// Power arrives as a text and becomes a double, as Snapshot's does.
export const tally = ({ system, choices, ballots }) => ({
  snapshot: () => {
    const Voting = voting[system];
    const names = Array.from({ length: choices }, (_, i) => `choice ${i + 1}`);
    const votes = ballots.map(({ choice, power }) => ({ choice, balance: Number(power), scores: [Number(power)] }));
    const counted = new Voting({ choices: names }, votes, [{}], null);
    return {
      scores: counted.getScores(),
      total: counted.getScoresTotal(),
      valid: votes.map((vote) => Voting.isValidChoice(vote.choice, names)),
    };
  },
});

// The examples that the package carries, by the names of their files.
export const tallyExamples = () => ({
  snapshot: () => {
    const folder = join(dirname(main), '../src/voting/examples');
    return Object.fromEntries(
      readdirSync(folder).map((file) => [file, JSON.parse(readFileSync(join(folder, file), 'utf8'))]),
    );
  },
});
