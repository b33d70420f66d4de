// Reads the work as one line of JSON and measures viem at it: for each, its name and the nanoseconds of one operation.
import { createInterface } from 'node:readline';
import { decodeEventLog, hashTypedData, keccak256, parseAbi, recoverAddress } from 'viem';

const WARM_UP_MS = 500;
const MEASURE_MS = 2000;
const ROUNDS = 5;

const { value: line } = await createInterface({ input: process.stdin })[Symbol.asyncIterator]().next();
const { digest, signature, typedData, logs, bytes32, bytes1024 } = JSON.parse(line);
const abi = parseAbi(['event Transfer(address indexed from, address indexed to, uint256 value)']);
const [short, long] = [bytes32, bytes1024].map((hex) => Uint8Array.from(Buffer.from(hex.slice(2), 'hex')));
let next = 0;

const works = {
  Recover: () => recoverAddress({ hash: digest, signature }),
  HashTypedData: () => hashTypedData(typedData),
  DecodeTransferLog: () => decodeEventLog({ abi, ...logs[next++ % logs.length] }),
  Keccak32Bytes: () => keccak256(short, 'bytes'),
  Keccak1024Bytes: () => keccak256(long, 'bytes'),
};

async function run(action, milliseconds) {
  const start = process.hrtime.bigint();
  const end = start + BigInt(milliseconds) * 1_000_000n;
  let operations = 0;
  // Awaiting what is no promise would cost more than the work.
  const isAsync = action() instanceof Promise;
  while (process.hrtime.bigint() < end) {
    for (let i = 0; i < 20; i++) isAsync ? await action() : action();
    operations += 20;
  }
  return Number(process.hrtime.bigint() - start) / operations;
}

for (const [name, action] of Object.entries(works)) {
  await run(action, WARM_UP_MS);
  const rounds = [];
  for (let i = 0; i < ROUNDS; i++) rounds.push(await run(action, MEASURE_MS / ROUNDS));
  rounds.sort((a, b) => a - b);
  process.stdout.write(JSON.stringify({ name, nanoseconds: rounds[Math.floor(ROUNDS / 2)] }) + '\n');
}
